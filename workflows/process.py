"""What every process manager does: wait for news or for the next alarm, carry out reactions, ring, and go on for years.

Facts come in by signal; each is a snapshot of the case, so the newest says everything and older ones are ignored. No
rule is decided here: an alarm goes through the door as the clock, and the door answers with the facts that follow.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import (
    RetryPolicy,
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    SearchAttributeValueType,
    TypedSearchAttributes,
)
from temporalio.exceptions import FailureError, is_cancelled_exception

from activities.signatures import (
    PerformAnswer,
    PerformCall,
    ReactionCall,
    RingCall,
    deliver,
    erase,
    fetch_events,
    link,
    perform,
    ring,
    sweep,
)
from models.envelope import Envelope
from models.event import SWEEPS, ReactionKind
from models.facts import AlarmFact, Facts, Told
from models.vocabulary import Stage

Asked = TypeVar("Asked")
KIND = SearchAttributeKey.for_keyword("CaseKind")
STATUS = SearchAttributeKey.for_keyword("CaseStatus")
STAGE = SearchAttributeKey.for_keyword("CaseStage")
UNIT = SearchAttributeKey.for_keyword("CaseUnit")
ALARM = SearchAttributeKey.for_datetime("NextAlarm")
CLOCK = SearchAttributeKey.for_keyword("AlarmClock")
POLICY = SearchAttributeKey.for_keyword("CasePolicy")
"""Told at the start of a run alone: a case keeps its policy for life."""
KEYS = (KIND, STATUS, STAGE, UNIT, ALARM, CLOCK)

SHORT = timedelta(seconds=10)
"""Longer than any transaction waits for the database; short enough that a killed worker's work is soon done again."""
POSTING = timedelta(seconds=90)
"""Longer than a letter may take on its way (a minute at most), and the writing of it and the record beside."""
LONG = timedelta(hours=6)
"""Longer than going through all open cases takes."""
PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10))
"""Try for ever: what the engine owes does not lapse because a database or a printer is away."""
AT_ONCE = timedelta(seconds=5)
"""For what is tried within the workflow's own task: longer than the wait for a database, shorter than a task."""
ONCE = RetryPolicy(maximum_attempts=1)
NEWEST_WAY = 3
"""How a process manager that starts now has its work done, or an older one when its run is continued."""
LADDER = "the ladder climbs: reminder, warning, the unit's head, the county's heads, then every week again"
"""What silence does where nothing else is said."""
CARRIED_OUT_BY = {ReactionKind.LETTER.value: deliver, ReactionKind.ERASE.value: erase}
"""Which activity carries a reaction out; what is not here acts on another case."""
EARLY = timedelta(seconds=1)
"""How long to wait before ringing again where the door's clock was not there yet."""


class NewerWay(Exception):  # noqa: N818 - not an error of the engine
    """A newer version of the program has begun this run in a way that this one does not know."""


class Start(Told):
    """What a process manager starts with: the case number is enough; the facts come along when a run is continued.

    ``way`` is how it has its work done: 1, as histories of before know it, each thing as an activity that the server
    hands out; 2, within the workflow's own task where it can be (see ``Process._soon``); 3, likewise, and its life ends
    whichever of the last answers comes last (before, it waited for news that could not come).
    """

    case: str
    facts: Facts | None = None
    way: int = 1


@dataclass(frozen=True)
class Leg:
    """One stage of a life as an operator reads it: what it waits for, which clock runs, what silence does."""

    stage: Stage
    waits_for: str
    clock: str
    silence: str

    def told(self, facts: Facts) -> str:
        """Return the story for Temporal's Web UI."""
        alarm = facts.alarm
        following = f"`{alarm.clock}` · {alarm.rung} · {alarm.due_at:%Y-%m-%d %H:%M} UTC" if alarm else "—"
        return (
            f"**{self.stage.zh} · {self.stage.en}** (event {facts.seq})\n\n"
            f"- waits for: {self.waits_for}\n- clock: {self.clock}\n- silence: {self.silence}\n"
            f"- next alarm: {following}"
        )


