"""``decide``: what comes of a command.

Pure: case, actor, command and moment go in, an event or a refusal comes out.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import JsonValue

from models import clocks as timing
from models import refusals
from models.authority import has_authority
from models.base import made
from models.canonical import text_of
from models.case import Case
from models.clocks import Clock, Ground
from models.commands import COMMANDS, Command, Ring
from models.counting import end_of
from models.effects import EFFECTS, choice, consequences
from models.event import Event, changeable, changes
from models.fills import FILLS
from models.guards import CHECKS, GUARDS, free
from models.instants import shown
from models.lifecycle import BY_COMMAND, MAKES, UNITS_PEOPLE, Row
from models.policy import ClockRule
from models.react import Turn, done, reach, react, react_to_rung
from models.situation import Situation
from models.vocabulary import ENDS, PEOPLE, Flag, Kind, Role
from models.world import Actor, World

SKEW = timedelta(minutes=2)
"""How far a told moment may lie ahead of our clock: two desks' clocks never agree to the second."""


def decide(
    world: World,
    case: Case,
    actor: Actor,
    command: Command,
    at: datetime,
    occurred: datetime | None = None,
) -> Event | None:
    """Decide a command.

    Args:
        world: policies, calendars, organisation.
        case: the case as it stands; for a command that makes a new one, ``blank(…)``.
        actor: who asks.
        command: what is asked.
        at: now (UTC).
        occurred: when it happened, where that was earlier; only where the row allows it. A moment slightly
            ahead of ``at`` counts as ``at``.

    Returns:
        The event, or None for a ring that is stale or early, and where an idle row changes nothing.

    Raises:
        Refused: with the sentence that says why not.
    """
    rows = rows_now(case, command.name)
    if isinstance(command, Ring):
        return _ring(Situation(world, case, actor, rows[0], command, at, at), rows, command)
    occurred = occurred or at
    if occurred > at + SKEW:
        raise refusals.InFuture(at=shown(occurred))
    s = Situation(world, case, actor, rows[0], command, at, min(occurred, at))
    row = next(row for row in rows if row.when == choice(s))
    if row is not s.row:
        s = replace(s, row=row)
    role = admit(s)
    if occurred < at and not s.row.backdated:
        raise refusals.Backdated(**s.words)
    for name in s.row.fills:
        filled, told = FILLS[name](s)
        command = command.model_copy(update=filled)
        s = replace(s, command=command, told={**s.told, **told})
    for name in s.row.checks:
        CHECKS[name](s)
    event = _event(s, role, command)
    same = all(getattr(event.sets, name) == getattr(case, name) for name in event.sets.model_fields_set)
    return None if s.row.idle and same and not event.clocks else event


def blank(world: World, number: str, command: str, at: datetime) -> Case:
    """Return the case as it is before its first event, under the policy of the day."""
    return Case(id=number, kind=MAKES.get(command, Kind.PETITION), policy=world.policy_at(at))


def admit(s: Situation) -> Role:
    """Return the role in which the actor may do this now, before anything is filled in.

    Raises:
        Refused: with the sentence that says why not.
    """
    role = role_of(s)
    if role in PEOPLE:
        free(s, s.actor.id, s.actor.interests)
    _flags_allow(s)
    for name in s.row.guards:
        GUARDS[name](s)
    return role


def is_now(row: Row, case: Case) -> bool:
    """Tell whether a row is one for the case's status; before its first event, one that makes a case."""
    return case.status in row.at if case.seq else not row.at


def rows_now(case: Case, name: str) -> tuple[Row, ...]:
    """Return the command's rows at the case's status.

    Raises:
        Exists: it would make a case that is there already.
        Unknown: there is no such case yet.
        UnknownCommand: no row of this kind of case knows the command.
        NotNow: the status does not allow it.
    """
    rows = BY_COMMAND.get((case.kind, name), ())
    now = tuple(row for row in rows if is_now(row, case))
    if now:
        return now
    if not case.seq:
        raise refusals.Unknown(case=case.id)
    if name in MAKES:
        raise refusals.Exists(case=case.id)
    if not rows:
        raise refusals.UnknownCommand(command=name)
    kind = COMMANDS[name]
    raise refusals.NotNow(status=case.status.zh, status_en=case.status.en, command=kind.zh, command_en=kind.en)


def role_of(s: Situation) -> Role:
    """Return the role the actor acts in: the first of the row's that they hold, within its scope.

    Raises:
        NotYours: the actor holds none of them.
        OtherUnit: they would, were the case their unit's.
    """
    held = [role for role in s.row.by if role in s.actor.roles]
    if not held:
        # Whom somebody can turn to; the clock and the engine are nobody's colleagues.
        people = [role for role in s.row.by if role not in {Role.CLOCK, Role.ENGINE}] or s.row.by
        raise refusals.NotYours(
            **s.words,
            roles="、".join(role.zh for role in people),
            roles_en=", ".join(role.en for role in people),
        )
    for role in held:
        if not (s.row.own_unit and role in UNITS_PEOPLE) or s.actor.unit == s.case.unit:
            return role
    raise refusals.OtherUnit(person=s.actor.id, unit=s.case.unit or "—", own=s.actor.unit or "—")


