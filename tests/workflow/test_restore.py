"""A backup taken in the middle of load is restored into an empty folder, and every case goes on: the ledger wins."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

from structlog.testing import capture_logs
from temporalio.client import WorkflowExecutionStatus

from adapters import checking, relay
from adapters.backup import Progress
from adapters.backup.restoring import restore
from adapters.backup.taking import take
from adapters.desk import Desk
from adapters.reviving import revive
from adapters.settings import Settings
from models.vocabulary import Status
from tests.workflow.desks import Office, a_desk, client_of, running


@contextlib.contextmanager
def quiet(label: str) -> Iterator[Progress]:
    assert label
    yield lambda *_: None


async def load(office: Office, acknowledged: list[tuple[str, int]]) -> None:
    """Register, accept and assign petitions for ever, keeping each receipt."""
    while True:
        case = await office.petition()
        for command, actor, data in (
            ("accept", "clerk", {}),
            ("assign", "dispatcher", {"unit": "enforcement", "handler": "li"}),
        ):
            receipt = await office.perform(command, actor, case, **data)
            acknowledged.append((case, receipt.seq))


async def test_restored_in_the_middle_of_load_while_temporal_remembers_what_never_was(
    desk: Desk, tmp_path: Path
) -> None:
    client = await client_of(desk)
    acknowledged: list[tuple[str, int]] = []
    async with running(desk, client) as office:
        loading = asyncio.create_task(load(office, acknowledged))
        await office.until(lambda: len(acknowledged) >= 10, "some cases are under way")
        until_then = list(acknowledged)
        taken = await asyncio.to_thread(take, desk, tmp_path / "out", tmp_path / "keys", quiet)
        here = len(acknowledged)
        await office.until(lambda: len(acknowledged) >= here + 8, "the desk has gone on")
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)
        await office.settled()
        lost = {case.id for case in office.cases()}
    # The machine burns down here. What Temporal knows is of a later moment than the backup.
    elsewhere = Settings.load(
        data=tmp_path / "new",
        temporal_address=desk.settings.temporal_address,
        temporal_namespace=desk.settings.temporal_namespace,
    )
    done = await asyncio.to_thread(restore, tmp_path / "out", tmp_path / "keys", elsewhere, quiet, by="os:tester")
    assert taken.ledger.manifest.head == done.manifest.head
    with (
        contextlib.closing(
            await asyncio.to_thread(
                a_desk,
                elsewhere.data,
                temporal_address=elsewhere.temporal_address,
                temporal_namespace=elsewhere.temporal_namespace,
            )
        ) as new,
        capture_logs() as logs,
    ):
        async with running(new, client) as office:
            office.envelopes = itertools.count(10_000)
            office.villages = itertools.count(200)
            await office.settled()
            kept = {case.id: case for case in office.cases()}
            assert set(kept) < lost
            # Acknowledged before the backup began is present, whatever came later is not, and nobody knows of it.
            assert all(kept[case].seq >= seq for case, seq in until_then)
            strangers = lost - set(kept)
            for case in strangers:
                assert await office.status(case) is WorkflowExecutionStatus.TERMINATED
            for case in kept:
                assert await office.known(case) == new.door.facts(office.case(case))
            assert office.letters() >= office.letters_owed()
            # A number that was given in the time that is lost is given again, and its manager knows the new case.
            again = await office.petition()
            assert again in strangers
            await office.perform("accept", "clerk", again)
            await office.settled()
            assert await office.known(again) == new.door.facts(office.case(again))
            # A case of before goes on.
            going = next(case for case in kept.values() if case.status is Status.ASSIGNED)
            await office.perform("note", "clerk", going.id, text="恢复后继续办理")
            await office.settled()
            assert checking.verify(new.database).ok
            assert checking.rebuild(new.database, check=True).ok
        assert [each["cases"] for each in logs if each["event"] == "revived"] == [done.waiting]
        assert {each["event"] for each in logs} >= {"strangers_ended"}
        # It is begun anew once; the next start of the engine leaves all as it is.
        async with running(new, client) as office:
            before = {case: (await office.handle(case).describe()).run_id for case in kept}
            await office.settled()
            assert {case: (await office.handle(case).describe()).run_id for case in kept} == before
        assert len([each for each in logs if each["event"] == "revived"]) == 1


async def test_revive_starts_what_was_lost_and_leaves_alone_what_lives(desk: Desk) -> None:
    async with running(desk, await client_of(desk)) as office:
        lost, lives = await office.petition(), await office.petition()
        await office.settled()
        run = (await office.handle(lives).describe()).run_id
        await office.handle(lost).terminate("lost")
        counted: list[tuple[int, int]] = []
        count = await asyncio.to_thread(revive, desk.door, lambda done, total: counted.append((done, total)))
        assert counted[-1] == (count, count)
        await office.until(lambda: office.outbox() == 0, "all is sent")
        assert await office.status(lost) is WorkflowExecutionStatus.RUNNING
        await office.settled()
        assert await office.known(lost) == desk.door.facts(office.case(lost))
        assert (await office.handle(lives).describe()).run_id == run
        # Where the managers themselves are in doubt, all are started anew.
        await asyncio.to_thread(revive, desk.door, afresh=True)
        await office.until(lambda: office.outbox() == 0, "all is sent")
        await office.settled()
        assert (await office.handle(lives).describe()).run_id != run
        assert len(office.events(lives)) == office.case(lives).seq


async def test_a_case_that_is_to_be_started_anew_still_is_when_something_happens_to_it_first(desk: Desk) -> None:
    client = await client_of(desk)
    async with running(desk, client) as office:
        case = await office.petition()
        await office.settled()
        run = (await office.handle(case).describe()).run_id
    await asyncio.to_thread(revive, desk.door, afresh=True)
    await office.perform("accept", "clerk", case)
    sender = relay.Relay(desk.door, client, desk.settings.task_queue)
    (claimed,) = [each for each in await asyncio.to_thread(sender._claim) if each.case == case]
    assert (claimed.seq, claimed.afresh) == (office.case(case).seq, True)
    # Asked for anew while it is being sent: the row that was sent is not the one that waits.
    await asyncio.to_thread(revive, desk.door, afresh=True)
    await asyncio.to_thread(sender._settle, [relay.Claimed(case, claimed.seq, claimed.facts, 0, afresh=False)], [None])
    assert office.outbox()
    async with running(desk, client) as office:
        await office.settled()
        assert (await office.handle(case).describe()).run_id != run
