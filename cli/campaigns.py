"""``banjie campaign``: open a campaign, order that every day works (5+2、白+黑), lift the order, see how it stands."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import JsonValue

from adapters import queries
from adapters.campaigns import campaign_of, campaign_view, standing
from adapters.desk import Desk
from adapters.naming import people_word
from adapters.recounting import under_order
from adapters.views import receipt_view
from cli.filling import checked
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, opened
from cli.screen import Screen
from cli.sweeps import carry_out, foretell, to_stream
from models.case import Case
from models.commands import COMMANDS
from models.counting import SHANGHAI, legal_day
from models.decide import decide
from models.envelope import Receipt
from models.refusals import UnknownPerson
from models.standing_commands import OrderAllDays
from models.vocabulary import Flag, Kind
from models.world import actor_of

campaigns = typer.Typer(help="专项行动 · campaigns", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="行动代号，如 dc2026 · short name")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="只试算，不写入 · only tell what it would mean")]
DAY: Final = "%Y-%m-%d"
DayOption = Annotated[
    datetime | None, typer.Option("--to", formats=[DAY], metavar="DAY", help="最后一日（含）· last day, included")
]


FirstOption = Annotated[
    datetime | None, typer.Option("--from", formats=[DAY], metavar="DAY", help="首日（含）· first day, included")
]


@campaigns.command("open")
def open_campaign(
    name: NameArgument,
    *,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="名称 · title")],
    level: Annotated[
        str, typer.Option("--level", metavar="L", help="层级：central、provincial、city、county · whose it is")
    ] = "",
    round_: Annotated[str, typer.Option("--round", metavar="TEXT", help="轮次，如 第三轮 · round")] = "",
    first: FirstOption = None,
    last: DayOption = None,
    number_form: Annotated[
        str,
        typer.Option(
            "--number-form", metavar="FORM", help="受理编号格式，如 {channel}3HN{date}{seq} · form of numbers"
        ),
    ] = "",
    profile: Annotated[str, typer.Option("--profile", metavar="P", help="公开表格式 · columns of the table")] = "",
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """启动专项行动 · Open a campaign; petitions taken in with --campaign NAME belong to it."""
    screen = Screen(as_json=as_json)
    told = {"title": title, "level": level, "round": round_, "number_form": number_form, "profile": profile}
    days = {"first_day": first, "last_day": last}
    fields: dict[str, JsonValue] = {field: value for field, value in told.items() if value}
    fields |= {field: f"{day:{DAY}}" for field, day in days.items() if day}
    with opened(data, screen, acts=True) as desk:
        receipt = _perform(desk, name, "open_campaign", fields, actor, key)
        _answered(screen, desk, receipt, "✓ 已启动 opened")


@campaigns.command("order")
def order(
    name: NameArgument,
    *,
    number: Annotated[str, typer.Option("--number", metavar="NO", help="文号 · number of the order")],
    signatory: Annotated[str, typer.Option("--signatory", metavar="USER", help="签发人 · who signed it")],
    first: Annotated[
        datetime, typer.Option("--from", formats=[DAY], metavar="DAY", help="首日（含）· first day, included")
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=[DAY], metavar="DAY", help="末日（含）· last day, included")
    ],
    scan: Annotated[
        Path | None,
        typer.Option(
            "--scan",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="命令原件扫描件，只记摘要；签发人本人登记可免 · scan of the order; its hash is kept",
        ),
    ] = None,
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    dry_run: DryOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """下达“5+2、白+黑”令：在办案件改按逐日计 · Order that every day works; its open cases are counted anew."""
    screen = Screen(as_json=as_json)
    fields: dict[str, JsonValue] = {
        "number": number,
        "signatory": signatory,
        "first": f"{first:{DAY}}",
        "last": f"{last:{DAY}}",
    }
    if scan:
        with scan.open("rb") as file:
            fields["scan"] = {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "name": scan.name}
    with opened(data, screen, acts=not dry_run) as desk:
        back = (legal_day(desk.moments.now()) - first.date()).days
        if back > 0:
            screen.warn(
                f"命令追溯 {back} 日：其间的周末也改按工作日计，有的案件可能立即到期；先用 --dry-run 看影响",
                f"the order reaches {back} days back: the weekends since then count as worked, and cases may be due "
                "at once; see the effect with --dry-run first",
            )
        if dry_run:
            command = OrderAllDays.model_validate(checked(COMMANDS["order_all_days"], {"order": fields}))
            campaign, world = _campaign(desk, name), desk.world()
            person = world.organisation.person(actor) if world.organisation else None
            if person is None:
                raise UnknownPerson(person=actor)
            # What would be refused is refused now.
            decide(world, campaign, actor_of(person), command, desk.moments.now())
            foretell(screen, desk, *under_order(world, campaign, command.order), as_json=as_json)
            return
        receipt = _perform(desk, name, "order_all_days", {"order": fields}, actor, key)
        _answered(screen, desk, receipt, "✓ 已下达 ordered")


@campaigns.command("lift")
def lift(
    name: NameArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由 · reason")],
    last: DayOption = None,
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """提前解除命令：此后恢复常规工作日 · Lift the order early; from then on working days count as usual."""
    screen = Screen(as_json=as_json)
    with opened(data, screen, acts=True) as desk:
        day = last.date() if last else desk.moments.now().astimezone(SHANGHAI).date()
        receipt = _perform(desk, name, "lift_order", {"last": day.isoformat(), "reason": reason}, actor, key)
        _answered(screen, desk, receipt, "✓ 已解除 lifted")


@campaigns.command("show")
def show_campaign(name: NameArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """显示专项行动及其命令 · Show a campaign and its orders."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        campaign, now = _campaign(desk, name), desk.moments.now()
        days = standing(desk.database, campaign, now)
        cases, world = list(queries.listed(desk.database, queries.Filter(campaign=name))), desk.world()
    working = sum(Flag.ALL_DAYS in case.flags for case in cases)
    if as_json:
        screen.data(
            {
                **campaign_view(campaign, days, now),
                "cases": len(cases),
                "cases_on_all_days": working,
            }
        )
        return
    screen.say(f"{campaign.title} {name}", "bold")
    screen.pairs(
        [
            ("案件 cases", str(len(cases))),
            ("按“5+2、白+黑”计 every day works", str(working)),
        ]
    )
    for each in campaign.groups:
        people = [people_word(world.organisation, one) for one in (each.head, *each.members) if one]
        screen.say(f"{each.name} {each.duty}：{'、'.join(people)}")
    if campaign.orders:
        screen.table(
            ("文号 number", "签发 signed by", "首日 from", "末日 to"),
            [(each.number, each.signatory, each.first.isoformat(), each.last.isoformat()) for each in campaign.orders],
        )


def _perform(desk: Desk, name: str, command: str, fields: dict[str, JsonValue], actor: str, key: str | None) -> Receipt:
    told = checked(COMMANDS[command], fields)
    envelope = to_stream(Kind.CAMPAIGN, name, command, told, actor=actor, key=key)
    (receipt,) = desk.door.perform([envelope])
    return receipt


def _answered(screen: Screen, desk: Desk, receipt: Receipt, done: str) -> None:
    written = carry_out(screen, desk, receipt)
    if screen.as_json:
        case = queries.case(desk.database, receipt.case)
        screen.data({**receipt_view(receipt, case), "cases_recounted": written})
        return
    screen.say(f"{done}{'（此前已办 done before）' if receipt.repeated else ''}", "green")
    screen.pairs([("专项行动 campaign", receipt.case), ("重算案件 cases counted anew", str(written))])


def _campaign(desk: Desk, name: str) -> Case:
    return campaign_of(desk.database, name)
