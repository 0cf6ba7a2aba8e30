"""A round of looking back on the real server: the engine opens again what came back, or says why not."""

import asyncio
import contextlib
from pathlib import Path

from adapters.embedded import EmbeddedTemporal
from models.vocabulary import Status
from tests.workflow.desks import a_desk, client_of, running

CAMPAIGN = "campaign:dc2026"
FINDING = {"point": "夜间臭味", "verdict": "substantiated", "text": "属实"}


async def test_a_petition_that_came_back_is_opened_again_and_one_that_is_open_already_is_told_so(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            await office.perform("open_campaign", "dispatcher", CAMPAIGN, title="中央督察")
            held, back, again = [await office.petition(campaign="dc2026", imported=True) for _ in range(3)]
            for case in (held, back, again):
                await office.perform("record_history", "clerk", case, state="closed", findings=[FINDING])
            await office.perform("begin_look_back", "dispatcher", CAMPAIGN, to_check=[held, back, again])
            await office.perform("reopen", "dispatcher", again, reason="群众再次反映")
            for case, outcome in ((held, "held"), (back, "back"), (again, "back")):
                told = {"petition": case, "outcome": outcome, "text": "现场查看"}
                await office.perform("record_look_back", "dispatcher", CAMPAIGN, **told)
            await office.settled(CAMPAIGN, back, again)
            assert [office.case(each).status for each in (held, back, again)] == [
                Status.CLOSED,
                Status.ACCEPTED,
                Status.ACCEPTED,
            ]
            assert office.history(back)[-1].event.said["reason"] == "回头看发现反弹（中央督察）"
            assert [each for each in office.events(CAMPAIGN) if "carried" in each] == ["carried_out", "not_carried_out"]
            assert office.case(CAMPAIGN).pending == ()
