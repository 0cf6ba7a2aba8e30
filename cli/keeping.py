"""``banjie keys``: which wrapping keys there are and what each wraps, a new one, and a keystore that was lost."""

from typing import Annotated, Final

import typer

from adapters.keys.rotating import prepare, rotate
from adapters.keys.store import Held
from adapters.recognising import tidy
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.instants import shown

SORTS: Final = {
    "seal": "信访人与原话 petitioners",
    "file": "附件 files",
    "factor": "二次验证 second factors",
    "hook": "推送密钥 webhooks",
    "draft": "草稿 drafts",
    "payload": "Temporal 载荷 payloads",
    "naming": "命名密钥 naming key",
}

keys = typer.Typer(
    help="密钥：查看、轮换 · Wrapping keys: what they wrap, rotation.", no_args_is_help=True, rich_markup_mode=None
)


@keys.callback()
def group() -> None:
    """密钥：查看、轮换 · Wrapping keys: what they wrap, rotation."""


@keys.command("show")
def show(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出封装密钥及其封装的数据密钥数 · Which wrapping keys there are, and what each still wraps."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        held = desk.sealer.keys.held()
    if as_json:
        screen.data({"keys": [_view(each) for each in held]})
        return
    rows = [
        [
            each.name,
            _state(each),
            each.here or ("—" if each.retired_at else "不在本机 not here"),
            "、".join(f"{SORTS.get(sort, sort)} {count}" for sort, count in sorted(each.wraps.items())) or "—",
            shown(each.made_at),
        ]
        for each in held
    ]
    screen.table(["密钥 key", "状态 state", "所在 where", "封装 wraps", "启用 since"], rows)


@keys.command("make")
def make(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """生成下一把封装密钥，先分发到各机再轮换 · Make the next wrapping key, to be copied before a rotation."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        name = prepare(desk.sealer.keys)
        where = desk.sealer.keys.ring.names()[name]
    if as_json:
        screen.data({"key": name, "where": where})
        return
    screen.say(f"✓ 新密钥 the new key: {name} ({where})", "green")
    screen.say("请复制到每台机器的 keys 目录，再执行 banjie keys rotate。")
    screen.say("Copy it into the folder keys of every machine, then banjie keys rotate.", "dim")


@keys.command("rotate")
def rotate_keys(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """换用新的封装密钥并重新封装全部数据密钥 · Wrap every data key by a new wrapping key."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk, screen.progress("重新封装 wrapping anew") as step:
        done = rotate(desk.sealer.keys, step)
    if as_json:
        screen.data({"key": done.name, "wrapped": done.wrapped, "retired": list(done.retired), "resumed": done.resumed})
    else:
        if done.resumed:
            screen.say("上次轮换未完成，已接着完成。 The rotation begun before is finished.")
        screen.say(f"✓ 现用密钥 current key: {done.name}；重新封装 wrapped anew: {done.wrapped}", "green")
        if done.retired:
            screen.say(f"已停用 retired: {'、'.join(done.retired)}")
        screen.say("请现在备份密钥库和 keys 目录：旧备份配旧密钥，今后打不开。")
        screen.say("Back the keystore and the folder keys up now: older backups no longer open.", "dim")
    if done.left:
        screen.warn(
            f"请从 BANJIE_WRAPPING_KEY 中删去旧密钥 {'、'.join(done.left)}。",
            f"Take the old key {', '.join(done.left)} out of BANJIE_WRAPPING_KEY.",
        )


@keys.command("tidy")
def tidy_keys(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """补算旧件的信访人识别码，清除已删除的 · Make old petitions' petitioners known again; drop what is erased."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk, screen.progress("识别码 recognition") as step:
        done = tidy(desk.database, desk.sealer, step)
    if as_json:
        screen.data({"looked": done.looked, "known": done.known, "dropped": done.dropped})
        return
    screen.say(f"✓ 密封 seals: {done.looked}；新识别 newly known: {done.known}；清除 dropped: {done.dropped}", "green")


@keys.command("adopt")
def adopt(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="确认原密钥库已丢失 · the old keystore is lost for good")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """原密钥库丢失后启用新库 · Take a new keystore where the old one is lost; what it sealed stays shut."""
    screen = Screen(as_json=as_json)
    if not yes:
        raise UsageProblem(
            "原密封内容将永久无法打开；确认请加 --yes。",
            "What was sealed stays shut for ever; if that is meant, say --yes.",
            field="--yes",
        )
    with opened(data, screen) as desk:
        desk.sealer.keys.ready(adopt=True)
        held = desk.sealer.keys.held()
    if as_json:
        screen.data({"keys": [_view(each) for each in held]})
        return
    screen.say("✓ 已启用现有密钥库。此前的查询码、密封内容、二次验证不再有效。", "green")
    screen.say("This keystore is the ledger's now. Query codes, seals and second factors of before are void.", "dim")


def _state(each: Held) -> str:
    if each.current:
        return "现用 current"
    return f"已停用 retired {shown(each.retired_at)}" if each.retired_at else "轮换中 being replaced"


def _view(each: Held) -> dict[str, object]:
    return {
        "name": each.name,
        "current": each.current,
        "made_at": each.made_at.isoformat(),
        "retired_at": each.retired_at.isoformat() if each.retired_at else None,
        "where": each.here,
        "wraps": each.wraps,
    }
