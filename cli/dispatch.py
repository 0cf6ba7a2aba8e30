"""``banjie dispatch``: the leaders' meetings: list them, make a pack, show it or write it, record what was decided."""

import uuid
from pathlib import Path
from typing import Annotated

import typer

from adapters import queries
from adapters.desk import Desk
from adapters.dispatch import SHOWN, cases_in, convene, meetings, pack_before
from adapters.dispatch_views import meeting_view, pack_view
from adapters.naming import by_id, person_id
from cli.exits import UsageProblem
from cli.filling import checked
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, opened, via
from cli.reading import must_have_folder
from cli.screen import Screen
from models.case import Case
from models.dispatch_commands import HoldMeeting, RecordDecision
from models.envelope import Envelope, Receipt
from models.instants import shown
from models.meeting_values import Measured, Pack, Series
from models.refusals import Unknown
from models.vocabulary import Kind

group = typer.Typer(help="周调度、月会商：生成材料、查看、登记议定事项 · Dispatch meetings", no_args_is_help=True)

SeriesArgument = Annotated[Series, typer.Argument(metavar="SERIES", help="weekly 周调度 或 monthly 月会商")]
MeetingArgument = Annotated[str, typer.Argument(metavar="MEETING", help="会议编号，如 DW20261130 · number")]
About = Annotated[str, typer.Option("--about", metavar="CASE", help="案件编号 · number of the case")]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="议定内容 · what was decided")]
ByWhen = Annotated[str, typer.Option("--by", metavar="DAY", help="办理期限，如 2026-12-10 · answered by")]
Minutes = Annotated[str, typer.Option("--text", metavar="TEXT", help="会议纪要 · minutes")]
Ahead = Annotated[bool, typer.Option("--next", help="提前生成下次会议的材料 · the next meeting's, ahead of time")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="OUT", help="写成 .docx、.xlsx 或 .zip · write it as", show_default=False),
]


def _meeting(desk: Desk, number: str) -> Case:
    found = queries.case(desk.database, number)
    if found.kind is not Kind.DISPATCH:
        raise Unknown(case=number)
    return found


