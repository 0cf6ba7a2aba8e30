"""``banjie flow``: the flow chart of a kind of case (信访件办理流程图), derived from the lifecycle's rows."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.drawings.flow_counts import flow_counts
from adapters.standing import by_status, standing
from adapters.words import both, term_of
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.commands import COMMANDS
from models.dispatch import TOLD
from models.flow import mermaid
from models.instants import shown
from models.lifecycle import LIFECYCLES, Row
from models.vocabulary import Kind, Role, RungKind


class Form(StrEnum):
    """How the chart is written."""

    MERMAID = "mermaid"
    SVG = "svg"
    TABLE = "table"


KindArgument = Annotated[str, typer.Argument(metavar="[KIND]", help="petition | rectification | organisation")]
FormOption = Annotated[Form, typer.Option("--format", help="mermaid 图、svg 图（含现有件数）或表格 · chart or table")]


def flow(
    kind: KindArgument = "petition",
    *,
    form: FormOption = Form.TABLE,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """办理流程图 · The flow chart of a kind of case."""
    screen = Screen(as_json=as_json)
    found = term_of(Kind, kind)
    if found is None:
        known = "、".join(f"{each.value} {each.zh}" for each in Kind)
        raise UsageProblem(f"没有“{kind}”，可用：{known}", f'There is no "{kind}"; there are: {known}', field="KIND")
    rows = LIFECYCLES[found]
    if as_json:
        screen.data({"kind": found.value, "mermaid": mermaid(found), "rows": [_view(row) for row in rows]})
    elif form is Form.MERMAID:
        screen.say(mermaid(found))
    elif form is Form.SVG:
        screen.say(_counted(screen, found, data))
    else:
        screen.table(
            ("操作 command", "名称 name", "何时 at", "何人 by", "之后 then", "条件 needs"),
            [
                (
                    row.command,
                    _name(row),
                    "、".join(status.zh for status in row.at) or "—",
                    "、".join(role.zh for role in row.by),
                    both(row.to) if row.to else "",
                    _needs(row),
                )
                for row in rows
            ],
            title=both(found),
        )


def _counted(screen: Screen, kind: Kind, data: Path | None) -> str:
    """Return the chart as SVG with how many open cases stand at each step now."""
    if kind not in TOLD:
        known = "、".join(each.value for each in TOLD)
        raise UsageProblem(f"只有 {known} 有此图。", f"There is such a chart of {known} only.", field="KIND")
    with opened(data, screen) as desk:
        now = desk.moments.now()
        counts = by_status(standing(desk.database, now), kind)
    return flow_counts(kind, counts, f"{kind.zh}办理流程图", beneath=f"截至 {shown(now)}，在办件数，▲ 超期")


def _name(row: Row) -> str:
    command = COMMANDS[row.command]
    rung = term_of(RungKind, row.when or "")
    which = f"（{rung.zh if rung else row.when}）" if row.when else ""
    return f"{command.zh} {command.en}{which}"


def _needs(row: Row) -> str:
    four_eyes = "他人办理 four eyes" if {"not_a_hand", "not_a_signer"} & set(row.guards) else ""
    own = "本单位 own unit" if row.own_unit and {Role.HANDLER, Role.INSPECTOR} & set(row.by) else ""
    flags = [f"须 {flag.zh}" for flag in row.needs] + [f"无 {flag.zh}" for flag in row.bars]
    return "、".join(filter(None, (*flags, four_eyes, own)))


def _view(row: Row) -> dict[str, object]:
    return {
        "command": row.command,
        "when": row.when,
        "at": [status.value for status in row.at],
        "by": [role.value for role in row.by],
        "event": row.event,
        "to": row.to.value if row.to else None,
        "needs": [flag.value for flag in row.needs],
        "bars": [flag.value for flag in row.bars],
        "guards": list(row.guards),
        "checks": list(row.checks),
    }
