"""Erasure carried out: the keys of what a case has under seal are destroyed, and what lies about of it is taken away.

It follows the event that decided it, and may be done as often as one likes: the command line does it at once, the
engine after it, and after a crash again. The ledger keeps the event, the envelopes and every hash, so the chain
verifies as before; what was sealed is readable to nobody, whoever has the wrapping key.
"""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from adapters import queries, tables
from adapters.attachments.store import ERASED_NAME, Origin
from adapters.database import Database
from adapters.drafts import Drafts
from adapters.letters.tray import Tray
from adapters.sealed import Sealer
from models.case import Case
from models.event import ReactionKind, Recorded
from models.lifecycle import PETITIONER

CONSOLE: Final = "console"


@dataclass(frozen=True)
class Erased:
    """How much there was of it: seals and files whose keys were destroyed, letters taken out of the tray."""

    keys: int
    letters: int


def erase(database: Database, sealer: Sealer, tray: Tray, drafts: Drafts, reaction: str) -> Erased:
    """Destroy what a case had under seal when its erasure was decided.

    Args:
        database: the ledger.
        sealer: whose keystore holds the keys.
        tray: where letters to the petitioner may lie, with their name.
        drafts: where the form may lie that the case was registered by.
        reaction: the id of the reaction that asks for it.

    Raises:
        NotPending: no event asks for it.
        DatabaseAwayError: a database does not answer; what is destroyed so far stays so.
    """
    recorded, _ = queries.reaction(database, reaction)
    case = queries.folded_until(database, recorded.case, recorded.seq)
    keys = sealer.destroy(*keys_of(database, case, recorded))
    _forget_names(database, case, recorded)
    history = queries.history(database, case.id, recorded.seq)
    _drop_draft(drafts, history[0].envelope)
    letters = sum(tray.take_away(name) for name in _letters(history))
    return Erased(keys, letters)


def keys_of(database: Database, case: Case, recorded: Recorded) -> list[str]:
    """Return the ids of the data keys that an erasure destroys: the seals' and those of the petitioner's own files."""
    seals = sa.select(tables.sealed.c.key_id).where(tables.sealed.c.ref.in_(case.sealed))
    files = sa.select(tables.attachments.c.key_id).where(_own_files(case, recorded))
    with database.reading() as connection:
        return [*connection.execute(seals).scalars(), *connection.execute(files).scalars()]


def _own_files(case: Case, recorded: Recorded) -> sa.ColumnElement[bool]:
    columns = tables.attachments.c
    return sa.and_(
        columns.case_id == case.id,
        columns.origin == Origin.PETITIONER.value,
        columns.added_at <= recorded.recorded_at,
    )


def _forget_names(database: Database, case: Case, recorded: Recorded) -> None:
    """What a file was called may say whose it is."""

    def forget() -> None:
        with database.writing() as connection:
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            mine = _own_files(case, recorded)
            connection.execute(sa.update(tables.attachments).where(mine).values(name=ERASED_NAME))

    database.patiently(forget)


def _drop_draft(drafts: Drafts, envelope: str) -> None:
    """Drop the draft of the form that the case was registered by, if it was left behind."""
    door, _, rest = envelope.partition("/")
    person, _, key = rest.rpartition("/")
    if door == CONSOLE and person and (draft := drafts.of(person)) and draft.key == key:
        drafts.drop(person)


def _letters(history: list[Recorded]) -> list[str]:
    return [
        name
        for recorded in history
        for name, each in zip(recorded.reaction_ids(), recorded.event.reactions, strict=True)
        if each.kind is ReactionKind.LETTER and each.to == (PETITIONER,)
    ]
