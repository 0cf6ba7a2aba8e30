"""An action plan on the real server: its items open as cases of their own, and tell it how they end."""

import asyncio
import contextlib
from pathlib import Path

from adapters.embedded import EmbeddedTemporal
from adapters.plans import items_of
from models.progress import progress
from models.vocabulary import Kind, Status
from tests.workflow.desks import a_desk, client_of, running


async def test_items_live_as_tasks_and_a_plan_hears_of_each_end_and_of_each_sign_off(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            receipt = await office.perform("open_plan", "dispatcher", title="夏季攻势", unit="enforcement")
            plan = receipt.case
            items = [
                {
                    "measure": f"任务{n}",
                    "target": "2099-09-30",
                    "category": category,
                    "unit": "enforcement",
                    "handler": "li",
                }
                for n, category in enumerate(("工业污染", "工业污染", "固废"))
            ]
            await office.perform("add_items", "dispatcher", plan, task_plans=items)
            await office.settled()
            there = items_of(desk.database, office.case(plan))
            assert [(each.kind, each.status, each.category) for each in there] == [
                (Kind.RECTIFICATION, Status.RECTIFYING, each["category"]) for each in items
            ]
            assert office.letters() == office.letters_owed(), "each unit has its order"
            first, second, third = [each.id for each in there]
            for item in (first, second):
                await office.perform("submit_for_review", "li", item)
                await office.perform("approve", "reviewer", item)
            await office.perform("cancel_task", "dispatcher", third, reason="并入另一方案")
            await office.settled()
            for who, command, data in (
                ("li", "apply_sign_off", {}),
                ("zhao", "accept_on_site", {"text": "现场已拆除"}),
                ("sun", "countersign", {}),
                ("clerk", "publish_notice", {"where": "县政府网站"}),
                ("dispatcher", "strike_off", {}),
            ):
                await office.perform(command, who, first, **data)
            await office.settled()
            assert [str(each.outcome) for each in office.case(plan).tasks] == ["signed_off", "done", "cancelled"]
            stands = progress(items_of(desk.database, office.case(plan)), desk.moments.now())
            assert (stands.total, stands.done, stands.signed_off, stands.rate) == (2, 2, 1, 1.0)
            await office.perform("conclude_plan", "dispatcher", plan)
            await office.perform("reopen", "dispatcher", first, reason="回头看发现反弹")
            await office.settled()
            assert [str(each.outcome) for each in office.case(plan).tasks] == ["reopened", "done", "cancelled"]
            known = await office.known(first)
            assert known is not None
            assert known.status is Status.RECTIFYING, "its process manager is at work again"
