"""``banjie show`` and ``banjie history``: one case as it stands, and how it came there."""

import json
from datetime import datetime
from typing import Annotated, Final

import typer
from rich.text import Text

from adapters import queries
from adapters.letters.told import letter_view, person_words
from adapters.naming import unit_word
from adapters.telling import post_names, told
from adapters.views import case_view, without_listeners
from adapters.words import (
    both,
    clock_words,
    event_words,
    field_words,
    left,
    rung_words,
)
from cli.letter_table import letters_table
from cli.opening import DataOption, JsonOption, opened
from cli.organising import organisation_tables
from cli.routing import route_pairs, route_view
from cli.screen import COLOURS, Screen
from models.case import Case
from models.derivation import due_words
from models.event import Recorded
from models.fills import proposed
from models.instants import shown, shown_due
from models.refusals import Unknown
from models.vocabulary import Kind, Status
from models.world import World

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="案件编号 · case number")]
LONG: Final = 400
"""Characters of one said thing in a table; the JSON holds it whole."""


def show(case: CaseArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """显示一个案件：状态、时限、任务、结论 · Show a case: where it stands and what runs."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found, now, world = queries.case(desk.database, case), desk.moments.now(), desk.world()
        letters = queries.letters(desk.database, case)
    if as_json:
        view = {**case_view(found, now), "letters": [letter_view(case, each) for each in letters]}
        if found.status is Status.ACCEPTED:
            view["proposed"] = route_view(proposed(world, found, now))
        screen.data(view)
        return
    if found.organisation:
        organisation_tables(screen, found.organisation, {name: words[0] for name, words in post_names(world).items()})
        return
    _header(screen, world, found)
    clocks_table(screen, world, found, now)
    if found.status is Status.ACCEPTED and (going := proposed(world, found, now)).unit:
        screen.say("派件建议 proposed（banjie act … assign 不写 unit 即采用 taken where no unit is named）", "bold")
        screen.pairs(route_pairs(world.organisation, going))
    if found.findings:
        screen.table(
            ("反映点 point", "结论 verdict", "核查情况 findings", "地点 place", "佐证 evidence"),
            [
                (each.point, both(each.verdict), each.text[:LONG], each.place, "、".join(e.name for e in each.evidence))
                for each in found.findings
            ],
            title="核查结论 findings",
        )
    if found.tasks:
        screen.table(
            ("任务 task", "措施 measure", "期限 target", "结果 outcome"),
            [
                (each.id, each.measure, each.target.isoformat(), both(each.outcome) if each.outcome else "进行中 open")
                for each in found.tasks
            ],
            title="整改任务 tasks",
        )
    letters_table(screen, world, letters)
    alarm = found.alarm
    if alarm:
        clock, rung = clock_words(world, found, alarm.clock)[0], rung_words(world, found, alarm.clock, alarm.rung)[0]
        screen.say(f"下次提醒 next alarm: {shown_due(alarm.at)} {clock} · {rung}")


def _called(name: str, case: Case) -> str:
    return " ".join(field_words(name, case.kind))


def _patrolled(case: Case) -> list[tuple[str, str]]:
    """Return what a patrol owes and what became of its slots; nothing of another case."""
    if case.kind is not Kind.PATROL:
        return []
    slot = case.slot
    return [
        ("企业 enterprise", case.title),
        ("应于 owed", f"{shown(slot.begin)} – {shown_due(slot.end)}" if slot else ""),
        ("天气 weather", f"{both(case.sky)} {case.station or ''}" if case.sky else case.station or ""),
        ("最近巡查 last patrol", shown(case.patrolled_at) if case.patrolled_at else ""),
        ("已巡 done", str(case.slots_done)),
        ("漏巡 missed", str(case.slots_missed)),
    ]


def _header(screen: Screen, world: World, case: Case) -> None:
    channel = world.policies[case.policy].channels.get(case.channel)
    flags = "、".join(flag.zh for flag in case.flags)
    on_time = {True: "按期 in time", False: "逾期 late", None: ""}[case.on_time]
    screen.say(f"{case.kind.zh} {case.id}  {both(case.status)}{f'（{flags}）' if flags else ''}", "bold")
    screen.pairs(
        [
            ("预警 light", Text(both(case.light), style=COLOURS[case.light])),
            ("环节 stage", both(case.stage)),
            ("渠道 channel", channel.zh if channel else case.channel),
            ("地点 place", case.place),
            ("摘要 summary", case.summary),
            ("任务 measure", case.measure),
            ("所属 of", "、".join(case.serving)),
            ("问题类型 types", "、".join(case.types)),
            ("被反映单位 respondent", case.respondent),
            ("坐标 coordinates", case.spot),
            ("来件编号 filings", "、".join(each.number for each in case.filings)),
            ("督察批次 campaign", case.campaign or ""),
            ("重点关注 star", "★" if case.star else ""),
            ("承办单位 unit", _unit(world, case.unit)),
            (_called("handler", case), person_words(world, case.handler)),
            (_called("leader", case), person_words(world, case.leader)),
            *_patrolled(case),
            ("结论 verdict", both(case.verdict) if case.verdict else ""),
            ("措施 measures", case.measures),
            ("处理意见 opinion", both(case.opinion) if case.opinion else ""),
            ("主案 leading case", case.leading or ""),
            ("满意度 rating", str(case.rating or "")),
            ("登记 registered", shown(case.registered_at) if case.registered_at else ""),
            ("受理 accepted", shown(case.accepted_at) if case.accepted_at else ""),
            ("办结 closed", f"{shown(case.closed_at)} {on_time}" if case.closed_at else ""),
            ("销号 signed off", shown(case.signed_off_at) if case.signed_off_at else ""),
            ("密封 sealed", f"{len(case.sealed)} 份" if case.sealed else ""),
            ("待执行 to be done", "、".join(case.pending)),
        ]
    )


def clocks_table(screen: Screen, world: World, case: Case, now: datetime) -> None:
    """Show the clocks of a case that run or wait, nearest first."""
    if not case.clocks:
        return
    rows = []
    for clock in sorted(case.clocks, key=lambda each: each.due):
        zh, en = clock_words(world, case, clock.name)
        notes = [f"暂停 paused: {', '.join(clock.paused_by)}" if clock.paused_by else " · ".join(left(clock.due - now))]
        if clock.hushed:
            notes.append("主要领导已批示 in hand")
        if clock.lapses:
            notes.append("届满失效 lapses")
        coming = clock.upcoming[0] if clock.upcoming and not clock.paused_by else None
        following = f"{shown_due(coming.at)} {rung_words(world, case, clock.name, coming.rung)[0]}" if coming else ""
        light = Text(both(clock.light), style=COLOURS[clock.light])
        rows.append((f"{zh} {en}", due_words(clock), "；".join(notes), light, following))
    screen.table(("时限 clock", "到期 due", "还剩 left", "预警 light", "下次提醒 next rung"), rows, title="时限 clocks")


def _unit(world: World, name: str | None) -> str:
    return unit_word(world.organisation, name) if name else ""


def history(case: CaseArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出案件的全部事件 · List everything that happened to a case."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found, world = queries.history(desk.database, case), desk.world()
        if not found:
            raise Unknown(case=case)
        now = queries.case(desk.database, case)
    if as_json:
        events = [without_listeners(json.loads(each.body())) for each in found]
        screen.data({"case": case, "events": events})
        return
    screen.table(
        ("序号", "时间 when", "何人 who", "职责 role", "事项 what", "内容 said"),
        [
            (
                str(each.seq),
                shown(each.recorded_at),
                person_words(world, each.actor),
                each.event.role.zh,
                _what(each),
                "\n".join(told(world, now, each)),
            )
            for each in found
        ],
        title=f"{now.kind.zh} {case}",
    )


def _what(recorded: Recorded) -> str:
    zh, _ = event_words(recorded.kind, recorded.event)
    return f"{zh} {recorded.event.name}"
