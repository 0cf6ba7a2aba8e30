"""A forecast as tables, a chart and sentences, or as one object for programs."""

from dataclasses import asdict
from math import isfinite
from typing import Final

from rich.text import Text

from adapters.forecasting.advice import Advice
from adapters.forecasting.outlook import Band, CrewOutlook, Outlook, UnitOutlook
from adapters.forecasting.running import UNASSIGNED
from adapters.forecasting.setup import STEPS
from adapters.views import instant
from cli.forecasting.assuming import Assumed
from cli.forecasting.chart import chart
from cli.forecasting.meaning import Sentence, crew_words
from cli.screen import Screen
from models.instants import shown
from models.world import World

HOURS_A_DAY: Final = 24
RED: Final = "bold red"
SHORT: Final = 28
"""Days under which growth is not to be relied on."""


def show(screen: Screen, assumed: Assumed, seen: Outlook) -> None:
    """Write the forecast for a person: what is assumed, the figures, the chart."""
    setup = assumed.setup
    _assumptions(screen, assumed)
    units = [*seen.units, seen.whole] if len(seen.units) > 1 else list(seen.units) or [seen.whole]
    columns = (
        "承办单位\nunit", "来件\narrivals", "办结\nclosed",
        "期末积案\nbacklog p10/50/90", "期末超期\noverdue p10/50/90",
        "按期办结\nin time", "首次核查等待\nfirst visit mean/p90", "期末未核查\nnot visited",
    )  # fmt: skip
    screen.table(columns, [_unit_row(setup.world, each) for each in units], title="各单位 by unit")
    crews = (
        "人员\npeople", "人数\nnumber", "工作量/能力\nload", "忙碌\nbusy", "平均排队\nmean line", "平均等待\nmean wait",
    )  # fmt: skip
    screen.table(crews, [_crew_row(setup.world, each) for each in seen.crews], title="人员 people")
    if seen.rungs:
        words = _rungs(setup.world)
        rungs = [(words[name], f"{seen.rungs[name]:,.1f}") for name in words if name in seen.rungs]
        screen.table(("阶梯 rung", "每次模拟 a run"), rungs, title="提醒和升级 what the ladder rings")
    for line in chart(seen.backlog, seen.overdue, screen.out.width):
        screen.say(line)
    screen.say()


def _assumptions(screen: Screen, assumed: Assumed) -> None:
    setup = assumed.setup
    past = assumed.past
    times = "  ".join(
        f"{step.zh} {setup.work[name].hours:g}{'*' if name in assumed.measured else ''}" for name, step in STEPS.items()
    )
    hours = "、".join(f"{a // 60:02}:{a % 60:02}–{b // 60:02}:{b % 60:02}" for a, b in setup.spans)
    screen.pairs(
        [
            ("期间 time", f"{shown(setup.start)} 起 {setup.days} 天 days"),
            ("来件 arrivals", f"{setup.per_day:.4g} 件/天 a day"),
            ("账本 ledger", f"{past.days:.0f} 天 {past.petitions} 件 petitions" if past else ""),
            ("起始积案 backlog", f"{len(setup.backlog)} 件 cases"),
            ("规则 policy", assumed.policy),
            ("上班 hours", f"{hours}（{setup.calendar}）"),
            ("用时（小时）", f"{times}{'  （* 取自账本 measured）' if assumed.measured else ''}"),
            ("查实 substantiated", f"{setup.substantiated:.0%}  退回 sent back {setup.sent_back:.0%}"),
            ("模拟 runs", f"{setup.runs} 次，种子 seed {setup.seed}"),
        ]
    )


def warn(screen: Screen, seen: Outlook, overload: list[Sentence], year: int | None) -> None:
    """Say what a reader of the figures has to know."""
    for zh, en in overload:
        screen.warn(zh, en)
    if len(seen.backlog) <= SHORT:
        screen.warn(
            f"预测期不足 {SHORT} 天，积案增减受周末和起始影响，仅供参考。",
            f"Under {SHORT} days weekends and the beginning tell more than the staffing; take growth for a hint.",
        )
    if year is not None:
        screen.warn(
            f"{year} 年放假安排尚未公布（待国办通知），按普通周末计算。",
            f"The holidays of {year} are not published yet; plain weekends are assumed.",
        )
    if seen.standing:
        screen.warn(
            f"约 {seen.standing:.0f} 件停着：下一步等听证、信访人、领导决定，或该单位没有核查人员。",
            f"About {seen.standing:.0f} cases stand still: they wait for somebody who is not simulated, "
            "or their unit has no inspectors.",
        )
    if seen.refused:
        told = "、".join(f"{name} ×{count}" for name, count in seen.refused.most_common(3))
        screen.warn(f"有步骤被规则拒绝：{told}。", f"Steps were refused by the rules: {told}.")


