"""One petition's whole life as data: who does what, and the stage its process manager is in afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from adapters.world_book import ORGANISATION
from models.envelope import Envelope, Receipt
from models.event import ReactionKind, Recorded
from models.vocabulary import Stage
from tests.workflow.desks import Office

Act = Callable[[Envelope], Awaitable[Receipt]]
"""How an envelope is handed in: at the door, or by an update of the workflow."""

TEXT: Final = "…"
"""Stands for whatever somebody writes at that step; `the_life` puts its own words there."""
EVIDENCE: Final = [{"sha256": "a" * 64, "name": "照片"}]


@dataclass(frozen=True)
class Step:
    """One act: the command, who gives it, the stage that follows; `on` is the task it is given to, if to one."""

    command: str
    actor: str
    stage: Stage
    data: Mapping[str, object] = field(default_factory=dict)
    on: str = ""


def _tasks(today: str) -> list[dict[str, object]]:
    return [
        {"measure": TEXT, "target": today, "standard": TEXT},
        {"measure": TEXT, "target": today, "standard": TEXT},
    ]


FINDINGS: Final = [
    {"point": TEXT, "verdict": "substantiated", "text": TEXT, "respondent_found": TEXT, "evidence": EVIDENCE}
]

S = Stage
LIFE: Final = (
    Step("register", "clerk", S.INTAKE, {"channel": "letter", "place": TEXT, "summary": TEXT}),
    Step("accept", "clerk", S.ASSIGNMENT, {"note": TEXT}),
    Step("assign", "dispatcher", S.VERIFICATION, {"unit": "baima", "handler": "qian"}),
    Step("object", "qian", S.VERIFICATION, {"reason": TEXT}),
    Step("agree_return", "dispatcher", S.ASSIGNMENT, {"note": TEXT}),
    Step("assign", "dispatcher", S.VERIFICATION, {"unit": "enforcement", "handler": "li"}),
    Step("acknowledge", "li", S.VERIFICATION, {"note": TEXT}),
    Step("record_findings", "zhao", S.RECTIFICATION, {"findings": FINDINGS}),
    Step("plan_rectification", "li", S.RECTIFICATION, {"measures": TEXT, "task_plans": []}),
    Step("begin_hearing", "dispatcher", S.RECTIFICATION, {"reason": TEXT}),
    Step("end_hearing", "dispatcher", S.RECTIFICATION, {"text": TEXT}),
    Step("ask_petitioner", "clerk", S.RECTIFICATION, {"text": TEXT}),
    Step("petitioner_answered", "clerk", S.RECTIFICATION, {"summary_of_answer": TEXT}),
    Step("request_extension", "li", S.RECTIFICATION, {"extension_days": 20, "reason": TEXT}),
    Step("grant_extension", "sun", S.RECTIFICATION, {"note": TEXT}),
    Step("report_progress", "li", S.RECTIFICATION, {"text": TEXT}),
    Step("instruct", "county_deputy", S.RECTIFICATION, {"text": TEXT}),
    Step("answer_instruction", "li", S.RECTIFICATION, {"text": TEXT}),
    Step("urge", "dispatcher", S.RECTIFICATION, {"text": TEXT}),
    Step("submit_for_review", "li", S.REVIEW, {"text": TEXT}, on="-R1"),
    Step("send_back", "reviewer", S.RECTIFICATION, {"reason": TEXT}, on="-R1"),
    Step("submit_for_review", "li", S.REVIEW, {"text": TEXT}, on="-R1"),
    Step("approve", "reviewer", S.OVER, {"note": TEXT}, on="-R1"),
    Step("submit_for_review", "li", S.REVIEW, {"interim": True, "text": TEXT}),
    Step("send_back", "reviewer", S.RECTIFICATION, {"reason": TEXT}),
    Step("submit_for_review", "li", S.REVIEW, {"interim": True, "text": TEXT}),
    Step("approve_interim", "reviewer", S.CLOSURE, {"note": TEXT}),
    Step("submit_for_review", "li", S.REVIEW, {"text": TEXT}, on="-R2"),
    Step("approve", "other_reviewer", S.OVER, {"note": TEXT}, on="-R2"),
    Step("submit_for_review", "li", S.REVIEW, {"text": TEXT}),
    Step("approve", "reviewer", S.CLOSURE, {"note": TEXT}),
    Step("reply", "clerk", S.CLOSURE, {"opinion": "support", "text": TEXT}),
    Step("apply_sign_off", "li", S.SIGN_OFF, {"text": TEXT}),
    Step("accept_on_site", "zhao", S.SIGN_OFF, {"text": TEXT}),
    Step("countersign", "other_reviewer", S.SIGN_OFF, {"note": TEXT}),
    Step("publish_notice", "clerk", S.SIGN_OFF, {"where": TEXT}),
    Step("strike_off", "dispatcher", S.LOOK_BACK, {"note": TEXT}),
)
"""From register to struck off: an objection, two tasks, a hearing, a question, an extension, two returns, interim."""

EVENTS: Final = [
    "registered",
    "accepted",
    "assigned",
    "objected",
    "return_agreed",
    "assigned",
    "acknowledged",
    "findings_recorded",
    "rectification_planned",
    "hearing_begun",
    "hearing_ended",
    "petitioner_asked",
    "petitioner_answered",
    "extension_requested",
    "extension_granted",
    "progress_reported",
    "instructed",
    "instruction_answered",
    "urged",
    "task_finished",
    "submitted",
    "sent_back",
    "submitted",
    "interim_closed",
    "task_finished",
    "submitted",
    "closed",
    "replied",
    "sign_off_applied",
    "accepted_on_site",
    "countersigned",
    "notice_published",
    "struck_off",
]
"""What the petition's ledger holds of it, beside the outcomes of reactions."""


