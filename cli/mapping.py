"""``banjie map``: the battle map (整改作战图) of all open cases as an SVG file."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import queries
from adapters.battle import By, group_name, lanes_of
from adapters.drawings.battle_map import battle_map
from adapters.paging import MOST, Order, page
from adapters.sites import titles
from adapters.words import term_of
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.reading import must_have_folder
from cli.screen import Screen
from models.counting import legal_day
from models.instants import shown

Out = Annotated[Path, typer.Argument(metavar="OUT.svg", help="写到哪个文件 · file to write")]
ByOption = Annotated[
    str, typer.Option("--by", metavar="GROUP", help="unit | leader | township | campaign | site，分组 · grouped by")
]


def draw_map(out: Out, *, by: ByOption = "unit", data: DataOption = None, as_json: JsonOption = False) -> None:
    """在办案件的整改作战图，最急的在前 · The battle map of open cases, the most urgent first."""
    screen = Screen(as_json=as_json)
    must_have_folder(out, "OUT.svg")
    found = term_of(By, by)
    if found is None:
        known = "、".join(each.value for each in By)
        raise UsageProblem(f"没有分组“{by}”，可用：{known}", f'There is no "{by}"; there are: {known}', field="--by")
    with opened(data, screen) as desk:
        world, now = desk.world(), desk.moments.now()
        cases = page(desk.database, queries.Filter(is_open=True), order=Order.DUE, limit=MOST).cases
        at = titles(desk.database, list({each.site for each in cases if each.site})) if found is By.SITE else {}

    def called(name: str) -> str:
        return (at[name].title if name in at else group_name(world.organisation, found, name)) or "未确定"

    lanes = lanes_of(cases, found, now, world.organisation, called)
    out.write_text(battle_map(lanes, legal_day(now), beneath=f"截至 {shown(now)}"), encoding="utf-8")
    count = sum(len(lane.tasks) for lane in lanes)
    if as_json:
        screen.data({"cases": count, "file": str(out.absolute())})
    else:
        screen.say(f"✓ 已写出 {count} 件 wrote {count} cases: {out}", "green")
