"""Dispatch meetings: their packs read from the ledger as it stood at the pack's moment, and laid before them once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters import queries, tables
from adapters.database import Database
from adapters.desk import world_now
from adapters.door import OWN_IDS, Door
from models.case import Case
from models.dispatch import SETTLES, TOLD, Given, Read, pack_of, who_explains
from models.dispatch_commands import CallMeeting, LayPack
from models.envelope import Envelope
from models.evolve import fold
from models.meeting_values import Decision, Pack, Series
from models.meetings import coming, due, following, preceding, put_off
from models.policy import Dispatching
from models.refusals import Refused
from models.vocabulary import Kind
from models.world import World

SHOWN: Final = 60
"""Meetings that are listed, the newest."""
AT_ONCE: Final = 500
_KINDS: Final = [kind.value for kind in TOLD]


@dataclass(frozen=True)
class Convened:
    """What came of looking for a meeting whose pack is due.

    ``number`` is None where none is owed; ``made`` tells whether this look made its pack; ``put_off`` is the instant of
    a meeting that a day off has moved to a later day.
    """

    number: str | None
    made: bool = False
    put_off: datetime | None = None


def rule_of(world: World, now: datetime) -> Dispatching:
    """Return when the leaders meet, by the policy in force."""
    return world.policies[world.policy_at(now)].dispatch


def convene(
    door: Door, series: Series, *, actor: str = "engine", ahead: bool = False, via: Mapping[str, str] | None = None
) -> Convened:
    """Call the meeting of a series that is due, and lay its pack before it: once, however often this is asked for.

    What an outage kept from being made is one pack, for the latest meeting, over all that happened since the pack
    before it. A desk that had no case yet owes none.

    Args:
        door: the ledger's.
        series: which meetings.
        actor: who calls it; the engine, or a person whom the lifecycle's row allows it.
        ahead: the next meeting's pack, as things stand now, before it is due.
        via: by which way that person came.

    Raises:
        Refused: they may not.
    """
    world, now = world_now(door), door.moments.now()
    rule = rule_of(world, now)
    calendar = world.calendars[rule.calendar]
    meeting = (coming if ahead else due)(rule, series, calendar, now)
    later = put_off(rule, series, calendar, now)
    waits = later.at if later else None
    until = min(meeting.at, now)
    held = _find(door.database, meeting.number)
    if (held and held.counts) or not (held or _began(door.database, until)):
        return Convened(meeting.number if held else None, put_off=waits)
    if held and held.covers_until:
        until = held.covers_until
    before = [each for each in meetings(door.database, series) if each.id != meeting.number and each.covers_until]
    ends = [each.covers_until for each in before if each.covers_until and each.covers_until < until]
    since = max(ends, default=preceding(rule, series, calendar, meeting).at)
    after = following(rule, series, calendar, meeting)
    pack = pack_of(read(door.database, world, since, until, after.at))
    name = f"{OWN_IDS}dispatch/{meeting.number}"
    called = CallMeeting(
        series=series, for_day=meeting.for_day, meets_on=meeting.meets_on, covers_from=since, covers_until=until
    )
    call = Envelope(
        id=f"{name}/call", case=meeting.number, actor=actor, command=called.name, data=called.model_dump(mode="json"),
        via=dict(via or {}),
    )  # fmt: skip
    lay = Envelope(
        id=f"{name}/pack", case=meeting.number, actor="engine", command=LayPack.name,
        data=LayPack(pack=pack).model_dump(mode="json"),
    )  # fmt: skip
    try:
        receipts = door.perform([lay] if held else [call, lay], trusted=True)
    except Refused:
        there = _find(door.database, meeting.number)
        if there is None or not there.counts:
            raise
        # Somebody else was faster: theirs is the pack.
        return Convened(meeting.number, put_off=waits)
    # The same pack by the same envelope finds the receipt of whoever was faster.
    return Convened(meeting.number, made=not receipts[-1].repeated, put_off=waits)


def _find(database: Database, number: str) -> Case | None:
    query = sa.select(tables.cases.c.state).where(tables.cases.c.id == number)
    with database.reading() as connection:
        state = connection.execute(query).scalar_one_or_none()
    return None if state is None else Case.model_validate_json(state)


def _began(database: Database, until: datetime) -> bool:
    """Tell whether there was any case before an instant."""
    cases, told = tables.cases.c, tables.envelopes.c
    query = sa.select(told.case_id).join(tables.cases, cases.id == told.case_id)
    query = query.where(cases.kind.in_(_KINDS), told.recorded_at <= until).limit(1)
    with database.reading() as connection:
        return connection.execute(query).first() is not None


# ── reading ──


def meetings(database: Database, series: Series | None = None, limit: int | None = None) -> list[Case]:
    """Return the meetings, of a series or all, the newest first."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.kind == Kind.DISPATCH.value)
    query = query.order_by(columns.registered_at.desc(), columns.id.desc())
    with database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    return [each for each in found if series in {None, each.series}][:limit]


