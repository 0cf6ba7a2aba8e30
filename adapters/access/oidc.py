"""What logging in by an identity provider is about: a way begun, who came back, and why somebody did not.

The provider says who; whom that means here is bound beforehand (``adapters.access.identities``), and what they may is
the desk's own. Who asks it is ``adapters.access.provider``, which loads its libraries only where there is one.
"""

from dataclasses import dataclass

from adapters import SetupError
from models.refusals import Refused


class NotIdentified(Refused):
    """统一身份认证未通过（{why}），请重试，或用本系统账号登录。
    The identity provider did not say who you are ({why}). Try again, or log in with your account here.
    """  # noqa: D205 - as with every refusal, the sentence in both languages


class ProviderAwayError(SetupError):
    """The provider does not answer, or not as one."""

    def __init__(self, why: str) -> None:
        """Say what to do meanwhile."""
        super().__init__(
            f"统一身份认证暂时无法使用（{why}），请用本系统账号登录。",
            f"The identity provider cannot be used now ({why}). Log in with your account here.",
        )


@dataclass(frozen=True)
class Begun:
    """A log-in on its way: where to go, and what the way back has to match."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who a provider says somebody is: its own name for them, and whether a second factor was shown there."""

    issuer: str
    subject: str
    strong: bool
