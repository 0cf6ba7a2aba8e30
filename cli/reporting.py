"""``banjie report``: the year's working report, written from the ledger with every figure's cases."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.reading import must_have_folder
from cli.screen import Screen
from models.counting import legal_day
from models.report import Report

group = typer.Typer(help="工作报告 · Working reports", no_args_is_help=True)
OLDEST: Final = 1950

Year = Annotated[int, typer.Argument(metavar="YEAR", help="年份，如 2026 · the year")]
Out = Annotated[Path | None, typer.Option("--out", metavar="OUT.docx", help="报告 · the report", show_default=False)]
Figures = Annotated[
    Path | None,
    typer.Option(
        "--figures", metavar="OUT.xlsx", help="每个数字及其案件 · each figure with its cases", show_default=False
    ),
]


@group.command("annual")
def annual_report(
    year: Year, *, out: Out = None, figures: Figures = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """一年的工作报告，数字均由台账计出 · The year's report; every figure is counted from the ledger."""
    from adapters.annual import counted, words_of
    from adapters.report_docx import as_docx, figures_xlsx
    from models.annual import annual

    screen = Screen(as_json=as_json)
    for path, field in ((out, "--out"), (figures, "--figures")):
        must_have_folder(path, field)
    with opened(data, screen) as desk, screen.progress("统计 counting") as progress:
        world, now = desk.world(), desk.moments.now()
        if not OLDEST <= year <= legal_day(now).year:
            raise UsageProblem(
                f"年份应在 {OLDEST} 至 {legal_day(now).year} 之间。",
                f"The year should be {OLDEST} to {legal_day(now).year}.",
                field="YEAR",
            )
        report = annual(counted(desk.database, progress), year, now, words_of(world, desk.database))
    house = world.organisation.name if world.organisation else ""
    if out is not None:
        out.write_bytes(as_docx(report, house, now))
    if figures is not None:
        figures.write_bytes(figures_xlsx(report))
    if as_json:
        screen.data({"year": year, "figures": figures_view(report), "file": str(out.absolute()) if out else None})
        return
    tell(screen, report)
    for path in (out, figures):
        if path is not None:
            screen.say(f"✓ 已写出 written: {path}", "green")


def figures_view(report: Report) -> list[dict[str, object]]:
    """Return a report's figures for programs, each with the cases behind it."""
    return [
        {"number": each.number, "name": each.name, "value": each.value, "how": each.how, "cases": list(each.cases)}
        for each in report.figures
    ]


def tell(screen: Screen, report: Report) -> None:
    """Show a report to a person, part by part."""
    for part in report.parts:
        screen.say(part.title, "bold")
        for sentence in part.sentences:
            screen.say(sentence)
        if part.rows:
            screen.table(part.heads, part.rows)
