"""The smallest workflow and activity that touch everything the plugin carries."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel
from temporalio import activity, workflow


class Greeting(BaseModel, frozen=True):
    at: datetime
    words: tuple[str, ...]


@activity.defn
async def greet(name: str) -> Greeting:
    return Greeting(at=datetime(2026, 11, 23, tzinfo=UTC), words=("你好", name))


@workflow.defn
class Trivial:
    """Waits for a name, greets it, sleeps, answers."""

    @workflow.init
    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        self.name = ""

    @workflow.run
    async def run(self, wait: timedelta) -> Greeting:
        await workflow.wait_condition(lambda: bool(self.name))
        greeting = await workflow.execute_activity(greet, self.name, start_to_close_timeout=timedelta(seconds=3))
        await workflow.sleep(wait)
        return greeting

    @workflow.signal
    def called(self, name: str) -> None:
        self.name = name
