"""Importing a public table: the fate of every row, and the case that each of them becomes."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from adapters import checking, queries
from adapters.import_rows import Fate
from adapters.importing import ImportReport, import_sheet
from models.case import Case
from models.refusals import NotYours, UnknownPerson
from models.vocabulary import Kind, Light, Role, Status, Verdict
from tests.store.broken_sheets import GOOD, Value, book, good, table
from tests.store.desks import Office, dump
from tests.store.sheet_helpers import assert_readable, read

ONE, TWO, THREE = (f"D3HN20240607000{number}" for number in (1, 2, 3))


def a_sheet(folder: Path, *rows: dict[str, Value], name: str = "table.xlsx", profile: str = "") -> Path:
    path = folder / name
    path.write_bytes(book(table(*rows, profile=profile or "hunan-central-2024")))
    return path


def imported(office: Office, path: Path, **more: object) -> ImportReport:
    return import_sheet(office.desk, path, actor="clerk", **more)  # type: ignore[arg-type]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Registered, advanced, known, doubtful."""
    assert report.total == len(report.fates) == report.registered + report.advanced + report.known + report.doubtful
    return report.registered, report.advanced, report.known, report.doubtful


def petitions(office: Office) -> list[Case]:
    return list(queries.listed(office.database, queries.Filter(kind=Kind.PETITION)))


def sound(office: Office) -> None:
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


UNTOLD: dict[str, Value] = {
    "findings": None, "verdict": None, "goal": None, "measures": None, "state": "未办结", "accountability": None,
}  # fmt: skip
"""A row that says no more than that the petition came in."""


# ── what a row becomes ──


def test_a_closed_row_becomes_a_closed_case_with_its_history_and_rings_nothing(office: Office, tmp_path: Path) -> None:
    report = imported(office, a_sheet(tmp_path, good(receipt=ONE)), campaign="central-2024", via={"door": "cli"})
    assert counts(report) == (1, 0, 0, 0)
    (case,) = petitions(office)
    assert report.fates[0].case == case.id == "XF2026000001"
    assert (case.status, case.verdict) == (Status.CLOSED, Verdict.SUBSTANTIATED)
    assert (case.place, case.types, case.campaign) == (GOOD["area"], ("大气",), "central-2024")
    assert (case.summary, case.measures, case.goal) == (GOOD["problem"], GOOD["measures"], GOOD["goal"])
    assert [finding.text for finding in case.findings] == [GOOD["findings"]]
    assert [filing.number for filing in case.filings] == [ONE]
    registered, closed = queries.history(office.database, case.id)
    assert registered.occurred_at == case.registered_at == datetime(2024, 6, 7, 1, tzinfo=UTC)  # 9 in Shanghai
    assert registered.recorded_at == closed.recorded_at == office.moments.now()
    assert (registered.via, closed.via) == ({"door": "cli"}, {"door": "cli"})
    assert case.alarm is None
    assert case.pending == ()
    assert office.outbox() == {}
    sound(office)


def test_an_open_row_becomes_an_open_case_whose_clocks_ring_from_now_on_only(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE, **UNTOLD)))
    (case,) = petitions(office)
    assert case.status is Status.REGISTERED
    assert case.light is Light.RED
    assert {clock.name for clock in case.clocks} == {"accept", "verify", "close"}
    assert case.due == datetime(2024, 6, 7, 16, tzinfo=UTC)  # the evening of the day
    assert case.alarm is not None
    assert all(rung.at > office.moments.now() for clock in case.clocks for rung in clock.upcoming)
    assert office.names(case.id) == ["registered"]
    assert office.outbox() == {case.id: 1}


def test_a_row_closed_for_now_becomes_one_that_is_to_come_up_again(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE, state="阶段性办结", verdict="1.属实；2.不属实")))
    (case,) = petitions(office)
    assert (case.status, case.verdict) == (Status.INTERIM, Verdict.PARTLY)
    assert [finding.verdict for finding in case.findings] == [Verdict.SUBSTANTIATED, Verdict.UNSUBSTANTIATED]
    assert case.alarm is not None
    assert case.alarm.at > office.moments.now()
    assert office.outbox() == {case.id: 2}


