"""Readings from a file: a problem once while it is open, every row's fate told, bad cells named, nothing unbounded."""

from collections import Counter
from pathlib import Path

import pytest

from adapters import monitoring, queries
from adapters.monitoring import MonitoringReport, Reading, ReadingFate, csv_readings, take_readings
from adapters.spreadsheets.doubts import SheetError
from models.envelope import Envelope
from models.refusals import NotYours
from tests.store.desks import Office
from tests.store.test_sites import a_site

F = ReadingFate
HEAD = "场所,监测时间,监测项目,监测值,单位,限值,是否异常"


def a_file(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "readings.csv"
    path.write_bytes("\r\n".join((head, *rows)).encode(encoding))
    return path


def taken(office: Office, path: Path, actor: str = "clerk", **more: object) -> MonitoringReport:
    with csv_readings(path) as (cells, readings):
        return take_readings(office.desk, readings, actor=actor, cells=cells, **more)  # type: ignore[arg-type]


def fates(report: MonitoringReport) -> list[ReadingFate]:
    return [each.fate for each in report.fates]


def opened(office: Office, site: str) -> str:
    """Open the newest task of a site, as its process manager does."""
    task = office.case(site).tasks[-1]
    data = {"parent": site, "measure": task.measure, "target": task.target.isoformat(), "unit": "qingshi"}
    envelope = Envelope(id=f"open/{task.id}", case=task.id, actor="engine", command="open_task", data=data)  # type: ignore[arg-type]
    office.door.perform([envelope], trusted=True)
    return task.id


def test_one_problem_is_opened_and_what_follows_is_noted_until_it_is_done(office: Office, tmp_path: Path) -> None:
    plant = a_site(office, "第一污水处理厂", unit="qingshi")
    rows = [
        "第一污水处理厂,2026-03-01 08:00,总磷,0.8,mg/L,0.5,",
        "第一污水处理厂,2026-03-01 09:00,总磷,0.9,mg/L,0.5,",
        f"{plant},2026-03-01 09:00,氨氮,3,mg/L,5,",
        f"{plant},2026-03-01 09:00,pH,5.5,,6~9,",
    ]
    path = a_file(tmp_path, *rows)
    tried = taken(office, path, dry_run=True)
    assert (fates(tried), office.case(plant).anomalies) == ([F.OPENED, F.ADDED, F.SOUND, F.OPENED], ())
    assert fates(taken(office, path)) == fates(tried)
    site = office.case(plant)
    assert [(each.monitored, each.value, each.bound) for each in site.anomalies] == [
        ("总磷", "0.8 mg/L", "0.5"), ("pH", "5.5", "6~9"),
    ]  # fmt: skip
    noted = ["anomaly_reported", "noted", "anomaly_reported"]
    assert office.names(plant)[-3:] == noted, "noted here until the task is there"
    assert fates(taken(office, path)) == [F.KNOWN, F.KNOWN, F.SOUND, F.KNOWN]
    assert office.case(plant).seq == site.seq
    task = opened(office, plant)
    more = a_file(tmp_path, f"{plant},2026-03-02 08:00,pH,5.1,,6~9,")
    assert fates(taken(office, more)) == [F.ADDED]
    note = queries.history(office.database, task)[-1].event
    assert (note.name, note.said["text"]) == ("noted", "监测仍异常：2026-03-02 08:00 pH 5.1，限值 6~9")
    assert len(office.case(plant).tasks) == 2


def test_a_problem_that_is_done_is_opened_anew_by_a_new_reading_and_not_by_an_old_one(
    small_office: Office, tmp_path: Path
) -> None:
    plant = a_site(small_office, "第一污水处理厂", unit="qingshi")
    first = a_file(tmp_path, f"{plant},2026-03-01,总磷,0.8,mg/L,,异常")
    assert fates(taken(small_office, first)) == [F.OPENED]
    engine = Envelope(
        id="end", case=plant, actor="engine", command="finish_task",
        data={"task": f"{plant}-R1", "outcome": "done", "task_hands": []},
    )  # fmt: skip
    small_office.door.perform([engine], trusted=True)
    assert fates(taken(small_office, first)) == [F.KNOWN]
    assert fates(taken(small_office, a_file(tmp_path, f"{plant},2026-03-02,总磷,0.7,mg/L,0.5,"))) == [F.OPENED]
    assert [each.id for each in small_office.case(plant).tasks] == [f"{plant}-R1", f"{plant}-R2"]


BAD = (
    ("无此厂,2026-03-01,总磷,0.8,mg/L,0.5,", "A", "没有在营的场所"),
    ("污水厂,2026-03-01,总磷,0.8,mg/L,0.5,", "A", "不止一个场所"),
    ("甲厂,上周,总磷,0.8,mg/L,0.5,", "B", "不是已过的日期"),
    ("甲厂,2027-03-01,总磷,0.8,mg/L,0.5,", "B", "不是已过的日期"),
    ("甲厂,2026-03-01,,0.8,mg/L,0.5,", "C", "不能为空"),
    ("甲厂,2026-03-01,总磷,设备故障,mg/L,0.5,", "D", "无法比较"),
    ("甲厂,2026-03-01,总磷,0.8,mg/L,,", "D", "无法比较"),
    ('甲厂,2026-03-01,总磷,"=HYPERLINK(""x"")",mg/L,0.5,', "D", "公式"),
    ("甲厂,2026-03-01,@总磷,0.8,mg/L,0.5,", "C", "公式"),
    ("甲厂,2026-03-01,电话13800138000,0.8,mg/L,0.5,", "A", "电话"),
)


def test_a_row_that_cannot_be_used_is_named_with_its_cell_and_keeps_no_other_back(
    small_office: Office, tmp_path: Path
) -> None:
    for name, aliases in (("甲厂", "甲"), ("乙厂", "污水厂"), ("丙厂", "污水厂")):
        a_site(small_office, name, unit="qingshi", aliases=[aliases])
    path = a_file(tmp_path, *(row for row, _, _ in BAD), "", "甲厂,2026-03-01,流量,-3,,0,")
    report = taken(small_office, path)
    assert Counter(fates(report)) == {F.BAD: len(BAD), F.SOUND: 1}
    for number, (told, (_, column, why)) in enumerate(zip(report.bad, BAD, strict=True), 2):
        assert told.cell == f"{column}{number}", told
        assert why in told.zh, told
        assert told.en.isprintable()
    assert small_office.case(queries.case(small_office.database, "S2026000001").id).anomalies == ()


def test_a_file_as_spreadsheet_programs_write_it_is_read_whatever_its_encoding_and_header(
    small_office: Office, tmp_path: Path
) -> None:
    a_site(small_office, "甲厂", unit="qingshi")
    head = "某县监测日报,,,,\r\nLIMIT（限值）,站点名称,TIME,监测因子,结果"
    for encoding in ("utf-8-sig", "gb18030"):
        path = a_file(tmp_path, "0.5,甲厂,2026/3/1 8:00,总磷,0.4", head=head, encoding=encoding)
        assert fates(taken(small_office, path)) == [F.SOUND]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\r\n1,2", "no_header"),
        (b"", "no_header"),
        (b"PK\x03\x04\0\0", "no_text"),
        (b"\xff\xfe\xff", "no_text"),
        (f"{HEAD}\r\n{'x' * 5000}".encode(), "row_too_long"),
        (f'{HEAD}\r\n"{("x" * 3000 + chr(10)) * 50}'.encode(), "no_csv"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(
    small_office: Office, tmp_path: Path, content: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(SheetError) as fault:
        taken(small_office, path)
    assert fault.value.code == code
    monkeypatch.setattr(monitoring, "LONGEST_FILE", len(content) - 1)
    with pytest.raises(SheetError, match="MB"):
        taken(small_office, path)


def test_a_file_has_an_end(small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_site(small_office, "甲厂", unit="qingshi")
    monkeypatch.setattr(monitoring, "MOST_ROWS", 3)
    path = a_file(tmp_path, *["甲厂,2026-03-01,总磷,0.1,mg/L,0.5,"] * 3)
    with pytest.raises(SheetError, match="超过 3 行"):
        taken(small_office, path)


def test_a_unit_reports_of_its_own_sites_alone_and_who_reports_none_is_refused(
    small_office: Office, tmp_path: Path
) -> None:
    a_site(small_office, "甲厂", unit="qingshi")
    a_site(small_office, "乙厂", unit="liuxi")
    rows = [
        Reading(number, name, "2026-03-01", "总磷", "0.8", limit="0.5") for number, name in enumerate(("甲厂", "乙厂"))
    ]
    report = take_readings(small_office.desk, rows, actor="handler")
    assert fates(report) == [F.OPENED, F.BAD]
    with pytest.raises(NotYours):
        take_readings(small_office.desk, rows, actor="auditor")


def test_somebody_elses_report_in_the_meantime_is_seen_before_another_problem_is_opened(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = a_site(small_office, "甲厂", unit="qingshi")
    work = monitoring._Work(small_office.desk, "clerk", 15, {}, {})
    take_readings(
        small_office.desk, [Reading(1, "甲厂", "2026-03-01 08:00", "总磷", "0.8", limit="0.5")], actor="clerk"
    )
    told = work.take([Reading(2, "甲厂", "2026-03-01 09:00", "总磷", "0.9", limit="0.5")], dry_run=False)
    assert ([each.fate for each in told], len(small_office.case(plant).tasks)) == ([F.ADDED], 1)
