"""``banjie erase``: destroy what is under seal of a case, for good."""

import uuid
from typing import Annotated

import typer

from adapters import queries
from adapters.desk import Desk
from adapters.drafts import Drafts
from adapters.erasing import erase
from adapters.letters.tray import Tray
from adapters.moments import RealMoments
from adapters.naming import person_id
from adapters.views import receipt_view
from adapters.words import term_of
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, KeyOption, opened, via
from cli.screen import Screen
from cli.showing_case import CaseArgument
from models.envelope import Envelope, Receipt
from models.erasure import Erase
from models.event import ReactionKind
from models.vocabulary import ErasureGrounds

REASONS = "、".join(f"{each.value} {each.zh}" for each in ErasureGrounds)
As = Annotated[str, typer.Option("--as", metavar="USER", help="以何人名义 · in whose name")]
Reason = Annotated[str, typer.Option("--reason", metavar="GROUNDS", help=f"依据 · grounds: {REASONS}")]


def erase_case(
    case: CaseArgument,
    *,
    actor: As,
    reason: Reason,
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """删除信访人信息：销毁密钥，不可恢复 · Destroy who complained and in which words, for good."""
    screen = Screen(as_json=as_json)
    grounds = term_of(ErasureGrounds, reason) or next((each for each in ErasureGrounds if each.zh == reason), None)
    if grounds is None:
        known = ", ".join(each.value for each in ErasureGrounds)
        raise UsageProblem(f"依据应为：{REASONS}。", f"Grounds are one of: {known}.", field="--reason")
    with opened(data, screen, acts=True) as desk:
        envelope = Envelope.model_validate(
            {
                "id": str(uuid.uuid4()) if key is None else key,
                "case": case,
                "actor": person_id(desk.world(), actor),
                "command": Erase.name,
                "data": {"grounds": grounds.value},
                "via": via(),
            }
        )
        (receipt,) = desk.door.perform([envelope])
        letters = carried_out(desk, receipt)
        found = queries.case(desk.database, receipt.case)
    if as_json:
        screen.data(receipt_view(receipt, found))
        return
    screen.say(f"✓ {Erase.zh}：{found.id}，{grounds.zh}", "green")
    screen.say(f"密钥已销毁，姓名、联系方式、原话和信访人附件不能再读取；取走留底文书 {letters} 份。")
    screen.say("The keys are destroyed; letters taken out of the tray, too. The ledger keeps that it was done.", "dim")


def carried_out(desk: Desk, receipt: Receipt) -> int:
    """Destroy at once what the event decided; the engine does the same once more and records it."""
    (recorded,) = (each for each in queries.history(desk.database, receipt.case) if each.seq == receipt.seq)
    drafts = Drafts(desk.database, desk.sealer, RealMoments().now)
    return sum(
        erase(desk.database, desk.sealer, Tray(desk.tray), drafts, name).letters
        for name in recorded.reaction_ids()
        if name.endswith(f".{ReactionKind.ERASE}")
    )
