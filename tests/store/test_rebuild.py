"""The read model is nothing but the fold of the events: rebuild says where it is not, and mends it."""

import random
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa

from adapters import checking, tables
from adapters.checking import Difference
from models.envelope import Receipt
from models.vocabulary import Status
from tests.store.desks import Office, a_busy_life, another_door, attack, dump

SEEDS = range(4)


def differences(office: Office, *, check: bool = True) -> list[tuple[str, str]]:
    found = checking.rebuild(office.database, check=check).differences
    # Of a case's state it tells which of its fields differ.
    return list(dict.fromkeys((each.case, each.field.partition(".")[0]) for each in found))


@pytest.mark.parametrize("seed_of_life", SEEDS)
def test_after_any_life_the_read_model_is_the_fold_of_the_events(office: Office, seed: int, seed_of_life: int) -> None:
    cases = a_busy_life(office, random.Random(seed + seed_of_life))
    before = dump(office.database)
    told: list[tuple[int, int]] = []
    report = checking.rebuild(office.database, check=True, progress=lambda done, total: told.append((done, total)))
    assert report.differences == []
    assert report.cases == len(cases) + 1
    assert told == [(report.cases, report.cases)]
    assert checking.rebuild(office.database).ok
    assert dump(office.database) == before


@pytest.mark.parametrize("column", [column.name for column in tables.cases.columns if column.name != "id"])
def test_a_difference_in_any_column_of_a_case_is_found_and_mended(office: Office, column: str) -> None:
    case = office.a_case(Status.RECTIFYING)
    office.a_case(Status.ASSIGNED)
    before = dump(office.database)
    kind = tables.cases.c[column].type
    change = {
        sa.Integer: f"{column} = {column} + 1",
        sa.Boolean: f"{column} = NOT {column}",
        tables.Instant: f"{column} = '2001-01-01T00:00:00.000000Z'",
        sa.Text: f"{column} = replace({column}, 'rectifying', 'closed')" if column == "state" else f"{column} = 'x'",
    }.get(type(kind), f"{column} = 'x'")
    assert attack(office, f"UPDATE cases SET {change} WHERE id = ?", case) == 1
    assert differences(office) == [(case, column)]
    changed = dump(office.database)
    assert changed != before
    assert differences(office) == [(case, column)]
    assert dump(office.database) == changed  # checking writes nothing
    assert differences(office, check=False) == [(case, column)]
    assert differences(office) == []
    assert dump(office.database) == before


INJECTED = {
    "a case without its row": ("DELETE FROM cases WHERE id = ?", "*", True),
    "a row of another name": ("UPDATE cases SET id = 'XF1' WHERE id = ?", "*", True),
    "a filing lost": ("DELETE FROM filings WHERE case_id = ? AND number = 'A1'", "filings", True),
    "a filing altered": ("UPDATE filings SET number = 'A9' WHERE case_id = ? AND number = 'A1'", "filings", True),
    "a filing of another channel": ("UPDATE filings SET channel = 'phone' WHERE case_id = ?", "filings", True),
    "a filing too many": ("INSERT INTO filings VALUES ('system', 'B1', ?)", "filings", True),
    "a piece lost": ("DELETE FROM case_pieces WHERE case_id = ? AND piece = '臭味'", "case_pieces", True),
    "a filing of no case": ("INSERT INTO filings VALUES ('system', 'B1', 'XF1')", "filings", False),
}


@pytest.mark.parametrize("what", INJECTED)
def test_rows_too_few_and_too_many_are_found_and_mended(office: Office, what: str) -> None:
    case = office.a_case(Status.ASSIGNED, filings=[{"channel": "system", "number": n} for n in ("A1", "A2*")])
    office.a_case(Status.ASSIGNED, filings=[{"channel": "system", "number": "A1"}])
    before = dump(office.database)
    statement, field, asks = INJECTED[what]
    assert attack(office, statement, *[case] * asks) > 0
    wanted = {"a row of another name": [(case, "*"), ("XF1", "*")], "a filing of no case": [("XF1", field)]}
    assert differences(office) == wanted.get(what, [(case, field)])
    assert not checking.rebuild(office.database).ok
    assert differences(office) == []
    assert dump(office.database) == before


def test_a_difference_is_told_with_what_was_and_what_should_be(small_office: Office) -> None:
    case = small_office.a_case(Status.ASSIGNED)
    attack(small_office, "UPDATE cases SET status = 'closed' WHERE id = ?", case)
    report = checking.rebuild(small_office.database, check=True)
    assert report.differences == [Difference(case, "status", "closed", "assigned")]


def test_events_that_cannot_be_folded_are_named_and_the_rest_is_mended(office: Office) -> None:
    one, two, three = (office.a_case(Status.ASSIGNED) for _ in range(3))
    attack(office, "UPDATE events SET body = '{}' WHERE case_id = ? AND seq = 2", one)
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq = 2", two)
    attack(office, "UPDATE cases SET light = 'red' WHERE id = ?", three)
    wanted = [(one, "events"), (two, "events"), (three, "light")]
    assert differences(office, check=False) == wanted
    assert differences(office) == wanted[:2]


def test_a_read_model_lost_whole_is_made_anew(office: Office, rng: random.Random) -> None:
    a_busy_life(office, rng, 6)
    before = dump(office.database)
    attack(office, "DELETE FROM cases")
    attack(office, "DELETE FROM filings")
    attack(office, "DELETE FROM numbers")
    checking.rebuild(office.database)
    assert {**dump(office.database), "numbers": before["numbers"]} == before
    # The numbers of the year are found again by what is there.
    assert office.register() == f"XF2026{6 + 1:06d}"


def test_a_command_that_comes_while_a_case_is_mended_is_not_lost(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED)
    attack(office, "UPDATE cases SET light = 'red' WHERE id = ?", case)
    coming: list[Future[Receipt]] = []
    with another_door(office) as other, ThreadPoolExecutor(1) as pool:
        noting = other.asking(case, "clerk", "note")

        def come(_: object, __: object, statement: str, *___: object) -> None:
            if statement.startswith("DELETE FROM filings") and not coming:
                coming.append(pool.submit(lambda: other.door.perform([noting])[0]))
                wait(coming, 0.3)  # time enough for whoever does not have to wait

        sa.event.listen(office.database.engine, "before_cursor_execute", come)
        assert not checking.rebuild(office.database).ok
        sa.event.remove(office.database.engine, "before_cursor_execute", come)
        assert coming[0].result().seq == 4
    assert differences(office) == []
    assert office.act(case, "clerk", "note").seq == 5
