"""``banjie backup``, ``banjie restore``, ``banjie revive``: nothing is lost, and the desk goes on."""

import time
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.backup.checking import Checked
from adapters.backup.manifest import Manifest
from adapters.reviving import queued, revive, waiting
from cli.exits import REFUSED, UsageProblem
from cli.opening import DataOption, JsonOption, opened, settings_for, temporal_away, via
from cli.reading import must_have_folder
from cli.screen import Screen
from models.instants import shown

LOOK: Final = 0.5
"""Seconds between looks at how many signals are still to be sent."""
OutArgument = Annotated[
    Path, typer.Argument(metavar="OUT", help="新目录、.zip 或 .tar · a new folder, .zip or .tar", show_default=False)
]
InArgument = Annotated[Path, typer.Argument(metavar="IN", help="备份 · the backup", show_default=False)]
KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", metavar="OUT2", help="密钥另存于此 · where the keys go, elsewhere", show_default=False),
]
KeysInOption = Annotated[
    Path | None, typer.Option("--keys", metavar="IN2", help="密钥部分 · the keys' part", show_default=False)
]


def back_up(
    out: OutArgument,
    *,
    keys: KeysOption = None,
    check: Annotated[bool, typer.Option("--check", help="核对已有备份 · check a backup that is there")] = False,
    no_temporal: Annotated[bool, typer.Option("--no-temporal", help="不含 Temporal 数据 · without its file")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """在线备份台账，密钥另存，写后即校验 · Back the ledger up while it works, the keys elsewhere; checked at once."""
    from adapters.backup.checking import check as look
    from adapters.backup.taking import take

    screen = Screen(as_json=as_json)
    if check:
        _must_be(out)
        seen = look(out, None, screen.progress)
        _told(screen, seen.manifest, out, "备份完好 the backup is sound")
        _must_hold(screen, seen)
        return
    must_have_folder(out, "OUT")
    must_have_folder(keys, "--keys")
    with opened(data, screen) as desk:
        taken = take(desk, out, keys, screen.progress, temporal=not no_temporal)
    if as_json:
        parts = {"ledger": _view(taken.ledger.manifest, out)}
        if taken.keys is not None and keys is not None:
            parts["keys"] = _view(taken.keys.manifest, keys)
        screen.data(parts)
    else:
        _told(screen, taken.ledger.manifest, out, "已备份并核对 backed up and checked")
        if taken.keys is not None and keys is not None:
            _told(screen, taken.keys.manifest, keys, "密钥已另存 the keys, elsewhere")
    _must_hold(screen, taken.ledger)


def restore(
    source: InArgument,
    *,
    keys: KeysInOption = None,
    temporal: Annotated[bool, typer.Option("--temporal", help="连同 Temporal 数据 · with Temporal's own file")] = False,
    damaged: Annotated[
        bool, typer.Option("--damaged", help="哈希链不符也恢复 · restore a ledger that does not hold")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """恢复到空目录，核对后启用，案件接着办 · Restore into an empty folder; verified first, then every case goes on."""
    from adapters.backup.restoring import restore as bring_back

    screen = Screen(as_json=as_json)
    _must_be(source)
    if keys is not None:
        _must_be(keys)
    settings = settings_for(data)
    by = f"os:{via()['os_user']}"
    done = bring_back(source, keys, settings, screen.progress, by=by, temporal=temporal, damaged=damaged)
    if as_json:
        erased = done.erased
        screen.data(
            {
                **_view(done.manifest, source),
                "restoration": done.fork.id,
                "waiting": done.waiting,
                "erased_again": erased
                and {"erasures": erased.erasures, "keys": erased.keys, "letters": erased.letters},
                "keyless": done.keyless if erased else None,
            }
        )
        return
    _told(screen, done.manifest, source, f"已恢复到 restored into {settings.data}")
    screen.say(f"在办案件将由台账重新启动 {done.waiting} cases go on from the ledger as soon as banjie up runs.")
    if done.erased is None:
        screen.warn(
            "未恢复密钥：密封内容打不开，请把密钥部分放回后再启动。",
            "Without the keys what is sealed stays shut, and the desk is not served.",
        )
        return
    if done.erased.erasures:
        screen.say(f"台账所记删除已重做 erasures done again: {done.erased.erasures}（密钥 keys {done.erased.keys}）")
    if done.keyless:
        screen.say(f"无密钥的密封内容 seals and files without a key (erased, or newer than the keys): {done.keyless}")


def revive_cases(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只计数 · only count")] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="终止在运行的流程并重新启动 · end workflows that run, start them anew")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """由台账重新启动全部在办案件的流程 · Start every open case's workflow from the ledger alone."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        if dry_run:
            count, left = waiting(desk.database), queued(desk.database)
        else:
            with screen.progress("排队 queueing") as progress:
                count = revive(desk.door, progress, afresh=afresh)
            here = temporal_away(desk.settings) is None
            with screen.progress("启动 starting") as progress:
                left = queued(desk.database)
                best, seen_at = left, time.monotonic()
                # As long as it goes on; what does not move is told, not waited for.
                while here and left and time.monotonic() - seen_at < 60 * LOOK:
                    progress(max(count - left, 0), count)
                    time.sleep(LOOK)
                    left = queued(desk.database)
                    if left < best:
                        best, seen_at = left, time.monotonic()
    if as_json:
        screen.data({"waiting": count, "queued": left, "written": not dry_run})
    elif dry_run:
        screen.say(f"将启动 {count} 个案件的流程，未作更改。 {count} cases would be started; nothing was written.")
    elif left:
        screen.say(f"{count} 个案件已排队，尚有 {left} 个待发送，引擎运行后自动启动。", "yellow")
        screen.say(f"{count} cases are queued, {left} still to be sent: they start as soon as the engine runs.", "dim")
    else:
        screen.say(f"✓ {count} 个案件的流程已由台账启动。 {count} cases started from the ledger.", "green")


def _must_hold(screen: Screen, seen: Checked) -> None:
    """Say where the ledger itself was damaged before it was copied; the backup stays, for there is no better one."""
    if seen.manifest.part == "ledger" and seen.chains is None:
        screen.warn("哈希链在恢复时核对。", "The chains of a PostgreSQL dump are gone through when it is restored.")
    if first := seen.first:
        screen.aside(
            f"✗ 台账本身与哈希链不符：{first.case} 第 {first.seq} 个事件，{first.zh}。备份已保留。", "bold red"
        )
        screen.aside(
            f"  The ledger itself does not hold: {first.case}, event {first.seq}: {first.en}. The backup stays."
        )
        raise typer.Exit(REFUSED)


def _must_be(place: Path) -> None:
    if not place.exists():
        raise UsageProblem(f"没有备份 {place}。", f"There is no backup {place}.", field="BACKUP")


def _told(screen: Screen, manifest: Manifest, where: Path, what: str) -> None:
    if screen.as_json:
        screen.data(_view(manifest, where))
        return
    screen.say(f"✓ {what}: {where}", "green")
    head = manifest.head
    screen.pairs(
        [
            ("备份 backup", manifest.id),
            ("时刻 taken at", shown(manifest.made_at)),
            ("结构版本 schema", f"{manifest.backend} {manifest.revision}"),
            ("案件 cases", str(head.cases) if head else ""),
            ("事件 events", str(head.events) if head else ""),
            ("链头 head", head.digest[:16] if head else ""),
            ("文件 files", f"{len(manifest.files)}, {sum(each.size for each in manifest.files) / 2**20:.1f} MiB"),
            *(("缺 lacks", each) for each in manifest.lacks),
        ]
    )


def _view(manifest: Manifest, where: Path) -> dict[str, object]:
    return {"place": str(where), **manifest.model_dump(mode="json", exclude={"digest"})}
