"""The activity that goes through all open cases after what they rest on has changed: a year's table, an order."""

from temporalio import activity

from activities.discreet import discreet
from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters import queries
from adapters.door import Door
from adapters.recounting import sweep
from models.facts import Facts
from models.refusals import NotPending


class Sweeping:
    """Goes through the open cases."""

    def __init__(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    @activity.defn
    @discreet
    def sweep(self, call: ReactionCall) -> Facts:
        """Give every open case its recount, once, and record that all have had it; killed midway, begin again."""
        sweep(self.door, call.reaction, progress=lambda done, _: activity.heartbeat(done))
        done = outcome(call, "done")
        try:
            (receipt,) = self.door.perform([done], trusted=True, answering=call.case)
        except NotPending:
            return queries.facts(self.door, call.case)
        return receipt.facts
