"""Where a petition goes: places found by their names, rows tried in order, and each answer explained."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.fills import proposed
from models.organisation import COUNTY, Grid, Organisation, Unit
from models.policy import Policy
from models.refusals import NoRoute, UnknownPerson
from models.routing import Route, locate, route
from models.vocabulary import Role, Status
from models.world import World
from tests.core.builders import START, Story, a_case, a_person, a_policy, a_world, refused

R = Role


def a_county(**more: Any) -> Organisation:
    given = {
        "name": "县",
        "units": (
            Unit(id="enforcement", zh="执法大队"),
            Unit(id="baima", zh="白马乡", township=True, aliases=("白马",)),
            Unit(id="baimahe", zh="白马河镇", township=True),
            Unit(id="old", zh="旧镇", township=True, closed=True),
        ),
        "people": (
            a_person("admin", COUNTY, R.ADMINISTRATOR),
            a_person("h1", "baima", R.HANDLER, posts=("handler",)),
            a_person("h2", "enforcement", R.HANDLER, posts=("handler",)),
            a_person("walker", "baima", R.HANDLER),
            a_person("d1", COUNTY, R.LEADER, posts=("deputy_leader",)),
            a_person("d2", COUNTY, R.LEADER, posts=("deputy_leader",), charge=("baima",), away=True, delegate="d1"),
        ),
        "grids": (
            Grid(id="g1", name="白马一网格", unit="baima", words=("河口村", "上村"), person="walker"),
            Grid(id="g2", name="白马河一网格", unit="baimahe", words=("河口村", "下村桥头")),
        ),
    }
    return Organisation.model_validate({**given, **more})


def a_table(*rows: dict[str, Any]) -> Policy:
    return Policy.model_validate({**a_policy().model_dump(mode="json"), "route": [*rows]})


def found(*rows: dict[str, Any], place: str = "白马乡河口村", types: Collection[str] = (), **more: Any) -> Route:
    policy = a_table(*rows)
    organisation = more.pop("organisation", a_county())
    return route(a_world(organisation, policy), policy, place, types, **{"at": START, **more})


REST = {"unit": "enforcement"}


@pytest.mark.parametrize(
    ("place", "unit", "grid", "word"),
    [
        ("白马乡河口村二组", "baima", "g1", "河口村"),
        ("白马河镇河口村", "baimahe", "g2", "河口村"),
        ("白马河镇街上", "baimahe", None, "白马河镇"),
        ("白马街上", "baima", None, "白马"),
        ("下村桥头养猪场", "baimahe", "g2", "下村桥头"),
        ("上村", "baima", "g1", "上村"),
    ],
)
def test_a_place_is_found_by_the_longest_name_in_it(place: str, unit: str, grid: str | None, word: str) -> None:
    located = locate(a_county(), place)
    assert located
    assert (located.unit, located.grid, located.word) == (unit, grid, word)


@pytest.mark.parametrize("place", ["县城", "", "旧镇", "执法大队", "河口村"])
def test_a_place_nobody_knows_or_two_units_share_is_not_found(place: str) -> None:
    assert locate(a_county(), place) is None


def test_between_two_townships_named_alike_long_only_a_grid_decides() -> None:
    county = a_county(units=(*a_county().units, Unit(id="other", zh="青石镇", township=True)))
    assert locate(county, "白马乡转青石镇") is None
    located = locate(county, "青石镇报送白马乡上村")
    assert located
    assert (located.unit, located.grid) == ("baima", "g1")


@given(st.text(alphabet="白马乡河口村上下桥头镇", max_size=14))
def test_what_is_found_stands_in_the_text_and_no_longer_township_is_passed_over(place: str) -> None:
    located = locate(a_county(), place)
    if located is None:
        return
    assert located.word in place
    named = [
        (len(name), unit.id) for unit in a_county().units for name in unit.names if unit.township and name in place
    ]
    if named:
        assert located.unit == max(named)[1]


def test_the_first_row_that_fits_decides_and_every_row_before_it_says_why_not() -> None:
    answer = found(
        {"place": ["青石镇"], "unit": "enforcement"},
        {"types": ["辐射"], "channels": ["hotline"], "unit": "enforcement"},
        {"star": True, "unit": "enforcement"},
        {"place": ["@township"], "star": False, "note": "属地", "unit": "@place", "handler": "handler"},
        REST,
        types=["大气/恶臭"],
        channel="phone",
    )
    assert (answer.row, answer.note, answer.unit, answer.handler) == (4, "属地", "baima", "h1")
    assert [tried.fits for tried in answer.tried] == [False, False, False, True]
    assert [condition.zh for tried in answer.tried for condition in tried.conditions] == [
        "地点“白马乡河口村”属于 青石镇",
        "类型“大气/恶臭”属于 辐射",
        "渠道“phone”属于 hotline",
        "重点关注件",
        "地点“白马乡河口村”属于 @township",
        "非重点关注件",
    ]
    assert answer.tried[1].conditions[0].en == 'type "大气/恶臭" is of 辐射'
    assert answer.problems == ()


@pytest.mark.parametrize("word", ["baima", "白马乡", "白马", "g1", "上村", "@grid", "@township", "口村二"])
def test_a_row_names_a_place_by_id_name_or_word(word: str) -> None:
    assert found({"place": [word], "unit": "@place"}, REST, place="白马乡河口村二组").unit == "baima"


def test_the_place_as_unit_needs_a_place_that_is_found() -> None:
    rows = ({"star": False, "unit": "@place"}, REST)
    assert found(*rows).unit == "baima"
    assert found(*rows, place="县城").unit == "enforcement"
    assert found({"place": ["县城"], "unit": "@place"}, REST, place="县城").problems[0][0] == (
        "派件规则第 1 行的单位 @place 不存在或已撤销"
    )


@pytest.mark.parametrize("unit", ["nowhere", "old"])
def test_a_unit_the_organisation_does_not_have_is_told_when_the_row_is_used(unit: str) -> None:
    answer = found({"types": ["水"], "unit": "nowhere"}, {"unit": unit})
    assert (answer.row, answer.unit) == (2, None)
    assert unit in answer.problems[0][1]


def test_without_a_table_or_an_organisation_nothing_is_proposed() -> None:
    assert found().problems == (("本政策没有派件规则", "the policy has no routing table"),)
    policy = a_table({"place": ["@grid"], "unit": "@place"}, REST)
    bare = World({policy.name: policy}, {})
    answer = route(bare, policy, "白马乡", at=START)
    assert (answer.row, answer.unit, answer.located) == (2, None, None)
    assert proposed(bare, a_case(Status.ACCEPTED), START).unit is None


def test_the_leader_is_found_by_charge_and_stays_while_on_leave_the_handler_is_whoever_is_there() -> None:
    row = {"unit": "baima", "leader": "deputy_leader", "handler": "handler"}
    answer = found(row)
    assert (answer.leader, answer.handler) == ("d2", "h1")
    away = tuple(
        p.model_copy(update={"away": True, "delegate": "walker"}) if p.id == "h1" else p for p in a_county().people
    )
    assert found(row, organisation=a_county(people=away)).handler == "walker"
    assert found(row, barred={"d2", "h1"}).leader == "d1"
    assert found(row, barred={"d2", "h1"}).handler is None
    gone = tuple(p.gone() if p.id in {"d2", "h1"} else p for p in a_county().people)
    answer = found({**row, "leader": "d2", "handler": "h1"}, organisation=a_county(people=gone))
    assert (answer.leader, answer.handler) == (None, None)


def test_a_row_may_name_people_and_whoever_walks_the_grid() -> None:
    row = {"unit": "@place", "leader": "d1", "handler": "@grid", "place": ["@township"]}
    assert (found(row, REST).leader, found(row, REST).handler) == ("d1", "walker")
    assert found(row, REST, place="白马乡街上").handler == "h1", "without a grid the unit's handler"
    assert found(row, REST, place="下村桥头白马河镇").handler is None
    assert found({**row, "leader": "ghost"}, REST).leader is None


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"star": True, "unit": "a"}], "for all: none"),
        ([{"unit": "@place"}], "for all: none"),
        ([REST, {"star": True, "unit": "a"}], r"for all: \[1\]"),
        ([REST, REST], r"for all: \[1, 2\]"),
        ([{"channels": ["pigeon"], "unit": "a"}, REST], "a channel that does not exist"),
    ],
)
def test_a_table_ends_with_one_row_for_all(rows: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        a_table(*rows)


# ── at the assignment ──
def an_accepted(policy: Policy, place: str = "白马乡河口村", organisation: Organisation | None = None) -> Story:
    case = a_case(Status.ACCEPTED).model_copy(update={"place": place})
    return Story(a_world(organisation or a_county(), policy), case, START + timedelta(days=1))


def test_an_assignment_without_a_unit_goes_where_the_table_says_and_the_event_tells_the_row() -> None:
    policy = a_table(
        {"place": ["@grid"], "unit": "@place", "leader": "deputy_leader", "handler": "@grid", "note": "网格"}, REST
    )
    story = an_accepted(policy).do("dispatcher", "assign", unit=None, handler=None, leader=None)
    case = story.case
    assert (case.unit, case.handler, case.leader, case.hands) == ("baima", "walker", "d2", ("walker",))
    event = story.events[-1].event
    assert event.said == {"routed": {"policy": policy.name, "row": 1, "why": "网格"}}
    assert {"unit", "handler", "leader"} <= event.sets.model_fields_set


def test_whoever_is_named_on_the_form_goes_before_the_table() -> None:
    policy = a_table({"place": ["@grid"], "unit": "@place", "handler": "@grid"}, REST)
    story = an_accepted(policy)
    named = story.copy().do("dispatcher", "assign", unit=None, handler="h1", leader=None)
    assert (named.case.unit, named.case.handler, named.case.leader) == ("baima", "h1", None)
    given = story.copy().do("dispatcher", "assign", unit="enforcement", handler=None, leader=None)
    assert (given.case.unit, given.case.handler) == ("enforcement", None)
    assert given.events[-1].event.said == {}
    refused(story, UnknownPerson, "dispatcher", "assign", unit=None, handler="ghost")


def test_whom_the_case_is_about_is_not_proposed() -> None:
    policy = a_table({"unit": "baima", "handler": "handler"})
    story = an_accepted(policy)
    story.case = story.case.model_copy(update={"named": ("h1",)})
    assert proposed(story.world, story.case, story.at).handler is None
    assert story.do("dispatcher", "assign", unit=None, handler=None, leader=None).case.unit == "baima"


def test_where_the_table_does_not_tell_the_unit_has_to_be_named() -> None:
    refusal = refused(an_accepted(a_table({"unit": "nowhere"})), NoRoute, "dispatcher", "assign", unit=None)
    assert refusal.zh == "没有可用的派件规则：派件规则第 1 行的单位 nowhere 不存在或已撤销。请指明承办单位。"
    refused(an_accepted(a_table()), NoRoute, "dispatcher", "assign", unit=None)


@pytest.mark.parametrize(
    ("place", "types", "star", "row", "unit"),
    [
        ("白马乡河口村", ("大气",), False, 3, "baima"),
        ("白马乡街上", ("噪声",), False, 4, "baima"),
        ("白马乡街上", ("危险废物",), False, 2, "enforcement"),
        ("白马乡街上", (), True, 1, "enforcement"),
        ("县城", (), False, 5, "enforcement"),
    ],
)
def test_the_published_table(place: str, types: tuple[str, ...], star: bool, row: int, unit: str) -> None:
    answer = route(a_world(a_county()), a_policy(), place, types, "phone", star=star, at=START)
    assert (answer.row, answer.unit) == (row, unit)
    assert answer.leader == ("d2" if unit == "baima" else "d1")
