"""``banjie reconcile``: the ledger, the process managers and the read model held against one another, by hand."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from adapters import queries
from adapters.desk import Desk
from cli.exits import REFUSED, UsageProblem
from cli.opening import DataOption, JsonOption, opened, temporal_away
from cli.screen import Screen

if TYPE_CHECKING:
    from adapters.reconciling import Report

SHOWN = 40


def reconcile(
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="案件编号，缺省为全部在办 · case, else every open one")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="不抽样，全部案件 · every case, closed ones too")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="不建差异单 · open no case for what differs")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """核对台账、流程副本和读模型 · Compare the ledger, the workflows' copies and the read model."""
    from adapters.reconciling import SAMPLE, tell

    screen = Screen(as_json=as_json)
    if case is not None and every:
        raise UsageProblem("CASE 与 --all 只能给一个。", "Name a case or --all, not both.")
    sample = None if every else SAMPLE
    with opened(data, screen) as desk:
        names = None if case is None else [queries.case(desk.database, case).id]
        asked = temporal_away(desk.settings) is None
        report = asyncio.run(_run(desk, screen, names, sample, asks=asked))
        told = [] if dry_run or names is not None else tell(desk.door, report, sample=sample)
    rows = [
        (name, each.copy_of, each.field, each.ledger, each.found)
        for name, some in report.found.items()
        for each in some
    ]
    if as_json:
        columns = ("case", "copy", "field", "ledger", "found")
        differences = [dict(zip(columns, (name, copy.value, *rest), strict=True)) for name, copy, *rest in rows]
        counts = {"looked": report.looked, "asked": report.asked, "unasked": report.unasked}
        screen.data({"ok": not rows, **counts, "differences": differences, "faults": told})
    else:
        if not asked:
            screen.warn("Temporal 未运行，未核对流程副本。", "Temporal does not answer: workflows were not asked.")
        elif report.unasked:
            screen.warn(f"{report.unasked} 个流程没有应答。", f"{report.unasked} workflows did not answer.")
        if rows:
            screen.table(
                ("案件 case", "副本 copy", "字段 field", "台账 ledger", "副本所载 found"),
                [
                    (name, f"{copy.zh} {copy.en}", field, ledger, found)
                    for name, copy, field, ledger, found in rows[:SHOWN]
                ],
            )
            count = len(report.found)
            screen.aside(f"✗ 不一致案件 cases that differ: {count}", "bold red")
            if told:
                screen.aside(f"  差异单 cases opened: {'、'.join(told[:SHOWN])}")
        else:
            screen.say(
                f"✓ 核对 {report.looked} 个案件、{report.asked} 个流程，一致。"
                f" {report.looked} cases and {report.asked} workflows agree with the ledger.",
                "green",
            )
    if rows:
        raise typer.Exit(REFUSED)


async def _run(desk: Desk, screen: Screen, names: list[str] | None, sample: int | None, *, asks: bool) -> "Report":
    # Temporal's client takes longer to load than most commands to run.
    from adapters.codec import codec_of
    from adapters.reconciling import Reconciling
    from adapters.temporal import connect

    client = await connect(desk.settings, codec_of(desk.sealer.keys)) if asks else None
    with screen.progress("核对 reconciling") as progress:
        comparing = Reconciling(desk.door, client, desk.settings.task_queue)
        return await comparing.run(names, sample=sample, progress=progress)
