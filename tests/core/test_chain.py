"""Chains and roots against whoever rewrites them: ten thousand mutations, done as well as they can be.

The ledger here is lists in memory, checked by the functions that ``banjie verify`` and ``banjie roots check`` use.
Whoever alters it has everything but what a witness has kept: they make chains anew, set the heads to them, and write
the log of heads and its roots to fit. They may have the signing key as well: a witness's copy is more than a signature.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import pytest

from models.canonical import GENESIS, canonical, link
from models.chain import Entry, Fault, faults
from models.checkpoint import Checkpoint
from models.heads import BEGAN, ENDED, Leaf, Sort, leaf_of_key
from models.merkle import nodes_of, root_of
from models.witnessed import Generation, Standing, standing

MUTATIONS: Final = 10_000
ORIGIN: Final = "banjie.log/0123"
CASES: Final = ("XF2026000001", "XF2026000002", "XF2026000003")
WRITERS: Final = ("0a", "0b")
Line = tuple[str, str]
"""An entry's body and its hash."""


@dataclass(frozen=True)
class Ledger:
    """Chains of cases and of the access log, where the cases were left, and the leaves of the log of heads."""

    cases: dict[str, list[Line]]
    access: dict[str, list[Line]]
    left: dict[str, tuple[str, int]] = field(default_factory=dict)
    leaves: tuple[Leaf, ...] = ()

    def chains(self, sort: Sort) -> dict[str, list[Line]]:
        return self.cases if sort is Sort.CASE else self.access

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(ORIGIN, len(self.leaves), root_of(leaf.digest for leaf in self.leaves))

    def copy(self) -> "Ledger":
        cases, access = ({name: list(lines) for name, lines in each.items()} for each in (self.cases, self.access))
        return replace(self, cases=cases, access=access, left=dict(self.left))


def body_of(sort: Sort, chain: str, seq: int, said: str) -> str:
    told = {"said": said, "case": chain, "seq": seq} if sort is Sort.CASE else {"said": said}
    return canonical(told)


def chained(bodies: list[str], head: str = GENESIS) -> list[Line]:
    lines = []
    for body in bodies:
        head = link(head, body)
        lines.append((body, head))
    return lines


def headed(ledger: Ledger) -> Ledger:
    """The heads of a ledger as its chains have them."""
    return replace(ledger, left={name: (lines[-1][1], len(lines)) for name, lines in ledger.cases.items() if lines})


def rooted(ledger: Ledger) -> Ledger:
    """A ledger after a root was made: each head that has no leaf yet has one now."""
    taken = {(leaf.kind, leaf.chain, leaf.seq) for leaf in ledger.leaves}
    new = [
        Leaf(sort.value, name, len(lines), lines[-1][1])
        for sort in (Sort.CASE, Sort.ACCESS)
        for name, lines in sorted(ledger.chains(sort).items())
        if lines and (sort.value, name, len(lines)) not in taken
    ]
    return replace(ledger, leaves=(*ledger.leaves, *new))


def grown(ledger: Ledger, rng: random.Random, most: int) -> Ledger:
    """A ledger that went on: some entries more on each chain."""
    new = ledger.copy()
    for sort in (Sort.CASE, Sort.ACCESS):
        for name, lines in new.chains(sort).items():
            for _ in range(rng.randint(1, most)):
                body = body_of(sort, name, len(lines) + 1, str(rng.random()))
                lines.extend(chained([body], lines[-1][1] if lines else GENESIS))
    return headed(new)


