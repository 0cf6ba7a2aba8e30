"""What was decided is done by the engine: also where nothing ran when it was decided, or it died over it."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from adapters import checking
from adapters.embedded import EmbeddedTemporal
from adapters.intake import intake
from adapters.sealed import DestroyedError
from tests.workflow.desks import a_desk, client_of, running

SECRET = {"petitioner": "欧阳金丝雀", "contact": "13900001234", "text": "夜里臭得睡不着"}
FIELDS = {"channel": "letter", "place": "白马乡", "summary": "夜间恶臭"}


async def test_an_erasure_decided_while_nothing_ran_is_carried_out_when_it_runs_and_again_where_it_died(
    tmp_path: Path, database_url: str, dev_server: EmbeddedTemporal, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        database_url,
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
    )
    with contextlib.closing(desk):
        client = await client_of(desk)
        receipt = await asyncio.to_thread(intake, desk, FIELDS, actor="clerk", key="k", secret=SECRET)
        case = receipt.case
        async with running(desk, client) as office:
            await office.perform("decline", "clerk", case, reason="线索不详")
            await office.settled()
            assert any("欧阳金丝雀" in path.read_text("utf-8") for path in desk.tray.glob("*.txt"))
        # Nothing runs while it is decided.
        await office.perform("propose_erasure", "clerk", case, grounds="request")
        await office.perform("erase", "magistrate", case, grounds="request")
        (ref,) = office.case(case).sealed
        assert desk.sealer.open(desk.database, ref) == SECRET
        deaths: list[int] = []
        real = desk.sealer.destroy

        def dying(*ids: str) -> int:
            found = real(*ids)
            if len(deaths) < 2:
                # Destroyed, but what comes after it is not done yet.
                deaths.append(found)
                raise ConnectionError
            return found

        monkeypatch.setattr(desk.sealer, "destroy", dying)
        async with running(desk, client) as office:
            await office.settled()
        assert deaths == [1, 0]
        with pytest.raises(DestroyedError):
            desk.sealer.open(desk.database, ref)
        assert not list(desk.tray.glob(f"{case}*"))
        assert office.events(case)[-2:] == ["erased", "carried_out"]
        assert checking.verify(desk.database).ok
