"""How an action plan and a site live: they open tasks and hear how these end; in between nothing runs for them."""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import Leg, Process, Start


class Opening(Process):
    """The process manager of what opens tasks; it ends when they are opened, and is started again by news."""

    async def standing(self) -> None:
        """Standing: tasks are opened as they come; each of them keeps its own time."""
        await self.stay(Leg(Stage.STANDING, "further tasks", "none", "its tasks keep their own time"))


@workflow.defn
class Plan(Opening):
    """A plan's process manager."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the plan's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.standing})


@workflow.defn
class Site(Opening):
    """A site's process manager."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the site's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.standing})
