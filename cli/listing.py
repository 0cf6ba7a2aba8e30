"""``banjie list``: the cases asked for, the figures a leader asks for, and what is stuck."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Final, TypeVar

import typer
from rich.text import Text

from adapters import queries
from adapters.desk import Desk
from adapters.naming import unit_id
from adapters.queries import Filter, Signals
from adapters.views import figures_view, instant, row_view
from adapters.words import left, term_of
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.screen import COLOURS, Screen
from models.case import Case
from models.instants import shown_due
from models.vocabulary import Kind, Status, Term, Tie
from models.world import World

T = TypeVar("T", bound=Term)

STATUS_HELP: Final = "状态，如 closed 或 已办结 · status"
LATE: Final = timedelta(seconds=60)
"""So late, in real time, an alarm or a signal is worth a warning."""
SOME: Final = 50
SUMMARY: Final = 40

StatusOption = Annotated[str | None, typer.Option("--status", metavar="S", help=STATUS_HELP, show_default=False)]
UnitOption = Annotated[str | None, typer.Option("--unit", metavar="U", help="承办单位 · unit", show_default=False)]
KindOption = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="petition | rectification", show_default=False)
]
TieOption = Annotated[
    str | None,
    typer.Option("--tie", metavar="T", help="与其他件的关系，如 leads 或 主案 · tied to others", show_default=False),
]
OverdueOption = Annotated[bool, typer.Option("--overdue", help="只看超期 · only what is overdue")]
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, metavar="N", help="最多几件，0 为全部 · at most, 0 for all")
]


@dataclass(frozen=True)
class Stuck:
    """What does not go on by itself as it should: signals that cannot be sent, alarms that were not rung."""

    signals: Signals
    alarms: int
    first: str | None

    def view(self) -> dict[str, object]:
        """Return it as a program reads it."""
        return {
            "signals_waiting": self.signals.waiting,
            "signals_failing": self.signals.failing,
            "signals_since": instant(self.signals.since),
            "signal_error": self.signals.error,
            "alarms_late": self.alarms,
        }


def list_cases(
    *,
    status: StatusOption = None,
    unit: UnitOption = None,
    kind: KindOption = None,
    tie: TieOption = None,
    overdue: OverdueOption = False,
    limit: LimitOption = SOME,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出案件和总数 · List cases, with the figures and what is stuck."""
    screen = Screen(as_json=as_json)
    wanted_status = _term(Status, status, "--status") if status else None
    wanted_kind = _term(Kind, kind, "--kind") if kind else None
    wanted_tie = _term(Tie, tie, "--tie") if tie else None
    with opened(data, screen) as desk:
        now, world = desk.moments.now(), desk.world()
        wanted = Filter(
            kind=wanted_kind,
            status=wanted_status,
            unit=unit_id(world, unit) if unit else None,
            overdue_at=now if overdue else None,
            tie=wanted_tie,
        )
        found = list(queries.listed(desk.database, wanted, limit + 1 if limit else None))
        figures = queries.figures(desk.database, now)
        stuck = _stuck(desk, now)
    more = bool(limit) and len(found) > limit
    shown_cases = list(islice(found, limit or None))
    if as_json:
        screen.data(
            {
                "cases": [row_view(case) for case in shown_cases],
                "more": more,
                "figures": figures_view(figures),
                "stuck": stuck.view(),
                "now": instant(now),
            }
        )
        return
    _table(screen, world, shown_cases, now)
    if more:
        screen.say(f"仅显示前 {limit} 件，--limit 0 显示全部 · only the first {limit}, --limit 0 for all", "dim")
    rate = "—" if figures.rate is None else f"{figures.rate:.1%}"
    screen.say(
        f"收件 received {figures.received}  办结 closed {figures.closed}  办结率 rate {rate}  "
        f"在办 open {figures.open}  超期 overdue {figures.overdue}  "
        f"蓝 {figures.blue} 黄 {figures.yellow} 红 {figures.red}",
        "bold",
    )
    _warn(screen, desk, stuck)


def _table(screen: Screen, world: World, cases: list[Case], now: datetime) -> None:
    if not cases:
        screen.say("没有符合条件的案件。 There are no such cases.")
        return
    rows = []
    for case in cases:
        unit = world.organisation.unit(case.unit) if world.organisation and case.unit else None
        status = case.status.zh + "".join(f"·{flag.zh}" for flag in case.flags)
        late = case.is_open and case.due is not None and case.due <= now
        rows.append(
            (
                case.id,
                case.kind.zh,
                Text(("▲" if late else "") + status, style=COLOURS[case.light]),
                case.place,
                (case.summary or case.measure).replace("\n", " ")[:SUMMARY],
                unit.zh if unit else case.unit or "—",
                f"{shown_due(case.owed)}{'待国办通知' if case.provisional else ''}" if case.owed else "",
                left(case.owed - now)[0] if case.owed else "",
            )
        )
    columns = ("编号 case", "类型", "状态 status", "地点 place", "摘要 summary", "承办 unit", "到期 due", "还剩")
    screen.table(columns, rows)


def _stuck(desk: Desk, now: datetime) -> Stuck:
    real = now_real(desk, now)
    late = [each for each in queries.late(desk.database, now) if desk.moments.real(each.next_alarm) < real - LATE]
    return Stuck(queries.signals(desk.database), len(late), late[0].case if late else None)


def now_real(desk: Desk, now: datetime) -> datetime:
    """Return the real instant of a desk's moment: an accelerated desk's minutes are short."""
    return desk.moments.real(now)


def _warn(screen: Screen, desk: Desk, stuck: Stuck) -> None:
    signals = stuck.signals
    waits = signals.since is not None and desk.moments.real(signals.since) < now_real(desk, desk.moments.now()) - LATE
    if signals.failing or waits:
        why = f"：{signals.error}" if signals.error else ""
        screen.warn(
            f"{signals.waiting} 件信号待送 Temporal，其中 {signals.failing} 件送过未成{why}",
            f"{signals.waiting} signals wait for Temporal, {signals.failing} tried in vain (first: {signals.case}).",
        )
    if stuck.alarms:
        screen.warn(
            f"{stuck.alarms} 件的提醒过时未响（首件 {stuck.first}），请确认 banjie up 在运行。",
            f"{stuck.alarms} alarms are late (first: {stuck.first}); is banjie up running?",
        )


def _term(kind: type[T], text: str, option: str) -> T:
    term = term_of(kind, text)
    if term is None:
        known = "、".join(f"{each.value} {each.zh}" for each in kind)
        raise UsageProblem(
            f"“{option}”没有“{text}”，可用：{known}", f'"{option}" knows no "{text}"; there are: {known}', field=option
        )
    return term
