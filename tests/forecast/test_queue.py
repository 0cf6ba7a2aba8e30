"""The simulated lines against queueing theory: Erlang C, Pollaczek–Khinchine, Little, and the exact recursion.

Tolerance. Independent runs (other numbers of the same seed) give independent means, so their mean lies within
``t × s/√n`` of the true one with the confidence of the t quantile. 99.9 % is taken, that is one false alarm in a
thousand seeds, and the seed is fixed. Every run begins empty, which makes its mean too small by about (relaxation
time / length); runs are so long that this is under a tenth of the interval. So that a wide interval cannot pass for
agreement, each test also asks that the interval be narrow.
"""

from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush
from math import factorial, sqrt
from random import Random
from statistics import fmean, stdev

import pytest

from adapters.forecasting.crew import Line, Tally
from adapters.forecasting.hours import DAY, HOUR, Hours
from adapters.forecasting.running import _Run, run
from adapters.forecasting.setup import Setup, Work
from tests.core.builders import calendars
from tests.forecast.setups import DESK_HOURS, ROUND_THE_CLOCK, START, a_crew, a_setup, only_visits

T_999 = {6: 6.869, 8: 5.408, 10: 4.781}
"""Student's t, two-sided 99.9 %, by the number of runs (one degree of freedom less)."""


def erlang_c(people: int, load: float) -> float:
    """The probability that an arrival has to wait in M/M/c, `load` being arrivals × mean service."""
    last = load**people / factorial(people) * people / (people - load)
    return last / (sum(load**k / factorial(k) for k in range(people)) + last)


def mmc_wait(people: int, rate: float, service: float) -> float:
    """The mean wait in line of M/M/c: C(c, a) / (cμ − λ)."""
    return erlang_c(people, rate * service) / (people / service - rate)


def md1_wait(rate: float, service: float) -> float:
    """The mean wait in line of M/D/1: Pollaczek–Khinchine with no variance, ρ s / 2(1 − ρ)."""
    busy = rate * service
    return busy * service / (2 * (1 - busy))


def test_the_formulas_agree_with_known_values() -> None:
    assert mmc_wait(1, 0.8, 1.0) == pytest.approx(0.8 / 0.2)  # M/M/1: ρ/(μ−λ)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)  # textbook value for two servers, half used
    assert md1_wait(0.8, 1.0) == pytest.approx(mmc_wait(1, 0.8, 1.0) / 2)  # no variance halves the wait


def interval(values: list[float]) -> tuple[float, float]:
    """The mean over independent runs and the half-width of its 99.9 % interval."""
    return fmean(values), T_999[len(values)] * stdev(values) / sqrt(len(values))


# ── the line alone: many pieces, so a narrow interval ──


def queued(people: int, rate: float, draw: Callable[[Random], float], count: int, rng: Random) -> Tally:
    """Send so many pieces through a line that never closes; rate a second, service in seconds."""
    days = 2 * count / rate / DAY
    line: Line[int]
    coming: list[tuple[float, int, Callable[[float], None]]] = []
    hours = Hours(calendars()["all-days"], ROUND_THE_CLOCK, START, days)

    def taken(piece: int, begins: float, done: float) -> None:
        del begins
        heappush(coming, (done, piece, line.done))

    line = Line(people, hours, days * DAY, taken)
    moment = 0.0
    for piece in range(count):
        moment += rng.expovariate(rate)
        while coming and coming[0][0] <= moment:
            now, _, act = heappop(coming)
            act(now)
        line.offer(piece, draw(rng), 0.0, moment)
    line.look(moment)
    return line.tally


def expo(mean: float, rng: Random) -> float:
    return rng.expovariate(1 / mean)


@pytest.mark.parametrize(
    ("people", "rate", "draw", "wait"),
    [
        pytest.param(1, 0.6, partial(expo, 1.0), mmc_wait(1, 0.6, 1.0), id="M/M/1"),
        pytest.param(6, 4.8, partial(expo, 1.0), mmc_wait(6, 4.8, 1.0), id="M/M/6"),
        pytest.param(1, 0.8, lambda _: 1.0, md1_wait(0.8, 1.0), id="M/D/1"),
    ],
)
def test_a_line_waits_as_the_formula_says(
    people: int, rate: float, draw: Callable[[Random], float], wait: float, seed: int
) -> None:
    tallies = [queued(people, rate, draw, 40_000, Random(f"{seed}/{number}")) for number in range(8)]
    mean, half = interval([tally.waited / tally.taken for tally in tallies])
    assert half < 0.1 * wait
    assert abs(mean - wait) < half
    mean, half = interval([tally.length / tally.seen for tally in tallies])
    assert half < 0.1 * wait * rate
    assert abs(mean - wait * rate) < half


# ── the whole simulation, with real cases ──


def exact_waits(setup: Setup, people: int) -> list[float]:
    """The waits in hours by the recursion of Kiefer and Wolfowitz: whoever is free first takes the next."""
    free = [0.0] * people
    waits = []
    for moment, _, drawn in _Run(setup, 0)._arrivals():
        begins = max(moment, heappop(free))
        heappush(free, begins + drawn.work["visit"])
        if begins <= setup.days * DAY:
            waits.append((begins - moment) / HOUR)
    return waits


@pytest.mark.parametrize("people", [1, 3])
def test_every_single_wait_is_that_of_the_exact_recursion(people: int) -> None:
    setup = only_visits(Work(2.0), people, per_day=0.9 * people * 12, days=30)
    waits = run(setup, 0).first_visits["qingshi"]
    expected = exact_waits(setup, people)
    assert len(waits) == len(expected) > 250
    assert waits == pytest.approx(expected, abs=1e-6)
    assert max(waits) > 2.0


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("people", "law", "wait"),
    [
        pytest.param(2, Work(2.0), mmc_wait(2, 0.6, 2.0), id="M/M/2"),
        pytest.param(1, Work(2.0, "fixed"), md1_wait(0.3, 2.0), id="M/D/1"),
    ],
)
def test_simulated_cases_wait_as_the_formula_says(people: int, law: Work, wait: float) -> None:
    per_day = 0.6 * people / 2.0 * 24  # 60 % busy
    setup = only_visits(law, people, per_day, days=200 // people)
    seen = [run(setup, number) for number in range(10)]
    assert sum(each.cases for each in seen) > 14_000
    tallies = [each.crews["inspector"] for each in seen]
    mean, half = interval([tally.waited / tally.taken / HOUR for tally in tallies])
    assert half < 0.4 * wait  # 14,000 cases; the line alone is held to a tenth, and single waits to the exact recursion
    assert abs(mean - wait) < half
    mean, half = interval([tally.length / tally.seen for tally in tallies])
    assert abs(mean - wait * per_day / 24) < half
    assert fmean(tally.busy / tally.seen / people for tally in tallies) == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("spans", [ROUND_THE_CLOCK, DESK_HOURS], ids=["round the clock", "desk hours"])
def test_littles_law_holds_for_every_line(spans: tuple[tuple[int, int], ...]) -> None:
    # L = λW is exact but for the pieces still in line at the end, whose wait so far is in L and not yet in W.
    crews = a_crew(clerk=4, dispatcher=2, inspector=16, reviewer=3)
    setup = a_setup(spans=spans, days=60, runs=1, crews=crews)
    for name, tally in run(setup, 0).crews.items():
        rate = tally.taken / tally.seen
        assert tally.taken > 1_000, name
        assert tally.length / tally.seen == pytest.approx(rate * tally.waited / tally.taken, rel=0.02, abs=1e-4), name
