"""The Temporal Schedules: of the leaders' packs, one a series, as the policy says; of the daily root; of reconciling.

They are looked after by every worker: made where they are missing (a new Temporal, or one that was lost), changed where
the policy says another day or hour. A Schedule that is made looks at once whether a pack is owed; one that could not
act while Temporal was away acts when that is back. How often it acts does not matter: a pack is made once.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from adapters.database import AWAY, DatabaseAwayError
from adapters.desk import Desk
from adapters.dispatch import rule_of
from adapters.reconciling import SAMPLE
from models.meeting_values import Series
from models.policy import Dispatching

log = structlog.get_logger()

CHECK: Final = 60.0
"""Seconds between looks at the Schedules."""
RETRY: Final = 2.0
DAY: Final = timedelta(days=1)
SHORTEST: Final = timedelta(seconds=1)
CATCH_UP: Final = timedelta(days=365)
"""What a Schedule missed within so long is made up for."""


ROOTS: Final = "roots-daily"
"""The id of the Schedule that has each day's root made."""
ROOTS_AT: Final = "00:10"
"""When, by the desk's day: what a day has brought is signed soon after it has ended."""

RECONCILIATION: Final = "reconciliation"
"""The id of the Schedule that has the copies held against the ledger."""
RECONCILED_AT: Final = "02:30"


def schedule_id(series: Series) -> str:
    """Return the id of a series' Schedule."""
    return f"dispatch-{series.value}"


class Schedules:
    """Keeps the Schedules of one desk."""

    def __init__(self, desk: Desk, client: Client) -> None:
        """Keep the desk and the way to Temporal."""
        self.desk, self.client = desk, client
        self._away = False

    async def run(self) -> None:
        """Keep them until cancelled; where Temporal or the database is away, look again soon."""
        while True:
            try:
                await self.keep()
            except RPCError as fault:
                if fault.status is RPCStatusCode.UNIMPLEMENTED:
                    log.warning("no_schedules", detail="this Temporal has none; `banjie dispatch make` makes a pack")
                    await asyncio.Event().wait()
                self._note(fault)
            except (DatabaseAwayError, *AWAY) as fault:
                self._note(fault)
            else:
                self._away = False
            await asyncio.sleep(RETRY if self._away else CHECK)

    def _note(self, fault: Exception) -> None:
        if not self._away:
            self._away = True
            log.warning("schedules_away", fault=type(fault).__name__, detail=str(fault)[:200])

    async def keep(self) -> None:
        """Make each Schedule that is missing, and change each that says another time than the policy."""
        for name, wanted in (await asyncio.to_thread(self.wanted)).items():
            await self._keep(name, wanted, at_once=name != RECONCILIATION)

    async def _keep(self, name: str, wanted: Schedule, *, at_once: bool) -> None:
        handle = self.client.get_schedule_handle(name)
        try:
            found = await handle.describe()
        except RPCError as fault:
            if fault.status is not RPCStatusCode.NOT_FOUND:
                raise
            try:
                await self.client.create_schedule(name, wanted, trigger_immediately=at_once)
            except ScheduleAlreadyRunningError:
                return  # another worker was faster
            log.info("schedule_made", schedule=name, rule=wanted.state.note)
            return
        if found.schedule.state.note != wanted.state.note:
            await handle.update(lambda told: _changed(told, wanted))
            log.info("schedule_changed", schedule=name, rule=wanted.state.note)

    def wanted(self) -> dict[str, Schedule]:
        """Return the Schedules by their ids; under an accelerated clock each acts once in each of the desk's days."""
        now = self.desk.moments.now()
        rule = rule_of(self.desk.world(), now)
        pace = self.desk.moments.real(now + DAY) - self.desk.moments.real(now)
        if pace == DAY:
            packs = {schedule_id(series): self._pack(series, *_calendar(rule, series)) for series in Series}
            return {**packs, ROOTS: self._root(*_daily(ROOTS_AT)), RECONCILIATION: self._reconciliation()}
        every = max(pace, SHORTEST)
        fast = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)])
        packs = {schedule_id(series): self._pack(series, fast, f"every {every}") for series in Series}
        return {**packs, ROOTS: self._root(fast, f"every {every}"), RECONCILIATION: self._reconciliation()}

    def _pack(self, series: Series, spec: ScheduleSpec, note: str) -> Schedule:
        action = ScheduleActionStartWorkflow(
            "Convening",
            {"series": series.value},
            id=schedule_id(series),
            task_queue=self.desk.settings.task_queue,
            static_summary=series.en,
        )
        return _schedule(action, spec, note)

    def _reconciliation(self) -> Schedule:
        """Return the one of the reconciliation: by the machine's night, whatever the desk's clock shows."""
        action = ScheduleActionStartWorkflow(
            "Reconciling",
            {"sample": SAMPLE},
            id=RECONCILIATION,
            task_queue=self.desk.settings.task_queue,
            static_summary="the reconciliation",
        )
        return _schedule(action, *_daily(RECONCILED_AT))

    def _root(self, spec: ScheduleSpec, note: str) -> Schedule:
        queue = self.desk.settings.task_queue
        action = ScheduleActionStartWorkflow("Rooting", id=ROOTS, task_queue=queue, static_summary="the daily root")
        return _schedule(action, spec, note)


def _schedule(action: ScheduleActionStartWorkflow, spec: ScheduleSpec, note: str) -> Schedule:
    return Schedule(
        action=action,
        spec=spec,
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
        state=ScheduleState(note=note),
    )


def _daily(at: str) -> tuple[ScheduleSpec, str]:
    hour, _, minute = at.partition(":")
    when = ScheduleCalendarSpec(hour=[ScheduleRange(int(hour))], minute=[ScheduleRange(int(minute))])
    return ScheduleSpec(calendars=[when], time_zone_name="Asia/Shanghai"), f"every day at {at}, Asia/Shanghai"


def _calendar(rule: Dispatching, series: Series) -> tuple[ScheduleSpec, str]:
    hour, _, minute = rule.at.partition(":")
    weekly = series is Series.WEEKLY
    days = ScheduleRange(rule.weekday % 7 if weekly else rule.day)
    when = ScheduleCalendarSpec(
        hour=[ScheduleRange(int(hour))],
        minute=[ScheduleRange(int(minute))],
        day_of_week=[days] if weekly else [ScheduleRange(0, 6)],
        day_of_month=[ScheduleRange(1, 31)] if weekly else [days],
    )
    note = f"{'weekday' if weekly else 'day'} {rule.weekday if weekly else rule.day} at {rule.at}, Asia/Shanghai"
    return ScheduleSpec(calendars=[when], time_zone_name="Asia/Shanghai"), note


def _changed(told: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate:
    found = told.description.schedule
    # Whether somebody has paused it is theirs to say.
    found.action, found.spec, found.policy = wanted.action, wanted.spec, wanted.policy
    found.state.note = wanted.state.note
    return ScheduleUpdate(schedule=found)
