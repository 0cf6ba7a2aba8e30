"""Which days a desk works: weekends, holidays and 调休 (make-up working weekends) as versioned data.

The State Council's office publishes one notice for each year, usually in the November before, and a notice
may reach back into the last days of that December. So a table belongs to its notice, not to the calendar
year, and the last days of a December are settled only when the next notice is out.

Within a working day people work in shifts, which are a local default: no notice fixes them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from models.base import ByName, Frozen, Line, Said
from models.canonical import canonical

WEEKEND: Final = "周末"
RESTING: Final = "本单位休息日"
_SATURDAY: Final = 5
_DECEMBER: Final = 12
# Five notices (2006, 2007, 2008, 2012, 2019) moved days of the December before; the earliest was the 29th.
_OPEN_UNTIL_NEXT_NOTICE: Final = 29
_DAY: Final = timedelta(days=1)
_SHORTEST: Final = timedelta(minutes=30)
_OF_A_WEEK: Final = {"every_day", "shifts", "weekdays"}

_Begin = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_End = Annotated[str, Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


def _after_midnight(clock: str) -> timedelta:
    hours, minutes = clock.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _in_order(shifts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    clock = [each for shift in shifts for each in shift]  # "HH:MM" sorts as time does
    if clock != sorted(clock):
        message = "班次须先后相接、互不重叠 / the shifts of a day follow one another and do not overlap"
        raise ValueError(message)
    if any(_after_midnight(end) - _after_midnight(begin) < _SHORTEST for begin, end in shifts):
        message = "班次不得短于半小时 / a shift lasts at least half an hour"
        raise ValueError(message)
    return shifts


Shifts = Annotated[tuple[tuple[_Begin, _End], ...], Field(max_length=12), AfterValidator(_in_order)]
"""The shifts of a day in their order, each from and to a Shanghai clock time ``HH:MM``; the last may end at 24:00."""
ORDINARY: Final = (("08:30", "12:00"), ("14:00", "17:30"))
"""The shifts of a calendar that names none: a local default, which a bureau's own calendar replaces."""


