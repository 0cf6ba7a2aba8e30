"""Payloads in tests: a codec of one key, for servers that no desk belongs to; and histories as the codec opens them."""

import asyncio
import base64
import json
from typing import Any, Final

from google.protobuf.json_format import MessageToDict, ParseDict
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory

from adapters.codec import ENCODING, EncryptionCodec
from adapters.keys.payloads import PayloadKeys
from adapters.keys.store import DataKey

_SHUT: Final = base64.b64encode(ENCODING).decode()


class OneKey(PayloadKeys):
    """A key of chance for all payloads, kept nowhere."""

    def __init__(self, key: bytes) -> None:
        self._opened = {"payload-000001-test": DataKey(key)}

    def current(self) -> tuple[str, DataKey]:
        return next(iter(self._opened.items()))

    def find(self, name: str) -> DataKey:
        return self._opened[name]


def one_key(key: bytes = bytes(range(32))) -> EncryptionCodec:
    """A codec that needs no keystore."""
    return EncryptionCodec(OneKey(key))


async def opened(shown: Any, codec: EncryptionCodec) -> Any:
    """JSON as Temporal shows it, with every payload in it opened, also those that hold what a failure said."""
    if isinstance(shown, list):
        return list(await asyncio.gather(*(opened(each, codec) for each in shown)))
    if not isinstance(shown, dict):
        return shown
    if shown.get("metadata", {}).get("encoding") == _SHUT and "data" in shown:
        (plain,) = await codec.decode([ParseDict(shown, Payload())])
        return MessageToDict(plain)
    return {name: await opened(each, codec) for name, each in shown.items()}


async def told(history: WorkflowHistory, codec: EncryptionCodec) -> dict[str, Any]:
    """A history as JSON, opened."""
    found: dict[str, Any] = await opened(history.to_json_dict(), codec)
    return found


def shut_in(shown: Any) -> int:
    """How many payloads somewhere in JSON are encrypted."""
    return json.dumps(shown).count(_SHUT)
