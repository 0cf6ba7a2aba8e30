"""``banjie retention``: who is kept longer than need be, an erasure proposed and decided, its certificate."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import JsonValue

from adapters import certificates, retention
from adapters.desk import Desk
from adapters.naming import person_id
from adapters.words import term_of
from cli.erasing import REASONS, carried_out
from cli.exits import UsageProblem
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.reading import must_be_there
from cli.screen import Screen
from models.checkpoint import CheckpointError, VerifyingKey, key_of
from models.envelope import Envelope
from models.erasure import Erase, ProposeErasure, RefuseErasure
from models.refusals import Refused
from models.vocabulary import ErasureGrounds

group: Final = typer.Typer(
    help="保存期限与删除：到期、提出、决定、证明 · Retention and erasure.", no_args_is_help=True, rich_markup_mode=None
)
Cases = Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="案件编号 · cases", show_default=False)]
Grounds = Annotated[str, typer.Option("--reason", metavar="GROUNDS", help=f"依据 · grounds: {REASONS}")]
Person = Annotated[
    str, typer.Option("--person", metavar="CASE", help="该件信访人的全部信访件 · all petitions of whoever brought it")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="删除证明 · a certificate", show_default=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="删除证明 · certificates", show_default=False)]


@group.command("rules")
def rules(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """现行保存期限及其依据 · How long what is kept, by the policy in force, and by which source."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        rows = retention.rows_now(desk.world(), desk.moments.now())
    if as_json:
        screen.data({"rules": [row.model_dump(mode="json") for row in rows]})
        return
    heads = ["名称 row", "范围 what", "起算 since", "年 years", "来源 source"]
    screen.table(
        heads,
        [
            [row.name, f"{row.zh}\n{row.en}", f"{row.since.zh} {row.since.en}", str(row.years), row.source]
            for row in rows
        ],
    )