def found(ledger: Ledger, witnessed: Checkpoint | None) -> list[Fault | Standing]:
    """Everything that is wrong, by the functions that the commands use."""
    wrong: list[Fault | Standing] = []
    for sort in (Sort.CASE, Sort.ACCESS):
        leaves = {(leaf.chain, leaf.seq): leaf.hash for leaf in ledger.leaves if leaf.kind == sort}
        ends: dict[str, int] = {}
        for chain, seq in leaves:
            ends[chain] = max(seq, ends.get(chain, 0))
        left = ledger.left if sort is Sort.CASE else None
        wrong += faults(entries(ledger.chains(sort), leaves), left, ends, named=sort is Sort.CASE)
    if witnessed is not None:
        nodes = nodes_of([leaf.digest for leaf in ledger.leaves])
        how = standing(witnessed, [Generation(ORIGIN, 0)], len(ledger.leaves), nodes)
        wrong += [how] if how is not Standing.HOLDS else []
    return wrong


def entries(chains: dict[str, list[Line]], leaves: dict[tuple[str, int], str]) -> Iterator[Entry]:
    for name in sorted(chains):
        for seq, (body, hashed) in enumerate(chains[name], 1):
            yield Entry(name, seq, body, hashed, leaves.get((name, seq)))


# ── mutations: each takes the lines of a chain and the place that is to be changed, a place that a root covers ──


def edit(lines: list[Line], at: int, name: str, sort: Sort) -> None:
    lines[at] = (body_of(sort, name, at + 1, "改过的"), lines[at][1])


def delete(lines: list[Line], at: int, name: str, sort: Sort) -> None:
    del name, sort
    del lines[at]


def reorder(lines: list[Line], at: int, name: str, sort: Sort) -> None:
    del name, sort
    other = at - 1 if at else 1
    lines[at], lines[other] = lines[other], lines[at]


def truncate(lines: list[Line], at: int, name: str, sort: Sort) -> None:
    del name, sort
    del lines[at:]


def insert(lines: list[Line], at: int, name: str, sort: Sort) -> None:
    lines.insert(at, (body_of(sort, name, at + 1, "插入的"), lines[at][1]))


def replace_tail(lines: list[Line], at: int, name: str, sort: Sort) -> None:
    for place in range(at, len(lines)):
        lines[place] = (body_of(sort, name, place + 1, f"另一说法 {place}"), lines[place][1])


WAYS: Final[tuple[Callable[[list[Line], int, str, Sort], None], ...]] = (
    edit,
    delete,
    reorder,
    truncate,
    insert,
    replace_tail,
)


def renumbered(bodies: list[str], sort: Sort, name: str) -> list[str]:
    """Bodies that say of themselves that they are where they are."""
    if sort is Sort.ACCESS:
        return bodies
    return [canonical({**_told(body), "case": name, "seq": seq}) for seq, body in enumerate(bodies, 1)]


def _told(body: str) -> dict[str, object]:
    told: dict[str, object] = json.loads(body)
    return told


def mutated(ledger: Ledger, rng: random.Random, covered: dict[tuple[Sort, str], int]) -> tuple[Ledger, str, int]:
    """A ledger that was changed at a place that a root covers, and made to fit as well as its changer cares to.

    Beside it, how it was changed, and how much was made to fit: nothing, the chains, the heads, the log of heads.
    """
    new = ledger.copy()
    sort = rng.choice([Sort.CASE, Sort.CASE, Sort.ACCESS])
    name = rng.choice(sorted(new.chains(sort)))
    lines, at = new.chains(sort)[name], rng.randrange(covered[sort, name])
    touched = [name]
    way = rng.choice([*WAYS, None])
    if way is not None:
        way(lines, at, name, sort)
    else:
        # Swapped between chains: the entries from there on.
        other = rng.choice([each for each in sorted(new.chains(sort)) if each != name])
        others, there = new.chains(sort)[other], rng.randrange(covered[sort, other])
        lines[at:], others[there:] = others[there:], lines[at:]
        touched.append(other)
    care = rng.randrange(4)
    if care:
        # Makes the chains anew, each entry in its place, and the heads.
        for each in touched:
            mine = new.chains(sort)
            mine[each][:] = chained(renumbered([body for body, _ in mine[each]], sort, each))
    if care > 1:
        new = headed(new)
    return _with_leaves_made_to_fit(new) if care > 2 else new, way.__name__ if way else "swap", care


