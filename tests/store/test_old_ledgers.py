"""A bureau's old ledger comes in with its history: each row's fate, the sheet's days, nothing rung; and out."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from adapters import checking, queries
from adapters.exporting import export_sheet
from adapters.importing import ImportReport
from adapters.spreadsheets import load_profiles, write_table
from adapters.three_lists import Scope, cases_of
from models.counting import legal_day
from models.three_lists import three_lists
from models.vocabulary import Status
from tests.core.builders import an_organisation
from tests.store.desks import Office, an_envelope
from tests.store.sheet_helpers import assert_readable, read
from tests.store.test_importing import counts, imported, petitions

LEDGER = load_profiles()["ledger"]
ROUNDS = {
    2017: "2017年中央环保督察", 2018: "2018年省级督察", 2019: "2019年回头看", 2020: "2020年夏季攻势",
    2021: "2021年中央督察", 2022: "2022年省级督察", 2023: "2023年省级督察",
}  # fmt: skip


def a_row(number: int = 1, /, **changes: str) -> dict[str, str]:
    row = {
        "no": str(number), "receipt": f"HN-{number:04d}", "campaign": ROUNDS[2017], "received": "2017-04-26",
        "problem": f"第{number}号养殖场粪污直排", "area": "青石镇河口村", "kinds": "水",
        "measures": "清理粪污，建沉淀池", "goal": "污染消除、群众满意", "unit": "青石镇", "leader": "",
        "due": "2017-12-31", "closed": "2017-08-01", "signed_off": "2017-10-09", "state": "已销号", "remarks": "",
    }  # fmt: skip
    return {**row, **changes}


STILL = {"closed": "", "signed_off": "", "state": "整改中", "due": "2026-12-31", "received": "2023-09-10"}
"""What a row says that is still to be put right."""


def ledger(folder: Path, *rows: Mapping[str, str], name: str = "ledger.xlsx") -> Path:
    write_table(folder / name, LEDGER, rows, title="信访件整改台账")
    return folder / name


def the_256(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """256 items since 2017, of which 246 are signed off and ten go on by their own days."""
    rows = []
    for number in range(1, 257):
        year = 2017 + (number - 1) // 36 if number <= 216 else 2023
        came = date(year, 5, 1) + timedelta(days=number % 36)
        closed = came + timedelta(days=50)
        done = {"closed": closed.isoformat(), "signed_off": (closed + timedelta(days=90)).isoformat()}
        row = a_row(number, campaign=ROUNDS[year], received=came.isoformat(), due=f"{year}-12-31", **done)
        if number > 246:
            row |= STILL | {"received": came.isoformat(), "due": f"2026-{number % 12 + 1:02d}-28"}
        rows.append(row | {"remarks": "多次反映" if number % 50 == 0 else ""})
    return ledger(folder, *rows), rows


def brought(office: Office, path: Path, **more: object) -> ImportReport:
    return imported(office, path, profile="ledger", compare=False, **more)


def test_256_items_come_in_with_their_history_and_go_out_the_same(small_office: Office, tmp_path: Path) -> None:
    path, rows = the_256(tmp_path)
    rehearsed = brought(small_office, path, dry_run=True)
    assert (counts(rehearsed), petitions(small_office)) == ((256, 0, 0, 0), [])
    assert counts(brought(small_office, path)) == (256, 0, 0, 0)
    cases = petitions(small_office)
    assert Counter(each.status for each in cases) == {Status.SIGNED_OFF: 246, Status.RECTIFYING: 10}
    assert Counter(each.registered_at.year for each in cases if each.registered_at) == {
        2017: 36, 2018: 36, 2019: 36, 2020: 36, 2021: 36, 2022: 36, 2023: 40,
    }  # fmt: skip
    still = [each for each in cases if each.is_open]
    assert all(each.alarm and each.alarm.at > small_office.moments.now() for each in still), "their clocks run"
    assert {legal_day(each.due - timedelta(seconds=1)) for each in still if each.due} == {
        date.fromisoformat(row["due"]) for row in rows[246:]
    }
    assert all(each.due is None for each in cases if not each.is_open), "a look-back of long ago is owed no more"
    histories = [each for case in cases for each in queries.history(small_office.database, case.id)]
    assert all(each.event.reactions == () for each in histories), "nothing is rung, written or told retrospectively"
    assert set(small_office.outbox()) == {each.id for each in still}, "what is signed off wakes no process manager"
    out = tmp_path / "out.xlsx"
    assert export_sheet(small_office.database, out, profile="ledger", world=small_office.desk.world()) == 256
    told = {row["receipt"]: row for row in rows}
    for row in read(out, "ledger"):
        written = dict(row.cells) | {"no": told[row.cells["receipt"]]["no"], "verdict": ""}
        assert written == told[row.cells["receipt"]] | {"verdict": ""}
    assert counts(brought(small_office, out)) == (0, 0, 256, 0)
    assert counts(brought(small_office, path)) == (0, 0, 256, 0)
    assert checking.rebuild(small_office.database, check=True).differences == []


def test_a_row_is_told_at_the_days_of_the_sheet(office: Office, tmp_path: Path) -> None:
    brought(office, ledger(tmp_path, a_row()))
    (case,) = petitions(office)
    assert office.names(case.id) == ["registered", "closed", "struck_off"]
    days = [each.occurred_at for each in queries.history(office.database, case.id)]
    assert [legal_day(each).isoformat() for each in days] == ["2017-04-26", "2017-08-01", "2017-10-09"]
    assert (case.unit, case.campaign, case.on_time) == ("qingshi", "2017年中央环保督察", True)
    assert (case.measures, case.goal, case.rectify_by) == (
        "清理粪污，建沉淀池",
        "污染消除、群众满意",
        date(2017, 12, 31),
    )


def test_a_later_ledger_advances_what_is_known_and_doubles_nothing(office: Office, tmp_path: Path) -> None:
    brought(office, ledger(tmp_path, a_row(**STILL)))
    closed = a_row(**STILL | {"closed": "2026-02-01", "state": "已办结"})
    assert counts(brought(office, ledger(tmp_path, closed))) == (0, 1, 0, 0)
    (case,) = petitions(office)
    assert (case.status, case.on_time, case.clocks) == (Status.CLOSED, True, ())
    signed = closed | {"signed_off": "2026-02-20", "state": "已销号"}
    assert counts(brought(office, ledger(tmp_path, signed))) == (0, 1, 0, 0)
    assert office.names(case.id) == ["registered", "rectification_told", "closed", "struck_off"]
    assert counts(brought(office, ledger(tmp_path, closed))) == (0, 0, 1, 0), "an older copy is known as it was"
    other = ledger(tmp_path, closed | {"due": "2025-01-01"})
    assert [each.code for each in brought(office, other).doubts] == ["not_now"], "what it cannot tell it says"


def test_a_rehearsal_says_what_the_import_does_of_rows_that_call_a_campaign_by_its_title(
    small_office: Office, tmp_path: Path
) -> None:
    small_office.door.perform(
        [an_envelope("open_campaign", "dispatcher", id="c1", case="campaign:dc2026", title="2026年中央督察")]
    )
    path = ledger(tmp_path, a_row(1, campaign="2026年中央督察"), a_row(2, **STILL, campaign="2026年中央督察"))
    assert counts(brought(small_office, path, dry_run=True)) == counts(brought(small_office, path)) == (2, 0, 0, 0)
    assert {each.campaign for each in petitions(small_office)} == {"dc2026"}
    out = tmp_path / "out.xlsx"
    export_sheet(small_office.database, out, profile="ledger", world=small_office.desk.world())
    assert {row.cells["campaign"] for row in read(out, "ledger")} == {"2026年中央督察"}
    assert counts(brought(small_office, out, dry_run=True)) == counts(brought(small_office, out)) == (0, 0, 2, 0)


def test_what_the_desk_has_gone_on_with_is_not_told_over(office: Office, tmp_path: Path) -> None:
    brought(office, ledger(tmp_path, a_row(**STILL)))
    (case,) = petitions(office)
    office.act(case.id, "handler", "report_progress")
    report = brought(office, ledger(tmp_path, a_row(**STILL | {"closed": "2026-02-01", "state": "已办结"})))
    assert (counts(report), [each.code for each in report.doubts]) == ((0, 0, 0, 1), ["not_imported"])
    assert office.case(case.id).is_open


DOUBTFUL: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"received": ""}, "D", "day_missing"),
    ({"received": "去年五月"}, "D", "date_not_understood"),
    ({"receipt": "X3HN201704250001"}, "D", "received_conflict"),
    ({"receipt": "X3HN201704260001", "received": ""}, "D", "day_missing"),
    ({"closed": "2017-03-01"}, "M", "days_out_of_order"),
    ({"signed_off": "2017-07-01"}, "M", "days_out_of_order"),
    ({"signed_off": ""}, "N", "day_missing"),
    ({"signed_off": "是"}, "N", "day_missing"),
    ({"signed_off": "", "closed": "", "state": "已办结"}, "M", "day_missing"),
    ({"state": "已办结"}, "O", "state_conflict"),
    ({"state": "整改中"}, "O", "state_conflict"),
    ({"state": "快好了"}, "O", "state_not_understood"),
    ({"signed_off": "2026-12-24"}, "N", "day_ahead"),
    ({**STILL, "due": ""}, "L", "day_missing"),
    ({**STILL, "due": "长期坚持"}, "L", "date_not_understood"),
    ({**STILL, "unit": ""}, "J", "unit_missing"),
    ({**STILL, "unit": "某局"}, "J", "name_unknown"),
    ({**STILL, "leader": "某人"}, "K", "name_unknown"),
)


def test_a_row_that_does_not_fit_together_stays_out_whole_and_its_cell_is_named(
    small_office: Office, tmp_path: Path
) -> None:
    rows = [a_row(number, **changes) for number, (changes, _, _) in enumerate(DOUBTFUL, 1)]
    report = brought(small_office, ledger(tmp_path, *rows, a_row(99)))
    assert counts(report) == (1, 0, 0, len(DOUBTFUL))
    found = {(each.code, each.cell) for each in report.doubts}
    wanted = {(code, f"{column}{number}") for number, (_, column, code) in enumerate(DOUBTFUL, 3)}
    assert wanted <= found
    for each in report.doubts:
        assert_readable(each.zh, each.en)
    assert [each.summary for each in petitions(small_office)] == ["第99号养殖场粪污直排"]
    assert report.doubtful_file
    assert [row.problem for row in read(report.doubtful_file, "ledger")] == [row["problem"] for row in rows]


def test_a_time_limit_is_read_as_people_write_it(small_office: Office, tmp_path: Path) -> None:
    written = {
        "2026年12月底前": "2026-12-31",
        "2026年底前完成": "2026-12-31",
        "2026年9月": "2026-09-30",
        "2026.6.30前": "2026-06-30",
    }
    rows = [a_row(number, **STILL | {"due": each}) for number, each in enumerate(written)]
    assert brought(small_office, ledger(tmp_path, *rows, a_row(9, **STILL | {"due": "2026年13月"}))).doubtful == 1
    assert [str(each.rectify_by) for each in petitions(small_office)] == list(written.values())


def test_what_is_done_keeps_the_names_of_former_units_in_its_history(small_office: Office, tmp_path: Path) -> None:
    row = a_row(unit="县环保局", leader="老局长", due="长期坚持", closed="")
    assert counts(brought(small_office, ledger(tmp_path, row))) == (1, 0, 0, 0)
    (case,) = petitions(small_office)
    assert (case.unit, case.leader, case.rectify_by) == (None, None, None)
    assert legal_day(case.closed_at or small_office.moments.now()) == date(2017, 10, 9), "closed when it was signed off"
    note = queries.history(small_office.database, case.id)[-1].event.said["text"]
    assert note == "台账中的责任单位：县环保局\n台账中的责任领导：老局长"
    out = tmp_path / "out.xlsx"
    export_sheet(small_office.database, out, profile="ledger", world=small_office.desk.world())
    assert counts(brought(small_office, ledger(tmp_path, row))) == (0, 0, 1, 0)


def test_other_words_in_the_header_are_understood_and_a_public_table_is_not_taken_for_a_ledger(
    small_office: Office, tmp_path: Path
) -> None:
    columns = [
        each.model_copy(update={"header": each.aliases[0], "aliases": ()}) if each.aliases else each
        for each in LEDGER.columns
    ]
    other = LEDGER.model_copy(update={"columns": tuple(columns)})
    write_table(tmp_path / "other.xlsx", other, [a_row()], title="某县台账")
    assert counts(imported(small_office, tmp_path / "other.xlsx")) == (1, 0, 0, 0)
    assert petitions(small_office)[0].status is Status.SIGNED_OFF
    public = tmp_path / "public.xlsx"
    write_table(public, load_profiles()["generic-2023"], [{"receipt": "1", "problem": "臭"}], title="")
    assert {row.profile for row in read(public)} == {"generic-2023"}


def test_a_ledger_as_bureaus_keep_it_is_read_for_all_its_dirt(small_office: Office, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["某县生态环境问题整改台账（截至 2023 年 9 月）"])
    sheet.append([])
    heads = ("序 号", "编号", "问题来源", "交办\n时间", "存在的问题", "整改责任单位（牵头）")
    sheet.append([*heads, "完成时限", "完成时间", "销号时间", "整改进展"])
    first = [1, "HN－０００１", "2017年中央环保督察", date(2017, 4, 26), "粪污\n直排", "青石镇"]
    sheet.append([*first, "长期坚持", "2017.8.1", "２０１７年１０月９日", "已销号"])
    sheet.append([2, 20230002, "", "2023/9/10", "恶臭　扰民", "青石镇", "2026年12月底前", None, "/", "按整改时限推进"])
    sheet.append([3, "HN-0003", "", 45179, "噪声扰民", "青石镇", 46387, None, "—", "未销号"])
    sheet.append([4, "HN-0004", "", "2023.9.10", "油烟扰民", "青石镇", "", "2023.10.1", "否", "已办结，待销号"])
    sheet.append([None] * 10)
    book.save(tmp_path / "dirty.xlsx")
    report = imported(small_office, tmp_path / "dirty.xlsx")
    assert (report.profile, counts(report)) == ("ledger", (4, 0, 0, 0)), report.doubts
    found = petitions(small_office)
    assert [(each.status, str(each.rectify_by)) for each in found] == [
        (Status.SIGNED_OFF, "None"), (Status.RECTIFYING, "2026-12-31"), (Status.RECTIFYING, "2026-12-31"),
        (Status.CLOSED, "None"),
    ]  # fmt: skip
    assert [legal_day(each.registered_at).isoformat() for each in found if each.registered_at] == [
        "2017-04-26", *["2023-09-10"] * 3,
    ]  # fmt: skip


def test_the_three_lists_show_what_came_in(small_office: Office, tmp_path: Path) -> None:
    (leader,) = (each for each in an_organisation().people if each.id == "leader")
    brought(small_office, ledger(tmp_path, a_row(1), a_row(2, **STILL, leader=leader.name)))
    world = small_office.desk.world()
    found = three_lists(
        cases_of(small_office.database, world, Scope(campaign="2017年中央环保督察")), small_office.moments.now()
    )
    assert [each.what for each in found.problems] == ["第1号养殖场粪污直排", "第2号养殖场粪污直排"]
    assert [(each.measure, each.standard, each.target) for each in found.tasks] == [
        ("清理粪污，建沉淀池", "污染消除、群众满意", date(2017, 12, 31)),
        ("清理粪污，建沉淀池", "污染消除、群众满意", date(2026, 12, 31)),
    ]
    assert [(each.unit, each.leader, each.open) for each in found.duties] == [
        ("qingshi", "leader", 1),
        ("qingshi", "", 0),
    ]
