"""The bell between the processes of one machine: who queues something rings it, and one who listens hears it."""

import select
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.bell import hung, ringing
from adapters.database import Database

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the bell is a socket of Linux alone: NOT RUN elsewhere, where the relay glances"
)
RING = """
import sys
from adapters.bell import ringing
from adapters.database import Database
ringing(Database(sys.argv[1]))()
"""


def is_rung(bell: socket.socket, seconds: float) -> bool:
    return bool(select.select([bell], [], [], seconds)[0])


def test_another_process_is_heard_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with hung(Database("sqlite:///ledger.db")) as bell:
        assert bell
        assert not is_rung(bell, 0)
        url, root = f"sqlite:///{tmp_path / 'ledger.db'}", Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", RING, url], check=True, cwd=root)
        assert is_rung(bell, 10)


def test_one_hears_it_and_another_takes_over_when_that_one_is_gone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    with hung(database) as bell:
        assert bell
        with hung(database) as second:
            assert second is None
    with hung(database) as bell:
        assert bell


def test_ringing_waits_for_nobody_whether_it_is_heard_or_not(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    ring = ringing(database)
    assert ring
    ring()
    with hung(database) as bell:
        assert bell
        for _ in range(1000):  # more than anybody keeps who does not listen
            ring()
        assert is_rung(bell, 0)


def test_another_ledgers_bell_is_not_heard(tmp_path: Path) -> None:
    ring = ringing(Database(f"sqlite:///{tmp_path / 'other.db'}"))
    assert ring
    with hung(Database(f"sqlite:///{tmp_path / 'ledger.db'}")) as bell:
        assert bell
        ring()
        assert not is_rung(bell, 0)


def test_postgresql_has_its_own() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert ringing(database) is None
    with hung(database) as bell:
        assert bell is None
