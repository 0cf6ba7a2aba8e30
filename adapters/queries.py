"""Reading: cases, histories, lists and figures. Nothing here changes anything."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from adapters import statistics, tables
from adapters.database import Database
from adapters.searching import (
    Looked,
    area_tag,
    having,
    in_hand,
    look,
    rarely,
    tagged,
    tells,
    text_field,
    tie_tag,
    type_tag,
    whole,
)
from models.case import Case
from models.delivery import LetterRef, LetterSeen, letters_of
from models.event import Reaction, Recorded
from models.evolve import fold
from models.facts import Facts
from models.refusals import NotPending, Unknown
from models.vocabulary import ENDS, STANDING, UNLISTED, Kind, Light, Status, Tie

if TYPE_CHECKING:
    from adapters.door import Door


_REACTION = re.compile(r"(?P<case>.+)#(?P<seq>[0-9]{1,9})\..+", re.DOTALL)


def case(database: Database, name: str) -> Case:
    """Return a case as the read model has it.

    Raises:
        Unknown: there is none of that number.
    """
    query = sa.select(tables.cases.c.state).where(tables.cases.c.id == name)
    with database.reading() as connection:
        state = connection.execute(query).scalar_one_or_none()
    if state is None:
        raise Unknown(case=name)
    return Case.model_validate_json(state)


def facts(door: "Door", name: str) -> Facts:
    """Return a case's facts as the read model has it."""
    return door.facts(case(door.database, name))


def history(database: Database, name: str, until: int | None = None) -> list[Recorded]:
    """Return a case's events in order, all or up to a number."""
    query = sa.select(tables.events.c.body).where(tables.events.c.case_id == name).order_by(tables.events.c.seq)
    if until is not None:
        query = query.where(tables.events.c.seq <= until)
    with database.reading() as connection:
        return [Recorded.model_validate_json(body) for body in connection.execute(query).scalars()]


def folded(database: Database, name: str) -> Case | None:
    """Return a case folded from its events; None if it has none."""
    return fold(history(database, name))


def folded_until(database: Database, name: str, seq: int) -> Case:
    """Return a case as it was right after one of its events.

    Raises:
        Unknown: there is no such case.
    """
    found = fold(history(database, name, seq))
    if found is None:
        raise Unknown(case=name)
    return found


def reaction(database: Database, name: str) -> tuple[Recorded, Reaction]:
    """Return a reaction by its id (``CASE#SEQ.PLACE.KIND``), with the event it belongs to.

    Raises:
        NotPending: no event has a reaction of that id.
    """
    number, seq = _event_of(name)
    query = sa.select(tables.events.c.body).where(tables.events.c.case_id == number, tables.events.c.seq == seq)
    with database.reading() as connection:
        body = connection.execute(query).scalar_one_or_none()
    return _reaction_of([] if body is None else [Recorded.model_validate_json(body)], name)


@dataclass(frozen=True)
class Ordered:
    """A letter that a reaction sends: which one, and the reaction, the event and the case that it was first told by."""

    ref: LetterRef
    reaction: Reaction
    recorded: Recorded
    case: Case


def ordered(database: Database, name: str) -> Ordered:
    """Return the letter that a reaction sends; what is sent again is the same document, as it was then.

    Raises:
        NotPending: no reaction that sends a letter has that id.
    """
    # A letter that is sent once more was told by an earlier event of the same case: one look finds both.
    events = history(database, *_event_of(name))
    _, reaction = _reaction_of(events, name)
    if reaction.letter is None:
        raise NotPending(reaction=name)
    ref = LetterRef(letter=reaction.again or name, template=reaction.letter, to="、".join(reaction.to))
    recorded, first = _reaction_of(events, ref.letter)
    case = fold(events[: recorded.seq])
    assert case is not None  # noqa: S101 - it has that event
    return Ordered(ref, first, recorded, case)


def _event_of(name: str) -> tuple[str, int]:
    found = _REACTION.fullmatch(name)
    return (found["case"], int(found["seq"])) if found else ("", 0)


