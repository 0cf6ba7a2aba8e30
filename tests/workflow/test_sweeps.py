"""What every decision rests on changes under open cases: an order, a year's table. Each case is counted anew, once."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from temporalio.testing import WorkflowEnvironment

import tests.chaos.worker_process
from adapters import queries
from adapters.desk import Desk
from adapters.door import Order
from adapters.embedded import EmbeddedTemporal
from adapters.recounting import sweep
from models.clocks import MoveKind
from models.envelope import Envelope
from models.vocabulary import Flag
from tests.workflow.desks import Office, at_the_skipping_desk, client_of

MANY: Final = 1_000
KILLED_AT: Final = 550
"""The worker kills itself at this case: five batches are written by then, and nothing of the sixth."""
DAY: Final = timedelta(days=1)
WORKER: Final = Path(tests.chaos.worker_process.__file__)


@asynccontextmanager
async def a_worker(desk: Desk, kill_at: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process on a desk's folder, gone afterwards whatever happens."""
    settings = desk.settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(WORKER),
        str(settings.data),
        str(settings.temporal_address),
        settings.database_url,
        env={
            **os.environ,
            "BANJIE_KILL_AT": kill_at,
            "TEMPORAL_NAMESPACE": settings.temporal_namespace,
            "PYTHONPATH": str(WORKER.parents[2]),
        },
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def registered(office: Office, count: int, **fields: object) -> list[str]:
    """Register many petitions of the first desk asked, whose acceptance is due within a working day."""
    told = {"channel": "first_asked", "place": "白马乡", "summary": "夜间恶臭", **fields}
    envelopes = [
        Envelope.model_validate({"id": f"many-{place}", "actor": "clerk", "command": "register", "data": told})
        for place in range(count)
    ]
    orders = office.desk.door.take([Order([envelope]) for envelope in envelopes])
    return [order.answer()[0].case for order in orders]


