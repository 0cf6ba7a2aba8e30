"""How a patrol lives: slot after slot by the weather, for years; a slot that nobody came in is told to its leader."""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.plan import Opening
from workflows.process import Leg, Process, Start


@workflow.defn
class Patrol(Process):
    """A patrol's process manager: it keeps the end of the slot that is owed."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the patrol's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Live slot by slot."""
        return await self.live(start, {Stage.PATROL: self.patrol})

    async def patrol(self) -> None:
        """Being patrolled: once in three dry days, in rain three times a day; the leader hears when nobody came."""
        await self.stay(
            Leg(
                Stage.PATROL,
                "somebody on site, the weather",
                "slot, and absence once one was missed",
                "the handler is reminded, the leader told; then the unit's head and the county",
            )
        )


@workflow.defn
class Station(Opening):
    """A weather station's process manager: it tells those who go by its weather."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the station's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.standing})
