"""How a watch over one matter lives: as long as a storm lasts; between storms it needs no process manager."""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import LADDER, Leg, Process, Start


@workflow.defn
class Watch(Process):
    """A watch's process manager: it rings when a storm is not answered, and when it has calmed down."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the watch's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Live through the storm."""
        return await self.live(start, {Stage.WATCH: self.watch, Stage.OVER: self.over})

    async def watch(self) -> None:
        """A storm: a leader is to take note of it; a week without a filing, and it is over."""
        await self.stay(
            Leg(Stage.WATCH, "a leader's note or plan; further filings", "storm, and calm beside it", LADDER)
        )

    async def over(self) -> None:
        """Merged into another watch: what is still to be delivered is delivered."""
        await self.stay(Leg(Stage.OVER, "its last letters", "none", "nothing more is owed"))
