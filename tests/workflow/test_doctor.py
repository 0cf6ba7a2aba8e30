"""``banjie doctor`` looks at Temporal: whether it answers, and whether anybody works."""

import asyncio

from adapters.desk import Desk
from adapters.doctor.of_temporal import of_temporal
from tests.workflow.desks import client_of, running


async def looked(desk: Desk) -> dict[str, str]:
    found = await asyncio.to_thread(lambda: list(of_temporal(desk.settings)))
    return {each.check: each.state.value for each in found}


async def test_a_temporal_without_a_worker_is_told_and_with_one_all_is_well(desk: Desk) -> None:
    assert await looked(desk) == {"temporal": "well", "search_attributes": "well", "workers": "bad"}
    async with running(desk, await client_of(desk)) as office:

        async def well() -> bool:
            return set((await looked(desk)).values()) == {"well"}

        await office.until(well, "the worker seen")