class Process:
    """The loop under every process manager. A subclass says which stages there are and what each means."""

    def __init__(self, start: Start) -> None:
        """Take what is known at the start; signals may come before the first line of ``run``."""
        self.number = start.case
        self.facts = start.facts
        self.way = start.way
        self.renewing = False
        self.carrying: dict[str, asyncio.Task[None]] = {}
        self.timer: tuple[AlarmFact, asyncio.Task[None]] | None = None

    @workflow.signal
    def told(self, facts: Facts) -> None:
        """Take news of the case; what is older than what is known is ignored."""
        if self.facts is None or facts.seq > self.facts.seq:
            self.facts = facts

    @workflow.signal
    def renew(self) -> None:
        """Continue as new as soon as nothing is being carried out: with the newest way, in whatever version has it.

        A worker of before took no notice; where it did, a history tells of the signal and of nothing that followed.
        """
        if workflow.patched("renew"):
            self.renewing = True

    @workflow.query
    def known(self) -> Facts | None:
        """Return what this process manager knows of its case."""
        return self.facts

    @workflow.update
    async def perform(self, envelope: Envelope) -> PerformAnswer:
        """Hand an envelope to the door and answer with its receipt or refusal.

        With update-with-start the envelope may be the one that registers the case.
        """
        answer = await workflow.execute_activity(
            perform,
            PerformCall(case=self.number, envelope=envelope),
            start_to_close_timeout=SHORT,
            retry_policy=PATIENT,
            summary=envelope.command,
        )
        if answer.receipt and answer.receipt.case == self.number:
            self.told(answer.receipt.facts)
        return answer

    async def live(self, start: Start, stages: Mapping[Stage, Callable[[], Awaitable[None]]]) -> Facts:
        """Live stage by stage until nothing is to come; return the last facts.

        Raises:
            NewerWay: a newer version began it; the task fails, and is given out until a worker of that version has it.
        """
        if self.way > NEWEST_WAY:
            raise NewerWay(self.way)
        # An update that came along with the start may be what registers the case; its receipt brings the facts.
        await workflow.wait_condition(lambda: self.facts is not None or workflow.all_handlers_finished())
        if self.facts is None:
            self.told(await self._fetch())
        # What an update under way brings may be a reason to go on: look again when the last handler is done.
        while not (self.now.resting and not self.carrying and workflow.all_handlers_finished()):
            await stages[self.now.stage]()
            if self._leaving:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(
                    start.model_copy(update={"facts": self.facts, "way": NEWEST_WAY}),
                    search_attributes=_with_policy(self.now),
                )
            if self.now.resting and not self.carrying:
                await workflow.wait_condition(workflow.all_handlers_finished)
        return self.now

    @property
    def now(self) -> Facts:
        """The facts, once there are any."""
        if self.facts is None:
            raise workflow.NondeterminismError("a process manager without facts")
        return self.facts

    @property
    def _over(self) -> bool:
        """Whether nothing more is to come and nothing is under way: the last answer need bring no news."""
        return self.now.resting and not self.carrying

    @property
    def _renewed(self) -> bool:
        """Whether it may be continued as new because somebody asked for it."""
        return self.renewing and not self.carrying

    @property
    def _leaving(self) -> bool:
        """Whether this run is to be continued by another."""
        return workflow.info().is_continue_as_new_suggested() or self._renewed

    async def stay(self, leg: Leg) -> None:
        """Stay in a stage until the case leaves it or nothing more is to come: the heart of every process manager."""
        while self.now.stage is leg.stage and not self._leaving:
            self._show(leg)
            self._carry_out()
            if self._over:
                break
            seen, alarm = self.now.seq, self.now.alarm
            rings = self._timer(alarm)
            if rings or not alarm:
                await workflow.wait_condition(
                    lambda: (
                        self.now.seq > seen  # noqa: B023
                        or (rings is not None and rings.done())  # noqa: B023
                        or self._renewed
                        or (self.way > 2 and self._over)
                    )
                )
            if alarm and self.now.seq == seen and not self._renewed:
                await self._ring(alarm)

    def _timer(self, alarm: AlarmFact | None) -> asyncio.Task[None] | None:
        """Return the one timer, set for the nearest alarm; it is left alone while that alarm stays the nearest.

        An alarm that is overdue gets none: a timer of no length would take a second, and after an outage many are.
        """
        if self.timer and self.timer[0] == alarm:
            return self.timer[1]
        if self.timer:
            self.timer[1].cancel()
            self.timer = None
        if alarm is None or alarm.ring_at <= workflow.now():
            return None
        task = asyncio.create_task(_sleep_until(alarm))
        self.timer = (alarm, task)
        return task

    async def _ring(self, alarm: AlarmFact) -> None:
        """Go through the door as the clock. An early or stale ring leaves the alarm as it is: wait, then ring again."""
        self.timer = None
        seen = self.now.seq
        self.told(
            await self._soon(
                ring,
                RingCall(case=self.number, clock=alarm.clock, rung=alarm.rung, due_at=alarm.due_at),
                f"{alarm.clock}: {alarm.rung}",
                name=f"{alarm.clock}/{alarm.rung}/{alarm.due_at.isoformat()}",
            )
        )
        if self.now.seq == seen:
            await workflow.sleep(EARLY, summary=f"early: {alarm.clock}: {alarm.rung}")

    def _carry_out(self) -> None:
        """Begin every reaction that is not under way yet; none holds up the clock or another."""
        for reaction in self.now.reactions:
            if reaction not in self.carrying:
                self.carrying[reaction] = asyncio.create_task(self._react(reaction))

    async def _react(self, reaction: str) -> None:
        kind = reaction.rpartition(".")[2]
        call = ReactionCall(case=self.number, reaction=reaction)
        try:
            if kind in SWEEPS:
                # Thousands of cases take minutes; that it lives is told by its heartbeat.
                facts = await workflow.execute_activity(
                    sweep,
                    call,
                    start_to_close_timeout=LONG,
                    heartbeat_timeout=SHORT,
                    retry_policy=PATIENT,
                    summary=kind,
                )
            else:
                # A letter waits for somebody else's server; how soon and how long it is tried, it says itself.
                letter = kind == ReactionKind.LETTER
                facts = await self._soon(
                    CARRIED_OUT_BY.get(kind, link),
                    call,
                    kind,
                    name=reaction,
                    within=POSTING if letter else SHORT,
                    beats=SHORT,
                )
            self.told(facts)
        finally:
            del self.carrying[reaction]

    async def _fetch(self) -> Facts:
        return await self._soon(fetch_events, self.number, "from the ledger", name=self.number)

    async def _soon(
        self,
        activity: Callable[[Asked], Facts],
        call: Asked,
        summary: str,
        *,
        name: str,
        within: timedelta = SHORT,
        beats: timedelta | None = None,
    ) -> Facts:
        """Have something done, first within this workflow's own task, which spares the server half of its work.

        What fails there, and what waits for somebody else, is handed out by the server, which tries for ever and keeps
        no count of it in the history. Done twice is done once: the door knows an alarm and a reaction again. ``name``
        tells operators what was done; of what is done in its own task a history keeps nothing else but the answer.
        """
        if self.way > 1:
            try:
                return await workflow.execute_local_activity(
                    activity,
                    call,
                    start_to_close_timeout=AT_ONCE,
                    retry_policy=ONCE,
                    activity_id=name,
                    summary=summary,
                )
            except FailureError as fault:
                if is_cancelled_exception(fault):
                    raise
        return await workflow.execute_activity(
            activity,
            call,
            start_to_close_timeout=within,
            heartbeat_timeout=beats,
            retry_policy=PATIENT,
            summary=summary,
        )

    def _show(self, leg: Leg) -> None:
        """Let operators find the case by where it stands and read its story; only what changed is written."""
        facts = self.now
        workflow.set_current_details(leg.told(facts))
        updates = [
            *_changed(KIND, facts.kind.value),
            *_changed(STATUS, facts.status.value),
            *_changed(STAGE, facts.stage.value),
            *_changed(UNIT, facts.unit),
            *_changed(ALARM, facts.alarm.due_at if facts.alarm else None),
            *_changed(CLOCK, facts.alarm.clock if facts.alarm else None),
        ]
        if updates:
            workflow.upsert_search_attributes(updates)


def _with_policy(facts: Facts) -> TypedSearchAttributes | None:
    """Return the next run's search attributes; None for those of this one."""
    given = workflow.info().typed_search_attributes
    if facts.policy is None or given.get(POLICY) == facts.policy:
        return None
    ours = [pair for pair in given if pair.key in KEYS]
    return TypedSearchAttributes([*ours, SearchAttributePair(POLICY, facts.policy)])


def _changed(
    key: SearchAttributeKey[SearchAttributeValueType], value: SearchAttributeValueType | None
) -> list[SearchAttributeUpdate[Any]]:
    if workflow.info().typed_search_attributes.get(key) == value:
        return []
    return [key.value_unset() if value is None else key.value_set(value)]


async def _sleep_until(alarm: AlarmFact) -> None:
    await workflow.sleep(_left(alarm.ring_at), summary=f"{alarm.clock}: {alarm.rung}")


def _left(at: datetime) -> timedelta:
    return max(at - workflow.now(), timedelta(0))
