"""From what was typed and what the installation knows to a forecast's setup."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.desk import Desk
from adapters.forecasting import history
from adapters.forecasting.hours import Spans
from adapters.forecasting.setup import KINDS, Crew, Kindred, Order, Setup, check
from cli.forecasting import options
from cli.forecasting.options import wrong
from models.counting import legal_day
from models.refusals import Malformed, UnknownChannel, UnknownUnit
from models.vocabulary import Role
from models.world import World

CHANNELS: Final = {"hotline": 6.0, "platform": 3.0, "letter": 1.0}
"""What comes by which channel where nobody said and the ledger does not know: a guess."""
UNITS_PEOPLE: Final = frozenset({Role.HANDLER, Role.INSPECTOR})


@dataclass(frozen=True)
class Typed:
    """The options as they were typed; None where the installation itself is to tell."""

    arrivals: str
    days: int
    staff: Mapping[Role, str | None]
    channels: str | None
    units: str | None
    time: tuple[str, ...]
    law: str
    measured: bool
    history: int
    hours: str
    calendar: str
    substantiated: float
    sent_back: float
    order: str
    policy: Path | None
    from_ledger: bool
    start: str | None
    runs: int
    seed: int


@dataclass(frozen=True)
class Assumed:
    """The setup, with where its parts came from: the past that was read, and the times measured (with how many)."""

    setup: Setup
    past: history.Past | None
    measured: dict[str, tuple[float, int]]
    policy: str


ORDERS: Final[dict[str, Order]] = {"finish": "finish", "due": "due", "oldest": "oldest"}


def assume(desk: Desk, typed: Typed) -> Assumed:
    """Return what the forecast assumes.

    Raises:
        UsageProblem: an option cannot be understood.
        Malformed: a number is out of its limits.
        UnknownUnit: there is no such unit.
        UnknownChannel: there is no such channel.
    """
    now, world = desk.moments.now(), _world(desk, typed)
    start = options.beginning(typed.start, now)
    if typed.calendar not in world.calendars:
        known = "、".join(world.calendars)
        wrong(
            "--calendar", f"没有“{typed.calendar}”，可用：{known}", f"there is no {typed.calendar}; there are {known}"
        )
    spans = options.spans(typed.hours or ",".join("-".join(each) for each in world.calendars[typed.calendar].shifts))
    if not 1 <= typed.history <= options.MOST_HISTORY:
        raise Malformed(field="--history", why=f"1-{options.MOST_HISTORY}")
    order = ORDERS.get(typed.order)
    if order is None:
        wrong("--order", f"可用：{'、'.join(ORDERS)}", f"there are {', '.join(ORDERS)}")
    past = history.past(desk.database, now, typed.history)
    backlog = history.backlog(desk.database) if typed.from_ledger else ()
    if backlog and start < now:
        wrong("--start", "早于现在；带现有积案的预测从现在起", "lies in the past; with the present backlog begin now")
    per_day = options.rate(typed.arrivals)
    if per_day is None:
        if past is None:
            wrong(
                "--arrivals",
                f"近 {typed.history} 天账本里没有信访件，请给出件数，如 60/day",
                f"the ledger has no petitions of the last {typed.history} days; say how many, like 60/day",
            )
        per_day = past.per_day
    measured = _measured(desk, typed, now, spans, world) if typed.measured else {}
    mix = _mix(world, typed, past, now)
    setup = Setup(
        world=world,
        start=start,
        days=typed.days,
        per_day=per_day,
        mix=mix,
        crews=_crews(world, typed),
        work=options.works(typed.time, typed.law, {name: hours for name, (hours, _) in measured.items()}),
        spans=spans,
        calendar=typed.calendar,
        substantiated=typed.substantiated,
        sent_back=typed.sent_back,
        order=order,
        backlog=backlog,
        runs=typed.runs,
        seed=typed.seed,
    )
    check(setup)
    return Assumed(setup, past, measured, world.policy_at(now))


def _measured(desk: Desk, typed: Typed, now: datetime, spans: Spans, world: World) -> dict[str, tuple[float, int]]:
    return history.times(desk.database, now, typed.history, world.calendars[typed.calendar], spans)


def _world(desk: Desk, typed: Typed) -> World:
    world = desk.world()
    if typed.policy is None:
        return world
    proposed = options.policy(typed.policy, world.calendars)
    # Open cases keep theirs; and one that was copied and kept its name must not take the published one's place.
    name = f"{proposed.name} (拟议 proposed)"
    first = legal_day(options.beginning(typed.start, desk.moments.now()))
    before = first - timedelta(days=1)
    # From the first day on every new case runs under it, whatever else would take effect.
    others = {
        each.name: each.model_copy(update={"effective": min(each.effective, before)})
        for each in world.policies.values()
    }
    tried = proposed.model_copy(update={"name": name, "effective": first})
    return replace(world, policies={**others, name: tried})


def _mix(world: World, typed: Typed, past: history.Past | None, now: datetime) -> tuple[Kindred, ...]:
    """Return the sorts of petitions that will come: the past's, with the shares that were typed in their place."""
    policy = world.policies[world.policy_at(now)]
    channels, units = options.shares("--channels", typed.channels), options.shares("--units", typed.units)
    for name in channels:
        if name not in policy.channels:
            raise UnknownChannel(channel=name, known="、".join(policy.channels))
    known = _units(world)
    own = options.people("--inspectors", typed.staff[Role.INSPECTOR] or "1")
    named = {**units, **(own if isinstance(own, dict) else {})}
    for name in named:
        if name not in known:
            raise UnknownUnit(unit=name)
    sorts = [each for each in past.mix if each.channel in policy.channels and each.unit in known] if past else []
    if not units and isinstance(own, dict):
        sorts = [each for each in sorts if each.unit in own]
        units = {} if sorts else dict.fromkeys(own, 1.0)
    if sorts and not channels and not units:
        return tuple(sorts)
    channels = channels or _shares(sorts, "channel") or {n: v for n, v in CHANNELS.items() if n in policy.channels}
    channels = channels or dict.fromkeys(policy.channels, 1.0)
    units = units or _shares(sorts, "unit") or dict.fromkeys(_working_units(world), 1.0)
    mix = tuple(Kindred(a * b, channel, unit) for channel, a in channels.items() for unit, b in units.items() if a * b)
    if not mix:
        wrong("--units", "没有承办单位，或份额全为零", "there is no unit that takes petitions, or all shares are 0")
    return mix


