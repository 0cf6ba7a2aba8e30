"""The three lists (问题清单、任务清单、责任清单) as views over cases: what is wrong, what is done by when, who owes it.

Pure; docs/lists.md defines each column. A problem is a point that was found, or what a petition says while nothing is
found yet, or an item of an action plan. A task is a rectification task, or a petition's own measures where it has none
(立行立改). A duty is what one unit, leader and handler owe together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.case import Case
from models.counting import due_day, legal_day
from models.progress import is_late
from models.vocabulary import Kind, Status, Verdict

ENDED = frozenset({Status.CLOSED, Status.SIGNED_OFF})


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: of which case, where, what, and how it stands."""

    case: Case
    what: str
    place: str
    verdict: Verdict | None
    since: date | None


@dataclass(frozen=True)
class Assignment:
    """One thing that is to be done: of which case, what, by when; ``late`` while it is open and its day has gone by."""

    case: Case
    measure: str
    standard: str
    target: date | None
    late: bool


@dataclass(frozen=True)
class Duty:
    """What one unit, leader and handler owe together: cases in all, open, overdue, and the nearest day among them."""

    unit: str
    leader: str
    handler: str
    cases: tuple[str, ...]
    open: int
    late: int
    due: datetime | None


@dataclass(frozen=True)
class ThreeLists:
    """The three lists of some cases."""

    problems: Sequence[Problem]
    tasks: Sequence[Assignment]
    duties: Sequence[Duty]


def three_lists(cases: Iterable[Case], now: datetime) -> ThreeLists:
    """Return the three lists of cases: petitions, and tasks of theirs, of a plan or of a site."""
    some = [each for each in cases if each.kind in {Kind.PETITION, Kind.RECTIFICATION}]
    return ThreeLists(
        [problem for each in some for problem in _problems(each)],
        [task for each in some for task in _tasks(each, now)],
        _duties(some, now),
    )


def _problems(case: Case) -> Iterable[Problem]:
    since = legal_day(case.registered_at) if case.registered_at else None
    if case.kind is Kind.RECTIFICATION:
        if case.category and case.status is not Status.WITHDRAWN:
            yield Problem(case, case.measure, case.place, None, since)
        return
    found = [each for each in case.findings if each.verdict is not Verdict.UNSUBSTANTIATED]
    if not case.findings:
        yield Problem(case, case.summary, case.place, None, since)
    for each in found:
        yield Problem(case, each.point, each.place or case.place, each.verdict, since)


def _tasks(case: Case, now: datetime) -> Iterable[Assignment]:
    if case.kind is Kind.RECTIFICATION:
        if case.status is not Status.WITHDRAWN:
            yield Assignment(case, case.measure, case.standard, case.target, _late(case, now))
    elif case.measures and not case.tasks:
        yield Assignment(case, case.measures, case.goal, put_right_by(case), _late(case, now))


def put_right_by(case: Case) -> date | None:
    """Return the day by which a petition is to be put right: what is due while it is open, else what a ledger told.

    Of what is closed for now it is the day of the last task still open: its clock tells when to look again.
    """
    if case.status is Status.INTERIM and case.open_tasks:
        return max(task.target for task in case.open_tasks)
    return due_day(case.due) if case.is_open and case.due else case.rectify_by


def _duties(cases: Sequence[Case], now: datetime) -> list[Duty]:
    held: dict[tuple[str, str, str], list[Case]] = {}
    for each in cases:
        if each.status is not Status.WITHDRAWN:
            held.setdefault((each.unit or "", each.leader or "", each.handler or ""), []).append(each)
    found = []
    for (unit, leader, handler), own in held.items():
        still = [each for each in own if each.is_open]
        due = min((each.due for each in still if each.due), default=None)
        late = sum(_late(each, now) for each in own)
        found.append(Duty(unit, leader, handler, tuple(each.id for each in own), len(still), late, due))
    return sorted(found, key=lambda each: (-each.late, -each.open, each.unit, each.leader, each.handler))


def _late(case: Case, now: datetime) -> bool:
    if case.kind is Kind.RECTIFICATION:
        return is_late(case, now)
    return case.is_open and case.due is not None and case.due <= now
