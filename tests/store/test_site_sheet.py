"""The site ledger as a workbook: out and in again, new sites, corrections, and every cell that cannot be used."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters import checking, queries
from adapters.site_sheet import SITES, SitesReport, import_sites, write_sites
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.plain import NewSheet, read_plain, write_plain
from models.case import Case
from models.refusals import NotYours
from models.vocabulary import Kind, Status
from tests.store.desks import Office

HEADERS = [column.header for column in SITES.columns]
FARM = {
    "名称": "王某养猪场", "所在地": "青石镇河口村", "行业": "生猪养殖", "责任单位": "qingshi",
    "别名": "王某猪场、老王养殖",
}  # fmt: skip
WORKS = {"名称": "兴隆砖厂", "所在地": "赤岭乡石桥村", "状态": "关停", "坐标": "26.9712, 112.3721"}


def a_sheet(folder: Path, *rows: dict[str, str], headers: Sequence[str] = HEADERS) -> Path:
    path = folder / "sites.xlsx"
    write_plain(path, [NewSheet("场所", "", headers, [[row.get(name, "") for name in headers] for row in rows])])
    return path


def imported(office: Office, path: Path, actor: str = "clerk", *, dry_run: bool = False) -> SitesReport:
    return import_sites(office.desk, path, actor=actor, dry_run=dry_run)


def counts(report: SitesReport) -> tuple[int, int, int, int]:
    assert report.total == report.registered + report.corrected + report.same + len(report.refused)
    return report.registered, report.corrected, report.same, len(report.refused)


def there(office: Office) -> list[Case]:
    return list(queries.listed(office.database, queries.Filter(kind=Kind.SITE)))


def test_new_sites_are_registered_once_and_what_a_table_tells_otherwise_is_corrected(
    office: Office, tmp_path: Path
) -> None:
    path = a_sheet(tmp_path, FARM, WORKS)
    assert counts(imported(office, path, dry_run=True)) == (2, 0, 0, 0)
    assert there(office) == []
    assert counts(imported(office, path)) == (2, 0, 0, 0)
    farm, closed = there(office)
    assert (farm.title, farm.aliases, farm.unit, farm.trade) == (
        "王某养猪场", ("王某猪场", "老王养殖"), "qingshi", "生猪养殖",
    )  # fmt: skip
    assert (closed.status, closed.spot) == (Status.SHUT, "26.97120,112.37210")
    assert counts(imported(office, path)) == (0, 0, 2, 0), "once more adds nothing"
    path = a_sheet(tmp_path, {**FARM, "行业": "", "基本情况": "存栏三百头"}, {**WORKS, "状态": "在运行"})
    assert counts(imported(office, path)) == (0, 2, 0, 0)
    farm, opened = there(office)
    assert (farm.trade, farm.summary, opened.status) == ("生猪养殖", "存栏三百头", Status.OPERATING)
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


def test_what_is_written_is_read_as_the_same_sites(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, FARM, WORKS))
    case = office.register()
    office.act(case, "clerk", "place_at_site", site=there(office)[0].id)
    out = tmp_path / "out.xlsx"
    assert write_sites(out, office.desk.world(), there(office)) == 2
    assert counts(imported(office, out)) == (0, 0, 2, 0)
    sheet = read_plain(out)[0]
    head = {cell.text: column for column, cell in sheet.rows[0][1].items()}
    assert sheet.rows[1][1][head["信访件"]].text == "1"


def test_a_site_is_known_by_its_number_whatever_it_is_called_now(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, FARM))
    (farm,) = there(office)
    assert counts(imported(office, a_sheet(tmp_path, {**FARM, "编号": farm.id, "名称": "王某生态农场"}))) == (
        0,
        1,
        0,
        0,
    )
    assert [each.title for each in there(office)] == ["王某生态农场"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{**FARM, "名称": ""}], "场所!B2"),
        ([{**FARM, "责任单位": "没有这个单位"}], "没有“没有这个单位”"),
        ([{**FARM, "坐标": "东经一百一十二度"}], "坐标写作"),
        ([{**FARM, "编号": "S2099000001"}], "没有场所 S2099000001"),
        ([{**FARM, "状态": "不知道"}], "应为 在营 / 已关停"),
        ([{**FARM, "基本情况": "电话13800138000"}], "含有电话或身份证号"),
        ([FARM, FARM], "是同一场所"),
    ],
    ids=["no name", "no such unit", "no coordinates", "no such site", "no status", "a telephone", "twice"],
)
def test_every_cell_that_cannot_be_used_is_named_and_nothing_is_told(
    office: Office, tmp_path: Path, rows: list[dict[str, str]], told: str
) -> None:
    with pytest.raises(SheetError) as why:
        imported(office, a_sheet(tmp_path, *rows))
    assert told in why.value.zh
    assert "场所!" in why.value.en
    assert there(office) == []


def test_a_file_without_the_columns_is_refused_in_words(office: Office, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="表头须有：名称、所在地"):
        imported(office, a_sheet(tmp_path, {"甲": "一"}, headers=["甲"]))


def test_whoever_registers_no_sites_imports_none(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotYours):
        imported(office, a_sheet(tmp_path, FARM), "leader")
    assert there(office) == []


def test_what_is_refused_for_one_site_keeps_no_other_back(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, {**FARM, "责任单位": "liuxi"}))
    path = a_sheet(tmp_path, {**FARM, "责任单位": "liuxi", "行业": "种植"}, {**WORKS, "状态": ""})
    report = imported(office, path, "handler")
    assert counts(report) == (1, 0, 0, 1)
    ((where, zh, _),) = report.refused
    assert where == "场所 第2行"
    assert zh


def test_a_site_whose_name_was_given_to_another_one_is_registered_anew(office: Office, tmp_path: Path) -> None:
    path = a_sheet(tmp_path, FARM)
    imported(office, path)
    (farm,) = there(office)
    imported(office, a_sheet(tmp_path, {**FARM, "编号": farm.id, "名称": "王某生态农场"}))
    assert counts(imported(office, a_sheet(tmp_path, FARM))) == (1, 0, 0, 0)
    assert sorted(each.title for each in there(office)) == ["王某养猪场", "王某生态农场"]


@pytest.mark.parametrize("header", ["别名", "行业", "名称"])
def test_no_column_takes_somebodys_number(office: Office, tmp_path: Path, header: str) -> None:
    with pytest.raises(SheetError, match="电话或身份证号"):
        imported(office, a_sheet(tmp_path, {**FARM, header: "找13800138000"}))
