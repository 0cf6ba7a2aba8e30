"""What all runs say together: bands over days, figures by unit, how busy people are, and whether the backlog grows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt
from statistics import fmean, stdev
from typing import Final

from adapters.forecasting.hours import DAY, HOUR, Hours
from adapters.forecasting.running import UNASSIGNED, Seen
from adapters.forecasting.setup import STEPS, Crew, Setup
from models.vocabulary import Light, Role

WEEK: Final = 7
SLACK: Final = 0.02
"""Growth below this share of the arrivals is no growth."""


@dataclass(frozen=True)
class Band:
    """A figure over the runs: a tenth of them lie below ``p10``, half below ``p50``, a tenth above ``p90``."""

    p10: float
    p50: float
    p90: float
    mean: float


def band(values: Iterable[float]) -> Band:
    """Return the band of a figure over the runs."""
    found = sorted(values)
    return Band(quantile(found, 0.1), quantile(found, 0.5), quantile(found, 0.9), fmean(found))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the least value that so large a share of them does not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class UnitOutlook:
    """One unit's figures; ``unit`` is empty for what is not assigned yet, None for all units together.

    ``in_time`` is the share of closures in time over all runs, None where nothing is closed; the waits are hours from
    registration to the beginning of the first visit, of those that were visited.
    """

    unit: str | None
    arrivals: Band
    closed: Band
    backlog: Band
    overdue: Band
    in_time: float | None
    wait_mean: float | None
    wait_p90: float | None
    unvisited: float


@dataclass(frozen=True)
class CrewOutlook:
    """How busy people are.

    ``load`` is the work that comes in over what they can do (1 and above: no steady state, the line only grows);
    ``busy`` the share of their hours they spent; ``line`` the mean number that waits; ``wait`` the mean hours in line
    of what was taken.
    """

    crew: Crew
    load: float
    busy: float
    line: float
    wait: float | None


@dataclass(frozen=True)
class Outlook:
    """The whole forecast.

    ``growth`` of what waits for people is in petitions a day over the last weeks; by ``margin`` luck alone may well
    have moved it (a 95 % interval, about), 0 where one run cannot tell.
    """

    backlog: tuple[Band, ...]
    overdue: tuple[Band, ...]
    units: tuple[UnitOutlook, ...]
    whole: UnitOutlook
    crews: tuple[CrewOutlook, ...]
    rungs: dict[str, float]
    lights: dict[Light, float]
    growth: float
    margin: float
    standing: float
    refused: Counter[str]

    def grows(self, per_day: float) -> bool:
        """Tell whether what waits for people grows: somebody's load says so, or more was seen than luck explains."""
        if any(each.load >= 1 for each in self.crews):
            return True
        return self.growth > max(self.margin, SLACK * per_day)


def outlook(setup: Setup, seen: Sequence[Seen]) -> Outlook:
    """Gather the runs of a setup."""
    units = sorted({unit for each in seen for unit in (*each.arrived, *each.closed, *each.backlog[0])} - {UNASSIGNED})
    units += (
        [UNASSIGNED] if any(day[UNASSIGNED] for each in seen for day in (each.backlog[0], each.backlog[-1])) else []
    )
    growth, margin = _growth(setup, seen)
    days = range(setup.days + 1)
    return Outlook(
        backlog=tuple(band(each.backlog[day].total() for each in seen) for day in days),
        overdue=tuple(band(each.overdue[day].total() for each in seen) for day in days),
        units=tuple(_unit(seen, unit) for unit in units),
        whole=_unit(seen, None),
        crews=_crews(setup, seen),
        rungs={
            name: count / len(seen) for name, count in sorted(sum((each.rungs for each in seen), Counter()).items())
        },
        lights={light: fmean(each.lights[light] for each in seen) for light in Light},
        growth=growth,
        margin=margin,
        standing=fmean(each.standing for each in seen),
        refused=sum((each.refused for each in seen), Counter()),
    )


