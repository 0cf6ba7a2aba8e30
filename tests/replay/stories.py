"""The stories whose histories are kept: what happens at the desk, and which cases' workflows are recorded."""

import asyncio
from datetime import timedelta
from typing import Final

from adapters.relay import workflow_id
from models.envelope import Envelope
from tests.replay.other_stories import OTHERS
from tests.replay.playing import Story, fast, running, stepped
from tests.workflow.desks import Office
from tests.workflow.lives import EVIDENCE, lived, reviewed, the_life
from tests.workflow.rungs import rings

CASE: Final = "XF2026000001"


async def prompt_closure(office: Office) -> list[str]:
    """Everybody does at once what is asked for: closed and answered, with the sign-off still to come."""
    await reviewed(office, CASE)
    await office.perform("approve", "reviewer", CASE)
    await office.perform("reply", "clerk", CASE, opinion="explain", text="经查不属实")
    return [CASE]


async def silence(office: Office) -> list[str]:
    """Nobody touches it: the ladder is climbed to its end and begins to repeat."""
    await office.petition(CASE, channel="hotline")
    running(office).let_go()
    await office.until(lambda: len(rings(office, CASE)) >= 8, "eight rungs have rung", within=60)
    running(office).hold()
    return [CASE]


async def tasks(office: Office) -> list[str]:
    """Two rectification tasks, one sent back; closed for now in between."""
    await lived(office, CASE, "strike_off")
    return [CASE, f"{CASE}-R1", f"{CASE}-R2"]


async def paused(office: Office) -> list[str]:
    """A hearing that is ended, and a question whose own time runs out."""
    await _assigned(office)
    await office.perform("begin_hearing", "dispatcher", CASE, reason="意见不一")
    await office.settled()
    await office.perform("end_hearing", "dispatcher", CASE, text="已听证")
    await office.perform("ask_petitioner", "clerk", CASE, text="请补充照片")
    await office.settled()
    stepped(office).step(timedelta(days=17))
    await office.perform("note", "clerk", CASE, text="无回音")
    return [CASE]


async def sent_back(office: Office) -> list[str]:
    """The reviewer is not content, twice; an objection was tried before."""
    await office.petition(CASE)
    await office.perform("accept", "clerk", CASE)
    await office.perform("assign", "dispatcher", CASE, unit="baima", handler="qian")
    await office.settled()
    await office.perform("object", "qian", CASE, reason="不属本乡")
    await office.perform("refuse_return", "dispatcher", CASE, reason="属地管理")
    finding = {"point": "一", "verdict": "unsubstantiated", "text": "未见异常", "evidence": EVIDENCE}
    for _ in range(2):
        await office.perform("record_findings", "qian", CASE, findings=[finding])
        await office.perform("submit_for_review", "qian", CASE)
        await office.settled()
        await office.perform("send_back", "reviewer", CASE, reason="缺照片")
        await office.settled()
    return [CASE]


async def reopened(office: Office) -> list[str]:
    """Closed, answered, reconsidered and overturned; closed again and opened again."""
    await prompt_closure(office)
    await office.settled()
    await office.perform("ask_reconsideration", "clerk", CASE, reason="不服")
    await office.perform("decide_reconsideration", "county_deputy", CASE, outcome="overturned", text="重新核查")
    await office.settled()
    finding = {"point": "一", "verdict": "unsubstantiated", "text": "复核无异常", "evidence": EVIDENCE}
    await office.perform("record_findings", "zhao", CASE, findings=[finding])
    await office.perform("submit_for_review", "li", CASE)
    await office.perform("approve", "other_reviewer", CASE)
    await office.settled()
    await office.perform("reopen", "dispatcher", CASE, reason="又有反映")
    return [CASE]


async def declined(office: Office) -> list[str]:
    """Not ours: the petitioner is told, and the life is over."""
    await office.petition(CASE)
    await office.settled()
    await office.perform("decline", "clerk", CASE, reason="不属于职责范围")
    return [CASE]


async def withdrawn(office: Office) -> list[str]:
    """The petitioner withdraws while two tasks are open: they are cancelled."""
    await lived(office, CASE, "report_progress")
    await office.settled()
    await office.perform("withdraw", "clerk", CASE, reason="已协商解决")
    return [CASE, f"{CASE}-R1", f"{CASE}-R2"]


async def imported(office: Office) -> list[str]:
    """A row of a public table, weeks old and still open: nothing is rung retrospectively, the next rung is."""
    occurred = office.desk.moments.now() - timedelta(days=5)
    told = {"channel": "inspection", "place": "白马乡", "summary": "夜间恶臭", "imported": True}
    rows = [
        office.envelope("register", "clerk", CASE, **told),
        office.envelope("record_history", "clerk", CASE, state="open", measures="正在整改"),
    ]
    await _at_the_door(office, [row.model_copy(update={"occurred_at": occurred}) for row in rows])
    await office.settled()
    stepped(office).step(timedelta(days=3))
    await office.perform("note", "clerk", CASE, text="已联系乡里")
    return [CASE]


async def look_back_to_the_end(office: Office) -> list[str]:
    """Struck off, looked back at three times; then nothing more is to come."""
    await lived(office, CASE)
    await office.settled()
    stepped(office).step(timedelta(days=181))
    await office.perform("rate", "clerk", CASE, rating=5)
    return [CASE]


async def many_runs(office: Office) -> list[str]:
    """A whole life, continued as new again and again."""
    async for _ in the_life(office, CASE):
        await office.settled()
    return [CASE]


async def by_updates(office: Office) -> list[str]:
    """Driven by the workflow's own update, refusals and a repeated envelope among them."""
    await office.petition(CASE)
    await office.settled()

    async def update(command: str, actor: str, key: str | None = None, **data: object) -> None:
        envelope = office.envelope(command, actor, CASE, **data)
        await office.handle(CASE).execute_update(
            "perform", envelope.model_copy(update={"id": key}) if key else envelope
        )

    await update("accept", "clerk", key="accept")
    await update("accept", "clerk", key="accept")
    await update("approve", "reviewer")
    await update("assign", "dispatcher", unit="enforcement", handler="li")
    await office.settled()
    await update("withdraw", "clerk", reason="已协商解决")
    return [CASE]


async def started_again(office: Office) -> list[str]:
    """Its workflow lost, and started with the case number alone: it asks the ledger."""
    await _assigned(office)
    await office.handle(CASE).terminate("lost")
    await office.client.start_workflow(
        "Petition", {"case": CASE}, id=workflow_id(CASE), task_queue=office.desk.settings.task_queue
    )
    await office.settled()
    await office.perform("acknowledge", "li", CASE)
    return [CASE]


STORIES: Final = {
    each.play.__name__: each
    for each in (
        Story(prompt_closure),
        Story(silence, fast),
        Story(tasks),
        Story(paused),
        Story(sent_back),
        Story(reopened),
        Story(declined),
        Story(withdrawn),
        Story(imported),
        Story(look_back_to_the_end),
        Story(many_runs, dynamic={"limit.historyCount.suggestContinueAsNew": "25"}),
        Story(by_updates),
        Story(started_again),
        *OTHERS,
    )
}


async def _assigned(office: Office) -> None:
    await office.petition(CASE)
    await office.perform("accept", "clerk", CASE)
    await office.perform("assign", "dispatcher", CASE, unit="enforcement", handler="li")
    await office.settled()


async def _at_the_door(office: Office, envelopes: list[Envelope]) -> None:
    await asyncio.to_thread(office.desk.door.perform, envelopes)
