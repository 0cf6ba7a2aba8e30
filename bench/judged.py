"""How good the look-up is, on pairs judged by hand: ``python -m bench.judged MESSAGES LABELS [--mates MATTERS]``.

MESSAGES is a CSV file with the columns id, title, time, body (and cluster, naming those of one marked matter); LABELS
one with id_a, id_b, label (same, site, different) and split (tune, held). Neither belongs into the repository: what is
published is the figures. Everything goes through the real index: the messages are petitions of a desk made for the run.
"""

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.desk import open_desk
from adapters.ledger import project, row_of
from adapters.settings import Settings
from adapters.similar.finding import Found, find, of_case
from models.case import Case
from models.likeness import ENOUGH, SURE
from models.vocabulary import Kind

FIRST: Final = 5
CURVE: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Pair:
    """Two messages, what somebody said of them, and which half they are in."""

    one: str
    other: str
    label: str
    split: str


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", type=Path)
    parser.add_argument("labels", type=Path)
    given = parser.parse_args()
    messages = list(csv.DictReader(given.messages.open(encoding="utf-8-sig")))
    pairs = [Pair(*row.values()) for row in csv.DictReader(given.labels.open(encoding="utf-8"))]
    with tempfile.TemporaryDirectory(prefix="banjie-judged-") as folder:
        desk = open_desk(Settings.load(data=Path(folder)))
        try:
            cases = _filled(desk.database, messages)
            found = {name: find(desk.database, of_case(case), limit=60) for name, case in cases.items()}
        finally:
            desk.close()
    names = {case.id: name for name, case in cases.items()}
    marked = [row["id"] for row in messages if row.get("cluster")]
    matters = _matters(pairs, marked)
    print(f"{len(messages)} messages, {len(pairs)} pairs judged by hand, {len(marked)} of one marked matter")
    for split in ("tune", "held"):
        _tell(split, [each for each in pairs if each.split == split], matters, found, names)
    _first_five("marked matter", {name: matters[name] for name in marked}, found, names)


def _filled(database: Database, messages: Iterable[Mapping[str, str]]) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    rows = []
    for place, each in enumerate(messages, 1):
        at = datetime.fromisoformat(each["time"]).replace(tzinfo=UTC)
        summary = f"{each['title']}。{each['body']}"
        case = Case(
            id=f"XF2019{place:06d}", kind=Kind.PETITION, policy="judged", seq=1, channel="system",
            summary=summary, registered_at=at,
        )  # fmt: skip
        cases[each["id"]] = case
        rows.append(row_of(case, "0" * 64))
    with database.writing() as connection:
        for row in rows:
            project(connection, row, new=True)
        connection.execute(sa.insert(tables.numbers), [{"series": "XF2019", "last": len(rows)}])
    return cases


def _matters(pairs: Iterable[Pair], marked: Sequence[str]) -> dict[str, set[str]]:
    """Return for each message all that are about its matter, by what was said of the pairs."""
    together: dict[str, set[str]] = defaultdict(set)
    for pair in [*pairs, *(Pair(marked[0], each, "same", "") for each in marked[1:])]:
        if pair.label == "same":
            joined = {pair.one, pair.other, *together[pair.one], *together[pair.other]}
            for each in joined:
                together[each] = joined
    return {name: all_of_it - {name} for name, all_of_it in together.items()}


def _tell(
    split: str,
    pairs: Sequence[Pair],
    matters: Mapping[str, set[str]],
    found: Mapping[str, Sequence[Found]],
    names: Mapping[str, str],
) -> None:
    print(f"{split}: {len(pairs)} pairs")
    said = {pair: _between(pair, found, names) for pair in pairs}
    same = [pair for pair in pairs if pair.label == "same"]
    sure = [pair for pair in pairs if (each := said[pair]) and each.sure]
    right = sum(pair.label == "same" for pair in sure)
    print(f"  mark (sure, ≥ {SURE}): precision {_share(right, len(sure))}, recall {_share(right, len(same))}")
    for label in ("same", "site", "different"):
        some = [pair for pair in pairs if pair.label == label]
        shown = sum((each := said[pair]) is not None and each.likeness >= ENOUGH for pair in some)
        marks = sum((each := said[pair]) is not None and each.sure for pair in some)
        print(f"  {label}: {len(some)} pairs, {shown} found, {marks} marked")
    for least in CURVE:
        over = [pair for pair in pairs if (each := said[pair]) and each.likeness >= least]
        good = sum(pair.label == "same" for pair in over)
        print(f"  likeness ≥ {least}: precision {_share(good, len(over))}, recall {_share(good, len(same))}")
    mates = {name: matters[name] for pair in same for name in (pair.one, pair.other)}
    _first_five(split, mates, found, names)


def _first_five(
    title: str, mates: Mapping[str, set[str]], found: Mapping[str, Sequence[Found]], names: Mapping[str, str]
) -> None:
    hits = total = one = 0
    for name, wanted in mates.items():
        first = {names[each.case.id] for each in found[name][:FIRST]}
        most = min(FIRST, len(wanted))
        hits, total = hits + min(most, len(first & wanted)), total + most
        one += bool(first & wanted)
    five, any_one = _share(hits, total), _share(one, len(mates))
    print(f"  {title}: among the first five {five} of what could be, one at least for {any_one}")


def _between(pair: Pair, found: Mapping[str, Sequence[Found]], names: Mapping[str, str]) -> Found | None:
    """Return how the later of two was found from the other, or the other way round."""
    for a, b in ((pair.one, pair.other), (pair.other, pair.one)):
        for each in found[a]:
            if names[each.case.id] == b:
                return each
    return None


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "– (0)"


if __name__ == "__main__":
    main()
