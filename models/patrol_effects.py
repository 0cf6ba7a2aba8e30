"""What follows for a patrol from a visit, a missed slot or the weather; for a weather station from an observation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from models.patrol import (
    KEPT,
    Ended,
    Observation,
    Patrolled,
    Sky,
    Slot,
    newer,
    over,
    slot_from,
    told_late,
    turned,
)
from models.patrol import (
    patrolled as came,
)
from models.situation import Situation
from models.values import Task
from models.vocabulary import Kind

Sets = dict[str, object]
OBSERVATIONS_KEPT: Final = 60
"""Observations that a station shows, those told last; its history has them all."""


def been(s: Situation) -> datetime:
    """Return when somebody was there: now, where nothing else is said."""
    at: datetime | None = s.given("been_at")
    return at or s.occurred


def is_wet(s: Situation) -> bool:
    """Return whether the rules for rain hold for a patrol, as far as it knows; without a word of the weather, not."""
    return s.case.sky is not None and s.case.sky.wet


def first_slot(s: Situation) -> Sets:
    """The slot that is owed from now on."""
    return {"slot": slot_from(s.policy.patrols, s.occurred, wet=is_wet(s), last=None)}


def _missed(s: Situation) -> tuple[tuple[Slot, ...], Slot | None]:
    """Return the slots that are over although nobody has said so yet, and the one that is owed now."""
    slot: Slot | None = s.case.slot
    return over(s.policy.patrols, slot, s.at, wet=is_wet(s)) if slot else ((), None)


def _with_missed(s: Situation, gone: tuple[Slot, ...], *more: Slot) -> Sets:
    if not gone and not more:
        return {}
    kept = (*s.case.slots, *gone, *more)[-KEPT:]
    return {"slots": kept, "slots_missed": s.case.slots_missed + len(gone)}


def no_slot(s: Situation) -> Sets:
    """Nothing is owed any more; what was missed before stays missed."""
    gone, _ = _missed(s)
    return {"slot": None, **_with_missed(s, gone)}


def other_station(s: Situation) -> Sets:
    """Another station's observations are counted from their beginning; of the weather there nothing is known yet."""
    return {"sky_seq": 0, "sky": None, "sky_at": None} if s.given("station") not in {None, s.case.station} else {}


def _came(s: Situation) -> Patrolled | None:
    slot: Slot | None = s.case.slot
    if slot is None:
        return None
    sound, last = s.given("sound") is not False, s.case.patrolled_at
    return came(s.policy.patrols, slot, been(s), wet=is_wet(s), last=last, by=s.actor.id, sound=sound)


def patrolled(s: Situation) -> Sets:
    """The slot that is owed has had its patrol; those before it that are over were missed."""
    found = _came(s)
    if found is None:
        return {}
    return {
        "slot": found.owed,
        "slots": (*s.case.slots, *found.ended)[-KEPT:],
        "slots_done": s.case.slots_done + 1,
        "slots_missed": s.case.slots_missed + found.missed,
        "patrolled_at": been(s),
    }


def patrolled_beside(s: Situation) -> Sets:
    """One patrol more than is owed; where it was in a slot that counts as missed, that slot shows that it was not."""
    slots = told_late(s.case.slots, been(s), by=s.actor.id, sound=s.given("sound"))
    last = max(been(s), s.case.patrolled_at or been(s))
    return {"slots": slots, "patrolled_at": last} if slots != s.case.slots else {"patrolled_at": last}


def slot_missed(s: Situation) -> Sets:
    """Nobody came, in this slot nor in those after it that are over too: the next one is owed."""
    gone, owed = _missed(s)
    return {"slot": owed, **_with_missed(s, gone)} if s.given("clock") == "slot" else {}


def _stale(s: Situation) -> bool:
    """Return whether what is told of the weather is another station's, or older than what is known."""
    seq: int = s.given("sky_seq")
    return s.given("station") != s.case.station or seq <= s.case.sky_seq


def weather(s: Situation) -> Sets:
    """The weather as the station has it; what is older than what is known changes nothing."""
    if _stale(s):
        return {"sky": s.case.sky, "sky_at": s.case.sky_at, "sky_seq": s.case.sky_seq, "station": s.case.station}
    return {}


def unmoved(s: Situation) -> Sets:
    """The weather is not what is waited for: nothing comes of it."""
    return {name: getattr(s.case, name) for name in ("sky", "sky_at", "sky_seq", "station")}


