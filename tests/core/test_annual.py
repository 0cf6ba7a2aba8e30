"""The year's report: every figure is counted from the cases, names them, and changes when one of them does."""

from datetime import date, timedelta

from models.annual import Annual, Words, annual
from models.case import Case
from models.storm import Alert
from models.values import Enforcement
from models.vocabulary import Kind, Status
from tests.core.builders import START, a_case

S = Status
UNTIL = START + timedelta(days=30)


def petitions(*statuses: Status) -> list[Case]:
    return [a_case(status).model_copy(update={"id": f"XF{place}"}) for place, status in enumerate(statuses, 1)]


def of(*cases: Case, year: int = 2026) -> Annual:
    return annual(cases, year, UNTIL)


def value(report: Annual, name: str) -> str:
    return report.figure(name).value


def test_received_closed_signed_off_and_open_are_counted_apart_and_name_their_cases() -> None:
    report = of(*petitions(S.REGISTERED, S.ASSIGNED, S.CLOSED, S.SIGNED_OFF, S.DECLINED))
    told = {name: value(report, name) for name in ("受理登记", "办结", "办结率", "历年销号", "历年未办结")}
    assert told == {
        "受理登记": "5 件", "办结": "2 件", "办结率": "40.0%", "历年销号": "1 件", "历年未办结": "2 件",
    }  # fmt: skip
    assert report.figure("办结").cases == ("XF3", "XF4")
    assert value(report, "不予受理、转送、撤回") == "1 件"


def test_forty_received_and_thirty_closed_are_three_quarters() -> None:
    report = of(*petitions(*[S.CLOSED] * 30, *[S.ASSIGNED] * 10))
    assert (value(report, "受理登记"), value(report, "办结"), value(report, "办结率")) == ("40 件", "30 件", "75.0%")


def test_changing_one_case_changes_the_report() -> None:
    cases = petitions(S.CLOSED, S.ASSIGNED)
    before = of(*cases)
    after = of(cases[0], a_case(S.CLOSED).model_copy(update={"id": "XF2"}))
    assert (value(before, "办结率"), value(after, "办结率")) == ("50.0%", "100.0%")
    assert before.parts[0].sentences != after.parts[0].sentences


def test_another_years_petitions_count_only_among_those_of_all_years() -> None:
    old = a_case(S.SIGNED_OFF).model_copy(
        update={"id": "XF2024", "registered_at": START.replace(year=2024), "signed_off_at": START.replace(year=2024)}
    )
    report = of(old, *petitions(S.CLOSED))
    assert (value(report, "受理登记"), value(report, "历年登记"), value(report, "本年销号")) == ("1 件", "2 件", "0 件")


def test_a_year_without_a_petition_has_no_rate_and_no_table() -> None:
    report = of(year=2020)
    assert (value(report, "受理登记"), value(report, "办结率")) == ("0 件", "—")
    assert [part.title for part in report.parts] == ["一、总体情况"]


def test_channels_types_townships_and_campaigns_are_called_as_the_house_calls_them() -> None:
    case = a_case(S.CLOSED, campaign="dc2026", types=("恶臭", "水"))
    report = annual([case], 2026, UNTIL, Words(lambda _: "信访系统", str, lambda area: f"{area}！"))
    rows = [row[:2] for part in report.parts[1:3] for row in part.rows]
    assert rows == [
        ("受理渠道", "信访系统"),
        ("问题类型", "恶臭"),
        ("问题类型", "水"),
        ("乡镇", "青石镇！"),
        ("专项行动", "dc2026"),
    ]


def test_types_beyond_the_first_twelve_are_told_together_each_petition_once() -> None:
    cases = [
        case.model_copy(update={"types": (f"类{place:02}",)})
        for place, case in enumerate(petitions(*[S.ASSIGNED] * 15))
    ]
    rows = [row for part in of(*cases).parts for row in part.rows if row[0] == "问题类型"]
    assert len(rows) == 13
    assert rows[-1][1] == "其他"
    assert rows[-1][2].startswith("3 件")


def test_a_plans_items_are_counted_by_category_and_together() -> None:
    plan = a_case(S.UNDERWAY, kind=Kind.PLAN)
    item = a_case(S.CLOSED, kind=Kind.RECTIFICATION, category="工业污染", parent=plan.id)
    other = a_case(S.RECTIFYING, kind=Kind.RECTIFICATION, category="固废", parent=plan.id)
    (part,) = [each for each in of(plan, item, other).parts if each.title.endswith("行动方案")]
    assert [(row[1], row[2].partition("〔")[0], row[5].partition("〔")[0]) for row in part.rows] == [
        ("工业污染", "1 项", "100.0%"), ("固废", "1 项", "0.0%"), ("合计", "2 项", "50.0%"),
    ]  # fmt: skip


