"""办结 and 销号 counted apart, across years and rounds: what came in, and how each of it stands now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from models.vocabulary import ENDS, Status


class Group(NamedTuple):
    """Petitions of one status: how many, how many of them are overdue, and the nearest due date among them (UTC)."""

    status: Status
    number: int
    late: int
    due: datetime | None


@dataclass(frozen=True)
class Line:
    """A year, a round, or all: ``closed`` is 办结, signed off or not; ``signed_off`` is 销号.

    ``received`` is ``closed`` and ``open`` and ``ended`` together; ``waiting`` is closed and not signed off yet.
    """

    name: str
    received: int = 0
    closed: int = 0
    signed_off: int = 0
    waiting: int = 0
    open: int = 0
    late: int = 0
    ended: int = 0
    due: datetime | None = None


COUNTS: Final = ("received", "closed", "signed_off", "waiting", "open", "late", "ended")


def line(name: str, groups: Iterable[Group]) -> Line:
    """Return how petitions stand, from what was counted of each status."""
    some = list(groups)

    def count(*statuses: Status) -> int:
        return sum(each.number for each in some if each.status in statuses)

    closed, ended = count(Status.CLOSED, Status.SIGNED_OFF), count(*ENDS)
    received = sum(each.number for each in some)
    return Line(
        name,
        received,
        closed,
        count(Status.SIGNED_OFF),
        count(Status.CLOSED),
        received - closed - ended,
        sum(each.late for each in some),
        ended,
        min((each.due for each in some if each.due), default=None),
    )


def query_of(scope: dict[str, str], figure: str) -> dict[str, str]:
    """Return what the list is asked for to show the cases of a figure; ``scope`` is the line's own part of it."""
    more: dict[str, dict[str, str]] = {
        "received": {},
        "closed": {"done": "1"},
        "signed_off": {"status": Status.SIGNED_OFF.value},
        "waiting": {"status": Status.CLOSED.value},
        "open": {"open": "1", "order": "due"},
        "late": {"overdue": "1", "order": "due"},
        "ended": {"ended": "1"},
    }
    return {"kind": "petition", **scope, **more[figure]}
