"""How a petition lives, from intake to the last look-back: each stage by name, what it waits for, what silence does.

A stage waits for the next event of the case or for its next alarm; the rules of both are rows of the lifecycle and of
the policy. The manager never decides anything: it keeps the time, rings, and sees to it that what was decided is done.
"""

from temporalio import workflow

from models.facts import Facts
from models.vocabulary import Stage
from workflows.process import LADDER, Leg, Process, Start


@workflow.defn
class Petition(Process):
    """A petition's process manager: one for each petition, alive as long as anything is to come."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Begin with the case number, or with what the run before knew."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        """Live through the stages in whatever order the case takes them."""
        return await self.live(
            start,
            {
                Stage.INTAKE: self.intake,
                Stage.ASSIGNMENT: self.assignment,
                Stage.VERIFICATION: self.verification,
                Stage.RECTIFICATION: self.rectification,
                Stage.REVIEW: self.review,
                Stage.CLOSURE: self.closure,
                Stage.RECONSIDERATION: self.reconsideration,
                Stage.SIGN_OFF: self.sign_off,
                Stage.LOOK_BACK: self.look_back,
                Stage.OVER: self.over,
            },
        )

    async def intake(self) -> None:
        """Registered: the desk owes the petitioner an answer whether the petition is accepted."""
        await self.stay(Leg(Stage.INTAKE, "accept, decline or refer", "accept", LADDER))

    async def assignment(self) -> None:
        """Accepted: somebody must be made to answer for it. A case without a unit climbs the ladder like any other."""
        await self.stay(Leg(Stage.ASSIGNMENT, "assign", "assign, and close beside it", LADDER))

    async def verification(self) -> None:
        """Assigned: the unit goes and looks, or says with reasons that it is not theirs while it still may."""
        await self.stay(
            Leg(
                Stage.VERIFICATION,
                "record findings, or object",
                "verify, and close beside it; object is the time to say it is not ours",
                f"the time to object lapses; {LADDER}",
            )
        )

    async def rectification(self) -> None:
        """Verified: what was found is put right, at once or by dated tasks, each a case of its own."""
        await self.stay(
            Leg(Stage.RECTIFICATION, "a plan, its tasks done, submit for review", "close; each task its own", LADDER)
        )

    async def review(self) -> None:
        """Submitted: somebody who had no hand in it looks, and approves or sends back."""
        await self.stay(
            Leg(Stage.REVIEW, "approve, close for now, or send back", "review, and close beside it", LADDER)
        )

    async def closure(self) -> None:
        """Closed: the petitioner is owed a written reply, and may ask for reconsideration; the sign-off is due."""
        await self.stay(
            Leg(
                Stage.CLOSURE,
                "reply; apply for sign-off; or what is left after closing for now",
                "reply, reconsider_window, sign_off (interim, where closed for now)",
                f"the window to ask for reconsideration lapses; {LADDER}",
            )
        )

    async def reconsideration(self) -> None:
        """Reconsidered: a leader without a hand in it upholds the opinion, or has the case handled again."""
        await self.stay(Leg(Stage.RECONSIDERATION, "a decision", "reconsider", LADDER))

    async def sign_off(self) -> None:
        """Sign-off applied for: accepted on site, countersigned, published, struck off, each step by somebody else."""
        await self.stay(Leg(Stage.SIGN_OFF, "the steps up to striking off", "sign_off", LADDER))

    async def look_back(self) -> None:
        """Signed off: somebody goes and looks again, three times; then the life of the petition is over."""
        await self.stay(Leg(Stage.LOOK_BACK, "a reason to reopen", "look_back", "look-backs at 30, 90 and 180 days"))

    async def over(self) -> None:
        """Declined, referred or withdrawn: what is still to be delivered is delivered."""
        await self.stay(
            Leg(
                Stage.OVER,
                "its last letters",
                "none, or delivery",
                "nothing more is owed, but for a letter that did not arrive",
            )
        )
