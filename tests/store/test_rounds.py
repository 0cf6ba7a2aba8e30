"""Years and rounds from the ledger, on both databases: 256 received, 246 signed off, ten that go on by their days."""

from pathlib import Path

from adapters.rounds import rounds, rounds_view, write_rounds
from adapters.spreadsheets.plain import read_plain
from models.vocabulary import Status
from tests.store.desks import Office
from tests.store.test_old_ledgers import brought, the_256


def test_256_received_since_2017_are_246_signed_off_and_ten_that_go_on(office: Office, tmp_path: Path) -> None:
    path, _ = the_256(tmp_path)
    brought(office, path)
    world, now = office.desk.world(), office.moments.now()
    found = rounds(office.database, world, now)
    whole = found.whole
    assert (whole.received, whole.closed, whole.signed_off, whole.waiting, whole.open) == (256, 246, 246, 0, 10)
    assert [(each.name, each.received) for each in found.years] == [
        *((str(year), 36) for year in range(2017, 2023)), ("2023", 40),
    ]  # fmt: skip
    assert [each.name for each in found.campaigns][:2] == ["2017年中央环保督察", "2018年省级督察"]
    newest = found.years[-1]
    assert (newest.received, newest.signed_off, newest.open, newest.late) == (40, 30, 10, 2), (
        "two of January and February"
    )
    assert newest.due == whole.due == found.still[0].due
    assert [each.id for each in found.still] == [each["case"] for each in rounds_view(found)["continuing"]]  # type: ignore[attr-defined]
    out = tmp_path / "rounds.xlsx"
    write_rounds(out, world, found, now)
    sheets = {each.name: [[cell.text for cell in cells.values()] for _, cells in each.rows] for each in read_plain(out)}
    assert sheets["按年度"][-1][:7] == ["合计", "256", "246", "246", "0", "10", "2"]
    assert len(sheets["继续整改"]) == 11


def test_what_belongs_to_no_round_is_counted_in_its_year_and_what_ended_apart(small_office: Office) -> None:
    small_office.a_case(Status.DECLINED)
    small_office.a_case(Status.CLOSED, campaign="c")
    found = rounds(small_office.database, small_office.desk.world(), small_office.moments.now())
    assert [(each.name, each.received, each.ended, each.waiting) for each in found.years] == [("2026", 2, 1, 1)]
    assert [(each.name, each.received) for each in found.campaigns] == [("c", 1)]


def test_an_empty_ledger_has_no_years(small_office: Office) -> None:
    found = rounds(small_office.database, small_office.desk.world(), small_office.moments.now())
    assert (found.years, found.campaigns, found.whole.received, found.still) == ([], [], 0, [])