def _reaction_of(events: Sequence[Recorded], name: str) -> tuple[Recorded, Reaction]:
    for recorded in reversed(events):
        names = recorded.reaction_ids()
        if name in names:
            return recorded, recorded.event.reactions[names.index(name)]
    raise NotPending(reaction=name)


@dataclass(frozen=True)
class Happened:
    """What happened last, in a word: the case, the event's name, and when it was recorded."""

    case: str
    event: str
    at: datetime


def recent(database: Database, limit: int, without: Sequence[str] = ()) -> Sequence[Happened]:
    """Return the latest events of the whole ledger, the newest first, but for those of some names."""
    columns = tables.envelopes.c
    query = sa.select(columns.case_id, columns.event, columns.recorded_at)
    query = query.where(columns.event.not_in(without)).order_by(columns.recorded_at.desc(), columns.id).limit(limit)
    with database.reading() as connection:
        return [Happened(row.case_id, row.event, row.recorded_at) for row in connection.execute(query)]


Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Filter:
    """Which cases are asked for; what is None does not matter."""

    kind: Kind | None = None
    status: Status | None = None
    unit: str | None = None
    campaign: str | None = None
    overdue_at: datetime | None = None
    is_open: bool | None = None
    words: str | None = None
    """Words that stand in the place, the summary, the measure, the respondent or the number, each somewhere."""
    hand: str | None = None
    """Whose case it is: its handler or its leader."""
    channel: str | None = None
    type: str | None = None
    """One of its types of problem."""
    registered: Span | None = None
    closed: Span | None = None
    """When it came in, and when it was closed: from one instant to another, both included."""
    areas: tuple[str, ...] | None = None
    """The areas (``models.areas``) of which it has one."""
    done: bool | None = None
    """Whether it is closed or signed off."""
    ended: bool = False
    """Only what was declined, referred or withdrawn."""
    awaits: str | None = None
    """A command it waits for from somebody of whatever unit (``models.actions.awaited``)."""
    tie: Tie | None = None
    """What ties it to other petitions."""


def listed(database: Database, wanted: Filter, limit: int | None = None) -> Iterator[Case]:
    """Yield the cases asked for, oldest first, streaming."""
    columns = tables.cases.c
    with database.reading() as connection:
        query = sa.select(columns.state).where(*conditions(database, connection, wanted))
        query = query.order_by(columns.registered_at, columns.id)
        if limit is not None:
            query = query.limit(limit)
        for state in connection.execution_options(yield_per=500).execute(query).scalars():
            yield Case.model_validate_json(state)


def conditions(
    database: Database,
    connection: sa.Connection,
    wanted: Filter,
    looked: Looked | None = None,
    *,
    partly: bool = False,
) -> list[sa.ColumnElement[bool]]:
    """Return what a row of the read model must fulfil to be one of the cases asked for.

    Args:
        database: the ledger.
        connection: what to look at its indexes by.
        wanted: which cases.
        looked: what the index tells of their words, where that is known already.
        partly: whether some will do where many have the words; the first few hundred that may have them.
    """
    columns = tables.cases.c
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind is None or wanted.kind in STANDING:
        found.append(columns.kind.not_in([kind.value for kind in UNLISTED]))
    plain = (
        (columns.kind, wanted.kind),
        (columns.status, wanted.status),
        (columns.unit, wanted.unit),
        (columns.channel, wanted.channel),
    )
    for column, value in plain:
        if value is not None:
            found.append(column == str(value))
    if wanted.campaign is not None:
        found.append(columns.campaign == wanted.campaign)
    if wanted.awaits is not None:
        # A case may wait for more than one; those that wait for none stand in no index.
        among = (sa.literal(" ") + columns.awaits + " ").contains(f" {wanted.awaits} ", autoescape=True)
        found += [columns.awaits.is_not(None), among]
    found += _owned(connection, wanted)
    if wanted.overdue_at is not None:
        # What is closed is never overdue.
        found += [columns.due <= wanted.overdue_at, *([sa.false()] if wanted.is_open is False else [])]
    if wanted.words:
        looked = looked or look(connection, wanted.words)
        found += having(looked, _read(database, wanted.words, apart=bool(looked.pieces)), partly=partly)
    for at, span in ((columns.registered_at, wanted.registered), (columns.closed_at, wanted.closed)):
        if span is not None:
            found.append(at.between(*span))
    if wanted.done is not None:
        # Nine of ten are closed: where days of closure are named, these are what to go by, not the index of the status.
        status = columns.status.concat("") if wanted.closed else columns.status
        found.append(status.in_(CLOSED) if wanted.done else status.not_in(CLOSED))
    if wanted.ended:
        found.append(columns.status.in_([each.value for each in ENDS]))
    found += _tagged(database, connection, wanted)
    return found


