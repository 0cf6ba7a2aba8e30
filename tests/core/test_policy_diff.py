"""What is different between two policies, as a clerk reads it; and how a policy's values are said."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from pydantic import create_model

from adapters.letters.forms import forms
from models.base import Frozen
from models.policy import ClockChange, Ladder, Length, Moment, Policy
from models.policy_check import ASKED_FOR, faults
from models.policy_diff import Change, diff
from models.policy_words import clock_words, event_words, length_words, moment_words, pause_words, rung_words, said
from models.vocabulary import Kind, Light
from tests.core.builders import a_policy, calendars
from tests.core.trials import a_policy_with

Edit = Callable[[dict[str, Any]], object]


def clock(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["clock"] if each["name"] == name)
    return found


def changed(edit: Edit) -> tuple[Change, ...]:
    return diff(a_policy(), a_policy_with(edit, name=a_policy().name))


def test_nothing_is_different_from_itself() -> None:
    assert diff(a_policy(), a_policy()) == ()
    assert changed(lambda _: None) == ()


def test_a_document_that_went_through_json_leaves_its_channels_as_they_were() -> None:
    """What a channel does not change is None in the written document, and stays as the common row has it."""
    again = Policy.model_validate(a_policy().model_dump(mode="json"))
    for name in a_policy().channels:
        assert again.clocks(Kind.PETITION, name) == a_policy().clocks(Kind.PETITION, name)


def _rungs(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["ladder"]["standard"]["rungs"]
    return found


LETTERS = tuple(forms())
SENTENCES: list[tuple[Edit, list[tuple[str, str]]]] = [
    (
        lambda d: d["channels"]["hotline"]["clocks"]["close"].update(length="5 day"),
        [
            (
                "12345 热线：办结 7 日 → 5 日",
                "12345 hotline: closure 7 days → 5 days",
            )
        ],
    ),
    (
        lambda d: clock(d, "interim").update(length="36 hour"),
        [
            (
                "阶段性办结后续 90 日 → 36 小时",
                "what is left after closing for now 90 days → 36 hours",
            )
        ],
    ),
    (
        lambda d: clock(d, "accept").update(length="1 day"),
        [
            (
                (
                    "来信、国家信访局网上投诉、来电、全国生态环境信访投诉举报管理平台、信访信息系统、来访："
                    "受理告知 15 日 → 1 日"
                ),
                (
                    "letter, national petition bureau, online, telephone, "
                    "national ecology and environment petition platform, petition information system, visit: "
                    "acceptance notice 15 days → 1 day"
                ),
            )
        ],
    ),
    (
        lambda d: clock(d, "rectify_again").update(length="1 working_day"),
        [
            (
                "整改任务 · 退回后整改 5 个工作日 → 1 个工作日",
                "rectification task · rectification after being sent back 5 working days → 1 working day",
            )
        ],
    ),
    (
        lambda d: clock(d, "reply").update(imported=True),
        [
            (
                "书面答复：导入件适用 否 → 是",
                "written reply: holds for imported history no → yes",
            )
        ],
    ),
    (
        lambda d: clock(d, "review").update(paused_by=[], stops_on=["sent_back"]),
        [
            (
                "审核：停止于 退回补办、审核通过、同意阶段性办结 → 退回补办",
                "review: stops on send back, approve, close for now → send back",
            ),
            (
                "审核：暂停于 听证、等待信访人补充材料 → 无",
                "review: paused by hearing, waiting for the petitioner → none",
            ),
        ],
    ),
    (
        lambda d: d["channels"]["inspection"].update(off=[]),
        [
            (
                "督察组转办：新增异议期 5 个工作日",
                "handed over by an inspection team: new: time to object to the assignment, 5 working days",
            )
        ],
    ),
    (lambda d: d["clock"].remove(clock(d, "hearing")), [("取消听证 30 日", "no more: hearing, 30 days")]),
    (lambda d: d["channels"].pop("visit"), [("渠道：取消来访", "channel: no more: visit")]),
    (
        lambda d: d["channels"].update(wechat={"zh": "微信", "en": "WeChat"}),
        [("渠道：新增微信", "channel: new: WeChat")],
    ),
    (
        lambda d: d["channels"]["phone"].update(prefix="T"),
        [
            (
                "渠道 · 来电：编号前缀 无 → T",
                "channel · telephone: prefix none → T",
            )
        ],
    ),
    (
        lambda d: d["counting"].update(roll_over=True),
        [
            (
                "计算规则：遇休顺延 否 → 是",
                "counting rule: rolls over to a working day no → yes",
            )
        ],
    ),
    (lambda d: d.update(extension_limit=10), [("延期上限（日） 30 → 10", "longest extension (days) 30 → 10")]),
    (
        lambda d: d.update(effective="2027-01-01"),
        [
            (
                "施行日期 2026-11-01 → 2027-01-01",
                "takes effect 2026-11-01 → 2027-01-01",
            )
        ],
    ),
    (
        lambda d: d["posts"].update(handler=["经办人", "case worker"]),
        [
            (
                "职务：handler 承办人 → 经办人",
                "post: handler handler → case worker",
            )
        ],
    ),
    (lambda d: d["posts"].update(grid=["网格员", "grid worker"]), [("职务：新增网格员", "post: new: grid worker")]),
    (
        lambda d: d["pause"][0].update(zh="听证会"),
        [
            (
                "暂停 · 听证会：中文名称 听证 → 听证会",
                "pause · hearing: Chinese name 听证 → 听证会",
            )
        ],
    ),
    (
        lambda d: _rungs(d)[1].update(at="-2 working_day"),
        [
            (
                "提醒阶梯 · standard · 到期前一日：时刻 到期前 1 日 → 到期前 2 个工作日",
                "ladder · standard · one day before the due date: moment 1 day before → 2 working days before",
            )
        ],
    ),
    (
        lambda d: _rungs(d)[2].update(to=["duty_leader"], light=None),
        [
            (
                "提醒阶梯 · standard · 到期未办：报告对象 单位主要领导 → 值班领导",
                "ladder · standard · the due date has passed: reaches head of the unit → leader on duty",
            ),
            (
                "提醒阶梯 · standard · 到期未办：预警 红色超期 → 无",
                "ladder · standard · the due date has passed: light red, overdue → none",
            ),
        ],
    ),
    (
        lambda d: _rungs(d).pop(),
        [
            (
                "提醒阶梯 · standard：取消超期七日，报党政主要领导（逾期 7 日）",
                "ladder · standard: no more: seven days overdue: party and government heads (7 days overdue)",
            )
        ],
    ),
    (
        lambda d: d["ladder"]["standard"].update(again=3),
        [
            (
                "提醒阶梯 · standard：最后一级每隔几日重复 7 → 3",
                "ladder · standard: days until the last rung comes again 7 → 3",
            )
        ],
    ),
    (
        lambda d: d["ladder"].update(short={"rungs": [_rungs(d)[2]]}),
        [
            (
                "提醒阶梯：新增short：到期未办（到期时）",
                "ladder: new: short: the due date has passed (when it is due)",
            )
        ],
    ),
    (
        lambda d: d["ladder"]["look_back"]["rungs"].reverse(),
        [
            (
                "提醒阶梯 · look_back：各级次序 first、second、last → last、second、first",
                "ladder · look_back: order of the rungs first, second, last → last, second, first",
            )
        ],
    ),
]


@pytest.mark.parametrize(("edit", "sentences"), SENTENCES)
def test_a_difference_is_said_in_a_sentence(edit: Edit, sentences: list[tuple[str, str]]) -> None:
    assert [(each.zh, each.en) for each in changed(edit)] == sentences


def test_a_change_knows_its_place_its_channels_and_both_values() -> None:
    (change,) = changed(lambda d: d["channels"]["hotline"]["clocks"]["close"].update(length="5 day"))
    assert (change.path, change.channels) == (("clock", "petition", "close", "length"), ("hotline",))
    assert (change.old, change.new) == ({"count": 7, "unit": "day"}, {"count": 5, "unit": "day"})
    (change,) = changed(lambda d: d["posts"].update(grid=["网格员", "grid worker"]))
    assert (change.path, change.old, change.new) == (("posts", "grid"), None, ["网格员", "grid worker"])
    (change,) = changed(lambda d: d["channels"].update(wechat={"zh": "微信", "en": "WeChat", "off": ["object"]}))
    assert change.new == {"zh": "微信", "en": "WeChat", "off": ["object"]}


def test_a_common_row_that_every_channel_has_its_own_of_is_told_as_such() -> None:
    def own(document: dict[str, Any]) -> None:
        for way in document["channels"].values():
            way["clocks"]["review"] = {"length": "1 day"}

    a = a_policy_with(own)

    def common(document: dict[str, Any]) -> None:
        own(document)
        clock(document, "review")["length"] = "9 day"

    (change,) = diff(a, a_policy_with(common))
    assert (change.zh, change.channels) == ("通用规则（各渠道另有规定）：审核 3 个工作日 → 9 日", ())


class Route(Frozen):
    """A row of a field that today's policy does not have."""

    place: str
    unit: str


