"""A campaign's batches: the one rule which a petition belongs to, and every figure as the cases behind it."""

from datetime import date
from typing import Any

import pytest

from models.batches import Of, batch_of, batches, behind, number_form, odd_numbers, tallied, whole
from models.campaign_refusals import (
    BadNumberForm,
    CampaignDays,
    NoGroup,
    NothingToCheck,
    NotInRound,
    OtherVersion,
    RoundOpen,
    RowTwice,
)
from models.case import Case
from models.refusals import UnknownPerson
from models.values import Filing
from models.vocabulary import Kind, Status, Verdict
from tests.core.builders import (
    NUMBER,
    START,
    Story,
    a_case,
    a_finding,
    a_plan,
    a_row,
    a_story,
    refused,
)

S = Status
DAY, NEXT = date(2026, 9, 6), date(2026, 9, 7)
MORE: dict[str, Any] = {"channel": "inspection", "campaign": "summer"}


def a_campaign(**fields: Any) -> Story:
    return a_story(S.IN_FORCE, kind=Kind.CAMPAIGN, **fields)


def numbered(*numbers: str, status: Status = S.REGISTERED, **more: Any) -> Case:
    filings = tuple(Filing(channel="inspection", number=each) for each in numbers)
    return a_case(status, filings=filings, **MORE, **more)


# ── one rule ──


@pytest.mark.parametrize(
    ("numbers", "form", "more", "day"),
    [
        (["D3HN202609060001"], "", {}, DAY),
        (["D3HN202609060001*"], "{channel}3HN{date}{seq}", {}, DAY),
        (["0415", "X3HN202609070002"], "", {}, NEXT),
        (["D2026090601"], "{channel}{date}{seq}", {}, DAY),
        (["D2026090601"], "", {}, START.date()),
        (["D2026993101"], "{channel}{date}{seq}", {}, START.date()),
        (["X3HN999912310001"], "", {}, START.date()),
        (["X3HN000101010001"], "{channel}3HN{date}{seq}", {}, START.date()),
        (["0415"], "{seq}", {}, START.date()),
        ([], "", {}, START.date()),
        (["D3HN202609060001"], "", {"batch": NEXT}, NEXT),
    ],
)
def test_a_batch_is_the_mark_else_the_numbers_date_else_the_day_it_came_in(
    numbers: list[str], form: str, more: dict[str, Any], day: date
) -> None:
    assert batch_of(numbered(*numbers, **more), a_campaign(number_form=form).case) == day


def test_a_batch_needs_no_campaign_and_what_is_not_there_has_none() -> None:
    assert batch_of(numbered("D3HN202609060001")) == DAY
    assert batch_of(Case(id="XF1", kind=Kind.PETITION, policy="p")) is None
    assert batches([Case(id="XF1", kind=Kind.PETITION, policy="p")], a_campaign().case, START) == []


def test_a_number_of_another_form_is_told_and_never_refused() -> None:
    campaign = a_campaign(number_form="{channel}3{area}{date}{seq}").case
    assert odd_numbers(numbered("D3HN202609060001*", "415"), campaign) == ["415"]
    assert odd_numbers(numbered("415"), a_campaign().case) == []


@pytest.mark.parametrize("form", ["{day}", "{seq}{seq}", "D*", "{channel", "(a+)+$", "{}"])
def test_a_form_that_nobody_could_read_is_refused(form: str) -> None:
    if form == "(a+)+$":
        # What has a meaning in a pattern has none here.
        form = "[a]+"
    with pytest.raises(BadNumberForm):
        number_form(form)
    refused(a_campaign(), BadNumberForm, "dispatcher", "correct_campaign", number_form=form)


def test_a_star_typed_with_the_number_is_special_attention_as_in_a_table() -> None:
    assert numbered("D3HN202609060001*").star
    assert not numbered("D3HN202609060001").star
    assert numbered("D3HN202609060001", star=True).star


# ── figures ──


