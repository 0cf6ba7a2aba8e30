"""Who there is, who stands in for whom, and whom a post reaches."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.organisation import COUNTY, Organisation, Person, Unit
from models.react import NOBODY, react_to_rung
from models.vocabulary import Role
from models.world import actor_of
from tests.core.builders import a_person, a_policy, an_organisation

UPWARDS = a_policy().upwards


def an_office(*people: Person) -> Organisation:
    boss = a_person("boss", "office", Role.ADMINISTRATOR)
    return Organisation(name="局", units=(Unit(id="office", zh="局"),), people=(*people, boss))


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ([a_person("a", "nowhere")], "no such unit"),
        ([a_person("a", "office"), a_person("a", "office")], "occurs twice"),
        ([a_person("a", "office", delegate="ghost")], "no such delegate"),
        ([a_person("a", "office", Role.CLOCK)], "cannot be the clock"),
        ([a_person("a", "office", Role.ENGINE)], "cannot be the clock"),
    ],
)
def test_an_organisation_that_is_not_whole_is_refused(people: list[Person], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        an_office(*people)


def test_there_is_always_an_administrator() -> None:
    with pytest.raises(ValidationError, match="at least one administrator"):
        Organisation(name="局", units=(Unit(id="office", zh="局"),), people=(a_person("a", "office"),))


def test_people_may_be_of_the_county_itself() -> None:
    assert an_office(a_person("a", COUNTY)).unit(COUNTY) is None


def test_people_units_and_holders_are_found() -> None:
    organisation = an_organisation()
    assert organisation.person("clerk") == organisation.people[0]
    assert organisation.person("ghost") is None
    assert organisation.unit("qingshi") == organisation.units[1]
    assert organisation.unit("ghost") is None
    assert organisation.holder("unit_head", "qingshi") == organisation.person("head")
    assert organisation.holder("party_secretary", "qingshi") == organisation.person("secretary")
    assert organisation.holder("unit_head", None) is None
    both = an_office(a_person("a", COUNTY, posts=("unit_head",)), a_person("b", "office", posts=("unit_head",)))
    assert both.holder("unit_head", "office") == both.person("b"), "the unit's own comes first"
    assert both.holder("unit_head", "elsewhere") == both.person("a")


def reach(organisation: Organisation, post: str, unit: str | None = "office", **more: Any) -> tuple[str, str]:
    more.setdefault("named", {})
    found = organisation.reach(post, unit, UPWARDS, **more)
    assert found.post == post
    return found.person, found.why


def test_a_post_reaches_its_holder_in_the_cases_own_unit() -> None:
    assert reach(an_organisation(), "section_head", "qingshi") == ("section-head", "")


def test_whoever_the_case_names_for_a_post_comes_before_its_holder() -> None:
    office = an_office(a_person("a", "office", posts=("handler",)), a_person("b", "office"))
    assert reach(office, "handler") == ("a", "")
    assert reach(office, "handler", named={"handler": "b"}) == ("b", "")
    assert reach(office, "handler", named={"handler": "gone"})[0] == "boss", "somebody who left holds nothing"


def test_a_line_of_delegates_is_followed_to_its_end() -> None:
    office = an_office(
        a_person("a", "office", posts=("unit_head",), away=True, delegate="b"),
        a_person("b", "office", away=True, delegate="c"),
        a_person("c", "office"),
    )
    assert reach(office, "unit_head") == ("c", "代 a")


@pytest.mark.parametrize("delegate", [None, "a", "b"])
def test_whoever_is_away_with_nobody_standing_in_is_passed_over(delegate: str | None) -> None:
    office = an_office(
        a_person("a", "office", posts=("unit_head",), away=True, delegate=delegate),
        a_person("b", "office", away=True, delegate="a"),
        a_person("c", COUNTY, posts=("party_secretary",)),
    )
    assert reach(office, "unit_head") == ("c", "unit_head 空缺，上移至 party_secretary")


def test_a_post_outside_the_line_falls_to_its_beginning() -> None:
    office = an_office(a_person("a", "office", posts=("handler",)))
    assert reach(office, "printer") == ("a", "printer 空缺，上移至 handler")


def test_with_every_post_vacant_the_administrator_hears_even_when_away() -> None:
    office = an_office()
    assert reach(office, "unit_head") == ("boss", "unit_head 及以上均空缺，告知系统管理员")


def test_nobody_barred_is_reached_not_even_as_a_delegate() -> None:
    office = an_office(
        a_person("a", "office", posts=("unit_head",), away=True, delegate="b"),
        a_person("b", "office"),
        a_person("other", "office", Role.ADMINISTRATOR),
    )
    assert reach(office, "unit_head", barred={"b"})[0] == "other"
    assert reach(office, "unit_head", barred={"b", "other"})[0] == "boss"
    assert reach(office, "unit_head", barred={"b", "other", "boss"})[0] in {"other", "boss"}, "never nobody"


def test_an_actor_is_a_person_with_what_decides_over_what_they_may_do() -> None:
    person = an_organisation().person("kin")
    assert person
    actor = actor_of(person)
    assert (actor.id, actor.roles, actor.unit, actor.interests) == ("kin", (Role.HANDLER,), "qingshi", ("青石养殖场",))


def test_a_rung_for_nobody_sends_nothing() -> None:
    ladder = a_policy().ladder["lapse"]
    assert react_to_rung(ladder.rungs[0], ()) == ()
    (letter,) = react_to_rung(a_policy().ladder["standard"].rung("blue"), (NOBODY, NOBODY))
    assert letter.to == ("administrator",)
