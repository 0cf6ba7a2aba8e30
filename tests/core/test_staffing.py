"""The commands that change who there is: what each leaves behind, and what each refuses."""

from datetime import date
from typing import Any

import pytest

from models import refusals
from models.actions import actions
from models.canonical import canonical
from models.differences import differences
from models.evolve import fold
from models.organisation import Duty, Grid, Leave, Organisation, Person, Unit
from models.refusals import Refused
from models.vocabulary import Kind, Role, Status
from tests.core.builders import START, Story, a_case, a_person, a_story, a_world, an_actor, an_organisation, refused

ADMIN = "administrator"


def the_desk() -> Story:
    return a_story(Status.IN_FORCE, kind=Kind.ORGANISATION)


def now(story: Story) -> Organisation:
    assert story.case.organisation
    return story.case.organisation


def the_person(story: Story, name: str) -> Person:
    found = now(story).person(name)
    assert found
    return found


def the_unit(story: Story, name: str) -> Unit:
    found = now(story).unit(name)
    assert found
    return found


def test_a_unit_is_added_changed_and_closed() -> None:
    story = the_desk().do(ADMIN, "add_unit", id="squad", called="执法一中队", above="bureau", aliases=("一中队",))
    assert the_unit(story, "squad") == Unit(id="squad", zh="执法一中队", above="bureau", aliases=("一中队",))
    assert "一中队" in the_unit(story, "squad").names
    story.do(ADMIN, "change_unit", unit="squad", called="执法二中队", english="squad 2", township=True, aliases=())
    assert the_unit(story, "squad") == Unit(id="squad", zh="执法二中队", en="squad 2", above="bureau", township=True)
    story.do(ADMIN, "change_unit", unit="squad", called=None, above="")
    assert the_unit(story, "squad").above is None
    story.do(ADMIN, "close_unit", unit="squad")
    assert the_unit(story, "squad").closed
    refused(story, refusals.UnitClosed, ADMIN, "change_unit", unit="squad")
    refused(story, refusals.NotWhole, ADMIN, "add_person", unit="squad")
    assert refused(story, refusals.Taken, ADMIN, "add_unit", id="squad").details["whose"] == "执法二中队"


def test_a_unit_with_anything_in_it_is_not_closed_and_the_refusal_names_it() -> None:
    story = the_desk().do(ADMIN, "add_unit", above="qingshi")
    what = refused(story, refusals.StillUsed, ADMIN, "close_unit", unit="qingshi").details["what"]
    assert "handler" in what
    assert "上村网格" in what
    assert "执法一中队" in what
    refused(story, refusals.UnknownUnit, ADMIN, "close_unit", unit="nowhere")


def test_a_person_is_added_changed_appointed_and_relieved() -> None:
    story = the_desk().do(ADMIN, "add_person", id="zhang", called="张三", roles=("leader",), delegate="head")
    assert the_person(story, "zhang") == a_person(
        "zhang", "qingshi", Role.LEADER, posts=("handler",), delegate="head"
    ).model_copy(update={"name": "张三"})
    story.do(ADMIN, "change_person", person="zhang", called="张山", unit="liuxi", charge=("qingshi",), delegate="")
    person = the_person(story, "zhang")
    assert (person.name, person.unit, person.charge, person.delegate) == ("张山", "liuxi", ("qingshi",), None)
    assert person.roles == (Role.LEADER,), "what is not filled in stays"
    story.do(ADMIN, "appoint", person="zhang", post="deputy_leader")
    assert the_person(story, "zhang").posts == ("handler", "deputy_leader")
    refused(story, refusals.HoldsAlready, ADMIN, "appoint", person="zhang", post="handler")
    story.do(ADMIN, "relieve", person="zhang", post="handler")
    assert the_person(story, "zhang").posts == ("deputy_leader",)
    refused(story, refusals.HoldsNot, ADMIN, "relieve", person="zhang", post="handler")
    refused(story, refusals.UnknownPost, ADMIN, "appoint", person="zhang", post="emperor")
    refused(story, refusals.UnknownPost, ADMIN, "add_person", id="li", posts=("emperor",))
    refused(story, refusals.UnknownPerson, ADMIN, "appoint", person="ghost")
    assert refused(story, refusals.NotWhole, ADMIN, "change_person", person="zhang", unit="nowhere").en == (
        "The organisation would not be whole: zhang: no such unit: nowhere."
    )


