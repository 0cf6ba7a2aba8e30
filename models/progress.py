"""How far an action plan has come: its items counted, whole and by category; docs/plans.md defines the figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.case import Case
from models.counting import legal_day
from models.vocabulary import Kind, Status


@dataclass(frozen=True)
class Progress:
    """Items of a plan or of one of its categories: how many of them stand where.

    ``total`` is without those that were cancelled; ``done`` holds what is closed, signed off or not; ``late`` is open
    and overdue, ``in_time`` closed by its day of what is done.
    """

    total: int = 0
    done: int = 0
    signed_off: int = 0
    late: int = 0
    in_time: int = 0
    cancelled: int = 0

    @property
    def rate(self) -> float | None:
        """The share that is done, None where there is nothing."""
        return self.done / self.total if self.total else None

    @property
    def left(self) -> int:
        """How many are still to be done."""
        return self.total - self.done


def is_late(task: Case, now: datetime) -> bool:
    """Return whether a task is open and its day has gone by, whatever clock of it runs or rests."""
    return task.is_open and task.target is not None and legal_day(now) > task.target


def progress(items: Iterable[Case], now: datetime) -> Progress:
    """Count items as they stand."""
    found = [each for each in items if each.kind is Kind.RECTIFICATION]
    cancelled = [each for each in found if each.status is Status.WITHDRAWN]
    done = [each for each in found if each.status in {Status.CLOSED, Status.SIGNED_OFF}]
    return Progress(
        total=len(found) - len(cancelled),
        done=len(done),
        signed_off=sum(each.status is Status.SIGNED_OFF for each in done),
        late=sum(is_late(each, now) for each in found),
        in_time=sum(each.on_time is True for each in done),
        cancelled=len(cancelled),
    )


def by_category(items: Sequence[Case], now: datetime) -> list[tuple[str, Progress]]:
    """Return the progress of each category, in the order in which the plan names them first."""
    names = dict.fromkeys(each.category for each in items)
    return [(name, progress([each for each in items if each.category == name], now)) for name in names]
