"""An envelope read before its turn at the door, while another transaction may still be waiting for its disk."""

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from models import refusals
from models.canonical import canonical
from models.commands import Command
from models.envelope import Envelope, command_of

T = TypeVar("T")
SAME: Final = "^"
"""As an envelope's case: the case of the envelope before it in the same order."""


class Brought(NamedTuple):
    """An envelope, its text, the digest it is known again by, and its command; or why one of them cannot be had."""

    envelope: Envelope
    text: str | Exception
    digest: str | Exception
    command: Command | Exception


def read(envelope: Envelope) -> Brought:
    """Read an envelope; what is wrong with it is told when its turn comes."""
    return Brought(
        envelope,
        _tried(lambda: envelope.model_dump_json(exclude_unset=True)),
        _tried(lambda: _digest(envelope)),
        _tried(lambda: command_of(envelope)),
    )


def sound(found: T | Exception) -> T:
    """Return what was read, or raise why it could not be."""
    if isinstance(found, Exception):
        raise found
    return found


def _tried(work: Callable[[], T]) -> T | Exception:
    try:
        return work()
    except Exception as fault:  # noqa: BLE001 - whatever it was, it is this caller's answer, in its turn
        return fault


def _digest(envelope: Envelope) -> str:
    content = [envelope.case, envelope.actor, envelope.command, envelope.data]
    try:
        return hashlib.sha256(canonical(content).encode()).hexdigest()
    except (ValueError, RecursionError):
        # Not a number, half a character, a thousand levels: what has no canonical text cannot be kept.
        raise refusals.Malformed(field="data", why="不是规范的 JSON 内容 / not plain JSON") from None