def test_whoever_retires_keeps_name_and_id_and_nothing_else() -> None:
    story = the_desk().do(ADMIN, "retire_person", person="head")
    person = the_person(story, "head")
    assert (person.name, person.retired, person.roles, person.posts) == ("head", True, (), ())
    assert refused(story, refusals.Taken, ADMIN, "add_person", id="head").details["whose"] == "head"
    for command, more in (
        ("change_person", {}), ("appoint", {}), ("retire_person", {}), ("set_duty", {}), ("end_leave", {}),
        ("take_leave", {"person": "handler", "delegate": "head"}), ("define_grid", {}),
    ):  # fmt: skip
        refused(story, refusals.Gone, ADMIN, command, **{"person": "head", **more})
    world = a_world(now(story))
    petition = Story(world, a_case(Status.ACCEPTED), START)
    refused(petition, refusals.Gone, "dispatcher", "assign", leader="head")
    assert actions(world, story.case, an_actor(Role.LEADER, id="head", roles=person.roles), START) == ()


def test_the_last_administrator_does_not_retire() -> None:
    refusal = refused(the_desk(), refusals.NotWhole, ADMIN, "retire_person", person=ADMIN)
    assert refusal.zh == "组织机构不成立：至少要有一名系统管理员。"
    assert refusal.en == "The organisation would not be whole: there must be at least one administrator."


def test_a_closed_unit_gets_no_case() -> None:
    story = the_desk().do(ADMIN, "close_unit")
    petition = Story(a_world(now(story)), a_case(Status.ACCEPTED), START)
    refused(petition, refusals.UnitClosed, "dispatcher", "assign", unit="spare")


def test_leave_is_taken_and_ended() -> None:
    story = the_desk().do("dispatcher", "take_leave")
    leave = Leave(since=date(2026, 3, 2), until=date(2026, 3, 6), delegate="stand-in")
    assert the_person(story, "head").leave == (leave,)
    refused(story, refusals.NotWhole, ADMIN, "take_leave", since="2026-03-06", until="2026-03-07")
    refused(story, refusals.NotWhole, ADMIN, "take_leave", since="2026-03-09", until="2026-03-08")
    itself = refused(story, refusals.NotWhole, ADMIN, "take_leave", person="handler", delegate="handler")
    assert "不能由本人代理本人" in itself.zh
    story.do("dispatcher", "take_leave", since="2026-03-20", until="2026-03-21", delegate=None)
    story.at = START.replace(day=5)
    story.do("dispatcher", "end_leave", person="head")
    assert [each.until.day for each in the_person(story, "head").leave] == [21, 4], "back on the fifth"
    story.do("dispatcher", "end_leave", person="head")
    assert [each.until.day for each in the_person(story, "head").leave] == [4], "the one to come is struck out"
    assert refused(story, refusals.NotAway, "dispatcher", "end_leave", person="head").details["person"] == "head"
    story.do("dispatcher", "take_leave", since="2026-03-05", until="2026-03-05").do(
        "dispatcher", "end_leave", person="head"
    )
    assert len(the_person(story, "head").leave) == 1, "a leave that began today never was"


def test_whoever_is_away_without_an_end_comes_back_and_a_later_leave_stays() -> None:
    story = the_desk().do(ADMIN, "take_leave", person="other-head", since="2026-04-01", until="2026-04-02")
    story.do(ADMIN, "end_leave", person="other-head")
    person = the_person(story, "other-head")
    assert (person.away, len(person.leave)) == (False, 1)


def test_a_grid_is_set_again_and_dropped() -> None:
    story = the_desk().do(ADMIN, "define_grid", person="handler")
    assert now(story).grids[1] == Grid(id="hekou", name="河口网格", unit="qingshi", words=("河口村",), person="handler")
    story.do(ADMIN, "define_grid", id="shangcun", unit="liuxi")
    assert [(grid.id, grid.unit) for grid in now(story).grids] == [("shangcun", "liuxi"), ("hekou", "qingshi")]
    story.do(ADMIN, "drop_grid", grid="shangcun")
    assert [grid.id for grid in now(story).grids] == ["hekou"]
    refused(story, refusals.UnknownGrid, ADMIN, "drop_grid", grid="shangcun")
    refused(story, refusals.UnknownUnit, ADMIN, "define_grid", unit="nowhere")


