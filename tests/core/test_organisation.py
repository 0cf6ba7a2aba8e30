"""Who there is, who stands in for whom, and whom a post reaches."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.counting import legal_day
from models.organisation import COUNTY, Duty, Grid, Leave, Organisation, Person, Unit
from models.react import NOBODY, react_to_rung
from models.vocabulary import Role
from models.world import actor_of
from tests.core.builders import START, a_person, a_policy, an_organisation, shanghai

UPWARDS = a_policy().upwards


def an_office(*people: Person) -> Organisation:
    boss = a_person("boss", "office", Role.ADMINISTRATOR)
    units = (
        Unit(id="office", zh="局"),
        Unit(id="team", zh="中队", above="office"),
        Unit(id="shut", zh="旧", closed=True),
    )
    return Organisation(name="局", units=units, people=(*people, boss))


def a_leave(first: int, last: int, delegate: str | None = None) -> Leave:
    """Days of March 2026; the stories begin on the second."""
    return Leave(since=date(2026, 3, first), until=date(2026, 3, last), delegate=delegate)


def ids(people: tuple[Person, ...]) -> list[str]:
    return [person.id for person in people]


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ([a_person("a", "nowhere")], "no such unit"),
        ([a_person("a", "office"), a_person("a", "office")], "occurs twice"),
        ([a_person("a", "office", delegate="ghost")], "no such delegate"),
        ([a_person("a", "office", Role.CLOCK)], "cannot be the clock"),
        ([a_person("a", "office", Role.ENGINE)], "cannot be the clock"),
        ([a_person("clock", "office")], "reserved, not for a person"),
        ([a_person("a", "office", charge=("nowhere",))], "no such unit: nowhere"),
        ([a_person("a", "shut")], "the unit shut is closed"),
        ([a_person("a", "office", delegate="a")], "nobody stands in for themselves"),
        ([a_person("a", "office", leave=(a_leave(1, 3, "a"),))], "nobody stands in for themselves"),
        ([a_person("a", "office", leave=(a_leave(1, 3, "ghost"),))], "no such delegate: ghost"),
        ([a_person("a", "office", leave=(a_leave(3, 5), a_leave(1, 3)))], "two leaves overlap at 2026-03-03"),
        ([a_person("a", "office", Role.CLERK, retired=True)], "can hold nothing any more"),
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
    assert organisation.grid("ghost") is None
    assert ids(organisation.holders("unit_head", "qingshi")) == ["head"]
    assert ids(organisation.holders("party_secretary", "qingshi")) == ["secretary"]
    assert organisation.holders("unit_head", None) == ()
    both = an_office(a_person("a", COUNTY, posts=("unit_head",)), a_person("b", "office", posts=("unit_head",)))
    assert ids(both.holders("unit_head", "office")) == ["b", "a"], "the unit's own comes first"
    assert ids(both.holders("unit_head", "elsewhere")) == ["a"]


def reach(organisation: Organisation, post: str, unit: str | None = "office", **more: Any) -> tuple[str, str]:
    more = {"named": {}, "at": START, **more}
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


@pytest.mark.parametrize("delegate", [None, "b"])
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


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"units": [Unit(id="office", zh="局"), Unit(id="office", zh="局")]}, "the unit's id occurs twice"),
        ({"units": [Unit(id="office", zh="局"), Unit(id=COUNTY, zh="县")]}, "is reserved: county"),
        ({"units": [Unit(id="office", zh="局", above="nowhere")]}, "no unit above: nowhere"),
        ({"units": [Unit(id="office", zh="局", above="office")]}, "run in a circle"),
        (
            {"units": [Unit(id="office", zh="局", above="team"), Unit(id="team", zh="队", above="office")]},
            "run in a circle",
        ),
        ({"grids": [Grid(id="g", name="网格", unit="nowhere")]}, "no unit in use: nowhere"),
        ({"grids": [Grid(id="g", name="网格", unit="office", person="ghost")]}, "no such person: ghost"),
        ({"grids": [Grid(id="g", name="网格", unit="office")] * 2}, "the grid's id occurs twice"),
        ({"duties": [Duty(since=date(2026, 3, 1), until=date(2026, 3, 1), person="ghost")]}, "no such person: ghost"),
    ],
)
def test_units_grids_and_the_roster_name_what_is_there(parts: dict[str, Any], why: str) -> None:
    boss = a_person("boss", "office", Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match=why):
        Organisation.model_validate({"name": "局", "units": [Unit(id="office", zh="局")], "people": [boss], **parts})


def test_a_leave_ends_after_it_began() -> None:
    with pytest.raises(ValidationError, match="2026-03-01 is before 2026-03-02"):
        a_leave(2, 1)


def test_people_and_units_are_found_by_their_names_while_they_are_there() -> None:
    staff = (a_person("a", "office"), a_person("b", "office"), a_person("c", "office", retired=True))
    office = an_office(*(person.model_copy(update={"name": "王芳"}) for person in staff))
    assert ids(office.people_called("王芳")) == ["a", "b"]
    assert ids(office.people_called("c")) == ["c"], "the id finds whoever has left, for the history"
    assert office.people_called("赵四") == ()
    assert [unit.id for unit in office.units_called("中队")] == ["team"]
    assert [unit.id for unit in office.units_called("shut")] == ["shut"]
    assert office.units_called("旧") == ()


def test_a_deputy_leader_is_found_by_what_is_in_their_charge_before_any_other() -> None:
    office = an_office(
        a_person("county", COUNTY, posts=("deputy_leader",)),
        a_person("other", COUNTY, posts=("deputy_leader",), charge=("office",)),
        a_person("own", "team", posts=("deputy_leader",)),
        a_person("charged", COUNTY, posts=("deputy_leader",), charge=("team",)),
        a_person("elsewhere", "office", posts=("deputy_leader",)),
    )
    assert ids(office.holders("deputy_leader", "team")) == ["charged", "own", "other", "elsewhere", "county"]
    assert ids(office.holders("deputy_leader", "office")) == ["other", "elsewhere", "county", "charged"]
    assert ids(office.holders("deputy_leader", None)) == ["county", "other", "charged"]


def test_leave_counts_on_its_own_days_and_its_delegate_before_the_usual_one() -> None:
    office = an_office(
        a_person("a", "office", posts=("unit_head",), delegate="b", leave=(a_leave(3, 4), a_leave(6, 6, "c"))),
        a_person("b", "office"),
        a_person("c", "office", leave=(a_leave(6, 6, "a"),)),
    )
    assert reach(office, "unit_head", at=shanghai("2026-03-02 23:59")) == ("a", "")
    assert reach(office, "unit_head", at=shanghai("2026-03-03 00:00")) == ("b", "代 a")
    assert reach(office, "unit_head", at=shanghai("2026-03-04 23:59")) == ("b", "代 a")
    assert reach(office, "unit_head", at=shanghai("2026-03-05 00:00")) == ("a", "")
    assert reach(office, "unit_head", at=shanghai("2026-03-06 12:00"))[0] == "boss", "they stand in for one another"


def test_another_holder_of_the_post_hears_before_it_falls_upwards() -> None:
    office = an_office(
        a_person("a", "office", posts=("deputy_leader",), away=True),
        a_person("b", "office", posts=("deputy_leader",)),
    )
    assert reach(office, "deputy_leader") == ("b", "")


def test_whoever_has_left_is_reached_neither_by_name_nor_as_a_delegate() -> None:
    office = an_office(
        a_person("a", "office", posts=("unit_head",), away=True, delegate="gone"),
        a_person("gone", "office", retired=True),
    )
    assert reach(office, "unit_head")[0] == "boss"
    assert reach(office, "handler", named={"handler": "gone"})[0] == "boss"


def test_the_roster_fills_a_post_on_its_days_the_later_row_before_the_earlier() -> None:
    def duty(first: int, last: int, person: str) -> Duty:
        return Duty(since=date(2026, 3, first), until=date(2026, 3, last), person=person)

    office = an_office(
        a_person("a", "office"), a_person("b", "office"), a_person("c", COUNTY, posts=("duty_leader",))
    ).model_copy(update={"duties": (duty(2, 8, "a"), duty(5, 5, "b"))})
    assert reach(office, "duty_leader", at=shanghai("2026-03-04 12:00")) == ("a", "")
    assert reach(office, "duty_leader", at=shanghai("2026-03-05 12:00")) == ("b", "")
    assert reach(office, "duty_leader", at=shanghai("2026-03-09 12:00")) == ("c", "")
    assert reach(office, "unit_head", at=shanghai("2026-03-05 12:00"))[0] == "b", "falls to whoever is on duty"


def test_an_administrator_who_is_away_is_stood_in_for() -> None:
    away = a_person("boss", "office", Role.ADMINISTRATOR, away=True, delegate="a")
    office = Organisation(name="局", units=(Unit(id="office", zh="局"),), people=(a_person("a", "office"), away))
    assert reach(office, "unit_head") == ("a", "unit_head 及以上均空缺，告知系统管理员；代 boss")


# ── whatever the organisation ──
IDS = [f"p{number}" for number in range(6)]
DAYS = st.integers(0, 6)


@st.composite
def people(draw: st.DrawFn, name: str) -> Person:
    others = [each for each in IDS if each != name]
    first, length = draw(DAYS), draw(DAYS)
    leave = Leave(
        since=date(2026, 3, 1) + timedelta(days=first),
        until=date(2026, 3, 1) + timedelta(days=first + length),
        delegate=draw(st.none() | st.sampled_from(others)),
    )
    person = a_person(
        name,
        draw(st.sampled_from(["office", "team", COUNTY])),
        *draw(st.sets(st.sampled_from([Role.LEADER, Role.ADMINISTRATOR]))),
        posts=tuple(draw(st.sets(st.sampled_from(UPWARDS), max_size=3))),
        charge=tuple(draw(st.sets(st.sampled_from(["office", "team"]), max_size=1))),
        away=draw(st.booleans()),
        delegate=draw(st.none() | st.sampled_from(others)),
        leave=draw(st.sampled_from([(), (leave,)])),
    )
    return person.gone() if draw(st.integers(0, 9)) == 0 else person


@given(
    st.tuples(*(people(name) for name in IDS)),
    st.sampled_from([*UPWARDS, "dispatcher"]),
    st.sampled_from(["office", "team", None]),
    st.sets(st.sampled_from([*IDS, "boss"])),
    st.sampled_from([None, *IDS]),
    st.integers(0, 14),
    st.booleans(),
)
def test_somebody_present_and_free_always_hears(
    staff: tuple[Person, ...],
    post: str,
    unit: str | None,
    barred: set[str],
    named: str | None,
    days: int,
    boss_away: bool,
) -> None:
    boss = a_person("boss", "office", Role.ADMINISTRATOR, away=boss_away)
    units = (Unit(id="office", zh="局"), Unit(id="team", zh="中队", above="office"))
    office = Organisation(name="局", units=units, people=(*staff, boss))
    at = START + timedelta(days=days)
    found = office.reach(post, unit, UPWARDS, {"handler": named}, barred, at=at)
    who = office.person(found.person)
    assert who is not None, "never nobody"
    day = legal_day(at)
    administrators = [person for person in office.people if Role.ADMINISTRATOR in person.roles]
    stand_ins = [office.present(person, day) for person in administrators]
    if any(each and each[0].id not in barred for each in stand_ins):
        assert who.id not in barred
        assert not who.absent(day)
    elif who.absent(day) or who.id in barred:
        assert who in administrators, "the last seat cannot be vacant"
        assert who.id not in barred or {person.id for person in administrators} <= barred
