"""Dispatch meetings on both databases: the pack as the ledger stood, once; what they decide."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pydantic import JsonValue

from adapters import checking, queries
from adapters.dispatch import convene, meetings, pack_before
from models.envelope import Envelope
from models.meeting_values import DecisionState, MatterKind, Measured, Pack, Series
from models.refusals import NotYours, OthersUnit, Unknown
from models.vocabulary import Status
from tests.core.worlds import shanghai
from tests.store.desks import Office, dump

MONDAY = shanghai("2026-03-09 08:30")
"""The first meeting's pack is due; the desk's clock begins on Monday, 2 March, at 9:00."""
NEXT = shanghai("2026-03-16 08:30")


def the_pack(office: Office, number: str) -> Pack:
    found = pack_before(office.database, office.case(number))
    assert found is not None
    return found


def test_a_pack_tells_what_changed_what_is_overdue_and_who_must_explain_it(office: Office) -> None:
    late = office.a_case(Status.ASSIGNED)
    idle = office.register(place="柳溪乡下河村")
    office.moments.at = shanghai("2026-03-20 10:00")
    convened = convene(office.door, Series.WEEKLY)
    assert (convened.number, convened.made) == ("DW20260316", True)
    pack = the_pack(office, "DW20260316")
    assert (pack.since, pack.until, pack.ahead) == (MONDAY, NEXT, NEXT + timedelta(days=7))
    assert {name: pack.count(name) for name in (Measured.RECEIVED, Measured.OPEN)} == {
        Measured.RECEIVED: 0,
        Measured.OPEN: 2,
    }, "they came in the week before"
    assert [(row.case, row.explains, row.leader) for row in pack.overdue] == [], "ten working days are not up"
    office.moments.at = shanghai("2026-03-23 09:00")
    convene(office.door, Series.WEEKLY)
    pack = the_pack(office, "DW20260323")
    assert [(row.case, row.clock, row.explains, row.leader, row.days) for row in pack.overdue] == [
        (late, "verify", "handler", "leader", 6),
        (idle, "accept", "dispatcher", None, 5),
    ]
    assert [each.id for each in meetings(office.database)] == ["DW20260323", "DW20260316"]


def test_a_pack_is_made_once_however_often_it_is_asked_for(office: Office) -> None:
    office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    first = convene(office.door, Series.WEEKLY)
    before = dump(office.database)
    again = convene(office.door, Series.WEEKLY)
    assert ((first.number, first.made), (again.number, again.made)) == (("DW20260309", True), ("DW20260309", False))
    assert dump(office.database) == before
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


def test_of_several_that_ask_at_once_one_makes_the_pack(office: Office) -> None:
    office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    with ThreadPoolExecutor(4) as several:
        found = list(several.map(lambda _: convene(office.door, Series.WEEKLY), range(8)))
    assert {each.number for each in found} == {"DW20260309"}
    assert [each.made for each in found].count(True) == 1
    assert office.names("DW20260309") == ["meeting_called", "pack_laid"]


def test_a_missed_pack_is_made_as_things_stood_and_holds_what_an_outage_missed_before(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    office.moments.at = shanghai("2026-03-12 10:00")
    office.act(case, "handler", "record_findings")
    office.moments.at = shanghai("2026-03-24 10:00")
    office.act(case, "handler", "plan_rectification")
    convene(office.door, Series.WEEKLY)
    assert [each.id for each in meetings(office.database)] == ["DW20260323", "DW20260309"], "one for the whole outage"
    pack = the_pack(office, "DW20260323")
    assert pack.since == MONDAY
    assert pack.until == shanghai("2026-03-23 08:30")
    assert [(each.case, each.status, each.events) for each in pack.changed] == [
        (case, Status.VERIFIED, ("findings_recorded",))
    ], "what happened on the 24th is the next one's"


def test_a_desk_that_had_nothing_yet_owes_no_pack(office: Office) -> None:
    office.moments.at = MONDAY
    assert convene(office.door, Series.WEEKLY).number is None
    office.register()
    assert convene(office.door, Series.MONTHLY).number is None
    ahead = convene(office.door, Series.MONTHLY, ahead=True)
    assert (ahead.number, ahead.made) == ("DM20260401", True)
    assert the_pack(office, "DM20260401").until == MONDAY


def test_on_a_day_off_the_meeting_is_on_the_next_working_day(office: Office) -> None:
    office.a_case(Status.ASSIGNED)
    office.moments.at = shanghai("2026-04-06 08:30")
    found = convene(office.door, Series.WEEKLY)
    assert found.put_off == shanghai("2026-04-07 08:30"), "Monday, 6 April, is off (清明节)"
    assert found.number == "DW20260330"
    office.moments.at = shanghai("2026-04-07 08:30")
    assert convene(office.door, Series.WEEKLY).number == "DW20260406"
    assert office.case("DW20260406").meets_on == shanghai("2026-04-07 08:30").date()


def decided(office: Office, about: str, who: str = "leader", **more: str) -> None:
    data: dict[str, JsonValue] = {"about": about, "text": "限期清理粪污", "by_when": "2026-03-13", **more}
    office.door.perform(
        [Envelope(id=f"d/{about}/{who}", case="DW20260309", actor=who, command="record_decision", data=data)]
    )


def test_a_decision_is_the_leaders_instruction_with_its_clock_and_the_next_packs_report_on_it(office: Office) -> None:
    answered, silent, ended = (office.a_case(Status.ASSIGNED) for _ in range(3))
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    for case in (answered, silent, ended):
        decided(office, case)
    clock = office.case(silent).clock("instruction")
    assert clock is not None
    assert clock.due == shanghai("2026-03-14 00:00")
    assert office.names(silent)[-1] == "instructed"
    assert [each.case for each in office.case("DW20260309").decisions] == [answered, silent, ended]
    office.moments.wait(days=2)
    office.act(answered, "handler", "answer_instruction")
    office.act(ended, "clerk", "withdraw")
    office.moments.at = NEXT
    convene(office.door, Series.WEEKLY)
    pack = the_pack(office, "DW20260316")
    assert [(each.meeting, each.number, each.case, each.state) for each in pack.followed] == [
        ("DW20260309", 1, answered, DecisionState.DONE),
        ("DW20260309", 2, silent, DecisionState.LATE),
        ("DW20260309", 3, ended, DecisionState.ENDED),
    ]
    assert (pack.count(Measured.DONE), pack.count(Measured.LATE)) == (2, 1)
    office.moments.at = NEXT + timedelta(days=7)
    convene(office.door, Series.WEEKLY)
    left = the_pack(office, "DW20260323").followed
    assert [each.case for each in left] == [silent], "what is done is reported once"


def test_a_decision_that_the_case_refuses_is_no_decision(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    before = dump(office.database)
    with pytest.raises(NotYours):
        decided(office, case, "dispatcher")
    with pytest.raises(OthersUnit):
        decided(office, case, "other-head")
    with pytest.raises(Unknown):
        decided(office, "XF2026009999")
    assert dump(office.database) == before


def test_nobody_but_the_engine_lays_a_pack_and_only_desk_and_leaders_call_for_one(office: Office) -> None:
    office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    with pytest.raises(NotYours):
        convene(office.door, Series.WEEKLY, actor="handler")
    assert convene(office.door, Series.WEEKLY, actor="dispatcher").made
    assert [each.actor for each in queries.history(office.database, "DW20260309")] == ["dispatcher", "engine"]


def test_what_waits_for_a_decision_is_in_the_pack(office: Office) -> None:
    objection, extension = office.a_case(Status.ASSIGNED), office.a_case(Status.VERIFIED)
    office.act(objection, "handler", "object")
    office.act(extension, "handler", "request_extension")
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    matters = [(each.case, each.what) for each in the_pack(office, "DW20260309").matters]
    assert matters == [(extension, MatterKind.EXTENSION), (objection, MatterKind.OBJECTION)]
