"""A trial of a policy in words: the summary's tables, a case's line, and the same as plain objects for programs."""

from collections.abc import Sequence
from typing import Final

from adapters.views import instant
from adapters.words import both
from models.commands import COMMANDS
from models.instants import shown_due
from models.policy import Policy
from models.policy_words import clock_words, rung_words
from models.trial import DueShift, Fired, RungShift, Shift, Summary, Trial
from models.vocabulary import RungKind

COLUMNS: Final = ("案件 case", "期限 dates", "提醒升级 reminders and escalations", "被拒操作 refused")
LINES: Final = 4
"""So many things of a sort are told of a case in the table; the list and the workbook tell all."""
SHIFTS: Final = tuple(f"{shift.zh} {shift.en}" for shift in Shift)

Table = tuple[str, Sequence[str], list[Sequence[str]]]


def summary_pairs(summary: Summary) -> list[tuple[str, str]]:
    """Return the counts of cases."""
    return [
        ("案件 cases tried", f"{summary.tried}（{summary.events} 个事件 events）"),
        ("无变化 same", str(summary.same)),
        ("有变化 different", str(summary.different)),
        ("其中升级 with an escalation", _shifts(summary.escalated)),
        ("其中期限 with a date", _shifts(summary.moved)),
        ("其中有操作被拒 with a refused command", str(summary.refused or "")),
    ]


def _shifts(counts: "dict[Shift, int]") -> str:
    return "、".join(f"{shift.zh} {shift.en} {counts[shift]}" for shift in Shift if counts.get(shift))


def summary_tables(summary: Summary, policies: Sequence[Policy]) -> list[Table]:
    """Return the tables below: dates by clock, rungs by what they do, refused commands; empty ones too."""
    clocks = sorted({clock for clock, _ in summary.dues})
    dues = [(_clock(clock, policies), *(str(summary.dues[clock, shift] or "") for shift in Shift)) for clock in clocks]
    kinds = [kind for kind in RungKind if any(summary.rungs[kind, shift] for shift in Shift)]
    rungs = [(both(kind), *(str(summary.rungs[kind, shift] or "") for shift in Shift)) for kind in kinds]
    denied = [
        (_command(command), str(count), "\n".join(summary.sentences[command, code]))
        for (command, code), count in summary.denied.most_common()
    ]
    return [
        ("期限变动 dates that move", ("时限 clock", *SHIFTS), [*dues]),
        ("提醒与升级 reminders and escalations", ("性质 kind", *SHIFTS), [*rungs]),
        ("会被拒绝的操作 refused commands", ("操作 command", "次数 count", "理由 reason"), [*denied]),
    ]


def case_row(trial: Trial, policies: Sequence[Policy]) -> list[str]:
    """Return a case's row: what would have differed, the first few of each sort."""
    dues = [_due(each, policies) for each in trial.dues]
    rungs = [_rung(each, policies) for each in trial.rungs]
    denied = [f"{_command(each.command)}：{each.zh}" for each in trial.denied]
    if trial.statuses:
        denied.append(_statuses(trial))
    return [trial.case, *("\n".join(_few(lines)) for lines in (dues, rungs, denied))]


def case_lines(trial: Trial, policies: Sequence[Policy]) -> list[str]:
    """Return everything that would have differed in a case, a line each."""
    lines = [f"{trial.case} {trial.kind.zh}：{len(trial.differing)} 个事件不同 events differ"]
    lines += [f"  {_due(each, policies)}" for each in trial.dues]
    lines += [f"  {_rung(each, policies)}" for each in trial.rungs]
    lines += [f"  ✗ {_command(each.command)}（{each.actor}）：{each.zh} {each.en}" for each in trial.denied]
    if trial.statuses:
        lines.append(f"  {_statuses(trial)}")
    return lines


def _few(lines: list[str]) -> list[str]:
    left = len(lines) - LINES
    return [*lines[:LINES], f"…另 {left} 项 more"] if left > 0 else lines


def _clock(name: str, policies: Sequence[Policy]) -> str:
    zh, en = clock_words(name, *policies)
    return f"{zh} {en}"


def _command(name: str) -> str:
    command = COMMANDS.get(name)
    return f"{command.zh} {command.en}" if command else name


def _statuses(trial: Trial) -> str:
    before, after = ((status.zh if status else "未立案") for status in trial.statuses or (None, None))
    return f"状态 status: {before} → {after}"


def _due(due: DueShift, policies: Sequence[Policy]) -> str:
    before, after = (shown_due(at) if at else "—" for at in (due.before, due.after))
    return f"{clock_words(due.clock, *policies)[0]} {before} → {after} {due.shift.zh}"


def _rung(rung: RungShift, policies: Sequence[Policy]) -> str:
    name = f"{clock_words(rung.clock, *policies)[0]}·{rung_words(rung.clock, rung.rung, *policies)[0]}"
    before, after = (shown_due(fired.at) if fired else "—" for fired in (rung.before, rung.after))
    fired = rung.after or rung.before
    to = f"（{'、'.join(fired.to)}）" if fired and fired.to else ""
    return f"{rung.shift.zh}：{name} {before} → {after}{to}"


def summary_view(summary: Summary) -> dict[str, object]:
    """Return the summary for programs."""
    return {
        "tried": summary.tried,
        "events": summary.events,
        "same": summary.same,
        "different": summary.different,
        "drifted": summary.drifted,
        "unread": summary.unread,
        "escalated": {shift.value: count for shift, count in summary.escalated.items()},
        "moved": {shift.value: count for shift, count in summary.moved.items()},
        "refused": summary.refused,
        "dues": [{"clock": clock, "shift": shift.value, "count": n} for (clock, shift), n in summary.dues.items()],
        "rungs": [{"kind": kind.value, "shift": shift.value, "count": n} for (kind, shift), n in summary.rungs.items()],
        "denied": [
            {"command": command, "code": code, "count": count, "zh": zh, "en": en}
            for (command, code), count in summary.denied.most_common()
            for zh, en in (summary.sentences[command, code],)
        ],
    }


def trial_view(trial: Trial) -> dict[str, object]:
    """Return a case's trial for programs."""
    statuses = [status.value if status else None for status in trial.statuses] if trial.statuses else None
    return {
        "case": trial.case,
        "kind": trial.kind.value,
        "channel": trial.channel,
        "events": trial.events,
        "drifted": trial.drifted,
        "differing": list(trial.differing),
        "statuses": statuses,
        "dues": [
            {
                "clock": each.clock,
                "started": instant(each.started),
                "before": instant(each.before),
                "after": instant(each.after),
                "shift": each.shift.value,
            }
            for each in trial.dues
        ],
        "rungs": [
            {
                "clock": each.clock,
                "rung": each.rung,
                "kind": each.kind.value,
                "shift": each.shift.value,
                "before": _fired_view(each.before),
                "after": _fired_view(each.after),
            }
            for each in trial.rungs
        ],
        "denied": [
            {
                "seq": each.seq,
                "command": each.command,
                "actor": each.actor,
                "at": instant(each.at),
                "code": each.code,
                "zh": each.zh,
                "en": each.en,
            }
            for each in trial.denied
        ],
    }


def _fired_view(fired: Fired | None) -> dict[str, object] | None:
    return {"at": instant(fired.at), "to": list(fired.to)} if fired else None
