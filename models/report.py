"""A report: its parts, and every figure of it with how it is counted and the cases behind it. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from models.case import Case

KEPT_BACK: Final = "—"
"""What stands for a figure that is about a case that a reader may not see."""


@dataclass(frozen=True)
class Figure:
    """One figure: its number in the appendix, what it is, its value, how it is counted, and the cases behind it.

    Where it is about one case alone, ``about`` is that case: its name and how it is counted tell of it.
    """

    number: int
    name: str
    value: str
    how: str
    cases: tuple[str, ...]
    about: str = ""

    @property
    def is_kept_back(self) -> bool:
        """Whether it is about a case that this reader may not see: only its number is left of it."""
        return self.name == KEPT_BACK

    def __str__(self) -> str:
        """As it stands in a sentence, with its number."""
        return f"{self.value}〔{self.number}〕"


@dataclass
class Part:
    """A part of the report: its heading, sentences, and a table if it has one; ``about`` tells whom its rows are of."""

    title: str
    sentences: list[str] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    def row_about(self, case: Case, *cells: str) -> None:
        """Add a row that is about one case; a part's rows are all such, or none is."""
        self.rows.append(cells)
        self.about.append(case.id)


@dataclass
class Report:
    """A report up to a moment, under a heading."""

    heading: str
    until: datetime
    parts: list[Part] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def count(self, name: str, cases: Iterable[Case], how: str, unit: str = "件", about: str = "") -> Figure:
        """Add a figure that counts cases."""
        numbers = tuple(each.id for each in cases)
        return self.add(name, f"{len(numbers)} {unit}", how, numbers, about)

    def rate(self, name: str, part: Figure, whole: Figure) -> Figure:
        """Add a share of two counts, to a tenth of a per cent."""
        share = f"{len(part.cases) / len(whole.cases):.1%}" if whole.cases else "—"
        return self.add(name, share, f"〔{part.number}〕÷〔{whole.number}〕", part.cases, whole.about)

    def add(self, name: str, value: str, how: str, cases: tuple[str, ...] = (), about: str = "") -> Figure:
        """Add a figure."""
        found = Figure(len(self.figures) + 1, name, value, how, cases, about)
        self.figures.append(found)
        return found

    def figure(self, name: str) -> Figure:
        """Return the first figure of a name."""
        return next(each for each in self.figures if each.name == name)

    def leave_out(self, unseen: AbstractSet[str]) -> None:
        """Name no case that a reader may not see: each is counted, but its number and what it says are left out.

        A figure about such a case alone keeps nothing but its place in the numbering.
        """
        self.figures = [
            Figure(each.number, KEPT_BACK, KEPT_BACK, KEPT_BACK, ())
            if each.about in unseen
            else replace(each, cases=tuple(case for case in each.cases if case not in unseen))
            for each in self.figures
        ]
        for part in self.parts:
            if part.about:
                left = [(row, case) for row, case in zip(part.rows, part.about, strict=True) if case not in unseen]
                part.rows, part.about = [row for row, _ in left], [case for _, case in left]

    def numbered(self) -> None:
        """Leave out parts with nothing in them and number the others as they stand."""
        self.parts = [each for each in self.parts if each.sentences or each.rows]
        for numeral, part in zip("一二三四五六七八九十", self.parts, strict=False):
            part.title = f"{numeral}、{part.title}"
