"""``banjie lists``: the three lists of a campaign, a plan, a site or a township; an existing ledger in and out."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.naming import people_word, unit_id, unit_word
from adapters.rounds import rounds, rounds_view, write_rounds
from adapters.three_lists import Scope, campaign_called, campaigns, cases_of, write_lists
from adapters.views import three_lists_view
from cli.exits import UsageProblem
from cli.opening import AsOption, DataOption, JsonOption, opened
from cli.reading import must_have_folder
from cli.screen import Screen
from cli.sheets import Campaign as SheetCampaign
from cli.sheets import DryRun, export_table, import_table
from cli.sheets import Out as SheetOut
from models.instants import shown_due
from models.rounds import COUNTS
from models.three_lists import three_lists

group = typer.Typer(help="三张清单；已有台账的导入、导出 · Three lists; an existing ledger in and out")
SHOWN: Final = 50
WORDS: Final = 40
Campaign = Annotated[str, typer.Option("--campaign", metavar="C", help="专项行动、督察批次 · campaign")]
Plan = Annotated[str, typer.Option("--plan", metavar="P", help="行动方案编号 · action plan")]
Site = Annotated[str, typer.Option("--site", metavar="S", help="场所编号 · site")]
Township = Annotated[str, typer.Option("--township", metavar="T", help="乡镇 · township")]
Ledger = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="已有的台账 · the ledger")]
LEDGER: Final = "ledger"
Out = Annotated[
    Path | None, typer.Option("--out", metavar="OUT.xlsx", help="写到哪个文件 · file to write", show_default=False)
]


@group.callback(invoke_without_command=True)
def lists(
    context: typer.Context,
    *,
    campaign: Campaign = "",
    plan: Plan = "",
    site: Site = "",
    township: Township = "",
    out: Out = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """问题清单、任务清单、责任清单 · Problems, tasks and duties."""
    if context.invoked_subcommand:
        return
    screen = Screen(as_json=as_json)
    named = [each for each in (campaign, plan, site, township) if each]
    if len(named) != 1:
        raise UsageProblem(
            "请从 --campaign、--plan、--site、--township 中给出一个。",
            "Name one of --campaign, --plan, --site and --township.",
            field="--plan",
        )
    must_have_folder(out, "--out")
    with opened(data, screen) as desk:
        world, now = desk.world(), desk.moments.now()
        if campaign:
            campaign = campaign_called(campaigns(desk.database, world), campaign)
        scope = Scope(campaign, plan, site, unit_id(world, township) if township else "")
        found = three_lists(cases_of(desk.database, world, scope), now)
    if out is not None:
        write_lists(out, world, named[0], found)
    if as_json:
        screen.data({**three_lists_view(found), "file": str(out.absolute()) if out else None})
        return
    organisation = world.organisation
    screen.table(
        ("编号 case", "问题 problem", "地点 place", "结论 verdict", "状态 status"),
        [
            (each.case.id, each.what[:WORDS], each.place, each.verdict.zh if each.verdict else "", each.case.status.zh)
            for each in found.problems[:SHOWN]
        ],
        title=f"问题清单 problems {len(found.problems)}",
    )
    screen.table(
        ("编号 case", "任务 task", "单位 unit", "时限 by", "状态 status"),
        [
            (
                each.case.id,
                each.measure[:WORDS],
                unit_word(organisation, each.case.unit) if each.case.unit else "",
                f"{'▲ ' if each.late else ''}{each.target or ''}",
                each.case.status.zh,
            )
            for each in found.tasks[:SHOWN]
        ],
        title=f"任务清单 tasks {len(found.tasks)}",
    )
    screen.table(
        ("单位 unit", "领导 leader", "承办人 handler", "件数 cases", "未完 open", "超期 late", "最近时限 due"),
        [
            (
                unit_word(organisation, each.unit) if each.unit else "—",
                people_word(organisation, each.leader) if each.leader else "—",
                people_word(organisation, each.handler) if each.handler else "—",
                str(len(each.cases)),
                str(each.open),
                str(each.late),
                shown_due(each.due) if each.due else "",
            )
            for each in found.duties[:SHOWN]
        ],
        title=f"责任清单 duties {len(found.duties)}",
    )
    longest = max(map(len, (found.problems, found.tasks, found.duties)))
    if longest > SHOWN:
        screen.say(f"每张显示前 {SHOWN} 条，--out 写出全部 · the first {SHOWN} of each, --out writes all", "dim")
    if out is not None:
        screen.say(f"✓ 已写出 written: {out}", "green")


@group.command("import")
def import_ledger(
    file: Ledger,
    *,
    campaign: SheetCampaign = None,
    dry_run: DryRun = False,
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入已有的台账，连同历史 · Import an existing ledger with its history."""
    import_table(
        file, profile=LEDGER, campaign=campaign, dry_run=dry_run, compare=False, actor=actor, data=data, as_json=as_json
    )


@group.command("export")
def export_ledger(
    out: SheetOut, *, campaign: SheetCampaign = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """按台账格式导出全部信访件 · Export all petitions as such a ledger."""
    export_table(out, profile=LEDGER, campaign=campaign, data=data, as_json=as_json)


@group.command("years")
def years(*, out: Out = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """办结和销号分别统计，按年度和批次 · Closed and signed off counted apart, by year and round."""
    screen = Screen(as_json=as_json)
    must_have_folder(out, "--out")
    with opened(data, screen) as desk:
        world, now = desk.world(), desk.moments.now()
        found = rounds(desk.database, world, now)
    if out is not None:
        write_rounds(out, world, found, now)
    if as_json:
        screen.data({**rounds_view(found), "file": str(out.absolute()) if out else None})
        return
    heads = (
        *("收件 in", "办结 closed", "销号 signed off", "待销号 waiting"),
        *("继续 open", "超期 late", "其他 ended", "最近时限 due"),
    )
    for first, lines in (("年度 year", found.years), ("批次 round", found.campaigns)):
        rows = [
            (
                found.titles.get(each.name, each.name) or "合计 all",
                *(str(getattr(each, name)) for name in COUNTS),
                shown_due(each.due) if each.due else "",
            )
            for each in (*lines, found.whole)
        ]
        screen.table((first, *heads), rows)
    if out is not None:
        screen.say(f"✓ 已写出 written: {out}", "green")
