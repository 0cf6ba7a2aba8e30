"""The leaders' packs on the real server: a Schedule makes each once, and what it missed when Temporal is back."""

import asyncio
import contextlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from temporalio.client import ScheduleUpdate, ScheduleUpdateInput
from temporalio.testing import WorkflowEnvironment

from activities.signatures import ConveneAnswer, ConveneCall
from adapters.dispatch import meetings, pack_before
from adapters.embedded import EmbeddedTemporal
from adapters.schedules import Schedules, schedule_id
from models.meeting_values import Measured, Series
from tests.workflow.desks import Office, a_desk, at_the_skipping_desk, client_of, running
from tests.workflow.moments import RunningMoments

FRIDAY: Final = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
DAY_OFF: Final = datetime(2026, 4, 6, 0, 30, tzinfo=UTC)
"""A Monday on which nobody works (清明节), at the hour at which the pack would be due."""
SPEED: Final = 4 * 24 * 3600.0
"""Four days of the desk's in a second."""


def weekly(office: Office) -> list[str]:
    return [each.id for each in meetings(office.desk.database, Series.WEEKLY)]


async def test_a_schedule_makes_each_weeks_pack_once_and_what_was_missed_while_nobody_was_there(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    moments = RunningMoments(FRIDAY, SPEED)
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", moments=moments, temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        client = await client_of(desk)
        handle = client.get_schedule_handle(schedule_id(Series.WEEKLY))
        async with running(desk, client) as office:
            await office.petition()
            moments.let_go()
            await office.until(lambda: weekly(office), "the first Monday's pack is there")

            async def fired() -> int:
                """How often it acted, or had nothing to do because what it began before was still waiting."""
                info = (await handle.describe()).info
                return info.num_actions + info.num_actions_skipped_overlap

            acted = await fired()

            async def further() -> bool:
                return await fired() >= acted + 2

            await office.until(further, "the Schedule acted again and again")
        nobody = Office(desk, client)
        gone, first = moments.now(), weekly(nobody)
        await nobody.until(lambda: moments.now() >= gone + timedelta(days=8), "a week without anybody")
        assert weekly(nobody) == first
        back = moments.hold()
        async with running(desk, client) as office:
            await office.until(lambda: len(weekly(office)) > len(first), "what was missed is made")
            # Held, the clock makes nothing further due, however often the Schedule acts.
            acted = await fired()
            await office.until(further, "and acted yet again")
            made = meetings(desk.database, Series.WEEKLY)
            assert len(made) == len(first) + 1, "one pack for all that was missed"
            newest = pack_before(desk.database, made[0])
            assert newest is not None
            assert newest.since == max(each.covers_until for each in made[1:] if each.covers_until)
            assert newest.until <= back
            assert len(made) == len({each.covers_until for each in made})
            await office.until(
                lambda: all(not each.pending for each in meetings(desk.database)), "the leaders were told by letter"
            )
            assert newest.count(Measured.OPEN) == 1


async def test_a_schedule_is_made_anew_where_it_is_gone_and_follows_the_policy_but_stays_paused(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        client = await client_of(desk)
        schedules = Schedules(desk, client)
        await schedules.keep()
        handle = client.get_schedule_handle(schedule_id(Series.MONTHLY))
        told = (await handle.describe()).schedule
        assert (told.state.note, told.spec.time_zone_name) == ("day 1 at 08:30, Asia/Shanghai", "Asia/Shanghai")

        def earlier(found: ScheduleUpdateInput) -> ScheduleUpdate:
            found.description.schedule.state.note = "day 9 at 07:00"
            found.description.schedule.state.paused = True
            return ScheduleUpdate(schedule=found.description.schedule)

        await handle.update(earlier)
        await schedules.keep()
        state = (await handle.describe()).schedule.state
        assert (state.note, state.paused) == ("day 1 at 08:30, Asia/Shanghai", True)
        await handle.delete()
        await schedules.keep()
        assert not (await handle.describe()).schedule.state.paused


async def test_on_a_day_off_the_schedules_workflow_waits_for_the_next_working_day(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping, DAY_OFF) as office:
        case = await office.petition()
        answer = await office.client.execute_workflow(
            "Convening",
            ConveneCall(series=Series.WEEKLY),
            id="dispatch-weekly-holiday",
            task_queue=office.desk.settings.task_queue,
            result_type=ConveneAnswer,
        )
        assert answer == ConveneAnswer(meeting="DW20260406", made=True)
        meeting = office.case("DW20260406")
        assert (meeting.meets_on, meeting.covers_until) == (date(2026, 4, 7), DAY_OFF + timedelta(days=1))
        pack = pack_before(office.desk.database, meeting)
        assert pack is not None
        assert [each.case for each in pack.changed] == [case], "what came in on the day off is in it"
