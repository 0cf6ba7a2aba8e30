"""``banjie plan``: action plans and how far each has come; one with its items; items out to a workbook and in."""

import uuid
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters import queries
from adapters.desk import Desk
from adapters.naming import by_id, people_word, person_id, unit_word
from adapters.plans import items_of, plans
from adapters.views import plan_view, progress_view, row_view
from cli.bringing import DryRun, brought, say_what_came
from cli.bringing import Progress as Bar
from cli.filling import checked
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.reading import must_have_folder
from cli.screen import Screen
from models.case import Case
from models.envelope import Envelope
from models.plan_commands import OpenPlan
from models.progress import Progress, by_category, progress
from models.refusals import Unknown
from models.vocabulary import Kind

group = typer.Typer(help="行动方案：启动、查看、导出、导入任务 · Action plans", no_args_is_help=True)

MEASURE: Final = 40
PlanArgument = Annotated[str, typer.Argument(metavar="PLAN", help="方案编号，P 开头 · number of the plan")]
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="任务清单 · the workbook")]
Out = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="写到哪个文件 · file to write")]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="名称 · name")]
Summary = Annotated[str, typer.Option("--summary", metavar="TEXT", help="任务来源、目标 · what it is for")]
UnitOption = Annotated[str, typer.Option("--unit", metavar="U", help="牵头单位 · unit that leads it")]
LeaderOption = Annotated[str, typer.Option("--leader", metavar="P", help="总负责领导 · leader who answers for it")]
TargetOption = Annotated[str, typer.Option("--target", metavar="DAY", help="总时限，如 2026-09-30 · by when")]


def _plan(desk: Desk, number: str) -> Case:
    found = queries.case(desk.database, number)
    if found.kind is not Kind.PLAN:
        raise Unknown(case=number)
    return found


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"


def _figures(name: str, each: Progress) -> tuple[str, ...]:
    counts = (each.total, each.done, each.in_time, each.signed_off, each.left, each.late)
    return (name, *map(str, counts), _share(each.rate))


@group.command("list")
def list_plans(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出行动方案和进度 · List plans and how far each has come."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        now = desk.moments.now()
        found = plans(desk.database, queries.Filter(kind=Kind.PLAN))
        stands = [(each, progress(items_of(desk.database, each), now)) for each in found]
    if as_json:
        screen.data({"plans": [plan_view(each, so_far) for each, so_far in stands]})
        return
    if not stands:
        screen.say("没有行动方案。 There are no action plans.")
        return
    columns = (
        "编号 plan",
        "名称 title",
        "状态 status",
        "任务 items",
        "完成 done",
        "销号 signed off",
        "超期 late",
        "率 rate",
    )
    rows = [
        (each.id, each.title, each.status.zh, str(p.total), str(p.done), str(p.signed_off), str(p.late), _share(p.rate))
        for each, p in stands
    ]
    screen.table(columns, rows)


@group.command("show")
def show_plan(plan: PlanArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """一个方案：各类别进度和全部任务 · One plan: its categories and its items."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found, now, world = _plan(desk, plan), desk.moments.now(), desk.world()
        items = items_of(desk.database, found)
    whole, categories = progress(items, now), by_category(items, now)
    if as_json:
        screen.data(
            {
                **plan_view(found, whole),
                "categories": [{"category": name, **progress_view(each)} for name, each in categories],
                "items": [{**row_view(each), "category": each.category, "measure": each.measure} for each in items],
            }
        )
        return
    screen.say(f"{found.title} {found.id} {found.status.zh}", "bold")
    heads = (
        "类别 category",
        "任务 items",
        "完成 done",
        "按期 in time",
        "销号 signed off",
        "未完 left",
        "超期 late",
        "率 rate",
    )
    screen.table(heads, [*(_figures(name, each) for name, each in categories), _figures("合计 in all", whole)])
    screen.table(
        ("编号 item", "类别 category", "任务 measure", "单位 unit", "领导 leader", "时限 by", "状态 status"),
        [
            (
                each.id,
                each.category,
                each.measure[:MEASURE],
                unit_word(world.organisation, each.unit) if each.unit else "",
                people_word(world.organisation, each.leader) if each.leader else "",
                f"{'▲ ' if each.is_open and each.due and each.due <= now else ''}{each.target or ''}",
                each.status.zh,
            )
            for each in items
        ],
    )


@group.command("open")
def open_plan(
    *,
    title: Title,
    summary: Summary = "",
    unit: UnitOption = "",
    leader: LeaderOption = "",
    target: TargetOption = "",
    actor: AsOption = "dispatcher",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """启动行动方案 · Open an action plan."""
    screen = Screen(as_json=as_json)
    told = {"title": title, "summary": summary, "unit": unit, "leader": leader, "target": target}
    given = checked(OpenPlan, {name: value for name, value in told.items() if value})
    with opened(data, screen, acts=True) as desk:
        world = desk.world()
        envelope = Envelope(
            id=str(uuid.uuid4()),
            actor=person_id(world, actor),
            command=OpenPlan.name,
            data=by_id(world, given),
            via=via(),
        )
        receipt = desk.door.perform([envelope])[0]
    if as_json:
        screen.data({"plan": receipt.case})
    else:
        screen.say(f"✓ 已启动 opened: {receipt.case}", "green")


@group.command("export")
def export_items(plan: PlanArgument, out: Out, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """把任务清单写成表格 · Write a plan's items as a workbook."""
    from adapters.plan_sheet import write_items

    screen = Screen(as_json=as_json)
    must_have_folder(out)
    with opened(data, screen) as desk:
        found = _plan(desk, plan)
        count = write_items(out, desk.world(), found, items_of(desk.database, found))
    if as_json:
        screen.data({"items": count, "file": str(out.absolute())})
    else:
        screen.say(f"✓ 已导出 {count} 项任务 exported {count} items: {out}", "green")


@group.command("import")
def import_table(
    plan: PlanArgument,
    file: Workbook,
    *,
    dry_run: DryRun = False,
    actor: AsOption = "dispatcher",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """从表格下达任务 · Add a workbook's items to a plan."""
    from adapters.plan_sheet import ItemsReport, import_items

    def bring(desk: Desk, who: str, bar: Bar) -> ItemsReport:
        return import_items(desk, _plan(desk, plan), file, actor=who, dry_run=dry_run, progress=bar, via=via())

    screen = Screen(as_json=as_json)
    report = brought(screen, file, bring, dry_run=dry_run, actor=actor, data=data)
    if as_json:
        screen.data({name: getattr(report, name) for name in ("total", "added", "known", "dry_run")})
        return
    counts = {"新下达 added": report.added, "已有 known": report.known}
    say_what_came(screen, report.total, counts, dry_run=dry_run)
