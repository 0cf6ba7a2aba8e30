"""``banjie organisation``: who there is, to look at, and out to and in from a workbook."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.naming import people_word, person_id, unit_word
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.reading import must_be_there, must_have_folder
from cli.screen import Screen
from models.counting import legal_day
from models.organisation import Organisation

group = typer.Typer(help="组织机构：查看、导出、导入 · Who there is: show, export, import", no_args_is_help=True)

SHOWN: Final = 100
AllOption = Annotated[bool, typer.Option("--all", help="含离任人员和已撤销单位 · also who has left")]
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="单位、人员、网格、请假、值班 · the workbook")]
Out = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="写到哪个文件 · file to write")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只看差别，不写入 · only show what would differ")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="变更理由 · why", show_default=False)]


@group.command("show")
def show_organisation(*, everybody: AllOption = False, data: DataOption = None, as_json: JsonOption = False) -> None:
    """查看单位、人员、网格、请假、值班 · Show who there is."""
    from adapters.organisation_import import organisation_of, posts_of

    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        organisation, now = organisation_of(desk), desk.moments.now()
        posts = posts_of(desk)
    if as_json:
        screen.data({"organisation": organisation.model_dump(mode="json"), "today": legal_day(now).isoformat()})
        return
    organisation_tables(screen, organisation, {name: words[0] for name, words in posts.items()}, everybody=everybody)


def organisation_tables(
    screen: Screen, organisation: Organisation, posts: dict[str, str], *, everybody: bool = False
) -> None:
    """Show an organisation; who has left and what is closed only where it is asked for."""
    screen.say(organisation.name, "bold")
    screen.table(
        ("单位 unit", "名称 name", "乡镇 township", "上级 above", "别名 aliases", "状态"),
        [
            (
                unit.id,
                unit.zh,
                "是" if unit.township else "",
                unit_word(organisation, unit.above) if unit.above else "",
                "、".join(unit.aliases),
                "已撤销 closed" if unit.closed else "",
            )
            for unit in organisation.units
            if everybody or not unit.closed
        ],
    )
    screen.table(
        (
            "用户 user",
            "姓名 name",
            "单位 unit",
            "职责 roles",
            "职务 posts",
            "分管 charge",
            "休假与代理 leave, delegate",
        ),
        [
            (
                person.id,
                person.name,
                unit_word(organisation, person.unit),
                "、".join(role.zh for role in person.roles),
                "、".join(posts.get(post, post) for post in person.posts),
                "、".join(unit_word(organisation, unit) for unit in person.charge),
                "；".join(_leave(organisation, person.id)) or ("离任 retired" if person.retired else ""),
            )
            for person in organisation.people
            if everybody or not person.retired
        ],
    )
    if organisation.grids:
        screen.table(
            ("网格 grid", "名称 name", "单位 unit", "村居 places", "网格员 person"),
            [
                (
                    grid.id,
                    grid.name,
                    unit_word(organisation, grid.unit),
                    "、".join(grid.words),
                    people_word(organisation, grid.person) if grid.person else "",
                )
                for grid in organisation.grids
            ],
        )
    if organisation.duties:
        screen.table(
            ("值班 on duty", "职务 post", "人员 person"),
            [
                (
                    f"{duty.since} — {duty.until}",
                    posts.get(duty.post, duty.post),
                    people_word(organisation, duty.person),
                )
                for duty in organisation.duties
            ],
        )
    gone = sum(person.retired for person in organisation.people)
    if gone and not everybody:
        screen.say(f"另有 {gone} 人已离任 · {gone} more have left (--all)", "dim")


def _leave(organisation: Organisation, name: str) -> list[str]:
    person = organisation.person(name)
    if person is None:
        return []
    told = [f"长期休假 away → {_stand_in(organisation, person.delegate)}"] if person.away else []
    told += [
        f"{leave.since} — {leave.until} → {_stand_in(organisation, leave.delegate or person.delegate)}"
        for leave in person.leave
    ]
    return told or ([f"代理 → {people_word(organisation, person.delegate)}"] if person.delegate else [])


def _stand_in(organisation: Organisation, name: str | None) -> str:
    return people_word(organisation, name) if name else "—"


@group.command("export")
def export_organisation(out: Out, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """导出为工作簿，改后可再导入 · Export as a workbook that can be imported again."""
    from adapters.organisation_import import organisation_of, posts_of
    from adapters.organisation_writing import write_organisation

    screen = Screen(as_json=as_json)
    _folder_of(out)
    with opened(data, screen) as desk:
        organisation = organisation_of(desk)
        write_organisation(out, organisation, posts_of(desk))
    if as_json:
        screen.data({"file": str(out.absolute()), "units": len(organisation.units), "people": len(organisation.people)})
    else:
        screen.say(f"✓ 已导出 exported: {out}", "green")


@group.command("template")
def write_empty(out: Out, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """写一个空白工作簿供填写 · Write an empty workbook to fill in."""
    from adapters.organisation_import import posts_of
    from adapters.organisation_writing import write_template

    screen = Screen(as_json=as_json)
    _folder_of(out)
    with opened(data, screen) as desk:
        write_template(out, posts_of(desk))
    if as_json:
        screen.data({"file": str(out.absolute())})
    else:
        screen.say(f"✓ 空白表 template: {out}", "green")


@group.command("import")
def import_workbook(
    file: Workbook,
    *,
    dry_run: DryRun = False,
    reason: Reason = "",
    actor: AsOption = "admin",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入工作簿：先列出差别；表中没有的人员视为离任 · Import a workbook; whoever is not in it has left."""
    from adapters.organisation_import import import_organisation

    screen = Screen(as_json=as_json)
    must_be_there(file)
    with opened(data, screen, acts=not dry_run) as desk:
        who = person_id(desk.world(), actor)
        if not dry_run and not as_json:
            # What is about to change stands on the screen before it is done, or refused.
            rehearsal = import_organisation(desk, file, actor=who, dry_run=True, via=via())
            _differences(screen, rehearsal.differences.told())
        done = import_organisation(desk, file, actor=who, dry_run=dry_run, via=via(), reason=reason)
    told = done.differences.told()
    if as_json:
        receipt = done.receipt
        lists = {name: list(lines) for name, lines in told.items()}
        screen.data({**lists, "dry_run": dry_run, "event": receipt.event if receipt else None})
        return
    if dry_run:
        _differences(screen, told)
    if not done.differences:
        screen.say("✓ 没有差别 nothing differs", "green")
    else:
        written = "✓ 已导入 imported" if done.receipt else "预演，未写入 dry run, nothing written"
        counts = (
            f"新增 added {len(told['added'])}，变更 changed {len(told['changed'])}，离任或撤销 gone {len(told['gone'])}"
        )
        screen.say(f"{written}：{counts}", "green")


def _differences(screen: Screen, told: dict[str, tuple[str, ...]]) -> None:
    for name, title, mark in (
        ("added", "新增 added", "+"),
        ("changed", "变更 changed", "~"),
        ("gone", "不再有 gone", "-"),
    ):
        lines = told[name]
        if lines:
            screen.say(title, "bold")
        for line in lines[:SHOWN]:
            screen.say(f"  {mark} {line}")
        if len(lines) > SHOWN:
            screen.say(f"  另有 {len(lines) - SHOWN} 项 · and more", "dim")


def _folder_of(out: Path) -> None:
    must_have_folder(out)
