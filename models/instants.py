"""Instants are UTC; people read Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError

from models.counting import SHANGHAI

FIRST_YEAR, LAST_YEAR = 1901, 2999
"""A day or an instant outside these years is a slip of the pen, and could not be counted from."""


def is_countable(day: date) -> bool:
    """Tell whether a day is one that can be counted from."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _of_this_world(day: date) -> date:
    if not is_countable(day):
        raise PydanticCustomError(
            "year_out_of_range",
            "{year} 年不在 {first} 至 {last} 年之间 / the year {year} is not between {first} and {last}",
            {"year": day.year, "first": FIRST_YEAR, "last": LAST_YEAR},
        )
    return day


def _utc(at: datetime) -> datetime:
    _of_this_world(at)
    return at.astimezone(UTC)


Day = Annotated[date, AfterValidator(_of_this_world)]
"""A legal day, in Asia/Shanghai."""
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant; one without a time zone is refused, one of another zone is brought to UTC."""


def shown(at: datetime) -> str:
    """Write an instant the way the desk reads it: Shanghai time, to the minute."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def shown_due(at: datetime) -> str:
    """Write a due date the way the desk reads it: the end of a day is that day's 24:00, not the next one's midnight."""
    text = shown(at)
    return f"{shown(at - timedelta(days=1))[:10]} 24:00" if text.endswith(" 00:00") else text
