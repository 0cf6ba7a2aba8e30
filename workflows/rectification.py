"""How a rectification task lives: put right by its date, accepted by somebody else, and its petition told."""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import LADDER, Leg, Process, Start


@workflow.defn
class Rectification(Process):
    """A rectification task's process manager."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the case number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Live through the stages; a task sent back goes through them again."""
        return await self.live(
            start,
            {Stage.RECTIFICATION: self.rectification, Stage.REVIEW: self.review, Stage.OVER: self.over},
        )

    async def rectification(self) -> None:
        """Open: the unit puts it right by the date in the plan."""
        await self.stay(
            Leg(Stage.RECTIFICATION, "submit for review", "rectify (rectify_again after being sent back)", LADDER)
        )

    async def review(self) -> None:
        """Submitted: somebody who had no hand in it accepts the work, or sends it back."""
        await self.stay(Leg(Stage.REVIEW, "approve or send back", "task_review", LADDER))

    async def over(self) -> None:
        """Done or cancelled: the petition is told."""
        await self.stay(Leg(Stage.OVER, "its petition being told", "none", "nothing more is owed"))