def _owned(connection: sa.Connection, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    columns = tables.cases.c
    found: list[sa.ColumnElement[bool]] = []
    is_open = True if wanted.overdue_at else wanted.is_open
    if wanted.hand is not None:
        few = in_hand(connection, wanted.hand, is_open=is_open)
        if few is not None:
            # Which of them are open is told; told twice, a list by due date would go through all that is open.
            return [few]
        # An index of theirs would bring all of them, only to be sorted for the first few.
        found.append(sa.or_(*(each.concat("") == wanted.hand for each in (columns.handler, columns.leader))))
    if wanted.kind is Kind.PETITION and is_open and (wanted.type or wanted.areas):
        # Where many open cases have to be looked at for some, what is looked at stands in the index of these.
        found += statistics.still_open()
        if wanted.type:
            # Few pass this, and each that does is looked up by its tag (``_tagged``).
            word = json.dumps(wanted.type, ensure_ascii=False)
            found.append(sa.or_(columns.types.is_(None), columns.types.contains(word, autoescape=True)))
    elif is_open is not None:
        found.append(columns.is_open == is_open)
        if is_open and wanted.status:
            # Written out, or the index of open cases alone would not be thought of.
            found.append(sa.literal_column("cases.is_open"))
    return found


def _tagged(database: Database, connection: sa.Connection, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.type:
        tag = type_tag(wanted.type)
        found.append(tagged(connection, [tag]))
        if not tells(tag, wanted.type):
            # A list of words in JSON: the word stands there between quotation marks.
            word = json.dumps(wanted.type, ensure_ascii=False)
            found.append(field_of(database, "types").contains(word, autoescape=True))
    if wanted.tie:
        found.append(tagged(connection, [tie_tag(wanted.tie)]))
    if wanted.areas is not None:
        found.append(tables.cases.c.area.in_(wanted.areas))
        rare = rarely(connection, [area_tag(each) for each in wanted.areas])
        found += [] if rare is None else [rare]
    return found


def _read(database: Database, words: str, *, apart: bool) -> list[sa.ColumnElement[bool]]:
    """Return that words stand in a case; ``apart``: so that only a case is opened whose states are to be read."""
    columns = tables.cases.alias().c if apart else tables.cases.c
    names = ("place", "summary", "measure", "respondent", "title", "aliases")
    places = [columns.id, *(text_field(name, sqlite=database.is_sqlite, state=columns.state) for name in names)]
    read = [word for word in words.split() if not whole(word)]
    found = [sa.or_(*(place.icontains(word, autoescape=True) for place in places)) for word in read]
    if not (apart and found):
        return found
    return [sa.select(1).where(columns.id == tables.cases.c.id, *found).offset(0).correlate(tables.cases).exists()]


def field_of(database: Database, name: str) -> sa.ColumnElement[str]:
    """Return a text field of the read model's state; it leaves out what is empty, so what is not there is null."""
    return text_field(name, sqlite=database.is_sqlite)


@dataclass(frozen=True)
class Late:
    """A case whose alarm should have rung."""

    case: str
    next_alarm: datetime


def late(database: Database, before: datetime, limit: int = 500) -> Sequence[Late]:
    """Return cases whose next alarm lies before an instant and for which no signal waits to be sent."""
    columns = tables.cases.c
    waiting = sa.select(tables.outbox.c.case_id).where(tables.outbox.c.case_id == columns.id)
    query = (
        sa.select(columns.id, columns.next_alarm)
        .where(columns.next_alarm < before, ~waiting.exists())
        .order_by(columns.next_alarm)
        .limit(limit)
    )
    with database.reading() as connection:
        return [Late(row.id, row.next_alarm) for row in connection.execute(query)]


@dataclass(frozen=True)
class Signals:
    """What waits in the outbox: how many signals, how many of them were tried in vain, and the oldest of the latter.

    ``since`` is the desk's time of the event that the oldest one tells (the oldest in vain, where there is any).
    """

    waiting: int
    failing: int
    since: datetime | None = None
    case: str | None = None
    error: str | None = None


def signals(database: Database) -> Signals:
    """Count the signals that wait to be sent."""
    columns, events = tables.outbox.c, tables.envelopes.c
    in_vain = columns.attempts > 0
    counts = sa.select(sa.func.count(), sa.func.count(sa.case((in_vain, 1))))
    oldest = (
        sa.select(columns.case_id, columns.error, events.recorded_at)
        .join(tables.envelopes, sa.and_(events.case_id == columns.case_id, events.seq == columns.seq), isouter=True)
        .order_by(sa.case((in_vain, 0), else_=1), events.recorded_at)
        .limit(1)
    )
    with database.reading() as connection:
        waiting, failing = connection.execute(counts.select_from(tables.outbox)).one()
        first = connection.execute(oldest).one_or_none()
    return Signals(waiting, failing, first.recorded_at, first.case_id, first.error) if first else Signals(0, 0)


def owing(database: Database, limit: int = 500) -> Sequence[str]:
    """Return cases without an alarm that still wait for a reaction's outcome, and have no signal on its way."""
    columns = tables.cases.c
    sent = sa.select(tables.outbox.c.case_id).where(tables.outbox.c.case_id == columns.id).exists()
    query = sa.select(columns.id).where(columns.waiting, columns.next_alarm.is_(None), ~sent).order_by(columns.id)
    with database.reading() as connection:
        return list(connection.execute(query.limit(limit)).scalars())


@dataclass(frozen=True)
class Figures:
    """The counts a leader asks for first."""

    received: int
    closed: int
    open: int
    overdue: int
    blue: int
    yellow: int
    red: int

    @property
    def rate(self) -> float | None:
        """Closed of received, as a share; None while nothing was received."""
        return self.closed / self.received if self.received else None


CLOSED = (Status.CLOSED.value, Status.SIGNED_OFF.value)


def figures(database: Database, at: datetime) -> Figures:
    """Count petitions as they stand at an instant."""
    columns, sums = tables.cases.c, tables.figures.c
    whole = sa.select(sums.received, sums.received_closed, sums.open).where(
        sums.day == "", sums.side == "", sums.name == ""
    )
    counted = [columns.due <= at, *(columns.light == each.value for each in (Light.BLUE, Light.YELLOW, Light.RED))]
    counts = sa.select(*(sa.func.count(sa.case((each, 1))) for each in counted)).where(*statistics.still_open())
    with database.reading() as connection:
        received, closed, left = connection.execute(whole).one_or_none() or (0, 0, 0)
        return Figures(received, closed, left, *map(int, connection.execute(counts).one()))


def letters(database: Database, name: str) -> tuple[LetterSeen, ...]:
    """Return a case's letters with what became of each.

    Raises:
        Unknown: there is no such case.
    """
    found = history(database, name)
    if not found:
        raise Unknown(case=name)
    return letters_of(found)


def with_letters(database: Database, *, lost: bool) -> Iterator[str]:
    """Yield the cases, the one in which something happened last first; or those with a letter lost."""
    if lost:
        query = (
            sa.select(tables.cases.c.id)
            .where(tables.has_lost_letters(database.engine.dialect.name))
            .order_by(tables.cases.c.id)
        )
    else:
        each = tables.envelopes.c
        query = (
            sa.select(each.case_id)
            .where(each.event != "organisation_defined")
            .group_by(each.case_id)
            .order_by(sa.func.max(each.recorded_at).desc(), each.case_id)
        )
    with database.reading() as connection:
        names = list(connection.execute(query).scalars())
    yield from names
