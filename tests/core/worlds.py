"""The world that tests live in: the policy, the calendars, an invented county, somebody who acts, moments."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from models.calendars import Calendar, make_calendar
from models.organisation import COUNTY, Grid, Organisation, Person, Unit
from models.policy import Policy
from models.vocabulary import Role
from models.world import RESERVED, Actor, World, actor_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STEP = timedelta(hours=1)
TARGET = date(2026, 4, 30)
NUMBER = "XF2026000001"
PARENT = "XF2026000009"
FACTORY = "青石养殖场"


def shanghai(text: str) -> datetime:
    """Make a UTC instant from ``2026-03-02 09:00`` in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


# ── the world ──


@cache
def a_policy() -> Policy:
    return Policy.model_validate(tomllib.loads((POLICIES / "2026-11.toml").read_text(encoding="utf-8")))


@cache
def calendars() -> dict[str, Calendar]:
    folder = POLICIES / "calendars"
    statutory = [tomllib.loads(path.read_text("utf-8")) for path in (folder / "statutory").glob("*.toml")]
    every_day = tomllib.loads((folder / "all-days.toml").read_text("utf-8"))
    return {
        "statutory": make_calendar("statutory", statutory),
        "all-days": make_calendar("all-days", [every_day]),
    }


def a_person(name: str, unit: str, *roles: Role, posts: tuple[str, ...] = (), **more: Any) -> Person:
    given = {"id": name, "name": name, "unit": unit, "roles": roles, "posts": posts, **more}
    return Person.model_validate(given)


@cache
def an_organisation() -> Organisation:
    """Two townships and the bureau. In 青石镇 the deputy leader is away; in 柳溪乡 most posts are vacant."""
    r = Role
    return Organisation(
        name="临江县",
        units=(
            Unit(id="bureau", zh="生态环境局"),
            Unit(id="qingshi", zh="青石镇", township=True),
            Unit(id="liuxi", zh="柳溪乡", township=True),
            Unit(id="spare", zh="筹备组"),
        ),
        people=(
            a_person("clerk", "bureau", r.CLERK),
            a_person("dispatcher", "bureau", r.DISPATCHER, posts=("dispatcher",)),
            a_person("reviewer", "bureau", r.REVIEWER),
            a_person("reviewer-2", "bureau", r.REVIEWER),
            a_person("auditor", "bureau", r.AUDITOR),
            a_person("administrator", "bureau", r.ADMINISTRATOR, posts=("administrator",)),
            a_person("handler", "qingshi", r.HANDLER),
            a_person("inspector", "qingshi", r.INSPECTOR),
            a_person("section-head", "qingshi", r.HANDLER, posts=("section_head",)),
            a_person("deputy", "qingshi", r.LEADER, posts=("deputy_leader",), away=True, delegate="stand-in"),
            a_person("stand-in", "qingshi", r.LEADER),
            a_person("head", "qingshi", r.LEADER, posts=("unit_head",)),
            a_person("kin", "qingshi", r.HANDLER, interests=(FACTORY,)),
            a_person("other-handler", "liuxi", r.HANDLER, r.INSPECTOR),
            a_person("other-head", "liuxi", r.LEADER, posts=("unit_head",), away=True),
            a_person("leader", COUNTY, r.LEADER),
            a_person("county-deputy", COUNTY, r.LEADER, posts=("deputy_county_head",)),
            a_person("magistrate", COUNTY, r.LEADER, posts=("county_magistrate",)),
            a_person("secretary", COUNTY, r.LEADER, posts=("party_secretary",)),
            a_person("duty", COUNTY, r.LEADER, posts=("duty_leader",)),
        ),
        grids=(Grid(id="shangcun", name="上村网格", unit="qingshi", words=("上村",), person="inspector"),),
    )


def a_world(organisation: Organisation | None = None, policy: Policy | None = None) -> World:
    policy = policy or a_policy()
    return World({policy.name: policy}, calendars(), organisation or an_organisation())


def an_actor(role: Role | str, **more: Any) -> Actor:
    """Somebody of that role, or of that name, with whatever else is said of them."""
    if role in {Role.CLOCK, Role.ENGINE}:
        return RESERVED[role]
    people = an_organisation().people
    person = next(p for p in people if p.id == role or role in p.roles)
    return actor_of(person).model_copy(update=more)
