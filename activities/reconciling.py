"""The activity that holds what others keep of the cases against the ledger."""

import asyncio
import traceback

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.signatures import ReconcileAnswer, ReconcileCall
from adapters.door import Door
from adapters.reconciling import Reconciling as Comparing
from adapters.reconciling import tell

log = structlog.get_logger()


class Reconciling:
    """Reconciles the desk of a door."""

    def __init__(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    @activity.defn
    async def reconcile(self, call: ReconcileCall) -> ReconcileAnswer:
        """Compare, tell what differs, and say how much was looked at; killed midway, begin again."""
        comparing = Comparing(self.door, activity.client(), activity.info().task_queue)
        try:
            report = await comparing.run(sample=call.sample, progress=lambda done, _: activity.heartbeat(done))
            await asyncio.to_thread(tell, self.door, report, sample=call.sample)
        except Exception as fault:  # noqa: BLE001 - as in ``activities.discreet``: the type and the place, no message
            name = type(fault).__name__
            where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)]
            log.warning("activity_failed", activity="reconcile", fault=name, where=where[-3:])
        else:
            log.info("reconciled", looked=report.looked, unasked=report.unasked, found=len(report.found))
            return ReconcileAnswer(
                looked=report.looked, asked=report.asked, unasked=report.unasked, found=len(report.found)
            )
        raise ApplicationError(f"reconcile: {name}", type=name)
