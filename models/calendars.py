"""Which days a desk works: weekends, holidays and 调休 (make-up working weekends) as versioned data.

The State Council's office publishes one notice for each year, usually in the November before, and a notice
may reach back into the last days of that December. So a table belongs to its notice, not to the calendar
year, and the last days of a December are settled only when the next notice is out.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from models.base import Frozen, Said
from models.canonical import canonical

WEEKEND: Final = "周末"
_SATURDAY: Final = 5
_DECEMBER: Final = 12
# Five notices (2006, 2007, 2008, 2012, 2019) moved days of the December before; the earliest was the 29th.
_OPEN_UNTIL_NEXT_NOTICE: Final = 29


class Year(Frozen):
    """One notice: the weekdays it takes off and the weekend days it makes up for.

    Days lie in `year` or in the December before it. `version` counts the corrections of one year's table from
    "1": a published table is never edited, its correction is a further document with the next number.
    """

    year: Annotated[int, Field(ge=1949, le=9000)]
    source: Said
    version: Annotated[str, Field(pattern="^[1-9][0-9]*$")]
    off: dict[date, Said]
    work: dict[date, Said]

    @model_validator(mode="after")
    def _every_day_is_where_it_belongs(self) -> Self:
        for day in (*self.off, *self.work):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, _DECEMBER):
                message = f"{day} 不属于 {self.year} 年的安排 / is not a day of the notice for {self.year}"
                raise ValueError(message)
        for day in self.off:
            if day.weekday() >= _SATURDAY:
                message = f"{day} 本是周末 / is a weekend already and cannot be listed as a weekday off"
                raise ValueError(message)
        for day in self.work:
            if day.weekday() < _SATURDAY:
                message = f"{day} 本是工作日 / is a weekday already and cannot be listed as a make-up day"
                raise ValueError(message)
        return self


class Calendar(Frozen):
    """A named calendar. In a year without a table it answers with plain weekends and says so by `published`.

    `every_day` makes a campaign calendar (5+2、白+黑): every day works and nothing is ever provisional.
    """

    name: Said
    every_day: bool = False
    years: dict[int, Year]

    @model_validator(mode="after")
    def _every_table_is_under_its_year(self) -> Self:
        for year, table in self.years.items():
            if year != table.year:
                message = f"{table.year} 年的安排列在 {year} 年下 / a table of {table.year} is listed under {year}"
                raise ValueError(message)
        return self

    @cached_property
    def version(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 over the canonical content."""
        return sha256(canonical(self.model_dump(mode="json")).encode()).hexdigest()[:16]

    @cached_property
    def days_off(self) -> dict[date, str]:
        """All weekdays off of all years, with the holiday's name."""
        return {day: name for year in sorted(self.years) for day, name in self.years[year].off.items()}

    @cached_property
    def days_made_up(self) -> dict[date, str]:
        """All weekend days of all years on which people work, with the holiday they make up for."""
        return {day: name for year in sorted(self.years) for day, name in self.years[year].work.items()}

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if self.every_day:
            return True
        if day.weekday() < _SATURDAY:
            return day not in self.days_off
        return day in self.days_made_up

    def why_off(self, day: date) -> str | None:
        """Why nobody works on `day`: the holiday's name on a weekday, else 周末; None on a working day."""
        return None if self.works(day) else self.days_off.get(day, WEEKEND)

    def published(self, day: date) -> bool:
        """Whether every notice that can move `day` is out: its year's, from 29 December also the next."""
        if self.every_day:
            return True
        if day.month == _DECEMBER and day.day >= _OPEN_UNTIL_NEXT_NOTICE and day.year + 1 not in self.years:
            return False
        return day.year in self.years

    def published_between(self, first: date, last: date) -> bool:
        """Whether every day from `first` to `last`, both included, is published."""
        if self.every_day:
            return True
        return self.published(last) and all(year in self.years for year in range(first.year, last.year))


class _EveryDay(Frozen):
    every_day: Literal[True]
    source: Said


def parse_year(document: Mapping[str, object]) -> Year:
    """Read one year's table from TOML: `year`, `source`, `version`, and `off` and `work` with day = name.

    Raises:
        ValueError: pydantic's ValidationError, which names the field or the day that is wrong.
    """
    return Year.model_validate(dict(document))


def make_calendar(name: str, documents: Iterable[Mapping[str, object]]) -> Calendar:
    """Build a calendar from the documents of its years, in any order, or from one with `every_day = true`.

    Of several documents for one year the highest version counts.

    Raises:
        ValueError: a document is broken, a version of a year is there twice, or an every-day document is not
            alone.
    """
    documents = list(documents)
    if any("every_day" in document for document in documents):
        if len(documents) > 1:
            message = f"{name}: every_day 文件须单独使用 / an every-day document stands alone"
            raise ValueError(message)
        _EveryDay.model_validate(dict(documents[0]))
        return Calendar(name=name, every_day=True, years={})
    years: dict[int, Year] = {}
    seen: set[tuple[int, str]] = set()
    for table in map(parse_year, documents):
        if (table.year, table.version) in seen:
            message = f"{name}: {table.year} 年第 {table.version} 版重复 / version {table.version} is there twice"
            raise ValueError(message)
        seen.add((table.year, table.version))
        known = years.get(table.year)
        if known is None or int(known.version) < int(table.version):
            years[table.year] = table
    return Calendar(name=name, years=years)
