"""Commands that concern two cases: an event of each in one transaction, or none; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from adapters import checking
from adapters.similar.finding import find, of_case
from models.matter_refusals import AlreadyJoined, Leads
from models.refusals import NotNow, Refused, Unknown
from models.vocabulary import Role, Status
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
