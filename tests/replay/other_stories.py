"""Stories of everything but petitions: patrols, meetings, plans, sites, watches, and what a year's table sets going."""

from datetime import timedelta
from typing import Final

from adapters import queries
from adapters.dispatch import meetings
from adapters.roots import witness
from adapters.schedules import RECONCILIATION, Schedules
from models.counting import legal_day
from models.vocabulary import Kind, Status
from tests.replay.playing import Story, fast, running, stepped
from tests.workflow.desks import Office


async def patrolled(office: Office) -> list[str]:
    """A slot without anybody, rain, then somebody comes; a problem on the way; the patrol is ended."""
    station = (await office.perform("register_station", "clerk", title="白马乡")).case
    fields = {"title": "青溪锑业", "place": "白马乡", "station": station, "unit": "enforcement"}
    patrol = (await office.perform("open_patrol", "dispatcher", **fields, handler="li", leader="sun")).case
    await office.settled()
    stepped(office).step(timedelta(days=4))
    await office.perform("observe_weather", "clerk", station, sky="heavy_rain", by_whom="县气象局")
    await office.until(lambda: office.case(patrol).slots_missed, "a slot is missed")
    await office.settled()
    await office.perform("record_patrol", "li", patrol, text="雨水口正常")
    await office.settled()
    problem = {"text": "雨水口有浑水", "what_to_do": "封堵雨水口", "by_when": "2099-09-30"}
    await office.perform("report_problem", "li", patrol, **problem)
    await office.settled()
    await office.perform("end_patrol", "dispatcher", patrol, reason="雨季结束")
    return [patrol, station, f"{patrol}-R1"]


async def convened(office: Office) -> list[str]:
    """A Schedule has a week's pack made when it is due, and those who meet are told."""
    await office.petition()
    running(office).let_go()
    await office.until(lambda: meetings(office.desk.database), "the first Monday's pack is there")
    running(office).hold()
    await office.settled()
    return [meetings(office.desk.database)[-1].id]


async def planned(office: Office) -> list[str]:
    """A plan of two items: one put right and accepted, one cancelled; concluded."""
    plan = (await office.perform("open_plan", "dispatcher", title="夏季攻势", unit="enforcement")).case
    item = {"target": "2099-09-30", "category": "固废", "unit": "enforcement", "handler": "li"}
    items = [{"measure": f"任务{number}", **item} for number in range(2)]
    await office.perform("add_items", "dispatcher", plan, task_plans=items)
    await office.settled()
    done, cancelled = [each.id for each in office.case(plan).tasks]
    await office.perform("submit_for_review", "li", done)
    await office.settled()
    await office.perform("approve", "reviewer", done)
    await office.perform("cancel_task", "dispatcher", cancelled, reason="并入另一方案")
    await office.settled()
    await office.perform("conclude_plan", "dispatcher", plan)
    return [plan, done, cancelled]


async def watched_site(office: Office) -> list[str]:
    """A reading out of bounds opens a task at a site, and the site hears how it ends."""
    given = {"title": "白马污水处理厂", "place": "白马乡", "trade": "污水处理", "unit": "enforcement", "handler": "li"}
    site = (await office.perform("register_site", "clerk", **given)).case
    today = legal_day(office.desk.moments.now()).isoformat()
    anomaly = {"monitored": "总磷", "value": "0.8 mg/L", "on": today, "by_when": "2099-05-01"}
    await office.perform("report_anomaly", "li", site, **anomaly)
    await office.settled()
    task = f"{site}-R1"
    await office.perform("submit_for_review", "li", task)
    await office.settled()
    await office.perform("approve", "reviewer", task)
    return [site, task]


async def storm(office: Office) -> list[str]:
    """Three filings of one village within a day: a leader is told and told again, and at last it calms down."""
    words = ("王某养猪场夜间排放臭气，熏得村民睡不着", "白马村养猪的王某家恶臭难闻", "王某养猪场臭味很大")
    for channel, summary in zip(("letter", "system", "national"), words, strict=True):
        await office.petition(channel=channel, place="白马乡白马村", summary=summary)

    def storms() -> list[str]:
        found = queries.listed(office.desk.database, queries.Filter(kind=Kind.WATCH))
        return [each.id for each in found if each.status is Status.STORM]

    await office.until(storms, "three within a day are a storm")
    (watch,) = storms()
    await office.settled()
    running(office).let_go()
    await office.until(lambda: office.case(watch).status is not Status.STORM, "it has calmed down")
    running(office).hold()
    return [watch]


async def ordered(office: Office) -> list[str]:
    """A campaign's order that every day works goes through its open cases, and is lifted again."""
    for _ in range(3):
        await office.petition(campaign="summer")
    await office.perform("open_campaign", "dispatcher", "campaign:summer", title="夏季攻势")
    today = legal_day(office.desk.moments.now())
    signed = {
        "number": "督办令 1 号",
        "signatory": "county_deputy",
        "first": today.isoformat(),
        "last": (today + timedelta(days=20)).isoformat(),
        "scan": {"sha256": "c" * 64, "name": "督办令1号.pdf"},
    }
    await office.perform("order_all_days", "dispatcher", "campaign:summer", order=signed)
    await office.settled()
    await office.perform("lift_order", "dispatcher", "campaign:summer", last=today.isoformat(), reason="督察结束")
    return ["campaign:summer"]


async def rooted(office: Office) -> list[str]:
    """The daily root's Schedule acts as soon as it is made: a root is signed, and laid where its witness keeps it."""
    case = await office.petition()
    folder = office.desk.settings.witness_folder
    assert folder is not None
    await office.until(lambda: list(witness.read(folder)), "the witness has the root")
    return [case]


async def renewed(office: Office) -> list[str]:
    """Asked to continue as new, as whoever moves a part of the fleet asks; then it goes on as before."""
    case = await office.petition()
    await office.perform("accept", "clerk", case)
    await office.settled()
    first = (await office.handle(case).describe()).run_id
    await office.handle(case).signal("renew")

    async def continued() -> bool:
        return (await office.handle(case).describe()).run_id != first

    await office.until(continued, "it has continued as new")
    stepped(office).step(timedelta(days=3))
    await office.perform("note", "clerk", case, text="已联系")
    await office.settled()
    await office.perform("withdraw", "clerk", case, reason="已解决")
    return [case]


async def reconciled(office: Office) -> list[str]:
    """The night's reconciliation goes through a desk where all is as it should be."""
    case = await office.petition()
    await office.settled()
    await Schedules(office.desk, office.client).keep()
    await office.client.get_schedule_handle(RECONCILIATION).trigger()

    async def done() -> bool:
        ended = "WorkflowType = 'Reconciling' AND ExecutionStatus = 'Completed'"
        return bool([each async for each in office.client.list_workflows(ended)])

    await office.until(done, "it has gone through the desk")
    return [case]


OTHERS: Final = (
    Story(reconciled, beside=("Reconciling",), since=3),
    Story(patrolled, since=3),
    Story(convened, fast, beside=("Convening",), since=3),
    Story(planned, since=3),
    Story(watched_site, since=3),
    Story(storm, fast, since=3),
    Story(ordered, since=3),
    Story(rooted, beside=("Rooting",), witnessed=True, since=3),
    Story(renewed, since=3),
)
