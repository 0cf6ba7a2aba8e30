"""How a due date came about, line by line, for a person to follow: read off the clock and its row alone."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.calendars import RESTING, WEEKEND, Skip
from models.case import Case
from models.clocks import Clock, Move, MoveKind
from models.counting import Counted, Rule, Unit
from models.event import Recorded
from models.instants import shown, shown_due
from models.policy import ClockRule, Policy

UNITS = {
    Unit.HOUR: ("小时", "hours"),
    Unit.DAY: ("日", "days"),
    Unit.WORKING_DAY: ("个工作日", "working days"),
    Unit.HALF_DAY: ("个半日", "half days"),
    Unit.WORKING_HOUR: ("个工作小时", "working hours"),
}
"""What a length is counted in, in both languages."""
_MARK = re.compile(r"\s*\[(?:A|B|C|local)\]")
"""How sure a document is of an article: for those who write policies, not for those who read a date."""
_WHY_EN = {WEEKEND: "weekend", RESTING: "the bureau rests"}
"""Why nobody works on a day, in English; a holiday is called as the notice calls it."""
PROVISIONAL = ("待国办通知", "provisional")
"""What stands beside a due date that rests on a year whose table is not published yet."""


class Step(NamedTuple):
    """One line of a derivation: what it is about (a stable word for programs), and its sentence in both languages."""

    what: str
    zh: str
    en: str


def derivation(policy: Policy, case: Case, clock: Clock, started: Recorded | None = None) -> tuple[Step, ...]:
    """Return how a clock's due date came about.

    Args:
        policy: the one the case runs under.
        case: the case.
        clock: one of its clocks.
        started: the event that started the clock, where it is at hand.
    """
    rule = case.rule(policy, clock)
    return (
        Step("rule", f"{rule.zh}：{_article(rule)}（规则 {policy.name}）", f"{rule.en} (policy {policy.name})"),
        _start(clock, started),
        *(_counted(clock.counted, policy.counting) if clock.counted else (_set(clock, rule),)),
        *(_moved(policy, move) for move in clock.moves),
        *_now(policy, clock),
    )


def _article(rule: ClockRule) -> str:
    return _MARK.sub("", rule.article) or "—"


def _start(clock: Clock, started: Recorded | None) -> Step:
    at = shown(clock.started_at)
    name = f"（{started.event.name}）" if started else ""
    late = ""
    if started and started.recorded_at - started.occurred_at > timedelta(minutes=1):
        late = f"，{shown(started.recorded_at)} 补记"
    number = f"，第 {clock.by} 号事件{name}" if clock.by else ""
    event = f" by event {clock.by}{f' ({started.event.name})' if started else ''}" if clock.by else ""
    return Step("start", f"起算 {at}{number}{late}", f"started {at}{event}")


def _set(clock: Clock, rule: ClockRule) -> Step:
    due = shown_due(clock.first_due)
    return Step("set", f"期限由人确定（{rule.due}）：{due}", f"the day was set by a person ({rule.due}): {due}")


def _counted(counted: Counted, counting: Rule) -> tuple[Step, ...]:
    zh, en = UNITS[counted.unit]
    days = counted.unit not in {Unit.HOUR, Unit.WORKING_HOUR}
    first = days and counting.first_day_excluded and counted.length
    how = ("，当日不计，次日起算" if first else "") + (f"，末日 {counting.end_of_day} 届满" if days else "")
    how_en = (", the first day not counted" if first else "") + (
        f", to {counting.end_of_day} of the last day" if days else ""
    )
    calendar = f"{counted.calendar} {counted.calendar_version}"
    return (
        Step("count", f"计 {counted.length} {zh}{how}", f"{counted.length} {en}{how_en}"),
        Step("calendar", f"日历 {calendar}", f"calendar {calendar}"),
        *(
            Step(
                "order",
                f"{each.order}：{each.first} 至 {each.last or '另行通知'} 每日计为工作日",
                f"{each.order}: every day from {each.first} to {each.last or 'further notice'} is worked",
            )
            for each in counted.all_days
        ),
        *(_skipped(skip) for skip in counted.skipped),
        *(
            [Step("rolled", f"末日非工作日，顺延 {counted.rolled} 日", f"rolled over by {counted.rolled} days")]
            if counted.rolled
            else []
        ),
        Step("first_due", f"届满 {shown_due(counted.at)}", f"up at {shown_due(counted.at)}"),
    )


def _skipped(skip: Skip) -> Step:
    span, days = _span(skip.first, skip.last), (skip.last - skip.first).days + 1
    return Step(
        "skipped",
        f"不计 {span}（{days} 日，{skip.why}）",
        f"not counted: {span} ({days} days, {_WHY_EN.get(skip.why, skip.why)})",
    )


def _span(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} — {last}"


def _moved(policy: Policy, move: Move) -> Step:
    before, after = shown_due(move.before), shown_due(move.after)
    there = f"{before} → {after}"
    if move.kind is MoveKind.RESUMED:
        zh, en = _pause(policy, move.why)
        stood = f"{shown(move.since)} — {shown(move.until)}"
        return Step("paused", f"{zh} {stood} 不计：{there}", f"{en}, {stood}, not counted: {there}")
    if move.kind is MoveKind.EXTENDED:
        at = shown(move.since)
        return Step(
            "extended", f"{at} 批准延期 {move.days} 日：{there}", f"extended by {move.days} days on {at}: {there}"
        )
    at = shown(move.since)
    return Step("recounted", f"{at} 因 {move.why} 重算：{there}", f"counted again on {at} for {move.why}: {there}")


def _pause(policy: Policy, name: str) -> tuple[str, str]:
    return next((pause.zh, pause.en) for pause in policy.pause if pause.name == name)


def _now(policy: Policy, clock: Clock) -> tuple[Step, ...]:
    due = shown_due(clock.due)
    provisional = (f"（{PROVISIONAL[0]}）", f" ({PROVISIONAL[1]})") if clock.provisional else ("", "")
    steps = [Step("due", f"到期 {due}{provisional[0]}", f"due {due}{provisional[1]}")]
    if clock.paused_at:
        why = [_pause(policy, name) for name in clock.paused_by]
        since = shown(clock.paused_at)
        steps.append(
            Step(
                "pause",
                f"自 {since} 起暂停（{'、'.join(zh for zh, _ in why)}），恢复后按剩余时间重新确定",
                f"paused since {since} ({', '.join(en for _, en in why)}); what is left is counted on afterwards",
            )
        )
    return tuple(steps)


def due_words(clock: Clock) -> str:
    """Write a clock's due date the way the desk reads it, with its mark where it is provisional."""
    return _with_mark(clock.due, provisional=clock.provisional)


def _with_mark(due: datetime, *, provisional: bool) -> str:
    return f"{shown_due(due)}（{PROVISIONAL[0]} {PROVISIONAL[1]}）" if provisional else shown_due(due)