def test_nothing_that_a_row_says_is_lost_though_no_field_holds_it(office: Office, tmp_path: Path) -> None:
    row = {**UNTOLD, "receipt": ONE, "goal": "污染消除", "findings": "正在监测，电话13800138000", "verdict": "核查中"}
    path = a_sheet(tmp_path, {**row, "problem": "臭", "remarks": "多次反映", "state": "已销号"}, profile="generic-2023")
    assert counts(imported(office, path)) == (1, 0, 0, 0)
    (case,) = petitions(office)
    assert office.names(case.id) == ["registered", "closed", "noted"]
    note = queries.history(office.database, case.id)[-1].event.said["text"]
    assert note == "核查情况（尚无结论）：正在监测，电话***********\n备注：多次反映\n表中已销号"


def test_a_row_without_number_is_known_again_by_what_it_says(office: Office, tmp_path: Path) -> None:
    rows = [good(receipt="无", problem="甲"), good(receipt=None, problem="乙"), good(receipt="——", problem="甲")]
    assert counts(imported(office, a_sheet(tmp_path, *rows))) == (2, 0, 1, 0)
    assert counts(imported(office, a_sheet(tmp_path, *rows[::-1]))) == (0, 0, 3, 0)
    assert [case.filings for case in petitions(office)] == [(), ()]


# ── every row's fate ──


def test_every_row_has_its_fate_and_every_doubt_its_cell(office: Office, tmp_path: Path) -> None:
    rows = [
        good(receipt=ONE),
        good(receipt=TWO, verdict="除噪声外属实"),
        good(receipt=ONE),
        good(receipt=ONE, problem="同一编号下的另一个问题"),
        good(receipt=THREE, problem=None),
        good(receipt=THREE, **UNTOLD),
        good(receipt=THREE, state="已办结"),
    ]
    report = imported(office, a_sheet(tmp_path, *rows))
    f = Fate
    wanted = [f.REGISTERED, f.DOUBTFUL, f.KNOWN, f.DOUBTFUL, f.DOUBTFUL, f.REGISTERED, f.ADVANCED]
    assert [fate.fate for fate in report.fates] == wanted
    assert [fate.row for fate in report.fates] == list(range(2, 9))
    assert [fate.receipt for fate in report.fates] == [ONE, TWO, ONE, ONE, THREE, THREE, THREE]
    first, second, third = (f"XF202600000{number}" for number in (1, 2, 3))
    assert [fate.case for fate in report.fates] == [first, second, first, None, None, third, third]
    assert counts(report) == (2, 1, 1, 3)
    doubts = [(each.row, each.cell, each.column, each.code, each.case) for each in report.doubts]
    assert doubts == [
        (3, "G3", "是否属实", "verdict_not_understood", second),
        (5, "B5", "受理编号", "same_number", None),
        (6, "C6", "交办问题基本情况", "problem_missing", None),
    ]
    for each in report.doubts:
        assert_readable(each.zh, each.en + ".")
    assert office.case(second).status is Status.REGISTERED  # registered all the same, without what is in doubt
    sound(office)


def test_a_later_table_advances_what_an_earlier_one_began(office: Office, tmp_path: Path) -> None:
    rows = [good(receipt=ONE, **UNTOLD), good(receipt=TWO, **{**UNTOLD, "goal": "污染消除"}), good(receipt=THREE)]
    assert counts(imported(office, a_sheet(tmp_path, *rows))) == (3, 0, 0, 0)
    office.moments.wait(days=3)
    later = [good(receipt=ONE), good(receipt=TWO, state="阶段性办结"), good(receipt=THREE)]
    assert counts(imported(office, a_sheet(tmp_path, *later))) == (0, 2, 1, 0)
    assert [case.status for case in petitions(office)] == [Status.CLOSED, Status.INTERIM, Status.CLOSED]
    first = petitions(office)[0]
    assert first.alarm is None
    assert office.outbox()[first.id] == first.seq  # its manager is told that it is over
    assert counts(imported(office, a_sheet(tmp_path, good(receipt=TWO)))) == (0, 1, 0, 0)
    assert [case.status for case in petitions(office)] == [Status.CLOSED] * 3
    sound(office)