def test_fields_that_the_document_grows_are_compared_as_well() -> None:
    grown = create_model(
        "grown", __base__=Policy, routes=(tuple[Route, ...], ()), consequences=(dict[str, Any], {}), lead=(Route, ...)
    )
    given: dict[str, Any] = {
        **deepcopy(a_policy().model_dump(mode="json")),
        "lead": {"place": "青石镇", "unit": "qingshi"},
    }
    a = grown.model_validate(given)
    b = grown.model_validate(
        {
            **given,
            "routes": [{"place": "柳溪乡", "unit": "liuxi"}],
            "consequences": {"yellow": {"twice": "supervision_letter"}, "red": [1, True]},
            "lead": {"place": "青石镇", "unit": "liuxi"},
        }
    )
    assert [(each.path, each.zh) for each in diff(a, b)] == [
        (("routes",), 'routes 无 → {"place":"柳溪乡","unit":"liuxi"}'),
        (("consequences", "yellow"), 'consequences：新增{"twice":"supervision_letter"}'),
        (("consequences", "red"), "consequences：新增[1,true]"),
        (("lead", "unit"), "lead：单位 qingshi → liuxi"),
    ]


def test_values_are_said_as_a_desk_says_them() -> None:
    assert length_words(Length.model_validate({"count": 0, "unit": "day"})) == ("当日", "the same day")
    odd = Length.model_construct(None, count=2, unit="half_day")  # type: ignore[arg-type]
    assert length_words(odd) == ("2 half_day", "2 half_days")
    assert moment_words(Moment(percent=70)) == ("时限过 70%", "at 70% of the time")
    assert event_words("lapsed.asked") == ("期满（asked）", "lapse (asked)")
    assert event_words("unheard_of") == ("unheard_of", "unheard_of")
    assert pause_words("lunch", a_policy()) == ("lunch", "lunch")
    assert said(Light.RED, a_policy()) == ("红色超期", "red, overdue")
    assert said(date(2026, 11, 1), a_policy()) == ("2026-11-01", "2026-11-01")
    assert said(ClockChange(calendar="all-days"), a_policy())[0] == '{"calendar":"all-days"}'
    assert said(Ladder.model_validate({"rungs": a_policy().ladder["lapse"].model_dump()["rungs"]}), a_policy()) == (
        "期限届满（到期时）",
        "the time is up (when it is due)",
    )
    assert clock_words("close", a_policy()) == ("办结", "closure")
    assert clock_words("nap", a_policy()) == ("nap", "nap")
    assert rung_words("close", "red", a_policy())[0] == "到期未办"
    assert rung_words("close", "blu", a_policy()) == ("blu", "blu")
    short = a_policy_with(lambda d: d["channels"]["phone"]["clocks"].update(close={"ladder": "lapse"}))
    assert rung_words("close", "lapse", short)[0] == "期限届满"
    assert rung_words("nap", "lapse", short) == ("lapse", "lapse")