def _unit(seen: Sequence[Seen], unit: str | None) -> UnitOutlook:
    def of(counts: Callable[[Seen], Counter[str]]) -> list[int]:
        return [counts(each).total() if unit is None else counts(each)[unit] for each in seen]

    in_time, late = sum(of(lambda s: s.in_time)), sum(of(lambda s: s.late))
    waits = sorted(
        wait for each in seen for name, found in each.first_visits.items() if unit in {None, name} for wait in found
    )
    return UnitOutlook(
        unit=unit,
        arrivals=band(of(lambda s: s.arrived)),
        closed=band(of(lambda s: s.closed)),
        backlog=band(of(lambda s: s.backlog[-1])),
        overdue=band(of(lambda s: s.overdue[-1])),
        in_time=in_time / (in_time + late) if in_time + late else None,
        wait_mean=fmean(waits) if waits else None,
        wait_p90=quantile(waits, 0.9) if waits else None,
        unvisited=fmean(of(lambda s: s.unvisited)),
    )


def capacity(setup: Setup) -> float:
    """Return the working hours of one person over the forecast."""
    hours = Hours(setup.world.calendars[setup.calendar], setup.spans, setup.start, setup.days)
    return hours.worked(setup.days * DAY) / HOUR


def demand(setup: Setup, crew: Crew) -> float:
    """Return the hours of work that new petitions bring a crew over the forecast (what waits already not counted)."""
    weight = sum(kindred.weight for kindred in setup.mix)
    if not weight:
        return 0.0
    share = sum(kindred.weight for kindred in setup.mix if serves(setup, crew, kindred.unit)) / weight
    mean = sum(often(setup, name) * setup.work[name].hours for name, step in STEPS.items() if step.role is crew.role)
    return setup.per_day * setup.days * share * mean


def serves(setup: Setup, crew: Crew, unit: str) -> bool:
    """Tell whether a crew takes a unit's petitions: its own people do, and people of no unit where it has none."""
    if crew.role is not Role.INSPECTOR or crew.unit == unit:
        return True
    return crew.unit is None and not any(each.role is crew.role and each.unit == unit for each in setup.crews)


def often(setup: Setup, step: str) -> float:
    """Return how often a petition takes a step, on average."""
    match step:
        case "plan" | "remedy":
            return setup.substantiated
        case "submit" | "review":
            return 1 + setup.sent_back
        case _:
            return 1.0


def load(setup: Setup, crew: Crew) -> float:
    """Return a crew's load: the hours that come in over the hours it has."""
    hours = capacity(setup)
    wanted = demand(setup, crew)
    return wanted / (crew.size * hours) if hours else inf if wanted else 0.0


def _crews(setup: Setup, seen: Sequence[Seen]) -> tuple[CrewOutlook, ...]:
    hours = capacity(setup)
    found = []
    for crew in setup.crews:
        tallies = [each.crews[crew.name] for each in seen]
        taken = sum(tally.taken for tally in tallies)
        found.append(
            CrewOutlook(
                crew=crew,
                load=load(setup, crew),
                busy=fmean(tally.busy for tally in tallies) / (crew.size * hours * HOUR) if hours else 0.0,
                line=fmean(tally.length / tally.seen for tally in tallies),
                wait=sum(tally.waited for tally in tallies) / taken / HOUR if taken else None,
            )
        )
    return tuple(found)


def _growth(setup: Setup, seen: Sequence[Seen]) -> tuple[float, float]:
    """Return the growth a day of what waits for people, and the half-width of its interval.

    It is taken over the second half, in whole weeks where they fit, so that weekends cancel out. What is being put
    right is left out: after an empty beginning that adds up for a while, however many people there are.
    """
    half = setup.days // 2
    span = half // WEEK * WEEK or min(setup.days, WEEK)
    slopes = [(each.waiting[-1] - each.waiting[-1 - span]) / span for each in seen]
    if len(slopes) == 1:
        return slopes[0], 0.0
    wide = 2 * (1 + 2 / (len(slopes) - 1))  # near Student's t: 4 for three runs, 2.2 for twenty
    return fmean(slopes), wide * stdev(slopes) / sqrt(len(slopes))
