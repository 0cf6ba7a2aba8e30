"""``banjie site monitor``: monitors' readings from a CSV file; what is out of bounds opens a problem at its site."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.monitoring import DAYS, csv_readings, monitoring_view, take_readings
from adapters.naming import person_id
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.reading import must_be_there
from cli.screen import Screen

SHOWN: Final = 20
COLUMNS: Final = "场所、监测时间、监测项目、监测值、单位、限值或是否异常"
Readings = Annotated[Path, typer.Argument(metavar="FILE.csv", help=f"列：{COLUMNS} · readings")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只预演，不写入 · only say what would happen")]
Days = Annotated[int, typer.Option("--days", min=1, max=365, help="整改天数 · days to put it right")]


def monitor(
    file: Readings,
    *,
    days: Days = DAYS,
    dry_run: DryRun = False,
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入监测数据，异常的开出问题 · Take readings in; what is out of bounds opens a problem."""
    screen = Screen(as_json=as_json)
    must_be_there(file, "FILE.csv")
    with opened(data, screen, acts=not dry_run) as desk, screen.progress("导入 importing") as bar:
        who = person_id(desk.world(), actor)
        with csv_readings(file) as (cells, readings):
            report = take_readings(
                desk, readings, actor=who, days=days, dry_run=dry_run, progress=bar, via=via(), cells=cells
            )
    if as_json:
        screen.data(monitoring_view(report))
        return
    if report.bad:
        rows = [(each.cell, f"{each.zh}\n{each.en}") for each in report.bad[:SHOWN]]
        screen.table(("单元格 cell", "不能使用的原因 why"), rows, title=f"不能使用 cannot be used {len(report.bad)}")
    counts = report.counts
    done = "预演，未写入 dry run, nothing written" if dry_run else "✓ 已导入 imported"
    screen.say(
        f"{done}：共 {counts['total']} 行 rows，新开问题 opened {counts['opened']}，并入在办 added {counts['added']}，"
        f"正常 sound {counts['sound']}，已有 known {counts['known']}，不能使用 bad {counts['bad']}",
        "green",
    )
