"""The certificate of an erasure: what was destroyed of which case, decided by whom in which role; it names no person.

A signed note (as the roots of the log are): a title, one line of canonical JSON, and signatures by the keys that sign
the roots. It is made from the ledger and the keystore alone, so it can be made again, and held against both.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from adapters import queries, tables
from adapters.desk import Desk
from adapters.erasing import keys_of
from adapters.keys.tables import data_keys
from adapters.roots import keys as signing
from adapters.roots import making, origins
from adapters.words import term_of
from models.canonical import canonical
from models.checkpoint import CheckpointError, Note, VerifyingKey, note_of
from models.erasure_refusals import NotErased
from models.event import Recorded
from models.refusals import Unknown
from models.vocabulary import ErasureGrounds, Flag, Role

TITLE: Final = "办结 删除证明 banjie certificate of erasure v1"
AT_ONCE: Final = 500


@dataclass(frozen=True)
class Judged:
    """What a certificate says and what speaks against it, in both languages; nothing where it holds."""

    body: Mapping[str, Any]
    wrong: tuple[tuple[str, str], ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.wrong


def certificate(desk: Desk, number: str) -> str:
    """Return the certificate of a case's latest erasure, signed.

    Raises:
        Unknown: there is no such case.
        NotErased: nothing of it was erased, or a key is still there.
        SigningKeyMissingError: the key that signs is not on this machine.
    """
    body = body_of(desk, number)
    if held(desk, body["keys"]):
        raise NotErased(case=number)
    return _signed(desk, f"{TITLE}\n{canonical(body)}\n").whole


def body_of(desk: Desk, number: str) -> dict[str, Any]:
    """Return what a certificate says.

    Raises:
        Unknown: there is no such case.
        NotErased: nothing of it was erased.
    """
    case = queries.case(desk.database, number)
    history = queries.history(desk.database, number)
    erased = next((each for each in reversed(history) if each.event.name == "erased"), None)
    if erased is None or Flag.ERASED not in case.flags:
        raise NotErased(case=number)
    before = [each for each in history if each.event.name == "erasure_proposed" and each.seq < erased.seq]
    proposed = before[-1] if before else None
    organisation = desk.world().organisation
    then = queries.folded_until(desk.database, number, erased.seq)
    return {
        "case": number,
        "organisation": organisation.name if organisation else "",
        "policy": erased.policy,
        "grounds": str(erased.event.said["grounds"]),
        "proposed": _step(desk, proposed) if proposed else None,
        "decided": _step(desk, erased),
        "two_people": proposed is not None and proposed.actor != erased.actor,
        "seals": len(then.sealed),
        "keys": sorted(keys_of(desk.database, then, erased)),
    }


def _step(desk: Desk, recorded: Recorded) -> dict[str, Any]:
    return {
        "role": recorded.event.role.value,
        "at": _instant(recorded),
        "event": recorded.seq,
        "hash": _hash(desk, recorded.case, recorded.seq),
    }


def _instant(recorded: Recorded) -> str:
    return recorded.recorded_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _hash(desk: Desk, case: str, seq: int) -> str:
    columns = tables.events.c
    query = sa.select(columns.hash).where(columns.case_id == case, columns.seq == seq)
    with desk.database.reading() as connection:
        return str(connection.execute(query).scalar_one())


def held(desk: Desk, ids: Iterable[str]) -> frozenset[str]:
    """Return which of some data keys the keystore still has."""
    desk.sealer.keys.ready()
    wanted = sorted(ids)
    found: set[str] = set()
    with desk.sealer.keys.database.reading() as connection:
        for start in range(0, len(wanted), AT_ONCE):
            query = sa.select(data_keys.c.id).where(data_keys.c.id.in_(wanted[start : start + AT_ONCE]))
            found |= set(connection.execute(query).scalars())
    return frozenset(found)


def _signed(desk: Desk, text: str) -> Note:
    making.ready(desk.database, desk.settings.data, desk.moments.now())
    with desk.database.reading() as connection:
        name = origins.every(connection)[-1].name
        return signing.sign(desk.settings.data, signing.known(connection), name, text)


def judge(desk: Desk, whole: str) -> Judged:
    """Hold a certificate against the ledger and the keystore."""
    try:
        note = note_of(whole.replace("\r\n", "\n"))
        title, line, rest = note.text.split("\n")
        body = json.loads(line)
    except (CheckpointError, ValueError):
        title, rest, body, note = "", "", {}, Note("", ())
    if title != TITLE or rest or not isinstance(body, dict) or not isinstance(body.get("keys"), list):
        return Judged({}, (("不是删除证明", "it is no certificate of erasure"),))
    wrong: list[tuple[str, str]] = []
    if not _is_signed(desk, note):
        wrong.append(("签名不符：内容被改动，或由别的台账出具", "the signature is wrong: altered, or another ledger's"))
    try:
        # What the bureau is called may change.
        if {**body_of(desk, str(body.get("case"))), "organisation": ""} != {**body, "organisation": ""}:
            wrong.append(("与台账不一致", "the ledger tells it otherwise"))
    except (Unknown, NotErased):
        wrong.append(("台账中没有这次删除（可能是由较早的备份恢复）", "the ledger knows of no such erasure"))
    if back := held(desk, map(str, body["keys"])):
        wrong.append((f"密钥库中又有已销毁的密钥 {len(back)} 把", f"{len(back)} of its keys are in the keystore again"))
    return Judged(body, tuple(wrong))


def _is_signed(desk: Desk, note: Note, trusted: Iterable[VerifyingKey] = ()) -> bool:
    with desk.database.reading() as connection:
        names = [each.name for each in origins.every(connection)]
        known = [VerifyingKey(name, key.public) for name in names for key in signing.known(connection)]
    return bool(signing.signed_by(note, dict.fromkeys((*known, *trusted))))


@dataclass(frozen=True)
class Again:
    """How many ``keys`` were destroyed again, and the places (from 0) of the certificates that counted for nothing."""

    keys: int
    unheeded: tuple[int, ...]


def erase_again(desk: Desk, wholes: Iterable[str], trusted: Iterable[VerifyingKey] = ()) -> Again:
    """Destroy again what certificates tell was erased, after a restore from before.

    The restored ledger need not know of the erasure: a certificate kept beside the backups does. Only those count that
    are signed by a key that the ledger knows or that is ``trusted`` (from paper or a witness: a ledger of before knows
    no key of after), and only keys of the petitioner's seals and files: whoever forges one destroys nothing.
    """
    gone, unheeded, trusted = 0, [], tuple(trusted)
    for place, whole in enumerate(wholes):
        judged = judge(desk, whole)
        if judged.body and _is_signed(desk, note_of(whole.replace("\r\n", "\n")), trusted):
            gone += desk.sealer.destroy(*_theirs(desk, map(str, judged.body["keys"])))
        else:
            unheeded.append(place)
    return Again(gone, tuple(unheeded))


def _theirs(desk: Desk, ids: Iterable[str]) -> list[str]:
    wanted = sorted(ids)
    columns = (tables.sealed.c.key_id, tables.attachments.c.key_id)
    with desk.database.reading() as connection:
        queries_ = [sa.select(column).where(column.in_(wanted)) for column in columns]
        return sorted({key for query in queries_ for key in connection.execute(query).scalars()})


def told(body: Mapping[str, Any]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Return what a certificate says, line by line, each a label and a value in both languages."""
    grounds = term_of(ErasureGrounds, body["grounds"])
    lines = [
        (("出具单位", "Issued by"), (body["organisation"], body["organisation"])),
        (("案件编号", "Case"), (body["case"], body["case"])),
        (("办理规则", "Policy"), (body["policy"], body["policy"])),
        (("依据", "Grounds"), (grounds.zh, grounds.en) if grounds else ("", "")),
    ]
    for name, zh, en in (("proposed", "提出", "Proposed"), ("decided", "决定", "Decided")):
        if step := body[name]:
            role = term_of(Role, step["role"])
            value = f"{step['at']} · #{step['event']} · {step['hash']}"
            lines.append(((zh, en), (f"{role.zh} · {value}", f"{role.en} · {value}") if role else (value, value)))
    two = ("是", "yes") if body["two_people"] else ("否", "no")
    lines += [
        (("由两人分别提出和决定", "Proposed and decided by two people"), two),
        (("密封内容份数", "Seals"), (str(body["seals"]),) * 2),
        (("销毁的密钥", "Keys destroyed"), (str(len(body["keys"])),) * 2),
    ]
    return lines
