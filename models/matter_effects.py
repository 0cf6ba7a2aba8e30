"""What follows for a petition from what is one matter with it."""

from collections.abc import Callable

from models.counting import legal_day
from models.situation import Situation
from models.storm import alerts_due, together
from models.values import Anomaly, DistrictCount, Enforcement, Heard, Reading, Task, TaskOutcome, Visit
from models.vocabulary import Light, Status

Sets = dict[str, object]
CALM = "calm"
"""The clock of a watch that lapses when a storm is over."""
VISITS_KEPT = 50
"""Visits that a site shows; its history has them all."""


def parted(_: Situation) -> Sets:
    """No leading case any more, and nothing that was heard of it."""
    return {"leading": None, "heard": None}


def follower_more(s: Situation) -> Sets:
    """One more petition is joined to it."""
    return {"followers": (*s.case.followers, s.given("follower"))}


def follower_less(s: Situation) -> Sets:
    """One fewer."""
    return {"followers": tuple(each for each in s.case.followers if each != s.given("follower"))}


def from_lead(s: Situation) -> Sets:
    """What was found in the leading case is found here too."""
    heard: Heard | None = s.case.heard
    if heard is None:
        return {}
    hands = dict.fromkeys((*s.case.hands, *heard.hands))
    told = {"findings": heard.findings, "verdict": heard.verdict, "measures": heard.measures or s.case.measures}
    return {**told, "hands": tuple(hands)}


def parts_more(s: Situation) -> Sets:
    """The petitions it is split into, by the numbers their own cases will bear."""
    first = len(s.case.parts) + 1
    new = tuple(f"{s.case.id}-F{number}" for number, _ in enumerate(s.given("split_parts"), first))
    return {"parts": (*s.case.parts, *new)}


def repeats_more(s: Situation) -> Sets:
    """One more repeat of it."""
    return {"repeats": (*s.case.repeats, s.given("repeat"))}


def repeats_less(s: Situation) -> Sets:
    """One fewer."""
    return {"repeats": tuple(each for each in s.case.repeats if each != s.given("repeat"))}


def no_repeat(_: Situation) -> Sets:
    """A repeat of nothing."""
    return {"repeat_of": None, "ended_as_repeat": False}


def ends_as_repeat(_: Situation) -> Sets:
    """It ends because it is a repeat, and for nothing else."""
    return {"ended_as_repeat": True}


def serves_more(s: Situation) -> Sets:
    """One more petition that the task is for."""
    return {"serves": (*s.case.serving, s.given("petition"))}


def serves_less(s: Situation) -> Sets:
    """One fewer."""
    return {"serves": tuple(each for each in s.case.serving if each != s.given("petition"))}


def task_taken(s: Situation) -> Sets:
    """A task of another petition's among its own; where it was there before, it is open again."""
    new = Task(id=s.given("task"), measure=s.given("measure"), target=s.given("target"))
    return {"tasks": (*(each for each in s.case.tasks if each.id != new.id), new), "planned": True}


def not_same_more(s: Situation) -> Sets:
    """One more that is about another matter."""
    return {"not_same": (*s.case.not_same, s.given("other"))}


def not_same_less(s: Situation) -> Sets:
    """One fewer."""
    return {"not_same": tuple(each for each in s.case.not_same if each != s.given("other"))}


def sightings(s: Situation) -> Sets:
    """The filings seen together, and the thresholds that are told now."""
    seen = together(s.case.sightings, s.given("sightings") or ())
    about = heeded(s)
    due = alerts_due(s.policy.storms, seen, s.case.alerts, s.at)
    if not due:
        return {"sightings": seen, **about}
    lights = {each.name: each.light for each in s.policy.storms.threshold}
    raised = max((s.case.raised, *(lights[each.threshold] for each in due)), key=lambda light: light.rank)
    return {"sightings": seen, "alerts": (*s.case.alerts, *due), "raised": raised, **about}


def heeded(s: Situation) -> Sets:
    """Whom it is about, beside those that are known: none of them takes part in it."""
    return {
        name: tuple(dict.fromkeys((*getattr(s.case, name), *(s.given(name) or ()))))
        for name in ("named", "respondents")
    }


def sightings_less(s: Situation) -> Sets:
    """One filing fewer; what was told stays told."""
    return {"sightings": tuple(each for each in s.case.sightings if each.case != s.given("petition"))}


def calmed(s: Situation) -> Sets:
    """No filing came for so long that the storm is over; who was to take note of it need not any more."""
    return {"status": Status.WATCHING, "raised": Light.GREEN} if s.given("clock") == CALM else {}


