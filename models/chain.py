"""Chains walked from their beginning: the first entry that was altered, moved, removed or put in is named.

An entry's hash holds the hash before it, so whoever changes one must make anew all that follow. That, and the head,
they can do; a head that a root covers (``models.heads``) they cannot.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from models.canonical import GENESIS, link


class Entry(NamedTuple):
    """An entry of a chain as it is kept.

    Attributes:
        chain: the case, or the writer of the access log.
        seq: its number, from 1.
        body: its canonical text, None where it is no text any more.
        hash: the hash that is kept with it (hex).
        rooted: the hash that the log of heads has for it, None where it has none.
    """

    chain: str
    seq: int
    body: str | None
    hash: str
    rooted: str | None = None


class Fault(NamedTuple):
    """The first thing that is wrong with a chain: the entry's number, what it is, which number was due."""

    chain: str
    seq: int
    code: str
    due: int


def faults(
    entries: Iterable[Entry], left: Mapping[str, tuple[str, int]] | None, rooted: Mapping[str, int], *, named: bool
) -> Iterator[Fault]:
    """Yield the first fault of every chain that is not whole.

    Args:
        entries: all of them, each chain's together and in the order of their numbers.
        left: where each chain was left, its head and its last number; None where nobody keeps that.
        rooted: the last number of each chain that the log of heads has.
        named: whether each entry says of what it is an entry, and which one.
    """
    seen = set()
    for chain, its in groupby(entries, key=attrgetter("chain")):
        seen.add(chain)
        found = _first(chain, its, left, rooted.get(chain, 0), named=named)
        if found is not None:
            yield found
    for chain in sorted({*(left or {}), *rooted} - seen):
        yield Fault(chain, 0, "vanished", 1)


def _first(
    chain: str, entries: Iterable[Entry], left: Mapping[str, tuple[str, int]] | None, rooted: int, *, named: bool
) -> Fault | None:
    head, seq, first = GENESIS, 0, None
    for each in entries:
        if first is None:
            code = _wrong(each, head, seq, named=named)
            first = Fault(chain, each.seq, code, seq + 1) if code else None
        head, seq = each.hash, each.seq
    if first is not None:
        return first
    code = "cut" if seq < rooted else ""
    if left is not None and left.get(chain) != (head, seq):
        code = "tail" if chain in left else "unknown"
    return Fault(chain, seq, code, seq + 1) if code else None


def _wrong(entry: Entry, head: str, seq: int, *, named: bool) -> str:
    if entry.seq != seq + 1:
        return "gap"
    if entry.body is None or link(head, entry.body) != entry.hash:
        return "altered"
    if entry.rooted is not None and entry.rooted != entry.hash:
        return "rewritten"
    return _misplaced(entry.body, entry) if named else ""


def _misplaced(body: str, entry: Entry) -> str:
    try:
        told = json.loads(body)
        return "" if (told["case"], told["seq"]) == (entry.chain, entry.seq) else "misplaced"
    except (ValueError, KeyError, TypeError):
        return "unreadable"