class AllDays(Frozen):
    """A stretch on which an approved order has every day worked; `order` is its number. Without `last`: for now."""

    first: date
    last: date | None
    order: Line

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last is not None and self.last < self.first:
            message = f"{self.last} 早于 {self.first} / the order ends before it begins"
            raise ValueError(message)
        return self

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the stretch."""
        return self.first <= day and (self.last is None or day <= self.last)


class Year(Frozen):
    """One notice: the weekdays it takes off and the weekend days it makes up for.

    Days lie in `year` or in the December before it. `version` counts the corrections of one year's table from
    "1": a published table is never edited, its correction is a further document with the next number.
    """

    year: Annotated[int, Field(ge=1949, le=9000)]
    source: Said
    version: Annotated[str, Field(pattern="^[1-9][0-9]*$")]
    off: Annotated[dict[date, Said], ByName]
    work: Annotated[dict[date, Said], ByName]

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


class Skip(Frozen):
    """A stretch of days that is not counted: `first` and `last` both included."""

    first: date
    last: date
    why: str


class Calendar(Frozen):
    """A named calendar. In a year without a table it answers with plain weekends and says so by `published`.

    `every_day` makes a campaign calendar (5+2、白+黑): every day works and nothing is ever provisional. `shifts` are
    those of a working day; `weekdays` names the weekdays (Monday 1 to Sunday 7) of a bureau that keep shifts of
    their own. A weekday without shifts is off; a Saturday with shifts is worked, unless it lies in a holiday.
    `all_days` are the orders this variant was made `under`.
    """

    name: Said
    every_day: bool = False
    shifts: Annotated[Shifts, Field(min_length=1)] = ORDINARY
    weekdays: dict[Annotated[int, Field(ge=1, le=7)], Shifts] = Field(default_factory=dict)
    years: Annotated[dict[int, Year], ByName]
    all_days: tuple[AllDays, ...] = ()

    @model_validator(mode="after")
    def _every_table_is_under_its_year(self) -> Self:
        for year, table in self.years.items():
            if year != table.year:
                message = f"{table.year} 年的安排列在 {year} 年下 / a table of {table.year} is listed under {year}"
                raise ValueError(message)
        if not self._week:
            message = f"{self.name}: 没有一天上班 / a calendar works on at least one day of the week"
            raise ValueError(message)
        return self

    @cached_property
    def version(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 over the canonical content, orders left out."""
        return sha256(canonical(self.model_dump(mode="json", exclude={"all_days"})).encode()).hexdigest()[:16]

    @cached_property
    def days_off(self) -> dict[date, str]:
        """All weekdays off of all years, with the holiday's name."""
        return {day: name for year in sorted(self.years) for day, name in self.years[year].off.items()}

    @cached_property
    def days_made_up(self) -> dict[date, str]:
        """All weekend days of all years on which people work, with the holiday they make up for."""
        return {day: name for year in sorted(self.years) for day, name in self.years[year].work.items()}

    def with_year(self, table: Year) -> "Calendar":
        """Return this calendar with a year's table, in place of the one it may have had."""
        return self._anew(self.years | {table.year: table}, self.all_days)

    def with_week(self, week: "Week") -> "Calendar":
        """Return this calendar with other shifts; its yearly tables stay."""
        return Calendar(
            name=self.name,
            every_day=bool(week.every_day),
            shifts=week.shifts,
            weekdays=week.weekdays,
            years={} if week.every_day else self.years,
            all_days=self.all_days,
        )

    def under(self, orders: tuple[AllDays, ...]) -> "Calendar":
        """Return this calendar under orders, in place of those it has, by which every day of a stretch is worked.

        It is made once for the same orders and keeps the version.
        """
        if self.every_day or orders == self.all_days:
            return self
        variant = self._variants.get(orders)
        if variant is None:
            variant = self._variants[orders] = self._anew(self.years, orders)
        return variant

    def ordered_between(self, first: date, last: date) -> tuple[AllDays, ...]:
        """Return the orders that cover a day from `first` to `last`, both included."""
        return tuple(each for each in self.all_days if each.first <= last and (each.last is None or first <= each.last))

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if self.every_day or (self.all_days and self._ordered(day)):
            return True
        return day not in self._holidays if day.weekday() in self._week else day in self.days_made_up

    def working_day(self, day: date, steps: int) -> date:
        """Return the working day so many steps on; 0 is the first from `day` on, itself included, -1 the last before.

        Raises:
            ValueError: there is none in the years a date can hold.
        """
        year = day.year
        days = self._worked(year)
        at = bisect_left(days, day) + steps
        while at >= len(days):
            at -= len(days)
            year += 1
            days = self._worked(year)
        while at < 0:
            year -= 1
            days = self._worked(year)
            at += len(days)
        return days[at]

    def working_days_between(self, first: date, last: date) -> int:
        """Return the number of working days from `first` on and before `last`; `last` is not earlier."""
        whole = sum(len(self._worked(year)) for year in range(first.year, last.year))
        return whole + bisect_left(self._worked(last.year), last) - bisect_left(self._worked(first.year), first)

    def off_between(self, first: date, last: date) -> tuple[Skip, ...]:
        """Return the stretches off from `first` to `last`, both included, each with why."""
        stretches: list[Skip] = []
        expected = first
        for year in range(first.year, last.year + 1):
            days = self._worked(year)
            for day in days[bisect_left(days, first) : bisect_right(days, last)]:
                if day != expected:
                    stretches.append(self._off(expected, day - _DAY))
                expected = day + _DAY
        if expected <= last:
            stretches.append(self._off(expected, last))
        return tuple(stretches)

    def why_off(self, day: date) -> str | None:
        """Why nobody works on `day`: the holiday's name, else 周末 or 本单位休息日; None on a working day."""
        if self.works(day):
            return None
        if day.weekday() in self._week:
            return self._holidays[day]
        return self.days_off.get(day, RESTING if day.weekday() < _SATURDAY else WEEKEND)

    def shifts_on(self, day: date) -> tuple[tuple[timedelta, timedelta], ...]:
        """Return the shifts of `day`, each from and to so much after midnight; none on a day off.

        On a weekend day that is made up for, as under an order on a day otherwise off, the ordinary shifts hold.
        """
        if not self.works(day):
            return ()
        own = None if day in self.days_made_up else self._spans.get(day.isoweekday())
        return own or self._spans[0]

    def published(self, day: date) -> bool:
        """Whether every notice that can move `day` is out: its year's, from 29 December also the next."""
        return self.published_between(day, day)

    def published_between(self, first: date, last: date) -> bool:
        """Whether every day from `first` to `last`, both included, is published (or worked by an order)."""
        if self.every_day:
            return True
        for order in self._orders_in_turn:
            if order.first <= first:
                if order.last is None or last <= order.last:
                    return True
                first = max(first, order.last + _DAY)
            elif order.first <= last:
                return self.published_between(first, order.first - _DAY) and self.published_between(order.first, last)
        open_end = last.month == _DECEMBER and last.day >= _OPEN_UNTIL_NEXT_NOTICE
        return last.year + open_end <= self._runs.get(first.year, 0)

    def _anew(self, years: dict[int, Year], orders: tuple[AllDays, ...]) -> "Calendar":
        # Never by `model_copy`: that would carry over what this one has looked up.
        return Calendar(
            name=self.name,
            every_day=self.every_day,
            shifts=self.shifts,
            weekdays=self.weekdays,
            years=years,
            all_days=orders,
        )

    def _off(self, first: date, last: date) -> Skip:
        """Name a stretch off by its holidays (国庆节、中秋节); weekends inside a holiday go unnamed."""
        skip = self._offs.get((first, last))
        if skip is None:
            whys = (self.why_off(first + timedelta(days=number)) for number in range((last - first).days + 1))
            names = dict.fromkeys(why for why in whys if why and why != WEEKEND)
            skip = self._offs[first, last] = Skip(first=first, last=last, why="、".join(names) or WEEKEND)
        return skip

    @cached_property
    def _offs(self) -> dict[tuple[date, date], Skip]:
        return {}

    def _worked(self, year: int) -> list[date]:
        """Return the working days of a year."""
        days = self._worked_by_year.get(year)
        if days is None:
            first = date(year, 1, 1)
            each = (first + timedelta(days=number) for number in range((date(year, 12, 31) - first).days + 1))
            days = self._worked_by_year[year] = [day for day in each if self.works(day)]
        return days

    @cached_property
    def _worked_by_year(self) -> dict[int, list[date]]:
        return {}

    def _ordered(self, day: date) -> bool:
        return any(order.covers(day) for order in self.all_days)

    @cached_property
    def _variants(self) -> dict[tuple[AllDays, ...], "Calendar"]:
        return {}

    @cached_property
    def _orders_in_turn(self) -> tuple[AllDays, ...]:
        return tuple(sorted(self.all_days, key=lambda each: each.first))

    @cached_property
    def _runs(self) -> dict[int, int]:
        """For each year with a table: the last year up to which no table is missing."""
        runs: dict[int, int] = {}
        for year in sorted(self.years, reverse=True):
            runs[year] = runs.get(year + 1, year)
        return runs

    @cached_property
    def _week(self) -> frozenset[int]:
        """The weekdays regularly worked, Monday 0."""
        return frozenset(day for day in range(7) if self.weekdays.get(day + 1, day < _SATURDAY))

    @cached_property
    def _spans(self) -> dict[int, tuple[tuple[timedelta, timedelta], ...]]:
        """The shifts as times after midnight: of the weekdays with their own, and under 0 the ordinary ones."""
        return {
            weekday: tuple((_after_midnight(begin), _after_midnight(end)) for begin, end in shifts)
            for weekday, shifts in ((0, self.shifts), *self.weekdays.items())
        }

    @cached_property
    def _holidays(self) -> dict[date, str]:
        """The days off with the weekend days that join them: who works on Saturdays is off on those all the same."""
        joined = dict(self.days_off)
        for day, name in self.days_off.items():
            for step in (_DAY, -_DAY):
                beside = day + step
                while beside.weekday() >= _SATURDAY and beside not in self.days_made_up:
                    joined.setdefault(beside, name)
                    beside += step
        return joined


