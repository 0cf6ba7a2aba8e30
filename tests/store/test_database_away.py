"""The database goes away: commands wait or fail clearly, nothing is half-written, and it goes on by itself."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from adapters import checking, queries
from adapters.database import Database, DatabaseAwayError
from adapters.desk import open_desk
from adapters.settings import Settings
from models.envelope import Receipt
from models.vocabulary import Status
from tests.servers import Postgres
from tests.store.desks import Office, an_envelope, an_office, another_door, dump, registering
from tests.store.other_process import Other


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL of this file's own, to be stopped and killed."""
    with Postgres(tmp_path_factory.mktemp("postgres-away")) as server:
        yield server


def sound(office: Office) -> None:
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


class Clerks:
    """Four clerks at four cases, each writing one note after the other; whoever fails sends the same envelope again."""

    def __init__(self, office: Office, notes: int) -> None:
        self.office, self.notes = office, notes
        self.cases = [office.register() for _ in range(4)]
        self.acknowledged: list[tuple[str, int, str]] = []
        self.failures: list[DatabaseAwayError] = []
        self.longest = 0.0
        self._pool = ThreadPoolExecutor(4)
        self._work = [self._pool.submit(self._write, case) for case in self.cases]

    def written(self, count: int) -> None:
        """Wait until so many notes are acknowledged."""
        while len(self.acknowledged) < count:
            assert not [work for work in self._work if work.done() and work.exception()]
            time.sleep(0.005)

    def failed(self, count: int) -> None:
        """Wait until so many commands were answered with a failure."""
        while len(self.failures) < count:
            time.sleep(0.01)

    def finish(self) -> None:
        for work in self._work:
            work.result()
        self._pool.shutdown()
        for case in self.cases:
            history = queries.history(self.office.database, case)
            wanted = [f"{case}/{number}" for number in range(self.notes)]
            assert [recorded.envelope for recorded in history[1:]] == wanted  # each once, and in order
        noted = {(recorded.case, recorded.seq, recorded.envelope) for case in self.cases
                 for recorded in queries.history(self.office.database, case)[1:]}  # fmt: skip
        assert set(self.acknowledged) == noted
        assert self.office.outbox() == dict.fromkeys(self.cases, self.notes + 1)
        sound(self.office)

    def _write(self, case: str) -> None:
        for number in range(self.notes):
            envelope = an_envelope("note", id=f"{case}/{number}", case=case, text=f"第{number}条")
            while True:
                began = time.monotonic()
                try:
                    (receipt,) = self.office.door.perform([envelope])
                except DatabaseAwayError as fault:
                    self.failures.append(fault)
                    continue
                finally:
                    self.longest = max(self.longest, time.monotonic() - began)
                self.acknowledged.append((receipt.case, receipt.seq, receipt.envelope))
                break


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_commands_wait_for_a_server_that_comes_back_in_time(own_postgres: Postgres, end: str, tmp_path: Path) -> None:
    with an_office(tmp_path, own_postgres.url(own_postgres.fresh()), patience=30) as office:
        clerks = Clerks(office, 60)
        clerks.written(20)
        getattr(own_postgres, end)()
        own_postgres.start()
        clerks.finish()
        assert clerks.failures == []


def test_commands_fail_clearly_when_it_stays_away_and_their_repeat_is_right_whatever_became_of_them(
    own_postgres: Postgres, tmp_path: Path
) -> None:
    with an_office(tmp_path, own_postgres.url(own_postgres.fresh()), patience=0.6) as office:
        clerks = Clerks(office, 60)
        clerks.written(20)
        own_postgres.kill()
        clerks.failed(8)
        own_postgres.start()
        clerks.finish()
        for fault in clerks.failures:
            assert "数据库暂时无法访问" in fault.zh
            assert "does not answer" in fault.en
            assert "note" not in fault.zh  # the statement and its values stay out of it
        # One wait of one's own behind the wait of who came before; never one for each in the line.
        assert clerks.longest < 10


