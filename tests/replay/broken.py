"""Process managers broken on purpose: each does one thing more, or one thing less, than what history tells.

They take the names of the real ones, so that the replayer runs them on the real ones' histories.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    # The sandbox would load it anew, which the plugin takes for a forgotten module.
    from workflows.petition import Petition

from models.facts import AlarmFact, Facts
from workflows.process import Leg, Start


class Broken(Petition):
    """Lives as a petition does, but for what a subclass breaks."""


@workflow.defn(name="Petition")
class AnotherActivity(Broken):
    """Looks into the ledger once more at every stage."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        return await super().run(start)

    async def stay(self, leg: Leg) -> None:
        await self._fetch()
        await super().stay(leg)


@workflow.defn(name="Petition")
class AnotherTimer(Broken):
    """Pauses a second at every stage."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        return await super().run(start)

    async def stay(self, leg: Leg) -> None:
        await workflow.sleep(timedelta(seconds=1))
        await super().stay(leg)


@workflow.defn(name="Petition")
class NoLetters(Broken):
    """Carries no reaction out."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        return await super().run(start)

    def _carry_out(self) -> None:
        """Leave it."""


@workflow.defn(name="Petition")
class NoRings(Broken):
    """Keeps quiet when an alarm's moment has come."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        return await super().run(start)

    async def _ring(self, alarm: AlarmFact) -> None:
        await workflow.wait_condition(lambda: self.now.alarm != alarm)


@workflow.defn(name="Petition")
class NoTimer(Broken):
    """Waits for news only."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        return await super().run(start)

    def _timer(self, alarm: AlarmFact | None) -> asyncio.Task[None] | None:
        del alarm
        return None


@workflow.defn(name="Petition")
class Hasty(Broken):
    """Leaves as soon as nothing is to come, whoever is still waiting for an answer."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        del start
        await workflow.wait_condition(lambda: self.facts is not None and self.facts.resting)
        return self.now


MORE_OR_LESS = (AnotherActivity, AnotherTimer, NoLetters, NoRings, NoTimer)
