"""``banjie roots``: the signed roots over the ledger, their keys and witnesses, checks, and a fork after a restore."""

from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.checking import Fault
from adapters.desk import Desk
from adapters.naming import person_id
from adapters.roots import forks, keys, making, origins, proofs, witness
from adapters.roots.checking import LogFault, RootsReport, check
from adapters.roots.delivering import Delivery, deliver, delivered, witnesses
from adapters.roots.making import Root
from adapters.roots.rotating import rotate
from adapters.roots.witness import Judged, Kept
from cli.answering import Answering
from cli.exits import REFUSED, UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.reading import read_text
from cli.screen import Screen
from models.checkpoint import LONGEST, VerifyingKey
from models.instants import shown
from models.vocabulary import Fate

SHOWN: Final = 20

roots = typer.Typer(
    cls=Answering,
    help="每日根：签名、见证、核对 · Signed roots over the ledger: make, show, check.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
SizeArgument = Annotated[
    int | None,
    typer.Argument(
        metavar="[SIZE]", min=1, max=2**53, help="叶子数，缺省为最新 · the root over so many leaves, else the newest"
    ),
]
AgainstOption = Annotated[
    list[str] | None,
    typer.Option(
        "--against", metavar="FILE", help="别处留存的根，如另存的邮件 · a root kept elsewhere, as a saved letter"
    ),
]
AbandonedOption = Annotated[
    list[str] | None,
    typer.Option("--abandoned", metavar="FILE", help="被放弃的根 · a root that is left behind, kept elsewhere"),
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="原因 · why")]
As = Annotated[str, typer.Option("--as", metavar="USER", help="经办人 · who does it")]
Agreed = Annotated[str, typer.Option("--agreed-by", metavar="USER", help="同意人 · who agrees, another person")]
AtOnce = Annotated[bool, typer.Option("--at-once", help="旧密钥丢失或泄露，立即停用 · the old key is lost or was seen")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="至多几条 · at most so many")]


