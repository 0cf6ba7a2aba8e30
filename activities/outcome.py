"""How an activity records what came of a reaction: one envelope, always the same for the same reaction."""

from pydantic import JsonValue

from activities.signatures import ReactionCall
from adapters.door import OWN_IDS
from models.envelope import Envelope


def outcome(call: ReactionCall, result: str, detail: str = "", **more: JsonValue) -> Envelope:
    """Return the envelope that records a reaction's outcome: ``done``, ``failed`` or ``unknown``.

    What else is told of a letter comes along; of two outcomes of one reaction only the first is taken.
    """
    told = {name: value for name, value in more.items() if value}
    return Envelope(
        id=f"{OWN_IDS}{call.reaction}/{result}",
        case=call.case,
        actor="engine",
        command="record_outcome",
        data={"reaction": call.reaction, "outcome": result, "detail": detail, **told},
    )
