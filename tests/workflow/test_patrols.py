"""Patrols on the real server: a month of rain slot by slot, and years of them over many runs."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from models.event import Recorded
from models.patrol import Ended
from models.vocabulary import Kind, Light, Status
from tests.workflow.desks import Office, a_desk, at_the_skipping_desk, client_of, running
from tests.workflow.lives import lived
from tests.workflow.moments import MONDAY, RunningMoments
from tests.workflow.test_lost import a_server, runs

CASE = "XF2026000001"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, 16, tzinfo=UTC)
"""The end of the first day at the desk."""


async def a_patrol(office: Office) -> tuple[str, str]:
    station = await office.perform("register_station", "clerk", title="白马乡")
    patrol = await office.perform(
        "open_patrol", "dispatcher", title="青溪锑业", place="白马乡", station=station.case, unit="enforcement",
        handler="li", leader="sun",
    )  # fmt: skip
    return station.case, patrol.case


def ends(office: Office, patrol: str, event: str) -> list[datetime]:
    return [datetime.fromisoformat(str(each.event.said["due_at"])) for each in of(office, patrol, event)]


def of(office: Office, patrol: str, *events: str) -> list[Recorded]:
    return [each for each in office.history(patrol) if each.event.name in events]


async def test_in_a_month_of_rain_no_slot_is_doubled_and_none_is_missing_and_leaders_hear_of_each_missed_one(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        station, patrol = await a_patrol(office)
        await office.perform("observe_weather", "clerk", station, sky="heavy_rain", by_whom="县气象局")
        await office.settled(station, patrol)
        assert office.events(patrol)[:2] == ["patrol_opened", "weather_turned"]

        async def until(at: datetime) -> None:
            now = await asyncio.to_thread(office.desk.moments.now)
            await skipping.sleep(max(at - now, timedelta(0)))
            await office.settled(station, patrol)

        await until(MIDNIGHT)
        before = office.case(patrol)
        for day in range(30):
            # In the morning and the evening somebody comes, at noon never.
            for hours in (9, 20):
                await until(MIDNIGHT + day * DAY + hours * HOUR)
                await office.perform("record_patrol", "li", patrol, text="雨水口正常")
                # The skipping server cannot take a timer back that fires in the same moment: let the news sink in.
                await office.settled(station, patrol)
        await until(MIDNIGHT + 30 * DAY)
        case = office.case(patrol)
        assert (case.slots_done - before.slots_done, case.slots_missed - before.slots_missed) == (60, 30)
        missed = ends(office, patrol, "slot_missed")[before.slots_missed :]
        assert missed == [MIDNIGHT + day * DAY + 18 * HOUR for day in range(30)]
        visits = [each.recorded_at for each in of(office, patrol, "patrolled", "patrolled_after_miss")]
        assert len(visits) == len(set(visits)) == case.slots_done
        for each in of(office, patrol, "slot_missed"):
            told = [(one.letter, one.to) for one in each.event.reactions]
            assert told == [("patrol_missed", ("sun",)), ("patrol_missed", ("li",))], "its leader, and who should have"
        assert office.letters_owed(patrol) <= office.letters()
        await office.perform("observe_weather", "clerk", station, sky="dry")
        await office.settled(station, patrol)
        assert office.case(patrol).sky == "dry"
        await office.perform("end_patrol", "dispatcher", patrol, reason="雨季结束")
        await office.settled(station, patrol)
        assert await office.status(patrol) is WorkflowExecutionStatus.COMPLETED


async def test_a_silent_patrol_goes_on_over_many_runs_and_each_slot_is_missed_once(tmp_path: Path) -> None:
    async with a_server(tmp_path / "temporal", limit__historyCount__suggestContinueAsNew="15") as server:
        moments = RunningMoments(MONDAY, 10 * 86_400.0)
        desk = await asyncio.to_thread(a_desk, tmp_path / "desk", moments=moments, temporal_address=server.address)
        with contextlib.closing(desk):
            client = await client_of(desk)
            async with running(desk, client) as office:
                _, patrol = await a_patrol(office)
                moments.let_go()
                await office.until(lambda: office.case(patrol).slots_missed >= 20, "twenty slots are over")
                moments.hold()
                await office.settled(patrol)
                # On a busy machine several may be over by the time one rings: it tells of all of them.
                case, missed = office.case(patrol), ends(office, patrol, "slot_missed")
                assert len(set(missed)) == len(missed) <= case.slots_missed
                assert [each.end for each in case.slots] == [
                    MIDNIGHT + 3 * DAY * number for number in range(1, case.slots_missed + 1)
                ]
                assert {each.ended for each in case.slots} == {Ended.MISSED}
                assert office.case(patrol).light.rank == Light.RED.rank
                *before, last = await runs(client, patrol)
                assert set(before) == {WorkflowExecutionStatus.CONTINUED_AS_NEW}
                assert last is WorkflowExecutionStatus.RUNNING
                assert len(before) >= 2


async def test_a_problem_on_a_patrol_is_a_task_of_its_own_and_its_end_is_heard(office: Office) -> None:
    _, patrol = await a_patrol(office)
    await office.perform(
        "report_problem", "li", patrol, text="雨水口有浑水", what_to_do="封堵雨水口", by_when="2099-09-30"
    )
    await office.settled()
    task = office.case(f"{patrol}-R1")
    assert (task.kind, task.status, task.unit, task.handler) == (
        Kind.RECTIFICATION, Status.RECTIFYING, "enforcement", "li",
    )  # fmt: skip
    await office.perform("submit_for_review", "li", task.id)
    await office.perform("approve", "reviewer", task.id)
    await office.settled()
    assert [str(each.outcome) for each in office.case(patrol).tasks] == ["done"]


async def test_what_was_signed_off_is_looked_at_in_the_first_heavy_rain_and_opened_again_where_it_came_back(
    office: Office,
) -> None:
    await lived(office, CASE, until="strike_off")
    await office.settled()
    assert office.case(CASE).status is Status.SIGNED_OFF
    station = (await office.perform("register_station", "clerk", title="白马乡")).case
    await office.perform("order_look_back", "sun", CASE, station=station, look_back_on="heavy_rain")
    await office.perform("observe_weather", "clerk", station, sky="rain")
    await office.settled(CASE, station)
    assert "weather_struck" not in office.events(CASE)
    await office.perform("observe_weather", "clerk", station, sky="heavy_rain")
    await office.settled(CASE, station)
    assert office.events(CASE).count("weather_struck") == 1
    assert office.letters_owed(CASE) <= office.letters()
    await office.perform("look_back", "li", CASE, text="雨后又有污水外溢", kept=False)
    await office.settled(CASE, station)
    assert office.case(CASE).status is Status.ASSIGNED
    reopened = next(each for each in office.history(CASE) if each.event.name == "reopened")
    assert reopened.event.said["reason"] == f"回头看发现反弹（{CASE}）"
