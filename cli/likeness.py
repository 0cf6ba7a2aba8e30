"""``banjie alike``: the petitions that may be about the same as one, each with why."""

from typing import Annotated, Final

import typer

from adapters import queries
from adapters.similar.finding import find, of_case
from adapters.views import alike_view
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from cli.showing_case import CaseArgument
from models.likeness import Fact, Reason
from models.refusals import Unknown
from models.vocabulary import Kind

SUMMARY: Final = 40
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=60, metavar="N", help="最多几件 · at most")]


def alike(case: CaseArgument, *, limit: LimitOption = 10, data: DataOption = None, as_json: JsonOption = False) -> None:
    """相似信访件：可能是同一件事的，及其理由 · Petitions that may be about the same, and why."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        asked = queries.case(desk.database, case)
        if asked.kind is not Kind.PETITION:
            raise Unknown(case=case)
        found = find(desk.database, of_case(asked), limit=limit)
    if as_json:
        screen.data({"case": case, "alike": [alike_view(each) for each in found]})
        return
    if not found:
        screen.say("没有相似的信访件。 No petition is like it.")
        return
    columns = ("编号 case", "状态 status", "像 likeness", "理由 why", "内容 summary")
    rows = [
        (
            each.case.id,
            each.case.status.zh,
            f"{each.likeness:.2f}{' ●' if each.sure else ''}",
            "；".join(map(said, each.reasons)),
            each.case.summary[:SUMMARY],
        )
        for each in found
    ]
    screen.table(columns, rows)
    if any(each.sure for each in found):
        screen.say("● 很可能是同一件事 probably the same matter", "dim")


def said(reason: Reason) -> str:
    """Return a reason as a cell of a table has it."""
    if reason.fact is Fact.TIME:
        return f"{reason.fact.zh} {reason.words} 天"
    return reason.fact.zh if reason.words == "—" else f"{reason.fact.zh}“{reason.words}”"
