"""When people work: the hours of a desk's day on the working days of a calendar, and counting in them.

Moments are seconds after a starting instant. Work begun before the desk closes is put down and taken up again.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from math import inf
from typing import Final

from models.calendars import Calendar
from models.counting import SHANGHAI

DAY: Final = 86_400.0
HOUR: Final = 3_600.0
MINUTES: Final = 24 * 60

Spans = Sequence[tuple[int, int]]
"""The stretches of a working day, in minutes after midnight: ``((510, 720), (870, 1050))``."""


def check_spans(spans: Spans) -> None:
    """Refuse a working day whose stretches are empty, overlap, are out of order or leave the day.

    Raises:
        ValueError: with what is wrong, in both languages.
    """
    if not spans:
        raise ValueError("没有工作时段 / there is no stretch")
    if any(not 0 <= first < last <= MINUTES for first, last in spans):
        raise ValueError("时段应在 00:00 至 24:00 之间，先起后止 / a stretch begins before it ends, within 00:00-24:00")
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError("时段不得重叠，应按先后排列 / stretches follow one another")


class Hours:
    """The working hours after an instant.

    A stretch cut by ``start`` begins there; stretches that touch are one, so a desk that never closes has one.
    """

    def __init__(self, calendar: Calendar, spans: Spans, start: datetime, days: float) -> None:
        """Lay the stretches out.

        Args:
            calendar: which days are worked.
            spans: the working day, as ``check_spans`` lets it pass.
            start: moment 0 (aware).
            days: how far ahead anybody will ask; later, nobody works.
        """
        check_spans(spans)
        self._opens: list[float] = []
        self._closes: list[float] = []
        first = start.astimezone(SHANGHAI).date()
        for number in range(int(days) + 2):
            day = first + timedelta(days=number)
            if not calendar.works(day):
                continue
            midnight = (datetime.combine(day, time(), SHANGHAI) - start).total_seconds()
            for begins, ends in spans:
                self._add(max(0.0, midnight + begins * 60), midnight + ends * 60)
        self._before = [0.0]
        for opens, closes in zip(self._opens, self._closes, strict=True):
            self._before.append(self._before[-1] + closes - opens)

    def _add(self, opens: float, closes: float) -> None:
        if closes <= opens:
            return
        if self._closes and opens <= self._closes[-1]:
            self._closes[-1] = closes
        else:
            self._opens.append(opens)
            self._closes.append(closes)

    def opening(self, moment: float) -> float:
        """Return the first moment from this one on at which somebody works; infinity if there is none any more."""
        place = bisect_right(self._closes, moment)
        return max(moment, self._opens[place]) if place < len(self._opens) else inf

    def worked(self, moment: float) -> float:
        """Return the working seconds from the start to a moment."""
        place = bisect_right(self._opens, moment)
        if not place:
            return 0.0
        return self._before[place - 1] + min(moment, self._closes[place - 1]) - self._opens[place - 1]

    def after(self, moment: float, work: float) -> float:
        """Return when so many working seconds from a moment on are done; infinity where they never are."""
        begin = self.opening(moment)
        place = bisect_right(self._closes, begin)
        # Most work is done before the desk closes; and a sum that starts at 0 would lose what is small.
        if place < len(self._closes) and begin + work <= self._closes[place]:
            return begin + work
        total = self.worked(begin) + work
        place = bisect_right(self._before, total) - 1
        if place >= len(self._opens):
            return inf
        return self._opens[place] + total - self._before[place]
