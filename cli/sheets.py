"""``banjie import`` and ``banjie export``: the public tables of inspection teams and existing ledgers, in and out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.naming import person_id
from adapters.similar.imported import RowRepeat
from adapters.views import alike_view, import_view
from cli.likeness import said
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.reading import must_be_there, must_have_folder
from cli.screen import Screen

SHOWN: Final = 20
OUT_HELP: Final = "写到哪个文件 · file to write"

Sheet = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="督察公开情况一览表 · the public table")]
Out = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=OUT_HELP)]
InProfile = Annotated[str, typer.Option("--profile", metavar="P", help="表格格式 · table profile")]
OutProfile = Annotated[str, typer.Option("--profile", metavar="P", help="表格格式 · table profile")]
Campaign = Annotated[
    str | None, typer.Option("--campaign", metavar="C", help="督察批次 · campaign", show_default=False)
]
Compare = Annotated[
    bool,
    typer.Option(
        "--compare/--no-compare", help="登记后找出可能重复的信访件 · look for probable repeats of what is there"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只预演，不写入 · only say what would happen")]


def import_table(
    file: Sheet,
    *,
    profile: InProfile = "auto",
    campaign: Campaign = None,
    dry_run: DryRun = False,
    compare: Compare = True,
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入督察组的公开情况一览表，或已有的台账 · Import an inspection team's table, or an existing ledger."""
    from adapters.importing import import_sheet

    screen = Screen(as_json=as_json)
    must_be_there(file)
    with opened(data, screen, acts=not dry_run) as desk, screen.progress("导入、比对 importing, comparing") as bar:
        report = import_sheet(
            desk,
            file,
            actor=person_id(desk.world(), actor),
            profile=profile,
            campaign=campaign,
            dry_run=dry_run,
            progress=bar,
            compare=compare,
            comparing=bar,
            via=via(),
        )
    counts = {name: getattr(report, name) for name in ("total", "registered", "advanced", "known", "doubtful")}
    where = str(report.doubtful_file) if report.doubtful_file else None
    if as_json:
        repeats = [
            {
                "sheet": each.row.sheet,
                "row": each.row.row,
                "receipt": each.row.receipt,
                "case": None if dry_run else each.row.case,
                "alike": [alike_view(other) for other in each.found],
            }
            for each in report.repeats
        ]
        screen.data({**import_view(report), "doubtful_file": where, "repeats": repeats})
        return
    if report.doubts:
        screen.table(
            ("工作表 sheet", "单元格 cell", "列 column", "受理编号 receipt", "存疑原因 why"),
            [
                (each.sheet, each.cell, each.column, each.receipt, f"{each.zh}\n{each.en}")
                for each in report.doubts[:SHOWN]
            ],
            title="存疑 doubtful",
        )
        if len(report.doubts) > SHOWN:
            screen.say(f"另有 {len(report.doubts) - SHOWN} 处 · and more", "dim")
    _tell_repeats(screen, report.repeats, dry_run=dry_run)
    done = "预演，未写入 dry run, nothing written" if dry_run else "✓ 已导入 imported"
    screen.say(
        f"{done}：共 {counts['total']} 行 rows，新登记 registered {counts['registered']}，"
        f"已更新 advanced {counts['advanced']}，已有 known {counts['known']}，存疑 doubtful {counts['doubtful']}",
        "green",
    )
    if where:
        screen.say(f"存疑的行另存为 doubtful rows: {where}")


def _tell_repeats(screen: Screen, repeats: Sequence[RowRepeat], *, dry_run: bool) -> None:
    if not repeats:
        return
    rows = [
        (
            each.row.sheet,
            str(each.row.row),
            each.row.receipt if dry_run else each.row.case,
            other.case.id,
            other.case.status.zh,
            "；".join(map(said, other.reasons)),
        )
        for each in repeats[:SHOWN]
        for other in each.found[:1]
    ]
    columns = ("工作表 sheet", "行 row", "编号 case", "很可能同于 probably the same as", "状态 status", "理由 why")
    screen.table(columns, rows, title="可能重复 probable repeats")
    if len(repeats) > SHOWN:
        screen.say(f"另有 {len(repeats) - SHOWN} 件，--json 显示全部 · and more, --json tells all", "dim")
    screen.say("并案 to join: banjie act 编号 CASE join --set leading=主案", "dim")


def export_table(
    out: Out,
    *,
    profile: OutProfile = "hunan-central-2024",
    campaign: Campaign = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """导出公开情况一览表 · Export the petitions as the public table."""
    from adapters.exporting import export_sheet

    screen = Screen(as_json=as_json)
    must_have_folder(out)
    with opened(data, screen) as desk, screen.progress("导出 exporting") as progress:
        rows = export_sheet(
            desk.database, out, profile=profile, campaign=campaign, world=desk.world(), progress=progress
        )
    if as_json:
        screen.data({"rows": rows, "file": str(out.absolute()), "profile": profile})
    else:
        screen.say(f"✓ 已导出 {rows} 件 exported {rows} rows: {out}", "green")
