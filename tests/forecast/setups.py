"""One line makes one forecast: an office of one unit that never closes, unless something else is said."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from adapters.forecasting.setup import STEPS, Crew, Kindred, Setup, Work
from models.policy import Policy
from models.vocabulary import Role
from models.world import World
from tests.core.builders import a_policy, a_world

START = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
"""Monday 2026-03-02, 00:00 in Shanghai."""
ROUND_THE_CLOCK = ((0, 1440),)
DESK_HOURS = ((510, 720), (870, 1050))


@cache
def clockless() -> World:
    """The published policy without its clocks: a formula knows no due dates, and deciding is three times as fast."""
    return a_world(policy=changed(clock=[], pause=[], channels={"letter": {"zh": "来信", "en": "letter"}}))


def changed(**parts: Any) -> Policy:
    """The published policy with some parts different. Read anew, not copied: a copy would share what it remembers."""
    return Policy.model_validate(a_policy().model_dump(mode="json", exclude_unset=True) | parts)


def a_crew(**sizes: int) -> tuple[Crew, ...]:
    return tuple(Crew(role, sizes[role.value]) for role in Role if role.value in sizes)


def a_setup(**changes: Any) -> Setup:
    """A desk with people enough: 20 petitions a day for 20 days, over the published policy."""
    plain = Setup(
        world=a_world(),
        start=START,
        days=20,
        per_day=20.0,
        mix=(Kindred(2, "hotline", "qingshi"), Kindred(1, "platform", "liuxi")),
        crews=a_crew(clerk=4, dispatcher=2, inspector=12, reviewer=3),
        work={name: Work(step.hours) for name, step in STEPS.items()},
        spans=DESK_HOURS,
        runs=2,
    )
    return replace(plain, **changes)


def only_visits(work: Work, people: int, per_day: float, **changes: Any) -> Setup:
    """A single queue: every step but the visit takes no time, nobody ever sleeps, whoever came first is first."""
    given = {
        "world": clockless(),
        "per_day": per_day,
        "mix": (Kindred(1, "letter", "qingshi"),),
        "crews": a_crew(clerk=1, dispatcher=1, inspector=people, reviewer=1),
        "work": {name: Work(0.0) for name in STEPS} | {"visit": work},
        "spans": ROUND_THE_CLOCK,
        "calendar": "all-days",
        "substantiated": 0.0,
        "sent_back": 0.0,
        "order": "oldest",
    }
    return a_setup(**given | changes)


@cache
def shorter() -> Policy:
    """A policy that gives every petition's clock a day, and every channel the same: a harder one."""
    clocks = [rule.model_dump(mode="json", exclude_unset=True) | {"length": "1 day"} for rule in a_policy().clock]
    channels = {name: {"zh": way.zh, "en": way.en} for name, way in a_policy().channels.items()}
    return changed(name="shorter", clock=clocks, channels=channels)
