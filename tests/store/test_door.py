"""The one door: receipts, repeats, refusals, and that an order is carried out whole or not at all."""

import pytest
import sqlalchemy as sa
from pydantic import JsonValue

from adapters import queries, tables
from adapters.brought import SAME
from adapters.door import Order
from models.envelope import Envelope
from models.refusals import NotNow, OtherContent, Refused, Reserved, Unknown, UnknownPerson
from models.vocabulary import Role, Status
from tests.core.builders import START
from tests.store.desks import Office, an_envelope, another_door, dump, organisation, registering
from tests.store.other_process import Other
from tests.store.sheet_helpers import assert_readable


def test_an_accepted_command_is_answered_with_a_receipt(office: Office) -> None:
    (receipt,) = office.door.perform([registering()])
    assert (receipt.envelope, receipt.case, receipt.seq, receipt.event) == ("r1", "XF2026000001", 1, "registered")
    assert receipt.at == START
    assert not receipt.repeated
    assert receipt.facts.status is Status.REGISTERED
    assert receipt.facts.alarm is not None
    assert receipt.facts.alarm.clock == "accept"
    assert office.case(receipt.case).seq == 1


def test_a_repeated_envelope_finds_its_receipt_with_the_case_as_it_stands_by_then(office: Office) -> None:
    (first,) = office.door.perform([registering()])
    office.act(first.case, Role.CLERK, "accept")
    office.moments.wait(days=1)
    before = dump(office.database)
    (again,) = office.door.perform([registering()])
    assert (again.case, again.seq, again.event, again.at) == (first.case, 1, "registered", first.at)
    assert again.repeated
    assert again.facts.seq == 2
    assert again.facts.status is Status.ACCEPTED
    assert dump(office.database) == before


def test_a_repeat_is_found_whatever_the_rules_say_by_then(office: Office) -> None:
    """Asked anew, a second acceptance would be refused; the same envelope only asks what became of it."""
    case = office.register()
    accepting = office.asking(case, Role.CLERK, "accept")
    office.door.perform([accepting])
    office.act(case, Role.DISPATCHER, "assign")
    (again,) = office.door.perform([accepting])
    assert (again.seq, again.repeated) == (2, True)


def test_the_same_id_with_another_content_is_refused(office: Office) -> None:
    office.door.perform([registering()])
    before = dump(office.database)
    for other in (registering(summary="另一件事"), registering().model_copy(update={"actor": "dispatcher"})):
        with pytest.raises(OtherContent) as refusal:
            office.door.perform([other])
        assert "r1" in refusal.value.zh
        assert "r1" in refusal.value.en
    assert dump(office.database) == before


def test_the_way_an_envelope_came_does_not_make_it_another_one(office: Office) -> None:
    office.door.perform([registering()])
    again = registering().model_copy(update={"via": {"channel": "import"}})
    assert office.door.perform([again])[0].repeated


# ── all or nothing ──


def test_an_order_over_several_cases_is_accepted_whole(office: Office) -> None:
    one, two = office.a_case(Status.ASSIGNED), office.register()
    receipts = office.door.perform(
        [
            office.asking(one, Role.DISPATCHER, "note"),
            office.asking(two, Role.CLERK, "accept"),
            office.asking(one, Role.CLERK, "note"),
            registering("third"),
        ]
    )
    assert [(receipt.case, receipt.seq) for receipt in receipts] == [(one, 4), (two, 2), (one, 5), ("XF2026000003", 1)]


def test_an_order_of_which_one_part_is_refused_changes_nothing_at_all(office: Office) -> None:
    one, two = office.a_case(Status.ASSIGNED), office.register()
    before = dump(office.database)
    with pytest.raises(NotNow):
        office.door.perform(
            [
                registering("new"),
                office.asking(one, Role.DISPATCHER, "note"),
                office.asking(two, Role.CLERK, "accept"),
                office.asking(one, Role.CLERK, "reply"),
            ]
        )
    assert dump(office.database) == before