def test_whoever_waits_together_fails_together(tmp_path: Path, postgres: Postgres) -> None:
    """Had each of them to wait out its own patience one after the other, the last would wait for minutes."""
    name = postgres.fresh()
    with an_office(tmp_path, postgres.url(name), patience=0.5) as office, ThreadPoolExecutor(24) as pool:
        postgres.drop(name)
        began = time.monotonic()
        with office.door._turn:
            calls = [pool.submit(office.door.perform, [registering(f"r{number}")]) for number in range(24)]
            while len(office.door._waiting) < 24:
                time.sleep(0.001)
        assert all(isinstance(call.exception(), DatabaseAwayError) for call in calls)
        assert time.monotonic() - began < 24 * 0.5


def test_connections_that_died_in_their_sleep_do_not_use_up_anybodys_patience(
    own_postgres: Postgres, tmp_path: Path
) -> None:
    with an_office(tmp_path, own_postgres.url(own_postgres.fresh()), patience=3) as office:
        open_at_once = [office.database.reading() for _ in range(12)]
        for each in open_at_once:
            each.__enter__()
        for each in open_at_once:
            each.__exit__(None, None, None)
        own_postgres.stop()
        own_postgres.start()
        assert office.register() == "XF2026000001"
        assert office.case("XF2026000001").seq == 1


def test_reading_says_as_clearly_that_the_database_is_away(tmp_path: Path, postgres: Postgres) -> None:
    name = postgres.fresh()
    with an_office(tmp_path, postgres.url(name), patience=0.1) as office:
        case = office.register()
        postgres.drop(name)
        for reading in (lambda: office.case(case), office.outbox, lambda: checking.verify(office.database)):
            with pytest.raises(DatabaseAwayError):
                reading()


# ── nobody knows what became of it ──


def committing(office: Office, monkeypatch: pytest.MonkeyPatch, *, really: bool, times: int) -> None:
    """Let the connection be lost while it commits, before or after the server did."""
    dialect = office.database.engine.dialect
    commit: Callable[[Any], None] = dialect.do_commit
    left = iter(range(times))

    def lost(connection: object) -> None:
        if next(left, None) is None:
            commit(connection)
            return
        if really:
            commit(connection)
        raise dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(dialect, "do_commit", lost)


@pytest.mark.parametrize("really", [True, False])
def test_a_commit_without_an_answer_is_cleared_up_by_the_next_try(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, really: bool
) -> None:
    case = office.register()
    committing(office, monkeypatch, really=really, times=2)
    receipt = office.act(case, "clerk", "accept")
    assert (receipt.seq, receipt.event) == (2, "accepted")
    assert office.names(case) == ["registered", "accepted"]
    sound(office)


@pytest.mark.parametrize("really", [True, False])
def test_a_command_that_failed_may_be_sent_again_whether_it_was_carried_out_or_not(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, really: bool
) -> None:
    case = office.register()
    accepting = office.asking(case, "clerk", "accept")
    committing(office, monkeypatch, really=really, times=1)
    monkeypatch.setattr(office.database, "patience", 0.0)
    with pytest.raises(DatabaseAwayError, match="closed the connection"):
        office.door.perform([accepting])
    assert office.case(case).seq == (2 if really else 1)
    (receipt,) = office.door.perform([accepting])
    assert (receipt.seq, receipt.repeated) == (2, really)
    assert office.names(case) == ["registered", "accepted"]
    sound(office)


# ── busy, full, read-only, not there ──


def test_who_finds_the_ledger_locked_waits_and_says_so_when_it_takes_too_long(office: Office) -> None:
    case, other = office.register(), office.register()
    url = office.desk.settings.database_url
    row = "SELECT * FROM cases WHERE id = '{case}'" + ("" if office.database.is_sqlite else " FOR UPDATE")
    with another_door(office, patience=0.4) as hasty, Other("hold", url=url, sql=row.format(case=case)) as holder:
        before = dump(office.database)
        noting = office.asking(case, "clerk", "note")
        with pytest.raises(DatabaseAwayError, match=r"lock(ed| timeout)"):
            hasty.door.perform([noting])
        assert dump(office.database) == before
        if not office.database.is_sqlite:
            assert hasty.act(other, "clerk", "note").seq == 2  # another case is another matter
        with ThreadPoolExecutor(1) as pool:
            patient = pool.submit(office.door.perform, [noting])
            threading.Event().wait(0.3)
            assert not patient.done()
            holder.go()
            assert patient.result()[0].seq == 2
        holder.answers()
    sound(office)