def _flags_allow(s: Situation) -> None:
    for flag in s.row.needs:
        if flag not in s.case.flags:
            raise refusals.NothingOpen(**s.words, flag=flag.zh, flag_en=flag.en)
    for flag in s.row.bars:
        if flag in s.case.flags:
            raise refusals.AlreadyOpen(**s.words, flag=flag.zh, flag_en=flag.en)


def _event(s: Situation, role: Role, command: Command) -> Event:
    row, case, fields = s.row, s.case, changeable(s.case.kind)
    given = {name: getattr(command, name) for name in sorted(command.model_fields_set)}
    sets: dict[str, object] = {name: value for name, value in given.items() if name in fields and value is not None}
    flags = _flags(case, row)
    if flags != case.flags:
        sets["flags"] = flags
    for name in row.effects:
        sets.update(EFFECTS[name](s))
    if (row.to is not None and row.to is not case.status) or not case.seq:
        sets["status"] = row.to
    # What became a field of the case is not told twice.
    rest = {name for name in given if name not in fields}
    said = command.model_dump(mode="json", include=rest) if rest else {}
    said = {name: value for name, value in {**said, **s.told}.items() if value not in ("", None, [])}
    after = case.model_copy(update=sets)
    touched, stopped = _clocks(s, after, frozenset({row.event}))
    if row.shelves:
        sets["shelved"] = tuple(_kept(s, clock) for clock in case.clocks if clock.name in stopped)
    if row.restores:
        sets["shelved"] = ()
        touched = tuple(Clock.model_validate_json(each) for each in case.shelved)
    return made(
        Event,
        name=row.event,
        role=role,
        said=said,
        sets=changes(**sets),
        clocks=touched,
        stops=stopped,
        reactions=react(Turn(s.world, s.policy, case, after, s.at), row),
    )


def _kept(s: Situation, clock: Clock) -> str:
    """Return a clock that ends, as it would run on: what it stood still for is over."""
    ground = _ground(s, s.case.rule(s.policy, clock), s.case)
    for reason in clock.paused_by:
        clock = timing.resume(clock, reason, s.at, ground)
    return text_of(clock.told)


def _flags(case: Case, row: Row) -> tuple[Flag, ...]:
    up = (set(case.flags) | set(row.raises)) - set(row.lowers)
    return tuple(sorted(up))


def _clocks(
    s: Situation,
    after: Case,
    triggers: frozenset[str],
) -> tuple[tuple[Clock, ...], tuple[str, ...]]:
    """Return the clocks that an event starts, pauses, resumes or extends, and the names of those it stops.

    A clock that runs is started anew only where its row says that the same event stops it.
    """
    before = {clock.name: clock for clock in s.case.clocks}
    policy = s.policy
    ended = after.status in ENDS
    rules = [row for row in _rules(s, after, before, triggers) if row[1].outlives or not ended]
    history = after.imported and s.row.backdated
    going = {pause.name for pause in policy.pause if pause.name in after.flags}
    touched: dict[str, Clock] = {}
    stopped = sorted(before.keys() - {name for name, _, _ in rules}) if ended else []
    for name, rule, channel in rules:
        old = before.get(name)
        mine = triggers if channel is None else _concerning(s, name, triggers)
        stops = old is not None and not mine.isdisjoint(rule.stops_on)
        if (old is None or stops) and not mine.isdisjoint(rule.starts_on) and (rule.imported or not history):
            clock = _started(s, rule, after, silent=history)
            if history and old is None and not clock.upcoming:
                continue  # its end came before anybody here was told: nothing of it is to come, and nothing is owed
            clock = clock.model_copy(update={"name": name, "by": s.case.seq + 1, "channel": channel})
            for reason in sorted(going & set(rule.paused_by)):
                clock = timing.pause(clock, reason, s.at)
            touched[name] = clock
        elif stops:
            stopped.append(name)
        elif old is not None and (clock := _moved(s, old, rule, after, mine)) is not old:
            touched[name] = clock
    return tuple(touched[name] for name in sorted(touched)), tuple(sorted(stopped))


