"""How the leaders' meetings come about: a Schedule starts ``Convening``, which makes one, with its letters."""

from datetime import timedelta

from temporalio import workflow

from activities.signatures import ConveneAnswer, ConveneCall, convene
from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import PATIENT, Leg, Process, Start

COUNTING = timedelta(minutes=10)
"""Longer than a pack of a large desk takes to be counted."""
MOMENT = timedelta(seconds=1)
"""How long to wait where the desk's clock is a little behind ours."""


@workflow.defn
class Dispatch(Process):
    """A meeting's process manager: the letters that tell of its pack are delivered."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the meeting's number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Stand."""
        return await self.live(start, {Stage.STANDING: self.standing})

    async def standing(self) -> None:
        """Its decisions live as instructions of their cases; here only letters are under way."""
        await self.stay(Leg(Stage.STANDING, "its letters", "none", "each decision's case keeps its own time"))


@workflow.defn
class Convening:
    """Has a series' pack made when it is due; where a day off moves the meeting, it waits for the working day."""

    @workflow.run
    async def run(self, call: ConveneCall) -> ConveneAnswer:
        """Make what is due, and go on while a meeting of a day that is here is still to come."""
        while True:
            answer = await workflow.execute_activity(
                convene,
                call,
                start_to_close_timeout=COUNTING,
                retry_policy=PATIENT,
                summary=call.series.en,
            )
            if answer.again_at is None:
                return answer
            left = max(answer.again_at - workflow.now(), MOMENT)
            await workflow.sleep(left, summary=f"{call.series.en}: the next working day")
