"""A campaign's day in short (日报): what came in and was done, what is due today and tomorrow, who must act. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.batches import Batch, Of, batch_of, petitions_of
from models.case import Case
from models.counting import legal_day
from models.vocabulary import ENDS, Role, Status, Term

HANDED_IN: Final = frozenset({Status.REVIEWING, Status.INTERIM, Status.CLOSED, Status.SIGNED_OFF, Status.RECONSIDERING})
OVER: Final = HANDED_IN - {Status.REVIEWING}


class Deed(Term):
    """What was done with a petition, of what a digest tells; the value is the event's name."""

    FOUND = "findings_recorded", "核查", "verified"
    INTERIM = "interim_closed", "阶段性办结", "closed for now"
    CLOSED = "closed", "办结", "closed"
    STRUCK_OFF = "struck_off", "销号", "signed off"
    REOPENED = "reopened", "重新办理", "reopened"


class Step(Term):
    """What is owed of a petition within so many days of its batch; named like the campaign's deadlines."""

    ON_SITE = "on_site", "到现场核查", "on-site verification"
    HANDED_IN = "handed_in", "办结报审", "handing in"
    IN_PUBLIC = "in_public", "向社会公开", "telling the public"
    LIMIT = "limit", "办结", "closure"


CLOCKS: Final = {Step.ON_SITE: "verify", Step.LIMIT: "close"}
"""The clocks of the policy that are the same: where one runs, its date counts, with what moved it."""


@dataclass(frozen=True)
class Due:
    """A step that is owed of a petition, by which day, and the role that must act; a handler is its unit's."""

    case: Case
    step: Step
    day: date
    role: Role


@dataclass(frozen=True)
class Happening:
    """What was done with a petition."""

    case: str
    deed: Deed


@dataclass(frozen=True)
class Digest:
    """A campaign's day: its batch, what was done on it, what was due, overdue first, and the whole so far."""

    day: date
    came: Batch
    done: tuple[Happening, ...]
    late: tuple[Due, ...]
    today: tuple[Due, ...]
    tomorrow: tuple[Due, ...]
    total: Batch


def owed(case: Case, campaign: Case, published: Collection[str]) -> list[Due]:
    """Return what is still owed of a petition, each step with its day."""
    batch = batch_of(case, campaign)
    if batch is None or case.status in ENDS or _told(case):
        return []
    done = {
        Step.ON_SITE: case.verdict is not None,
        Step.HANDED_IN: case.status in HANDED_IN,
        Step.IN_PUBLIC: case.id in published,
        Step.LIMIT: case.status in OVER,
    }
    days = campaign.deadlines.model_dump()
    return [
        Due(case, step, _day(case, step, batch + timedelta(days=days[step.value])), _who(case, step))
        for step in Step
        if not done[step]
    ]


def _told(case: Case) -> bool:
    """Tell whether a table brought it in as far as it is: nobody here ever accepted it, so no day here was missed."""
    return case.imported and case.accepted_at is None and case.status is not Status.REGISTERED


def _day(case: Case, step: Step, otherwise: date) -> date:
    clock = case.clock(CLOCKS.get(step, ""))
    # A day's end is the first instant of the next.
    return legal_day(clock.due - timedelta(seconds=1)) if clock else otherwise


def _who(case: Case, step: Step) -> Role:
    if step is Step.IN_PUBLIC and case.verdict:
        return Role.DISPATCHER
    at = {Status.REGISTERED: Role.CLERK, Status.ACCEPTED: Role.DISPATCHER, Status.REVIEWING: Role.REVIEWER}
    return at.get(case.status, Role.HANDLER)


def digest(
    day: date,
    now: datetime,
    some: Sequence[Batch],
    then: Iterable[Case],
    campaign: Case,
    published: Collection[str],
    done: Iterable[Happening],
) -> Digest:
    """Return the digest of a day.

    Args:
        day: the day.
        now: the moment it is told at.
        some: the campaign's batches, as they are known now.
        then: its petitions as they stood at the end of the day, or stand now where it is not over.
        campaign: the campaign.
        published: the petitions that stood in a public table by then.
        done: what happened on that day, in order.
    """
    dues = sorted(
        (due for case in petitions_of(then) for due in owed(case, campaign, published)),
        key=lambda due: (due.day, due.case.id),
    )
    until = [each for each in some if each.day is not None and each.day <= day]
    return Digest(
        day=day,
        came=next((each for each in some if each.day == day), Batch(day, now)),
        done=tuple(done),
        late=tuple(due for due in dues if due.day < day),
        today=tuple(due for due in dues if due.day == day),
        tomorrow=tuple(due for due in dues if due.day == day + timedelta(days=1)),
        total=Batch(None, now, [case for each in until for case in each.cases]),
    )


SUMS: Final = (Of.RECEIVED, Of.VERIFIED, Of.INTERIM, Of.CLOSED, Of.OVERDUE)
"""What a digest sums up to the day."""
