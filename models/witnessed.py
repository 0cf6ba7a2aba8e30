"""What somebody else has kept of the log, held against the log as it is: a rewritten or shortened one cannot hide.

A log only ever grows under one origin. After a recorded fork it goes on from an earlier size under another; what was
signed in between is abandoned, and the fork says up to which checkpoint.
"""

from collections.abc import Sequence
from typing import NamedTuple

from models.checkpoint import Checkpoint
from models.merkle import Nodes, root_at
from models.vocabulary import Term


class Generation(NamedTuple):
    """One origin of the log: its name, the size it went on from, and the checkpoints that were abandoned then."""

    origin: str
    start: int
    abandoned: tuple[Checkpoint, ...] = ()


class Standing(Term):
    """How a checkpoint that was kept elsewhere stands to the log."""

    HOLDS = "holds", "一致", "the log holds it"
    ABANDONED = "abandoned", "已记录的分叉所放弃", "abandoned by a recorded fork"
    REWRITTEN = "rewritten", "日志被改写", "the log was rewritten"
    SHORTENED = "shortened", "日志被截短或回退", "the log was cut, or set back"
    UNTOLD = "untold", "分叉未记明放弃了它", "no fork says that it was abandoned"
    ELSEWHERE = "elsewhere", "属于另一日志", "of another log"


def standing(kept: Checkpoint, generations: Sequence[Generation], size: int, nodes: Nodes) -> Standing:
    """Tell how a checkpoint stands to the log.

    Args:
        kept: what was kept elsewhere; that its signature is right is the caller's to find out.
        generations: the log's, the first one first.
        size: leaves that the log has now.
        nodes: gives the nodes of its tree.
    """
    place = next((place for place, each in enumerate(generations) if each.origin == kept.origin), None)
    if place is None:
        return _unknown(kept, generations)
    after = generations[place + 1] if place + 1 < len(generations) else None
    if kept.size > (size if after is None else after.start):
        return Standing.SHORTENED if after is None else _abandoned(kept, after)
    if root_at(nodes, kept.size) == kept.root:
        return Standing.HOLDS
    told = Standing.UNTOLD if after is None else _abandoned(kept, after)
    return Standing.REWRITTEN if told is Standing.UNTOLD else told


def _abandoned(kept: Checkpoint, fork: Generation) -> Standing:
    told = [each for each in fork.abandoned if each.origin == kept.origin and each.size >= kept.size]
    if not told:
        return Standing.UNTOLD
    # Of what lies between only the log that was left behind could show more.
    same = all(each.root == kept.root for each in told if each.size == kept.size)
    return Standing.ABANDONED if same else Standing.REWRITTEN


def _unknown(kept: Checkpoint, generations: Sequence[Generation]) -> Standing:
    """An origin that is none of the log's: another log's, or one that this log had before it was set back."""
    if any(kept.origin == each.origin for fork in generations for each in fork.abandoned):
        told = [each for fork in generations for each in fork.abandoned if each.origin == kept.origin]
        return Standing.ABANDONED if any(each.size >= kept.size for each in told) else Standing.UNTOLD
    ours = {_root_name(each.origin) for each in generations}
    return Standing.SHORTENED if _root_name(kept.origin) in ours else Standing.ELSEWHERE


def _root_name(origin: str) -> str:
    """Return what all generations of a log have in common."""
    return "/".join(origin.split("/")[:2])
