"""``banjie open311-check``: whether a server keeps to Open311's GeoReport v2."""

from collections import Counter
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from cli.exits import REFUSED, UsageProblem
from cli.opening import JsonOption
from cli.screen import Screen

Url = Annotated[
    str, typer.Argument(metavar="URL", help="服务器地址，如 https://…/open311/v2 · the server's base address")
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="存有 api_key 的文件 · file with the api_key")
]
Jurisdiction = Annotated[str, typer.Option("--jurisdiction", metavar="ID", help="jurisdiction_id")]
Send = Annotated[bool, typer.Option("--send", help="另试提交：会留下真实的件 · also send: leaves real requests there")]


def check_server(
    url: Url,
    *,
    key_file: KeyFile = None,
    jurisdiction: Jurisdiction = "",
    send: Send = False,
    as_json: JsonOption = False,
) -> None:
    """逐条检查 Open311 服务器 · Check an Open311 server, rule by rule."""
    from adapters.open311.kit.asking import Server, UnreachableError, over_the_line
    from adapters.open311.kit.rules import Fate, asked

    screen = Screen(as_json=as_json)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        raise UsageProblem(
            "地址须以 http:// 或 https:// 开头", "the address begins with http:// or https://", field="URL"
        )
    server = Server(over_the_line(url, _key(key_file)), jurisdiction, send)
    try:
        found = list(asked(server))
    except UnreachableError as fault:
        raise UsageProblem(f"{url} 没有应答（{fault}）", f"{url} does not answer ({fault})", field="URL") from fault
    counted = Counter(each.fate for each in found)
    if as_json:
        rows = [{"rule": each.rule.name, "result": each.fate.value, "why": list(each.why)} for each in found]
        screen.data({"url": url, "rules": rows, **{fate.value: counted[fate] for fate in Fate}})
    else:
        marks = {Fate.KEPT: "✓", Fate.BROKEN: "✗", Fate.SKIPPED: "–"}
        lines = [
            (
                each.rule.name + (" *" if each.rule.extension else ""),
                f"{each.rule.zh} · {each.rule.en}",
                f"{marks[each.fate]} {each.fate.zh} {each.fate.en}",
                " · ".join(each.why) if each.fate is Fate.SKIPPED else "\n".join(each.why),
            )
            for each in found
        ]
        screen.table(("规则\nrule", "要求\nwhat it asks", "结果\nresult", "说明\nwhy"), lines)
        screen.say(
            f"通过 {counted[Fate.KEPT]}，不通过 {counted[Fate.BROKEN]}，未检 {counted[Fate.SKIPPED]} · "
            f"{counted[Fate.KEPT]} pass, {counted[Fate.BROKEN]} fail, {counted[Fate.SKIPPED]} not asked"
            "（* 扩展 extension）"
        )
    if counted[Fate.BROKEN]:
        raise typer.Exit(REFUSED)


def _key(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        key = path.read_text("utf-8").strip()
    except (OSError, ValueError) as fault:
        raise UsageProblem(f"无法读取 {path}", f"{path} cannot be read", field="--key-file") from fault
    if not key or not key.isprintable() or not key.isascii():
        raise UsageProblem(f"{path} 中没有密钥", f"there is no key in {path}", field="--key-file")
    return key