def _rules(
    s: Situation, after: Case, running: Collection[str], triggers: frozenset[str]
) -> Iterator[tuple[str, ClockRule, str | None]]:
    """Yield the clocks an event may concern, by name: the case's own, and each filing's of another channel."""
    policy = s.policy
    for rule in policy.concerned(after.kind, after.channel, running, triggers):
        yield rule.name, rule, None
    for place, filing in enumerate(after.filings, 1):
        if filing.channel != after.channel:
            for rule in policy.filing_clocks(after.kind, filing.channel):
                yield f"{rule.name}#{place}", rule, filing.channel


def _concerning(s: Situation, name: str, triggers: frozenset[str]) -> frozenset[str]:
    """Return what a filing's clock hears of an event: it starts with the filing, and hears what is meant for it."""
    place = name.partition("#")[2]
    named = s.given("filing")
    if named is not None and int(place) != named:
        return frozenset()
    # What was filed before has had its beginning.
    known = int(place) <= len(s.case.filings)
    return triggers - _FILES if known else triggers


_FILES = frozenset({"registered", "supplemented"})
"""The events that bring filings in."""


def _ground(s: Situation, rule: ClockRule, after: Case) -> Ground:
    calendar = s.world.calendars[rule.calendar]
    if after.all_days:
        calendar = calendar.under(after.all_days)
    return Ground(calendar, s.policy.counting, s.policy.ladder[rule.ladder])


def _started(s: Situation, rule: ClockRule, after: Case, *, silent: bool) -> Clock:
    target = getattr(after, rule.due) if rule.due else None
    since = getattr(after, rule.since) if rule.since else None
    return timing.start(
        rule,
        s.policy,
        _ground(s, rule, after).calendar,
        since or s.occurred,
        s.at,
        target=target if isinstance(target, datetime) or not target else end_of(target, s.policy.counting),
        silent=silent,
    )


def _moved(s: Situation, clock: Clock, rule: ClockRule, after: Case, triggers: frozenset[str]) -> Clock:
    policy = s.policy
    for pause in policy.pause:
        if pause.name in clock.paused_by and not triggers.isdisjoint(pause.ends_on):
            clock = timing.resume(clock, pause.name, s.at, _ground(s, rule, after))
        elif pause.name in rule.paused_by and not triggers.isdisjoint(pause.begins_on):
            clock = timing.pause(clock, pause.name, s.at)
    if not triggers.isdisjoint(rule.extended_on):
        clock = timing.extend(clock, _ground(s, rule, after), days=after.extension_days or 0, at=s.at)
    if s.row.recounts:
        clock = timing.recount(clock, _ground(s, rule, after), at=s.at, why=s.given("why"))
    ladder = policy.ladder[rule.ladder]
    if not triggers.isdisjoint(ladder.woken_by):
        clock = timing.wake(clock, ladder, s.at)
    elif not triggers.isdisjoint(ladder.hushed_by) and has_authority(s, ladder):
        clock = timing.hush(clock, ladder, s.at)
    return clock


def _ring(s: Situation, rows: tuple[Row, ...], command: Ring) -> Event | None:
    role = role_of(s)
    case, policy, at = s.case, s.policy, s.at
    clock = case.clock(command.clock)
    if clock is None or clock.paused_by or not clock.upcoming:
        return None
    coming = clock.upcoming[0]
    if (coming.rung, coming.at) != (command.rung, command.due_at) or coming.at > at:
        return None
    ladder = policy.ladder[case.rule(policy, clock).ladder]
    rung = ladder.rung(coming.rung)
    row = next(row for row in rows if row.when == rung.kind)
    recipients = tuple(reach(s.world, policy, case, post, at=at) for post in rung.to)
    sets = {name: value for effect in row.effects for name, value in EFFECTS[effect](s).items()}
    rung_clock = timing.rung(clock, ladder, at)
    sets |= consequences(policy, case, clock, rung_clock, at)
    sets = {name: value for name, value in sets.items() if getattr(case, name) != value}
    after = case.model_copy(update=sets)
    touched, stopped = _clocks(s, after, frozenset({row.event, f"{row.event}.{clock.name}"}))
    spent = not rung_clock.upcoming
    said: dict[str, JsonValue] = {
        "clock": clock.name,
        "rung": rung.name,
        "due_at": command.model_dump(mode="json")["due_at"],
        "recipients": [recipient.model_dump(mode="json", exclude_defaults=True) for recipient in recipients],
    }
    return made(
        Event,
        name=row.event,
        role=role,
        said=said,
        sets=changes(**sets),
        clocks=touched if spent else _with(touched, rung_clock),
        stops=(*stopped, clock.name) if spent else stopped,
        reactions=(*react_to_rung(rung, recipients), *done(Turn(s.world, policy, case, after, at), row)),
    )


def _with(touched: tuple[Clock, ...], clock: Clock) -> tuple[Clock, ...]:
    others = [each for each in touched if each.name != clock.name]
    return tuple(sorted((*others, clock), key=lambda each: each.name))
