"""Envelopes, receipts and facts: what goes through the door and what comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from models.commands import COMMANDS, Register
from models.envelope import Envelope, Receipt, command_of
from models.event import Recorded, changes
from models.evolve import evolve, fold
from models.facts import Facts, facts_of
from models.refusals import Malformed, Refused, UnknownCommand
from models.vocabulary import Kind, Role, Stage, Status
from tests.core.builders import FORMS, START, a_case, a_command, a_story


def an_envelope(command: str = "register", **more: Any) -> Envelope:
    data = FORMS["register"](a_case(Status.ACCEPTED)) if command == "register" else {}
    return Envelope.model_validate({"id": "e1", "actor": "clerk", "command": command, "data": data, **more})


def test_an_envelope_holds_one_command_that_is_read_and_checked() -> None:
    command = command_of(an_envelope())
    assert isinstance(command, Register)
    assert command.channel == "system"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_survives_the_way_through_an_envelope(name: str) -> None:
    command = a_command(name, a_case(Status.VERIFIED))
    envelope = an_envelope(name, data=command.model_dump(mode="json", exclude_unset=True))
    assert command_of(Envelope.model_validate_json(envelope.model_dump_json())) == command


def test_a_command_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownCommand) as refusal:
        command_of(an_envelope("aprove"))
    assert "aprove" in refusal.value.zh


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "channel"),
        ({"channel": "letter", "place": "x", "summary": "x", "telephone": "1"}, "telephone"),
        ({"channel": "letter", "place": "x", "summary": "\x00"}, "summary"),
        ({"channel": "letter", "place": "x" * 201, "summary": "x"}, "place"),
        ({"channel": "letter", "place": "x", "summary": "x", "types": ["水"] * 13}, "types"),
        ({"channel": "letter", "place": "x", "summary": "x", "filings": [{"channel": "letter"}]}, "filings.0.number"),
    ],
)
def test_a_form_filled_in_wrongly_names_the_field(data: dict[str, object], field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        command_of(an_envelope(data=data))
    assert refusal.value.details["field"] == field
    assert field in refusal.value.zh
    assert field in refusal.value.en


def test_a_refusal_is_an_answer_with_a_code_and_two_sentences() -> None:
    refusal = Refused()
    assert (refusal.zh, refusal.en, str(refusal)) == ("该操作未被允许。", "This was not allowed.", "该操作未被允许。")
    with pytest.raises(Refused):
        raise refusal


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "x" * 201},
        {"actor": "\u202eadmin"},
        {"occurred_at": "2026-03-02T09:00:00"},
        {"occurred_at": "9999-12-31T23:59:59+00:00"},
        {"via": {"键": "x"}},
        {"via": {"user": "\x00"}},
        {"extra": 1},
    ],
)
def test_an_envelope_that_would_spoil_an_event_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        an_envelope(**wrong)


def test_a_told_moment_is_kept_in_utc() -> None:
    envelope = an_envelope(occurred_at="2026-03-02T09:00:00+08:00")
    assert envelope.occurred_at == START
    assert envelope.occurred_at.tzinfo is UTC


# ── facts ──


def test_facts_tell_the_next_alarm_what_is_to_do_and_nothing_of_anybody() -> None:
    case = a_case(Status.ASSIGNED)
    real = START + timedelta(seconds=5)
    facts = facts_of(case, real)
    assert facts.alarm
    assert case.alarm
    assert (facts.alarm.due_at, facts.alarm.ring_at) == (case.alarm.at, real)
    assert (facts.stage, facts.seq, facts.reactions) == (Stage.VERIFICATION, 3, case.pending)
    assert not facts.resting
    told = facts.model_dump_json()
    assert not any(word in told for word in (case.place, case.summary, case.respondent, "handler", "leader"))
    assert Facts.model_validate_json(told) == facts
    at_once = facts_of(case, None).alarm
    assert at_once
    assert at_once.ring_at == at_once.due_at


def test_a_case_with_nothing_to_come_rests() -> None:
    case = a_case(Status.IN_FORCE, kind=Kind.ORGANISATION)
    facts = facts_of(case, None)
    assert facts.resting
    assert case.resting
    assert facts.alarm is None


def test_a_receipt_survives_its_way() -> None:
    facts = facts_of(a_case(Status.ASSIGNED), None)
    receipt = Receipt(envelope="e1", case="XF1", seq=3, event="assigned", at=START, facts=facts)
    assert Receipt.model_validate_json(receipt.model_dump_json()) == receipt
    assert receipt.repeated is False


# ── events ──


def test_an_event_must_follow_the_one_before() -> None:
    story = a_story(Status.ASSIGNED)
    first, second, third = story.events
    assert fold([]) is None
    assert fold([third], fold([first, second])) == story.case
    for events in ([second], [first, third], [first, second, second]):
        with pytest.raises(ValueError, match="does not follow"):
            fold(events)
    other = second.model_copy(update={"case": "XF2026000002"})
    with pytest.raises(ValueError, match="XF2026000002/2 does not follow XF2026000001/1"):
        evolve(fold([first]), other)


def test_an_event_sets_only_what_a_case_has() -> None:
    with pytest.raises(ValidationError):
        changes(stauts="accepted")
    with pytest.raises(ValidationError):
        changes(clocks=())


def test_reactions_bear_the_number_of_their_event_and_are_pending_until_an_outcome_is_told() -> None:
    story = a_story(Status.ACCEPTED)
    (name,) = story.case.pending
    assert name == "XF2026000001#2.1.letter"
    assert story.events[-1].reaction_ids() == (name,)
    story.do("dispatcher", "assign").do(
        Role.ENGINE, "record_outcome", reaction=name, outcome="failed", detail="无人签收"
    )
    assert story.events[-1].event.name == "not_carried_out"
    assert story.case.pending == ("XF2026000001#3.1.letter",)


def test_a_recorded_event_is_the_same_after_its_way_through_json() -> None:
    for recorded in a_story(Status.SIGNED_OFF).events:
        assert Recorded.model_validate_json(recorded.body()) == recorded
    assert isinstance(recorded.recorded_at, datetime)
