"""Taking a petition in: the redacted summary goes through the door, the petitioner and their words under seal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from adapters.desk import Desk
from models.base import is_unclean
from models.envelope import Envelope, Receipt
from models.refusals import Malformed, OtherContent

TEXT_LIMIT: Final = 200_000
"""Characters of a petitioner's own words."""
WHO_LIMIT: Final = 200
"""Characters of a petitioner's name, or of the way to reach them."""
LIMITS: Final = {"text": TEXT_LIMIT, "petitioner": WHO_LIMIT, "contact": WHO_LIMIT}
"""What may be sealed, and how much of it."""


@dataclass(frozen=True)
class IntakeReceipt:
    """What the petitioner is told (case number, and the code to ask after it with), and the door's receipt."""

    case: str
    query_code: str
    receipt: Receipt


def intake(
    desk: Desk,
    fields: Mapping[str, JsonValue],
    *,
    actor: str,
    key: str,
    secret: Mapping[str, str] | None = None,
    via: Mapping[str, str] | None = None,
    occurred_at: datetime | None = None,
) -> IntakeReceipt:
    """Register a petition.

    Args:
        desk: the installation.
        fields: the fields of ``register``.
        actor: in whose name.
        key: makes the way repeatable: a key used before finds its receipt.
        secret: ``text``, ``petitioner`` and ``contact``, as far as known; sealed, never in an event.
        via: the way it came.
        occurred_at: when it came in, where that was earlier.

    Raises:
        Refused: why not; ``OtherContent`` where the key was used for another petition.
        ValidationError: the key or the actor is no clean line.
    """
    envelope = Envelope.model_validate(
        {
            "id": key,
            "actor": actor,
            "command": "register",
            "data": dict(fields),
            "occurred_at": occurred_at,
            "via": dict(via or {}),
        }
    )
    receipt = perform_sealed(desk, envelope, secret)
    return IntakeReceipt(receipt.case, desk.sealer.query_code(receipt.case), receipt)


def perform_sealed(
    desk: Desk, envelope: Envelope, secret: Mapping[str, str] | None = None, expected: int | None = None
) -> Receipt:
    """Perform an envelope whose command has a field ``sealed``, with what belongs under the seal.

    ``expected`` is the case's version as the asker knows it, where that matters.

    Raises:
        Refused: why not; ``OtherContent`` where the key sealed something else before.
    """
    kept = {name: value for name, value in (secret or {}).items() if value}
    if not kept:
        return desk.door.perform([envelope], expected=expected)[0]
    _check(kept)
    ref = desk.sealer.ref(envelope.id)
    sealed = envelope.model_copy(update={"data": {**envelope.data, "sealed": [ref]}})
    (receipt,) = desk.door.perform([sealed], secrets=[desk.sealer.seal(ref, kept)], expected=expected)
    if receipt.repeated:
        # What the door compares knows only that something was sealed, not what.
        before = desk.sealer.open(desk.database, ref)
        if before is not None and before != kept:
            raise OtherContent(envelope=envelope.id)
    return receipt


def _check(secret: Mapping[str, str]) -> None:
    for name, value in secret.items():
        if name not in LIMITS:
            raise Malformed(field=name, why=f"可密封 can be sealed: {', '.join(LIMITS)}")
        if len(value) > LIMITS[name]:
            raise Malformed(field=name, why=f"超过 {LIMITS[name]} 个字符 / more than {LIMITS[name]} characters")
        if "\0" in value or any("\ud800" <= mark <= "\udfff" for mark in value):
            raise Malformed(field=name, why="含有空字符或残缺字符 / holds a NUL or half a character")
        if name != "text" and any(is_unclean(mark) for mark in value):
            raise Malformed(field=name, why="含有不可见字符 / holds invisible characters")
