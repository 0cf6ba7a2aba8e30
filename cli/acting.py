"""``banjie act`` and ``banjie actions``: do something with a case, and see what may be done now and by whom."""

import uuid
from typing import Annotated, Any, Final

import typer
from rich.text import Text
from typer.core import TyperCommand

from adapters import queries
from adapters.forms import form
from adapters.intake import perform_sealed
from adapters.naming import by_id, person_id
from adapters.views import receipt_view
from adapters.words import both
from cli.answering import is_body
from cli.exits import UsageProblem
from cli.filling import body_of, checked, filled
from cli.opening import DataOption, JsonOption, KeyOption, hint, opened, via
from cli.reading import read_text
from cli.screen import Screen
from cli.showing_case import CaseArgument, clocks_table
from models.actions import actions
from models.campaign_commands import COMPOSED
from models.campaign_refusals import MadeFromLedger
from models.commands import COMMANDS, Command
from models.envelope import Envelope, Receipt
from models.instants import shown
from models.lifecycle import MAKES
from models.refusals import UnknownCommand, UnknownPerson
from models.vocabulary import Kind
from models.world import actor_of

SET_HELP: Final = "字段=值，可多次，如 findings.0.verdict=属实、findings.0.evidence.0=@照片.jpg · field=value"
BODY_HELP: Final = "全部字段：JSON、@文件（JSON 或 TOML）或 -；--json BODY 亦可 · all fields, also as --json BODY"
SEAL_HELP: Final = "信访人原话，密封保存 · the petitioner's own words, sealed"
SEALS: Final = frozenset({"register", "supplement", "petitioner_answered"})
"""Commands that may bring the petitioner's own words."""

WHO_HELP: Final = "以何人名义 · in whose name"
As = Annotated[str, typer.Option("--as", metavar="USER", help=WHO_HELP)]
CommandArgument = Annotated[str, typer.Argument(metavar="COMMAND", help="操作，见 banjie actions · what to do")]
SetOption = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help=SET_HELP)]
BodyOption = Annotated[str | None, typer.Option("--body", metavar="JSON|@FILE|-", help=BODY_HELP, show_default=False)]
SealOption = Annotated[str | None, typer.Option("--seal", metavar="FILE|-", help=SEAL_HELP, show_default=False)]


class Acting(TyperCommand):
    """``act``, where ``--json`` before a body hands it in and alone asks for JSON out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401, D102 - typer's own types are hidden
        told: list[str] = []
        for place, each in enumerate(args):
            following = args[place + 1] if place + 1 < len(args) else ""
            if each == "--json" and is_body(following):
                told.append("--body")
            elif each.startswith("--json="):
                told.append("--body=" + each.removeprefix("--json="))
            else:
                told.append(each)
        return super().parse_args(ctx, told)


def act(
    case: CaseArgument,
    command: CommandArgument,
    *,
    actor: As,
    given: SetOption = None,
    body: BodyOption = None,
    seal: SealOption = None,
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """办理：受理、交办、核查、审核…… · Do something with a case."""
    screen = Screen(as_json=as_json)
    kind = _command(command)
    if seal is not None and kind.name not in SEALS:
        raise UsageProblem(
            f"“{kind.zh}”没有密封内容。", f'"{kind.en}" has nothing to seal.', field="--seal", command=kind
        )
    if kind.name in COMPOSED:
        raise MadeFromLedger
    fields = checked(kind, filled(kind, given or (), body_of(body) if body is not None else None))
    envelope = Envelope.model_validate(
        {
            "id": str(uuid.uuid4()) if key is None else key,
            "case": case,
            "actor": actor,
            "command": kind.name,
            "data": fields,
            "via": via(),
        }
    )
    secret = {"text": read_text(seal, "--seal").text} if seal is not None else None
    with opened(data, screen, acts=True) as desk:
        world = desk.world()
        named = {"actor": person_id(world, envelope.actor), "data": by_id(world, fields)}
        with screen.patience():
            receipt = perform_sealed(desk, envelope.model_copy(update=named), secret)
        found = queries.case(desk.database, receipt.case)
        if as_json:
            screen.data(receipt_view(receipt, found))
            return
        again = "（此前已办 done before）" if receipt.repeated else ""
        screen.say(f"✓ {kind.zh} {kind.name}{again}", "green")
        screen.pairs(_outcome(found.kind, receipt, both(found.status), "、".join(flag.zh for flag in found.flags)))
        if found.clocks:
            clocks_table(screen, desk.world(), found, desk.moments.now())
        screen.say(f"可办事项 next: banjie actions {found.id} --as USER{hint(data)}", "dim")


def _outcome(kind: Kind, receipt: Receipt, status: str, flags: str) -> list[tuple[str, str | Text]]:
    return [
        (both(kind), receipt.case),
        ("状态 status", f"{status}{f'（{flags}）' if flags else ''}"),
        ("事件 event", f"{receipt.seq} {receipt.event or '—'}"),
        ("时间 at", shown(receipt.at)),
    ]


def _command(name: str) -> type[Command]:
    """Return the command of a name, or of its Chinese name."""
    kind = COMMANDS.get(name) or next((each for each in COMMANDS.values() if each.zh == name), None)
    if kind is None:
        raise UnknownCommand(command=name)
    return kind


def list_actions(case: CaseArgument, *, actor: As, data: DataOption = None, as_json: JsonOption = False) -> None:
    """此刻某人可办的事项和表单 · What a person may do with a case now, and the forms."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found, world = queries.case(desk.database, case), desk.world()
        actor = person_id(world, actor)
        person = world.organisation.person(actor) if world.organisation else None
        if person is None:
            raise UnknownPerson(person=actor)
        rows = actions(world, found, actor_of(person), desk.moments.now())
    # What makes a new case is offered for no case that is there.
    rows = tuple(row for row in rows if row.command not in COMPOSED and (row.command not in MAKES or row.at))
    if as_json:
        screen.data(
            {
                "case": case,
                "actor": actor,
                "status": found.status.value,
                "actions": [
                    {
                        "command": row.command,
                        "zh": COMMANDS[row.command].zh,
                        "en": COMMANDS[row.command].en,
                        "event": row.event,
                        "to": row.to.value if row.to else None,
                        "fields": [slot.view() for slot in form(COMMANDS[row.command])],
                    }
                    for row in rows
                ],
            }
        )
        return
    if not rows:
        screen.say(f"{person.name} {actor} 此刻对 {case}（{both(found.status)}）没有可办事项。 Nothing to do now.")
        return
    screen.table(
        ("操作 command", "名称 name", "之后 then", "字段 fields（* 必填）"),
        [
            (
                row.command,
                f"{COMMANDS[row.command].zh} {COMMANDS[row.command].en}",
                both(row.to) if row.to else "",
                "  ".join(f"{slot.path}{'*' if slot.required else ''}" for slot in form(COMMANDS[row.command])),
            )
            for row in rows
        ],
        title=f"{case} {both(found.status)} · {person.name} {actor}",
    )
    screen.say(f"banjie act {case} COMMAND --as {actor} --set FIELD=VALUE{hint(data)}", "dim")
