"""The log of heads checked: against the ledger, against itself, against its keys, and against what witnesses have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import sqlalchemy as sa

from adapters import tables
from adapters.checking import Progress, VerifyReport, verify
from adapters.database import Database
from adapters.roots import keys, making, origins, tree, witness
from adapters.roots.making import Root
from adapters.roots.witness import Judged, Kept
from models.checkpoint import CheckpointError, VerifyingKey, checkpoint_of, note_of
from models.heads import EVERY, Leaf, Sort, leaf_of_key
from models.merkle import Growing

SENTENCES = {
    "leaves": ("日志的叶子不连续", "the log's leaves are not one after the other"),
    "nodes": ("日志树的内部节点与叶子不符", "a node of the log's tree is not that of its leaves"),
    "root": ("签名的根不是这些叶子的根", "the signed root is not that of the leaves"),
    "note": ("根的签名文本与记录不符", "the signed text is not what was noted of the root"),
    "signature": ("根没有有效签名，或签名有误", "no key of the log has signed the root, or a signature is wrong"),
    "keys": ("签名密钥的记录与日志不符", "the keys are not those that the log tells of"),
    "forks": ("分叉的记录与日志不符", "the forks are not those that the log tells of"),
}


@dataclass(frozen=True)
class LogFault:
    """Something about the log itself: at how many leaves, what, in both languages."""

    size: int
    code: str

    @property
    def zh(self) -> str:
        """What is wrong, in Chinese."""
        return SENTENCES[self.code][0]

    @property
    def en(self) -> str:
        """What is wrong, in English."""
        return SENTENCES[self.code][1]


@dataclass
class RootsReport:
    """What was checked and what was found."""

    chains: VerifyReport
    leaves: int = 0
    roots: int = 0
    covered: int = 0
    faults: list[LogFault] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the ledger, the log and every witness agree."""
        return self.chains.ok and not self.faults and all(each.is_well for each in self.judged)


def check(
    database: Database, *, folder: Path | None = None, against: Iterable[Kept] = (), progress: Progress | None = None
) -> RootsReport:
    """Check everything.

    Args:
        database: the ledger.
        folder: the witness's, where there is one.
        against: roots that somebody kept elsewhere, as a letter's text.
        progress: told how many events are checked, of how many.

    Raises:
        WitnessError: the folder cannot be read.
        DatabaseAwayError: the database stayed away.
    """
    report = RootsReport(verify(database, progress=progress))
    with database.reading() as connection:
        signed = sorted(making.listed(connection), key=lambda root: root.size)
        report.roots, report.covered = len(signed), signed[-1].size if signed else 0
        known, generations = keys.known(connection), origins.every(connection)
        names = {each.generation: each.name for each in generations}
        told = _grown(connection, report, signed)
        for root in signed:
            code = _wrong(root, names.get(root.generation, ""), known)
            report.faults += [LogFault(root.size, code)] if code else []
        wanted = {leaf_of_key(each.public, deed) for each in known for deed in (1, 2) if deed == 1 or each.ended_at}
        if {each for each in told if each.kind == Sort.KEY} != wanted:
            report.faults.append(LogFault(report.leaves, "keys"))
        if len([each for each in told if each.kind == Sort.FORK]) != max(len(generations) - 1, 0):
            report.faults.append(LogFault(report.leaves, "forks"))
        kept: Iterator[Kept] = chain(witness.read(folder) if folder is not None else (), against)
        report.judged = list(witness.judge(connection, kept))
    return report


def _grown(connection: sa.Connection, report: RootsReport, signed: list[Root]) -> list[Leaf]:
    """Make the tree anew from its leaves; return those that are about the log itself."""
    tree_, own = Growing(), []
    nodes = {(row.level, row.place): row.hash for row in connection.execute(sa.select(tables.root_nodes))}
    wanted = {root.size: root.root for root in signed}
    for leaf in tree.leaves(connection):
        own += [leaf] if leaf.kind in {Sort.KEY, Sort.FORK} else []
        for node in tree_.add(leaf.digest):
            kept = node.level and node.level % EVERY == 0
            if kept and nodes.pop((node.level, node.place), "") != node.hash.hex():
                report.faults.append(LogFault(tree_.size, "nodes"))
        if wanted.pop(tree_.size, tree_.root) != tree_.root:
            report.faults.append(LogFault(tree_.size, "root"))
    report.leaves = tree_.size
    report.faults += [LogFault(size, "root") for size in wanted]
    report.faults += [LogFault(tree_.size, "nodes")] if nodes else []
    if tree.size_of(connection) != tree_.size:
        report.faults.append(LogFault(tree_.size, "leaves"))
    return own


def _wrong(root: Root, origin: str, known: list[keys.SigningKey]) -> str:
    try:
        note = note_of(root.note)
        told = checkpoint_of(note.text)
    except CheckpointError:
        return "note"
    if (told.origin, told.size, told.root) != (origin, root.size, root.root):
        return "note"
    if told.more != (making.made_line(root.made_at),):
        return "note"
    mine = [VerifyingKey(origin, each.public) for each in known if each.in_force(root.made_at)]
    return "" if keys.signed_by(note, mine) else "signature"
