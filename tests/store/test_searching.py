"""Cases are found by words of two characters and by parts of numbers, on every database, through the index."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from adapters import searching, tables
from adapters.database import MIGRATIONS, Database
from adapters.paging import COUNTED, Order, count, page
from adapters.queries import Filter, figures
from models.vocabulary import Status
from tests.store.desks import Office

WAYS_TO_LOOK = {
    "from the rarest piece": (searching.RARE, searching.FEW),
    "from the few that have all pieces": (0, searching.FEW),
    "through the list": (0, 0),
}


@pytest.fixture(params=WAYS_TO_LOOK)
def rare(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in zip(("RARE", "FEW"), WAYS_TO_LOOK[request.param], strict=True):
        monkeypatch.setattr(searching, name, value)
    return str(request.param)


def found(office: Office, words: str) -> set[str]:
    return {each.id for each in page(office.database, Filter(words=words)).cases}


def test_a_case_is_found_by_what_stands_in_it_and_by_nothing_else(office: Office, rare: str) -> None:
    odour = office.register(place="青石镇河口村", summary="养殖场夜间臭味扰民", respondent="兴旺养殖场ABC")
    water = office.register(place="柳溪乡", summary="河水发黑，味道臭")
    for words in ("臭味", "河口", "夜间臭味扰", "青石镇 臭味", "臭", "兴旺", "abc", odour, odour[-4:], odour.lower()):
        assert odour in found(office, words), words
    assert found(office, "臭味") == {odour}
    assert found(office, "味臭") == set()
    assert found(office, "河口 发黑") == set(), "every word has to stand there"
    assert found(office, "臭") == {odour, water}
    assert found(office, "，") == {water}, "what has no piece is read for"
    assert found(office, "registered") == set(), "nothing but what people write"


def test_what_a_case_is_found_by_follows_its_words(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED, summary="夜间噪声")
    assert found(office, "噪声") == {case}
    office.act(case, "clerk", "correct", summary="白天扬尘")
    assert found(office, "噪声") == set()
    assert found(office, "扬尘") == {case}


def test_the_index_holds_the_pieces_of_what_people_may_read_and_no_others(office: Office) -> None:
    case = office.case(office.register())
    query = sa.select(tables.case_pieces.c.piece).where(tables.case_pieces.c.case_id == case.id)
    with office.database.reading() as connection:
        pieces = set(connection.execute(query).scalars())
    assert pieces == set(searching.pieces_of(case).split())
    assert {piece for piece in pieces if piece[0] in "!#"} == {"!青石镇"}, "tags: its area, its types"
    assert {piece for piece in pieces if not piece.isascii() and piece[0] not in "!#"} <= {
        text[at : at + length]
        for text in (case.place, case.summary, case.respondent)
        for length in (1, 2)
        for at in range(len(text))
    }


def test_cases_are_counted_no_farther_than_is_worth_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        office.register()
    assert count(office.database, Filter()) == 4
    monkeypatch.setattr("adapters.paging.COUNTED", 2)
    assert count(office.database, Filter()) == 3
    assert COUNTED >= 1000


def test_what_has_words_is_counted_exactly_however_it_is_looked_for(office: Office, rare: str) -> None:
    for number in range(6):
        office.register(
            place="青石镇河口村" if number % 2 else "柳溪乡", summary="养殖场臭味、噪声" if number < 4 else "噪声"
        )
    for words, cases in {"噪声": 6, "臭味 噪声": 4, "青石镇 噪声": 3, "青石镇 臭味 噪声": 2, "青石镇 扬尘": 0}.items():
        assert count(office.database, Filter(words=words)) == cases == len(found(office, words)), words
    assert count(office.database, Filter(words="噪声", is_open=False)) == 0, "some that have the words are no answer"


def test_a_list_with_words_is_in_order_and_in_pages_however_it_is_looked_for(office: Office, rare: str) -> None:
    cases = []
    for _ in range(5):
        cases.append(office.register())
        office.moments.wait(hours=1)
    first = page(office.database, Filter(words="青石镇 臭味"), limit=3)
    rest = page(office.database, Filter(words="青石镇 臭味"), limit=3, after=first.following)
    assert [each.id for each in (*first.cases, *rest.cases)] == cases[::-1]


@pytest.mark.parametrize("rarely", [searching.RARE, 0], ids=["few", "many"])
def test_whose_a_case_is_is_a_column(office: Office, rarely: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "RARE", rarely)
    case, done = office.a_case(Status.ASSIGNED), office.a_case(Status.CLOSED)
    hand, leader = office.case(case).handler, office.case(case).leader
    assert hand
    for each in (hand, leader):
        for is_open, cases in ((True, {case}), (False, {done}), (None, {case, done})):
            wanted = Filter(hand=each, is_open=is_open)
            assert {found.id for found in page(office.database, wanted, order=Order.DUE).cases} == cases
            assert count(office.database, wanted) == len(cases)
    assert page(office.database, Filter(hand="nobody")).cases == []


def test_cases_from_before_the_index_are_found_once_the_schema_came(small_office: Office, database_url: str) -> None:
    case = small_office.a_case(Status.ASSIGNED)
    later = {"handler", "leader", "pieces", "awaits", "area", "types"}
    columns = [column for column in tables.cases.columns if column.name not in later]
    with small_office.database.reading() as connection:
        row = connection.execute(sa.select(*columns).where(tables.cases.c.id == case)).mappings().one()
    older = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with older.writing() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        before = sa.table("cases", *(sa.column(each.name, each.type) for each in columns))
        connection.execute(sa.insert(before), [dict(row)])
    older.migrate()
    hand = small_office.case(case).handler
    assert [each.id for each in page(older, Filter(words="臭味", hand=hand)).cases] == [case]
    assert [each.id for each in page(older, Filter(areas=("青石镇",))).cases] == [case]
    assert figures(older, small_office.moments.now()).open == 1, "its figures came with the schema too"
    older.close()