def test_an_order_may_go_on_with_the_case_it_has_just_made(office: Office) -> None:
    accepting = an_envelope("accept", id="a1", case=SAME)
    first, second = office.door.perform([registering(), accepting])
    assert (second.case, second.seq) == (first.case, 2)
    assert all(receipt.repeated for receipt in office.door.perform([registering(), accepting]))


@pytest.mark.parametrize("command", ["register", "accept"])
def test_nothing_is_meant_by_the_same_case_where_none_came_before(office: Office, command: str) -> None:
    first = (registering() if command == "register" else an_envelope("accept", id="a1")).model_copy(
        update={"case": SAME}
    )
    before = dump(office.database)
    with pytest.raises(Unknown):
        office.door.perform([first])
    assert dump(office.database) == before


def test_attempted_envelopes_each_stand_for_themselves(office: Office) -> None:
    case = office.register()
    good, bad, better = (
        office.asking(case, Role.CLERK, "accept"),
        office.asking(case, Role.CLERK, "reply"),
        office.asking(case, Role.DISPATCHER, "assign"),
    )
    first, second, third = office.door.attempt([good, bad, better])
    assert isinstance(second, NotNow)
    assert [receipt.seq for receipt in (first, third) if not isinstance(receipt, Refused)] == [2, 3]
    assert office.names(case) == ["registered", "accepted", "assigned"]
    assert office.door.attempt([]) == []
    assert office.door.perform([]) == []


# ── refusals ──