@dataclass(frozen=True)
class Lived:
    """A step that was taken, with the door's answer."""

    step: Step
    receipt: Receipt


async def the_life(
    office: Office,
    number: str,
    *,
    act: Act | None = None,
    words: Callable[[str], str] = str,
    until: str | None = None,
    skip: int = 0,
) -> AsyncIterator[Lived]:
    """Drive a petition from register to struck off, step by step, yielding after each.

    Args:
        office: the desk; what happens between cases is waited for before the next step.
        number: the petition's number.
        act: how envelopes are handed in; at the door by default.
        words: makes what is written in a field from the field's name.
        until: the command after whose first step to stop.
        skip: so many steps were taken already.
    """
    today = await asyncio.to_thread(office.desk.moments.now) + timedelta(days=40)
    for place, step in enumerate(LIFE[skip:], skip):
        data = {
            name: _tasks(today.date().isoformat()) if name == "task_plans" else value
            for name, value in step.data.items()
        }
        envelope = Envelope(
            id=f"{number}/life/{place}",
            case=number + step.on,
            actor=step.actor,
            command=step.command,
            data={name: _worded(value, name, words) for name, value in data.items()},
        )
        if act is None:
            receipt = await _at_the_door(office, envelope)
        else:
            receipt = await act(envelope)
        yield Lived(step, receipt)
        if step.command == until:
            return
        await office.until(lambda: not _links(office), "what goes between the cases is carried out")


async def lived(office: Office, number: str, until: str | None = None, *, skip: int = 0) -> None:
    """Drive a petition through its life at the door, all of it or until after a command."""
    async for _ in the_life(office, number, until=until, skip=skip):
        pass


async def _at_the_door(office: Office, envelope: Envelope) -> Receipt:
    return (await asyncio.to_thread(office.desk.door.perform, [envelope]))[0]


def _worded(value: object, name: str, words: Callable[[str], str]) -> JsonValue:
    if value == TEXT:
        return words(name)
    if isinstance(value, list):
        return [_worded(each, name, words) for each in value]
    if isinstance(value, dict):
        return {key: _worded(each, key, words) for key, each in value.items()}
    return value  # type: ignore[return-value]


def _links(office: Office) -> list[str]:
    return [
        reaction
        for case in office.cases()
        if case.id != ORGANISATION
        for reaction in case.pending
        if not reaction.endswith(ReactionKind.LETTER)
    ]


async def reviewed(office: Office, case: str) -> None:
    """Bring a petition to its review: unsubstantiated, so that nothing is to be put right."""
    await office.petition(case)
    await office.perform("accept", "clerk", case)
    await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
    finding = {"point": "一", "verdict": "unsubstantiated", "text": "未见异常", "evidence": EVIDENCE}
    await office.perform("record_findings", "zhao", case, findings=[finding])
    await office.perform("submit_for_review", "li", case)


def without_outcomes(history: list[Recorded]) -> list[str]:
    """The names of the events, leaving out the outcomes of reactions: those come whenever they are done."""
    return [each.event.name for each in history if "reaction" not in each.event.said]