@group.command("list")
def list_meetings(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出会议及其数字 · List the meetings with their figures."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = meetings(desk.database, limit=SHOWN)
    if as_json:
        screen.data({"meetings": [meeting_view(each) for each in found]})
        return
    if not found:
        screen.say("还没有会议。 There are no meetings yet.")
        return
    told = (Measured.RECEIVED, Measured.CLOSED, Measured.OPEN, Measured.OVERDUE, Measured.MATTERS)
    columns = ("编号 meeting", "名称 title", "状态 status", *(f"{each.zh} {each.en}" for each in told), "议定 decided")
    rows = [
        (each.id, each.title, each.status.zh, *(_figure(each, name) for name in told), str(len(each.decisions)))
        for each in found
    ]
    screen.table(columns, rows)


def _figure(meeting: Case, name: Measured) -> str:
    return next((str(each.value) for each in meeting.counts if each.name is name), "—")


@group.command("make")
def make_pack(
    series: SeriesArgument,
    *,
    ahead: Ahead = False,
    actor: AsOption = "dispatcher",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """生成到期会议的材料，只生成一次 · Make the pack of the meeting that is due; it is made once."""
    screen = Screen(as_json=as_json)
    with opened(data, screen, acts=True) as desk:
        who = person_id(desk.world(), actor)
        found = convene(desk.door, series, actor=who, ahead=ahead, via=via())
    if as_json:
        screen.data({"meeting": found.number, "made": found.made})
    elif found.number is None:
        screen.say(
            "没有到期的会议；用 --next 可提前生成下次的材料。 No meeting is due; --next makes the next one's ahead."
        )
    elif found.made:
        screen.say(f"✓ 已生成 made: {found.number}", "green")
    else:
        screen.say(f"此前已生成 made before: {found.number}")


@group.command("show")
def show_pack(
    meeting: MeetingArgument, *, out: Out = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """一次会议的材料；可写成文件 · A meeting's pack; or write it as a file."""
    from adapters.dispatch_papers import PAPERS
    from adapters.dispatch_words import Laying

    screen = Screen(as_json=as_json)
    must_have_folder(out, "--out")
    ending = out.suffix.removeprefix(".").lower() if out else ""
    if out and ending not in PAPERS:
        raise UsageProblem(
            "文件名应以 .docx、.xlsx 或 .zip 结尾。", "The file should end in .docx, .xlsx or .zip.", field="--out"
        )
    with opened(data, screen) as desk:
        world, found = desk.world(), _meeting(desk, meeting)
        pack = pack_before(desk.database, found)
        cases = cases_in(desk.database, pack) if pack else {}
        every = {each.id: each for each in meetings(desk.database)}
    if as_json:
        screen.data({**meeting_view(found), "pack": pack_view(pack) if pack else None})
    if out is None and as_json:
        return
    if pack is None:
        screen.say("材料尚未生成。 There is no pack yet.")
        return
    made = Laying(world, cases, every).papers(found, pack)
    if out:
        out.write_bytes(PAPERS[ending](made, world.organisation.name if world.organisation else ""))
    if as_json:
        return
    if out:
        screen.say(f"✓ 已写出 written: {out}", "green")
        return
    screen.say(f"{found.title} {found.id} {found.status.zh}", "bold")
    screen.say(made.told)
    screen.say(made.summary)
    for part in made.parts:
        screen.say(part.title, "bold")
        if part.rows:
            screen.table(part.heads, part.rows)
        else:
            screen.say("无 none", "dim")
    _decisions(screen, found, pack)


def _decisions(screen: Screen, meeting: Case, pack: Pack) -> None:
    if not meeting.decisions:
        return
    screen.say("本次议定事项 decided here", "bold")
    rows = [
        (str(number), each.case, each.text, str(each.by_when or "—"), each.by, shown(each.at))
        for number, each in enumerate(meeting.decisions, 1)
    ]
    screen.table(("", "案件 case", "内容 what", "期限 by", "主持 by whom", f"时间 at（{shown(pack.until)}）"), rows)


@group.command("decide")
def decide(
    meeting: MeetingArgument,
    *,
    about: About,
    text: Text,
    by_when: ByWhen = "",
    actor: AsOption = "deputy",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记议定事项：成为对案件的批示 · Record a decision: it becomes an instruction on its case."""
    told = {"about": about, "text": text, **({"by_when": by_when} if by_when else {})}
    receipt = _act(meeting, RecordDecision, told, actor, key, data, as_json=as_json)
    _answer(Screen(as_json=as_json), receipt, f"已登记，并批示 recorded, and instructed: {about}", as_json=as_json)


@group.command("held")
def held(
    meeting: MeetingArgument,
    *,
    text: Minutes = "",
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记会议已召开 · Record that the meeting was held."""
    receipt = _act(meeting, HoldMeeting, {"text": text} if text else {}, actor, key, data, as_json=as_json)
    _answer(Screen(as_json=as_json), receipt, "已登记召开 recorded", as_json=as_json)


def _act(
    meeting: str,
    command: type[RecordDecision | HoldMeeting],
    told: dict[str, str],
    actor: str,
    key: str | None,
    data: Path | None,
    *,
    as_json: bool,
) -> Receipt:
    given = checked(command, {**told})
    with opened(data, Screen(as_json=as_json), acts=True) as desk:
        world = desk.world()
        envelope = Envelope(
            id=key or str(uuid.uuid4()),
            case=meeting,
            actor=person_id(world, actor),
            command=command.name,
            data=by_id(world, given),
            via=via(),
        )
        return desk.door.perform([envelope])[0]


def _answer(screen: Screen, receipt: Receipt, said: str, *, as_json: bool) -> None:
    if as_json:
        screen.data({"meeting": receipt.case, "seq": receipt.seq, "repeated": receipt.repeated})
    else:
        screen.say(f"✓ {said}", "green")