def _shares(sorts: list[Kindred], field: str) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for each in sorts:
        counts[getattr(each, field)] += int(each.weight)
    return {name: float(count) for name, count in sorted(counts.items())}


def _units(world: World) -> frozenset[str]:
    return frozenset(unit.id for unit in world.organisation.units) if world.organisation else frozenset()


def _working_units(world: World) -> list[str]:
    """Return the units where somebody may handle a petition."""
    people = world.organisation.people if world.organisation else ()
    at_work = {person.unit for person in people if UNITS_PEOPLE & set(person.roles)}
    return sorted(at_work & _units(world))


def _crews(world: World, typed: Typed) -> tuple[Crew, ...]:
    """Return the people: as typed; else as many as the organisation has in that role and present, one at least."""
    people = world.organisation.people if world.organisation else ()
    crews: list[Crew] = []
    for role in KINDS:
        text = typed.staff[role]
        if text is None:
            wanted = UNITS_PEOPLE if role is Role.INSPECTOR else {role}
            there = sum(1 for person in people if wanted & set(person.roles) and not person.away)
            crews.append(Crew(role, max(1, there)))
            continue
        found = options.people(f"--{role.value}s", text)
        if isinstance(found, int):
            crews.append(Crew(role, found))
        elif role is Role.INSPECTOR:
            crews += [Crew(role, size, unit) for unit, size in found.items()]
        else:
            wrong(f"--{role.value}s", "不分单位，请只写人数", "is not by unit; write a number")
    return tuple(crews)


def unpublished(setup: Setup) -> int | None:
    """Return the first year that the forecast reaches and whose holidays are not published, None if there is none."""
    calendar = setup.world.calendars["statutory"]
    first = legal_day(setup.start)
    days = (first + timedelta(days=number) for number in range(setup.days + 1))
    return next((day.year for day in days if not calendar.published(day)), None)
