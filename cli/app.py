"""The commands by name, each loaded only when it is asked for: a clerk who lists cases need not wait for Temporal."""

from collections.abc import Iterable
from importlib import import_module
from typing import Final

import typer
from typer.core import TyperGroup
from typer.main import get_group

from cli.answering import Answering

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "up": ("cli.up", "up"),
    "serve": ("cli.serving", "serve"),
    "intake": ("cli.taking_in", "take_in"),
    "import": ("cli.sheets", "import_table"),
    "list": ("cli.listing", "list_cases"),
    "show": ("cli.showing_case", "show"),
    "act": ("cli.acting", "act"),
    "actions": ("cli.acting", "list_actions"),
    "history": ("cli.showing_case", "history"),
    "why": ("cli.why", "why"),
    "alike": ("cli.likeness", "alike"),
    "campaign": ("cli.editions", "campaigns"),
    "letters": ("cli.letters", "list_letters"),
    "letter": ("cli.letters", "show_letter"),
    "post": ("cli.posting", "post"),
    "forecast": ("cli.forecasting.command", "forecast"),
    "policy": ("cli.policies.app", "policies"),
    "erase": ("cli.erasing", "erase_case"),
    "retention": ("cli.retention", "group"),
    "keys": ("cli.keeping", "keys"),
    "doctor": ("cli.doctor", "doctor"),
    "verify": ("cli.checking", "verify_ledger"),
    "rebuild": ("cli.checking", "rebuild_cases"),
    "bundle": ("cli.bundling", "bundle"),
    "roots": ("cli.roots", "roots"),
    "flow": ("cli.flowing", "flow"),
    "export": ("cli.sheets", "export_table"),
    "demo": ("cli.demo.command", "demo"),
    "calendar": ("cli.calendars", "calendar"),
    "organisation": ("cli.organising", "group"),
    "indicator": ("cli.indicators", "group"),
    "compare": ("cli.comparing", "compare_periods"),
    "report": ("cli.reporting", "group"),
    "lists": ("cli.lists", "group"),
    "plan": ("cli.plans", "group"),
    "patrol": ("cli.patrols", "group"),
    "weather": ("cli.patrols", "weather"),
    "dispatch": ("cli.dispatch", "group"),
    "map": ("cli.mapping", "draw_map"),
    "site": ("cli.sites", "group"),
    "storm": ("cli.storms", "group"),
    "route": ("cli.routing", "show_route"),
    "open311-check": ("cli.open311", "check_server"),
    "backup": ("cli.backing_up", "back_up"),
    "restore": ("cli.backing_up", "restore"),
    "revive": ("cli.backing_up", "revive_cases"),
    "fleet": ("cli.fleet", "group"),
    "reconcile": ("cli.reconciling", "reconcile"),
}
"""Where each command, or group of commands, is, in the order in which the help shows them."""
CLASSES: Final = {"act": "Acting"}
"""Commands with a way of their own to read their arguments, and its name in the same module."""


def program(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the program with these commands, all if none are named."""
    app = typer.Typer(
        cls=Answering,
        name="banjie",
        help="办结：信访件从受理到销号，一件不落。 Petitions from intake to closure and the look-back after it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    for name in names:
        place, called = COMMANDS[name]
        module = import_module(place)
        found = getattr(module, called)
        if isinstance(found, typer.Typer):  # a group of commands
            app.add_typer(found, name=name)
        else:
            app.command(name, cls=getattr(module, CLASSES[name]) if name in CLASSES else None)(found)
    return app


def program_for(arguments: list[str]) -> TyperGroup:
    """Return what runs the command that the arguments ask for, and knows all of them where they ask for none."""
    return get_group(program(arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS))
