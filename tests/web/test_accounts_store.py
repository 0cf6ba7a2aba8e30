"""Accounts, sessions, tokens and the access log, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from adapters import checking
from adapters.access import log
from adapters.access.accounts import (
    FAILURES,
    Accounts,
    AlreadySetUp,
    HasAccount,
    Locked,
    SamePassword,
    WeakPassword,
    WrongPassword,
)
from adapters.access.log import AccessLog, Deed
from adapters.access.sessions import IDLE, LONGEST, Sessions, csrf_of
from adapters.access.tokens import Scope, Tokens
from adapters.database import Database
from adapters.tables import access_log, accounts, sessions, tokens
from tests.web.conftest import PASSWORD, Hands

AGENT = "Mozilla/5.0"


@pytest.fixture
def database(ledger_url: str) -> Iterator[Database]:
    found = Database(ledger_url)
    yield found
    found.close()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def book(database: Database, hands: Hands) -> Accounts:
    return Accounts(database, hands.now, words=lambda _: ("青石镇",))


def everything(database: Database) -> str:
    """All that the tables hold, as one text."""
    with database.reading() as connection:
        rows = [connection.execute(sa.select(table)).all() for table in (accounts, sessions, tokens, access_log)]
    return repr(rows)


def test_the_first_account_is_made_once_also_by_two_at_the_same_time(book: Accounts) -> None:
    assert not book.exist()

    def make(person: str) -> bool:
        try:
            book.make_first(person, PASSWORD)
        except AlreadySetUp:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, ["admin", "root"])) == [False, True]
    assert book.exist()
    assert len(book.every()) == 1


def test_a_one_time_password_opens_once_it_must_be_changed_and_is_kept_nowhere(book: Accounts) -> None:
    once = book.make("clerk")
    assert book.check("clerk", once).must_change
    book.change("clerk", once, PASSWORD)
    assert not book.check("clerk", PASSWORD).must_change
    with pytest.raises(WrongPassword):
        book.check("clerk", once)
    assert once not in everything(book.database)
    assert PASSWORD not in everything(book.database)
    with pytest.raises(HasAccount):
        book.make("clerk")


@pytest.mark.parametrize(
    "bad",
    [
        *("short", "clerk", "a" * 40, "ab" * 20, "x" * 201, "nul\0 in the middle", "password123", "P@ssw0rd123456"),
        *(
            "1234567890",
            "qwertyuiop",
            "0987654321a",
            "1qaz2wsx3edc",
            "Banjie2026!",
            "xinfang12345",
            "clerk-clerk-clerk",
        ),
        *("青石镇青石镇青石镇1", "woaini1314", "密码密码密码密码密码", "admin123admin"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(book: Accounts, bad: str) -> None:
    once = book.make("clerk")
    with pytest.raises(WeakPassword):
        book.change("clerk", once, bad)
    assert book.check("clerk", once).must_change


@pytest.mark.parametrize("good", ["四月里下了三场小雨真好", "7392041865521", "correct horse battery", "qW9!x-clerk"])
def test_a_password_is_of_any_signs_as_long_as_something_of_its_own_is_left(book: Accounts, good: str) -> None:
    once = book.make("clerk")
    book.change("clerk", once, good)
    assert not book.check("clerk", good).must_change
    with pytest.raises(WrongPassword):
        book.check("clerk", f"{good} ")


def test_the_same_password_again_is_no_change(book: Accounts) -> None:
    once = book.make("clerk")
    with pytest.raises(SamePassword):
        book.change("clerk", once, once)


def test_failures_lock_ever_longer_even_the_right_password_and_a_success_forgets_them(
    book: Accounts, hands: Hands
) -> None:
    once = book.make("clerk")
    for _ in range(FAILURES):
        with pytest.raises(WrongPassword):
            book.check("clerk", "wrong")
    with pytest.raises(Locked) as first:
        book.check("clerk", once)
    assert first.value.details["minutes"] == "1"
    hands.wait(minutes=1)
    with pytest.raises(WrongPassword):
        book.check("clerk", "wrong")
    with pytest.raises(Locked) as second:
        book.check("clerk", once)
    assert second.value.details["minutes"] == "2"
    hands.wait(minutes=2)
    assert book.check("clerk", once).person == "clerk"
    found = book.of("clerk")
    assert found is not None
    assert (found.failed, found.locked_until) == (0, None)


def test_failures_at_the_same_time_are_all_counted(book: Accounts) -> None:
    book.make("clerk")

    def wrong(_: int) -> bool:
        try:
            book.check("clerk", "wrong")
        except (WrongPassword, Locked):
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(wrong, range(FAILURES)))
    found = book.of("clerk")
    assert found is not None
    assert found.failed == FAILURES


def test_nobody_and_a_closed_account_are_answered_like_a_wrong_password(book: Accounts) -> None:
    once = book.make("clerk")
    book.close("clerk")
    for name, password in (("clerk", once), ("nobody", once), ("", "")):
        with pytest.raises(WrongPassword):
            book.check(name, password)
    assert book.check("clerk", book.renew("clerk")).must_change


def test_a_session_ends_by_idleness_by_age_by_log_out_and_in_another_browser(database: Database, hands: Hands) -> None:
    book = Sessions(database, hands.now)
    token = book.begin("clerk", AGENT)
    found = book.find(token, AGENT)
    assert found is not None
    assert (found.person, found.csrf) == ("clerk", csrf_of(token))
    assert book.find(token, "another browser") is None
    assert book.find(token + "x", AGENT) is None
    assert token not in everything(database)

    hands.wait(seconds=IDLE.total_seconds())
    assert book.find(token, AGENT) is None

    busy = book.begin("clerk", AGENT)
    for _ in range(int(LONGEST / timedelta(minutes=30)) - 1):
        hands.wait(minutes=30)
        assert book.find(busy, AGENT)
    hands.wait(minutes=30)
    assert book.find(busy, AGENT) is None

    one, two = book.begin("clerk", AGENT), book.begin("clerk", AGENT)
    book.end_all("clerk", but=two)
    assert book.find(one, AGENT) is None
    assert book.find(two, AGENT)
    book.end(two)
    assert book.find(two, AGENT) is None


def test_a_token_acts_within_its_scopes_until_it_is_revoked_and_is_kept_nowhere(
    database: Database, hands: Hands
) -> None:
    book = Tokens(database, hands.now)
    token = book.make("clerk", "12345 热线", [Scope.INTAKE, Scope.READ], "admin")
    found = book.find(token)
    assert found is not None
    assert (found.person, found.scopes) == ("clerk", frozenset({Scope.INTAKE, Scope.READ}))
    assert token not in everything(database)
    assert book.find("bj_nonsense") is None
    assert book.find("nonsense") is None
    book.revoke(found.id)
    assert book.find(token) is None
    assert book.every()[0].revoked_at == hands.now()


def test_the_access_log_is_one_whole_chain_a_writer_and_a_changed_line_is_found(
    database: Database, hands: Hands
) -> None:
    one, two = AccessLog(database, hands.now), AccessLog(database, hands.now)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: one.tell("clerk", Deed.READ, granted=n % 2 == 0, about=f"XF{n}"), range(12)))
    hands.wait(seconds=1)
    two.tell("?", Deed.LOGIN, granted=False, why="line\nbreak \u202e mark")
    assert list(log.verify(database)) == []
    latest = log.latest(database, 5)
    assert len(latest) == 5
    assert (latest[0].who, latest[0].deed, latest[0].granted) == ("?", Deed.LOGIN, False)
    assert latest[0].why == "line break   mark"

    with pytest.raises(sa.exc.DBAPIError), database.writing() as connection:
        connection.execute(sa.update(access_log).values(body="{}"))
    with pytest.raises(sa.exc.DBAPIError), database.writing() as connection:
        connection.execute(sa.delete(access_log))

    with database.writing() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER access_log_no_update")
        else:
            connection.exec_driver_sql("DROP TRIGGER access_log_append_only ON access_log")
        third = sa.and_(access_log.c.writer == one.writer, access_log.c.seq == 3)
        body = connection.execute(sa.select(access_log.c.body).where(third)).scalar_one()
        connection.execute(sa.update(access_log).where(third).values(body=body.replace("clerk", "admin")))
    assert list(log.verify(database)) == [log.Broken(one.writer, 3)]
    (fault,) = checking.verify(database).faults
    assert (fault.case, fault.seq) == (f"access_log {one.writer}", 3)
