"""A recorded fork: the ledger was set back (restored from a backup), and the log says so from then on.

What was signed after the backup was made cannot come back. So the log goes on under another origin, with a leaf that
names the newest root it leaves behind, and every root that a witness has kept of what is gone stays explained. A fork
that nobody records shows at the next root: it is not signed, for it would not begin as the last one did.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters import SetupError
from adapters.database import Database
from adapters.roots import making, origins, tree, witness
from adapters.roots.making import Root
from models.checkpoint import Checkpoint
from models.heads import Leaf, Sort
from models.merkle import root_at
from models.witnessed import Standing

LONGEST: Final = 400


class ForkError(SetupError):
    """A fork is not recorded like this."""


def record(
    database: Database,
    data: Path,
    at: datetime,
    *,
    reason: str,
    by: str,
    agreed_by: str = "",
    abandoned: Iterable[str] = (),
    folder: Path | None = None,
) -> Root:
    """Record that the ledger was set back, and sign the first root of what goes on.

    Args:
        database: the restored ledger.
        data: its data folder, with the key.
        at: now (UTC).
        reason: why, in the desk's words.
        by: who did it.
        agreed_by: who agreed, another person.
        abandoned: signed roots of what was left behind, as text: the newest one of each origin. Those that fit the
            restored ledger are passed over.
        folder: the witness's, where there is one; what it has kept of what was left behind is named as well.

    Raises:
        ForkError: no reason or nobody is named, the same person twice, or a root given is none.
        SigningKeyMissingError: the key is not on this machine.
        WitnessError: the folder cannot be read.
        DatabaseAwayError: the database stayed away; nothing is recorded then.
    """
    _check(reason, by, agreed_by)
    making.ready(database, data, at)
    given = [witness.kept("", each) for each in abandoned]
    if any(each.checkpoint is None for each in given):
        raise ForkError("给出的根不是签名的检查点。", "A root that was given is no signed checkpoint.")
    given += list(witness.read(folder)) if folder is not None else []

    def fork() -> None:
        with database.writing() as connection:
            tree.hold(connection)
            left = _left_behind(connection, given)
            old, size = origins.every(connection)[-1], tree.size_of(connection)
            newest = max((each.checkpoint for each in left if each.checkpoint), key=_size, default=None)
            if newest is None:
                # Nothing that was signed is gone; what was written since may be.
                newest = Checkpoint(old.name, size, root_at(tree.nodes_at(connection), size))
            notes = tuple(each.note for each in left)
            now = making.moment(connection, at)
            new = origins.Origin(old.generation + 1, origins.after(old), now, size, reason, by, agreed_by, notes)
            origins.keep(connection, new)
            tree.append(connection, [Leaf(Sort.FORK.value, newest.origin, newest.size, newest.root.hex())])

    database.patiently(fork)
    return making.make(database, data, at, folder)


def _left_behind(connection: sa.Connection, given: list[witness.Kept]) -> list[witness.Kept]:
    """Return the newest given root of each origin that the log, as it is, cannot explain."""
    newest: dict[str, witness.Kept] = {}
    for judged in witness.judge(connection, iter(given)):
        checkpoint = judged.kept.checkpoint
        if checkpoint is None or judged.is_well:
            continue
        # Of another log, as where a lost ledger was begun anew, nobody here has the key.
        if not judged.signed and judged.standing is not Standing.ELSEWHERE:
            continue
        old = newest.get(checkpoint.origin)
        if old is None or old.checkpoint is None or old.checkpoint.size < checkpoint.size:
            newest[checkpoint.origin] = judged.kept
    return list(newest.values())


def _size(checkpoint: Checkpoint) -> int:
    return checkpoint.size


def _check(reason: str, by: str, agreed_by: str) -> None:
    if not reason.strip() or len(reason) > LONGEST or "\f" in reason or not by.strip():
        raise ForkError(
            f"请写明分叉的原因（至多 {LONGEST} 字）和经办人。",
            f"A fork wants a reason (at most {LONGEST} characters) and a name.",
        )
    if by == agreed_by:
        raise ForkError("经办人与同意人不得为同一人。", "Whoever agrees is another person than who did it.")
