"""The commands by name."""

import typer

from cli.acting import Acting, act, list_actions
from cli.answering import Answering
from cli.calendars import calendar
from cli.campaigns import campaigns
from cli.checking import rebuild_cases, verify_ledger
from cli.demo.command import demo
from cli.flowing import flow
from cli.forecasting.command import forecast
from cli.letters import list_letters, show_letter
from cli.listing import list_cases
from cli.organising import group as organisation
from cli.policies.app import policies
from cli.posting import post
from cli.routing import show_route
from cli.serving import serve
from cli.sheets import export_table, import_table
from cli.showing_case import history, show
from cli.taking_in import take_in
from cli.up import up
from cli.why import why

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
app.command("up")(up)
app.command("serve")(serve)
app.command("intake")(take_in)
app.command("import")(import_table)
app.command("list")(list_cases)
app.command("show")(show)
app.command("act", cls=Acting)(act)
app.command("actions")(list_actions)
app.command("history")(history)
app.command("why")(why)
app.add_typer(campaigns, name="campaign")
app.command("letters")(list_letters)
app.command("letter")(show_letter)
app.add_typer(post, name="post")
app.command("verify")(verify_ledger)
app.command("rebuild")(rebuild_cases)
app.command("flow")(flow)
app.command("export")(export_table)
app.command("forecast")(forecast)
app.command("demo")(demo)
app.add_typer(calendar, name="calendar")
app.add_typer(organisation, name="organisation")
app.command("route")(show_route)
app.add_typer(policies)
