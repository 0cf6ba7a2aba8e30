"""A running clock of a case: when it is due, how that came about, and which rungs are still to come.

Everything here is computed by ``decide`` and written into events whole; ``evolve`` only copies it. A due date is always
derived from its beginnings: the count from the start, then one move after the other. Whoever changes one of them (a
pause that ends, an extension, a new table of holidays) derives the whole anew, so that two ways to the same facts never
end at different dates.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

from models.base import Frozen, made
from models.calendars import Calendar
from models.counting import Counted, Rule, Unit, after, count, counted_between, end_of, legal_day, shift_days
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
    RECOUNTED = "recounted", "重新计算", "counted again"


class Move(Frozen):
    """One step of the derivation after the first count: what moved the due date, from where to where.

    ``since`` and ``until`` are the pause's, or both the moment of the extension or the recount. ``days`` are those of
    an extension. A recount changes what the steps before it rest on; it stands in the list to tell that it happened.
    """

    kind: MoveKind
    since: datetime
    until: datetime
    before: datetime
    after: datetime
    why: str = ""
    days: int = 0


class Clock(Frozen):
    """A clock as it stands after an event.

    ``due`` is the UTC instant at which the time is up; ``counted`` and ``moves`` are its derivation, and
    where a person set the date instead of counting, ``since`` tells when the clock started. ``by`` names the event that
    started it, by the event's number in the case. While a clock is paused (for the reasons in ``paused_by``) nothing
    rings; the rungs still to come move when it resumes. A clock that ``lapses`` only ends somebody's time for asking:
    its due date is nobody's deadline. ``channel`` is set where a clock belongs to one filing of several, and is the
    filing's. A ``hushed`` clock is overdue, and somebody with authority has the matter in hand; ``rests_until`` is when
    its top rung comes again whatever is said in between.
    """

    name: str
    due: datetime
    counted: Counted | None = None
    since: datetime | None = None
    by: int = 0
    channel: str | None = None
    lapses: bool = False
    moves: tuple[Move, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    light: Light = Light.GREEN
    rung: str | None = None
    paused_at: datetime | None = None
    paused_by: tuple[str, ...] = ()
    hushed: bool = False
    rests_until: datetime | None = None

    @cached_property
    def told(self) -> dict[str, Any]:
        """What an event and a case's row say of it: what is not a default.

        The same whether it was counted just now or read back from such a row; made once, for a clock stands unchanged
        in many events' cases.
        """
        return self.model_dump(exclude_defaults=True)

    @property
    def rule(self) -> str:
        """The name of its row in the policy: ``source`` for the clock ``source#2`` of a case's second filing."""
        return self.name.partition("#")[0]

    @property
    def started_at(self) -> datetime:
        """The instant the clock started."""
        return self.counted.start if self.counted else self.since or self.due

    @property
    def unit(self) -> Unit:
        """What its time is counted in; days where a person set the date."""
        return self.counted.unit if self.counted else Unit.DAY

    @property
    def first_due(self) -> datetime:
        """The instant the time was up before anything moved it."""
        return self.counted.at if self.counted else self.moves[0].before if self.moves else self.due

    @property
    def pauses(self) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches that were not counted, in order."""
        return tuple((move.since, move.until) for move in self.moves if move.kind is MoveKind.RESUMED)

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


# ── the rungs ──


def moment_of(
    moment: Moment,
    start: datetime,
    due: datetime,
    calendar: Calendar,
    pauses: Sequence[tuple[datetime, datetime]] = (),
) -> datetime:
    """Return a rung's instant: its share of the time that counts from start to due, or its offset to the due date."""
    if moment.percent is None:
        return shift_days(calendar, due, moment.days, moment.unit) if moment.days else due
    whole = due - start
    for since, until in pauses:
        whole -= until - since
    at = start + timedelta(seconds=int(whole.total_seconds()) * moment.percent // 100)
    for since, until in pauses:
        if at > since:
            at += until - since
    return at


def rungs_of(
    ladder: Ladder,
    start: datetime,
    due: datetime,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime]] = (),
) -> tuple[Upcoming, ...]:
    """Return a ladder's rungs with their instants, in the ladder's order and never before one another."""
    rungs: list[Upcoming] = []
    stretches = tuple(pauses)
    floor = start
    for rung in ladder.rungs:
        # On a clock of a day "one day before" would come before "seven tenths": the ladder's order holds.
        floor = max(floor, moment_of(rung.at, start, due, calendar, stretches))
        rungs.append(made(Upcoming, rung=rung.name, at=floor))
    return tuple(rungs)


def _armed(clock: Clock, ladder: Ladder, rungs: tuple[Upcoming, ...], now: datetime) -> Clock:
    """Arm a clock with its rungs; those past are shown by their light but never rung retrospectively."""
    past = [rung for rung in rungs if rung.at <= now]
    coming = tuple(rung for rung in rungs if rung.at > now)
    if past and not coming and ladder.again:
        coming = (_again(past[-1], ladder.again, now),)
    return _shown(clock, ladder, past).model_copy(update={"upcoming": coming})


