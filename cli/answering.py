"""How every command ends: with an exit code and a sentence, never with a traceback for a person's mistake."""

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import typer
from pydantic import ValidationError
from sqlalchemy import exc
from typer.core import TyperGroup

from adapters import SetupError
from adapters.calendar_files import CalendarFileError
from adapters.forms import form
from adapters.mistakes import first_wrong
from adapters.settings import SettingsError
from cli import exits
from cli.bugs import logged
from cli.exits import UsageProblem
from cli.screen import Screen, never_fail
from models.commands import COMMANDS, Command
from models.refusals import Malformed, Refused, UnknownCommand

BODY_STARTS: Final = ("{", "[", "@")
DATABASE_FAULTS: Final = (exc.SQLAlchemyError, sqlite3.Error)


def is_body(argument: str) -> bool:
    """Tell whether what stands behind ``--json`` is a body: ``{…}``, ``@FILE`` or ``-``."""
    return argument.lstrip().startswith(BODY_STARTS) or argument == "-"


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether the answer is to be JSON, before the arguments have been understood."""
    following = [*arguments[1:], ""][: len(arguments)]
    return any(
        each == "--json" and not (arguments[0] == "act" and is_body(after))
        for each, after in zip(arguments, following, strict=True)
    )


class Answering(TyperGroup):
    """The commands, with every way they can end."""

    def main(  # noqa: D102 - as in the class above
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        given = list(sys.argv[1:] if args is None else args)
        never_fail()

        del prog_name  # one name, however it was started

        def work() -> object:
            # Standing alone it would end the process itself, in its own words.
            return super(Answering, self).main(
                given,
                "banjie",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )

        code = answered(work, Screen(as_json=wants_json(given)))
        if standalone_mode:
            sys.exit(code)
        return code


def answered(work: Callable[[], object], screen: Screen) -> int:
    """Do a command's work and return its exit code; whatever it raises is told in a sentence."""
    try:
        code = work()
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = exits.INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read the answer has seen enough of it (rich and typer make an exit of that).
        _let_go_of_the_pipe()
        return exits.DONE
    except Exception as fault:  # noqa: BLE001 - whatever it was, a person reads a sentence
        return _tell(screen, _answer(fault))
    if code == exits.INTERRUPTED:  # typer makes the same of Ctrl-C inside a command
        screen.aside("\n已中断。 Interrupted.")
    return code if isinstance(code, int) else exits.DONE


@dataclass(frozen=True)
class Answer:
    """How a command ends that was not done: its exit code, what a program reads, what a person reads.

    ``command`` is the one whose form helps, ``usage`` the line that says how the command is typed.
    """

    code: int
    told: dict[str, object]
    zh: str
    en: str
    command: type[Command] | None = None
    usage: str = ""


def _answer(fault: Exception) -> Answer:
    from adapters.spreadsheets import SheetError  # what reads tables is loaded by whoever reads one, and here

    match fault:
        case UsageProblem():
            answer = _malformed(fault.zh, fault.en, fault.field, fault.command)
        case UnknownCommand():
            known = ", ".join(COMMANDS)
            answer = _malformed(f"{fault.zh}可用：{known}", f"{fault.en} There are: {known}", "command")
        case Malformed():
            answer = _malformed(fault.zh, fault.en, fault.details["field"])
        case ValidationError():
            field, zh, en = first_wrong(fault)
            answer = _malformed(f"“{field}”填写有误：{zh}。", f'"{field}" is not right: {en}.', field)
        case Refused() | SheetError() | CalendarFileError():
            answer = Answer(exits.REFUSED, {"refused": fault.code}, fault.zh, fault.en)
        case typer.TyperException():
            answer = _not_understood(fault)
        case SettingsError():
            answer = Answer(exits.USAGE, {"error": "settings"}, fault.zh, fault.en)
        case SetupError():
            answer = Answer(exits.AWAY, {"error": _code(fault)}, fault.zh, fault.en)
        case OSError() if fault.filename is not None:
            name, why = fault.filename, fault.strerror
            answer = Answer(
                exits.AWAY, {"error": "file"}, f"无法使用 {name}：{why}。", f"{name} cannot be used: {why}."
            )
        case _:
            answer = _confession(fault)
    return answer


def _malformed(zh: str, en: str, field: str | None, command: type[Command] | None = None) -> Answer:
    told: dict[str, object] = {"refused": "malformed", "field": field}
    if command:
        told |= {"command": command.name, "form": [slot.view() for slot in form(command)]}
    return Answer(exits.USAGE, told, zh, en, command)


def _not_understood(fault: typer.TyperException) -> Answer:
    message = fault.format_message()
    context = getattr(fault, "ctx", None)
    usage = f"{context.get_usage()}\n--help 查看说明 for help" if context is not None else ""
    if type(fault).__name__ == "NoArgsIsHelpError":
        return Answer(exits.USAGE, {"error": "usage"}, "请给出命令。", "A command is needed.", usage=message)
    zh, en = f"命令用法有误：{message}", f"The command was not understood: {message}"
    return Answer(exits.USAGE, {"error": "usage"}, zh, en, usage=usage)


def _code(fault: SetupError) -> str:
    """Return a set-up error's name for programs: ``DatabaseAwayError`` is ``database_away``."""
    name = "".join(f"_{mark.lower()}" if mark.isupper() else mark for mark in type(fault).__name__)
    return name.strip("_").removesuffix("_error")


def _confession(fault: Exception) -> Answer:
    log, name = logged(fault), type(fault).__name__
    if isinstance(fault, DATABASE_FAULTS):
        return Answer(
            exits.AWAY,
            {"error": "database", "log": str(log)},
            f"数据库无法使用（{name}），操作没有执行，详情见 {log}",
            f"The database cannot be used ({name}); nothing was done. Details: {log}",
        )
    return Answer(
        exits.BUG,
        {"error": "bug", "log": str(log)},
        f"程序内部出错（{name}），详情见 {log}",
        f"The program made a mistake ({name}). Details: {log}",
    )


def _tell(screen: Screen, answer: Answer) -> int:
    if screen.as_json:
        with suppress(BrokenPipeError):
            screen.data({**answer.told, "zh": answer.zh, "en": answer.en})
        return answer.code
    screen.aside(f"✗ {answer.zh}", "red")
    screen.aside(f"  {answer.en}")
    if answer.usage:
        screen.aside(answer.usage)
    if answer.command:
        _show_form(screen, answer.command)
    return answer.code


def _show_form(screen: Screen, command: type[Command]) -> None:
    """Show a command's form: each field as ``--set`` names it, and what it may hold."""
    screen.table(
        ("字段 field", "必填 required", "名称 name", "可填 holds"),
        [
            (slot.path, "✓" if slot.required else "", f"{slot.zh} {slot.en}", f"{slot.holds_zh} · {slot.holds_en}")
            for slot in form(command)
        ],
        title=f"{command.zh} {command.name}",
        aside=True,
    )


def _let_go_of_the_pipe() -> None:
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
