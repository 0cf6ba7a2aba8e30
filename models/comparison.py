"""Two periods side by side, and this desk's count beside what other districts are said to have: pure.

What a ledger cannot count (another county's petitions) is entered with its source and never added to what is counted.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from models.statistics import Period
from models.values import DistrictCount

_SAID: Final = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2])|-?Q(?P<quarter>[1-4]))?"
    r"|(?P<first>(?:19|20)\d\d-\d\d-\d\d)(?:\.\.(?P<last>(?:19|20)\d\d-\d\d-\d\d))?"
)
_IN_WORDS: Final = re.compile(r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月)?")


def period_kept(text: str) -> str:
    """Write a period as it is kept, so that it is the same however it was said: 2023年 is 2023, 2023年9月 2023-09."""
    text = text.strip().upper()
    found = _IN_WORDS.fullmatch(text)
    if found is None:
        return text
    return f"{found['year']}-{int(found['month']):02d}" if found["month"] else found["year"]


def period_said(text: str) -> Period | None:
    """Read a period: a year 2023, a quarter 2023-Q3, a month 2023-09, days 2023-09-06..2023-09-26; None else.

    A year and a month may have their words, 2023年9月.
    """
    found = _SAID.fullmatch(period_kept(text))
    if found is None:
        return None
    if found["first"]:
        try:
            first = date.fromisoformat(found["first"])
            last = date.fromisoformat(found["last"] or found["first"])
        except ValueError:
            return None
        return Period(first, last) if first <= last else None
    year, begins, months = int(found["year"]), 1, 12
    if found["month"]:
        begins, months = int(found["month"]), 1
    elif found["quarter"]:
        begins, months = 3 * int(found["quarter"]) - 2, 3
    after = date(year + (begins + months - 1) // 12, (begins + months - 1) % 12 + 1, 1)
    return Period(date(year, begins, 1), after - timedelta(days=1))


class District(NamedTuple):
    """A district's petitions in two periods, None where nobody said; ``counted`` are those of this ledger's own."""

    name: str
    now: int | None
    was: int | None
    source: str
    counted: bool


def districts(own: District, entered: Iterable[DistrictCount], now: Period, was: Period) -> list[District]:
    """Return this desk's district and those that were entered, the most petitions first; this one first of equals."""
    by_name: dict[str, list[DistrictCount]] = {}
    for each in entered:
        by_name.setdefault(each.district, []).append(each)
    found = [own]
    for name, some in by_name.items():
        (here, here_said), (then, then_said) = _total(some, now), _total(some, was)
        if here is not None or then is not None:
            sources = dict.fromkeys((*here_said, *then_said))
            found.append(District(name, here, then, "；".join(sources), counted=False))
    return sorted(found, key=lambda each: (-(each.now or 0), -(each.was or 0), not each.counted, each.name))


def _total(some: Sequence[DistrictCount], wanted: Period) -> tuple[int | None, list[str]]:
    """Return what a district had in a period: as it was entered, else the sum of its months, else of its quarters."""
    periods = [(period, each) for each in some if (period := period_said(each.period))]
    exact = [each for period, each in periods if period == wanted]
    if exact:
        return exact[-1].count, [exact[-1].source]
    for longest in (31, 92):
        parts = sorted(
            ((period, each) for period, each in periods if wanted.first <= period.first and period.days <= longest),
            key=lambda part: part[0].first,
        )
        day, summed, sources = wanted.first, 0, []
        for period, each in parts:
            if period.first == day and period.last <= wanted.last:
                day, summed = period.last + timedelta(days=1), summed + each.count
                sources.append(each.source)
        if day > wanted.last:
            return summed, sources
    return None, []
