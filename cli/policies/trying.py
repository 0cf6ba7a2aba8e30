"""``banjie policy try``: what would have differed, had a proposed policy been in force."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from adapters.desk import Desk
from adapters.views import instant
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.policies.documents import policy_named
from cli.policies.trial_words import (
    COLUMNS,
    case_lines,
    case_row,
    summary_pairs,
    summary_tables,
    summary_view,
    trial_view,
)
from cli.screen import Screen
from models.policy import Policy
from models.trial import Summary, Trial

if TYPE_CHECKING:
    from adapters.trying import Plan

SHOWN: Final = 20

FileArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE]",
        help="拟定规则的文件或名称，缺省为各案自己的规则 · proposed policy, else each case's own",
    ),
]
CasesOption = Annotated[
    list[str] | None,
    typer.Option("--cases", metavar="N|CASE", help="最新 N 件，或指定案件（可多次）· the newest N, or named cases"),
]
OpenOption = Annotated[bool, typer.Option("--open", help="只试在办案件 · only open cases")]
ListOption = Annotated[bool, typer.Option("--list", help="逐件列出全部差别 · every case that differs")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="OUT.xlsx", help="全部结果写入表格 · everything into a workbook")
]


def try_on_ledger(
    file: FileArgument = None,
    *,
    cases: CasesOption = None,
    is_open: OpenOption = False,
    listed: ListOption = False,
    out: OutOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """试行：按拟定规则重算全部案件，列出会有何不同 · Try a policy on every case; nothing is written."""
    from adapters.trial_sheet import trial_sheet
    from adapters.trying import Plan

    screen = Screen(as_json=as_json)
    if out and not out.absolute().parent.is_dir():
        raise UsageProblem(f"没有目录 {out.parent}。", f"There is no folder {out.parent}.", field="--out")
    summary, first = Summary(), list[Trial]()
    with opened(data, screen) as desk, ExitStack() as stack:
        world, now = desk.world(), desk.moments.now()
        policy = policy_named(file, world) if file else None
        known = ((policy,) if policy else ()) + tuple(world.policies.values())
        sheet = stack.enter_context(trial_sheet(out, known)) if out else None
        progress = stack.enter_context(screen.progress("试行 trying"))
        plan = Plan(desk.settings.database_url, policy, now)
        for trial in _trials(desk, plan, cases or [], progress, is_open=is_open):
            summary.add(trial)
            if sheet:
                sheet.add(trial)
            if trial.same or trial.unread:
                continue
            if listed and as_json:
                screen.data(trial_view(trial))
            elif listed:
                screen.say("\n".join(case_lines(trial, known)))
            elif len(first) < SHOWN:
                first.append(trial)
        if sheet:
            sheet.finish(policy, now, summary)
    if as_json:
        told = {} if listed else {"cases": [trial_view(each) for each in first]}
        name = policy.name if policy else None
        screen.data({"policy": name, "until": instant(now), **summary_view(summary), **told})
    else:
        _show(screen, summary, first, known, listed=listed)
    if out:
        screen.aside(f"全部结果 everything: {out}")


def _trials(
    desk: Desk, plan: "Plan", cases: Sequence[str], progress: Callable[[int, int], None], *, is_open: bool
) -> Iterator[Trial]:
    from adapters.trying import chosen, try_policy

    newest, named = _wanted(cases)
    wanted = chosen(desk.database, cases=named, newest=newest, is_open=is_open)
    yield from try_policy(desk.database, wanted, plan, progress=progress)


def _wanted(cases: Sequence[str]) -> tuple[int | None, list[str]]:
    """Return how many of the newest are asked for, or which cases by name."""
    numbers = [each for each in cases if re.fullmatch(r"[0-9]{1,6}", each)]
    if not numbers:
        return None, list(cases)
    if len(cases) > 1:
        raise UsageProblem(
            "--cases 或给一个件数，或给案件编号。",
            "--cases takes one number of cases, or cases by name.",
            field="--cases",
        )
    return int(numbers[0]), []


def _show(screen: Screen, summary: Summary, first: Sequence[Trial], known: Sequence[Policy], *, listed: bool) -> None:
    screen.say("试行结果 what would have differed", "bold")
    screen.pairs(summary_pairs(summary))
    for title, columns, rows in summary_tables(summary, known):
        if rows:
            screen.table(columns, rows, title=title)
    if summary.tried and summary.same == summary.tried:
        screen.say("✓ 全部案件与账本一致，无任何变化。 Every case is as the ledger has it.", "green")
    if first:
        title = f"前 {len(first)} 件 the first {len(first)}" if summary.different > len(first) else ""
        screen.table(COLUMNS, [case_row(each, known) for each in first], title=title)
    if summary.different and not listed:
        screen.say(f"逐件查看 each of them: banjie show {first[0].case} · banjie policy try … --list", "dim")
    if summary.drifted:
        screen.warn(
            f"{summary.drifted} 件按原规则重算也与账本不同（程序版本有变），其差别已不计入本规则。",
            f"{summary.drifted} cases differ under their own policy too; that is not the proposed one's doing.",
        )
    if summary.unread:
        screen.warn(
            f"{summary.unread} 件的办理记录不全，未试行，请用 banjie verify 核对。",
            f"{summary.unread} cases are not whole and were not tried; see banjie verify.",
        )