def _with_leaves_made_to_fit(ledger: Ledger) -> Ledger:
    """The log of heads as if the chains had always been so; what is beyond a chain's end is left out."""
    fitting = []
    for leaf in ledger.leaves:
        lines = ledger.chains(Sort.of(leaf.kind)).get(leaf.chain, [])
        if leaf.seq <= len(lines):
            fitting.append(leaf._replace(hash=lines[leaf.seq - 1][1]))
    return replace(ledger, leaves=tuple(fitting))


def a_witnessed_ledger(rng: random.Random) -> tuple[Ledger, Checkpoint, dict[tuple[Sort, str], int]]:
    """A ledger over three days: two roots, of which the last is witnessed, and what came after it."""
    ledger = Ledger({name: [] for name in CASES}, {name: [] for name in WRITERS})
    for _ in range(2):
        ledger = rooted(grown(ledger, rng, 3))
    covered = {
        (sort, name): len(lines) for sort in (Sort.CASE, Sort.ACCESS) for name, lines in ledger.chains(sort).items()
    }
    return grown(ledger, rng, 2), ledger.checkpoint(), covered


def test_ten_thousand_mutations_of_what_a_witnessed_root_covers_are_all_found() -> None:
    rng = random.Random(7)
    tried: Counter[tuple[str, int]] = Counter()
    missed: Counter[tuple[str, int]] = Counter()
    ledger, witnessed, covered = a_witnessed_ledger(rng)
    while tried.total() < MUTATIONS:
        if tried.total() % 100 == 0:
            ledger, witnessed, covered = a_witnessed_ledger(rng)
            assert found(ledger, witnessed) == []
        changed, way, care = mutated(ledger, rng, covered)
        if changed == ledger:
            continue
        tried[way, care] += 1
        if not found(changed, witnessed):
            missed[way, care] += 1
    assert missed == {}
    assert min(tried.values()) > 200, "each way with each care"
    assert len(tried) == (len(WAYS) + 1) * 4


def test_what_was_written_after_the_last_witnessed_root_can_be_made_anew_unseen_and_that_is_the_window() -> None:
    rng = random.Random(8)
    for _ in range(200):
        ledger, witnessed, covered = a_witnessed_ledger(rng)
        name = rng.choice(CASES)
        changed, at = ledger.copy(), covered[Sort.CASE, name]
        replace_tail(changed.cases[name], at, name, Sort.CASE)
        assert found(changed, witnessed), "whoever does not make the chain anew is found here too"
        changed.cases[name][:] = chained([body for body, _ in changed.cases[name]])
        assert found(changed, witnessed), "nor may the head be forgotten"
        assert found(headed(changed), witnessed) == [], "done well it cannot be seen"
        # The next root closes the window behind it: from then on nothing of it can be changed back, or otherwise.
        after = rooted(headed(changed))
        assert found(after, after.checkpoint()) == []
        assert found(replace(ledger, leaves=after.leaves), after.checkpoint())


def test_without_a_witness_a_ledger_made_anew_with_its_log_cannot_be_told_from_a_true_one() -> None:
    ledger, witnessed, _ = a_witnessed_ledger(random.Random(9))
    changed = ledger.copy()
    replace_tail(changed.cases[CASES[0]], 0, CASES[0], Sort.CASE)
    changed.cases[CASES[0]][:] = chained([body for body, _ in changed.cases[CASES[0]]])
    changed = _with_leaves_made_to_fit(headed(changed))
    assert found(changed, None) == []
    assert found(changed, witnessed) == [Standing.REWRITTEN]


