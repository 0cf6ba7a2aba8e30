"""What was measured, as a table with the ratios first and as JSON."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

FORMAT = 1
"""Version of the JSON; a new number where a field changes its meaning."""


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    ``ours`` and ``floor`` are medians over the rounds, in ``unit``. The ratio is always "above 1 is better than the
    floor", also where less is better (``smaller`` is True). ``details`` are further numbers by name, for the JSON.
    """

    section: str
    what: str
    ours: float
    unit: str
    floor: float | None = None
    target: float | None = None
    smaller: bool = False
    note: str = ""
    details: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How ours compares with the floor; None where there is none."""
        if self.floor is None or not self.ours or not self.floor:
            return None
        return self.floor / self.ours if self.smaller else self.ours / self.floor

    @property
    def missed(self) -> bool:
        """Whether there is a target and it was not reached."""
        return self.target is not None and self.ratio is not None and self.ratio < self.target


def number(value: float | None) -> str:
    """Write a number with as many digits as it deserves."""
    if value is None or not math.isfinite(value):
        return "—"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 if abs(value) < 10 else 1}f}"


def median(values: Sequence[float]) -> float:
    """Return the median; NaN of nothing."""
    return statistics.median(values) if values else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def show(console: Console, figures: Sequence[Figure]) -> None:
    """Print the table, a block for each section."""
    table = Table(title="Banjie 办结 · bench", title_justify="left", show_edge=False, pad_edge=False)
    for name, side in (
        ("ratio", "right"),
        ("target", "right"),
        ("what", "left"),
        ("ours", "right"),
        ("floor", "right"),
    ):
        table.add_column(name, justify=side, no_wrap=name != "what")  # type: ignore[arg-type]
    table.add_column("unit", no_wrap=True)
    table.add_column("note", overflow="fold")
    last = ""
    for figure in figures:
        if figure.section != last:
            table.add_section()
            last = figure.section
        colour = "red" if figure.missed else "green" if figure.target else "default"
        table.add_row(
            f"[{colour}]{number(figure.ratio)}[/]",
            "" if figure.target is None else f"{'✗' if figure.missed else '✓'} {figure.target:g}",
            f"{figure.section}: {figure.what}",
            number(figure.ours),
            number(figure.floor),
            figure.unit,
            figure.note,
        )
    console.print(table)


def write(path: Path, figures: Sequence[Figure], about: Mapping[str, object]) -> None:
    """Write everything as JSON."""
    document = {
        "format": FORMAT,
        **about,
        "figures": [{**asdict(figure), "ratio": figure.ratio, "missed": figure.missed} for figure in figures],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
