"""Temporal away for a day: the desk goes on as always; on return every case catches up and what was due rings once.

Promise 3. A day at this desk takes some seconds: the one injected clock of door and timers, as in a demonstration; it
is held while the test sets things up, so that what falls due is the same however slow the machine is.
"""

import asyncio
import contextlib
import time
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from structlog.testing import capture_logs
from temporalio.client import Client
from temporalio.service import RetryConfig

from adapters.codec import codec_of
from adapters.embedded import EmbeddedTemporal
from adapters.temporal import banjie_plugin
from models.vocabulary import Stage, Status
from tests.workflow.desks import Office, a_desk, running
from tests.workflow.lives import reviewed
from tests.workflow.moments import RunningMoments
from tests.workflow.rungs import coming, due, each_once_in_order, late, named, rings

TUESDAY: Final = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
SPEED: Final = 10 * 3600.0
"""Ten hours of the desk's in a second."""
AWAY: Final = timedelta(days=1)
"""How long Temporal is gone at least."""


async def test_the_desk_goes_on_and_everything_catches_up_once_and_in_order(tmp_path: Path) -> None:
    server = EmbeddedTemporal(tmp_path / "temporal", ui=False, restart=False)
    await asyncio.to_thread(server.start)
    try:
        moments = RunningMoments(TUESDAY, SPEED)
        desk = await asyncio.to_thread(a_desk, tmp_path / "desk", moments=moments, temporal_address=server.address)
        with contextlib.closing(desk), capture_logs() as logs:
            # A client that gives a call up soon stands for an outage that is longer than any client's patience.
            client = await Client.connect(
                server.address,
                plugins=[banjie_plugin(codec_of(desk.sealer.keys))],
                retry_config=RetryConfig(max_elapsed_time_millis=500),
            )
            async with running(desk, client) as office:
                await through_the_outage(office, server, moments, logs)
                # All may be caught up a moment before the relay has said so.
                await office.until(lambda: any(each["event"] == "relay_back" for each in logs), "the relay is back")
        told = [each["event"] for each in logs]
        assert told.count("relay_away") == told.count("relay_back") == 1
        assert "signal_stuck" not in told
    finally:
        await asyncio.to_thread(server.stop)


async def through_the_outage(
    office: Office, server: EmbeddedTemporal, moments: RunningMoments, logs: list[MutableMapping[str, Any]]
) -> None:
    silent = [await office.petition(channel="inspection") for _ in range(5)]
    accepted = await office.petition(channel="inspection")
    closing = await reviewed_petition(office)
    before = [*silent, accepted, closing]
    await office.settled()

    await asyncio.to_thread(server.stop)
    gone = moments.now()
    moments.let_go()
    quiet = {case: len(rings(office, case)) for case in before}
    ahead = {case: coming(office, case) for case in silent}
    began = time.monotonic()
    await office.perform("accept", "clerk", accepted)
    await office.perform("assign", "dispatcher", accepted, unit="enforcement", handler="li")
    await office.perform("approve", "reviewer", closing)
    fresh = await office.petition(channel="inspection")
    finished = await reviewed_petition(office)
    await office.perform("approve", "other_reviewer", finished)
    assert time.monotonic() - began < 5, "the desk waits for nobody"
    assert office.case(closing).status is office.case(finished).status is Status.CLOSED
    assert office.outbox() == 4

    await office.until(
        # Held while things were set up, the clock leaps when let go: a day may be over before the relay has looked.
        lambda: (
            moments.now() >= gone + AWAY
            and set(silent) <= late(office, moments.now())
            and any(each["event"] == "relay_away" for each in logs)
        ),
        "a day has passed at the desk, something is overdue in every case, and the relay has knocked in vain",
    )
    assert {case: len(rings(office, case)) for case in before} == quiet, "nothing rings without Temporal"
    back = moments.hold()
    await asyncio.to_thread(server.start)
    everybody = (*before, fresh, finished)
    await office.settled()
    await office.until(lambda: not late(office, back), "all that was due has rung")
    await office.settled()

    for case in everybody:
        each_once_in_order(office, case)
        assert all(each.recorded_at >= back for each in rings(office, case) if gone < due(each) <= back)
    for case in silent:
        owed = [each for each in ahead[case] if each[0] <= back]
        caught_up = [named(each) for each in rings(office, case)[quiet[case] :]]
        assert owed
        assert sorted(caught_up) == owed
    for case in (closing, finished):
        known = await office.known(case)
        assert known is not None
        assert known.stage is Stage.CLOSURE
    assert office.letters() == office.letters_owed()


async def reviewed_petition(office: Office) -> str:
    number = f"XF2026{900000 + len(office.cases())}"
    await reviewed(office, number)
    return number
