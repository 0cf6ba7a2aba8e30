"""Silence: what nobody touches climbs its ladder on the right days, reaches somebody, and never falls asleep.

Promise 1, on the time-skipping server. The desk's clock shows Monday 2 March 2026, nine o'clock, when a test begins;
due dates are counted by hand here and never with the code under test.
"""

import itertools
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from models.event import Recorded
from models.vocabulary import Kind, Stage, Status
from tests.workflow.desks import Office, at_the_skipping_desk
from tests.workflow.lives import lived
from tests.workflow.moments import MONDAY
from tests.workflow.rungs import Named, due, each_once_in_order, heard, recipients, rings, rung

DAY = timedelta(days=1)
PROMPT = timedelta(seconds=20)
"""How much later than due a rung may be recorded: the server's clock runs on while our worker works."""


def midnight(month: int, day: int) -> datetime:
    """The end of a day of 2026 at the desk (24:00 in Shanghai)."""
    return datetime(2026, month, day, 16, tzinfo=UTC)


def ladder(clock: str, start: datetime, due: datetime, days: int) -> list[Named]:
    """The rungs of the standard ladder within so many days of MONDAY, as domain practice has them."""
    blue = start + timedelta(seconds=int((due - start).total_seconds()) * 70 // 100)
    rungs = [(blue, "blue"), (max(blue, due - DAY), "yellow"), (due, "red")]
    rungs += [(due + 3 * DAY, "deputy_county"), *((due + week * 7 * DAY, "county") for week in range(1, 60))]
    return [(at, clock, rung) for at, rung in rungs if at < MONDAY + days * DAY]


def recipients_of(ring: Recorded) -> list[str]:
    return [who["person"] for who in heard(ring)]


def check(office: Office, case: str, wanted: list[Named]) -> None:
    """The rungs are these, each once, in order, promptly, each with its letter in the tray and its outcome."""
    told = rung(office, case)
    # Of two rungs with one instant either may come first.
    assert sorted(told) == sorted(wanted)
    each_once_in_order(office, case)
    for each in rings(office, case):
        assert each.recorded_at < due(each) + PROMPT
        assert [one.to for one in each.event.reactions] == [(who,) for who in dict.fromkeys(recipients_of(each))]
    assert office.letters_owed(case) <= office.letters()
    assert office.events(case).count("carried_out") == len(office.letters_owed(case))


async def test_an_unassigned_petition_climbs_the_whole_ladder_and_goes_on_every_week(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        case = await office.petition()
        await office.perform("accept", "clerk", case)
        await office.settled()
        accepted = office.when(case, "accepted")
        began = time.monotonic()
        await skipping.sleep(100 * DAY)
        await office.settled()
        assert time.monotonic() - began < 15, "a hundred days of silence take a second or so"

        wanted = ladder("assign", accepted, midnight(3, 4), 100) + ladder("close", accepted, midnight(5, 1), 100)
        check(office, case, wanted)
        # Posts nobody holds, and people on leave, never mean that nobody hears.
        upwards = {
            "blue": ["stand_in", "stand_in"],
            "yellow": ["stand_in", "stand_in"],
            "red": ["county_deputy"],
            "deputy_county": ["county_deputy"],
            "county": ["duty", "magistrate"],
        }
        assert recipients(office, case, "assign") == upwards
        assert recipients(office, case, "close") == upwards
        assert office.case(case).light == "red"
        weeks = [at for at, clock, name in rung(office, case) if (clock, name) == ("assign", "county")]
        assert len(weeks) == 13
        assert all(after - before == 7 * DAY for before, after in itertools.pairwise(weeks))


async def test_an_assigned_petition_climbs_to_its_units_people_and_talk_does_not_reset_it(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        silent, noisy = await office.petition(), await office.petition()
        for case in (silent, noisy):
            await office.perform("accept", "clerk", case)
            await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
        await office.settled()
        for day in range(7):
            await skipping.sleep(10 * DAY)
            await office.perform("note", "clerk", noisy, text="已电话询问")
            await office.perform("report_progress", "li", noisy, text="仍在办理")
            await office.perform("acknowledge", "li", noisy)
            await office.perform("urge", "dispatcher", noisy, text=f"第{day + 1}次催办")
            # The skipping server cannot take a timer back that fires in the same moment: first let the news sink in.
            await office.settled()

        # The time to object ends on the fifth working day; ten working days to verify end on Monday the 16th.
        objected = [(midnight(3, 9), "object", "lapse")]
        for case in (silent, noisy):
            accepted, assigned = office.when(case, "accepted"), office.when(case, "assigned")
            check_talk = ladder("verify", assigned, midnight(3, 16), 70)
            check_talk += ladder("close", accepted, midnight(5, 1), 70) + objected
            if case is silent:
                check(office, case, check_talk)
            else:
                assert sorted(rung(office, case)) == sorted(check_talk)
        assert recipients(office, silent, "verify") == {
            "blue": ["li", "stand_in"],  # no section head: the leader answering for the case; on leave: the delegate
            "yellow": ["stand_in", "stand_in"],
            "red": ["sun"],
            "deputy_county": ["county_deputy"],
            "county": ["duty", "magistrate"],  # the secretary is on leave and left nobody: it falls upwards
        }
        assert office.letters_owed() <= office.letters()
        red = next(each for each in office.history(silent) if each.event.said.get("rung") == "red")
        assert red.event.reactions[0].letter == "supervision_letter"


CHANNELS = {
    "letter": {"accept": midnight(3, 17)},
    "platform": {"accept": midnight(3, 17)},
    "hotline": {"accept": midnight(3, 3)},
    "first_asked": {"accept": midnight(3, 3)},
    "inspection": {"accept": midnight(3, 2), "verify": midnight(3, 3), "close": midnight(3, 12)},
}
"""What runs from the registration on, by channel, and when its time is up."""


async def test_silence_from_the_first_minute_on_every_channel(tmp_path: Path, skipping: WorkflowEnvironment) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        cases = {channel: await office.petition(channel=channel) for channel in CHANNELS}
        await office.settled()
        await skipping.sleep(61 * DAY)
        await office.settled()
        for channel, clocks in CHANNELS.items():
            case = cases[channel]
            registered = office.when(case, "registered")
            wanted = [each for name, due in clocks.items() for each in ladder(name, registered, due, 61)]
            check(office, case, wanted)
            assert office.case(case).status is Status.REGISTERED


@pytest.mark.parametrize("channel", ["letter", "hotline"])
async def test_a_rectification_task_climbs_a_ladder_of_its_own(
    tmp_path: Path, skipping: WorkflowEnvironment, channel: str
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        case = await office.petition(channel=channel)
        await office.perform("accept", "clerk", case)
        await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
        finding = {"point": "一", "verdict": "substantiated", "text": "属实", "evidence": [{"sha256": "a" * 64}]}
        await office.perform("record_findings", "zhao", case, findings=[finding])
        plan = {"measure": "建应急池", "target": "2026-03-31"}
        await office.perform("plan_rectification", "li", case, measures="整改", task_plans=[plan])
        task = f"{case}-R1"
        await office.until(lambda: office.events(task) != [], "the task is opened")
        await office.settled()
        await skipping.sleep(70 * DAY)
        await office.settled()
        assert office.case(task).kind is Kind.RECTIFICATION
        check(office, task, ladder("rectify", office.when(task, "task_opened"), midnight(3, 31), 70))
        assert recipients(office, task, "rectify")["red"] == ["sun"]
        # The petition's own clock went on beside it.
        assert any(name == "close" and each == "red" for _, name, each in rung(office, case))


async def test_after_sign_off_three_look_backs_and_then_the_life_is_over(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        case = "XF2026000001"
        await lived(office, case)
        await office.settled()
        facts = await office.known(case)
        assert facts is not None
        assert facts.stage is Stage.LOOK_BACK
        await skipping.sleep(179 * DAY)
        assert await office.status(case) is WorkflowExecutionStatus.RUNNING
        await skipping.sleep(2 * DAY)
        await office.settled()

        # 180 days after 2 March is 29 August; look-backs come 150 and 90 days before and on it.
        wanted = [(midnight(4, 1), "first"), (midnight(5, 31), "second"), (midnight(8, 29), "last")]
        # The petitioner's thirty days to ask for reconsideration run out beside it.
        assert sorted(rung(office, case)) == sorted(
            [(midnight(4, 1), "reconsider_window", "lapse"), *((at, "look_back", name) for at, name in wanted)]
        )
        assert await office.status(case) is WorkflowExecutionStatus.COMPLETED
        assert office.case(case).resting
        assert office.case(case).status is Status.SIGNED_OFF
        assert office.letters() == office.letters_owed()
        for task in (f"{case}-R1", f"{case}-R2"):
            assert await office.status(task) is WorkflowExecutionStatus.COMPLETED


async def test_a_paused_petition_climbs_the_ladder_of_its_pause_and_goes_on_where_it_was(
    tmp_path: Path, skipping: WorkflowEnvironment
) -> None:
    async with at_the_skipping_desk(tmp_path, skipping) as office:
        heard_out, asked = await office.petition(), await office.petition()
        for case in (heard_out, asked):
            await office.perform("accept", "clerk", case)
            await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
        await office.perform("begin_hearing", "dispatcher", heard_out, reason="多方意见不一")
        await office.perform("ask_petitioner", "clerk", asked, text="请补充照片")
        await office.settled()
        began = office.when(heard_out, "hearing_begun")
        await skipping.sleep(45 * DAY)
        await office.settled()

        # A hearing holds the closure up, not the visit; nobody ends it, so its own thirty days ring.
        assigned = office.when(heard_out, "assigned")
        objected = [(midnight(3, 9), "object", "lapse")]
        wanted = ladder("hearing", began, midnight(4, 1), 45) + objected
        check(office, heard_out, wanted + ladder("verify", assigned, midnight(3, 16), 45))
        # A question to the petitioner holds up both, for its own fifteen days: then the time runs on by itself.
        lapsed = next(each for each in rings(office, asked) if each.event.said["clock"] == "asked")
        assert due(lapsed) == midnight(3, 17)
        away = lapsed.recorded_at - office.when(asked, "petitioner_asked")
        verify = office.case(asked).clock("verify")
        close = office.case(asked).clock("close")
        assert verify is not None
        assert close is not None
        assert (verify.due, close.due) == (midnight(3, 16) + away, midnight(5, 1) + away)
        assert ("verify", "red") in {(clock, name) for _, clock, name in rung(office, asked)}
        assert not [each for each in rung(office, asked) if each[1] == "verify" and each[0] < lapsed.recorded_at]

        await office.perform("end_hearing", "dispatcher", heard_out, text="已形成意见")
        ended = office.when(heard_out, "hearing_ended")
        await office.settled()
        await skipping.sleep(80 * DAY)
        await office.settled()
        reds = [at for at, clock, name in rung(office, heard_out) if (clock, name) == ("close", "red")]
        assert reds == [midnight(5, 1) + (ended - began)]
        each_once_in_order(office, heard_out)
        each_once_in_order(office, asked)
