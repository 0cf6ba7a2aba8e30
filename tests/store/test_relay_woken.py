"""When the relay looks: whoever queues something while a round is on its way is not forgotten for it."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters import relay
from adapters.relay import Relay


async def test_what_is_queued_while_a_round_is_on_its_way_is_sent_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "POLL", 3600.0)
    door = SimpleNamespace(database=SimpleNamespace(is_sqlite=False), after=None)
    there = Relay(cast("Any", door), cast("Any", None), "queue")
    rounds, second = 0, asyncio.Event()

    async def once() -> int:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            there.wake()
            await asyncio.sleep(0)  # it is heard now, long after this round has claimed what it carries
        else:
            second.set()
        return 1

    async def nothing() -> None:
        """Temporal knows us."""

    monkeypatch.setattr(there, "once", once)
    monkeypatch.setattr(there, "_anchor", nothing)
    going = asyncio.create_task(there._relaying())
    try:
        async with asyncio.timeout(30):
            await second.wait()
    finally:
        going.cancel()
