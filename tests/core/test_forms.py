"""What is filled in, when it is told, and what a case is before its first event."""

from datetime import date, timedelta

import pytest

from models.actions import actions
from models.decide import SKEW, blank, decide
from models.lifecycle import MAKES
from models.organisation import Organisation
from models.refusals import (
    Backdated,
    DueInPast,
    Exists,
    InFuture,
    LooksPersonal,
    Malformed,
    NotNow,
    Refused,
    Unknown,
    UnknownChannel,
    UnknownCommand,
    UnknownPerson,
    UnknownUnit,
)
from models.vocabulary import Kind, Role, Status
from tests.core.builders import (
    START,
    Story,
    a_case,
    a_command,
    a_plan,
    a_story,
    a_world,
    an_actor,
    an_organisation,
    people_of,
    refused,
)

R, S = Role, Status


def test_a_moment_is_told_for_another_day_only_where_the_row_allows_it() -> None:
    story = a_story(S.REGISTERED, at=START)
    with pytest.raises(Backdated):
        story.do("clerk", "accept", occurred=START)
    with pytest.raises(InFuture):
        story.do("clerk", "accept", occurred=story.at + SKEW + timedelta(seconds=1))
    ahead = story.copy().do("clerk", "accept", occurred=story.at + SKEW)
    assert ahead.case.accepted_at == story.at, "another desk's clock may be a little fast; ours counts"


def test_a_letter_that_came_days_ago_counts_from_that_day() -> None:
    world = a_world()
    story = Story(world, blank(world, "XF2026000001", "register", START), START)
    story.do("clerk", "register", occurred=START - timedelta(days=20), channel="letter")
    case = story.case
    assert case.registered_at == START - timedelta(days=20)
    assert case.alarm
    assert case.alarm.at < START, "it is late, and the ladder is climbed at once, in order"
    assert [recorded.event.said["rung"] for _, recorded in story.wait(hours=1)] == [
        "blue", "yellow", "red", "deputy_county",
    ]  # fmt: skip


def test_units_people_and_channels_have_to_exist() -> None:
    story = a_story(S.ACCEPTED)
    refused(story, UnknownUnit, "dispatcher", "assign", unit="nowhere")
    refused(story, UnknownPerson, "dispatcher", "assign", handler="nobody")
    refused(story, UnknownPerson, "dispatcher", "assign", leader="nobody")
    story.do("dispatcher", "assign").do("handler", "record_findings")
    refused(story, UnknownUnit, "handler", "plan_rectification", task_plans=(a_plan(unit="nowhere"),))
    refused(story, UnknownPerson, "handler", "plan_rectification", task_plans=(a_plan(handler="nobody"),))
    refused(story, DueInPast, "handler", "plan_rectification", task_plans=(a_plan(target=date(2026, 3, 1)),))
    world = a_world()
    new = Story(world, blank(world, "XF2026000001", "register", START))
    refused(new, UnknownChannel, "clerk", "register", channel="pigeon")
    refused(new, LooksPersonal, "clerk", "register", summary="请联系 138 0013 8000")
    long = Story(world, blank(world, "X" * 49, "register", START))
    refused(long, Malformed, "clerk", "register")
    task = Story(world, blank(world, "XF2026000001-R1", "register", START))
    refused(task, Malformed, "clerk", "register")


def test_without_an_organisation_nobody_can_be_assigned_and_the_administrator_hears() -> None:
    world = a_world()
    bare = type(world)(world.policies, world.calendars)
    story = Story(bare, a_case(S.ACCEPTED), START)
    refused(story, UnknownUnit, "dispatcher", "assign")
    rang = story.wait(days=3)
    assert {person for _, each in rang for person in people_of(each.event)} == {"administrator"}


def test_personal_numbers_do_not_enter_a_summary() -> None:
    refused(a_story(S.ACCEPTED), LooksPersonal, "clerk", "correct", summary="身份证 43011119900101123X")
    refused(a_story(S.ACCEPTED), LooksPersonal, "clerk", "supplement", text="电话１３８００１３８０００")


def test_material_is_added_to_what_is_there() -> None:
    story = a_story(S.ACCEPTED, sealed=("s1",), filings=({"channel": "hotline", "number": "A1"},))
    story.do("clerk", "supplement", sealed=("s2",), filings=({"channel": "national", "number": "B2"},))
    story.do("clerk", "ask_petitioner").do("clerk", "petitioner_answered", sealed=("s3",))
    assert story.case.sealed == ("s1", "s2", "s3")
    assert [filing.number for filing in story.case.filings] == ["A1", "B2"]


def test_a_correction_changes_only_what_it_names() -> None:
    story = a_story(S.ACCEPTED)
    before = story.case
    story.do("clerk", "correct", place="青石镇河口村三组", summary=None)
    assert story.case.place == "青石镇河口村三组"
    assert story.case.summary == before.summary
    assert story.events[-1].event.said == {"reason": "地点有误"}


def test_what_became_a_field_of_the_case_is_not_told_twice() -> None:
    event = a_story(S.ASSIGNED).events[-1].event
    assert event.said == {}
    assert event.sets.model_fields_set == {"unit", "handler", "leader", "hands", "status"}


def test_a_command_that_makes_a_case_finds_none_there_and_any_other_finds_one() -> None:
    world = a_world()
    refused(a_story(S.ACCEPTED), Exists, "clerk", "register")
    nothing = Story(world, blank(world, "XF2026000404", "accept", START))
    assert "XF2026000404" in refused(nothing, Unknown, "clerk", "accept").zh
    refused(a_story(S.IN_FORCE, kind=Kind.ORGANISATION), UnknownCommand, "clerk", "accept")
    refusal = refused(a_story(S.CLOSED), NotNow, "clerk", "accept")
    assert refusal.zh == "目前“已办结”，不能“受理”。"
    assert refusal.en == 'It is closed; "accept" is not possible now.'
    assert refusal.code == "not_now"


def test_actions_for_a_case_that_is_not_there_yet_are_those_that_make_one() -> None:
    world = a_world()
    case = blank(world, "XF2026000001", "register", START)
    assert [row.command for row in actions(world, case, an_actor(R.CLERK), START)] == ["register"]
    assert actions(world, case, an_actor(R.HANDLER), START) == ()


def test_the_organisation_is_set_by_the_engine_once_and_then_by_the_administrator() -> None:
    story = a_story(S.IN_FORCE, kind=Kind.ORGANISATION)
    smaller = Organisation(name="临江县", units=an_organisation().units, people=an_organisation().people[:6])
    story.do("administrator", "define_organisation", organisation=smaller)
    now = story.case.organisation
    assert now
    assert now.people[:6] == smaller.people
    assert all(person.retired for person in now.people[6:]), "whoever is left out has left, and keeps the id"
    assert {person.id for person in now.people} == {person.id for person in an_organisation().people}
    assert story.case.alarm is None
    with pytest.raises(Refused):
        story.do(R.ENGINE, "define_organisation")
    assert MAKES["define_organisation"] is Kind.ORGANISATION


def test_decide_never_changes_what_it_is_given() -> None:
    world, case = a_world(), a_case(S.REVIEWING)
    kept = case.model_dump_json()
    assert decide(world, case, an_actor(R.REVIEWER), a_command("approve", case), START + timedelta(days=1))
    assert case.model_dump_json() == kept
