"""What comes next for a case, and the command that says it: one step of the lifecycle after another.

A case whose next step belongs to somebody who is not simulated (a hearing's chair, the petitioner, the leader who
decides a reconsideration or an extension) stands still; its clocks run on.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from models.case import Case
from models.clocks import Alarm
from models.commands import (
    Accept,
    Approve,
    ApproveInterim,
    Assign,
    Command,
    FinishTask,
    PlanRectification,
    RecordFindings,
    Register,
    Reply,
    SendBack,
    SubmitForReview,
)
from models.organisation import Organisation
from models.values import Evidence, Finding, TaskOutcome
from models.vocabulary import Flag, Kind, Opinion, Role, Status, Verdict
from models.world import Actor

STANDING: Final = frozenset({Flag.OBJECTION, Flag.HEARING, Flag.ASKED})
MADE_UP: Final = "模拟"
"""How a simulated person's id begins, so that it is never anybody's who had a hand in a real case."""


@dataclass(slots=True)
class Petition:
    """A case on its way through one run, with everything that luck decided of it when it came in.

    ``work`` are seconds by step; ``arrived`` is None for what was there before; ``unit`` is where it will go. It is
    ``busy`` while it waits in line or somebody works on it, ``remedying`` while it is being put
    right, which is nobody's work here, and ``stuck`` once a step was refused.
    """

    case: Case
    work: dict[str, float]
    substantiated: bool
    returned: bool
    unit: str | None = None
    arrived: float | None = None
    visited: bool = False
    remedied: bool = False
    busy: bool = False
    stuck: bool = False
    remedying: bool = False
    alarm: Alarm | None = None
    due: datetime | None = None


def next_step(petition: Petition) -> str | None:  # noqa: PLR0911 - one line for each status
    """Return the name of the step that comes next, None where nothing does or somebody else must act first."""
    case = petition.case
    if not STANDING.isdisjoint(case.flags):
        return None
    match case.status:
        case Status.REGISTERED:
            return "accept"
        case Status.ACCEPTED:
            return "assign"
        case Status.ASSIGNED:
            return "visit"
        case Status.VERIFIED:
            return "submit" if case.verdict is Verdict.UNSUBSTANTIATED else "plan"
        case Status.RECTIFYING if not case.open_tasks:
            return "submit" if petition.remedied or case.tasks else "remedy"
        case Status.INTERIM if case.tasks and not case.open_tasks:
            return "submit"
        case Status.REVIEWING if Flag.EXTENSION not in case.flags:
            return "review"
        case Status.CLOSED if case.kind is Kind.PETITION and Flag.REPLIED not in case.flags:
            return "reply"
        case _:
            return None


@cache
def actor_of(role: Role, unit: str | None) -> Actor:
    """Return the simulated people of a kind; an inspector is one of the case's unit."""
    roles = (Role.HANDLER, Role.INSPECTOR) if role is Role.INSPECTOR else (role,)
    return Actor(id=f"{MADE_UP}{role.zh}", roles=roles, unit=unit if role is Role.INSPECTOR else None)


@cache
def registration(channel: str, types: tuple[str, ...]) -> Register:
    """Return the registration of a made-up petition."""
    return Register(channel=channel, place=MADE_UP, summary=MADE_UP, types=types)


def command(petition: Petition, step: str, organisation: Organisation | None) -> Command:
    """Return what is said when a step is done."""
    match step:
        case "assign":
            unit = petition.unit or ""
            return _assignment(unit, handler(petition.case, unit, organisation))
        case "visit":
            return _findings(petition.substantiated)
        case "review" if petition.returned:
            return SEND_BACK
        case "review" if petition.case.open_tasks:
            return INTERIM
        case "reply":
            return _reply(petition.case.verdict is Verdict.UNSUBSTANTIATED)
        case _:
            return SAID[step]


def handler(case: Case, unit: str, organisation: Organisation | None) -> str | None:
    """Return the first of the unit's handlers who may have this case (art. 28 and 30), None if there is none."""
    for person in organisation.people if organisation else ():
        fit = Role.HANDLER in person.roles and person.unit == unit and not person.away
        if fit and person.id not in case.named and case.parties.isdisjoint(person.interests):
            return person.id
    return None


def finished(task: Case) -> FinishTask:
    """Return how a task's end reaches its petition."""
    return FinishTask(task=task.id, outcome=TaskOutcome.DONE, task_hands=task.hands)


SEND_BACK: Final = SendBack(reason=MADE_UP)
INTERIM: Final = ApproveInterim()
SAID: Final[dict[str, Command]] = {
    "accept": Accept(),
    "plan": PlanRectification(measures=MADE_UP),
    "submit": SubmitForReview(),
    "review": Approve(),
}


@cache
def _assignment(unit: str, person: str | None) -> Assign:
    return Assign(unit=unit, handler=person)


@cache
def _findings(substantiated: bool) -> RecordFindings:  # noqa: FBT001 - a key of the cache
    verdict = Verdict.SUBSTANTIATED if substantiated else Verdict.UNSUBSTANTIATED
    proof = Evidence(sha256="0" * 64, name=MADE_UP)
    return RecordFindings(findings=(Finding(point=MADE_UP, verdict=verdict, text=MADE_UP, evidence=(proof,)),))


@cache
def _reply(unsubstantiated: bool) -> Reply:  # noqa: FBT001 - a key of the cache
    return Reply(opinion=Opinion.EXPLAIN if unsubstantiated else Opinion.SUPPORT, text=MADE_UP)
