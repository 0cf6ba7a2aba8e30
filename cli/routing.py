"""``banjie route``: where a petition would go by the routing table, and why, row by row."""

from typing import Annotated, Final

import typer

from adapters.naming import people_word, unit_word
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.organisation import Organisation
from models.routing import Route, route

PLACE_HELP: Final = "发生地点 · where it happens"
Place = Annotated[str, typer.Option("--place", metavar="TEXT", help=PLACE_HELP)]
Types = Annotated[list[str] | None, typer.Option("--type", metavar="T", help="问题类型，可多次 · type, repeatable")]
Channel = Annotated[str, typer.Option("--channel", metavar="CH", help="受理渠道，如 phone 或 来电 · channel")]
Star = Annotated[bool, typer.Option("--star", help="重点关注件 · under special attention")]


def show_route(
    *,
    place: Place,
    types: Types = None,
    channel: Channel = "",
    star: Star = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """试派件规则：地点 + 类型 → 单位、领导，逐行说明 · Try the routing table, explained row by row."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        world, now = desk.world(), desk.moments.now()
    policy = world.policies[world.policy_at(now)]
    known = next((name for name, each in policy.channels.items() if channel.strip() in {name, each.zh}), channel)
    found = route(world, policy, place.strip(), types or (), known, star=star, at=now)
    if as_json:
        screen.data(route_view(found))
        return
    organisation = world.organisation
    if located := found.located:
        grid = f" · 网格 {located.grid}" if located.grid else ""
        screen.say(f"地点 place: “{located.word}” → {unit_word(organisation, located.unit)}{grid}")
    else:
        screen.say("地点 place: 不在已知乡镇或网格内，或有歧义 not found in any township or grid, or ambiguous")
    screen.table(
        ("行 row", "结果", "说明 note", "条件 conditions"),
        [
            (
                str(tried.row),
                "✓ 采用" if tried.fits else "✗",
                tried.note,
                "\n".join(f"{'✓' if each.met else '✗'} {each.zh} · {each.en}" for each in tried.conditions)
                or "✓ 无条件 for all",
            )
            for tried in found.tried
        ],
        title=f"派件规则 routing table {found.policy}",
    )
    for zh, en in found.problems:
        screen.warn(zh, en)
    if found.unit:
        screen.pairs(route_pairs(organisation, found))


def route_pairs(organisation: Organisation | None, found: Route) -> list[tuple[str, str]]:
    """Return who a route proposes, for people."""
    return [
        ("承办单位 unit", unit_word(organisation, found.unit or "")),
        ("承办人 handler", people_word(organisation, found.handler) if found.handler else "—"),
        ("包案领导 leader", people_word(organisation, found.leader) if found.leader else "—"),
        ("依据 why", f"第 {found.row} 行 row {found.row}：{found.note}"),
    ]


def route_view(found: Route) -> dict[str, object]:
    """Return a route as a program reads it."""
    whole = found.model_dump(mode="json", exclude={"tried", "problems"})
    tried = [{**each.model_dump(mode="json"), "fits": each.fits} for each in found.tried]
    return {**whole, "tried": tried, "problems": [{"zh": zh, "en": en} for zh, en in found.problems]}
