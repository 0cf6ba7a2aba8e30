"""Writing a letter of the ledger: the case as it was then, the form, and for the petitioner what is under seal."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters import queries
from adapters.database import Database
from adapters.letters.forms import Language, Written, filled
from adapters.sealed import Sealer, SealError
from models.case import Case
from models.delivery import LetterRef
from models.letters import Place, Secret, message_id
from models.lifecycle import PETITIONER
from models.vocabulary import Flag
from models.world import World

log = structlog.get_logger()

NOBODYS = Secret(name="信访人", contact="", query_code="********")
"""A petitioner's letter without what is under seal: for whoever may read the letter, but not who it goes to."""
TOKEN = 10
"""Characters of the installation's own part of a message's id."""


@dataclass(frozen=True)
class Sending:
    """A letter about to be sent: which one it is, for whom, the id of this sending, and its words."""

    ref: LetterRef
    case: str
    written: Written
    contact: str
    message_id: str
    at: datetime
    to_several: bool
    """Letters of before each had one receiver name several at once; they only go into the tray."""


def sending(
    database: Database,
    world: World,
    sealer: Sealer,
    name: str,
    *,
    opened: bool,
    language: Language = "zh",
    order: queries.Ordered | None = None,
) -> Sending:
    """Return a letter by the id of the reaction that sends it.

    Args:
        database: the ledger.
        world: policies and who there is.
        sealer: opens the seal, and makes message ids this installation's own.
        name: the reaction's id.
        opened: whether a letter to the petitioner is filled in with what is under seal.
        language: of the letter.
        order: what the ledger says of it, where that has been read.

    Raises:
        NotPending: no letter has that id.
        FormError: its form cannot be filled in.
    """
    found = order or queries.ordered(database, name)
    ref, recorded, case = found.ref, found.recorded, found.case
    to: str | Secret = ref.to
    if ref.to == PETITIONER:
        to = secret_of(database, sealer, case) if opened else NOBODYS
    place = Place(case, recorded, ref.letter)
    written = filled(ref.template, place, world.policies[case.policy], world.organisation, to, language)
    contact = to.contact if isinstance(to, Secret) else ""
    # The seal's own name for it tells nothing, and is the same wherever the same key is.
    token = sealer.ref(f"letter/{name}")[1 : TOKEN + 1]
    return Sending(
        ref=ref,
        case=case.id,
        written=written,
        contact=contact,
        message_id=message_id(name, token),
        at=recorded.recorded_at,
        to_several=len(found.reaction.to) > 1,
    )


def secret_of(database: Database, sealer: Sealer, case: Case) -> Secret:
    """Return what of the seal belongs on a letter to the petitioner; never their own words."""
    code = sealer.query_code(case.id)
    if Flag.ERASED in queries.case(database, case.id).flags:
        # Decided, though its keys may not be destroyed yet; the letter is of a moment before.
        return Secret(name="信访人", contact="", query_code=code)
    for ref in case.sealed:
        try:
            held = sealer.open(database, ref) or {}
        except SealError:
            # A key that was destroyed on purpose must not hold the letter up for ever.
            log.warning("seal_does_not_open", case=case.id)
            continue
        if held.get("petitioner") or held.get("contact"):
            return Secret(name=held.get("petitioner") or "信访人", contact=held.get("contact", ""), query_code=code)
    return Secret(name="信访人", contact="", query_code=code)
