"""How long it is kept who complained: rows of the policy, each for some statuses, so many years from a day.

The time that is over is grounds to have it erased (个人信息保护法, art. 19 and 47); it erases nothing by itself. The
redacted case, what officials wrote and the chain are archives and stay.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from models.base import Frozen, Line, Word
from models.counting import legal_day
from models.vocabulary import Status, Term

if TYPE_CHECKING:
    from models.case import Case


class Since(Term):
    """From which day it is counted; the value is the case's field."""

    REGISTERED = "registered_at", "登记", "registration"
    CLOSED = "closed_at", "办结", "closure"
    SIGNED_OFF = "signed_off_at", "销号", "sign-off"


class RetentionRow(Frozen):
    """One row: of cases at these statuses it is kept so many years from that day, by that source."""

    name: Word
    zh: Line
    en: Line
    at: tuple[Status, ...] = Field(min_length=1)
    since: Since
    years: int = Field(ge=1, le=100)
    source: Line


def usual() -> tuple[RetentionRow, ...]:
    """Return the rows of a desk that has not said otherwise; no source fixes the years, they are to be confirmed."""
    source = "本地设定，依据个人信息保护法第十九条（最短必要期限）确认后使用 / local, to be confirmed"
    return (
        RetentionRow(
            name="signed_off",
            zh="已销号的信访件",
            en="petitions that are signed off",
            at=(Status.SIGNED_OFF,),
            since=Since.SIGNED_OFF,
            years=10,
            source=source,
        ),
        RetentionRow(
            name="closed",
            zh="已办结并答复的信访件",
            en="petitions that are closed and replied to",
            at=(Status.CLOSED,),
            since=Since.CLOSED,
            years=10,
            source=source,
        ),
        RetentionRow(
            name="not_handled",
            zh="不予受理、转送或撤回的信访件",
            en="petitions that were declined, referred or withdrawn",
            at=(Status.DECLINED, Status.REFERRED, Status.WITHDRAWN),
            since=Since.REGISTERED,
            years=3,
            source=source,
        ),
    )


def row_of(rows: Iterable[RetentionRow], case: "Case") -> RetentionRow | None:
    """Return the first row for a case's status, None where there is none: then it is kept."""
    return next((row for row in rows if case.status in row.at), None)


def kept_until(row: RetentionRow, case: "Case") -> date | None:
    """Return the last day on which it is kept, None where the case does not tell from when.

    Counted as a term of years is: it ends on the day of that date, or on the last one of February.
    """
    since = getattr(case, row.since.value)
    if since is None:
        return None
    return in_years(legal_day(since), row.years)


def in_years(day: date, years: int) -> date:
    """Return the same day so many years later, or before; of a 29 February the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