def test_a_table_that_lags_behind_turns_nothing_back(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE)))
    before = dump(office.database)
    report = imported(office, a_sheet(tmp_path, good(receipt=ONE, state="未办结")))
    assert counts(report) == (0, 0, 0, 1)
    (doubt,) = report.doubts
    assert (doubt.cell, doubt.code, doubt.case) == ("B2", "not_now", "XF2026000001")
    assert "XF2026000001" in doubt.zh
    assert "已办结" in doubt.zh
    assert dump(office.database) == before


def test_another_problem_under_a_number_that_is_known_is_doubtful_in_any_table(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE, problem="一楼油烟。")))
    before = dump(office.database)
    report = imported(office, a_sheet(tmp_path, good(receipt=ONE, problem="二楼噪声。")))
    assert counts(report) == (0, 0, 0, 1)
    assert [(doubt.code, doubt.cell, doubt.case) for doubt in report.doubts] == [("same_number", "B2", "XF2026000001")]
    assert dump(office.database) == before
    # Blanks, line breaks and widths make no other problem.
    same = good(receipt=ONE, problem="一楼\n油烟 。")
    assert counts(imported(office, a_sheet(tmp_path, same))) == (0, 0, 1, 0)


def test_what_the_desk_registered_itself_is_known_by_its_number(office: Office, tmp_path: Path) -> None:
    filing: dict[str, JsonValue] = {"channel": "inspection", "number": f"{ONE} *"}
    by_number = office.register(channel="inspection", filings=[filing], summary="按编号登记的摘要")
    by_case = office.register(summary="以案件编号导出的摘要")
    rows = [good(receipt=ONE, **UNTOLD), good(receipt=by_case, problem="导出", **UNTOLD)]
    report = imported(office, a_sheet(tmp_path, *rows))
    assert counts(report) == (0, 0, 2, 0)
    assert [fate.case for fate in report.fates] == [by_number, by_case]
    # What a table says of a case that never came from one is no history of it.
    report = imported(office, a_sheet(tmp_path, good(receipt=ONE)))
    assert [doubt.code for doubt in report.doubts] == ["not_imported"]


def test_several_numbers_of_one_row_are_one_case_under_each_of_them(office: Office, tmp_path: Path) -> None:
    report = imported(office, a_sheet(tmp_path, good(receipt=f"{ONE}、{TWO}")))
    assert [doubt.code for doubt in report.doubts] == ["several_receipts"]
    report = imported(office, a_sheet(tmp_path, good(receipt=TWO, **UNTOLD), good(receipt=ONE, **UNTOLD)))
    assert counts(report) == (0, 0, 2, 0)
    assert {fate.case for fate in report.fates} == {"XF2026000001"}


def test_what_is_refused_of_a_row_does_not_keep_its_petition_out(office: Office, tmp_path: Path) -> None:
    many = "；".join(f"{point}.属实" for point in range(1, 53))
    report = imported(office, a_sheet(tmp_path, good(receipt=ONE, verdict=many), good(receipt=TWO)))
    assert [fate.fate for fate in report.fates] == [Fate.DOUBTFUL, Fate.REGISTERED]
    assert [doubt.code for doubt in report.doubts] == ["malformed"]
    assert [office.case(fate.case or "").status for fate in report.fates] == [Status.REGISTERED, Status.CLOSED]


