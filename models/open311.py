"""What the desk offers over Open311 (GeoReport v2): the ``[open311]`` of a policy, and what a case is called there."""

from collections.abc import Collection
from typing import Final

from pydantic import Field

from models.base import Frozen, Line, Word
from models.harms import WORDS, Harm
from models.vocabulary import AT_WORK, Status

OTHER: Final = "other"
"""The service of what is none of the others."""
SERVED: Final = (
    *(Harm.ODOUR, Harm.FUMES, Harm.SMOKE, Harm.DUST, Harm.NOISE, Harm.WATER),
    *(Harm.WASTE, Harm.LIVESTOCK, Harm.ECOLOGY, Harm.RADIATION),
)
"""The harms that an ecology bureau answers for."""
STILL_OPEN: Final = frozenset(AT_WORK) | {
    *(Status.REGISTERED, Status.INTERIM, Status.RECONSIDERING),
}
"""Open311 knows *open* and *closed*; what is closed for now goes on, so it is open."""


class Service(Frozen):
    """A kind of problem that may be reported: its code, what it is called, and the type that a petition of it gets."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    zh: Line
    en: Line
    type: Word
    keywords: tuple[Line, ...] = ()
    group: Line = ""


def usual() -> tuple[Service, ...]:
    """Return what a desk offers that has not said otherwise."""
    named = tuple(
        Service(code=each.value, zh=each.zh, en=each.en, type=each.zh, keywords=WORDS[each][:6], group="生态环境")
        for each in SERVED
    )
    return (*named, Service(code=OTHER, zh="其他", en="other", type="其他", group="生态环境"))


class Open311(Frozen):
    """The ``[open311]`` of a policy.

    ``channel`` is the channel that petitions come in by; the national platform's, or the first, if None. ``listed``
    says whether anybody may read the list of what came in over Open311 without a key: kind, status, day and township.
    With a ``jurisdiction`` another one is refused.
    """

    channel: Word | None = None
    listed: bool = False
    jurisdiction: Line = ""
    services: tuple[Service, ...] = Field(default_factory=usual, min_length=1, max_length=200)

    def channel_of(self, channels: Collection[str]) -> str:
        """Return the channel that petitions come in by."""
        return self.channel or ("platform" if "platform" in channels else min(channels))

    def service(self, code: str) -> Service | None:
        """Return the service of a code."""
        return next((each for each in self.services if each.code == code), None)

    def service_of(self, types: Collection[str]) -> Service:
        """Return the service that a petition's types stand for; the last one where none does."""
        return next((each for each in self.services if each.type in types), self.services[-1])


def is_still_open(status: Status) -> bool:
    """Tell whether a status is *open* to Open311."""
    return status in STILL_OPEN