def test_every_figure_is_the_cases_behind_it() -> None:
    first, campaign = "D3HN202609060001*", a_campaign().case
    plain = numbered(first, status=S.CLOSED).model_copy(update={"id": "A"})
    part = numbered(first, split_from="A").model_copy(update={"id": "A-F1"})
    joined = numbered("D3HN202609060002").model_copy(update={"id": "B", "leading": "A"})
    dated = a_story(S.VERIFIED, filings=(Filing(channel="inspection", number="D3HN202609070003"),), **MORE)
    dated.do("handler", "plan_rectification", task_plans=(a_plan(),))
    later = dated.case.model_copy(update={"id": "C"})
    gone = numbered("D3HN202609070004", status=S.DECLINED).model_copy(update={"id": "D"})
    task = a_case(S.RECTIFYING, kind=Kind.RECTIFICATION, campaign="summer")
    days = batches([plain, part, joined, later, gone, task], campaign, START)
    assert [each.day for each in days] == [DAY, NEXT]
    told = {
        what: ["".join(each.id for each in day.of(what)) for day in days]
        for what in (Of.RECEIVED, Of.STAR, Of.MERGED, Of.PARTS, Of.CLOSED, Of.MEASURES, Of.AT_ONCE, Of.ELSEWHERE)
    }
    assert told == {
        Of.RECEIVED: ["AB", "CD"],
        Of.STAR: ["A", ""],
        Of.MERGED: ["B", ""],
        Of.PARTS: ["A-F1", ""],
        Of.CLOSED: ["A", ""],
        Of.MEASURES: ["A", "C"],
        Of.AT_ONCE: ["A", ""],
        Of.ELSEWHERE: ["", "D"],
    }
    assert [each.at_once for each in days] == [1, 0]
    total = whole(days, START)
    assert (total.day, total.at_once, total.count(Of.RECEIVED)) == (None, 0.5, 4)
    assert whole([], START).at_once is None


def test_interim_closed_signed_off_and_overdue_are_counted_apart() -> None:
    by_status = {status: a_case(status) for status in (S.INTERIM, S.CLOSED, S.SIGNED_OFF, S.ASSIGNED)}
    (day,) = batches(by_status.values(), a_campaign().case, START)
    counts = [day.count(what) for what in (Of.INTERIM, Of.CLOSED, Of.SIGNED_OFF, Of.VERIFIED, Of.SUBSTANTIATED)]
    assert counts == [1, 2, 1, 3, 3]
    assert day.count(Of.OVERDUE) == 0
    due = by_status[S.ASSIGNED].due
    assert due
    (late,) = batches(by_status.values(), a_campaign().case, due)
    assert by_status[S.ASSIGNED] in late.of(Of.OVERDUE)
    assert by_status[S.CLOSED] not in late.of(Of.OVERDUE)


def test_the_verdicts_of_a_day_add_up_to_what_was_verified() -> None:
    cases = [a_story(S.ASSIGNED).do("handler", "record_findings", findings=(a_finding(each),)).case for each in Verdict]
    (day,) = batches(cases, a_campaign().case, START)
    assert [day.count(Of.of(each.value)) for each in Verdict] == [1, 1, 1, 1]
    assert day.count(Of.VERIFIED) == 4


def test_enforcement_is_summed_from_what_each_case_tells_last() -> None:
    story = a_story(S.VERIFIED).do("handler", "tally_enforcement", tally={"penalties": 1, "fines": 2.5})
    story.do("handler", "tally_enforcement", tally={"penalties": 2, "fines": 12.5, "talks": 1})
    other = a_story(S.VERIFIED).do("handler", "tally_enforcement", tally={"fines": 0.1}).case
    none = a_case(S.VERIFIED)
    found = tallied([story.case, other, none])
    assert (found["penalties"], found["fines"], found["talks"], found["arrested"]) == (2, 12.6, 1, 0)
    assert behind([story.case, other, none], "penalties") == [story.case]
    (day,) = batches([story.case, other], a_campaign().case, START)
    assert day.tally == found


