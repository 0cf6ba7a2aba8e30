"""How an action plan lives: it opens its items and hears how they end; in between it needs no process manager."""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import Leg, Process, Start


@workflow.defn
class Plan(Process):
    """A plan's process manager."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the plan's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.standing})

    async def standing(self) -> None:
        """Under way or concluded: items are opened as they are added; each of them keeps its own time."""
        await self.stay(Leg(Stage.STANDING, "further items, its conclusion", "none", "its items keep their own time"))
