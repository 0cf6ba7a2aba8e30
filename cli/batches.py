"""``banjie campaign days``: a campaign day by day, every figure with the cases behind it; its coordination groups."""

from typing import Annotated, Final

import typer
from pydantic import JsonValue

from adapters.campaigns import batch_view, campaign_of, standing
from adapters.naming import by_id, person_id
from adapters.views import receipt_view
from adapters.words import field_words
from cli.campaigns import NameArgument, campaigns
from cli.exits import UsageProblem
from cli.filling import checked
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, opened
from cli.screen import Screen
from cli.sweeps import to_stream
from models.batches import VERDICTS, Batch, Of, whole
from models.campaign_commands import SetGroup
from models.vocabulary import Kind

SHOWN: Final = (
    *(Of.RECEIVED, Of.STAR, Of.MERGED, Of.PARTS, Of.VERIFIED, Of.INTERIM, Of.CLOSED, Of.SIGNED_OFF, Of.AT_ONCE),
    *(Of.OVERDUE, *VERDICTS),
)
OfOption = Annotated[
    str,
    typer.Option("--of", metavar="FIGURE", help="列出某项数字的案件 · the cases behind a figure", show_default=False),
]
BatchArgument = Annotated[
    str, typer.Argument(metavar="[DAY]", help="交办批次，如 2026-09-06 · the batch", show_default=False)
]


@campaigns.command("days")
def days(
    name: NameArgument,
    day: BatchArgument = "",
    *,
    of: OfOption = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """逐日情况：每批交办、核查、办结、立行立改、属实情况 · A campaign day by day."""
    screen = Screen(as_json=as_json)
    if of not in {"", *(each.value for each in Of)}:
        known = "、".join(each.value for each in Of)
        raise UsageProblem(f"没有这项数字。可选：{known}", f"There is no such figure: {known}", field="--of")
    with opened(data, screen) as desk:
        now = desk.moments.now()
        found = standing(desk.database, campaign_of(desk.database, name), now)
    found = [each for each in found if day in {"", str(each.day)}]
    total = whole(found, now)
    if as_json:
        screen.data({"batches": [batch_view(each) for each in found], "all": batch_view(total), **_behind(total, of)})
        return
    heads = ("交办批次 batch", *(each.zh for each in SHOWN))
    rows = [(str(each.day), *(str(each.count(what)) for what in SHOWN)) for each in found]
    screen.table(heads, [*rows, ("合计 in all", *(str(total.count(what)) for what in SHOWN))])
    screen.pairs([(" ".join(field_words(field)), f"{count:g}") for field, count in total.tally.items() if count])
    if of:
        screen.say(f"{Of.of(of).zh}：{'、'.join(each.id for each in total.of(Of.of(of)))}")


def _behind(total: Batch, of: str) -> dict[str, object]:
    return {"of": of, "cases": [each.id for each in total.of(Of.of(of))]} if of else {}


@campaigns.command("group")
def group(
    name: NameArgument,
    called: Annotated[str, typer.Argument(metavar="GROUP", help="小组名称 · name of the group")],
    *,
    head: Annotated[str, typer.Option("--head", metavar="P", help="组长 · who leads it")] = "",
    member: Annotated[list[str] | None, typer.Option("--member", metavar="P", help="成员，可多次 · a member")] = None,
    duty: Annotated[str, typer.Option("--duty", metavar="TEXT", help="职责 · what it sees to")] = "",
    actor: AsOption = "dispatcher",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """设立协调小组，或更改同名小组 · Set a coordination group up, or change the one of that name."""
    screen = Screen(as_json=as_json)
    told: dict[str, JsonValue] = {"group": called, "head": head, "members": list(member or ()), "duty": duty}
    with opened(data, screen, acts=True) as desk:
        world = desk.world()
        given = by_id(world, checked(SetGroup, {field: value for field, value in told.items() if value}))
        envelope = to_stream(Kind.CAMPAIGN, name, SetGroup.name, given, actor=person_id(world, actor), key=key)
        (receipt,) = desk.door.perform([envelope])
        campaign = campaign_of(desk.database, name)
    if as_json:
        screen.data(receipt_view(receipt, campaign))
    else:
        screen.say(f"✓ 已设立 set up: {called}", "green")