REFUSED = {
    "unknown case": an_envelope("accept", id="x", case="XF2026999999"),
    "no case": an_envelope("accept", id="x"),
    "unknown user": registering("x").model_copy(update={"actor": "nobody"}),
    "not yours": registering("x").model_copy(update={"actor": "auditor"}),
    "unknown command": an_envelope("abolish", id="x", case="XF2026000001"),
    "unknown channel": registering("x", channel="pigeon"),
    "not now": an_envelope("reply", id="x", case="XF2026000001", opinion="support", text="已整改"),
    "there already": registering("x").model_copy(update={"case": "XF2026000001"}),
    "a field missing": an_envelope("supplement", id="x", case="XF2026000001"),
    "a field too many": an_envelope("accept", id="x", case="XF2026000001", colour="red"),
    "personal": registering("x", summary="请回电13800138000"),
    "backdated": an_envelope("accept", id="x", case="XF2026000001").model_copy(
        update={"occurred_at": START.replace(year=2025)}
    ),
    "the clock": an_envelope("ring", "clock", id="x", case="XF2026000001"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_command_changes_nothing_and_says_why_in_two_languages(office: Office, name: str) -> None:
    office.register()
    before = dump(office.database)
    with pytest.raises(Refused) as refusal:
        office.door.perform([REFUSED[name]])
    assert_readable(refusal.value.zh, refusal.value.en)
    assert dump(office.database) == before


def test_a_refused_registration_burns_no_number(office: Office) -> None:
    numbers = []
    for place in range(4):
        with pytest.raises(Refused):
            office.door.perform([registering(f"bad{place}", channel="pigeon")])
        with pytest.raises(NotNow):
            office.door.perform(
                [
                    registering(f"worse{place}"),
                    an_envelope("reply", id=f"w{place}", case=SAME, opinion="support", text="已整改"),
                ]
            )
        numbers.append(office.register())
    assert numbers == [f"XF2026{number:06d}" for number in range(1, 5)]


def test_numbers_begin_anew_with_the_legal_year(office: Office) -> None:
    office.register()
    office.moments.at = START.replace(month=12, day=31, hour=15, minute=59)
    assert office.register() == "XF2026000002"
    office.moments.wait(minutes=1)  # midnight in Shanghai
    assert office.register() == "XF2027000001"


def test_a_number_that_somebody_chose_is_passed_over(office: Office) -> None:
    chosen = registering("named").model_copy(update={"case": "XF2026000002"})
    assert office.door.perform([chosen])[0].case == "XF2026000002"
    assert [office.register() for _ in range(3)] == ["XF2026000001", "XF2026000003", "XF2026000004"]
    both = [registering("named-2").model_copy(update={"case": "XF2026000005"}), registering("next")]
    assert [receipt.case for receipt in office.door.perform(both)] == ["XF2026000005", "XF2026000006"]


@pytest.mark.parametrize("who", ["clock", "engine"])
def test_nobody_acts_in_the_name_of_the_clock_or_the_engine_unless_trusted(office: Office, who: str) -> None:
    case = office.register()
    alarm = office.case(case).alarm
    assert alarm is not None
    ringing = an_envelope(
        "ring", who, id="ring", case=case, clock=alarm.clock, rung=alarm.rung, due_at=alarm.at.isoformat()
    )
    office.moments.at = alarm.at
    with pytest.raises(Reserved) as refusal:
        office.door.perform([ringing])
    assert who in refusal.value.zh
    if who == "clock":
        assert office.door.perform([ringing], trusted=True)[0].event == "reminded"


def test_a_ring_too_early_or_too_late_changes_nothing_and_answers_with_the_next_alarm(office: Office) -> None:
    case = office.register()
    alarm = office.case(case).alarm
    assert alarm is not None
    before = dump(office.database)
    early = office.asking(case, Role.CLOCK, "ring")
    (receipt,) = office.door.perform([early], trusted=True)
    assert receipt.event is None
    assert receipt.facts.alarm is not None
    assert receipt.facts.alarm.due_at == alarm.at
    assert dump(office.database) == before


def test_a_moment_slightly_ahead_of_our_clock_is_recorded_as_ours(office: Office) -> None:
    told = registering().model_copy(update={"occurred_at": START.replace(minute=1)})
    case = office.door.perform([told])[0].case
    (recorded,) = queries.history(office.database, case)
    assert recorded.occurred_at == recorded.recorded_at == START


# ── who there is ──


def _with(people: list[dict[str, JsonValue]]) -> Envelope:
    new = organisation()
    assert isinstance(new["people"], list)
    data = {"organisation": {**new, "people": [*new["people"], *people]}}
    return Envelope.model_validate(
        {"id": "org2", "case": "organisation", "actor": "administrator", "command": "define_organisation", "data": data}
    )


NEW_CLERK: dict[str, JsonValue] = {"id": "new-clerk", "name": "新来的", "unit": "bureau", "roles": ["clerk"]}


def test_a_change_of_the_organisation_is_seen_by_the_door_of_another_process(office: Office) -> None:
    by_her = [registering(f"n{place}").model_copy(update={"actor": "new-clerk"}) for place in range(2)]
    url = office.desk.settings.database_url
    with another_door(office) as other, Other.at(url, by_her[:1], by_her[1:]) as process:
        assert process.go().answers()[0]["refused"] == "unknown_person"
        with pytest.raises(UnknownPerson):
            other.door.perform(by_her[:1])
        office.door.perform([_with([NEW_CLERK])])
        assert other.door.perform(by_her[:1])[0].seq == 1
        assert process.go().answers()[0]["case"] == "XF2026000002"


def test_an_organisation_that_was_refused_holds_for_nobody_in_the_same_transaction(office: Office) -> None:
    refused = Order([_with([NEW_CLERK]), an_envelope("accept", id="x", case="XF2026999999")])
    hers = registering("n1").model_copy(update={"actor": "new-clerk"})
    by_her = Order([hers])
    office.door.take([refused, by_her])
    assert isinstance(refused.refusal, Unknown)
    assert isinstance(by_her.refusal, UnknownPerson)
    accepted, by_her = Order([_with([NEW_CLERK])]), Order([hers])
    office.door.take([accepted, by_her])
    assert by_her.answer()[0].case == "XF2026000001"


# ── what waits to be sent ──


def test_every_event_of_a_case_that_is_not_at_rest_queues_its_newest_facts_once(office: Office) -> None:
    one, two = office.register(), office.register()
    office.act(one, Role.CLERK, "accept")
    office.door.perform([office.asking(one, Role.DISPATCHER, "assign"), office.asking(two, Role.CLERK, "note")])
    assert office.outbox() == {one: 3, two: 2}
    with office.database.reading() as connection:
        facts = connection.execute(sa.select(tables.outbox.c.facts).where(tables.outbox.c.case_id == one)).scalar_one()
    assert facts == office.door.facts(office.case(one)).model_dump_json()


def test_the_manager_that_asks_gets_its_answer_and_no_signal(office: Office) -> None:
    case, other = office.register(), office.register()
    with office.database.writing() as connection:
        connection.execute(sa.delete(tables.outbox))
    accepting = office.asking(case, Role.CLERK, "accept")
    (receipt,) = office.door.perform([accepting], answering=case)
    assert receipt.facts.seq == 2
    assert office.outbox() == {}
    # What it does to another case is news to that one's manager.
    both = [office.asking(case, Role.CLERK, "note"), office.asking(other, Role.CLERK, "note")]
    office.door.perform(both, answering=case)
    assert office.outbox() == {other: 2}
    # And so is what somebody else does to its own in the same transaction.
    office.door.take(
        [
            Order([office.asking(case, Role.CLERK, "note")], answering=case),
            Order([office.asking(case, "leader", "note")]),
        ]
    )
    assert office.outbox() == {other: 2, case: 5}


def test_a_case_that_comes_to_rest_is_told_so_and_one_that_always_rested_is_not(office: Office) -> None:
    case = office.register()
    office.act(case, Role.CLERK, "accept")
    for reaction in office.case(case).pending:
        office.act(case, Role.ENGINE, "record_outcome", reaction=reaction)
    office.act(case, Role.CLERK, "withdraw")
    assert office.case(case).resting
    assert office.outbox()[case] == office.case(case).seq
    with office.database.writing() as connection:
        connection.execute(sa.delete(tables.outbox))
    office.act(case, Role.CLERK, "note")
    assert office.outbox() == {}


def test_a_refused_command_queues_nothing_even_beside_an_accepted_one(office: Office) -> None:
    case, other = office.register(), office.register()
    with office.database.writing() as connection:
        connection.execute(sa.delete(tables.outbox))
    office.door.attempt([office.asking(case, Role.CLERK, "reply"), office.asking(other, Role.CLERK, "note")])
    assert office.outbox() == {other: 2}


def test_whoever_carries_the_signals_is_woken_only_when_there_is_one(office: Office) -> None:
    woken: list[None] = []
    office.door.after = lambda: woken.append(None)
    case = office.register()
    assert len(woken) == 1
    office.door.attempt([office.asking(case, Role.CLERK, "reply")])
    office.door.perform([office.asking(case, Role.CLERK, "note")], answering=case)
    office.door.perform([registering("e1")])
    assert len(woken) == 1


# ── what is sealed in the same moment ──


def test_a_secret_is_written_with_its_event_once_or_not_at_all(office: Office) -> None:
    sealer = office.desk.sealer
    ref = sealer.ref("r1")
    secret = {"text": "我是河口村村民"}
    with pytest.raises(Refused):
        office.door.perform([registering(channel="pigeon", sealed=[ref])], secrets=[sealer.seal(ref, secret)])
    assert sealer.open(office.database, ref) is None
    for _ in range(2):
        office.door.perform([registering(sealed=[ref])], secrets=[sealer.seal(ref, secret)])
    # Half of it known already, half of it new: as when two import the same table at once.
    order = [registering(sealed=[ref]), an_envelope("accept", id="a1", case=SAME)]
    receipts = office.door.perform(order, secrets=[sealer.seal(ref, secret)])
    assert [receipt.repeated for receipt in receipts] == [True, False]
    assert sealer.open(office.database, ref) == secret