# ── the record ──


def test_a_campaigns_record_is_corrected_field_by_field() -> None:
    story = a_campaign(round="第三轮", first_day=DAY, last_day=date(2026, 9, 26))
    story.do("dispatcher", "correct_campaign", round="", deadlines={"handed_in": 5}, profile="generic-2023")
    case = story.case
    assert (case.round, case.first_day, case.profile) == ("第三轮", DAY, "generic-2023")
    assert case.deadlines.model_dump() == {"on_site": 1, "handed_in": 5, "in_public": 9, "limit": 10}
    story.do("dispatcher", "correct_campaign", deadlines={"limit": 12})
    assert (story.case.deadlines.handed_in, story.case.deadlines.limit) == (5, 12)
    story.do("dispatcher", "correct_campaign", round="第四轮")
    assert (story.case.round, story.case.deadlines.limit) == ("第四轮", 12)
    refused(story, CampaignDays, "dispatcher", "correct_campaign", last_day=date(2026, 9, 5))
    refused(story, CampaignDays, "dispatcher", "correct_campaign", first_day=date(2026, 9, 27))


def test_groups_are_set_changed_and_dropped_by_name() -> None:
    story = a_campaign()
    refused(story, NoGroup, "dispatcher", "drop_group")
    story.do("dispatcher", "set_group", group="一组", head=None, members=()).do(
        "leader", "set_group", group="二组", head=None, members=("handler",)
    )
    story.do("dispatcher", "set_group", group="一组", head="leader", members=(), duty="统筹")
    assert [(each.name, each.head, each.members) for each in story.case.groups] == [
        ("一组", "leader", ()),
        ("二组", None, ("handler",)),
    ]
    refused(story, UnknownPerson, "dispatcher", "set_group", members=("nobody",))
    refused(story, NoGroup, "dispatcher", "drop_group", group="三组")
    story.do("dispatcher", "drop_group", group="一组")
    assert [each.name for each in story.case.groups] == ["二组"]


# ── editions and look-backs ──


def test_a_batchs_table_is_published_version_by_version() -> None:
    story = a_campaign().do("dispatcher", "publish_results", day=NEXT)
    refused(story, OtherVersion, "dispatcher", "publish_results", day=NEXT, version=1)
    refused(story, OtherVersion, "dispatcher", "publish_results", day=DAY, version=2)
    refused(story, RowTwice, "dispatcher", "publish_results", day=DAY, rows=(a_row(), a_row()))
    refused(story, RowTwice, "dispatcher", "publish_results", day=DAY, rows=(a_row(batch=NEXT),))
    story.do("leader", "publish_results", day=DAY).do("leader", "publish_results", day=NEXT, version=2)
    assert [(each.batch, each.version) for each in story.case.editions] == [(DAY, 1), (NEXT, 2)]
    assert story.events[-1].event.said["rows"], "which petitions stand in it is told by the event"


def test_a_look_back_goes_through_its_petitions_and_opens_again_what_came_back() -> None:
    story = a_campaign()
    refused(story, NothingToCheck, "inspector", "record_look_back")
    story.do("leader", "begin_look_back", to_check=("A", "B", "A"))
    assert story.case.look_backs[0].left == ("A", "B")
    refused(story, RoundOpen, "leader", "begin_look_back")
    refused(story, NotInRound, "inspector", "record_look_back", petition=NUMBER)
    story.do("inspector", "record_look_back", petition="A")
    assert not story.events[-1].event.reactions
    story.do("inspector", "record_look_back", petition="B", outcome="back")
    (reaction,) = story.events[-1].event.reactions
    assert (reaction.kind.value, reaction.case) == ("reopen", "B")
    (found,) = story.case.look_backs
    assert (found.left, found.held, found.back) == ((), ("A",), ("B",))
    story.do("leader", "begin_look_back")
    assert [each.number for each in story.case.look_backs] == [1, 2]
