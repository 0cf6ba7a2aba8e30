"""What a forecast assumes: arrivals, people, times, hours, policy, and where it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt
from random import Random
from typing import Final, Literal

from adapters.forecasting.hours import Spans
from models.case import Case
from models.refusals import Malformed
from models.vocabulary import Role
from models.world import World

Law = Literal["exponential", "lognormal", "fixed"]
Order = Literal["finish", "due", "oldest"]

SPREAD: Final = 0.7
"""A lognormal time's standard deviation as a share of its mean."""
MOST_DAYS: Final = 366
MOST_RUNS: Final = 1_000
MOST_PEOPLE: Final = 10_000
MOST_HOURS: Final = 10_000.0
MOST_CASES: Final = 500_000
"""Petitions of all runs together; at about a millisecond each these are some minutes."""


@dataclass(frozen=True)
class Step:
    """One step of a petition's way: who takes it (nobody, where time alone does) and how long it takes, in hours."""

    name: str
    role: Role | None
    hours: float
    zh: str
    en: str


STEPS: Final[dict[str, Step]] = {
    step.name: step
    for step in (
        Step("accept", Role.CLERK, 0.25, "受理", "acceptance"),
        Step("assign", Role.DISPATCHER, 0.25, "交办", "assignment"),
        Step("visit", Role.INSPECTOR, 2.0, "现场核查", "visit"),
        Step("plan", Role.INSPECTOR, 0.5, "制定措施", "planning the measures"),
        Step("remedy", None, 120.0, "整改（自然小时）", "putting right (elapsed hours)"),
        Step("submit", Role.INSPECTOR, 0.5, "提请审核", "submission"),
        Step("review", Role.REVIEWER, 0.5, "审核", "review"),
        Step("reply", Role.CLERK, 0.5, "书面答复", "written reply"),
    )
}
"""The steps with their default mean times: this desk's own guesses, to be replaced by measured ones."""

KINDS: Final = (Role.CLERK, Role.DISPATCHER, Role.INSPECTOR, Role.REVIEWER)
"""The kinds of people who are simulated."""


@dataclass(frozen=True)
class Work:
    """How long a step takes: the mean in hours and the law it is drawn from."""

    hours: float
    law: Law = "exponential"

    def drawn(self, rng: Random) -> float:
        """Draw one, in hours."""
        if not self.hours or self.law == "fixed":
            return self.hours
        if self.law == "exponential":
            return rng.expovariate(1 / self.hours)
        variance = log(1 + SPREAD**2)
        return rng.lognormvariate(log(self.hours) - variance / 2, sqrt(variance))


@dataclass(frozen=True)
class Kindred:
    """Petitions of one sort: their share in proportion to the others, the channel, the unit, the types."""

    weight: float
    channel: str
    unit: str
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crew:
    """So many people of one kind; of one unit, or with ``unit`` None for all of them."""

    role: Role
    size: int
    unit: str | None = None

    @property
    def name(self) -> str:
        """What it is called in figures: ``inspector``, or ``inspector/baima``."""
        return f"{self.role.value}/{self.unit}" if self.unit else self.role.value


@dataclass(frozen=True)
class Setup:
    """Everything one forecast assumes; with the same, and the same seed, it says the same.

    ``per_day`` counts petitions a calendar day, ``mix`` what they are. ``backlog`` are the cases it begins with.
    ``spans`` is the working day and ``calendar`` the calendar whose working days are worked.
    """

    world: World
    start: datetime
    days: int
    per_day: float
    mix: tuple[Kindred, ...]
    crews: tuple[Crew, ...]
    work: Mapping[str, Work]
    spans: Spans
    calendar: str = "statutory"
    substantiated: float = 0.6
    sent_back: float = 0.05
    order: Order = "due"
    backlog: tuple[Case, ...] = ()
    runs: int = 20
    seed: int = 1

    @property
    def expected(self) -> float:
        """How many cases all runs together will have to drive, about."""
        return (self.per_day * self.days + len(self.backlog)) * self.runs


def check(setup: Setup) -> None:
    """Refuse what cannot be simulated, or would take longer than anybody waits.

    Raises:
        Malformed: with the option that is wrong.
    """
    _within("--days", setup.days, 1, MOST_DAYS)
    _within("--runs", setup.runs, 1, MOST_RUNS)
    _within("--arrivals", setup.per_day, 0, MOST_CASES)
    _within("--substantiated", setup.substantiated, 0, 1)
    _within("--sent-back", setup.sent_back, 0, 1)
    for crew in setup.crews:
        _within(f"--{crew.role.value}s", crew.size, 1, MOST_PEOPLE)
    for name, work in setup.work.items():
        _within(f"--time {name}", work.hours, 0, MOST_HOURS)
    if setup.expected > MOST_CASES:
        raise Malformed(
            field="--arrivals",
            why=f"各次模拟合计约 {setup.expected:,.0f} 件，上限 {MOST_CASES:,} 件，请减少件数、天数或次数 / "
            f"all runs together make about {setup.expected:,.0f} cases, the limit is {MOST_CASES:,}",
        )


def _within(option: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:  # NaN is within nothing
        raise Malformed(
            field=option, why=f"{value:g} 不在 {least:g} 至 {most:g} 之间 / it lies between {least:g} and {most:g}"
        )
