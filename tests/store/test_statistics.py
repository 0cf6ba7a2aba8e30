"""The daily sums are those of the cases, after any life, on both databases; and rebuild finds and mends where not."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from adapters import checking, queries, searching, statistics, tables
from adapters.paging import Order, count, page
from adapters.queries import Filter
from models.areas import area_of, area_or_unit, township_of
from models.counting import legal_day
from models.statistics import NOTHING, Against, Key, Period, Sums, moved, row_of
from models.vocabulary import Kind, Status
from tests.core.builders import a_world
from tests.store.desks import Office, a_busy_life, attack, dump


def sums(office: Office) -> dict[Key, Sums]:
    with office.database.reading() as connection:
        return statistics.kept(connection)


def by_hand(office: Office) -> dict[Key, Sums]:
    return moved([(None, row_of(case)) for case in queries.listed(office.database, Filter(kind=Kind.PETITION))])


@pytest.mark.parametrize("life", range(3))
def test_after_any_life_the_sums_are_those_of_the_cases(office: Office, seed: int, life: int) -> None:
    a_busy_life(office, random.Random(seed + life))
    assert sums(office) == by_hand(office)
    assert checking.rebuild(office.database, check=True).ok


def test_petitions_opened_again_joined_and_corrected_are_counted_where_they_stand(office: Office) -> None:
    closed, other = office.a_case(Status.CLOSED), office.a_case(Status.ASSIGNED, types=["恶臭"])
    office.moments.wait(days=3)
    office.act(closed, "dispatcher", "reopen")
    office.act(other, "dispatcher", "correct", place="柳溪乡上坪村", types=["噪声", "恶臭"])
    office.act(other, "clerk", "supplement", filings=[{"channel": "system", "number": each} for each in ("A1", "A2")])
    found = sums(office)
    assert found == by_hand(office)
    assert found[Key("", "", "")] == Sums(received=2, repeated=1, open=2)
    assert found[Key("", "area", "柳溪乡")].received == 1


def test_most_commands_write_no_sum(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED)
    said: list[str] = []
    driver_executes = statistics._ADD.write
    try:
        statistics._ADD.write = lambda *given: (said.append("added"), driver_executes(*given))[1]  # type: ignore[method-assign,func-returns-value]
        office.act(case, "clerk", "note")
        office.act(case, "handler", "record_findings")
        office.act(case, "dispatcher", "urge")
        assert said == []
        office.act(case, "clerk", "withdraw")
        assert said == ["added"]
    finally:
        del statistics._ADD.write


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM figures WHERE side = 'unit'",
        "DELETE FROM figures",
        "UPDATE figures SET received = received + 1 WHERE side = ''",
        "INSERT INTO figures VALUES ('2026-01-01', 'unit', 'spare', 1, 0, 0, 0, 1, 0, 0, 0)",
    ],
)
def test_sums_that_are_wrong_are_found_and_mended(office: Office, statement: str) -> None:
    for status in (Status.REGISTERED, Status.CLOSED):
        office.a_case(status, types=["恶臭"])
    before = sums(office)
    attack(office, statement)
    wrong = dump(office.database)
    found = checking.rebuild(office.database, check=True)
    assert {each.case for each in found.differences} == {"figures"}
    assert dump(office.database) == wrong, "checking writes nothing"
    assert not checking.rebuild(office.database).ok
    assert checking.rebuild(office.database, check=True).ok
    assert sums(office) == before


def test_figures_of_a_period_stand_beside_those_of_the_same_days_last_year(office: Office) -> None:
    office.a_case(Status.CLOSED)
    office.moments.wait(days=365)
    office.register()
    today = legal_day(office.moments.now())
    period = Period(today - timedelta(days=29), today)
    found = statistics.figures(office.database, period, period.against(Against.YEAR), office.moments.now())
    assert (found.this[""][""].received, found.was[""][""].received) == (1, 1)
    assert (found.was[""][""].closed, found.whole[""][""].open) == (1, 1)
    assert found.this["area"] == {"青石镇": Sums(received=1, open=1)}
    assert found.open_by_day == {today: 1}
    assert found.days == {today: found.this[""][""]}
    empty = Period(date(1999, 1, 1), date(1999, 1, 2))
    assert statistics.figures(office.database, empty, empty.before, office.moments.now()).this == {}


def test_what_is_overdue_is_counted_at_its_unit_channel_type_and_area(office: Office) -> None:
    case = office.case(office.a_case(Status.ASSIGNED, types=["恶臭", "噪声"]))
    office.register()
    assert case.due
    found = statistics.figures(office.database, *2 * (Period(date(2026, 1, 1), date(2026, 1, 2)),), now=case.due)
    assert found.overdue[""][""] == queries.figures(office.database, case.due).overdue
    assert found.overdue["type"]["恶臭"] == found.overdue["type"]["噪声"] == 1
    assert found.overdue["unit"]["qingshi"] == 1


def test_what_is_overdue_is_counted_at_each_of_more_types_than_the_index_holds(office: Office) -> None:
    many = [f"{place}号很长的问题类型" * 4 for place in range(12)]
    assert searching.types_text(tuple(many)) is None
    office.a_case(Status.ASSIGNED, types=[*many])
    office.a_case(Status.ASSIGNED, types=["恶臭", *many[:1]], place="柳溪乡")
    office.a_case(Status.ASSIGNED)
    office.moments.wait(days=400)
    today, now = Period(date(2026, 1, 1), date(2026, 1, 2)), office.moments.now()
    found = statistics.figures(office.database, today, today, now).overdue
    assert found["type"] == {**dict.fromkeys(many, 1), many[0]: 2, "恶臭": 1, "": 1}
    assert found[""][""] == 3
    assert found["area"] == {"青石镇": 2, "柳溪乡": 1}
    links = [("type", name, Filter(type=name)) for name in (many[0], many[1], "恶臭")]
    links += [("area", name, Filter(areas=(name,))) for name in ("青石镇", "柳溪乡")]
    for side, name, link in links:
        wanted = replace(link, kind=Kind.PETITION, overdue_at=now)
        assert count(office.database, wanted) == found[side][name], "each figure leads to its list"
        assert len(page(office.database, wanted, order=Order.DUE).cases) == found[side][name]
        assert count(office.database, replace(wanted, is_open=False)) == 0, "what is closed is not overdue"
    assert checking.rebuild(office.database, check=True).ok


def test_the_counts_at_a_moment_are_those_of_the_cases(office: Office, rng: random.Random) -> None:
    a_busy_life(office, rng)
    cases = list(queries.listed(office.database, Filter(kind=Kind.PETITION)))
    now = office.moments.now()
    found = queries.figures(office.database, now)
    assert found.received == len(cases)
    assert found.open == sum(each.is_open for each in cases)
    assert found.overdue == sum(each.is_open and each.due is not None and each.due <= now for each in cases)
    assert found.closed == sum(each.status in {Status.CLOSED, Status.SIGNED_OFF} for each in cases)
    for light in ("blue", "yellow", "red"):
        assert getattr(found, light) == sum(each.is_open and each.light == light for each in cases)


def test_open_cases_and_days_are_found_by_indexes_of_their_own(small_office: Office) -> None:
    asked: list[str] = []
    sa.event.listen(small_office.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    today = Period(date(2026, 1, 1), date(2026, 1, 2))
    queries.figures(small_office.database, small_office.moments.now())
    statistics.figures(small_office.database, today, today.before, small_office.moments.now())
    with small_office.database.reading() as connection:
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", ("",) * each.count("?")).all())
            for each in list(asked)
            if each.startswith("SELECT")
        ]
    told = "\n".join(plans)
    assert "cases_open" in told
    assert "figures_open" in told
    assert "SCAN cases " not in told
    assert "SCAN figures'" not in told


# ── areas ──


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("青石镇河口村3组", "青石镇"),
        ("浙江省溪口县青石镇", "浙江省溪口县青石镇"),
        ("城关街道中山路", "城关街道"),
        ("河口村东头", "河口村"),
        ("中山路12号", ""),
        ("", ""),
    ],
)
def test_an_area_is_what_a_place_says_of_its_township_or_village(place: str, area: str) -> None:
    assert area_of(place) == area


def test_a_township_is_found_by_its_name_its_grids_or_the_unit_in_charge() -> None:
    organisation = a_world().organisation
    assert organisation
    assert township_of(organisation, area_or_unit("溪口县青石镇河口村", "bureau")) == "qingshi"
    assert township_of(organisation, area_or_unit("中山路", "liuxi")) == "liuxi"
    assert township_of(organisation, area_or_unit("中山路", "bureau")) == ""
    assert township_of(organisation, area_or_unit("中山路", None)) == ""
    assert township_of(organisation, "无名镇") == ""
    assert township_of(None, "青石镇") == ""


@pytest.mark.parametrize("rarely", [searching.RARE, 0], ids=["few", "many"])
def test_cases_of_a_type_and_of_an_area_are_listed_by_the_index_whatever_is_written(
    office: Office, rarely: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "RARE", rarely)
    one = office.a_case(Status.ASSIGNED, types=["恶臭 异味", '引"号\\'])
    office.register(types=["恶臭"], place="中山路")

    def found(**wanted: object) -> set[str]:
        return {each.id for each in queries.listed(office.database, Filter(**wanted))}  # type: ignore[arg-type] # by name

    assert found(type="恶臭 异味") == found(type='引"号\\') == found(areas=("青石镇",)) == {one}
    assert found(type="恶臭_异味") == found(areas=()) == found(type="异味") == set()
    assert found(areas=("/",)) == found(type="恶臭") != set()
    with office.database.reading() as connection:
        plain = sa.select(tables.case_pieces.c.piece).where(tables.case_pieces.c.case_id == one)
        assert {"!青石镇", "#恶臭_异味", "#引_号_"} <= set(connection.execute(plain).scalars())
    assert Sums() == NOTHING
