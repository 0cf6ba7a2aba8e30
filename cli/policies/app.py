"""The commands of ``banjie policy`` by name."""

import typer

from cli.policies.comparing import check_policy, compare_policies
from cli.policies.looking import list_policies, show_policy
from cli.policies.publishing import publish_policy
from cli.policies.trying import try_on_ledger

policies = typer.Typer(
    name="policy",
    help="办理规则：查看、检查、比较、试行。 Policies: look, check, compare, try.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
policies.command("list")(list_policies)
policies.command("show")(show_policy)
policies.command("check")(check_policy)
policies.command("diff")(compare_policies)
policies.command("publish")(publish_policy)
policies.command("try")(try_on_ledger)
