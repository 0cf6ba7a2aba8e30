"""``banjie campaign digest|publish|table|look-back|checked``: a day in short, the public tables, the look-backs."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

import cli.batches  # noqa: F401 - its commands count
from adapters import editions
from adapters.campaigns import campaign_of, next_round
from adapters.desk import Desk
from adapters.digests import as_report, closing_of, digest_of, digest_view
from adapters.naming import person_id
from adapters.report_docx import as_docx, figures_xlsx
from adapters.views import receipt_view
from cli.campaigns import DAY, NameArgument, campaigns
from cli.exits import UsageProblem
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, opened
from cli.reading import must_have_folder
from cli.screen import Screen
from cli.sweeps import to_stream
from models.campaign_commands import BeginLookBack, PublishResults, RecordLookBack
from models.counting import legal_day
from models.envelope import Receipt
from models.report import Report
from models.vocabulary import Kind

DayArgument = Annotated[
    datetime, typer.Argument(metavar="DAY", formats=[DAY], help="交办批次，如 2026-09-06 · the batch")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="OUT.docx", help="写成文档 · a document", show_default=False)
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--out", metavar="OUT.xlsx|.docx", help="写成文件，可多次 · a file to write", show_default=False),
]


@campaigns.command("digest")
def digest(
    name: NameArgument,
    day: Annotated[
        datetime | None, typer.Argument(metavar="[DAY]", formats=[DAY], help="哪一天，默认今日 · which day; today")
    ] = None,
    *,
    out: Out = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """日报：当日交办和办理，今明两日到期，谁来办 · A day in short: what came and was done, what is due, who acts."""
    screen = Screen(as_json=as_json)
    must_have_folder(out, "--out")
    with opened(data, screen) as desk:
        now, world, campaign = desk.moments.now(), desk.world(), campaign_of(desk.database, name)
        found = digest_of(desk.database, campaign, day.date() if day else legal_day(now), now)
    report = as_report(found, campaign, world, now)
    if out is not None:
        out.write_bytes(as_docx(report, world.organisation.name if world.organisation else "", now))
    if as_json:
        screen.data({**digest_view(found), "file": str(out.absolute()) if out else None})
        return
    tell(screen, report)
    if out is not None:
        screen.say(f"✓ 已写出 written: {out}", "green")


def tell(screen: Screen, report: Report) -> None:
    """Show a report's parts."""
    screen.say(report.heading, "bold")
    for part in report.parts:
        screen.say(part.title, "bold")
        for sentence in part.sentences:
            screen.say(sentence)
        if part.rows:
            screen.table(part.heads, part.rows)


