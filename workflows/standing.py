"""How a calendar and a campaign live: they stand, and when they change, every open case hears of it."""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import Leg, Process, Start


class Standing(Process):
    """The process manager of a standing stream; it ends when nothing is to come, and is started again by news."""

    async def in_force(self) -> None:
        """In force: a year's table may come, an order begin or end; then the open cases are counted again."""
        await self.stay(
            Leg(
                Stage.STANDING,
                "a year's table, or an order",
                "all_days: the order's last day",
                "the order ends by itself",
            )
        )


@workflow.defn
class Calendar(Standing):
    """A calendar's process manager."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the calendar's stream, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.in_force})


@workflow.defn
class Campaign(Standing):
    """A campaign's process manager."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the campaign's stream, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.in_force})