@pytest.mark.parametrize(
    ("entries_", "left", "ends", "code"),
    [
        ([Entry("a", 1, None, "x")], {}, {}, "altered"),
        ([Entry("a", 1, "{", link(GENESIS, "{"))], {}, {}, "unreadable"),
        ([Entry("a", 1, "[]", link(GENESIS, "[]"))], {}, {}, "unreadable"),
        ([Entry("a", 2, "{}", "x")], {}, {}, "gap"),
        ([], {"a": ("x", 1)}, {}, "vanished"),
        ([], None, {"a": 1}, "vanished"),
    ],
)
def test_the_first_fault_is_named(
    entries_: list[Entry], left: dict[str, tuple[str, int]] | None, ends: dict[str, int], code: str
) -> None:
    assert [each.code for each in faults(entries_, left, ends, named=True)] == [code]


def test_a_chain_that_nobody_left_or_that_ends_too_soon_is_named() -> None:
    ((body, hashed),) = chained([body_of(Sort.CASE, "a", 1, "…")])
    one = [Entry("a", 1, body, hashed)]
    assert [each.code for each in faults(one, {}, {}, named=True)] == ["unknown"]
    assert [each.code for each in faults(one, {"a": (hashed, 2)}, {}, named=True)] == ["tail"]
    assert [each.code for each in faults(one, {"a": (hashed, 1)}, {"a": 2}, named=True)] == ["cut"]
    assert list(faults(one, None, {"a": 1}, named=True)) == []


def test_a_leaf_says_which_key_began_and_which_ended() -> None:
    began, ended = leaf_of_key(b"\1" * 32, BEGAN), leaf_of_key(b"\1" * 32, ENDED)
    assert (began.kind, began.chain, began.hash) == (ended.kind, "01" * 32, ended.hash)
    assert began.digest != ended.digest
    assert b'"seq":1' in began.data


# ── forks ──

LEAVES: Final = [Leaf("case", "a", seq, f"{seq:064x}").digest for seq in range(1, 9)]
NODES: Final = nodes_of(LEAVES)


def at_size(origin: str, size: int, *, other: bool = False) -> Checkpoint:
    return Checkpoint(origin, size, b"\7" * 32 if other else root_of(LEAVES[:size]))


def test_what_was_abandoned_by_a_recorded_fork_is_explained_and_nothing_else() -> None:
    lost = at_size(f"{ORIGIN}/2-a", 9, other=True)
    first = at_size(ORIGIN, 6, other=True)
    generations = [
        Generation(ORIGIN, 0),
        Generation(f"{ORIGIN}/2-b", 4, (first, lost)),
        Generation(f"{ORIGIN}/3-c", 6),
    ]

    def how(kept: Checkpoint) -> Standing:
        return standing(kept, generations, len(LEAVES), NODES)

    assert how(at_size(ORIGIN, 4)) is Standing.HOLDS
    assert how(at_size(ORIGIN, 5)) is Standing.ABANDONED
    assert how(first) is Standing.ABANDONED
    assert how(at_size(ORIGIN, 6)) is Standing.REWRITTEN, "of that size another was abandoned"
    assert how(at_size(ORIGIN, 7)) is Standing.UNTOLD
    assert how(at_size(ORIGIN, 3, other=True)) is Standing.ABANDONED, "signed before anybody recorded the fork"
    assert how(at_size(f"{ORIGIN}/2-b", 5)) is Standing.HOLDS
    assert how(at_size(f"{ORIGIN}/2-b", 3, other=True)) is Standing.REWRITTEN
    assert how(at_size(f"{ORIGIN}/2-b", 7)) is Standing.UNTOLD
    assert how(at_size(f"{ORIGIN}/3-c", 8)) is Standing.HOLDS
    assert how(at_size(f"{ORIGIN}/3-c", 8, other=True)) is Standing.REWRITTEN
    assert how(at_size(f"{ORIGIN}/3-c", 9, other=True)) is Standing.SHORTENED
    assert how(lost) is Standing.ABANDONED
    assert how(at_size(f"{ORIGIN}/2-a", 10, other=True)) is Standing.UNTOLD
    assert how(at_size(f"{ORIGIN}/2-x", 5)) is Standing.SHORTENED, "a fork of ours that this ledger never heard of"
    assert how(at_size("banjie.log/9999", 5)) is Standing.ELSEWHERE
