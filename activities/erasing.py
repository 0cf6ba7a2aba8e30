"""The activity that erases who complained, after it was decided."""

from temporalio import activity

from activities.discreet import discreet
from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters import queries
from adapters.door import Door
from adapters.drafts import Drafts
from adapters.erasing import erase
from adapters.letters.tray import Tray
from adapters.moments import RealMoments
from adapters.sealed import Sealer
from models.facts import Facts
from models.refusals import NotPending


class Erasing:
    """Destroys the keys of cases."""

    def __init__(self, door: Door, sealer: Sealer, tray: Tray) -> None:
        """Keep the door, the seal and the tray."""
        self.door, self.sealer, self.tray = door, sealer, tray
        self.drafts = Drafts(door.database, sealer, RealMoments().now)

    @activity.defn
    @discreet
    def erase(self, call: ReactionCall) -> Facts:
        """Destroy what the case had under seal, and record that it is done; killed midway, do it again."""
        erase(self.door.database, self.sealer, self.tray, self.drafts, call.reaction)
        try:
            (receipt,) = self.door.perform([outcome(call, "done")], trusted=True, answering=call.case)
        except NotPending:
            return queries.facts(self.door, call.case)
        return receipt.facts
