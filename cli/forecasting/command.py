"""``banjie forecast``, as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.vocabulary import Role

PEOPLE = "人数，缺省按组织机构 · how many, as in the organisation if left out"

Arrivals = Annotated[
    str, typer.Option("--arrivals", metavar="N/day", help="来件：60/day、8/hour、300/week，或 ledger 按账本 · arrivals")
]
Days = Annotated[int, typer.Option("--days", metavar="N", help="预测多少天 · how many days")]
Clerks = Annotated[str | None, typer.Option("--clerks", metavar="N", help=f"信访专员{PEOPLE}", show_default=False)]
Dispatchers = Annotated[
    str | None, typer.Option("--dispatchers", metavar="N", help=f"交办人{PEOPLE}", show_default=False)
]
Inspectors = Annotated[
    str | None,
    typer.Option("--inspectors", metavar="N|U=N,…", help=f"核查承办{PEOPLE}；可按单位 or by unit", show_default=False),
]
Reviewers = Annotated[str | None, typer.Option("--reviewers", metavar="N", help=f"审核人{PEOPLE}", show_default=False)]
Channels = Annotated[
    str | None,
    typer.Option("--channels", metavar="C=N,…", help="渠道比例，如 hotline=6,letter=1 · shares", show_default=False),
]
Units = Annotated[
    str | None, typer.Option("--units", metavar="U=N,…", help="单位比例 · shares of the units", show_default=False)
]
Times = Annotated[
    list[str] | None,
    typer.Option(
        "--time", metavar="STEP=H[:LAW]", help="某步平均用时（小时），如 visit=3 · hours of a step", show_default=False
    ),
]
LawOption = Annotated[
    str, typer.Option("--law", metavar="LAW", help="用时分布 exponential | lognormal | fixed · how times vary")
]
Measured = Annotated[bool, typer.Option("--measured", help="用时取自账本 · times as the ledger shows them")]
History = Annotated[int, typer.Option("--history", metavar="DAYS", help="回看账本多少天 · days of the ledger")]
HoursOption = Annotated[
    str,
    typer.Option(
        "--hours",
        metavar="H",
        help="上班时间，缺省为日历的班次 · working hours; else the calendar's shifts",
        show_default=False,
    ),
]
CalendarOption = Annotated[str, typer.Option("--calendar", metavar="NAME", help="statutory | all-days 上班日历")]
Substantiated = Annotated[float, typer.Option("--substantiated", metavar="SHARE", help="查实比例 · found true")]
SentBack = Annotated[float, typer.Option("--sent-back", metavar="SHARE", help="审核退回比例 · sent back")]
OrderOption = Annotated[str, typer.Option("--order", metavar="ORDER", help="先办谁 finish | due | oldest · whom first")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="拟议规则（TOML）· a proposed policy", show_default=False),
]
FromLedger = Annotated[bool, typer.Option("--from-ledger/--empty", help="带现有积案，或从零 · begin with what is open")]
StartOption = Annotated[
    str | None, typer.Option("--start", metavar="WHEN", help="起始，缺省现在 · beginning, now", show_default=False)
]
Runs = Annotated[int, typer.Option("--runs", metavar="K", help="模拟多少次 · runs")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="随机种子 · seed: the same gives the same")]
Advise = Annotated[bool, typer.Option("--advise", help="算出几人能稳住 · how many people would hold it")]
SvgOption = Annotated[
    Path | None, typer.Option("--svg", metavar="OUT.svg", help="图存为 SVG · the chart", show_default=False)
]


def forecast(
    *,
    arrivals: Arrivals = "ledger",
    days: Days = 30,
    clerks: Clerks = None,
    dispatchers: Dispatchers = None,
    inspectors: Inspectors = None,
    reviewers: Reviewers = None,
    channels: Channels = None,
    units: Units = None,
    time: Times = None,
    law: LawOption = "exponential",
    measured: Measured = False,
    history: History = 90,
    hours: HoursOption = "",
    calendar: CalendarOption = "statutory",
    substantiated: Substantiated = 0.6,
    sent_back: SentBack = 0.05,
    order: OrderOption = "finish",
    policy: PolicyFile = None,
    from_ledger: FromLedger = True,
    start: StartOption = None,
    runs: Runs = 20,
    seed: Seed = 1,
    advise: Advise = False,
    svg: SvgOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """预测积案和超期：几个人够不够 · Forecast backlog and overdue, by simulation."""
    from adapters.forecasting.advice import advise as advised
    from adapters.forecasting.many import simulate
    from adapters.forecasting.outlook import outlook
    from cli.forecasting import showing
    from cli.forecasting.assuming import Typed, assume, unpublished
    from cli.forecasting.meaning import counsel, meaning, overloaded
    from cli.forecasting.svg import svg as picture

    screen = Screen(as_json=as_json)
    if svg is not None and not svg.absolute().parent.is_dir():
        raise UsageProblem(f"没有目录 {svg.parent}。", f"There is no folder {svg.parent}.", field="--svg")
    staff = {
        Role.CLERK: clerks, Role.DISPATCHER: dispatchers, Role.INSPECTOR: inspectors, Role.REVIEWER: reviewers,
    }  # fmt: skip
    typed = Typed(
        arrivals, days, staff, channels, units, tuple(time or ()), law, measured, history, hours, calendar,
        substantiated, sent_back, order, policy, from_ledger, start, runs, seed,
    )  # fmt: skip
    with opened(data, screen) as desk:
        assumed = assume(desk, typed)
    setup = assumed.setup
    with screen.progress("模拟 simulating") as progress:
        seen = outlook(setup, simulate(setup, progress))
    means, overload = meaning(setup, seen), overloaded(setup, seen)
    advice = None
    if advise:
        with screen.progress("试算人手 trying people") as progress:
            advice = advised(setup, seen, progress)
    said = counsel(setup, advice) if advice else None
    if svg is not None:
        footer = f"{setup.per_day:.4g} 件/天 a day · {setup.runs} 次模拟 runs · 种子 seed {setup.seed}"
        svg.write_text(picture(seen.backlog, seen.overdue, *means, footer), "utf-8")
    if as_json:
        found = showing.view(assumed, seen, means, overload)
        if advice and said:
            found["advice"] = showing.advice_view(advice, said)
        screen.data(found)
        return
    showing.show(screen, assumed, seen)
    showing.warn(screen, seen, overload, unpublished(setup))
    for zh, en in (means, *([said] if said else [])):
        screen.say(zh, "bold")
        screen.say(en)
    if svg is not None:
        screen.say(f"✓ 图已存 chart written: {svg}", "green")
