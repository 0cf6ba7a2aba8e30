"""Importing a table of 20,000 rows, and of 2,000 to show that memory does not grow with it.

Each import runs in a fresh process of its own. The floor is reading the same table with the same reader and nothing
else; what comes on top is two commands a row through the door.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.desk import open_desk
from adapters.importing import import_sheet
from adapters.settings import Settings
from adapters.spreadsheets import open_sheet
from bench import machine
from bench.plan import Plan, apart
from bench.report import Figure, median, number
from tests.store.dirty_sheets import fast_sheet

ROWS: Final = (20_000, 2_000)
"""Rows of the large table, in a full run and in a short one; the small one has a tenth."""
ACTOR: Final = "clerk"


@dataclass(frozen=True)
class Imported:
    """One import: seconds, bytes of memory before, and how many more at the most."""

    seconds: float
    held: int
    grown: int
    registered: int
    doubtful: int


def run(plan: Plan) -> list[Figure]:
    """Import a large table and a small one; more than once, for the median."""
    large = plan.size(*ROWS)
    small = large // 10
    sheets = {rows: plan.folder / f"{rows}.xlsx" for rows in (small, large)}
    rounds = max(1, plan.rounds // 3)
    done: dict[int, list[Imported]] = {rows: [] for rows in sheets}
    read: dict[int, list[Imported]] = {rows: [] for rows in sheets}
    with plan.bar("import", 2 * rounds * (large + small)) as forward:
        for rows, path in sheets.items():
            fast_sheet(path, rows)
        for _ in range(rounds):
            for rows, path in sheets.items():
                done[rows].append(apart(_imported, path, plan.place("import")))
                forward(rows)
                read[rows].append(apart(_read, path))
                forward(rows)
    rates = {rows: rows / median([each.seconds for each in done[rows]]) for rows in sheets}
    floor = large / median([each.seconds for each in read[large]])
    last = done[large][-1]
    return [
        Figure(
            section="import",
            what=f"{large:,} rows, against reading them only",
            ours=rates[large],
            floor=floor,
            unit="rows/s",
            note=f"{last.registered:,} registered, {last.doubtful:,} doubtful",
        ),
        *(
            Figure(
                section="import",
                what=f"memory above the start, {rows:,} rows",
                ours=median([each.grown / machine.MIB for each in done[rows]]),
                floor=median([each.grown / machine.MIB for each in read[rows]]),
                unit="MiB",
                smaller=True,
                note=f"{number(last.held / machine.MIB)} MiB before; {number(rates[rows])} rows/s",
            )
            for rows in sheets
        ),
    ]


def _imported(path: Path, data: Path) -> Imported:
    desk = open_desk(Settings.load(data=data))
    try:
        held, began = machine.peak(), time.perf_counter()
        report = import_sheet(desk, path, actor=ACTOR, compare=False)
        seconds = time.perf_counter() - began
        return Imported(seconds, held, machine.peak() - held, report.registered, report.doubtful)
    finally:
        desk.close()


def _read(path: Path) -> Imported:
    held, began = machine.peak(), time.perf_counter()
    with open_sheet(path, "auto") as sheet:
        rows = sum(1 for _ in sheet)
    return Imported(time.perf_counter() - began, held, machine.peak() - held, rows, 0)