def pack_before(database: Database, meeting: Case) -> Pack | None:
    """Return the pack that lies before a meeting, None while there is none."""
    for recorded in queries.history(database, meeting.id):
        if recorded.event.name == "pack_laid":
            return Pack.model_validate(recorded.event.said["pack"])
    return None


def cases_in(database: Database, pack: Pack) -> dict[str, Case]:
    """Return the cases that a pack is about, as they stand now, by number."""
    return cases_by_number(database, dict.fromkeys(pack.cases))


def cases_by_number(database: Database, names: Iterable[str]) -> dict[str, Case]:
    """Return cases as they stand now, by number; what is not there is left out."""
    wanted, columns = list(names), tables.cases.c
    found: dict[str, Case] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = sa.select(columns.state).where(columns.id.in_(wanted[start : start + AT_ONCE]))
        with database.reading() as connection:
            found |= {case.id: case for case in map(Case.model_validate_json, connection.execute(query).scalars())}
    return found


def read(database: Database, world: World, since: datetime, until: datetime, ahead: datetime) -> Read:
    """Return what a pack is made of, as the ledger stood at ``until``."""
    later = _changed(database, after=until)
    return Read(
        since=since,
        until=until,
        ahead=ahead,
        open=sorted(_open(database, later, until), key=lambda case: case.id),
        moved=_moved(database, later, since, until),
        given=list(_given(database, later, since, until)),
        explains=lambda case: who_explains(world, case, until),
    )


def _changed(database: Database, *, after: datetime) -> set[str]:
    query = sa.select(tables.envelopes.c.case_id).where(tables.envelopes.c.recorded_at > after).distinct()
    with database.reading() as connection:
        return set(connection.execute(query).scalars())


def _then(database: Database, name: str, until: datetime) -> Case | None:
    """Return a case as it stood at an instant."""
    return fold([each for each in queries.history(database, name) if each.recorded_at <= until])


def _open(database: Database, later: set[str], until: datetime) -> Iterator[Case]:
    columns = tables.cases.c
    query = sa.select(columns.id, columns.state).where(columns.is_open, columns.kind.in_(_KINDS))
    with database.reading() as connection:
        for name, state in connection.execution_options(yield_per=AT_ONCE).execute(query):
            if name not in later:
                yield Case.model_validate_json(state)
    for name in sorted(later):
        found = _then(database, name, until)
        if found and found.kind in TOLD and found.is_open:
            yield found


def _moved(database: Database, later: set[str], since: datetime, until: datetime) -> list[tuple[Case, Sequence[str]]]:
    told, cases = tables.envelopes.c, tables.cases.c
    query = sa.select(told.case_id, told.event).join(tables.cases, cases.id == told.case_id)
    query = query.where(cases.kind.in_(_KINDS), told.recorded_at > since, told.recorded_at <= until)
    names: dict[str, list[str]] = {}
    with database.reading() as connection:
        for case, event in connection.execute(query.order_by(told.recorded_at, told.case_id, told.seq)):
            names.setdefault(case, []).append(event)
    stood = _stood(database, names, later, until)
    return [(stood[each], events) for each, events in names.items() if each in stood]


def _stood(database: Database, names: Iterable[str], later: set[str], until: datetime) -> dict[str, Case]:
    """Return cases as they stood at an instant, by number."""
    wanted = list(names)
    found = cases_by_number(database, [each for each in wanted if each not in later])
    for each in wanted:
        if each in later and (case_then := _then(database, each, until)):
            found[each] = case_then
    return found


def _given(database: Database, later: set[str], since: datetime, until: datetime) -> Iterator[Given]:
    """Yield the decisions of all meetings that were not settled by the last pack, each with its case as it stood."""
    made = [
        (meeting.id, number, decision)
        for meeting in meetings(database)
        for number, decision in enumerate(meeting.decisions, 1)
        if decision.at <= until
    ]
    settling = _settling(database, {decision.case for _, _, decision in made}, until)
    left: list[tuple[str, int, Decision, tuple[str, datetime] | None]] = []
    for meeting, number, decision in made:
        events = settling.get(decision.case, [])
        over = next(((event, at) for event, at in events if at > decision.at), None)
        if over is None or over[1] > since:
            left.append((meeting, number, decision, over))
    stood = _stood(database, {decision.case for _, _, decision, _ in left}, later, until)
    for meeting, number, decision, over in left:
        if decision.case in stood:
            yield Given(meeting, number, decision, stood[decision.case], over)


def _settling(database: Database, names: Iterable[str], until: datetime) -> dict[str, list[tuple[str, datetime]]]:
    """Return the events after which a decision is waited for no longer, by case, in their order."""
    wanted, told = sorted(names), tables.envelopes.c
    found: dict[str, list[tuple[str, datetime]]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = sa.select(told.case_id, told.event, told.recorded_at).where(
            told.case_id.in_(wanted[start : start + AT_ONCE]), told.event.in_(SETTLES), told.recorded_at <= until
        )
        with database.reading() as connection:
            for case, event, at in connection.execute(query.order_by(told.recorded_at, told.seq)):
                found.setdefault(case, []).append((event, at))
    return found
