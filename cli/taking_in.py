"""``banjie intake``: a petition comes in; the petitioner gets a number and a code to ask after it with."""

import json
import uuid
from datetime import datetime
from typing import Annotated, Final

import typer
from pydantic import JsonValue

from adapters import queries
from adapters.intake import intake
from adapters.naming import person_id
from adapters.views import receipt_view
from cli.exits import UsageProblem
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, hint, opened, via
from cli.reading import read_text
from cli.screen import Screen
from cli.showing_case import clocks_table
from models.commands import Register
from models.counting import SHANGHAI
from models.policy import Policy

WHO: Final = ("petitioner", "contact")
QUESTIONS: Final = {"petitioner": "信访人姓名 petitioner", "contact": "联系方式 how to reach them"}
SUMMARY_HELP: Final = "脱敏摘要，不写姓名电话 · redacted summary, no names or telephones"
TEXT_HELP: Final = "信访人原话，密封保存，- 为标准输入 · their own words, sealed"
ASK_HELP: Final = "询问信访人姓名和联系方式，密封保存 · ask who complains, sealed"
WHO_HELP: Final = '{"petitioner": …, "contact": …}，密封保存 · sealed'

Channel = Annotated[str, typer.Option("--channel", metavar="CH", help="受理渠道，如 phone 或 来电 · channel")]
Place = Annotated[str, typer.Option("--place", metavar="TEXT", help="发生地点 · where it happens")]
Summary = Annotated[str, typer.Option("--summary", metavar="TEXT", help=SUMMARY_HELP)]
Words = Annotated[str | None, typer.Option("--text", metavar="FILE|-", help=TEXT_HELP, show_default=False)]
Types = Annotated[
    list[str] | None, typer.Option("--type", metavar="T", help="问题类型，可多次 · type, may be repeated")
]
Spot = Annotated[str, typer.Option("--spot", metavar="LAT,LON", help="坐标，如 26.97,112.37 · coordinates")]
Respondent = Annotated[str, typer.Option("--respondent", metavar="R", help="被反映单位 · whom it is about")]
Filings = Annotated[
    list[str] | None, typer.Option("--filing", metavar="NUMBER", help="来件编号，可多次 · number it bears there")
]
Campaign = Annotated[
    str | None, typer.Option("--campaign", metavar="C", help="督察批次 · campaign", show_default=False)
]
Batch = Annotated[
    str | None,
    typer.Option(
        "--batch", metavar="DAY", help="交办批次日；不填按受理编号 · day it was handed over", show_default=False
    ),
]
Star = Annotated[bool, typer.Option("--star", help="重点关注件 · under special attention")]
AskWho = Annotated[bool, typer.Option("--ask-who", help=ASK_HELP)]
Who = Annotated[str | None, typer.Option("--who", metavar="FILE|-", help=WHO_HELP, show_default=False)]
Received = Annotated[
    str | None,
    typer.Option(
        "--received", metavar="WHEN", help="收到时间，如 2026-11-20T09:30 · when it came in", show_default=False
    ),
]


def take_in(
    *,
    channel: Channel,
    place: Place,
    summary: Summary,
    text: Words = None,
    types: Types = None,
    respondent: Respondent = "",
    spot: Spot = "",
    filing: Filings = None,
    campaign: Campaign = None,
    batch: Batch = None,
    star: Star = False,
    ask_who: AskWho = False,
    who: Who = None,
    received: Received = None,
    actor: AsOption = "clerk",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记一件信访，打印回执 · Take a petition in and print its receipt."""
    screen = Screen(as_json=as_json)
    if [text, who].count("-") + ask_who > 1:
        raise UsageProblem(
            "--text -、--who - 与 --ask-who 都要读键盘，只能用一个。",
            "--text -, --who - and --ask-who all read the keyboard; use one of them.",
        )
    fields: dict[str, JsonValue] = {"channel": channel, "place": place, "summary": summary}
    if types:
        fields["types"] = list(types)
    if respondent:
        fields["respondent"] = respondent
    if spot:
        fields["spot"] = spot
    if filing:
        fields["filings"] = [{"channel": channel, "number": each} for each in filing]
    if campaign:
        fields["campaign"] = campaign
    if batch:
        fields["batch"] = batch
    if star:
        fields["star"] = True
    Register.model_validate(fields)  # before anything is asked or opened
    secret = {**_words(screen, text), **_who(who, ask=ask_who)}
    with opened(data, screen, acts=True) as desk:
        world = desk.world()
        policy = world.policies[world.policy_at(desk.moments.now())]
        name = _channel(policy, channel)
        fields["channel"] = name
        if filing:
            fields["filings"] = [{"channel": name, "number": each} for each in filing]
        made = intake(
            desk,
            fields,
            actor=person_id(desk.world(), actor),
            key=str(uuid.uuid4()) if key is None else key,
            secret=secret,
            via=via(),
            occurred_at=_instant(received),
        )
        case = queries.case(desk.database, made.case)
        if as_json:
            screen.data({**receipt_view(made.receipt, case), "query_code": made.query_code})
            return
        again = "（此前已登记 already registered）" if made.receipt.repeated else ""
        screen.say(f"✓ 已登记 registered{again}", "green")
        screen.pairs(
            [
                ("案件编号 case", made.case),
                ("查询码 query code", made.query_code),
                ("渠道 channel", f"{policy.channels[name].zh} {name}" if name in policy.channels else name),
                ("密封 sealed", "✓ 信访人信息与原文 who complained and in which words" if case.sealed else ""),
            ]
        )
        clocks_table(screen, desk.world(), case, desk.moments.now())
        screen.say(f"下一步 next: banjie act {made.case} accept --as {actor}{hint(data)}")
        screen.say(f"          banjie actions {made.case} --as {actor}{hint(data)}", "dim")


def _channel(policy: Policy, text: str) -> str:
    """Return the channel's name for its name or its Chinese label; what is neither is refused at the door."""
    wanted = text.strip()
    return next((name for name, each in policy.channels.items() if wanted in {name, each.zh}), wanted)


def _words(screen: Screen, name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    found = read_text(name, "--text")
    if found.converted_from:
        screen.warn(
            f"文件不是 UTF-8，已按 {found.converted_from} 转换。",
            f"The file is not UTF-8; it was read as {found.converted_from}.",
        )
    return {"text": found.text}


def _who(name: str | None, *, ask: bool) -> dict[str, str]:
    """Return who complains: asked for or read from a file, never from the command line, which shells remember."""
    if ask:
        return {each: typer.prompt(QUESTIONS[each], default="", show_default=False, err=True) for each in WHO}
    if name is None:
        return {}
    try:
        found = json.loads(read_text(name, "--who", secret=True).text)
    except (ValueError, RecursionError):
        found = None
    if (
        not isinstance(found, dict)
        or set(found) - set(WHO)
        or not all(isinstance(each, str) for each in found.values())
    ):
        raise UsageProblem(
            '--who 的文件应为 {"petitioner": "…", "contact": "…"}。',
            'The file of --who holds {"petitioner": "…", "contact": "…"}.',
            field="--who",
        )
    return found


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(
            f"--received 应写作 2026-11-20 或 2026-11-20T09:30：{text}",
            f"--received is written 2026-11-20 or 2026-11-20T09:30: {text}",
            field="--received",
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
