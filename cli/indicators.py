"""``banjie indicator``: the register of indicators, and readings in from a table."""

import uuid
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from adapters.comparison import counting
from adapters.indicators import import_readings, indicators
from adapters.naming import person_id
from adapters.views import indicator_view
from cli.bringing import DryRun, brought, say_what_came
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.screen import Screen
from models.indicator_commands import RecordCount

group = typer.Typer(help="考核指标：列出、导入 · Indicators: list, import", no_args_is_help=True)

Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="列：指标、期间、考核数、达标数 · readings")]


@group.command("list")
def list_indicators(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出指标和考核结果 · List indicators with their readings."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = indicators(desk.database)
    if as_json:
        screen.data({"indicators": [indicator_view(each) for each in found]})
        return
    if not found:
        screen.say("没有考核指标。 There are no indicators.")
        return
    screen.table(
        ("编号", "指标 indicator", "期间 period", "考核 assessed", "达标 compliant", "率 rate"),
        [
            (
                each.id,
                each.title,
                one.period,
                f"{one.assessed} {each.counted_in}",
                f"{one.compliant} {each.counted_in}",
                f"{one.compliant / one.assessed:.1%}" if one.assessed else "—",
            )
            for each in found
            for one in each.readings
        ],
    )


@group.command("import")
def import_table(
    file: Workbook,
    *,
    dry_run: DryRun = False,
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """从表格登记考核结果 · Record readings from a workbook."""
    screen = Screen(as_json=as_json)
    report = brought(
        screen,
        file,
        lambda desk, who, bar: import_readings(desk, file, actor=who, dry_run=dry_run, progress=bar, via=via()),
        dry_run=dry_run,
        actor=actor,
        data=data,
    )
    if as_json:
        names = ("total", "registered", "recorded", "known", "dry_run")
        screen.data({name: getattr(report, name) for name in names})
        return
    counts = {"新指标 registered": report.registered, "登记 recorded": report.recorded, "不变 known": report.known}
    say_what_came(screen, report.total, counts, dry_run=dry_run)


@group.command("count")
def count(
    district: Annotated[str, typer.Argument(metavar="DISTRICT", help="县区，如 城区 · district")],
    period: Annotated[
        str, typer.Argument(metavar="PERIOD", help="2023、2023-Q3、2023-09、2023-09-06..2023-09-26 · period")
    ],
    number: Annotated[int, typer.Argument(metavar="COUNT", help="件数 · petitions", min=0)],
    *,
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="来源 · who says so")],
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记其他县区的件数，用于对比 · Enter another district's count, for the comparison."""
    screen = Screen(as_json=as_json)
    told: dict[str, JsonValue] = {"district": district, "period": period, "count": number, "source": source}
    with opened(data, screen, acts=True) as desk:
        RecordCount.model_validate(told)
        order = counting(desk.database, told, actor=person_id(desk.world(), actor), key=str(uuid.uuid4()), via=via())
        receipt = desk.door.perform(order)[-1]
    if as_json:
        screen.data({"case": receipt.case, "seq": receipt.seq})
        return
    screen.say(f"✓ 已登记 entered: {district} {period} {number}", "green")
