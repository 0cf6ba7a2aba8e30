"""What has to be filled in for a command of the tests, where a line of text for every required field is not enough."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from models.calendars import AllDays, Year
from models.campaign_values import PublishedRow
from models.case import Case
from models.matter_commands import SplitPart
from models.meeting_values import Count, Measured, Pack
from models.storm import Sighting
from models.values import Evidence, Finding, Heard, ItemPlan, Order, ProposalState, TaskPlan
from models.vocabulary import Verdict
from tests.core.worlds import FACTORY, NUMBER, PARENT, START, TARGET, a_policy, an_organisation, calendars

SITE, PLAN, STATION = "S2026000001", "P2026000001", "W2026000001"

# ── commands ──


def a_finding(verdict: Verdict = Verdict.SUBSTANTIATED, **more: Any) -> Finding:
    proof = (Evidence(sha256="a" * 64, name="照片.jpg"),)
    given = {"point": "夜间臭味", "verdict": verdict, "text": "现场可闻到明显臭味", "evidence": proof, **more}
    return Finding.model_validate(given)


def a_plan(measure: str = "清理粪污", target: date = TARGET, **more: Any) -> TaskPlan:
    return TaskPlan.model_validate({"measure": measure, "target": target, **more})


def an_item(measure: str = "拆除燃煤锅炉", target: date = TARGET, **more: Any) -> ItemPlan:
    given = {
        "measure": measure,
        "target": target,
        "category": "工业污染",
        "unit": "qingshi",
        "handler": "handler",
        **more,
    }
    return ItemPlan.model_validate(given)


def _ring(case: Case) -> dict[str, Any]:
    alarm = case.alarm
    if alarm is None:
        return {"clock": "close", "rung": "blue", "due_at": START}
    return {"clock": alarm.clock, "rung": alarm.rung, "due_at": alarm.at}


def _heard(case: Case) -> Heard:
    leading = case.leading or "XF2026000777"
    seq = case.heard.seq + 1 if case.heard else 9
    return Heard(case=leading, seq=seq, status="closed", verdict=Verdict.SUBSTANTIATED, findings=(a_finding(),))


def sightings(after: int = 0, count: int = 1) -> tuple[Sighting, ...]:
    """Filings of one matter, two hours apart, the first so many left out."""
    return tuple(
        Sighting(case=f"XF2026{number:06d}", at=START + timedelta(hours=2 * number), channel="system")
        for number in range(after, after + count)
    )


def _proposal(case: Case) -> str:
    return next((each.id for each in case.proposals if each.state is ProposalState.OPEN), "talk-9")


def an_order(**more: Any) -> Order:
    given = {
        "number": "督办令 1 号", "signatory": "county-deputy", "first": date(2026, 3, 5), "last": date(2026, 3, 31),
        "scan": Evidence(sha256="c" * 64, name="督办令1号.pdf"), **more,
    }  # fmt: skip
    return Order.model_validate(given)


def a_row(case: str = NUMBER, **more: Any) -> PublishedRow:
    return PublishedRow.model_validate({"case": case, "seq": 5, "batch": "2026-03-02", "digest": "e" * 16, **more})


SPANS = (AllDays(first=date(2026, 3, 5), last=date(2026, 3, 31), order="督办令 1 号"),)


def a_table(year: int = 2027, **more: Any) -> Year:
    """The table of a year that is not published yet, as it might come: New Year's Day off, and a Saturday worked."""
    given = {
        "year": year, "source": f"国务院办公厅关于{year}年部分节假日安排的通知", "version": "1",
        "off": {date(year, 1, 1): "元旦"}, "work": {}, **more,
    }  # fmt: skip
    return Year.model_validate(given)


def a_pack() -> Pack:
    counts = (Count(name=Measured.OPEN, value=3), Count(name=Measured.OVERDUE, value=1))
    return Pack(since=START - timedelta(days=7), until=START, ahead=START + timedelta(days=7), counts=counts)


