"""A running clock of a case: when it is due, how that came about, and which rungs are still to come.

Everything here is computed by ``decide`` and written into events whole; ``evolve`` only copies it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from models.base import Frozen
from models.calendars import Calendar
from models.counting import Counted, Rule, count, end_of, legal_day, shift_days
from models.policy import ClockRule, Ladder, Moment, Policy
from models.vocabulary import Light, Term


class Upcoming(Frozen):
    """A rung that is still to come, and its instant (UTC)."""

    rung: str
    at: datetime


class MoveKind(Term):
    """Why a due date moved."""

    RESUMED = "resumed", "暂停后顺延", "resumed after a pause"
    EXTENDED = "extended", "批准延期", "extended"


class Move(Frozen):
    """One step of the derivation after the first count: what moved the due date, from where to where."""

    kind: MoveKind
    since: datetime
    until: datetime
    before: datetime
    after: datetime
    why: str = ""


class Clock(Frozen):
    """A clock as it stands after an event.

    ``due`` is the UTC instant at which the time is up; ``counted`` and ``moves`` are its derivation, and
    where a person set the date instead of counting, ``since`` tells when the clock started. While a clock is
    paused (for the reasons in ``paused_by``) nothing rings; the rungs still to come move when it resumes. A
    clock that ``lapses`` only ends somebody's time for asking: its due date is nobody's deadline.
    """

    name: str
    due: datetime
    counted: Counted | None = None
    since: datetime | None = None
    lapses: bool = False
    moves: tuple[Move, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    light: Light = Light.GREEN
    rung: str | None = None
    paused_at: datetime | None = None
    paused_by: tuple[str, ...] = ()

    @property
    def started_at(self) -> datetime:
        """The instant the clock started."""
        return self.counted.start if self.counted else self.since or self.due

    @property
    def provisional(self) -> bool:
        """Whether the due date rests on a calendar year that is not published yet (待国办通知)."""
        return self.counted is not None and self.counted.provisional


class Alarm(NamedTuple):
    """The nearest rung of a case: which clock, which rung, and its instant (UTC)."""

    at: datetime
    clock: str
    rung: str


def next_alarm(clocks: tuple[Clock, ...]) -> Alarm | None:
    """Return the nearest rung over all running clocks, or None if nothing is to come."""
    running = (clock for clock in clocks if clock.upcoming and not clock.paused_by)
    return min((Alarm(clock.upcoming[0].at, clock.name, clock.upcoming[0].rung) for clock in running), default=None)


def moment_of(moment: Moment, start: datetime, due: datetime, calendar: Calendar) -> datetime:
    """Return a rung's instant: its share of the stretch from start to due, or its offset to the due date."""
    if moment.percent is not None:
        whole = due - start
        return start + timedelta(seconds=int(whole.total_seconds()) * moment.percent // 100)
    return shift_days(calendar, due, moment.days, moment.unit) if moment.days else due


def rungs_of(ladder: Ladder, start: datetime, due: datetime, calendar: Calendar) -> tuple[Upcoming, ...]:
    """Return a ladder's rungs with their instants, in the ladder's order and never before one another."""
    rungs: list[Upcoming] = []
    floor = start
    for rung in ladder.rungs:
        # On a clock of a day "one day before" would come before "seven tenths": the ladder's order holds.
        floor = max(floor, moment_of(rung.at, start, due, calendar))
        rungs.append(Upcoming(rung=rung.name, at=floor))
    return tuple(rungs)


def _armed(clock: Clock, ladder: Ladder, rungs: tuple[Upcoming, ...], now: datetime) -> Clock:
    """Arm a clock with its rungs; those past are shown by their light but never rung retrospectively."""
    past = [rung for rung in rungs if rung.at <= now]
    coming = tuple(rung for rung in rungs if rung.at > now)
    if past and not coming and ladder.again:
        coming = (_again(past[-1], ladder.again, now),)
    light = max(
        (ladder.rung(rung.rung).light or Light.GREEN for rung in past),
        key=lambda each: each.rank,
        default=None,
    )
    return clock.model_copy(
        update={
            "upcoming": coming,
            "light": light or clock.light,
            "rung": past[-1].rung if past else clock.rung,
        }
    )


def _again(last: Upcoming, every: int, now: datetime) -> Upcoming:
    """Return the next repetition of the last rung after now; those missed meanwhile are not made up for."""
    step = timedelta(days=every)
    missed = max(0, (now - last.at) // step)
    return Upcoming(rung=last.rung, at=last.at + step * (missed + 1))


def start(
    rule: ClockRule,
    policy: Policy,
    calendar: Calendar,
    started: datetime,
    recorded: datetime,
    *,
    target: datetime | None = None,
    silent: bool = False,
) -> Clock:
    """Start a clock at the moment its event occurred.

    Args:
        rule: the clock's row, as the channel has it.
        policy: the policy the case runs under.
        calendar: the calendar the row names.
        started: when the starting event occurred (UTC).
        recorded: when it was recorded.
        target: a due date that was set by a person, in place of counting.
        silent: the event is imported history: rungs up to ``recorded`` are shown, but never rung.
    """
    ladder = policy.ladder[rule.ladder]
    lapses = not any(rung.to for rung in ladder.rungs)
    if target:
        clock = Clock(name=rule.name, due=target, since=started, lapses=lapses)
    else:
        counted = count(calendar, started, rule.length.count, rule.length.unit, policy.counting)
        clock = Clock(name=rule.name, due=counted.at, counted=counted, lapses=lapses)
    rungs = rungs_of(ladder, started, clock.due, calendar)
    if silent:
        return _armed(clock, ladder, rungs, recorded)
    return clock.model_copy(update={"upcoming": rungs})


def pause(clock: Clock, name: str, at: datetime) -> Clock:
    """Stop counting for a named reason; a clock may be paused for several reasons at once."""
    return clock.model_copy(update={"paused_at": clock.paused_at or at, "paused_by": (*clock.paused_by, name)})


def resume(clock: Clock, name: str, at: datetime) -> Clock:
    """Lift one reason; when none is left, the due date and what is to come move by exactly the time paused.

    A rung whose moment had come before the pause, but which had not fired yet, keeps its moment.
    """
    left = tuple(each for each in clock.paused_by if each != name)
    since = clock.paused_at
    if left or since is None:
        return clock.model_copy(update={"paused_by": left})
    away = at - since
    move = Move(
        kind=MoveKind.RESUMED,
        since=since,
        until=at,
        before=clock.due,
        after=clock.due + away,
        why=name,
    )
    return clock.model_copy(
        update={
            "due": clock.due + away,
            "moves": (*clock.moves, move),
            "upcoming": tuple(
                each if each.at <= since else Upcoming(rung=each.rung, at=each.at + away) for each in clock.upcoming
            ),
            "paused_at": None,
            "paused_by": (),
        }
    )


def extend(clock: Clock, ladder: Ladder, calendar: Calendar, rule: Rule, *, days: int, at: datetime) -> Clock:
    """Move the due date by a granted number of days and climb the ladder anew from there.

    The new date ends with its legal day, as the first one did; rungs of the new stretch already past stay
    silent.
    A clock that is paused stays so, and its rungs stand where the pause found them until it resumes.
    """
    last = legal_day(clock.due - timedelta(microseconds=1))
    after = end_of(last + timedelta(days=days), rule)
    move = Move(kind=MoveKind.EXTENDED, since=at, until=at, before=clock.due, after=after)
    moved = clock.model_copy(update={"due": after, "moves": (*clock.moves, move), "light": Light.GREEN, "rung": None})
    paused = sum((each.until - each.since for each in clock.moves if each.kind is MoveKind.RESUMED), timedelta())
    rungs = rungs_of(ladder, clock.started_at + paused, after, calendar)
    return _armed(moved, ladder, rungs, clock.paused_at or at)


def rung(clock: Clock, ladder: Ladder, at: datetime) -> Clock:
    """Return the clock after its next rung has fired: the rest is still to come, the last one comes again."""
    fired, rest = clock.upcoming[0], clock.upcoming[1:]
    if not rest and ladder.again:
        rest = (_again(fired, ladder.again, at),)
    light = ladder.rung(fired.rung).light or clock.light
    return clock.model_copy(update={"upcoming": rest, "light": light, "rung": fired.rung})