@campaigns.command("report")
def report(
    name: NameArgument,
    *,
    out: Out = None,
    figures: Annotated[
        Path | None,
        typer.Option("--figures", metavar="F.xlsx", help="每个数字及其案件 · figures and cases", show_default=False),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """总结报告：数字均由台账计出，附每个数字背后的案件 · The closing report, each figure with its cases."""
    screen = Screen(as_json=as_json)
    for path, field in ((out, "--out"), (figures, "--figures")):
        must_have_folder(path, field)
    with opened(data, screen) as desk:
        now, world = desk.moments.now(), desk.world()
        found = closing_of(desk.database, campaign_of(desk.database, name), world, now)
    if out is not None:
        out.write_bytes(as_docx(found, world.organisation.name if world.organisation else "", now))
    if figures is not None:
        figures.write_bytes(figures_xlsx(found))
    if as_json:
        told = [
            {"number": each.number, "name": each.name, "value": each.value, "how": each.how, "cases": list(each.cases)}
            for each in found.figures
        ]
        screen.data({"heading": found.heading, "figures": told, "file": str(out.absolute()) if out else None})
        return
    tell(screen, found)
    for path in (out, figures):
        if path is not None:
            screen.say(f"✓ 已写出 written: {path}", "green")


@campaigns.command("publish")
def publish(
    name: NameArgument,
    day: DayArgument,
    *,
    out: Files = None,
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """公开一批的办理情况，成为新的一版 · Publish a batch's public table as its next version."""
    screen = Screen(as_json=as_json)
    _check(out)
    with opened(data, screen, acts=True) as desk:
        campaign = campaign_of(desk.database, name)
        done = editions.done_before(desk.database, campaign, key)
        table = done or editions.draft(desk.database, campaign, day.date())
        told = {} if done else editions.told_of(desk.database, campaign, table)
        if not done:
            _perform(desk, name, PublishResults.name, told, actor, key)
    _write(table, out)
    if as_json:
        screen.data(
            {"batch": str(table.batch), "version": table.version, "sha256": table.sha256, "rows": len(table.rows)}
        )
        return
    screen.say(f"✓ 已公开 published: {table.title}，{len(table.rows)} 件 rows", "green")
    if told.get("text"):
        screen.say(str(told["text"]))


@campaigns.command("table")
def table(
    name: NameArgument,
    day: DayArgument,
    *,
    version: Annotated[
        int, typer.Option("--version", metavar="N", help="第几版；不填为下一版草稿 · which; the draft of the next")
    ] = 0,
    out: Files = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """一批的公开表：某一版按台账重新生成，或下一版草稿 · A version made again from the ledger, or the next draft."""
    screen = Screen(as_json=as_json)
    _check(out)
    with opened(data, screen) as desk:
        if version:
            made, told = editions.as_published(desk.database, name, day.date(), version)
            same: bool | None = made.sha256 == told.sha256
        else:
            made, same = editions.draft(desk.database, campaign_of(desk.database, name), day.date()), None
    _write(made, out)
    if as_json:
        rows = [{"case": row.case, "seq": row.seq, "batch": row.batch.isoformat()} for row in made.rows]
        screen.data({"version": made.version, "sha256": made.sha256, "as_published": same, "rows": rows})
        return
    screen.say(made.title, "bold")
    screen.table(
        ("编号 case", "批次 batch", "是否属实 verdict", "是否办结 state"),
        [
            (row.case, str(row.batch), text["verdict"].replace("\n", " "), text["state"])
            for row, text in zip(made.rows, made.texts, strict=True)
        ],
    )
    if same is not None:
        screen.say("✓ 与公开时内容一致 as it was published" if same else "✗ 与公开时内容不一致 not as it was published")


@campaigns.command("look-back")
def look_back(
    name: NameArgument,
    *,
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """启动新一轮回头看：已办结、已销号的逐件核查 · Begin a round of looking back over what is closed."""
    screen = Screen(as_json=as_json)
    with opened(data, screen, acts=True) as desk:
        campaign = campaign_of(desk.database, name)
        found: list[JsonValue] = list(next_round(desk.database, campaign))
        receipt = _perform(desk, name, BeginLookBack.name, {"to_check": found}, actor, key)
        campaign = campaign_of(desk.database, name)
    if as_json:
        screen.data({**receipt_view(receipt, campaign), "to_check": found})
    else:
        screen.say(f"✓ 已启动第 {len(campaign.look_backs)} 轮 begun: {len(found)} 件 petitions", "green")


@campaigns.command("checked")
def checked(
    name: NameArgument,
    case: Annotated[str, typer.Argument(metavar="CASE", help="信访件编号 · the petition")],
    *,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="核查情况 · what was found")],
    back: Annotated[bool, typer.Option("--back", help="问题反弹，重新办理 · it came back and is opened again")] = False,
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记一件的回头看结果 · Record what a look-back found of a petition."""
    screen = Screen(as_json=as_json)
    told = {"petition": case, "outcome": "back" if back else "held", "text": text}
    with opened(data, screen, acts=True) as desk:
        receipt = _perform(desk, name, RecordLookBack.name, told, actor, key)
        campaign = campaign_of(desk.database, name)
    left = len(campaign.look_backs[-1].left)
    if as_json:
        screen.data({**receipt_view(receipt, campaign), "left": left})
    else:
        screen.say(f"✓ 已登记 recorded；待核查 left: {left}", "green")


def _perform(
    desk: Desk, name: str, command: str, told: Mapping[str, JsonValue], actor: str, key: str | None
) -> Receipt:
    who = person_id(desk.world(), actor)
    (receipt,) = desk.door.perform([to_stream(Kind.CAMPAIGN, name, command, told, actor=who, key=key)])
    return receipt


def _check(out: list[Path] | None) -> None:
    for path in out or ():
        must_have_folder(path, "--out")
        if path.suffix.lower() not in {".xlsx", ".docx"}:
            raise UsageProblem(
                "文件名应以 .xlsx 或 .docx 结尾。", "The file should end in .xlsx or .docx.", field="--out"
            )


def _write(table: editions.Table, out: list[Path] | None) -> None:
    for path in out or ():
        write = editions.as_docx if path.suffix.lower() == ".docx" else editions.as_xlsx
        path.write_bytes(write(table))
