"""One matter on the real server: progress flows to those that follow, parts begin their own life, a repeat reopens."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from adapters.embedded import EmbeddedTemporal
from adapters.intake import intake
from models.vocabulary import Status, Verdict
from tests.workflow.desks import Office, a_desk, client_of, running

FINDING = {
    "point": "夜间恶臭",
    "verdict": "substantiated",
    "text": "属实",
    "evidence": [{"sha256": "a" * 64, "name": "照片"}],
}


async def brought_to_closure(office: Office, case: str) -> None:
    for who, command, data in (
        ("dispatcher", "assign", {"unit": "enforcement", "handler": "li"}),
        ("li", "record_findings", {"findings": [FINDING]}),
        ("li", "plan_rectification", {"measures": "清理粪污，加盖除臭"}),
        ("li", "submit_for_review", {}),
        ("reviewer", "approve", {}),
    ):
        await office.perform(command, who, case, **data)


async def test_a_matter_of_three_receipts_is_worked_once_and_each_is_closed_and_answered_on_its_own(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            lead, one, two, gone = [await office.petition() for _ in range(4)]
            for case in (lead, one, two, gone):
                await office.perform("accept", "clerk", case)
            for case in (one, two, gone):
                await office.perform("join", "clerk", case, leading=lead)
            await office.settled()
            await office.perform("part", "clerk", gone)
            await brought_to_closure(office, lead)
            await office.settled()
            assert office.case(gone).heard is None, "whoever was parted hears nothing more"
            for case in (one, two):
                heard = office.case(case).heard
                assert heard is not None
                assert (heard.case, heard.status, heard.verdict) == (lead, Status.CLOSED, Verdict.SUBSTANTIATED)
                await office.perform("close_with_lead", "reviewer", case)
                assert office.case(case).verdict is Verdict.SUBSTANTIATED
                await office.perform("reply", "clerk", case, opinion="support", text="已整改")
            await office.settled()
            assert office.letters() == office.letters_owed()
            assert all(office.case(each).status is Status.CLOSED for each in (lead, one, two))
            assert office.case(gone).status is Status.ACCEPTED


async def test_parts_of_a_receipt_have_clocks_from_its_own_day_and_a_repeat_opens_the_earlier_one_again(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            fields = {"channel": "letter", "place": "白马乡", "summary": "猪场臭，砖厂吵"}
            secret = {"petitioner": "李四", "contact": "13900000000", "text": "又臭又吵"}
            receipt = (await asyncio.to_thread(intake, desk, fields, actor="clerk", key="k1", secret=secret)).case
            parts: list[dict[str, Any]] = [
                {"summary": "猪场恶臭", "types": ["恶臭"]},
                {"summary": "砖厂噪声", "place": "白马乡砖厂"},
            ]
            await office.perform("split", "clerk", receipt, split_parts=parts)
            await office.settled()
            whole = office.case(receipt)
            for name, part in zip(whole.parts, parts, strict=True):
                found = office.case(name)
                assert (found.summary, found.split_from) == (part["summary"], receipt)
                assert found.place == part.get("place", "白马乡")
                assert (found.registered_at, found.due) == (whole.registered_at, whole.due)
                # The seal is the receipt's own: whoever may open the one may open the other, and nothing was copied.
                assert found.sealed == whole.sealed
                assert desk.sealer.open(desk.database, found.sealed[0]) == secret

            earlier = await office.petition()
            await office.perform("accept", "clerk", earlier)
            await brought_to_closure(office, earlier)
            again = await office.petition()
            await office.perform(
                "mark_repeat", "dispatcher", again, repeat_of=earlier, reopens=True, reason="同一猪场又臭了"
            )
            await office.settled()
            assert (office.case(earlier).status, office.case(earlier).repeats) == (Status.ASSIGNED, (again,))
            assert (office.case(again).repeat_of, office.case(again).status) == (earlier, Status.REGISTERED)


async def test_one_task_for_two_petitions_ends_for_both_and_lives_on_when_one_is_withdrawn(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            one, two, three = [await office.petition() for _ in range(3)]
            for case in (one, two, three):
                await office.perform("accept", "clerk", case)
                await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
                await office.perform("record_findings", "li", case, findings=[FINDING])
            plan = {"measure": "建沼气池", "target": "2099-05-01", "standard": "不再直排"}
            await office.perform("plan_rectification", "li", one, measures="建沼气池", task_plans=[plan])
            await office.settled()
            task = f"{one}-R1"
            for case in (two, three):
                await office.perform("share_task", "dispatcher", task, petition=case)
                assert [each.id for each in office.case(case).open_tasks] == [task]
                assert office.case(case).status is Status.RECTIFYING
            await office.perform("withdraw", "clerk", one, reason="当事人撤回")
            await office.settled()
            assert office.case(task).status is Status.RECTIFYING, "others need it still"
            assert office.case(task).serving == (two, three)
            assert office.case(one).open_tasks == ()
            await office.perform("unshare_task", "dispatcher", task, petition=three)
            await office.perform("submit_for_review", "li", task)
            await office.perform("approve", "reviewer", task)
            await office.settled()
            assert [str(each.outcome) for each in office.case(two).tasks] == ["done"]
            assert [str(each.outcome) for each in office.case(three).tasks] == ["cancelled"]


async def test_a_repeat_taken_back_lives_on_under_its_first_clock(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            earlier, case = [await office.petition() for _ in range(2)]
            due = office.case(case).due
            await office.perform("mark_repeat", "clerk", case, repeat_of=earlier, reason="同一件事")
            await office.settled()
            assert office.case(case).status is Status.DECLINED
            await office.perform("take_back_repeat", "dispatcher", case, reason="经核对不是同一件事")
            await office.settled()
            assert (office.case(case).status, office.case(case).due) == (Status.REGISTERED, due)
            assert office.case(earlier).repeats == ()
            known = await office.known(case)
            assert known is not None
            assert known.status is Status.REGISTERED
            assert office.letters() == office.letters_owed()
