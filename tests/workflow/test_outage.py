"""Three days without a worker: the overdue rungs fire once on return, in order, each with when it was due and fired.

Three days at this desk take some seconds: the one injected clock of door and timers, held while the test sets up.
"""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.embedded import EmbeddedTemporal
from tests.workflow.desks import Office, a_desk, client_of, running
from tests.workflow.moments import RunningMoments
from tests.workflow.rungs import coming, due, each_once_in_order, late, named, rings

TUESDAY: Final = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
SPEED: Final = 10 * 3600.0
"""Ten hours of the desk's in a second."""
AWAY: Final = timedelta(days=3)
CHANNELS: Final = ("hotline", "first_asked", "inspection", "letter", "platform")


async def test_after_a_three_day_outage_every_overdue_rung_fires_once_in_order_with_both_its_moments(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    moments = RunningMoments(TUESDAY, SPEED)
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        moments=moments,
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
    )
    with contextlib.closing(desk):
        client = await client_of(desk)
        async with running(desk, client) as office:
            cases = [await office.petition(channel=channel) for channel in CHANNELS]
            for case in cases[:3]:
                await office.perform("accept", "clerk", case)
            await office.settled()
        nobody = Office(desk, client)
        before = {case: len(rings(nobody, case)) for case in cases}
        ahead = {case: coming(nobody, case) for case in cases}
        gone = moments.now()
        moments.let_go()
        await nobody.until(
            lambda: moments.now() >= gone + AWAY and len(late(nobody, moments.now())) >= 3,
            "three days have passed at the desk, and nobody was there to ring",
        )
        assert {case: len(rings(nobody, case)) for case in cases} == before
        back = moments.hold()
        async with running(desk, client) as office:
            await office.settled()
            await office.until(lambda: not late(office, back), "all that was due has rung")
            await office.settled()
        rung = 0
        for case in cases:
            owed = [each for each in ahead[case] if each[0] <= back]
            caught_up = rings(nobody, case)[before[case] :]
            assert sorted(map(named, caught_up)) == sorted(owed)
            assert all(due(each) <= back <= each.recorded_at for each in caught_up), "due then, fired now"
            each_once_in_order(nobody, case)
            rung += len(caught_up)
        assert rung >= 8, "three days of silence are worth some rungs"
        assert nobody.letters() == nobody.letters_owed(), "and whoever is to hear of it does"
