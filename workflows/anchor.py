"""A workflow that does nothing but be there: where it is missing, Temporal's database is new or was lost."""

from temporalio import workflow


@workflow.defn
class Anchor:
    """Tells the relay that this Temporal has known the ledger before."""

    @workflow.run
    async def run(self) -> None:
        """Wait for ever; it costs nothing."""
        await workflow.wait_condition(lambda: False)