class Week(Frozen):
    """How the days of a calendar are worked: every day, or in a bureau's own shifts; `source` is who settled it."""

    source: Said
    every_day: Literal[True] | None = None
    shifts: Annotated[Shifts, Field(min_length=1)] = ORDINARY
    weekdays: dict[Annotated[int, Field(ge=1, le=7)], Shifts] = Field(default_factory=dict)


def parse_year(document: Mapping[str, object]) -> Year:
    """Read one year's table from TOML: `year`, `source`, `version`, and `off` and `work` with day = name.

    Raises:
        ValueError: pydantic's ValidationError, which names the field or the day that is wrong.
    """
    return Year.model_validate(dict(document))


def make_calendar(name: str, documents: Iterable[Mapping[str, object]]) -> Calendar:
    """Build a calendar from its documents in any order: one for each year, and at most one `Week`.

    Of several documents for one year the highest version counts.

    Raises:
        ValueError: a document is broken, a version of a year or a week is there twice, or an every-day document
            is not alone.
    """
    weeks: list[Week] = []
    years: dict[int, Year] = {}
    seen: set[tuple[int, str]] = set()
    for document in documents:
        if document.keys() & _OF_A_WEEK:
            weeks.append(Week.model_validate(dict(document)))
            continue
        table = parse_year(document)
        if (table.year, table.version) in seen:
            message = f"{name}: {table.year} 年第 {table.version} 版重复 / version {table.version} is there twice"
            raise ValueError(message)
        seen.add((table.year, table.version))
        known = years.get(table.year)
        if known is None or int(known.version) < int(table.version):
            years[table.year] = table
    if len(weeks) > 1:
        message = f"{name}: 班次文件重复 / the week's shifts are there twice"
        raise ValueError(message)
    if not weeks:
        return Calendar(name=name, years=years)
    week = weeks[0]
    if week.every_day and years:
        message = f"{name}: every_day 文件须单独使用 / an every-day document stands alone"
        raise ValueError(message)
    return Calendar(name=name, every_day=bool(week.every_day), shifts=week.shifts, weekdays=week.weekdays, years=years)