def weather_struck(_: Situation) -> Sets:
    """What was waited for has come; once."""
    return {"look_back_on": None}


def other_slot(s: Situation) -> Sets:
    """The slot that is owed from now on; the one it takes the place of is kept if it had begun."""
    gone, slot = _missed(s)
    if slot is None:
        return {}
    spared = slot.model_copy(update={"end": max(s.at, slot.begin), "ended": Ended.SPARED})
    return {"slot": _turned(s, slot), **_with_missed(s, gone, *((spared,) if slot.begin < s.at else ()))}


def _turned(s: Situation, slot: Slot) -> Slot:
    return turned(s.policy.patrols, slot, s.at, wet=s.given("sky").wet, last=s.case.patrolled_at)


def _turns(s: Situation) -> bool:
    """Return whether the news of the weather is news, and changes what is owed."""
    _, slot = _missed(s)
    return slot is not None and not _stale(s) and _turned(s, slot) != slot


def _strikes(s: Situation) -> bool:
    """Return whether it is the weather that a look-back waits for: fresh, since the sign-off, as wet as was said."""
    wanted: Sky | None = s.case.look_back_on
    if wanted is None or _stale(s):
        return False
    sky, at, since = s.given("sky"), s.given("sky_at"), s.case.signed_off_at
    if (since and at < since) or s.at - at > timedelta(hours=s.policy.patrols.stale_hours):
        return False
    return bool(sky is wanted or (sky is Sky.HEAVY_RAIN and wanted is Sky.RAIN))


def problem(s: Situation) -> Sets:
    """The task that puts right what was found."""
    name = f"{s.case.id}-R{len(s.case.tasks) + 1}"
    task = Task(id=name, measure=s.given("what_to_do"), target=s.given("by_when"))
    return {"tasks": (*s.case.tasks, task)}


def _observation(s: Situation) -> Observation:
    return Observation(
        at=s.given("seen_at") or s.occurred, sky=s.given("sky"), source=s.given("by_whom"), mm=s.given("mm")
    )


def _is_the_weather(s: Situation, told: Observation) -> bool:
    """Return whether what is told is the weather from now on: seen last, and not so long ago that it is over."""
    return newer(s.case.observed, told) and s.at - told.at <= timedelta(hours=s.policy.patrols.stale_hours)


def observed(s: Situation) -> Sets:
    """The weather from now on, and one observation more."""
    new = _observation(s)
    return {"observed": new, "observations": (*s.case.observations, new)[-OBSERVATIONS_KEPT:]}


def observed_before(s: Situation) -> Sets:
    """One observation more; the weather stays what it is."""
    return {"observations": (*s.case.observations, _observation(s))[-OBSERVATIONS_KEPT:]}


def listeners_more(s: Situation) -> Sets:
    """One more case that is told of the weather."""
    name = s.given("listener")
    return {} if name in s.case.listeners else {"listeners": (*s.case.listeners, name)}


def patrol_way(s: Situation) -> str | None:
    """Return which of the rows of a command about a patrol or the weather is meant (``models.effects.choice``)."""
    if s.command is None:
        return s.row.when
    return _WAYS[s.row.command](s)


def _how_recorded(s: Situation) -> str:
    found = _came(s)
    return "before" if found is None else "late" if found.missed else "due"


def _how_heard(s: Situation) -> str:
    if s.case.kind is not Kind.PATROL:
        return "struck" if _strikes(s) else "heard"
    return ("turned_late" if _missed(s)[0] else "turned") if _turns(s) else "heard"


_WAYS: Final[dict[str, Callable[[Situation], str]]] = {
    "record_patrol": _how_recorded,
    "hear_weather": _how_heard,
    "end_patrol": lambda s: "late" if _missed(s)[0] else "clean",
    "look_back": lambda s: "kept" if s.given("kept") else "back",
    "observe_weather": lambda s: "newer" if _is_the_weather(s, _observation(s)) else "older",
}
"""How a command's outcome is found, by its name."""


PATROL_EFFECTS: dict[str, Callable[[Situation], Sets]] = {
    each.__name__: each
    for each in (
        first_slot,
        no_slot,
        other_station,
        patrolled,
        patrolled_beside,
        slot_missed,
        weather,
        unmoved,
        weather_struck,
        other_slot,
        problem,
        observed,
        observed_before,
        listeners_more,
    )
}
