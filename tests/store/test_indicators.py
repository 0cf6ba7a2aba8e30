"""Readings of indicators from a table, on both databases: new ones registered, known ones kept, corrections told."""

from pathlib import Path

import pytest

from adapters import checking
from adapters.indicators import READINGS, ReadingsReport, import_readings, indicators
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.plain import NewSheet, write_plain
from models.refusals import NotYours
from tests.store.desks import Office

HEADERS = [column.header for column in READINGS.columns]
AIR = {"指标": "环境空气质量优良天数", "期间": "2023", "考核数": "339", "达标数": "324", "计量单位": "天"}
WATER = {"指标": "省控断面", "期间": "2023年", "考核数": "8", "达标数": "8", "计量单位": "个"}


def a_sheet(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "readings.xlsx"
    write_plain(path, [NewSheet("指标", "", HEADERS, [[row.get(name, "") for name in HEADERS] for row in rows])])
    return path


def imported(office: Office, path: Path, actor: str = "clerk", *, dry_run: bool = False) -> ReadingsReport:
    return import_readings(office.desk, path, actor=actor, dry_run=dry_run)


def counts(report: ReadingsReport) -> tuple[int, int, int]:
    assert report.total == report.recorded + report.known
    return report.registered, report.recorded, report.known


def test_readings_come_once_and_what_is_told_otherwise_is_corrected(office: Office, tmp_path: Path) -> None:
    path = a_sheet(tmp_path, AIR, WATER)
    assert counts(imported(office, path, dry_run=True)) == (2, 2, 0)
    assert indicators(office.database) == []
    assert counts(imported(office, path)) == (2, 2, 0)
    assert counts(imported(office, path)) == (0, 0, 2)
    more = a_sheet(tmp_path, {**AIR, "达标数": "325"}, {**AIR, "期间": "2024", "考核数": "366", "达标数": "350"}, WATER)
    assert counts(imported(office, more)) == (0, 2, 1)
    air, water = indicators(office.database)
    assert [(each.period, each.assessed, each.compliant) for each in air.readings] == [
        ("2023", 339, 325), ("2024", 366, 350),
    ]  # fmt: skip
    assert (water.counted_in, water.id[0]) == ("个", "I")
    assert checking.verify(office.database).faults == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({**AIR, "考核数": "三百"}, "指标!C2：“三百”不是整数"),
        ({**AIR, "达标数": "340"}, "达标数多于考核数"),
        ({**AIR, "期间": "去年"}, "指标!B2"),
        ({**AIR, "指标": ""}, "指标!A2：不能为空"),
        ({**AIR, "责任单位": "没有"}, "没有“没有”"),
    ],
    ids=["no number", "more than assessed", "no period", "no name", "no such unit"],
)
def test_every_cell_that_cannot_be_used_is_named_and_nothing_is_recorded(
    office: Office, tmp_path: Path, row: dict[str, str], told: str
) -> None:
    with pytest.raises(SheetError) as why:
        imported(office, a_sheet(tmp_path, WATER, row) if "2" not in told else a_sheet(tmp_path, row, WATER))
    assert told in why.value.zh
    assert indicators(office.database) == []


def test_a_period_twice_is_told_and_whoever_may_not_records_nothing(office: Office, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="重复"):
        imported(office, a_sheet(tmp_path, AIR, AIR))
    with pytest.raises(NotYours):
        imported(office, a_sheet(tmp_path, AIR), "leader")
    assert indicators(office.database) == []
