"""Sites: what is said of one, which petitions are placed there, and when what was closed has come back."""

from datetime import date, timedelta

import pytest

from models.case import Case
from models.event import ReactionKind
from models.matter_refusals import AtNoSite, AtSite
from models.recurrence import recurs
from models.refusals import DueInPast, InFuture, LooksPersonal, NotYours
from models.storm import Recurrence
from models.vocabulary import Kind, Role, Status
from tests.core.builders import SITE, START, a_case, a_plan, a_story, refused

RULE = Recurrence()


def test_a_site_is_registered_corrected_closed_and_put_back() -> None:
    story = a_story(Status.OPERATING, kind=Kind.SITE)
    story.do("clerk", "correct_site", title="", trade="畜禽养殖")
    assert (story.case.title, story.case.trade, story.case.place) == ("王某养猪场", "畜禽养殖", "青石镇河口村")
    assert story.do("clerk", "close_site").case.status is Status.SHUT
    assert story.do("clerk", "reopen_site").case.status is Status.OPERATING
    assert story.case.alarm is None
    assert not story.case.is_open


def test_enforcement_and_visits_are_kept_by_those_who_go_there() -> None:
    story = a_story(Status.OPERATING, kind=Kind.SITE)
    story.do("handler", "record_enforcement", measure="立案处罚", fine=2.5)
    story.do("inspector", "record_visit").do("inspector", "record_visit", sound=False)
    assert [(each.measure, each.fine) for each in story.case.enforced] == [("立案处罚", 2.5)]
    assert story.case.visits == 2
    assert [each.sound for each in story.case.visited] == [True, False]
    refused(story, NotYours, "clerk", "record_enforcement")


def test_a_petition_is_at_one_site_at_a_time() -> None:
    story = a_story(Status.ACCEPTED).do("clerk", "place_at_site")
    assert story.case.site == SITE
    assert [each.kind for each in story.events[-1].event.reactions] == [ReactionKind.RECUR]
    refused(story, AtSite, "clerk", "place_at_site")
    assert story.do("clerk", "take_off_site").case.site is None
    refused(story, AtNoSite, "clerk", "take_off_site")


def test_the_site_knows_its_petitions_and_lets_them_go() -> None:
    story = a_story(Status.OPERATING, kind=Kind.SITE)
    refused(story, AtNoSite, Role.ENGINE, "let_petition_go")
    story.do(Role.ENGINE, "hear_of_petition", petition="XF1").do(Role.ENGINE, "hear_of_petition", petition="XF2")
    assert story.do(Role.ENGINE, "let_petition_go", petition="XF1").case.petitions == ("XF2",)


def test_a_recurrence_is_known_on_both_and_gone_when_the_petition_is_taken_off() -> None:
    new = a_story(Status.REGISTERED).do("clerk", "place_at_site")
    new.do(Role.ENGINE, "know_recurrence", recurrence_of="XF2026000700")
    old = a_story(Status.SIGNED_OFF).do(Role.ENGINE, "hear_of_recurrence", recurrence="XF2026000701")
    assert (new.case.recurrence_of, old.case.recurrences) == ("XF2026000700", ("XF2026000701",))
    assert new.do("clerk", "take_off_site").case.recurrence_of is None


def test_like_sites_are_checked_by_a_task_each() -> None:
    story = a_story(Status.SIGNED_OFF)
    plans = tuple(a_plan(f"核查{n}", site=f"S202600000{n}") for n in (2, 3))
    story.do("dispatcher", "check_alike_sites", task_plans=plans)
    assert [each.measure for each in story.case.tasks[-2:]] == ["核查2", "核查3"]
    assert [each.kind for each in story.events[-1].event.reactions] == [ReactionKind.OPEN_TASK] * 2
    assert story.case.status is Status.SIGNED_OFF
    refused(a_story(Status.SIGNED_OFF), NotYours, "handler", "check_alike_sites")


# ── what comes back ──
def old(days: int = 30, **more: object) -> Case:
    closed = a_case(Status.CLOSED, types=("恶臭",))
    return closed.model_copy(update={"id": "XF2026000700", "closed_at": START - timedelta(days=days), **more})


def new(**more: object) -> Case:
    return a_case(Status.ACCEPTED, types=("恶臭",)).model_copy(update=more)


def test_the_same_problem_at_the_same_site_within_the_policys_days_has_come_back() -> None:
    assert recurs(RULE, new(), [old()]) == old()
    assert recurs(RULE, new(), [old(), old(10, id="XF2026000701")]) == old(10, id="XF2026000701"), "the one closed last"
    by_words = new(types=(), summary="夜里又有臭气")
    assert recurs(RULE, by_words, [old(types=(), summary="养猪场异味")]) is not None, "the same sort of harm"


@pytest.mark.parametrize(
    ("case", "earlier"),
    [
        (new(), old(200)),
        (new(types=("水污染",), summary="河水发黑"), old()),
        (new(), old(closed_at=None)),
        (new(), old(closed_at=START + timedelta(days=3))),
        (new(), old(status=Status.RECTIFYING)),
        (new(recurrence_of="XF1"), old()),
        (new(repeat_of="XF1"), old()),
        (new(leading="XF1"), old()),
        (new(registered_at=None), old()),
        (a_case(Status.CLOSED, types=("恶臭",)), old()),
    ],
)
def test_what_is_too_old_another_problem_or_known_otherwise_has_not(case: Case, earlier: Case) -> None:
    assert recurs(RULE, case, [earlier]) is None


def test_the_rule_is_the_policys() -> None:
    other = new(types=("水污染",), summary="河水发黑")
    assert recurs(Recurrence(same_type=False), other, [old()]) == old()
    assert recurs(Recurrence(days=20), new(), [old()]) is None
    signed_off = old(200, status=Status.SIGNED_OFF, signed_off_at=START - timedelta(days=5))
    assert recurs(RULE, new(), [signed_off]) == signed_off, "counted from the sign-off"


def test_what_is_out_of_bounds_at_a_site_is_kept_and_opens_a_task() -> None:
    story = a_story(Status.OPERATING, kind=Kind.SITE).do("handler", "report_anomaly", bound="0.5 mg/L")
    (found,) = story.case.anomalies
    assert (found.monitored, found.value, found.bound, found.task) == ("总磷", "0.8 mg/L", "0.5 mg/L", f"{SITE}-R1")
    assert [each.kind for each in story.events[-1].event.reactions] == [ReactionKind.OPEN_TASK]
    assert [each.id for each in story.do("handler", "report_anomaly").case.tasks] == [f"{SITE}-R1", f"{SITE}-R2"]
    assert story.do(Role.ENGINE, "finish_task", outcome="done").case.open_tasks[0].id == f"{SITE}-R2"
    refused(story, NotYours, "auditor", "report_anomaly")
    refused(story, DueInPast, "handler", "report_anomaly", by_when=date(2026, 1, 1))
    refused(story, InFuture, "handler", "report_anomaly", on=date(2027, 1, 1))
    refused(story, LooksPersonal, "handler", "report_anomaly", what_to_do="找13800138000")
