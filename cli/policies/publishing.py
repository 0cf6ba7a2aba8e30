"""``banjie policy publish``: a document becomes a policy, once and for good."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from adapters import queries
from adapters.views import receipt_view
from cli.exits import UsageProblem
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, opened
from cli.policies.comparing import show_changes
from cli.policies.documents import policy_named
from cli.screen import Screen
from cli.sweeps import to_stream
from models.policy_diff import diff
from models.vocabulary import Kind

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="规则文件（TOML）· policy document")]


def publish_policy(
    file: FileArgument,
    *,
    actor: AsOption = "admin",
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """发布办理规则：只增不改，施行之日起新件适用 · Publish a policy; new cases run under it from its day on."""
    screen = Screen(as_json=as_json)
    if not file.is_file():
        raise UsageProblem(f"没有文件 {file}。", f"There is no file {file}.", field="FILE")
    with opened(data, screen, acts=True) as desk:
        world, now = desk.world(), desk.moments.now()
        policy = policy_named(str(file), world)
        before = world.policies[world.policy_at(now)]
        told: dict[str, JsonValue] = {
            "document": policy.model_dump(mode="json", exclude_defaults=True),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        envelope = to_stream(Kind.POLICY, policy.name, "publish_policy", told, actor=actor, key=key)
        (receipt,) = desk.door.perform([envelope])
        if as_json:
            screen.data(receipt_view(receipt, queries.case(desk.database, receipt.case)))
            return
        again = "（此前已发布 published before）" if receipt.repeated else ""
        screen.say(f"✓ 已发布 published: {policy.name}，{policy.effective} 起施行 in force from{again}", "green")
        show_changes(screen, diff(before, policy), f"与现行 {before.name} 相比 · against {before.name}")
        screen.say("在办案件仍按受理时的规则办理。 Open cases go on under the policy they began with.", "dim")