def test_enforcement_storms_repeats_and_recurrences_are_told() -> None:
    site = a_case(S.OPERATING, kind=Kind.SITE).model_copy(
        update={"enforced": (
            Enforcement(measure="立案处罚", fine=2.5, day=date(2026, 3, 4)),
            Enforcement(measure="立案处罚", fine=1, day=date(2026, 5, 4)),
            Enforcement(measure="立案处罚", fine=9, day=date(2025, 5, 4)),
        )}
    )  # fmt: skip
    watch = a_case(S.STORM, kind=Kind.WATCH).model_copy(update={"alerts": (Alert(threshold="day", at=START),)})
    one, two, three = petitions(S.ASSIGNED, S.DECLINED, S.ASSIGNED)
    tied = [
        one.model_copy(update={"leading": "XF9"}),
        two.model_copy(update={"repeat_of": "XF9"}),
        three.model_copy(update={"recurrence_of": "XF9"}),
    ]
    report = of(site, watch, *tied)
    names = ("执法 立案处罚", "罚款 立案处罚", "并案", "重复信访", "反弹", "集中来件")
    assert [value(report, name) for name in names] == ["2 次", "3.5", "1 件", "1 件", "1 件", "1 起"]


def test_what_is_open_is_listed_the_nearest_day_first_and_what_is_late_is_counted() -> None:
    report = annual(petitions(S.ASSIGNED, S.CLOSED, S.REGISTERED), 2026, UNTIL + timedelta(days=90))
    (part,) = [each for each in report.parts if each.title.endswith("未办结事项")]
    assert {row[0] for row in part.rows} == {"XF1", "XF3"}
    assert value(report, "超期") == "2 件"


def test_the_parts_that_are_there_are_numbered_in_order() -> None:
    assert [part.title[:2] for part in of(*petitions(S.ASSIGNED)).parts] == ["一、", "二、", "三、", "四、"]


def test_every_figure_in_the_text_stands_in_the_appendix() -> None:
    report = of(*petitions(S.ASSIGNED, S.CLOSED))
    text = "".join(f"{part.sentences}{part.rows}" for part in report.parts)
    assert [each.number for each in report.figures] == list(range(1, len(report.figures) + 1))
    assert all(f"〔{each.number}〕" in text for each in report.figures)


def test_what_a_reader_may_not_see_is_counted_and_not_named() -> None:
    report = of(*petitions(S.CLOSED, S.ASSIGNED, S.REGISTERED))
    report.leave_out({"XF2"})
    assert (value(report, "受理登记"), report.figure("受理登记").cases) == ("3 件", ("XF1", "XF3"))
    assert [row[0] for row in report.parts[-1].rows] == ["XF3"]


def test_a_patrol_and_a_plan_that_a_reader_may_not_see_leave_nothing_but_the_numbering() -> None:
    plan = a_case(S.UNDERWAY, kind=Kind.PLAN).model_copy(update={"id": "P1", "title": "攻坚方案"})
    task = a_case(S.CLOSED, kind=Kind.RECTIFICATION).model_copy(update={"id": "Z1", "parent": "P1"})
    patrols = [
        a_case(S.PATROLLING, kind=Kind.PATROL).model_copy(update={"id": name, "title": f"企业{name}"})
        for name in ("T1", "T2")
    ]
    report = of(*petitions(S.CLOSED), plan, task, *patrols)
    before = [(each.number, each.name) for each in report.figures]
    assert any("攻坚方案" in name for _, name in before)
    report.leave_out({"P1", "T1"})
    left = [(each.number, each.name) for each in report.figures if not each.is_kept_back]
    assert [each.number for each in report.figures] == [number for number, _ in before]
    assert left == [(number, name) for number, name in before if "攻坚方案" not in name and "企业T1" not in name]
    told = str([(part.sentences, part.rows) for part in report.parts]) + str(report.figures)
    assert not any(word in told for word in ("P1", "T1", "攻坚方案"))
    assert [row[0] for part in report.parts for row in part.rows if "企业" in row[0]] == ["企业T2"]


def test_rounds_of_all_years_are_told_together_and_patrols_by_enterprise() -> None:
    handed = [
        case.model_copy(update={"campaign": "dc2021", "registered_at": START.replace(year=2021)})
        for case in petitions(S.SIGNED_OFF, S.ASSIGNED)
    ]
    patrol = a_case(S.PATROLLING, kind=Kind.PATROL)
    report = of(*handed, patrol, patrol.model_copy(update={"id": "T2", "registered_at": START.replace(year=2030)}))
    told = {
        name: value(report, name)
        for name in ("历年交办", "历年交办销号", "历年交办未办结", "青石锑业 已巡", "青石锑业 漏巡")
    }
    assert list(told.values()) == ["2 件", "1 件", "1 件", "0 次", "0 次"]
    visited = of(patrol.model_copy(update={"slots_done": 7, "patrolled_at": START}))
    assert (value(visited, "青石锑业 已巡"), visited.parts[-1].rows[0][-1]) == ("7 次", "2026-03-02")
