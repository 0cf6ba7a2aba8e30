"""``banjie storm``: the matters whose filings come thick and fast, each with its filings."""

from typing import Final

import typer
from rich.text import Text

from adapters import queries
from adapters.naming import unit_word
from adapters.paging import page
from adapters.views import storm_view
from cli.opening import DataOption, JsonOption, opened
from cli.screen import COLOURS, Screen
from cli.showing_case import CaseArgument
from models.instants import shown
from models.refusals import Unknown
from models.vocabulary import Kind, Status

group = typer.Typer(help="集中来件：列出、查看 · Filings that come thick and fast", no_args_is_help=True)

MOST: Final = 200


@group.command("list")
def list_storms(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出集中来件，正在发生的在前 · List what is watched, storms first."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = page(desk.database, queries.Filter(kind=Kind.WATCH), limit=MOST).cases
        world = desk.world()
    watches = sorted(
        (each for each in found if each.status is not Status.MERGED), key=lambda each: each.status is not Status.STORM
    )
    if as_json:
        screen.data({"storms": [storm_view(each) for each in watches]})
        return
    if not watches:
        screen.say("没有集中来件。 There are no storms.")
        return
    screen.table(
        ("编号 watch", "状态 status", "地点 place", "来件 filings", "渠道 channels", "最近 latest", "单位 unit"),
        [
            (
                each.id,
                Text(f"{'▲ ' if each.is_open else ''}{each.status.zh}", style=COLOURS[each.light]),
                each.place,
                str(len(each.sightings)),
                str(len({one.channel for one in each.sightings})),
                shown(each.sightings[-1].at) if each.sightings else "",
                unit_word(world.organisation, each.unit) if each.unit else "—",
            )
            for each in watches
        ],
    )


@group.command("show")
def show_storm(watch: CaseArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """一组集中来件：每一件、触发的阈值、处置方案 · One watch with its filings."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = queries.case(desk.database, watch)
        if found.kind is not Kind.WATCH:
            raise Unknown(case=watch)
        world = desk.world()
    if as_json:
        screen.data(storm_view(found))
        return
    names = {each.name: each.zh for each in world.policies[found.policy].storms.threshold}
    told = (
        ("状态 status", found.status.zh),
        ("地点 place", found.place),
        (
            "触发 thresholds",
            "；".join(f"{names.get(each.threshold, each.threshold)} {shown(each.at)}" for each in found.alerts),
        ),
        ("处置方案 plan", found.plan),
    )
    screen.table(("", found.id), [each for each in told if each[1]])
    rows = [(shown(each.at), each.case, each.channel) for each in found.sightings]
    screen.table(("时间 at", "编号 case", "渠道 channel"), rows)
    screen.say(
        f"并案 to join: banjie act 编号 join --set leading=主案；阅示 a leader: banjie act {found.id} answer_storm",
        "dim",
    )