# ── what the world and the lifecycle ask for ──


def test_the_published_policies_can_be_worked_by() -> None:
    assert faults(a_policy(), calendars(), LETTERS) == ()


@pytest.mark.parametrize("name", sorted(ASKED_FOR))
def test_a_clock_that_the_lifecycle_asks_for_cannot_be_left_out(name: str) -> None:
    def without(document: dict[str, Any]) -> None:
        document["clock"].remove(clock(document, name))
        # A filing's own clock is as long as the clock for closure, and goes with it.
        document["clock"] = [each for each in document["clock"] if each["like"] != name]
        for way in document["channels"].values():
            way["clocks"].pop(name, None)
            way["off"] = [each for each in way.get("off", []) if each != name]

    (fault,) = faults(a_policy_with(without), calendars(), LETTERS)
    assert fault.place == ("clock",)
    assert name in fault.zh
    assert name in fault.en


@pytest.mark.parametrize(
    ("edit", "place", "said_of_it"),
    [
        (lambda d: clock(d, "close").update(calendar="lunar"), ("clock", 5, "calendar"), "lunar"),
        (lambda d: d.update(dispatch={"calendar": "lunar"}), ("dispatch", "calendar"), "lunar"),
        (
            lambda d: d["channels"]["phone"]["clocks"].update(close={"calendar": "lunar"}),
            ("channels", "phone", "clocks", "close", "calendar"),
            "lunar",
        ),
        (
            lambda d: clock(d, "rectify").update(due="wish"),
            ("clock", [row.name for row in a_policy().clock].index("rectify"), "due"),
            "wish",
        ),
        (
            lambda d: clock(d, "rectify").update(since="wish"),
            ("clock", [row.name for row in a_policy().clock].index("rectify"), "since"),
            "wish",
        ),
        (
            lambda d: _rungs(d)[2].update(letter="love_letter"),
            ("ladder", "standard", "rungs", 2, "letter"),
            "love_letter",
        ),
        (lambda d: d["ladder"]["standard"].update(again=None), ("ladder", "standard", "rungs", 4, "kind"), "again"),
    ],
)
def test_what_cannot_be_worked_by_is_named_with_its_place(edit: Edit, place: tuple[Any, ...], said_of_it: str) -> None:
    (fault,) = faults(a_policy_with(edit), calendars(), LETTERS)
    assert fault.place == place
    assert said_of_it in fault.zh
    assert said_of_it in fault.en
