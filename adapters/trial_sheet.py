"""What a trial of a policy found, as a workbook: a summary, then cases, dates, reminders and refusals on sheets."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.spreadsheets.cells import clean_text
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from adapters.spreadsheets.writing import new_workbook
from models.commands import COMMANDS
from models.instants import shown, shown_due
from models.policy import Policy
from models.policy_words import clock_words, rung_words
from models.trial import Fired, Shift, Summary, Trial

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet in the format."""
CASES: Final = (
    *("案件 case", "类别 kind", "渠道 channel", "事件 events", "不同事件 events that differ", "期限变动 dates"),
    *("提醒变动 reminders", "被拒操作 refused", "现状态 status", "试行状态 would be", "备注 remark"),
)
DUES: Final = ("案件 case", "时限 clock", "起算 started", "现到期 due", "试行到期 would be due", "变化 change")
RUNGS: Final = (
    *("案件 case", "时限 clock", "级 rung", "性质 kind", "变化 change"),
    *("现时刻 fired", "现报告 reached", "试行时刻 would fire", "试行报告 would reach"),
)
DENIED: Final = ("案件 case", "事件 event", "时间 when", "何人 who", "操作 command", "理由", "reason")


class TrialSheet:
    """A workbook on its way; a trial of any length is written row by row."""

    def __init__(self, workbook: "Workbook", policies: Sequence[Policy]) -> None:
        """Begin the sheets.

        Args:
            workbook: to write to.
            policies: whose names for clocks and rungs are used, the proposed one first.
        """
        self._policies = policies
        self._summary = _Sheet(workbook, "汇总 summary", ("项目 item", "数 count"), 60)
        self._cases = _Sheet(workbook, "案件 cases", CASES, 16)
        self._dues = _Sheet(workbook, "期限 dates", DUES, 22)
        self._rungs = _Sheet(workbook, "提醒 reminders", RUNGS, 22)
        self._denied = _Sheet(workbook, "被拒 refused", DENIED, 24)

    def add(self, trial: Trial) -> None:
        """Write a case that would have gone otherwise, or could not be tried; one that stays the same is left out."""
        if trial.same and not trial.drifted:
            return
        remark = "信封不全，无法试行 not whole" if trial.unread else "本版本已有不同 drifted" if trial.drifted else ""
        before, after = trial.statuses or (None, None)
        counts = (trial.events, len(trial.differing), len(trial.dues), len(trial.rungs), len(trial.denied))
        where = [status.zh if status else "" for status in (before, after)]
        self._cases.write(trial.case, trial.kind.zh, trial.channel, *map(str, counts), *where, remark)
        for due in trial.dues:
            dates = [shown_due(at) if at else "" for at in (due.before, due.after)]
            clock = clock_words(due.clock, *self._policies)[0]
            self._dues.write(trial.case, clock, shown(due.started), *dates, _both(due.shift))
        for rung in trial.rungs:
            names = (
                clock_words(rung.clock, *self._policies)[0],
                rung_words(rung.clock, rung.rung, *self._policies)[0],
            )
            fired = (*_fired(rung.before), *_fired(rung.after))
            self._rungs.write(trial.case, *names, rung.kind.zh, _both(rung.shift), *fired)
        for each in trial.denied:
            command = COMMANDS[each.command].zh if each.command in COMMANDS else each.command
            self._denied.write(trial.case, str(each.seq), shown(each.at), each.actor, command, each.zh, each.en)

    def finish(self, policy: Policy | None, now: datetime, summary: Summary) -> None:
        """Write the summary."""
        name = policy.name if policy else "各案自己的规则 own policy"
        rows: list[tuple[str, object]] = [("规则 policy", name), ("试行至 until", shown(now))]
        rows += [
            ("案件 cases tried", summary.tried),
            ("无变化 same", summary.same),
            ("有变化 different", summary.different),
            ("有操作被拒的案件 cases with a refused command", summary.refused),
            ("本版本已有不同 drifted", summary.drifted),
            ("无法试行 not whole", summary.unread),
        ]
        rows += [(f"期限{shift.zh}的案件 cases with a date {shift.en}", summary.moved[shift]) for shift in Shift]
        rows += [
            (f"升级{shift.zh}的案件 cases with an escalation {shift.en}", summary.escalated[shift]) for shift in Shift
        ]
        for what, count in rows:
            if count or what in {"案件 cases tried", "无变化 same", "有变化 different"}:
                self._summary.write(what, str(count))
        for sheet in (self._summary, self._cases, self._dues, self._rungs, self._denied):
            sheet.finish()


@contextmanager
def trial_sheet(path: Path, policies: Sequence[Policy]) -> "Iterator[TrialSheet]":
    """Open a workbook that becomes ``path`` when the block ends well.

    Raises:
        SheetError: ``cannot_write`` when the folder or file cannot be written.
    """
    with new_workbook(path) as workbook:
        yield TrialSheet(workbook, policies)


def _fired(fired: Fired | None) -> tuple[str, str]:
    return (shown_due(fired.at), "、".join(fired.to)) if fired else ("", "")


def _both(shift: Shift) -> str:
    return f"{shift.zh} {shift.en}"


class _Sheet:
    """One sheet below its header."""

    def __init__(self, workbook: "Workbook", name: str, columns: Sequence[str], width: int) -> None:
        self._sheet: Worksheet = workbook.add_worksheet(name)
        head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        self._columns, self._row = columns, 0
        self._sheet.set_column(0, len(columns) - 1, width)
        self._sheet.freeze_panes(1, 1)
        for at, name_of_column in enumerate(columns):
            self._sheet.write_string(0, at, name_of_column, head)

    def write(self, *texts: str) -> None:
        """Append one row; what is beyond the format's last one is left out and said in it."""
        self._row += 1
        if self._row == MOST_ROWS - 1:
            texts = ("…后略 cut", *("" for _ in texts[1:]))
        if self._row < MOST_ROWS:
            for at, text in enumerate(texts):
                self._sheet.write_string(self._row, at, clean_text(text)[:MAX_CELL_CHARACTERS])

    def finish(self) -> None:
        """Set the filter over everything written."""
        self._sheet.autofilter(0, 0, min(self._row, MOST_ROWS - 1), len(self._columns) - 1)
