"""How an activity records what came of a reaction: one envelope, always the same for the same reaction."""

from activities.signatures import ReactionCall
from adapters.door import OWN_IDS
from models.envelope import Envelope


def outcome(call: ReactionCall, result: str, detail: str = "") -> Envelope:
    """Return the envelope that records a reaction's outcome, ``done`` or ``failed``."""
    return Envelope(
        id=f"{OWN_IDS}{call.reaction}/{result}",
        case=call.case,
        actor="engine",
        command="record_outcome",
        data={"reaction": call.reaction, "outcome": result, "detail": detail},
    )
