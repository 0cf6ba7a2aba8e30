"""``banjie verify`` and ``banjie rebuild``: the ledger checked against itself."""

from typing import Annotated, Final

import typer

from cli.exits import REFUSED, UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.refusals import Unknown

SHOWN: Final = 20
CaseOption = Annotated[str | None, typer.Argument(metavar="[CASE]", help="案件编号，缺省为全部 · case, else all")]
AllOption = Annotated[bool, typer.Option("--all", help="全部案件 · every case")]
CheckOption = Annotated[bool, typer.Option("--check", help="只比对，不修正 · only compare")]


def verify_ledger(
    case: CaseOption = None, *, every: AllOption = False, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """核对哈希链：是否有事件被改、被删、被移 · Check the hash chains."""
    from adapters.checking import verify

    screen = Screen(as_json=as_json)
    if case is not None and every:
        raise UsageProblem("CASE 与 --all 只能给一个。", "Name a case or --all, not both.")
    with opened(data, screen) as desk, screen.progress("核对 verifying") as progress:
        report = verify(desk.database, case, progress=progress)
    if case is not None and not report.cases and not report.faults:
        raise Unknown(case=case)
    if as_json:
        faults = [
            {"case": each.case, "seq": each.seq, "code": each.code, "zh": each.zh, "en": each.en}
            for each in report.faults
        ]
        screen.data({"ok": report.ok, "events": report.events, "cases": report.cases, "faults": faults})
    elif report.ok:
        screen.say(
            f"✓ {report.cases} 个案件、{report.events} 个事件，哈希链完整。"
            f" {report.cases} cases, {report.events} events, every chain holds.",
            "green",
        )
    else:
        screen.table(
            ("案件 case", "事件 event", "问题 fault"),
            [(each.case, str(each.seq), f"{each.zh}\n{each.en}") for each in report.faults[:SHOWN]],
        )
        screen.aside(f"✗ {len(report.faults)} 个案件的事件与哈希链不符。", "bold red")
        screen.aside(f"  {len(report.faults)} cases are not as they were written.")
    if not report.ok:
        raise typer.Exit(REFUSED)


def rebuild_cases(*, check: CheckOption = False, data: DataOption = None, as_json: JsonOption = False) -> None:
    """由事件重建案件表 · Make the table of cases anew from the events."""
    from adapters.checking import rebuild

    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk, screen.progress("重建 rebuilding") as progress:
        report = rebuild(desk.database, check=check, progress=progress)
    if as_json:
        differences = [
            {"case": each.case, "field": each.field, "was": each.was, "should": each.should}
            for each in report.differences
        ]
        screen.data({"ok": report.ok, "cases": report.cases, "differences": differences, "written": not check})
    elif report.ok:
        screen.say(f"✓ {report.cases} 个案件与事件一致。 {report.cases} cases are what their events say.", "green")
    else:
        columns = ("案件 case", "字段 field", "原为 was", "应为 should be")
        rows = [(each.case, each.field, each.was, each.should) for each in report.differences[:SHOWN]]
        screen.table(columns, rows)
        count = len(report.differences)
        zh = "未修正，去掉 --check 即修正" if check else "已按事件修正"
        en = "nothing was written" if check else "put right"
        screen.aside(f"{'✗' if check else '✓'} {count} 处与事件不同，{zh}。 {count} differences, {en}.", "yellow")
    if check and not report.ok:
        raise typer.Exit(REFUSED)
