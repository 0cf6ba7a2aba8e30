"""``banjie flow``: the flow chart of a kind of case (信访件办理流程图), derived from the lifecycle's rows."""

from enum import StrEnum
from typing import Annotated

import typer

from adapters.words import both, term_of
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption
from cli.screen import Screen
from models.commands import COMMANDS
from models.flow import mermaid
from models.lifecycle import LIFECYCLES, Row
from models.vocabulary import Kind, Role, RungKind


class Form(StrEnum):
    """How the chart is written."""

    MERMAID = "mermaid"
    TABLE = "table"


KindArgument = Annotated[str, typer.Argument(metavar="[KIND]", help="petition | rectification | organisation")]
FormOption = Annotated[Form, typer.Option("--format", help="mermaid 图或表格 · chart or table")]


def flow(
    kind: KindArgument = "petition",
    *,
    form: FormOption = Form.TABLE,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """办理流程图 · The flow chart of a kind of case."""
    del data  # the lifecycle is the same in every folder
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
