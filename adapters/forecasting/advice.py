"""How many people would hold the backlog: a small search over the staffing, by the same simulation."""

from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Final

from adapters.forecasting.many import Progress, simulate
from adapters.forecasting.outlook import Outlook, load, outlook
from adapters.forecasting.setup import Crew, Setup

LOADS: Final = (0.99, 0.95, 0.9, 0.85, 0.8)
"""Loads that are tried one after another: near 1 a line holds in theory, after a time that no desk has."""
TRIAL_RUNS: Final = 4
"""Runs of each trial."""


@dataclass(frozen=True)
class Advice:
    """The smallest staffing found that holds the backlog, and what would come of it.

    ``holds`` is False where none of the staffings tried held it. ``least`` is the smallest size of each crew by its
    load alone: with fewer people its line grows for ever.
    """

    crews: tuple[Crew, ...]
    holds: bool
    growth: float
    tried: int
    least: dict[str, int]


def fewest(setup: Setup, crew: Crew, most: float = 1.0) -> int:
    """Return the fewest people whose load stays below 1 and does not exceed ``most``."""
    alone = load(setup, replace(crew, size=1))
    if not isfinite(alone):  # nobody works in that time, however many there are
        return crew.size
    return max(1, int(alone) + 1, ceil(alone / most))


def advise(setup: Setup, present: Outlook, progress: Progress | None = None) -> Advice:
    """Look for the smallest staffing that holds the backlog: ever lower loads, until the simulation says it holds.

    Kinds of people that are enough stay as they are.
    """
    least = {crew.name: fewest(setup, crew) for crew in setup.crews}
    if not present.grows(setup.per_day):
        return Advice(setup.crews, holds=True, growth=present.growth, tried=0, least=least)
    trial, seen, tried = replace(setup, runs=max(2, min(setup.runs, TRIAL_RUNS))), present, 0
    for tried, most in enumerate(LOADS, 1):
        crews = tuple(replace(crew, size=max(crew.size, fewest(setup, crew, most))) for crew in setup.crews)
        if crews != trial.crews:
            trial = replace(trial, crews=crews)
            seen = outlook(trial, simulate(trial))
        if progress:
            progress(tried, len(LOADS))
        if not seen.grows(setup.per_day):
            break
    return Advice(trial.crews, holds=not seen.grows(setup.per_day), growth=seen.growth, tried=tried, least=least)