def _unit_row(world: World, each: UnitOutlook) -> tuple[str | Text, ...]:
    late = Text(_band(each.overdue), style=RED if each.overdue.p50 else "")
    wait = "—" if each.wait_mean is None else f"{_hours(each.wait_mean)} / {_hours(each.wait_p90)}"
    pending = each.unit == UNASSIGNED
    return (
        _unit_words(world, each.unit),
        "—" if pending else f"{each.arrivals.mean:,.0f}",
        "—" if pending else f"{each.closed.mean:,.0f}",
        _band(each.backlog),
        late,
        "—" if each.in_time is None else f"{each.in_time:.0%}",
        wait,
        "—" if pending else f"{each.unvisited:,.0f}",
    )


def _crew_row(world: World, each: CrewOutlook) -> tuple[str | Text, ...]:
    return (
        " ".join(crew_words(world, each.crew)),
        f"{each.crew.size}",
        Text(f"{each.load:.0%}", style=RED if each.load >= 1 else ""),
        f"{each.busy:.0%}",
        f"{each.line:,.1f}",
        _hours(each.wait),
    )


def _unit_words(world: World, unit: str | None) -> str:
    if unit is None:
        return "合计 all"
    if unit == UNASSIGNED:
        return "未交办 not assigned"
    found = world.organisation.unit(unit) if world.organisation else None
    return f"{found.zh} {found.en}".strip() if found else unit


def _rungs(world: World) -> dict[str, str]:
    """Return the names of all rungs, in their ladders' order; of two with one id, as the new policy has it."""
    policies = sorted(world.policies.values(), key=lambda each: each is not world.newest)
    rungs = [rung for policy in policies for ladder in policy.ladder.values() for rung in ladder.rungs]
    words: dict[str, str] = {}
    for rung in rungs:
        words.setdefault(rung.name, f"{rung.zh} {rung.en}")
    return words


def _band(band: Band) -> str:
    return f"{band.p10:,.0f} / {band.p50:,.0f} / {band.p90:,.0f}"


def _hours(hours: float | None) -> str:
    if hours is None:
        return "—"
    return f"{hours:.1f} 小时 h" if hours < HOURS_A_DAY else f"{hours / HOURS_A_DAY:.1f} 天 d"


def view(assumed: Assumed, seen: Outlook, means: Sentence, overload: list[Sentence]) -> dict[str, object]:
    """Return the forecast as a program reads it."""
    setup = assumed.setup
    return {
        "start": instant(setup.start),
        "days": setup.days,
        "per_day": setup.per_day,
        "policy": assumed.policy,
        "seed": setup.seed,
        "runs": setup.runs,
        "started_with": len(setup.backlog),
        "crews": [_crew_view(each) for each in seen.crews],
        "work": {name: asdict(work) for name, work in setup.work.items()},
        "measured": {name: count for name, (_, count) in assumed.measured.items()},
        "mix": [asdict(kindred) for kindred in setup.mix],
        "units": [_unit_view(each) for each in seen.units],
        "all": _unit_view(seen.whole),
        "backlog": [asdict(each) for each in seen.backlog],
        "overdue": [asdict(each) for each in seen.overdue],
        "rungs": seen.rungs,
        "lights": {light.value: count for light, count in seen.lights.items()},
        "growth": seen.growth,
        "grows": seen.grows(setup.per_day),
        "standing": seen.standing,
        "refused": dict(seen.refused),
        "warnings": [{"zh": zh, "en": en} for zh, en in overload],
        "zh": means[0],
        "en": means[1],
    }


def _crew_view(each: CrewOutlook) -> dict[str, object]:
    return {
        "role": each.crew.role.value,
        "unit": each.crew.unit,
        "size": each.crew.size,
        "load": each.load if isfinite(each.load) else None,
        "busy": each.busy,
        "line": each.line,
        "wait_hours": each.wait,
    }


def _unit_view(each: UnitOutlook) -> dict[str, object]:
    found = asdict(each)
    found["wait_mean_hours"], found["wait_p90_hours"] = found.pop("wait_mean"), found.pop("wait_p90")
    return found


def advice_view(advice: Advice, said: Sentence) -> dict[str, object]:
    """Return the advice as a program reads it."""
    return {
        "holds": advice.holds,
        "growth": advice.growth,
        "crews": {crew.name: crew.size for crew in advice.crews},
        "least": advice.least,
        "zh": said[0],
        "en": said[1],
    }
