"""How the reconciliation comes about: a Schedule starts ``Reconciling`` each night."""

from datetime import timedelta

from temporalio import workflow

from activities.signatures import ReconcileAnswer, ReconcileCall, reconcile
from workflows.process import LONG, PATIENT

BEATS = timedelta(minutes=2)
"""Longer than any stretch of cases takes, with what waits for an answer."""


@workflow.defn
class Reconciling:
    """Has the process managers and the read model held against the ledger, once."""

    @workflow.run
    async def run(self, call: ReconcileCall) -> ReconcileAnswer:
        """Compare; a worker that is killed meanwhile has another begin again."""
        return await workflow.execute_activity(
            reconcile,
            call,
            start_to_close_timeout=LONG,
            heartbeat_timeout=BEATS,
            retry_policy=PATIENT,
            summary="the ledger, the process managers, the read model",
        )
