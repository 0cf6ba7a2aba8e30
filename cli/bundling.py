"""``banjie bundle``: cases with everything that is needed to check them, for whoever does not trust the desk."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.reading import must_have_folder
from cli.screen import Screen

Names = Annotated[
    list[str],
    typer.Argument(
        metavar="[CASE]… OUT.zip", help="案件编号（可多个）和证据包 · case numbers and the file", show_default=False
    ),
]
Campaign = Annotated[
    str | None,
    typer.Option("--campaign", metavar="C", help="一个督察批次 · a campaign's petitions", show_default=False),
]
AllOption = Annotated[bool, typer.Option("--all", help="整个账本 · the whole ledger")]
Files = Annotated[bool, typer.Option("--files", help="附上办理材料原件 · with the desk's own files")]


def bundle(
    names: Names,
    *,
    campaign: Campaign = None,
    every: AllOption = False,
    files: Files = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """导出证据包：事件、哈希链、流程、签名的根，随附核对程序 · A bundle of evidence that anybody can verify."""
    from adapters.attachments.store import Attachments
    from adapters.bundle.making import Source, verifier
    from adapters.bundle.making import bundle as made_of
    from adapters.campaigns import campaign_of, petitions

    screen = Screen(as_json=as_json)
    *cases, last = names
    out = Path(last)
    if (bool(cases), campaign is not None, every).count(True) != 1:
        raise UsageProblem(
            "请给出案件编号、--campaign 或 --all 之一，最后是输出文件，如 banjie bundle XF20260001 OUT.zip。",
            "Name cases, or --campaign, or --all, and then the file: banjie bundle XF20260001 OUT.zip.",
            field="CASE",
        )
    if out.suffix.lower() != ".zip":
        raise UsageProblem(f"输出文件须以 .zip 结尾：{last}", f"The file has to end in .zip: {last}", field="OUT.zip")
    must_have_folder(out, "OUT.zip")
    with opened(data, screen) as desk, screen.progress("打包 bundling") as progress:
        if campaign is not None:
            found = campaign_of(desk.database, campaign)
            cases = [found.id, *(each.id for each in petitions(desk.database, found))]
        parts = Attachments(desk.database, desk.sealer).parts if files else None
        source = Source(desk.database, desk.world(), parts)
        made = made_of(source, out, None if every else cases, progress)
    sha256 = _digest(out)
    if as_json:
        told = {"cases": made.cases, "events": made.events, "files": made.files, "root": made.root}
        screen.data({**told, "untold": made.untold, "file": str(out.absolute()), "sha256": sha256})
        return
    if made.root is None:
        screen.warn(
            "还没有签名的每日根：证据包只能证明自身一致。",
            "There is no signed root yet: the bundle can only show that it fits together.",
        )
    for name in made.untold[:20]:
        screen.warn(
            f"{name} 的事件无法读取，原样放入。", f"The events of {name} cannot be read; they go in as they lie."
        )
    if made.unopened:
        screen.warn(f"{made.unopened} 个附件无法打开，未放入。", f"{made.unopened} files do not open and are left out.")
    screen.say(
        f"✓ {made.cases} 个案件、{made.events} 个事件、{made.files} 个附件。"
        f" {made.cases} cases, {made.events} events, {made.files} files: {out}",
        "green",
    )
    screen.say(f"SHA-256 {sha256}")
    screen.say(f"核对 to check: python3 -I verify.py {out.name}  (verify.py {hashlib.sha256(verifier()).hexdigest()})")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
