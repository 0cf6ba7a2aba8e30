"""Going through the open cases after a year's table arrived or an order made every day work: once for each case.

Each case gets an envelope whose id is made from the reaction and the case, so it does not matter who goes through them
(the worker, a command that shows its progress, both), nor how often somebody has to begin again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import queries, tables
from adapters.database import Database
from adapters.door import OWN_IDS, Door, Order
from models.calendars import AllDays
from models.case import Case
from models.clocks import Clock
from models.commands import PublishTable
from models.decide import decide
from models.envelope import Envelope, command_of
from models.event import Event, ReactionKind, Recorded
from models.refusals import Refused
from models.standing import name_of, spans_of
from models.values import Order as AllDaysOrder
from models.vocabulary import STANDING
from models.world import ENGINE, World

AT_ONCE = 100
"""Cases in one transaction: long enough to be fast, short enough that the desk does not notice."""
LOOKED_AT: Final = 2000
"""Cases that would be touched and that a preview looks at; it says where there are more."""
SHOWN: Final = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Recounting:
    """What every open case is given, and which cases those are: of one campaign, or all where it is None."""

    command: str
    data: dict[str, JsonValue]
    campaign: str | None = None

    def envelope(self, reaction: str, case: str) -> Envelope:
        """Return the envelope of one case; the same reaction and case make the same id."""
        return Envelope(
            id=f"{OWN_IDS}{reaction}/{case}", case=case, actor=ENGINE.id, command=self.command, data=self.data
        )


def recounting_of(kind: ReactionKind, stream: Case, recorded: Recorded) -> Recounting:
    """Return what a standing stream's event means for the open cases.

    Args:
        kind: one of ``SWEEPS``.
        stream: the calendar or the campaign right after the event.
        recorded: the event.
    """
    if kind is ReactionKind.RECOUNT:
        said = PublishTable.model_validate(recorded.event.said)
        why = [f"{each.source}（第 {each.version} 版）" for each in said.tables]
        why += [said.week.source] if said.week else []
        return Recounting(kind.value, {"why": "、".join(why)[:200]})
    spans: list[JsonValue] = [each.model_dump(mode="json") for each in spans_of(stream)]
    return Recounting(kind.value, {"all_days": spans, "why": stream.orders[-1].number}, name_of(stream))


def sweep(door: Door, reaction: str, *, progress: Progress | None = None) -> int:
    """Give every open case what a reaction means for it; return how many cases an event was written for.

    Cases that come out the same, and those that are under the order already, are left as they are.
    """
    recorded, found = queries.reaction(door.database, reaction)
    stream = queries.folded_until(door.database, recorded.case, recorded.seq)
    what = recounting_of(found.kind, stream, recorded)
    total = count(door.database, what.campaign)
    done = written = 0
    for names in open_cases(door.database, what.campaign):
        orders = door.take([Order([what.envelope(reaction, name)], trusted=True) for name in names])
        for order in orders:
            if order.refusal is None:
                written += any(receipt.event and not receipt.repeated for receipt in order.receipts)
            elif not isinstance(order.refusal, Refused):
                raise order.refusal
        done += len(names)
        if progress:
            progress(done, max(total, done))
    return written


@dataclass(frozen=True)
class Effect:
    """What a recount would mean for one case: the clocks whose due date moves or stops being provisional."""

    case: Case
    clocks: tuple[tuple[Clock, Clock], ...]


def effects(
    database: Database, world: World, what: Recounting, at: datetime, *, progress: Progress | None = None
) -> Iterator[Effect]:
    """Tell what a recount would mean, case by case, without doing it.

    Args:
        database: the ledger.
        world: the world with the change in it.
        what: the recount.
        at: now (UTC).
        progress: told how many cases of how many were looked at.
    """
    total = count(database, what.campaign)
    done = 0
    for names in open_cases(database, what.campaign):
        for name in names:
            case = queries.case(database, name)
            event = _decided(world, case, what, at)
            if event:
                yield Effect(case, tuple(_pairs(case, event)))
        done += len(names)
        if progress:
            progress(done, max(total, done))


@dataclass(frozen=True)
class Foreseen:
    """What a recount would mean for the open cases: how many due dates would move, and the first of them."""

    moved: int
    whole: bool
    """Whether all open cases were looked at."""
    first: Sequence[Effect]


def foresee(database: Database, world: World, what: Recounting, at: datetime) -> Foreseen:
    """Tell how many due dates a recount would move, looking at ``LOOKED_AT`` cases at most; see ``effects``."""
    found = list(islice(effects(database, world, what, at), LOOKED_AT + 1))
    moved = [each for each in found[:LOOKED_AT] if any(before.due != after.due for before, after in each.clocks)]
    return Foreseen(len(moved), len(found) <= LOOKED_AT, moved[:SHOWN])


def under_order(world: World, campaign: Case, order: AllDaysOrder) -> tuple[World, Recounting]:
    """Return the world with one order more for a campaign, and the recount that its open cases would be given."""
    name, spans = name_of(campaign), spans_of(campaign)
    spans = (*spans, AllDays(first=order.first, last=order.last, order=order.number))
    data: dict[str, JsonValue] = {"all_days": [each.model_dump(mode="json") for each in spans], "why": order.number}
    after = replace(world, campaigns={**world.campaigns, name: spans})
    return after, Recounting(ReactionKind.MOVE_CASES.value, data, name)


def _decided(world: World, case: Case, what: Recounting, at: datetime) -> Event | None:
    envelope = what.envelope("trial", case.id)
    try:
        return decide(world, case, ENGINE, command_of(envelope), at)
    except Refused:
        return None


def _pairs(case: Case, event: Event) -> Iterator[tuple[Clock, Clock]]:
    for clock in event.clocks:
        before = case.clock(clock.name)
        if before:
            yield before, clock


def _where(campaign: str | None) -> sa.ColumnElement[bool]:
    columns = tables.cases.c
    here = columns.kind.not_in([kind.value for kind in STANDING]) & columns.waiting
    return here if campaign is None else here & (columns.campaign == campaign)


def count(database: Database, campaign: str | None = None) -> int:
    """Return how many cases there are to go through."""
    with database.reading() as connection:
        query = sa.select(sa.func.count()).select_from(tables.cases).where(_where(campaign))
        return int(connection.execute(query).scalar_one())


def open_cases(database: Database, campaign: str | None = None) -> Iterator[Sequence[str]]:
    """Yield the cases with anything to come, so many at a time, by number; what comes meanwhile comes in its place."""
    last = ""
    column = tables.cases.c.id
    while True:
        query = sa.select(column).where(_where(campaign), column > last).order_by(column).limit(AT_ONCE)
        with database.reading() as connection:
            names = list(connection.execute(query).scalars())
        if not names:
            return
        yield names
        last = names[-1]
