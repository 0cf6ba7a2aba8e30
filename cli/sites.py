"""``banjie site``: the site ledger, to look at, and out to and in from a workbook."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters import queries
from adapters.naming import unit_word
from adapters.sites import at_site, sites
from adapters.views import site_view
from cli.bringing import DryRun, brought, say_what_came
from cli.monitoring import monitor
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.reading import must_have_folder
from cli.screen import Screen
from cli.showing_case import CaseArgument
from models.instants import shown, shown_due
from models.refusals import Unknown
from models.vocabulary import Kind

group = typer.Typer(help="场所台账：查看、导出、导入；监测数据 · Sites and monitors' readings", no_args_is_help=True)
group.command("monitor")(monitor)

MOST: Final = 200
SUMMARY: Final = 40
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="场所台账 · the workbook")]
Out = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="写到哪个文件 · file to write")]
Words = Annotated[str, typer.Option("--words", metavar="TEXT", help="名称、地点 · words", show_default=False)]
Trade = Annotated[str, typer.Option("--trade", metavar="TEXT", help="行业 · trade", show_default=False)]


@group.command("list")
def list_sites(*, words: Words = "", trade: Trade = "", data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出场所 · List sites."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        wanted = queries.Filter(kind=Kind.SITE, words=words or None)
        found = sites(desk.database, wanted, trade=trade, limit=MOST)
        world = desk.world()
    if as_json:
        screen.data({"sites": [site_view(each) for each in found]})
        return
    if not found:
        screen.say("没有符合条件的场所。 There are no such sites.")
        return
    screen.table(
        ("编号 site", "名称 name", "所在地 place", "行业 trade", "单位 unit", "信访件 petitions", "状态 status"),
        [
            (
                each.id,
                each.title,
                each.place,
                each.trade,
                unit_word(world.organisation, each.unit) if each.unit else "—",
                str(len(each.petitions)),
                each.status.zh,
            )
            for each in found
        ],
    )


@group.command("show")
def show_site(site: CaseArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """一企一策：一个场所的信访件、任务、巡查、执法 · One site with all that is there."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = queries.case(desk.database, site)
        if found.kind is not Kind.SITE:
            raise Unknown(case=site)
        there = at_site(desk.database, site)
        world = desk.world()
    if as_json:
        cases = [{"case": each.id, "kind": each.kind.value, "status": each.status.value} for each in there]
        screen.data({**site_view(found), "cases": cases})
        return
    unit = unit_word(world.organisation, found.unit) if found.unit else ""
    told = (
        ("名称 name", found.title),
        ("别名 aliases", "、".join(found.aliases)),
        ("所在地 place", found.place),
        ("坐标 coordinates", found.spot),
        ("行业 trade", found.trade),
        ("责任单位 unit", unit),
        ("状态 status", found.status.zh),
        ("基本情况", found.summary),
    )
    screen.table(("", found.id), [each for each in told if each[1]])
    if there:
        screen.table(
            ("编号 case", "状态 status", "登记 received", "时限 due", "内容 summary"),
            [
                (
                    each.id,
                    f"{each.status.zh}{' 反弹' if each.recurrence_of else ''}",
                    shown(each.registered_at) if each.registered_at else "",
                    shown_due(each.due) if each.due and each.is_open else "",
                    (each.summary or each.measure)[:SUMMARY],
                )
                for each in there
            ],
            title="信访件和整改任务 petitions and tasks",
        )
    if found.visited:
        rows = [(str(each.day), "未发现问题 sound" if each.sound else "发现问题 not sound") for each in found.visited]
        screen.table(("巡查 visit", "结果 result"), rows)
    if found.enforced:
        rows = [
            (str(each.day), f"{each.measure}{f' {each.fine:g} 万元' if each.fine else ''}") for each in found.enforced
        ]
        screen.table(("执法 enforcement", "措施 measure"), rows)


@group.command("export")
def export_sites(
    out: Out, *, words: Words = "", trade: Trade = "", data: DataOption = None, as_json: JsonOption = False
) -> None:
    """把场所台账写成表格 · Write the sites as a workbook."""
    from adapters.site_sheet import write_sites

    screen = Screen(as_json=as_json)
    must_have_folder(out)
    with opened(data, screen) as desk:
        wanted = queries.Filter(kind=Kind.SITE, words=words or None)
        count = write_sites(out, desk.world(), sites(desk.database, wanted, trade=trade, limit=None))
    if as_json:
        screen.data({"sites": count, "file": str(out.absolute())})
    else:
        screen.say(f"✓ 已导出 {count} 个场所 exported {count} sites: {out}", "green")


@group.command("import")
def import_table(
    file: Workbook,
    *,
    dry_run: DryRun = False,
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """从表格登记、更正场所 · Register and correct sites from a workbook."""
    from adapters.site_sheet import import_sites

    screen = Screen(as_json=as_json)
    report = brought(
        screen,
        file,
        lambda desk, who, bar: import_sites(desk, file, actor=who, dry_run=dry_run, progress=bar, via=via()),
        dry_run=dry_run,
        actor=actor,
        data=data,
    )
    if as_json:
        refused = [{"where": where, "zh": zh, "en": en} for where, zh, en in report.refused]
        counts = {name: getattr(report, name) for name in ("total", "registered", "corrected", "same", "dry_run")}
        screen.data({**counts, "refused": refused})
        return
    if report.refused:
        rows = [(where, f"{zh}\n{en}") for where, zh, en in report.refused]
        screen.table(("单元格 cell", "未导入的原因 why"), rows, title="未导入 not imported")
    told = {
        "新登记 registered": report.registered,
        "更正 corrected": report.corrected,
        "不变 same": report.same,
        "未导入 refused": len(report.refused),
    }
    say_what_came(screen, report.total, told, dry_run=dry_run)