FORMS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "register": lambda _: {
        "channel": "system", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民", "respondent": FACTORY,
    },
    "record_history": lambda _: {"state": "open", "findings": (a_finding(),), "measures": "已清理"},
    "decline": lambda _: {"reason": "线索不详"},
    "erase": lambda _: {"grounds": "request"},
    "propose_erasure": lambda _: {"grounds": "request"},
    "refer": lambda _: {"to_authority": "住建局", "reason": "不属于职责范围"},
    "assign": lambda _: {"unit": "qingshi", "handler": "handler", "leader": "leader"},
    "reassign": lambda _: {"unit": "qingshi", "handler": "handler", "reason": "属地管理"},
    "record_findings": lambda _: {"findings": (a_finding(),)},
    "plan_rectification": lambda _: {"measures": "立行立改，当日清理"},
    "finish_task": lambda case: {"task": next((t.id for t in case.tasks), "XF-R1"), "outcome": "done"},
    "request_extension": lambda _: {"extension_days": 20, "reason": "设备采购周期长"},
    "submit_for_review": lambda case: {"interim": bool(case.open_tasks)},
    "reply": lambda _: {"opinion": "support", "text": "反映情况属实，已整改"},
    "publish_notice": lambda _: {"where": "县政府网站"},
    "decide_reconsideration": lambda _: {"outcome": "upheld", "text": "维持原处理意见"},
    "join": lambda _: {"leading": "XF2026000777"},
    "take_lead": lambda _: {"follower": "XF2026000778"},
    "let_go": lambda case: {"follower": next(iter(case.followers), "XF2026000778")},
    "hear_of_lead": lambda case: {"heard": _heard(case)},
    "observe": lambda case: {"sightings": sightings(len(case.sightings)), "place": "青石镇", "channel": "system"},
    "end_watch": lambda _: {"merged_into": "W-XF2026000700"},
    "place_at_site": lambda _: {"site": SITE},
    "hear_of_petition": lambda _: {"petition": NUMBER},
    "let_petition_go": lambda case: {"petition": next(iter(case.petitions), NUMBER)},
    "know_recurrence": lambda _: {"recurrence_of": "XF2026000700"},
    "hear_of_recurrence": lambda _: {"recurrence": "XF2026000701"},
    "check_alike_sites": lambda _: {"task_plans": (a_plan("举一反三：核查同类养殖场", site=SITE),)},
    "register_site": lambda _: {"title": "王某养猪场", "place": "青石镇河口村", "trade": "生猪养殖", "unit": "qingshi"},
    "correct_site": lambda _: {"trade": "畜禽养殖"},
    "record_enforcement": lambda _: {"measure": "责令整改", "text": "责令停止直排"},
    "open_plan": lambda _: {"title": "夏季攻势", "unit": "qingshi"},
    "correct_plan": lambda _: {"summary": "六大类七十五小项"},
    "add_items": lambda _: {"task_plans": (an_item(),)},
    "report_fault": lambda _: {
        "title": NUMBER, "about": NUMBER,
        "mismatches": ({"copy_of": "workflow", "field": "seq", "ledger": "5", "found": "4"},),
    },
    "clear_fault": lambda _: {"reason": "流程被手工终止，已由台账重启"},
    "register_indicator": lambda _: {"title": "环境空气质量优良天数"},
    "record_reading": lambda _: {"period": "2026", "assessed": 339, "compliant": 324},
    "call_meeting": lambda _: {
        "series": "weekly", "for_day": date(2026, 3, 2), "meets_on": date(2026, 3, 2),
        "covers_from": START - timedelta(days=7), "covers_until": START,
    },
    "lay_pack": lambda _: {"pack": a_pack()},
    "record_decision": lambda _: {"about": NUMBER, "text": "限期清理粪污", "by_when": date(2026, 3, 20)},
    "record_count": lambda _: {"district": "城区", "period": "2026", "count": 244, "source": "市局通报"},
    "report_anomaly": lambda _: {"monitored": "总磷", "value": "0.8 mg/L", "on": "2026-03-01", "by_when": TARGET},
    "open_patrol": lambda _: {
        "title": "青石锑业", "place": "青石镇河口村", "station": STATION, "unit": "qingshi", "handler": "handler",
        "leader": "stand-in",
    },
    "correct_patrol": lambda _: {"summary": "含铊废水处理设施、雨水口"},
    "report_problem": lambda _: {"text": "雨水口有浑水", "what_to_do": "封堵雨水口", "by_when": TARGET},
    "hear_weather": lambda case: {
        "station": case.station or STATION, "sky": "rain", "sky_at": START, "sky_seq": case.sky_seq + 1,
    },
    "order_look_back": lambda _: {"station": STATION, "look_back_on": "heavy_rain"},
    "look_back": lambda _: {"text": "雨后无外溢"},
    "hear_of_listener": lambda case: {"listener": f"T2026{len(case.listeners):06d}"},
    "register_station": lambda _: {"title": "青石镇"},
    "observe_weather": lambda _: {"sky": "rain"},
    "split": lambda _: {"split_parts": (SplitPart(summary="养猪场粪污直排水塘"), SplitPart(summary="砖厂夜间噪声"))},
    "mark_repeat": lambda _: {"repeat_of": "XF2026000777", "reason": "同一养殖场同一问题"},
    "hear_of_repeat": lambda _: {"repeat": "XF2026000778"},
    "take_back_repeat": lambda _: {"reason": "经核对不是同一件事"},
    "forget_repeat": lambda case: {"repeat": next(iter(case.repeats), "XF2026000778")},
    "share_task": lambda case: {"petition": f"XF{2026000777 + len(case.serving)}"},
    "unshare_task": lambda case: {"petition": next(iter(case.serving), NUMBER)},
    "release_task": lambda case: {"petition": next(iter(case.serving), NUMBER)},
    "heed": lambda _: {"named": ("somebody",)},
    "take_task": lambda case: {"task": f"XF2026000777-R{len(case.tasks) + 1}", "measure": "清理粪污", "target": TARGET},
    "let_filing_go": lambda case: {"petition": next((each.case for each in case.sightings), NUMBER)},
    "not_same": lambda _: {"other": "XF2026000777"},
    "hear_not_same": lambda _: {"other": "XF2026000777"},
    "maybe_same": lambda case: {"other": next(iter(case.not_same), "XF2026000777")},
    "hear_maybe_same": lambda case: {"other": next(iter(case.not_same), "XF2026000777")},
    "correct": lambda _: {"reason": "地点有误", "place": "青石镇河口村二组"},
    "rate": lambda _: {"rating": 4},
    "open_task": lambda _: {
        "parent": PARENT, "channel": "system", "measure": "清理粪污", "target": TARGET, "place": "青石镇河口村",
        "unit": "qingshi", "handler": "handler", "leader": "leader", "respondent": FACTORY,
    },
    "resend_letter": lambda case: {"letter": next((each.letter for each in case.unsettled), "XF#1.1.letter")},
    "settle_letter": lambda case: {
        "letter": next((each.letter for each in case.unsettled), "XF#1.1.letter"), "how": "by_hand",
    },
    "ring": _ring,
    "record_outcome": lambda case: {"reaction": next(iter(case.pending), "XF#1"), "outcome": "done"},
    "define_organisation": lambda _: {"organisation": an_organisation()},
    "answer_source": lambda case: {
        "filing": next((int(c.name.partition("#")[2]) for c in case.clocks if "#" in c.name), 9), "text": "已答复",
    },
    "adopt_proposal": lambda case: {"proposal": _proposal(case)},
    "dismiss_proposal": lambda case: {"proposal": _proposal(case), "reason": "已由主要领导当面督促"},
    "recount": lambda _: {"why": "2027 年放假安排"},
    "move_to_all_days": lambda _: {"all_days": SPANS, "why": "督办令 1 号"},
    "move_back": lambda _: {"all_days": SPANS, "why": "督办令 1 号"},
    "publish_policy": lambda _: {"document": a_policy(), "sha256": "b" * 64},
    "publish_calendar": lambda _: {"calendar": calendars()["statutory"]},
    "publish_table": lambda _: {"tables": (a_table(),)},
    "open_campaign": lambda _: {"title": "夏季攻势"},
    "correct_campaign": lambda _: {"round": "第三轮"},
    "set_group": lambda _: {"group": "综合协调组", "head": "leader", "members": ("handler",)},
    "drop_group": lambda case: {"group": next((each.name for each in case.groups), "综合协调组")},
    "publish_results": lambda _: {"day": "2026-03-02", "version": 1, "rows": (a_row(),), "sha256": "d" * 64},
    "begin_look_back": lambda _: {"to_check": (NUMBER, "XF2026000777")},
    "record_look_back": lambda case: {
        "petition": next((name for each in case.look_backs for name in each.left), NUMBER),
        "outcome": "held", "text": "现场未见反弹",
    },
    "tally_enforcement": lambda _: {"tally": {"rectify_orders": 1, "penalties": 1, "fines": 12.5}},
    "order_all_days": lambda _: {"order": an_order()},
    "lift_order": lambda _: {"last": date(2026, 3, 12), "reason": "任务提前完成"},
    "add_unit": lambda _: {"id": "squad", "called": "执法一中队", "above": "bureau"},
    "change_unit": lambda _: {"unit": "liuxi", "called": "柳溪镇"},
    "close_unit": lambda _: {"unit": "spare", "reason": "机构改革"},
    "add_person": lambda _: {"id": "newcomer", "called": "新人", "unit": "qingshi", "posts": ("handler",)},
    "change_person": lambda _: {"person": "inspector", "unit": "liuxi"},
    "retire_person": lambda _: {"person": "inspector", "reason": "调离"},
    "appoint": lambda _: {"person": "handler", "post": "section_head"},
    "relieve": lambda _: {"person": "section-head", "post": "section_head", "reason": "轮岗"},
    "take_leave": lambda _: {"person": "head", "since": "2026-03-02", "until": "2026-03-06", "delegate": "stand-in"},
    "end_leave": lambda _: {"person": "other-head"},
    "define_grid": lambda _: {"id": "hekou", "called": "河口网格", "unit": "qingshi", "words": ("河口村",)},
    "drop_grid": lambda _: {"grid": "shangcun", "reason": "调整网格"},
    "set_duty": lambda _: {"person": "leader", "since": "2026-03-02", "until": "2026-03-08"},
}  # fmt: skip
"""What has to be filled in, where a line of text for every required field is not enough."""
