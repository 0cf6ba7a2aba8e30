"""How each day's root comes about: a Schedule starts ``Rooting``, which has it signed and brought to the witnesses."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from activities.signatures import RootAnswer, WitnessCall, make_root, witness_root
from models.base import Frozen

TAKING_IN = timedelta(minutes=30)
"""Longer than it takes to take in every head of a large desk, the first time."""
HANDING_OVER = timedelta(seconds=90)
"""Longer than a letter may take on its way."""
TODAY = timedelta(hours=20)
"""What has not come about by then is left to the next day's root, which covers everything this one would have."""
WITH_PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))


class Rooted(Frozen):
    """Which root was made, and which witnesses have it."""

    size: int
    witnessed: tuple[str, ...] = ()


@workflow.defn
class Rooting:
    """Has a root signed over all that is there, and tells the witnesses of it."""

    @workflow.run
    async def run(self) -> Rooted:
        """Sign, then tell all witnesses at once; one that stays away keeps no other from it."""
        root = await workflow.execute_activity(
            make_root,
            start_to_close_timeout=TAKING_IN,
            schedule_to_close_timeout=TODAY,
            retry_policy=WITH_PATIENCE,
            summary="the heads of all chains",
        )
        told = await asyncio.gather(*(self._told(root, each) for each in root.witnesses))
        witnessed = [each for each, has_it in zip(root.witnesses, told, strict=True) if has_it]
        return Rooted(size=root.size, witnessed=tuple(witnessed))

    async def _told(self, root: RootAnswer, witness: str) -> bool:
        try:
            return await workflow.execute_activity(
                witness_root,
                WitnessCall(size=root.size, witness=witness),
                start_to_close_timeout=HANDING_OVER,
                schedule_to_close_timeout=TODAY,
                retry_policy=WITH_PATIENCE,
                summary=witness,
            )
        except ActivityError:
            workflow.logger.warning("root_not_witnessed")
            return False
