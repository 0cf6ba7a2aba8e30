"""What every page and every call works with: one installation, who may come in, and what is kept of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import Request

from adapters.access.accounts import Accounts, one_time_password
from adapters.access.identities import Identities
from adapters.access.log import AccessLog
from adapters.access.second import SecondFactors
from adapters.access.sessions import Sessions
from adapters.access.tokens import Tokens
from adapters.access.views import Views
from adapters.attachments.store import Attachments
from adapters.desk import Desk
from adapters.drafts import Drafts
from adapters.hooks.store import Hooks
from adapters.observing.health import Ready
from adapters.settings import Settings
from web.bringing import Bringing
from web.checks import Check
from web.report_memory import ReportMemory
from web.trials import TrialRun
from web.window import Window

if TYPE_CHECKING:
    from pwdlib import PasswordHash

    from adapters.access.provider import Provider


def real_now() -> datetime:
    """Return the real time: sessions and locks go by it, also where the desk's own clock runs fast."""
    return datetime.now(UTC)


def _provider(settings: Settings) -> "Provider | None":
    if settings.oidc_issuer is None:
        return None
    # Its libraries take a while to load, and most desks have no provider.
    from adapters.access.provider import Provider

    return Provider(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret or "")


def _words(desk: Desk, person: str) -> list[str]:
    """Return what people know of somebody and of the office: names of it, of its units, of themselves."""
    found = desk.world().organisation
    if found is None:
        return []
    mine = found.person(person)
    units = (name for unit in found.units for name in (unit.id, unit.zh, unit.en, *unit.aliases))
    return [mine.name if mine else "", found.name, *units]


@dataclass
class House:
    """One console. ``setup_code`` is what its terminal shows until there is a first account; ``secure`` means TLS."""

    desk: Desk
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    log: AccessLog
    files: Attachments
    views: Views
    second: SecondFactors
    drafts: Drafts
    hooks: Hooks
    identities: Identities
    ready: Ready
    provider: "Provider | None" = None
    secure: bool = False
    window: Window = field(default_factory=Window)
    check: Check = field(default_factory=Check)
    trial: TrialRun = field(default_factory=TrialRun)
    bringing: Bringing = field(default_factory=Bringing)
    reports: ReportMemory = field(default_factory=ReportMemory)
    setup_code: str = field(default_factory=one_time_password, repr=False)

    @classmethod
    def of(
        cls,
        desk: Desk,
        *,
        secure: bool = False,
        now: Callable[[], datetime] = real_now,
        hasher: "PasswordHash | None" = None,
    ) -> "House":
        """Return the house of a desk.

        Args:
            desk: the installation.
            secure: whether it is reached over TLS.
            now: the real time.
            hasher: how passwords are hashed; as strongly as is recommended if None.
        """
        database = desk.database
        return cls(
            desk,
            Accounts(database, now, hasher, lambda person: _words(desk, person)),
            Sessions(database, now),
            Tokens(database, now),
            AccessLog(database, now),
            Attachments(database, desk.sealer),
            Views(database, now),
            SecondFactors(database, desk.sealer, now),
            Drafts(database, desk.sealer, now),
            Hooks(database, desk.sealer, now),
            Identities(database, now),
            Ready(desk),
            provider=_provider(desk.settings),
            secure=secure,
        )

    def is_setup_code(self, text: str) -> bool:
        """Tell whether a text is the setup code, however it was typed."""
        given = "".join(text.split()).replace("-", "").upper()
        return secrets.compare_digest(given.encode("utf-8", "replace"), self.setup_code.encode())


def house_of(request: Request) -> House:
    """Return the house a request came to."""
    house: House = request.app.state.house
    return house