def test_a_new_row_of_the_roster_takes_the_place_of_those_it_covers() -> None:
    def row(first: int, last: int, person: str, post: str = "duty_leader") -> Duty:
        return Duty(since=date(2026, 3, first), until=date(2026, 3, last), person=person, post=post)

    story = the_desk().do("dispatcher", "set_duty", person="head").do("dispatcher", "set_duty", post="dispatcher")
    story.do("dispatcher", "set_duty", since="2026-03-04", until="2026-03-04")
    assert now(story).duties == (row(2, 8, "head"), row(2, 8, "leader", "dispatcher"), row(4, 4, "leader"))
    story.do("dispatcher", "set_duty", since="2026-03-01", until="2026-03-08", person="duty")
    assert now(story).duties == (row(2, 8, "leader", "dispatcher"), row(1, 8, "duty"))
    refused(story, refusals.UnknownPost, "dispatcher", "set_duty", post="emperor")


@pytest.mark.parametrize("command", ["add_unit", "retire_person", "appoint", "define_grid", "define_organisation"])
def test_only_an_administrator_changes_more_than_leave_and_the_roster(command: str) -> None:
    refused(the_desk(), refusals.NotYours, "dispatcher", command)


def test_a_document_that_leaves_somebody_out_retires_them_and_closes_units() -> None:
    whole = an_organisation()
    smaller = Organisation(name="新县", units=whole.units[:1], people=whole.people[:6])
    story = the_desk().do(ADMIN, "define_organisation", organisation=smaller, reason="机构改革")
    assert [unit.closed for unit in now(story).units] == [False, True, True, True]
    assert the_person(story, "secretary") == whole.people[-2].gone()
    said = story.events[-1].event.said
    assert said["reason"] == "机构改革"
    assert said["changed"] == ["名称 name: 临江县 → 新县"]
    assert isinstance(said["gone"], list)
    assert "人员 person secretary" in said["gone"]
    assert "网格 grid shangcun" in said["gone"]
    again = story.copy().do(ADMIN, "define_organisation", organisation=smaller)
    assert now(again) == now(story)
    assert again.events[-1].event.said == {}, "nothing differs"
    back = the_desk().do(ADMIN, "define_organisation", organisation=smaller)
    back.do(ADMIN, "define_organisation", organisation=whole)
    assert the_person(back, "secretary") == whole.person("secretary"), "under the same name somebody may come back"
    other = smaller.model_copy(
        update={"people": (*smaller.people, a_person("duty", "bureau").model_copy(update={"name": "别人"}))}
    )
    assert refused(story, refusals.Taken, ADMIN, "define_organisation", organisation=other).details["name"] == "duty"


def test_every_event_holds_the_new_whole_and_the_history_alone_tells_it() -> None:
    story = the_desk().do(ADMIN, "add_person", unit="qingshi", reason="新录用").do("dispatcher", "take_leave")
    assert fold(story.events) == story.case
    added = story.events[-2].event
    assert added.sets.model_fields_set == {"organisation"}, "the unit is the person's, not the case's"
    assert added.said["unit"] == "qingshi"
    assert added.said["reason"] == "新录用"
    assert story.case.unit is None
    assert story.case.alarm is None
    assert canonical(story.events[-1].model_dump(mode="json"))


def changed(**more: Any) -> Organisation:
    return Organisation.model_validate(
        {**{name: getattr(an_organisation(), name) for name in Organisation.model_fields}, **more}
    )


def test_differences_name_what_is_added_changed_and_gone() -> None:
    before = an_organisation()
    assert not differences(before, before)
    head = before.people[11].model_copy(
        update={"posts": (), "away": True, "leave": (Leave(since=date(2026, 3, 2), until=date(2026, 3, 3)),)}
    )
    after = changed(
        people=(*before.people[:11], head, *before.people[12:]),
        units=(*before.units[:-1], before.units[-1].model_copy(update={"closed": True})),
        duties=(Duty(since=date(2026, 3, 2), until=date(2026, 3, 3), person="head"),),
    )
    found = differences(before, after)
    assert found
    assert found.added == ("值班 duty 2026-03-02—2026-03-03 duty_leader head",)
    assert found.changed == ("人员 person head: 职务 unit_head → —；暂离 否 → 是；休假 — → 2026-03-02 2026-03-03",)
    assert found.gone == ("单位 unit spare",)
    back = differences(after, before)
    assert back.added == ("单位 unit spare",)
    assert back.gone == found.added
    turned = differences(before, changed(people=before.people[::-1]))
    assert turned.changed == ("排列次序 order",)


def test_refusals_of_an_organisation_read_well() -> None:
    for refusal in (
        refused(the_desk(), refusals.StillUsed, ADMIN, "close_unit", unit="qingshi"),
        refused(the_desk(), refusals.UnknownPost, ADMIN, "appoint", post="emperor"),
    ):
        assert isinstance(refusal, Refused)
        assert "{" not in refusal.zh + refusal.en