def unraised(_: Situation) -> Sets:
    """Its light is another watch's from now on."""
    return {"raised": Light.GREEN}


def off_site(_: Situation) -> Sets:
    """At no site, and no recurrence of anything there."""
    return {"site": None, "recurrence_of": None}


def recurrences_more(s: Situation) -> Sets:
    """One more time that it came back."""
    return {"recurrences": (*s.case.recurrences, s.given("recurrence"))}


def petitions_more(s: Situation) -> Sets:
    """One more petition at the site."""
    return {"petitions": (*s.case.petitions, s.given("petition"))}


def petitions_less(s: Situation) -> Sets:
    """One fewer."""
    return {"petitions": tuple(each for each in s.case.petitions if each != s.given("petition"))}


def corrected(s: Situation) -> Sets:
    """What is left empty stays as it was."""
    names = ("title", "place", "aliases", "trade", "spot", "summary")
    return {name: getattr(s.case, name) for name in names if not s.given(name)}


def enforced(s: Situation) -> Sets:
    """One more measure of enforcement."""
    new = Enforcement(measure=s.given("measure"), fine=s.given("fine"), day=legal_day(s.occurred))
    return {"enforced": (*s.case.enforced, new)}


def anomaly(s: Situation) -> Sets:
    """One more anomaly, and the task that puts it right."""
    name = f"{s.case.id}-R{len(s.case.tasks) + 1}"
    new = Anomaly(
        day=s.given("on"), monitored=s.given("monitored"), value=s.given("value"), bound=s.given("bound"), task=name
    )
    what = f"{s.given('what_to_do')}（{new.monitored} {new.value}）"
    task = Task(id=name, measure=what[:200], target=s.given("by_when"))
    return {"anomalies": (*s.case.anomalies, new), "tasks": (*s.case.tasks, task)}


def counted_in(s: Situation) -> Sets:
    """What an indicator counts, days where nothing else is said."""
    return {"counted_in": s.given("counted_in")}


def readings(s: Situation) -> Sets:
    """What an indicator was in one more period, or really was in one that is known."""
    new = Reading(period=s.given("period"), assessed=s.given("assessed"), compliant=s.given("compliant"))
    others = (each for each in s.case.readings if each.period != new.period)
    return {"readings": tuple(sorted((*others, new), key=lambda each: each.period))}


def district_counts(s: Situation) -> Sets:
    """What a district had in one more period, or really had in one that is known."""
    new = DistrictCount(
        district=s.given("district"), period=s.given("period"), count=s.given("count"), source=s.given("source")
    )
    others = (each for each in s.case.district_counts if (each.district, each.period) != (new.district, new.period))
    return {"district_counts": tuple(sorted((*others, new), key=lambda each: (each.district, each.period)))}


def visited(s: Situation) -> Sets:
    """One more visit."""
    new = Visit(day=legal_day(s.occurred), sound=s.given("sound"))
    return {"visits": s.case.visits + 1, "visited": (*s.case.visited, new)[-VISITS_KEPT:]}


def matter_way(s: Situation) -> str | None:
    """Return which of the rows of a command about a matter is meant (``models.effects.choice``)."""
    ended = s.case.status is Status.DECLINED and s.case.ended_as_repeat
    match s.row.command:
        case "observe":
            return "crossed" if "alerts" in sightings(s) else "counted"
        case "mark_repeat":
            return "reopens" if s.given("reopens") else "ends"
        case "take_back_repeat":
            return "going" if not ended else "accepted" if s.case.accepted_at else "registered"
        case "release_task" if s.command:
            return "shared" if set(s.case.serving) - {s.given("petition")} else "alone"
        case "finish_task" if s.row.when:
            return "reopened" if s.given("outcome") == TaskOutcome.REOPENED else "ended"
    return s.row.when


MATTER_EFFECTS: dict[str, Callable[[Situation], Sets]] = {
    each.__name__: each
    for each in (
        parted,
        follower_more,
        follower_less,
        from_lead,
        parts_more,
        repeats_more,
        repeats_less,
        no_repeat,
        ends_as_repeat,
        serves_more,
        serves_less,
        task_taken,
        not_same_more,
        not_same_less,
        sightings,
        heeded,
        sightings_less,
        calmed,
        unraised,
        off_site,
        recurrences_more,
        petitions_more,
        petitions_less,
        corrected,
        enforced,
        visited,
        readings,
        district_counts,
        counted_in,
        anomaly,
    )
}
