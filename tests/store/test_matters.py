"""Commands that concern two cases: an event of each in one transaction, or none; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from adapters import checking, queries
from adapters.exporting import row_of_table
from adapters.similar.finding import find, of_case
from models.envelope import Envelope
from models.matter_refusals import AlreadyJoined, Leads
from models.refusals import NamedParty, NotNow, Refused, Unknown
from models.vocabulary import Role, Status, Tie
from tests.core.builders import a_command
from tests.store.desks import Office, another_door, dump


def sound(office: Office) -> None:
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


def test_joining_tells_both_cases_and_parting_lets_both_go(office: Office) -> None:
    lead, one, two = (office.a_case(Status.ACCEPTED) for _ in range(3))
    for case in (one, two):
        office.act(case, "clerk", "join", leading=lead)
    assert office.case(lead).followers == (one, two)
    assert [office.case(each).leading for each in (one, two)] == [lead, lead]
    assert office.names(lead)[-2:] == ["took_lead", "took_lead"]
    office.act(one, "clerk", "part")
    assert (office.case(lead).followers, office.case(one).leading) == ((two,), None)
    sound(office)


def test_what_the_other_case_does_not_have_is_told_to_neither(office: Office) -> None:
    lead, one, far = (office.a_case(Status.ACCEPTED) for _ in range(3))
    office.act(one, "clerk", "join", leading=lead)
    closed = office.a_case(Status.CLOSED)
    before = dump(office.database)
    for leading, why in (
        ("XF2099000001", Unknown),
        ("organisation", Unknown),
        (one, AlreadyJoined),
        (closed, NotNow),
    ):
        with pytest.raises(why):
            office.act(far, "clerk", "join", leading=leading)
    with pytest.raises(Leads):
        office.act(lead, "clerk", "join", leading=far)
    assert dump(office.database) == before
    sound(office)


def test_a_repeated_envelope_tells_the_other_case_once(office: Office) -> None:
    lead, one = (office.a_case(Status.ACCEPTED) for _ in range(2))
    envelope = office.asking(one, "clerk", "join", leading=lead)
    first, again = office.door.perform([envelope])[0], office.door.perform([envelope])[0]
    assert (again.repeated, again.seq) == (True, first.seq)
    assert office.case(lead).followers == (one,)


def test_of_two_that_would_lead_each_other_at_the_same_moment_one_is_refused(office: Office) -> None:
    one, two = (office.a_case(Status.ACCEPTED) for _ in range(2))
    asked = [office.asking(one, "clerk", "join", leading=two), office.asking(two, "clerk", "join", leading=one)]
    start = Barrier(2)
    with another_door(office) as other, ThreadPoolExecutor(2) as pool:

        def give(place: int) -> object:
            start.wait()
            try:
                return (office, other)[place].door.perform([asked[place]])[0].event
            except Refused as refusal:
                return type(refusal)

        told = list(pool.map(give, range(2)))
    assert set(told) in ({"joined", AlreadyJoined}, {"joined", Leads}), told
    assert bool(office.case(one).leading) != bool(office.case(two).leading)
    sound(office)


def test_what_was_decided_is_not_suggested_any_more_and_again_when_taken_back(office: Office) -> None:
    one, same, other, repeat = (office.a_case(Status.ACCEPTED) for _ in range(4))

    def suggested() -> set[str]:
        return {each.case.id for each in find(office.database, of_case(office.case(one)))}

    assert suggested() == {same, other, repeat}
    office.act(one, "clerk", "not_same", other=other)
    office.act(same, "clerk", "join", leading=one)
    office.act(repeat, "clerk", "mark_repeat", repeat_of=one)
    assert suggested() == set()
    assert other not in {each.case.id for each in find(office.database, of_case(office.case(one)))}
    assert one not in {each.case.id for each in find(office.database, of_case(office.case(other)))}
    office.act(other, "clerk", "maybe_same", other=one)
    assert suggested() == {other}
    office.act(same, "clerk", "part")
    assert suggested() == {other, same}
    sound(office)


def test_the_engines_word_to_another_case_is_nobodys_to_give(office: Office) -> None:
    lead, one = (office.a_case(Status.ACCEPTED) for _ in range(2))
    for who in ("clerk", "dispatcher", "leader"):
        with pytest.raises(Refused):
            office.act(lead, who, "take_lead", follower=one)
    assert office.act(lead, Role.ENGINE, "take_lead", follower=one).event == "took_lead"


def test_a_shared_task_is_told_to_both_or_to_neither(office: Office) -> None:
    one, two, far = office.a_case(Status.RECTIFYING), office.a_case(Status.VERIFIED), office.a_case(Status.ACCEPTED)
    given = a_command("open_task", office.case(one), parent=one).model_dump(mode="json", exclude_unset=True)
    opening = Envelope(id="t1", case=f"{one}-R1", actor="engine", command="open_task", data=given)
    task = office.door.perform([opening], trusted=True)[0].case
    before = dump(office.database)
    with pytest.raises(NotNow):
        office.act(task, "dispatcher", "share_task", petition=far)
    with pytest.raises(Unknown):
        office.act(task, "dispatcher", "share_task", petition="XF2099000001")
    assert dump(office.database) == before
    office.act(task, "dispatcher", "share_task", petition=two)
    assert office.case(task).serving == (one, two)
    assert [each.id for each in office.case(two).open_tasks] == [task]
    sound(office)


def test_lists_are_narrowed_by_what_ties_petitions_to_others(office: Office) -> None:
    lead, one, receipt, repeat, alone = (office.a_case(Status.ACCEPTED) for _ in range(5))
    office.act(one, "clerk", "join", leading=lead)
    office.act(receipt, "clerk", "split", split_parts=[{"summary": "另一处扬尘"}])
    office.act(repeat, "clerk", "mark_repeat", repeat_of=alone, reason="同一件事")

    def found(tie: Tie) -> list[str]:
        return [each.id for each in queries.listed(office.database, queries.Filter(tie=tie))]

    told = {tie: found(tie) for tie in Tie}
    assert told == {tie: [] for tie in Tie} | {
        Tie.LEADS: [lead], Tie.JOINED: [one], Tie.SPLIT: [receipt], Tie.REPEAT: [repeat], Tie.REPEATED: [alone],
    }  # fmt: skip
    office.act(one, "clerk", "part")
    office.act(repeat, "dispatcher", "take_back_repeat", reason="不是同一件事")
    assert [found(tie) for tie in (Tie.LEADS, Tie.JOINED, Tie.REPEAT, Tie.REPEATED)] == [[], [], [], []]
    sound(office)


def test_the_public_table_tells_in_its_remarks_what_was_joined_split_and_repeated(
    office: Office,
) -> None:
    lead, one, receipt, repeat = (office.a_case(Status.ACCEPTED) for _ in range(4))
    office.act(one, "clerk", "join", leading=lead)
    office.act(receipt, "clerk", "split", split_parts=[{"summary": "另一处扬尘"}])
    office.act(repeat, "clerk", "mark_repeat", repeat_of=lead, reason="同一件事")
    told = [row_of_table(1, office.case(each))["remarks"] for each in (lead, one, receipt, repeat)]
    assert told == [
        f"并案办理 2 件：{one}",
        f"并入 {lead} 办理",
        f"拆分为 1 件：{receipt}-F1",
        f"与 {lead} 重复",
    ]


def a_task_of(office: Office, case: str) -> str:
    given = a_command("open_task", office.case(case), parent=case).model_dump(mode="json", exclude_unset=True)
    opening = Envelope(id=f"open/{case}", case=f"{case}-R1", actor="engine", command="open_task", data=given)
    return office.door.perform([opening], trusted=True)[0].case


def test_nobody_whom_the_other_petition_names_brings_it_into_a_matter(office: Office) -> None:
    mine, about_the_clerk = office.a_case(Status.ACCEPTED), office.register(named=["clerk"])
    before = dump(office.database)
    for command, data in (
        ("join", {"leading": about_the_clerk}),
        ("mark_repeat", {"repeat_of": about_the_clerk, "reason": "同一件事"}),
        ("not_same", {"other": about_the_clerk}),
    ):
        with pytest.raises(NamedParty):
            office.act(mine, "clerk", command, **data)
    assert dump(office.database) == before


def test_a_task_is_not_shared_with_a_petition_about_those_who_do_it_and_heeds_whom_it_is_about(office: Office) -> None:
    one = office.a_case(Status.RECTIFYING)
    task = a_task_of(office, one)
    about_the_handler = office.a_case(Status.VERIFIED)
    office.act(about_the_handler, "dispatcher", "correct", named=["handler"], reason="补正")
    with pytest.raises(NamedParty):
        office.act(task, "dispatcher", "share_task", petition=about_the_handler)
    other = office.a_case(Status.VERIFIED, named=["other-handler"], respondent="兴隆砖厂")
    office.act(task, "dispatcher", "share_task", petition=other)
    assert office.case(task).named == ("other-handler",)
    assert "兴隆砖厂" in office.case(task).parties
    with pytest.raises(NamedParty):
        office.act(task, "dispatcher", "reassign", unit="liuxi", handler="other-handler", reason="属地管理")
    sound(office)


def test_a_task_is_shared_with_a_second_petition_about_the_same_people(office: Office) -> None:
    task = a_task_of(office, office.a_case(Status.RECTIFYING))
    for _ in range(2):
        other = office.a_case(Status.VERIFIED, named=["other-handler"], respondent="兴隆砖厂")
        office.act(task, "dispatcher", "share_task", petition=other)
    assert office.case(task).named == ("other-handler",)
    assert office.names(task).count("heeded") == 1, "what is known is not told again"
    sound(office)
