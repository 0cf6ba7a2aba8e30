"""What completes a form where it was left empty: fields of the command, and what the event tells of how they came."""

from collections.abc import Callable
from datetime import datetime

from pydantic import JsonValue

from models import refusals
from models.case import Case
from models.differences import differences as between
from models.react import barred
from models.routing import Route, route
from models.situation import Situation
from models.staffing import staffed
from models.world import World

Filled = tuple[dict[str, object], dict[str, JsonValue]]
Fill = Callable[[Situation], Filled]


def proposed(world: World, case: Case, at: datetime) -> Route:
    """Return where a petition goes by the routing table of its policy, as it stands now."""
    out = barred(world.organisation, case) if world.organisation else ()
    policy = world.policies[case.policy]
    return route(world, policy, case.place, case.types, case.channel, star=case.star, at=at, barred=out)


def routed(s: Situation) -> Filled:
    """Without a unit, the unit and the people of the routing table; who is named on the form goes before them.

    Raises:
        NoRoute: there is no table, or the row that fits names a unit the organisation does not have.
    """
    if s.given("unit"):
        return {}, {}
    found = proposed(s.world, s.case, s.at)
    if found.unit is None:
        raise refusals.NoRoute(why=found.problems[0][0], why_en=found.problems[0][1])
    fields = {name: s.given(name) or getattr(found, name) for name in ("unit", "handler", "leader")}
    filled = {name: value for name, value in fields.items() if value}
    return filled, {"routed": {"policy": found.policy, "row": found.row, "why": found.note}}


def differences(s: Situation) -> Filled:
    """What the new organisation changes, for people to read."""
    found = between(s.case.organisation or staffed(s), staffed(s))
    return {}, {name: list(lines) for name, lines in found.told().items()}


PLAN = (
    "以 {lead} 为主案，其余 {others} 件并案；责任单位一日内统一现场核查，确定整改期限；统一答复口径，"
    "每件分别答复信访人；平息前每日报告新增来件。"
)
"""The plan that is proposed for a storm."""


def storm_plan(s: Situation) -> Filled:
    """Without a plan, the one that is proposed: the earliest petition leads, one visit, each answered on its own."""
    if s.given("plan"):
        return {}, {}
    first, *others = s.case.sightings
    return {"plan": PLAN.format(lead=first.case, others=len(others))}, {}


FILLS: dict[str, Fill] = {"route": routed, "differences": differences, "storm_plan": storm_plan}
"""What completes a form, by the name the rows use."""
