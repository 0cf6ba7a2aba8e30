"""``banjie policy check`` and ``diff``: what is wrong with a file, and what is different between two policies."""

from collections.abc import Sequence
from typing import Annotated

import typer

from cli.exits import REFUSED
from cli.opening import DataOption, JsonOption, opened
from cli.policies.documents import policy_named, read_policy
from cli.screen import Screen
from models.policy_diff import Change, diff

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="规则文件（TOML），- 为标准输入 · the policy's file")]
First = Annotated[str, typer.Argument(metavar="A", help="规则名称或文件 · a policy in force, or a file")]
Second = Annotated[str, typer.Argument(metavar="B", help="规则名称或文件 · a policy in force, or a file")]


def check_policy(file: FileArgument, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """检查规则文件：每处错误及其位置 · Check a policy's file: every mistake with its place."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        world = desk.world()
    read = read_policy(file, world.calendars)
    if as_json:
        name = read.policy.name if read.policy else None
        mistakes = [each.view() for each in read.mistakes]
        screen.data({"ok": read.policy is not None, "file": file, "policy": name, "mistakes": mistakes})
    elif read.policy:
        screen.say(f"✓ {file}：规则 {read.policy.name} 可用，{read.policy.effective} 起施行。", "green")
        screen.say(f"  The policy {read.policy.name} can be worked by; it takes effect on {read.policy.effective}.")
        known = world.policies.get(read.policy.name)
        if known and known != read.policy:
            screen.warn(
                f"已有同名规则 {known.name}，内容不同；公布过的规则不再改动，请改用新名称。",
                f"There is another policy {known.name}; a published one never changes, so take a new name.",
            )
    else:
        screen.table(
            ("行 line", "位置 place", "问题 what is wrong"),
            [(str(each.line or "—"), each.place, f"{each.zh}\n{each.en}") for each in read.mistakes],
            title=file,
        )
        screen.aside(f"✗ {len(read.mistakes)} 处有误。 {len(read.mistakes)} mistakes.", "red")
    if read.policy is None:
        raise typer.Exit(REFUSED)


def compare_policies(a: First, b: Second, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """比较两份规则，逐条说明 · Compare two policies, sentence by sentence."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        world = desk.world()
    before, after = policy_named(a, world), policy_named(b, world)
    found = diff(before, after)
    if as_json:
        changes = [each.model_dump(mode="json") for each in found]
        screen.data({"a": before.name, "b": after.name, "same": not found, "changes": changes})
        return
    if not found:
        screen.say(f"✓ {a} 与 {b} 没有差别。 There is no difference.", "green")
        return
    show_changes(screen, found, f"{before.name} → {after.name}")


def show_changes(screen: Screen, found: Sequence[Change], title: str) -> None:
    """Show differences, a sentence each in both languages."""
    screen.say(f"{title}：{len(found)} 处不同 {len(found)} differences", "bold")
    for each in found:
        screen.say(f"  {each.zh}")
        screen.say(f"    {each.en}", "dim")
