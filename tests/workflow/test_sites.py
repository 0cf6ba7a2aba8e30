"""What was closed comes back at the same site: the earlier one is linked and opened again, once; like sites."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.embedded import EmbeddedTemporal
from models.counting import legal_day
from models.vocabulary import Status
from tests.workflow.desks import a_desk, client_of, running
from tests.workflow.test_matters import brought_to_closure


async def test_a_recurrence_reopens_the_earlier_petition_once_and_like_sites_are_checked(
    tmp_path: Path, database_url: str, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", database_url, temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            farm, other = [
                (
                    await office.perform(
                        "register_site", "clerk", title=name, place="白马乡", trade="养殖", unit="baima"
                    )
                ).case
                for name in ("王某养猪场", "李某养猪场")
            ]
            earlier = await office.petition(types=["恶臭"])
            await office.perform("place_at_site", "clerk", earlier, site=farm)
            await office.perform("accept", "clerk", earlier)
            await brought_to_closure(office, earlier)
            target = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
            plans = [{"measure": "举一反三：核查李某养猪场", "target": target, "unit": "baima", "site": other}]
            await office.perform("check_alike_sites", "dispatcher", earlier, task_plans=plans)
            await office.settled()
            (task,) = office.case(earlier).tasks
            assert (office.case(task.id).site, office.case(task.id).unit) == (other, "baima")

            noise = await office.petition(summary="机器轰鸣扰民", types=["噪声"])
            await office.perform("place_at_site", "clerk", noise, site=farm)
            await office.settled()
            assert office.case(earlier).status is Status.CLOSED, "another problem brings nothing back"

            again = await office.petition(summary="又有恶臭", types=["恶臭"])
            await office.perform("place_at_site", "clerk", again, site=farm)
            await office.settled()
            assert office.case(again).recurrence_of == earlier
            assert (office.case(earlier).status, office.case(earlier).recurrences) == (Status.ASSIGNED, (again,))
            third = await office.petition(summary="还是恶臭", types=["恶臭"])
            await office.perform("place_at_site", "clerk", third, site=farm)
            await office.settled()
            assert office.case(third).recurrence_of is None, "what is open already does not come back"
            assert office.events(earlier).count("reopened") == 1
            assert office.case(farm).petitions == (earlier, noise, again, third)


async def test_an_anomaly_opens_a_task_of_the_sites_unit_and_the_site_hears_how_it_ends(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            given = {
                "title": "白马污水处理厂",
                "place": "白马乡",
                "trade": "污水处理",
                "unit": "enforcement",
                "handler": "li",
            }
            site = (await office.perform("register_site", "clerk", **given)).case
            today = legal_day(desk.moments.now()).isoformat()
            anomaly = {"monitored": "总磷", "value": "0.8 mg/L", "on": today, "by_when": "2099-05-01"}
            await office.perform("report_anomaly", "li", site, **anomaly)
            await office.settled()
            task = office.case(f"{site}-R1")
            assert (task.unit, task.site, task.status) == ("enforcement", site, Status.RECTIFYING)
            assert "总磷" in task.measure
            await office.perform("submit_for_review", "li", task.id)
            await office.perform("approve", "reviewer", task.id)
            await office.settled()
            assert [str(each.outcome) for each in office.case(site).tasks] == ["done"]
