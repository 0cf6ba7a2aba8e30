"""What goes to Temporal is encrypted on its way there and opened on its way back: its database reads as nothing.

AES-256-GCM under a data key of the keystore, the key's id beside it, in the form of Temporal's own samples
(``binary/encrypted``), so that a client in any language can do the same. What was stored before there was a codec
passes through as it is. All this happens outside the workflows: no workflow ever waits for a key.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from adapters import SetupError
from adapters.keys.payloads import PayloadKeys
from adapters.keys.ring import SealError
from adapters.keys.store import DataKey, Keystore

ENCODING: Final = b"binary/encrypted"
KEY_ID: Final = "encryption-key-id"
LOOK_AGAIN: Final = 60.0
"""Seconds after which it is looked whether a rotation has brought in a newer key."""
FREE: Final = ""
"""The samples bind what is encrypted to no name."""

log = structlog.get_logger("banjie.codec")


class EncryptionCodec(PayloadCodec):
    """Encrypts and opens payloads with the keys of a keystore.

    Args:
        keys: the keystore's keys for payloads.
        clock: seconds, ever more.
    """

    def __init__(self, keys: PayloadKeys, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the keys; none is read yet."""
        self.keys, self.clock = keys, clock
        self._current: tuple[str, DataKey] | None = None
        self._looked = clock()

    async def ready(self) -> tuple[str, DataKey]:
        """Read the current key, or make the first one, and return it with its id.

        Raises:
            SetupError: the keystore does not answer, or a wrapping key is not on this machine.
        """
        found = self._current = await asyncio.to_thread(self.keys.current)
        self._looked = self.clock()
        return found

    async def encode(self, payloads: Iterable[Payload]) -> list[Payload]:
        """Return payloads encrypted under the current key.

        Raises:
            SetupError: there is none yet, and the keystore does not answer.
        """
        name, key = await self._key()
        return [_shut(each, name, key) for each in payloads]

    async def decode(self, payloads: Iterable[Payload]) -> list[Payload]:
        """Return payloads opened; what is not encrypted stays as it is.

        Raises:
            DestroyedError: the keystore has no such key.
            SealError: one does not open: its wrapping key is not on this machine, or it was altered.
            DatabaseAwayError: the keystore does not answer.
        """
        return [await self._read(each) if is_encrypted(each) else each for each in payloads]

    async def _key(self) -> tuple[str, DataKey]:
        if self._current is None:
            return await self.ready()
        if self.clock() - self._looked > LOOK_AGAIN:
            # Whoever comes meanwhile goes on with the key that is known.
            self._looked = self.clock()
            try:
                self._current = await asyncio.to_thread(self.keys.current)
            except SetupError as fault:
                log.warning("payload_key_not_looked_up", fault=type(fault).__name__)
        return self._current

    def opened_or_shut(self, payload: Payload) -> Payload:
        """Return a payload opened, or as it is where it does not open; blocks.

        Raises:
            DatabaseAwayError: the keystore does not answer.
        """
        if not is_encrypted(payload):
            return payload
        try:
            return _opened(payload, self.keys.find(_key_id(payload)))
        except SealError:
            return payload

    async def _read(self, payload: Payload) -> Payload:
        name = _key_id(payload)
        key = self.keys.known(name)
        if key is None:
            key = await asyncio.to_thread(self.keys.find, name)
        return _opened(payload, key)


def _key_id(payload: Payload) -> str:
    return payload.metadata.get(KEY_ID, b"").decode("ascii", "replace")


def _shut(payload: Payload, name: str, key: DataKey) -> Payload:
    metadata = {"encoding": ENCODING, KEY_ID: name.encode()}
    return Payload(metadata=metadata, data=key.shut(payload.SerializeToString(), FREE))


def _opened(payload: Payload, key: DataKey) -> Payload:
    try:
        return Payload.FromString(key.open(payload.data, FREE))
    except (InvalidTag, ValueError, DecodeError):
        zh, en = "Temporal 中的内容无法打开：密钥不符或内容被改动", "A payload does not open: wrong key or altered"
        raise SealError(zh, en) from None


def is_encrypted(payload: Payload) -> bool:
    """Tell whether a payload is one that this codec encrypted, or a sample's would."""
    return payload.metadata.get("encoding") == ENCODING


class NotPayloadsError(ValueError):
    """What was handed in is no payload."""


def opened_json(keys: Keystore, payloads: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return payloads opened, both as Temporal writes them in JSON; one that does not open stays as it is.

    Raises:
        NotPayloadsError: one is no payload.
        DatabaseAwayError: the keystore does not answer.
    """
    codec = codec_of(keys)
    return [MessageToDict(codec.opened_or_shut(each)) for each in _read(payloads)]


def shut_json(keys: Keystore, payloads: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return payloads encrypted under the current key, likewise.

    Raises:
        NotPayloadsError: one is no payload.
        SetupError: the keystore does not answer, or a wrapping key is not on this machine.
    """
    given = _read(payloads)
    current = PayloadKeys(keys).current() if given else None
    return [MessageToDict(_shut(each, *current)) for each in given if current]


def _read(payloads: Iterable[Mapping[str, object]]) -> list[Payload]:
    try:
        return [ParseDict(dict(each), Payload()) for each in payloads]
    except ParseError:
        raise NotPayloadsError from None


def codec_of(keys: Keystore) -> EncryptionCodec:
    """Return the codec of an installation."""
    return EncryptionCodec(PayloadKeys(keys))
