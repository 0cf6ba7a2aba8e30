"""``evolve``: the case after an event. It only copies; every rule was applied when the event was decided."""

from collections.abc import Iterable

from models.case import Case
from models.event import Recorded


def evolve(case: Case | None, recorded: Recorded) -> Case:
    """Return the case after one more event.

    Args:
        case: the case before, None before its first event.
        recorded: the event, whose ``seq`` must follow the case's.

    Raises:
        ValueError: the event does not follow.
    """
    event = recorded.event
    before = case or Case(id=recorded.case, kind=recorded.kind, policy=recorded.policy)
    if recorded.seq != before.seq + 1 or recorded.case != before.id:
        message = f"event {recorded.case}/{recorded.seq} does not follow {before.id}/{before.seq}"
        raise ValueError(message)
    update: dict[str, object] = {name: getattr(event.sets, name) for name in event.sets.model_fields_set}
    if event.clocks or event.stops:
        gone = {clock.name for clock in event.clocks} | set(event.stops)
        kept = [clock for clock in before.clocks if clock.name not in gone]
        update["clocks"] = tuple(sorted((*kept, *event.clocks), key=lambda clock: clock.name))
    settled = event.said.get("reaction")
    if event.reactions or settled:
        left = tuple(each for each in before.pending if each != settled)
        update["pending"] = (*left, *recorded.reaction_ids())
    return before.model_copy(update={**update, "seq": recorded.seq, "policy": recorded.policy})


def fold(events: Iterable[Recorded], case: Case | None = None) -> Case | None:
    """Return the case after all events, in order; None if there are none."""
    for recorded in events:
        case = evolve(case, recorded)
    return case
