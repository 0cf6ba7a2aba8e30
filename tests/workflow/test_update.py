"""Whoever speaks Temporal may act: the `perform` update, from a client that knows only the form of an envelope."""

import asyncio
import uuid
from collections import Counter
from typing import Any, Final

import pytest
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes

from adapters.codec import codec_of
from adapters.desk import Desk
from models.envelope import Envelope, Receipt
from models.facts import Facts
from models.vocabulary import Role, Stage, Status
from tests.workflow.desks import Office
from tests.workflow.lives import EVENTS, reviewed, the_life, without_outcomes

CASE: Final = "XF2026000001"
Answer = dict[str, Any]


@pytest.fixture
async def plain(desk: Desk) -> Client:
    """A client as any program would connect one: with the key, but no plugin, no types of ours."""
    return await Client.connect(
        str(desk.settings.temporal_address),
        namespace=desk.settings.temporal_namespace,
        data_converter=DataConverter(
            payload_codec=codec_of(desk.sealer.keys),
            failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
        ),
    )


async def update(client: Client, case: str, envelope: Answer, *, key: str | None = None) -> Answer:
    """Perform through an update and return the bare answer."""
    answer: Answer = await client.get_workflow_handle(f"case-{case}").execute_update(
        "perform", envelope, id=key, result_type=dict
    )
    return answer


def bare(envelope: Envelope) -> Answer:
    return envelope.model_dump(mode="json", exclude_unset=True)


async def test_the_whole_life_driven_by_updates_alone(office: Office, plain: Client) -> None:
    await office.perform("register", "clerk", CASE, channel="letter", place="白马乡", summary="夜间恶臭")
    await office.settled()

    async def act(envelope: Envelope) -> Receipt:
        case = str(envelope.case)
        await office.settled(case)
        answer = await update(plain, case, bare(envelope))
        assert answer["refusal"] is None
        return Receipt.model_validate(answer["receipt"])

    async for taken in the_life(office, CASE, act=act, skip=1):
        assert taken.receipt.facts.stage is taken.step.stage
        # The ledger holds the receipt's event at its number; what came after it is outcomes of reactions alone, for the
        # worker may have carried them all out by now.
        told, *after = [each.event.name for each in office.history(taken.receipt.case)[taken.receipt.seq - 1 :]]
        assert told == taken.receipt.event
        assert set(after) <= {"carried_out"}
    await office.settled()
    assert without_outcomes(office.history(CASE)) == EVENTS
    assert office.case(CASE).status is Status.SIGNED_OFF
    assert office.letters() == office.letters_owed()
    # The asker's own manager was told by the answer: no signal went out for what it had done itself.
    history = await office.handle(CASE).fetch_history()
    signals = [each for each in history.events if each.HasField("workflow_execution_signaled_event_attributes")]
    assert len(signals) <= 4  # the registration and what came from the tasks


async def test_an_update_with_start_registers_the_petition_and_starts_its_life(office: Office, plain: Client) -> None:
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "Petition",
        {"case": CASE},
        id=f"case-{CASE}",
        task_queue=office.desk.settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    registration = {
        "id": "any-sdk-1",
        "case": CASE,
        "actor": "clerk",
        "command": "register",
        "data": {"channel": "letter", "place": "白马乡", "summary": "夜间恶臭"},
    }
    answer = await plain.execute_update_with_start_workflow(
        "perform", registration, start_workflow_operation=start, result_type=dict
    )
    assert (answer["receipt"]["case"], answer["receipt"]["event"]) == (CASE, "registered")
    await office.settled()
    known = await office.known(CASE)
    assert known is not None
    assert (known.stage, known.seq) == (Stage.INTAKE, 1)
    accepted = await update(plain, CASE, {"id": "any-sdk-2", "case": CASE, "actor": "clerk", "command": "accept"})
    assert accepted["receipt"]["event"] == "accepted"
    await office.settled()
    assert office.letters() == {f"{CASE}_2.1.letter"}
    # It never asked the ledger for a case that was not there yet.
    history = await office.handle(CASE).fetch_history()
    scheduled = [
        each.activity_task_scheduled_event_attributes.activity_type.name
        for each in history.events
        if each.HasField("activity_task_scheduled_event_attributes")
    ]
    assert scheduled == ["perform", "perform", "deliver"]


async def test_what_is_over_can_still_be_spoken_to(office: Office, plain: Client) -> None:
    """The workflow of a declined petition has ended; an update with start wakes it for one answer."""
    await office.petition(CASE)
    await office.perform("decline", "clerk", CASE, reason="不属于职责范围")
    await office.settled()
    assert await office.status(CASE) is WorkflowExecutionStatus.COMPLETED
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "Petition",
        {"case": CASE},
        id=f"case-{CASE}",
        task_queue=office.desk.settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    note = {"id": "note", "case": CASE, "actor": "clerk", "command": "note", "data": {"text": "来电询问"}}
    answer = await plain.execute_update_with_start_workflow(
        "perform", note, start_workflow_operation=start, result_type=dict
    )
    assert answer["receipt"]["event"] == "noted"
    await office.settled()
    assert await office.status(CASE) is WorkflowExecutionStatus.COMPLETED
    assert office.events(CASE) == ["registered", "declined", "carried_out", "noted"]


