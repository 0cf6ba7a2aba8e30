"""Answers come in any order: what was done last may be told first."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.signatures import ReactionCall
from adapters.desk import Desk
from adapters.temporal import worker_options
from models.facts import Facts
from models.vocabulary import Kind, Stage, Status
from tests.workflow.desks import client_of, until
from workflows.process import NEWEST_WAY
from workflows.rectification import Rectification

OVER = Facts(case="XF2026000001-R1", kind=Kind.RECTIFICATION, seq=7, status=Status.CLOSED, stage=Stage.OVER)
SLOW, QUICK = f"{OVER.case}#5.0.letter", f"{OVER.case}#5.1.letter"


async def test_a_life_ends_though_the_last_answer_told_what_was_known(desk: Desk) -> None:
    let_go = threading.Event()

    @activity.defn(name="deliver")
    def deliver(call: ReactionCall) -> Facts:
        if call.reaction == QUICK:
            return OVER
        if activity.info().is_local:
            raise ApplicationError("handed out by the server")
        assert let_go.wait(30)
        return OVER.model_copy(update={"seq": 6, "reactions": (QUICK,)})

    client = await client_of(desk)
    with ThreadPoolExecutor(4) as executor:
        async with Worker(
            client,
            task_queue=desk.settings.task_queue,
            workflows=[Rectification],
            activities=[deliver],
            activity_executor=executor,
            **worker_options(),
        ):
            handle = await client.start_workflow(
                "Rectification",
                {
                    "case": OVER.case,
                    "facts": OVER.model_copy(update={"seq": 5, "reactions": (SLOW, QUICK)}),
                    "way": NEWEST_WAY,
                },
                id=f"case-{OVER.case}",
                task_queue=desk.settings.task_queue,
                result_type=Facts,
            )

            async def told() -> bool:
                known: Facts | None = await handle.query("known", result_type=Facts)
                return known == OVER

            await until(told, "the quick answer, which is the last event, is known")
            let_go.set()
            assert await asyncio.wait_for(handle.result(), 30) == OVER