def test_a_row_refused_altogether_is_doubtful_each_time_it_stands_there(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind longer than any is only cut; so a refusal has to be made."""
    monkeypatch.setattr("adapters.import_rows.CHANNEL", "pigeon")
    report = imported(office, a_sheet(tmp_path, good(receipt=ONE), good(receipt=ONE)))
    assert counts(report) == (0, 0, 0, 2)
    assert petitions(office) == []
    assert report.doubtful_file is not None
    assert len(read(report.doubtful_file)) == 2


# ── in whose name ──


@pytest.mark.parametrize(("actor", "refusal"), [("auditor", NotYours), ("nobody", UnknownPerson)])
def test_who_may_not_register_petitions_imports_none(
    office: Office, tmp_path: Path, actor: str, refusal: type[Exception]
) -> None:
    before = dump(office.database)
    for dry_run in (True, False):
        with pytest.raises(refusal):
            import_sheet(office.desk, a_sheet(tmp_path, good(), good(receipt=TWO)), actor=actor, dry_run=dry_run)
    assert dump(office.database) == before


# ── what looks like a person ──


def test_numbers_of_persons_are_covered_and_the_words_go_under_seal(office: Office, tmp_path: Path) -> None:
    number, identity = "13812345678", "430102199001011234"
    row = good(
        receipt=ONE,
        problem=f"王某（电话１３８１２３４５６７８，身份证{identity}）反映臭气",
        findings=f"已回访{number}",
        measures=f"负责人 {number[:3]} {number[3:7]} {number[7:]}",
        accountability=f"约谈 {number}",
        goal=f"联系{number}",
        area=f"河口村{number}",
    )
    assert counts(imported(office, a_sheet(tmp_path, row))) == (1, 0, 0, 0)
    (case,) = petitions(office)
    everything = repr(dump(office.database, without=("sealed",)))
    for told in (number, identity, "１３８１２３４５６７８", "138 1234 5678"):
        assert told not in everything
    assert "***********" in case.summary
    (ref,) = case.sealed
    assert office.desk.sealer.open(office.database, ref) == {"text": row["problem"]}
    before = dump(office.database)
    assert counts(imported(office, a_sheet(tmp_path, row))) == (0, 0, 1, 0)
    assert dump(office.database) == before


def test_a_problem_longer_than_any_summary_is_kept_whole_under_seal(office: Office, tmp_path: Path) -> None:
    problem = "".join(f"第{number}处。" for number in range(1200))
    imported(office, a_sheet(tmp_path, good(receipt=ONE, problem=problem)))
    (case,) = petitions(office)
    assert case.summary == problem[:4000]
    assert office.desk.sealer.open(office.database, case.sealed[0]) == {"text": problem}


def test_the_fates_of_a_table_are_counted_as_they_are_told(office: Office, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [good(receipt=f"D3HN20240607{number:04d}", **UNTOLD) for number in range(300)]
    report = imported(office, a_sheet(tmp_path, *rows), progress=lambda done, total: told.append((done, total)))
    assert told == [(250, 300), (300, 300)]
    assert Counter(fate.fate for fate in report.fates) == {Fate.REGISTERED: 300}
    assert sorted(case.id for case in petitions(office)) == [f"XF2026{number:06d}" for number in range(1, 301)]
    assert office.act("XF2026000300", Role.CLERK, "accept").seq == 2


# ── probable repeats ──
FARM: dict[str, Value] = {**UNTOLD, "area": "青石镇河口村", "kinds": "大气"}


def repeats_of(report: ImportReport) -> list[tuple[int, list[str]]]:
    return [(each.row.row, [other.case.id for other in each.found]) for each in report.repeats]


@pytest.mark.parametrize("dry_run", [False, True])
def test_an_import_tells_which_rows_are_probably_about_what_is_there(
    office: Office, tmp_path: Path, dry_run: bool
) -> None:
    there = office.register(place="青石镇河口村", summary="王某养猪场夜间排放臭气，熏得村民睡不着", types=["大气"])
    path = a_sheet(
        tmp_path,
        good(receipt=ONE, problem="河口村王某某的养殖场臭味扰民，晚上不敢开窗", **FARM),
        good(receipt=TWO, problem="兴隆石材厂半夜切割石头，噪声很大", **{**FARM, "area": "赤岭乡石桥村"}),
    )
    told: list[tuple[int, int]] = []
    report = imported(office, path, dry_run=dry_run, comparing=lambda done, all_: told.append((done, all_)))
    assert counts(report) == (2, 0, 0, 0)
    ((row, found),) = repeats_of(report)
    assert (row, found) == (report.fates[0].row, [there])
    assert report.repeats[0].found[0].reasons
    assert told == [(1, 2), (2, 2)]
    assert imported(office, path, compare=False).repeats == []


def test_of_two_rows_of_one_matter_the_later_one_is_told(office: Office, tmp_path: Path) -> None:
    path = a_sheet(
        tmp_path,
        good(receipt=ONE, problem="王某养猪场夜间排放臭气，熏得村民睡不着", **FARM),
        good(receipt=TWO, problem="河口村王某某的养猪场臭气熏天，晚上睡不着", **FARM),
    )
    report = imported(office, path)
    first, second = report.fates
    assert repeats_of(report) == [(second.row, [first.case])]
    assert imported(office, path).repeats == [], "what is known already is no repeat"