def _shown(clock: Clock, ladder: Ladder, fired: Iterable[Upcoming]) -> Clock:
    """Show the light and the rung of those that have had their turn."""
    names = [each.rung for each in fired]
    lights = [ladder.rung(name).light or Light.GREEN for name in names]
    update: dict[str, object] = {"rung": names[-1], "light": max(lights, key=lambda each: each.rank)} if names else {}
    return clock.model_copy(update=update)


def _again(last: Upcoming, every: int, now: datetime) -> Upcoming:
    """Return the next repetition of the last rung after now; those missed meanwhile are not made up for."""
    step = timedelta(days=every)
    missed = max(0, (now - last.at) // step)
    return made(Upcoming, rung=last.rung, at=last.at + step * (missed + 1))


def rung(clock: Clock, ladder: Ladder, at: datetime) -> Clock:
    """Return the clock after its next rung has fired: the rest is still to come, the last one comes again."""
    fired, rest = clock.upcoming[0], clock.upcoming[1:]
    if not rest and ladder.again:
        rest = (_again(fired, ladder.again, at),)
    light = ladder.rung(fired.rung).light or clock.light
    return clock.model_copy(update={"upcoming": rest, "light": light, "rung": fired.rung, **_AWAKE})


_AWAKE: Final = {"hushed": False, "rests_until": None}


def hush(clock: Clock, ladder: Ladder, at: datetime) -> Clock:
    """Let the top rung rest while somebody with authority has the matter in hand; a clock below the top goes on.

    The rest ends ``ladder.rest`` days after the first word since the rung last came: a second word does not prolong it,
    nor does an answer between the two, or one instruction after the other would keep a case silent for years.
    """
    top = ladder.rungs[-1].name
    if not (ladder.again and clock.upcoming and clock.rung == clock.upcoming[0].rung == top):
        return clock
    until = clock.rests_until or max(clock.upcoming[0].at, at + timedelta(days=ladder.rest))
    coming = made(Upcoming, rung=top, at=until)
    return clock.model_copy(update={"upcoming": (coming,), "hushed": True, "rests_until": until})


def wake(clock: Clock, ladder: Ladder, at: datetime) -> Clock:
    """Let the top rung come again, counted from now, or when its rest would have ended if that is sooner."""
    if not (clock.hushed and ladder.again):
        return clock
    coming = at + timedelta(days=ladder.again)
    coming = min(coming, clock.rests_until or coming)
    return clock.model_copy(
        update={"upcoming": (made(Upcoming, rung=ladder.rungs[-1].name, at=coming),), "hushed": False}
    )


# ── the due date ──


class Ground(NamedTuple):
    """What a clock's time is counted by: the calendar, the counting rule, the ladder."""

    calendar: Calendar
    counting: Rule
    ladder: Ladder


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
        calendar: the calendar the row names, with the orders the case is under.
        started: when the starting event occurred (UTC).
        recorded: when it was recorded.
        target: a due date that was set by a person, in place of counting.
        silent: the event is imported history: rungs up to ``recorded`` are shown, but never rung.
    """
    ladder = policy.ladder[rule.ladder]
    lapses = not any(rung.to for rung in ladder.rungs)
    if target:
        clock = made(Clock, name=rule.name, due=target, since=started, lapses=lapses)
    else:
        counted = count(calendar, started, rule.length.count, rule.length.unit, policy.counting)
        clock = made(Clock, name=rule.name, due=counted.at, counted=counted, lapses=lapses)
    rungs = rungs_of(ladder, started, clock.due, calendar)
    if silent:
        return _armed(clock, ladder, rungs, recorded)
    return clock.model_copy(update={"upcoming": rungs})


def pause(clock: Clock, name: str, at: datetime) -> Clock:
    """Stop counting for a named reason; a clock may be paused for several reasons at once."""
    return clock.model_copy(update={"paused_at": clock.paused_at or at, "paused_by": (*clock.paused_by, name)})


def resume(clock: Clock, name: str, at: datetime, ground: Ground) -> Clock:
    """Lift one reason; when none is left, exactly the time that was left at the pause is left again.

    What was left is measured in the clock's own unit: a clock of working days that stood still from a Friday noon to a
    Monday noon has lost no working day but those noons. What was overdue at the pause is overdue by as much after it.
    A rung whose moment had come before the pause, but which had not fired yet, keeps its moment.
    """
    left = tuple(each for each in clock.paused_by if each != name)
    since = clock.paused_at
    if left or since is None:
        return clock.model_copy(update={"paused_by": left})
    move = made(Move, kind=MoveKind.RESUMED, since=since, until=at, before=clock.due, after=clock.due, why=name)
    move = move.model_copy(update={"after": _moved(clock.due, move, clock.unit, ground)})
    moved = clock.model_copy(
        update={"due": move.after, "moves": (*clock.moves, move), "paused_at": None, "paused_by": ()}
    )
    rungs = {each.rung: each for each in _rungs(moved, ground)}
    top = ground.ladder.rungs[-1].name
    coming = tuple(
        each
        if each.at <= since
        # Repeated, the top rung has left its own moment behind.
        else made(Upcoming, rung=each.rung, at=each.at + (at - since))
        if each.rung == clock.rung == top
        else rungs[each.rung]
        for each in clock.upcoming
    )
    return moved.model_copy(update={"upcoming": coming})


def extend(clock: Clock, ground: Ground, *, days: int, at: datetime) -> Clock:
    """Move the due date by a granted number of days and climb the ladder anew from there.

    The new date ends with its legal day, as the first one did; rungs of the new stretch already past stay
    silent.
    A clock that is paused stays so, and its rungs stand where the pause found them until it resumes.
    """
    move = made(Move, kind=MoveKind.EXTENDED, since=at, until=at, before=clock.due, after=clock.due, days=days)
    move = move.model_copy(update={"after": _moved(clock.due, move, clock.unit, ground)})
    moved = clock.model_copy(
        update={
            "due": move.after,
            "moves": (*clock.moves, move),
            "light": Light.GREEN,
            "rung": None,
            **_AWAKE,
        }
    )
    return _armed(moved, ground.ladder, _rungs(moved, ground), clock.paused_at or at)


def recount(clock: Clock, ground: Ground, *, at: datetime, why: str) -> Clock:
    """Derive a due date anew under another calendar; the clock itself where nothing comes out differently.

    Rungs that have not fired move with the date, and ring at once where their new moment has passed. One that fired
    for a date that now lies later is still to come again, and its light is taken back.
    """
    derived = derive(clock, ground)
    if _same(clock, derived):
        return clock
    move = made(Move, kind=MoveKind.RECOUNTED, since=at, until=at, before=clock.due, after=derived.due, why=why)
    moved = derived.model_copy(update={"moves": (*derived.moves, move)})
    now = clock.paused_at or at
    waiting = {each.rung for each in clock.upcoming}
    rungs = _rungs(moved, ground)
    coming = tuple(each for each in rungs if each.at > now or (each.rung in waiting and each.rung != clock.rung))
    fired = [each for each in rungs if each not in coming]
    if coming:
        plain = moved.model_copy(update={"light": Light.GREEN, "rung": None, "upcoming": coming, **_AWAKE})
        return _shown(plain, ground.ladder, fired)
    return moved


def _same(clock: Clock, derived: Clock) -> bool:
    """Tell whether a derivation says what the clock says, whatever the calendar's version is called."""
    mine, others = (
        each.counted and each.counted.model_copy(update={"calendar_version": ""}) for each in (clock, derived)
    )
    return (clock.due, mine, clock.moves) == (derived.due, others, derived.moves)


def derive(clock: Clock, ground: Ground) -> Clock:
    """Return the clock with its due date and every step to it derived from its beginnings alone.

    A clock that nothing was recounted for comes out as it is: that is how an auditor checks it.
    """
    counted = clock.counted
    if counted:
        counted = count(ground.calendar, counted.start, counted.length, counted.unit, ground.counting)
    due = counted.at if counted else clock.first_due
    moves: list[Move] = []
    for move in clock.moves:
        if move.kind is MoveKind.RECOUNTED:
            moves.append(move)
            continue
        later = _moved(due, move, clock.unit, ground)
        moves.append(move.model_copy(update={"before": due, "after": later}))
        due = later
    return clock.model_copy(update={"due": due, "counted": counted, "moves": tuple(moves)})


def _moved(due: datetime, move: Move, unit: Unit, ground: Ground) -> datetime:
    """Return where a pause or an extension moves a due date."""
    calendar = ground.calendar
    if move.kind is MoveKind.EXTENDED:
        last = legal_day(due - timedelta(microseconds=1))
        return _rolled(end_of(last + timedelta(days=move.days), ground.counting), ground)
    if due <= move.since:
        return due + (move.until - move.since)
    left = counted_between(calendar, move.since, due, unit)
    later = after(calendar, move.until, left, unit)
    return _rolled(later, ground) if unit is Unit.DAY else later


def _rolled(due: datetime, ground: Ground) -> datetime:
    """Return the end of the next working day, where the policy rolls over and the last day is none."""
    day = legal_day(due - timedelta(microseconds=1))
    if not ground.counting.roll_over or ground.calendar.works(day):
        return due
    while not ground.calendar.works(day):
        day += timedelta(days=1)
    return end_of(day, ground.counting)


def _rungs(clock: Clock, ground: Ground) -> tuple[Upcoming, ...]:
    return rungs_of(ground.ladder, clock.started_at, clock.due, ground.calendar, clock.pauses)