async def test_a_refusal_comes_back_as_an_answer_in_both_languages(office: Office, plain: Client) -> None:
    case = await office.petition()
    await office.settled()
    before = office.history(case)
    asked = {
        "not_now": ("dispatcher", "assign", {"unit": "enforcement"}),
        "not_yours": ("li", "accept", {}),
        "unknown_person": ("nobody", "accept", {}),
        "unknown_command": ("clerk", "burn", {}),
        "malformed": ("clerk", "decline", {}),
        "not_pending": ("engine", "record_outcome", {"reaction": "x", "outcome": "done"}),
        "reserved": ("clock", "ring", {"clock": "accept", "rung": "red", "due_at": "2026-03-01T00:00:00Z"}),
    }
    for code, (actor, command, data) in asked.items():
        envelope = {"id": f"refused-{code}", "case": case, "actor": actor, "command": command, "data": data}
        answer = await update(plain, case, envelope)
        assert answer["receipt"] is None
        # Whoever names the engine or the clock is turned away before anything else is looked at.
        assert answer["refusal"]["code"] == ("reserved" if actor in {"engine", "clock"} else code)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in answer["refusal"]["zh"])
        assert answer["refusal"]["en"].isascii() or code == "malformed"
        assert "{" not in answer["refusal"]["zh"] + answer["refusal"]["en"]
    assert office.history(case) == before
    other = await update(plain, case, {"id": "x", "case": "XF1999", "actor": "clerk", "command": "accept"})
    assert other["refusal"]["code"] == "unknown"


async def test_what_is_no_envelope_fails_its_sender_and_nobody_else(office: Office, plain: Client) -> None:
    case = await office.petition()
    await office.settled()
    for nonsense in ({"command": "accept"}, {"id": 5}, {}):
        with pytest.raises(WorkflowUpdateFailedError):
            await update(plain, case, nonsense)
    await plain.get_workflow_handle(f"case-{case}").signal("told", {"case": case, "seq": "many"})
    answer = await update(plain, case, {"id": "1", "case": case, "actor": "clerk", "command": "accept"})
    assert answer["receipt"]["event"] == "accepted"
    await office.settled()


async def test_an_envelope_for_another_case_reaches_that_case_too(office: Office, plain: Client) -> None:
    mine, other = await office.petition(), await office.petition()
    await office.settled()
    answer = await update(plain, mine, {"id": "1", "case": other, "actor": "clerk", "command": "accept"})
    assert answer["receipt"]["case"] == other
    await office.settled()
    known = await office.known(other)
    assert known is not None
    assert known.stage is Stage.ASSIGNMENT
    assert office.letters() == {f"{other}_2.1.letter"}
    assert (await office.known(mine)) == office.desk.door.facts(office.case(mine))


async def test_two_reviewers_in_the_same_second_one_wins_and_the_other_is_told_why(
    office: Office, plain: Client
) -> None:
    for number in range(1, 6):
        case = f"XF202600000{number}"
        await reviewed(office, case)
        await office.settled()
        commands: dict[str, tuple[str, Answer]] = {
            "reviewer": ("approve", {}),
            "other_reviewer": ("send_back", {"reason": "缺照片"}),
        }
        if number % 2:
            commands["other_reviewer"] = ("approve", {})
        answers = await asyncio.gather(
            *(
                update(
                    plain,
                    case,
                    {"id": str(uuid.uuid4()), "case": case, "actor": who, "command": command, "data": data},
                )
                for who, (command, data) in commands.items()
            )
        )
        won = [each["receipt"]["event"] for each in answers if each["receipt"]]
        lost = [each["refusal"] for each in answers if each["refusal"]]
        assert (len(won), len(lost)) == (1, 1)
        assert lost[0]["code"] == "not_now"
        assert ("已办结" if won == ["closed"] else "已核查") in lost[0]["zh"]
        assert office.events(case).count("closed") + office.events(case).count("sent_back") == 1
        await office.settled()
        known = await office.known(case)
        assert known is not None
        assert known.status is office.case(case).status


async def test_the_same_envelope_three_times_at_once_is_one_event_and_one_receipt(
    office: Office, plain: Client
) -> None:
    case = await office.petition()
    await office.settled()
    envelope = {"id": "thrice", "case": case, "actor": "clerk", "command": "accept"}
    through_updates = [update(plain, case, envelope) for _ in range(3)]
    at_the_door = asyncio.to_thread(office.desk.door.perform, [Envelope.model_validate(envelope)])
    answers = asyncio.gather(*through_updates)
    receipts = [*await at_the_door, *(Receipt.model_validate(each["receipt"]) for each in await answers)]
    assert {(each.case, each.seq, each.event, each.at) for each in receipts} == {
        (case, 2, "accepted", office.when(case, "accepted"))
    }
    assert Counter(each.repeated for each in receipts) == {True: 3, False: 1}
    await office.settled()
    assert Counter(office.events(case)) == {"registered": 1, "accepted": 1, "carried_out": 1}
    # The same envelope again, long after: the receipt it had.
    again = await update(plain, case, envelope)
    assert (again["receipt"]["seq"], again["receipt"]["repeated"]) == (2, True)
    changed = await update(plain, case, {**envelope, "data": {"note": "改"}})
    assert changed["refusal"]["code"] == "other_content"
    assert {each.event.role for each in office.history(case)} == {Role.CLERK, Role.ENGINE}
    assert isinstance(await office.known(case), Facts)