def signed(first: date, last: date) -> dict[str, object]:
    return {
        "number": "督办令 1 号",
        "signatory": "county_deputy",
        "first": first.isoformat(),
        "last": last.isoformat(),
        "scan": {"sha256": "c" * 64, "name": "督办令1号.pdf"},
    }


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_an_order_moves_a_thousand_open_cases_once_each_though_the_worker_is_killed_midway(
    desk: Desk, dev_server: EmbeddedTemporal
) -> None:
    office = Office(desk, await client_of(desk))
    names = await asyncio.to_thread(registered, office, MANY, campaign="summer")
    others = await asyncio.to_thread(registered_elsewhere, office)
    await office.perform("open_campaign", "dispatcher", "campaign:summer", title="夏季攻势")
    today = desk.moments.now().date()
    receipt = await office.perform(
        "order_all_days", "dispatcher", "campaign:summer", order=signed(today - 2 * DAY, today + 60 * DAY)
    )
    assert receipt.facts.reactions == ("campaign:summer#2.1.move_to_all_days",)

    async with a_worker(desk, f"in_sweep:{KILLED_AT}") as worker:
        assert await asyncio.wait_for(worker.wait(), 120) == -9, "the worker was killed midway"
    half = moved(office, names)
    assert 0 < len(half) < MANY, "some had been moved, and some not"
    assert set(half.values()) == {1}
    assert office.case("campaign:summer").pending

    async with a_worker(desk):
        await office.until(lambda: not office.case("campaign:summer").pending, "all were gone through", within=200)
    assert moved(office, names) == dict.fromkeys(names, 1), "exactly one recount each"
    assert not moved(office, others), "what is not of the campaign is left alone"
    for name in names[:: MANY // 20]:
        case = office.case(name)
        assert Flag.ALL_DAYS in case.flags
        clock = case.clock("accept")
        assert clock is not None
        assert all(move.kind is MoveKind.RECOUNTED for move in clock.moves)
    assert sweep(desk.door, "campaign:summer#2.1.move_to_all_days") == 0, (
        "whoever goes through them again finds it done"
    )
    assert moved(office, names) == dict.fromkeys(names, 1)


def registered_elsewhere(office: Office) -> list[str]:
    told = {"channel": "first_asked", "place": "白马乡", "summary": "夜间恶臭"}
    orders = office.desk.door.take(
        [
            Order(
                [Envelope.model_validate({"id": f"other-{n}", "actor": "clerk", "command": "register", "data": told})]
            )
            for n in range(10)
        ]
    )
    return [order.answer()[0].case for order in orders]


def moved(office: Office, names: list[str]) -> Counter[str]:
    """How many recounts each of these cases has had, those without one left out."""
    wanted = set(names)
    return Counter(
        each.case
        for each in queries.recent(office.desk.database, 100_000)
        if each.event in {"moved_to_all_days", "moved_back", "recounted"} and each.case in wanted
    )


async def test_a_campaigns_order_ends_by_itself_and_its_cases_move_back(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        await office.perform("open_campaign", "dispatcher", "campaign:dc2026", title="督察整改")
        case = await office.petition(channel="first_asked", campaign="dc2026")
        # Thursday 5 to Thursday 12 March: the working day that acceptance has is the next day whatever it is.
        await office.perform("accept", "clerk", case)
        await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
        order = signed(date(2026, 3, 5), date(2026, 3, 12))
        await office.perform("order_all_days", "dispatcher", "campaign:dc2026", order=order)
        await office.settled()
        verify = office.case(case).clock("verify")
        assert verify is not None
        # Ten working days from Tuesday the 3rd: 3, 4, the eight days of the order.
        assert verify.due == datetime(2026, 3, 12, 16, tzinfo=UTC)
        during = await office.petition(channel="first_asked", campaign="dc2026")
        assert Flag.ALL_DAYS in office.case(during).flags
        await skipping.sleep(12 * DAY)
        await office.settled()
        told = ["campaign_opened", "all_days_ordered", "carried_out", "lapsed", "carried_out"]
        assert office.events("campaign:dc2026") == told
        for each in (case, during):
            assert Flag.ALL_DAYS not in office.case(each).flags
            assert office.events(each).count("moved_back") == 1
        after = await office.petition(channel="first_asked", campaign="dc2026")
        assert Flag.ALL_DAYS not in office.case(after).flags


async def test_a_years_table_counts_every_open_case_again_and_only_those_it_concerns(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping, datetime(2026, 12, 14, 1, tzinfo=UTC)) as office:
        whole = office.desk.door.book.world.calendars["statutory"].model_dump(mode="json", exclude_defaults=True)
        await office.perform("publish_calendar", "admin", "calendar:statutory", calendar=whole)
        concerned = await office.petition(channel="first_asked")
        await office.perform("accept", "clerk", concerned)
        untouched = await office.petition(channel="letter")
        close = office.case(concerned).clock("close")
        assert close is not None
        # Twenty working days from Tuesday 15 December: 13 of that month, 7 of a January nobody knows yet.
        assert (close.due, close.provisional) == (datetime(2027, 1, 11, 16, tzinfo=UTC), True)

        await office.perform("publish_table", "admin", "calendar:statutory", tables=[NEW_YEAR])
        await office.settled()
        assert office.events("calendar:statutory") == ["calendar_published", "table_published", "carried_out"]
        close = office.case(concerned).clock("close")
        assert close is not None
        # Friday 1 January is off, Saturday the 9th is worked for it.
        assert (close.due, close.provisional) == (datetime(2027, 1, 11, 16, tzinfo=UTC), False)
        assert office.events(concerned).count("recounted") == 1
        assert "recounted" not in office.events(untouched), "fifteen days are fifteen days"
        known = await office.known(concerned)
        assert known is not None
        assert known.alarm is not None
        assert known.seq == office.case(concerned).seq


NEW_YEAR: Final = {
    "year": 2027,
    "source": "国务院办公厅关于2027年部分节假日安排的通知",
    "version": "1",
    "off": {"2027-01-01": "元旦"},
    "work": {"2027-01-09": "元旦"},
}