@roots.command("list")
def list_roots(*, limit: LimitOption = SHOWN, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出已签名的根和见证情况 · The signed roots, and which witnesses have them."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk, desk.database.reading() as connection:
        found, came = making.listed(connection, limit), delivered(connection)
    if as_json:
        screen.data({"roots": [_view(each, came) for each in found]})
        return
    rows = [(shown(each.made_at), str(each.size), each.root.hex()[:16], _fates(each, came)) for each in found]
    screen.table(("时间 made", "叶子 leaves", "根 root", "见证 witnesses"), rows)
    if not found:
        screen.say("还没有根；引擎运行时每日自动生成，也可执行 banjie roots make。")
        screen.say("No root yet: a running engine makes one each day, or say banjie roots make.", "dim")


@roots.command("make")
def make_root(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """现在签一个根并送交见证 · Sign a root over everything now, and bring it to the witnesses."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        root = making.make(desk.database, desk.settings.data, desk.moments.now(), desk.settings.witness_folder)
        came = _witnessed(desk, root)
    _made(screen, root, came, as_json=as_json)


@roots.command("show")
def show_root(size: SizeArgument = None, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """输出签名文本（C2SP 检查点）和与上一个根的一致性证明 · The signed text, and how it goes on from the one before."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk, desk.database.reading() as connection:
        root = making.latest(connection) if size is None else making.root_of(connection, size)
        if root is None:
            raise UsageProblem("没有这个根。", "There is no such root.", field="SIZE")
        before = making.before(connection, root)
        proof = proofs.consistent(connection, before, root) if before else ()
        verifying = proofs.verifying(connection, proofs.origin_of(connection, root))
        came = delivered(connection, root.size)
    if as_json:
        told = {"note": root.note, "keys": list(verifying), "consistency": [each.hex() for each in proof]}
        screen.data({**_view(root, came), **told, "before": before.size if before else None})
        return
    screen.say(root.note.rstrip("\n"))
    screen.say("")
    for each in verifying:
        screen.say(f"公钥 public key: {each}")
    if before is not None:
        screen.say(f"承接 {before.size} 个叶子的根 goes on from the root over {before.size} leaves:")
        for step in proof:
            screen.say(f"  {step.hex()}")
    screen.say(f"见证 witnesses: {_fates(root, came)}")


@roots.command("check")
def check_roots(*, against: AgainstOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """核对账本、日志、签名和见证留存的根 · Check the ledger, the log, its signatures, and what witnesses have kept."""
    screen = Screen(as_json=as_json)
    kept = [_read(name, "--against") for name in against or ()]
    with opened(data, screen) as desk, screen.progress("核对 checking") as step:
        report = check(desk.database, folder=desk.settings.witness_folder, against=kept, progress=step)
    if as_json:
        screen.data(_report(report))
    else:
        _say(screen, report)
    if not report.ok:
        raise typer.Exit(REFUSED)


@roots.command("keys")
def list_keys(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出签名密钥 · The keys that roots are signed with."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk, desk.database.reading() as connection:
        found, generations = keys.known(connection), origins.every(connection)
        here = {each: (desk.settings.data / "keys" / each.file).exists() for each in found}
    name = generations[-1].name if generations else ""
    views = [
        {
            "key": VerifyingKey(name, each.public).text,
            "began_at": each.began_at.isoformat(),
            "ended_at": each.ended_at.isoformat() if each.ended_at else None,
            "here": here[each],
        }
        for each in found
    ]
    if as_json:
        screen.data({"keys": views})
        return
    rows = [
        (
            VerifyingKey(name, each.public).text,
            shown(each.began_at),
            shown(each.ended_at) if each.ended_at else "—",
            each.file if here[each] else "不在本机 not here",
        )
        for each in found
    ]
    screen.table(("公钥 public key", "启用 since", "停用 until", "所在 where"), rows)


@roots.command("rotate")
def rotate_key(*, at_once: AtOnce = False, data: DataOption = None, as_json: JsonOption = False) -> None:
    """换用新的签名密钥，新旧并签三十天 · A new signing key, which signs beside the old one for thirty days."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        where = desk.settings.data, desk.moments.now()
        root = rotate(desk.database, *where, at_once=at_once, folder=desk.settings.witness_folder)
        came = _witnessed(desk, root)
    _made(screen, root, came, as_json=as_json)


@roots.command("fork")
def record_fork(
    *,
    reason: ReasonOption,
    actor: As,
    agreed_by: Agreed,
    abandoned: AbandonedOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """由备份恢复后记录分叉，日志换名续写 · Record that the ledger was restored: the log goes on under another name."""
    screen = Screen(as_json=as_json)
    left = [_read(name, "--abandoned").note for name in abandoned or ()]
    with opened(data, screen) as desk:
        root = forks.record(
            desk.database,
            desk.settings.data,
            desk.moments.now(),
            reason=reason,
            by=person_id(desk.world(), actor),
            agreed_by=person_id(desk.world(), agreed_by),
            abandoned=left,
            folder=desk.settings.witness_folder,
        )
        came = _witnessed(desk, root)
    _made(screen, root, came, as_json=as_json)


def _read(name: str, field: str) -> Kept:
    found = witness.kept(Path(name).name, read_text(name, field, limit=LONGEST).text)
    if found.checkpoint is None:
        raise UsageProblem(
            f"“{field}”：{name} 中没有签名的根。", f'"{field}": there is no signed root in {name}.', field=field
        )
    return found


def _witnessed(desk: Desk, root: Root) -> list[Delivery]:
    folder, data = desk.settings.witness_folder, desk.settings.data
    return [deliver(desk.database, data, root.size, each, folder) for each in witnesses(data, folder)]


def _made(screen: Screen, root: Root, came: list[Delivery], *, as_json: bool) -> None:
    if as_json:
        screen.data(_view(root, came))
        return
    screen.say(f"✓ 根 root: {root.root.hex()}（{root.size} 个叶子 leaves）", "green")
    screen.say(f"见证 witnesses: {_fates(root, came)}")
    if not came:
        screen.warn(
            "没有见证：请设置 BANJIE_WITNESS_FOLDER，或在通信簿中写 witness，否则改写账本的人也能改写根。",
            "There is no witness: set BANJIE_WITNESS_FOLDER, or witness in the post book; else whoever rewrites the "
            "ledger can rewrite the roots.",
        )


def _fates(root: Root, came: list[Delivery]) -> str:
    mine = [each for each in came if each.size == root.size]
    told = [
        f"{each.witness.zh} {each.fate.zh} {each.witness.en} {each.fate.en}{f'（{each.why}）' if each.why else ''}"
        for each in mine
    ]
    return "、".join(told) or "—"


def _view(root: Root, came: list[Delivery]) -> dict[str, object]:
    return {
        "size": root.size,
        "generation": root.generation,
        "root": root.root.hex(),
        "made_at": root.made_at.isoformat(),
        "witnesses": [
            {"witness": each.witness.value, "fate": each.fate.value, "why": each.why}
            for each in came
            if each.size == root.size
        ],
        "witnessed": any(each.size == root.size and each.fate is Fate.SENT for each in came),
    }


def _report(report: RootsReport) -> dict[str, object]:
    wrong: list[tuple[str, int, Fault | LogFault]] = [(each.case, each.seq, each) for each in report.chains.faults]
    wrong += [("roots", each.size, each) for each in report.faults]
    return {
        "ok": report.ok,
        "events": report.chains.events,
        "leaves": report.leaves,
        "covered": report.covered,
        "roots": report.roots,
        "faults": [
            {"where": where, "at": at, "code": each.code, "zh": each.zh, "en": each.en} for where, at, each in wrong
        ],
        "witnessed": [
            {"name": each.kept.name, "standing": each.standing.value, "signed": each.signed, "ok": each.is_well}
            for each in report.judged
        ],
    }


def _say(screen: Screen, report: RootsReport) -> None:
    wrong = [(each.case, str(each.seq), f"{each.zh}\n{each.en}") for each in report.chains.faults]
    wrong += [("roots", str(each.size), f"{each.zh}\n{each.en}") for each in report.faults]
    wrong += [(each.kept.name, _size(each), _how(each)) for each in report.judged if not each.is_well]
    if wrong:
        screen.table(("所在 where", "序号 at", "问题 fault"), wrong[:SHOWN])
        screen.aside(f"✗ {len(wrong)} 处不符。 {len(wrong)} things are not as they were signed.", "bold red")
        return
    screen.say(
        f"✓ {report.roots} 个根、{report.leaves} 个叶子、{report.chains.events} 个事件相符；"
        f"见证留存的 {len(report.judged)} 个根都对得上。",
        "green",
    )
    screen.say(
        f"In agreement: roots: {report.roots}, leaves: {report.leaves}, events: {report.chains.events}, "
        f"roots that witnesses have kept: {len(report.judged)}.",
        "dim",
    )
    if not report.judged:
        screen.warn(
            "没有可比对的见证：这只能说明账本与它自己的根相符。",
            "No witness was there to compare with: this says only that the ledger agrees with its own roots.",
        )


def _size(judged: Judged) -> str:
    return str(judged.kept.checkpoint.size) if judged.kept.checkpoint else "—"


def _how(judged: Judged) -> str:
    if judged.kept.checkpoint is None:
        return "不是签名的根\nno signed root"
    if judged.signed or judged.standing.value != "holds":
        return f"{judged.standing.zh}\n{judged.standing.en}"
    return "签名无效\nnot signed by a key of this log"
