"""What was erased stays erased: a keystore from a backup may hold keys that were destroyed since it was taken."""

from dataclasses import dataclass

import sqlalchemy as sa

from adapters import tables
from adapters.backup import Progress
from adapters.database import Database
from adapters.desk import Desk
from adapters.drafts import Drafts
from adapters.erasing import erase
from adapters.keys.tables import data_keys
from adapters.letters.tray import Tray
from models.event import ReactionKind, Recorded

AT_ONCE = 500


@dataclass(frozen=True)
class ErasedAgain:
    """How many erasures the ledger records, how many keys came back and were destroyed again, how many letters."""

    erasures: int
    keys: int
    letters: int


def erase_again(desk: Desk, progress: Progress) -> ErasedAgain:
    """Carry out every erasure that the ledger records once more."""
    found = erasures(desk.database)
    drafts = Drafts(desk.database, desk.sealer, desk.moments.now)
    keys = letters = 0
    for done, reaction in enumerate(found, 1):
        erased = erase(desk.database, desk.sealer, Tray(desk.tray), drafts, reaction)
        keys, letters = keys + erased.keys, letters + erased.letters
        progress(done, len(found))
    return ErasedAgain(len(found), keys, letters)


def erasures(database: Database) -> list[str]:
    """Return the reactions that destroyed keys, whichever event asked for them."""
    kind = ReactionKind.ERASE.value
    # Canonical JSON has one way to write it; what merely says so in a text is looked at and passed over.
    query = sa.select(tables.events.c.body).where(tables.events.c.body.contains(f'"kind":"{kind}"', autoescape=True))
    with database.reading() as connection:
        bodies = connection.execute(query.order_by(tables.events.c.case_id, tables.events.c.seq)).scalars()
        told = [Recorded.model_validate_json(body) for body in bodies]
    return [name for each in told for name in each.reaction_ids() if name.endswith(f".{kind}")]


def without_key(desk: Desk) -> int:
    """Return how many seals and files have no key in the keystore: erased ones, and newer ones than it knows."""
    wanted = [
        sa.select(tables.sealed.c.key_id),
        sa.select(tables.attachments.c.key_id),
    ]
    with desk.database.reading() as connection:
        ids = {key for query in wanted for key in connection.execute(query).scalars()}
    with desk.sealer.keys.database.reading() as connection:
        held = set(connection.execute(sa.select(data_keys.c.id)).scalars())
    return len(ids - held)