@group.command("due")
def due(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """保存期限已届满、尚未提出删除的信访件 · Whose time is over and of which nothing is proposed yet."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = list(retention.due(desk.database, desk.world(), desk.moments.now()))
        waiting = [case.id for case in retention.proposed(desk.database)]
    if as_json:
        told = [{"case": each.case.id, "row": each.row.name, "until": str(each.until)} for each in found]
        screen.data({"due": told, "proposed": waiting})
        return
    rows = [
        [each.case.id, f"{each.case.status.zh} {each.case.status.en}", each.row.name, str(each.until)] for each in found
    ]
    if rows:
        screen.table(["编号 case", "状态 status", "规则 row", "保存至 kept until"], rows)
    else:
        screen.say("没有保存期限届满的信访件。 No petition's time is over.")
    screen.say(f"已提出、待决定 proposed and to be decided：{'、'.join(waiting) or '—'}", "dim")


@group.command("propose")
def propose(
    cases: Cases = None,
    *,
    actor: AsOption,
    reason: Grounds,
    all_due: Annotated[bool, typer.Option("--due", help="全部到期的 · all whose time is over")] = False,
    person: Person = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """提出删除信访人信息，须另一人决定 · Propose to erase who complained; somebody else decides."""
    screen, grounds = Screen(as_json=as_json), _grounds(reason)

    def found(desk: Desk) -> Iterator[str]:
        if all_due:
            yield from (each.case.id for each in retention.due(desk.database, desk.world(), desk.moments.now()))

    _each(screen, data, actor, (ProposeErasure.name, {"grounds": grounds}), (cases or [], person, found))


@group.command("confirm")
def confirm(
    cases: Cases = None,
    *,
    actor: AsOption,
    reason: Grounds,
    every: Annotated[bool, typer.Option("--all", help="全部已提出的 · all that are proposed")] = False,
    person: Person = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """决定删除并立即销毁密钥，不可恢复 · Decide what somebody else proposed: the keys are destroyed, for good."""
    screen, grounds = Screen(as_json=as_json), _grounds(reason)

    def found(desk: Desk) -> Iterator[str]:
        if every:
            waiting = retention.proposed(desk.database)
            yield from [case.id for case in waiting if case.proposed_grounds == grounds]

    _each(screen, data, actor, (Erase.name, {"grounds": grounds}), (cases or [], person, found))


@group.command("refuse")
def refuse(
    cases: Cases = None,
    *,
    actor: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="理由 · why")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """不同意删除 · Leave who complained under seal."""
    command = (RefuseErasure.name, {"reason": reason})
    _each(Screen(as_json=as_json), data, actor, command, (cases or [], "", lambda _: iter(())))


@group.command("certificate")
def certificate(
    case: Annotated[str, typer.Argument(metavar="CASE", help="案件编号 · the case", show_default=False)],
    *,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """输出签名的删除证明，存放在密钥库备份旁 · Print the signed certificate; keep it beside the keys' backups."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        whole = certificates.certificate(desk, case)
    if as_json:
        screen.data({"certificate": whole})
        return
    typer.echo(whole, nl=False)


@group.command("check")
def check(file: File, *, data: DataOption = None, as_json: JsonOption = False) -> None:
    """核对删除证明：签名、台账、密钥库 · Hold a certificate against its signature, the ledger and the keystore."""
    screen = Screen(as_json=as_json)
    must_be_there(file)
    with opened(data, screen) as desk:
        found = certificates.judge(desk, file.read_text("utf-8", "replace"))
    if as_json:
        screen.data({"holds": found.holds, "wrong": [{"zh": zh, "en": en} for zh, en in found.wrong]})
    else:
        if found.holds:
            lines = certificates.told(found.body)
            screen.pairs([(f"{zh} {en}", one if one == two else f"{one} {two}") for (zh, en), (one, two) in lines])
            screen.say("✓ 证明有效，所列密钥均不在密钥库中。 It holds; none of its keys is in the keystore.", "green")
        for zh, en in found.wrong:
            screen.warn(zh, en)
    if not found.holds:
        raise typer.Exit(1)


@group.command("again")
def again(
    files: Files,
    *,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="纸上或见证处的公钥 · a public key from paper or a witness", show_default=False),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """按删除证明再次销毁恢复出来的密钥 · After a restore from before: destroy again what certificates tell."""
    screen = Screen(as_json=as_json)
    for file in files:
        must_be_there(file)
    trusted = [_key(each) for each in key or ()]
    with opened(data, screen) as desk:
        done = certificates.erase_again(desk, [each.read_text("utf-8", "replace") for each in files], trusted)
    unheeded = [files[place] for place in done.unheeded]
    if as_json:
        screen.data({"keys": done.keys, "unheeded": [str(each) for each in unheeded]})
    else:
        if done.keys or not unheeded:
            screen.say(f"✓ 再次销毁密钥 {done.keys} 把。 Keys destroyed again: {done.keys}.", "green")
        for each in unheeded:
            screen.warn(
                f"{each}：未执行，不是删除证明，或签名的密钥本台账不认识（可用 --key 给出纸上的公钥）。",
                f"{each}: not carried out; it is no certificate, or signed by a key that this ledger does not know "
                "(--key gives one from paper).",
            )
    if unheeded:
        raise typer.Exit(1)


def _key(text: str) -> VerifyingKey:
    try:
        return key_of(text)
    except CheckpointError as why:
        raise UsageProblem(f"公钥无法读取：{text}", f"No public key: {why}.", field="--key") from None


def _grounds(reason: str) -> str:
    grounds = term_of(ErasureGrounds, reason) or next((each for each in ErasureGrounds if each.zh == reason), None)
    if grounds is None:
        known = ", ".join(each.value for each in ErasureGrounds)
        raise UsageProblem(f"依据应为：{REASONS}。", f"Grounds are one of: {known}.", field="--reason")
    return grounds.value


Wanted = tuple[Sequence[str], str, Callable[[Desk], Iterator[str]]]
"""The cases named, the case whose person's petitions are meant, and which more."""


def _each(screen: Screen, data: Path | None, actor: str, command: tuple[str, dict[str, str]], wanted: Wanted) -> None:
    """Give a command to every case; what is refused for one keeps no other back, and is told."""
    named, person, more = wanted
    with opened(data, screen, acts=True) as desk:
        numbers = [*named, *more(desk)]
        if person:
            numbers += [each.id for each in retention.of_person(desk.database, desk.sealer, person)]
        who = person_id(desk.world(), actor)
        came = [(each, _done(desk, who, each, *command)) for each in dict.fromkeys(numbers)]
    if screen.as_json:
        rows: list[JsonValue] = [
            {"case": case, "done": why is None, "zh": why.zh if why else None, "en": why.en if why else None}
            for case, why in came
        ]
        screen.data({"cases": rows})
    else:
        _show(screen, came)
    if any(why for _, why in came):
        raise typer.Exit(1)


def _show(screen: Screen, came: Sequence[tuple[str, Refused | None]]) -> None:
    for case, why in came:
        if why is None:
            screen.say(f"✓ {case}", "green")
        else:
            screen.warn(f"{case}：{why.zh}", why.en)
    if not came:
        screen.say("没有这样的信访件。 There is none.", "dim")


def _done(desk: Desk, who: str, case: str, command: str, fields: dict[str, str]) -> Refused | None:
    given: dict[str, object] = {"id": str(uuid.uuid4()), "case": case, "actor": who, "command": command}
    try:
        (receipt,) = desk.door.perform([Envelope.model_validate({**given, "data": fields, "via": via()})])
        if command == Erase.name:
            carried_out(desk, receipt)
    except Refused as why:
        return why
    return None
