"""``banjie fleet``: which cases run under which policy and which version of the worker; taking versions into use."""

import asyncio
import os
from typing import Annotated, Final

import typer
from temporalio.client import Client

from adapters import fleet
from adapters.desk import Desk
from adapters.fleet import NONE, Fleet, Member, Move, Part
from cli.opening import DataOption, JsonOption, opened, via
from cli.screen import Screen
from models.instants import shown

group = typer.Typer(help="运行版本：哪些案件由哪个版本办理、逐批更新 · Worker versions", no_args_is_help=True)

Policy = Annotated[
    str | None, typer.Option("--policy", metavar="P", help="只含此办理规则 · of this policy", show_default=False)
]
Of = Annotated[
    str | None,
    typer.Option("--version", metavar="V", help="只含此版本，- 为不分版本 · - for none", show_default=False),
]
Every = Annotated[bool, typer.Option("--all", help="全部 · the whole fleet")]
Share = Annotated[
    float | None,
    typer.Option("--share", metavar="N", help="先试行百分之几 · try it on a percentage", show_default=False),
]
Leave = Annotated[bool, typer.Option("--no-wait", help="不等待完成 · do not wait for its end")]
Which = Annotated[str, typer.Argument(metavar="VERSION", help="版本，- 为不分版本 · the version, - for none")]
LOOK: Final = 0.5
"""Seconds between two looks at how far a move has come."""
ENOUGH: Final = 20.0
"""Seconds without any progress after which nobody waits any longer; the move itself goes on."""


def called(version: str) -> str:
    """Return what a version is called where people read it."""
    return "不分版本 none" if version == NONE else version


@group.command("show")
def show(*, policy: Policy = None, of: Of = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出各规则、各版本在办的案件数及案件 · How many cases run under which policy and version, and which."""
    screen, part = Screen(as_json=as_json), Part(policy, of)
    with opened(data, screen) as desk:
        policies = list(desk.world().policies)
        seen, found, moves = fleet.asked(desk.settings, lambda client: fleet.told(client, policies, part))
    if as_json:
        screen.data(
            {**_view(seen), "cases": [_member(each) for each in found], "moves": [_moved(each) for each in moves]}
        )
        return
    columns = ("版本 version", "状态 standing", *(f"{each}\n规则 policy" for each in seen.policies), "合计 together")
    rows = [
        (
            called(each.name),
            f"{each.standing.zh} {each.standing.en}" + (f" {each.share:g} %" if each.share else ""),
            *(str(seen.of(policy, each.name)) for policy in seen.policies),
            str(seen.of(version=each.name)),
        )
        for each in seen.versions
    ]
    screen.table(columns, rows)
    screen.say(f"在办流程 {seen.total} 个。 {seen.total} workflows of cases run.")
    if policy or of:
        screen.table(
            ("编号 case", "规则 policy", "版本 version", "本次运行始于 this run began"),
            [(each.case, each.policy, each.version, shown(each.since)) for each in found],
        )
    for each in moves:
        screen.say(_line(each), "dim" if each.over else "")


@group.command("use")
def use(which: Which, *, share: Share = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """启用一个版本：新案件和在办案件由它办理 · Have a version take what comes and what runs."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        fleet.asked(desk.settings, lambda client: fleet.use(client, which, share, _by()))
    if as_json:
        screen.data({"version": which, "share": share})
    elif share is None:
        screen.say(f"✓ 已启用 in use: {called(which)}", "green")
    else:
        screen.say(f"✓ 试行 tried on {share:g} %: {called(which)}", "green")


@group.command("move")
def move(
    *,
    policy: Policy = None,
    of: Of = None,
    every: Every = False,
    leave: Leave = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """唤醒一批案件的流程并以当前版本继续 · Wake a part and have each case continue as new, with its progress."""
    screen, part = Screen(as_json=as_json), Part(policy, of)
    if part == Part() and not every:
        raise typer.BadParameter("--policy P、--version V 或 --all · one of --policy, --version, --all")
    with opened(data, screen) as desk:
        moved = fleet.asked(desk.settings, lambda client: fleet.move(client, part, _by()))
        if moved is None:
            found = None
        elif leave:
            found = fleet.asked(desk.settings, lambda client: fleet.progress(client, moved))
        else:
            found = _followed(screen, desk, moved)
    if as_json:
        screen.data({"part": str(part), "move": _moved(found) if found else None})
    elif found is None:
        screen.say("没有这样的在办流程。 No workflow runs that way.")
    else:
        screen.say(_line(found), "green" if found.over and not found.failed else "yellow")


def _followed(screen: Screen, desk: Desk, name: str) -> Move:
    async def follow(client: Client) -> Move:
        left, still = -1, 0.0
        with screen.progress("更新 moving") as step:
            while True:
                found = await fleet.progress(client, name)
                step(found.total - found.left, found.total)
                # A case that is just sending a letter moves when that is done, which may take a day.
                still = still + LOOK if found.left == left else 0.0
                if found.over or still > ENOUGH:
                    return found
                left = found.left
                await asyncio.sleep(LOOK)

    return fleet.asked(desk.settings, follow)


def _by() -> str:
    return f"banjie fleet: {via().get('os_user', os.getuid())}"


def _view(seen: Fleet) -> dict[str, object]:
    return {
        "total": seen.total,
        "versions": [
            {"version": each.name, "standing": each.standing.value, "share": each.share} for each in seen.versions
        ],
        "counts": [
            {"policy": part.policy, "version": part.version, "cases": n} for part, n in seen.counts.items() if n
        ],
    }


def _member(each: Member) -> dict[str, object]:
    return {"case": each.case, "policy": each.policy, "version": each.version, "since": each.since.isoformat()}


def _moved(each: Move) -> dict[str, object]:
    return {
        "move": each.name,
        "part": str(each.part),
        "going": each.going.value,
        "total": each.total,
        "told": each.told,
        "failed": each.failed,
        "left": each.left,
        "began": each.began.isoformat(),
    }


def _line(each: Move) -> str:
    return (
        f"{shown(each.began)} {each.part} {each.going.zh} {each.going.en}：{each.total} 件 cases，"
        f"已通知 told {each.told}，未能通知 failed {each.failed}，尚未更新 still to move {each.left}"
    )