def test_only_what_is_done_again_anyway_does_not_wait_for_the_disk(office: Office) -> None:
    """Neither its success, nor its failure, nor closing lets a connection that does not wait be used for the rest."""
    database = office.database
    asks, waits, not_ = ("PRAGMA synchronous", 2, 1) if database.is_sqlite else ("SHOW synchronous_commit", "on", "off")

    def how(*, lasting: bool, fails: bool = False) -> object:
        with suppress(ZeroDivisionError), database.writing(lasting=lasting) as connection:
            told = connection.exec_driver_sql(asks).scalar()
            if fails:
                raise ZeroDivisionError
        return told

    for fails in (False, True):
        assert how(lasting=False, fails=fails) == not_
        assert [how(lasting=True), how(lasting=True)] == [waits, waits]
    assert how(lasting=False) == not_
    database.close()
    with ExitStack() as opened:
        several = [opened.enter_context(database.engine.connect()) for _ in range(5)]
        assert {each.exec_driver_sql(asks).scalar() for each in several} == {waits}


def test_a_full_disk_is_said_and_loses_nothing(small_office: Office) -> None:
    with another_door(small_office, patience=0.05) as full:

        def limit(connection: object, _: object) -> None:
            connection.execute("PRAGMA max_page_count = 120")  # type: ignore[attr-defined]

        sa.event.listen(full.database.engine, "connect", limit)
        full.database.engine.dispose()
        acknowledged: list[Receipt] = []

        def fill() -> None:
            while True:
                acknowledged.extend(full.door.perform([registering(f"f{len(acknowledged)}", summary="很长" * 1500)]))

        with pytest.raises(DatabaseAwayError, match="full"):
            fill()
        assert len(acknowledged) > 3
        with pytest.raises(DatabaseAwayError, match="full"):
            full.door.perform([registering("still", summary="很长" * 1500)])
    found = [each.id for each in queries.listed(small_office.database, queries.Filter())]
    assert found == [receipt.case for receipt in acknowledged]
    sound(small_office)
    assert small_office.register() == f"XF2026{len(acknowledged) + 1:06d}"


def test_a_ledger_that_may_only_be_read_is_read_and_says_so(small_office: Office) -> None:
    case = small_office.a_case(Status.ASSIGNED)
    path = small_office.database.engine.url.database
    readable = Database(f"sqlite:///file:{path}?mode=ro&uri=true", patience=0.05)
    door = type(small_office.door)(readable, small_office.moments)
    noting = small_office.asking(case, "clerk", "note")
    with pytest.raises(DatabaseAwayError, match="readonly"):
        door.perform([noting])
    assert queries.case(readable, case).seq == 3
    assert checking.verify(readable).faults == []
    readable.close()
    assert small_office.door.perform([noting])[0].seq == 4


@pytest.mark.parametrize("address", ["127.0.0.1:1/x", "/x?host=/nowhere", "nobody.invalid/x"])
def test_a_server_that_is_not_there_is_said_in_words_and_soon(address: str, tmp_path: Path) -> None:
    at = "" if address.startswith("/") else "postgres@"
    settings = Settings.load(data=tmp_path, database_url=f"postgresql://{at}{address}")
    began = time.monotonic()
    with pytest.raises(DatabaseAwayError) as fault:
        open_desk(settings, patience=0.3)
    assert time.monotonic() - began < 15
    assert "数据库暂时无法访问" in fault.value.zh
    assert not (tmp_path / "keys").exists()


def test_a_server_whose_machine_is_gone_without_a_word_is_noticed(postgres_url: str) -> None:
    """Without this a lost machine is noticed in hours, and the door's turn is held all that time."""
    database = Database(f"{postgres_url}&keepalives_idle=77", patience=4)
    with database.writing() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        wanted = {"connect_timeout": "4", "keepalives_idle": "77", "keepalives_count": "2", "tcp_user_timeout": "12000"}
        assert wanted.items() <= driver.info.get_parameters().items()
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "4s"
    database.close()


def test_who_reads_sees_one_moment_whatever_is_written_meanwhile(office: Office) -> None:
    case = office.register()
    count = sa.text("SELECT count(*) FROM events")
    with office.database.reading() as connection:
        before = connection.execute(count).scalar_one()
        with another_door(office) as other:
            other.act(case, "clerk", "note")
        assert connection.execute(count).scalar_one() == before
    with office.database.reading() as connection:
        assert connection.execute(count).scalar_one() == before + 1
