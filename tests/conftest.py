"""Fixtures for every test: real servers, fresh databases, printed seeds."""

import os
import random
import signal
import threading
import uuid
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.embedded import EmbeddedTemporal
from adapters.settings import Settings
from adapters.temporal import connect
from tests import schemas, servers

SEED: Final = int(os.environ.get("BANJIE_TEST_SEED", "20261123"))

# "ci" draws the same examples every time; "search" looks for new ones (HYPOTHESIS_PROFILE=search make test).
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, database=None)
hypothesis.settings.register_profile("search", deadline=None, print_blob=True, max_examples=2_000)
PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "ci")
hypothesis.settings.load_profile(PROFILE)

# A run started in the background by a script ignores Ctrl-C, and every program it starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> list[str]:
    """Say what a failure can be repeated with."""
    return [f"seeds: BANJIE_TEST_SEED={SEED} HYPOTHESIS_PROFILE={PROFILE}"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what did not run on this machine, also when everything else passed."""
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.section("NOT TESTED ON THIS MACHINE", red=True, bold=True)
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}", red=True, bold=True)


@pytest.fixture(autouse=True)
def _settings_of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings, the data or the cluster of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(("BANJIE_", "TEMPORAL_")) and name not in {
            "BANJIE_TEST_SEED",
            "BANJIE_CHAOS_ROUNDS",
        }:
            monkeypatch.delenv(name)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    # Several engines are up at once, each with its console.
    monkeypatch.setenv("BANJIE_WEB_PORT", "0")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config-home"))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A number that is this test's own and the same in every run; printed when the test fails."""
    number = zlib.crc32(request.node.nodeid.encode()) ^ SEED
    print(f"seed of this test: {number} (BANJIE_TEST_SEED={SEED})")
    return number


@pytest.fixture
def rng(seed: int) -> random.Random:
    """Randomness from `seed`."""
    return random.Random(seed)


@pytest.fixture(scope="session")
def dev_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTemporal]:
    """The real Temporal server, embedded, one for all tests of a worker. Who kills one starts their own."""
    with EmbeddedTemporal(tmp_path_factory.mktemp("temporal"), ui=False, restart=False) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of this test's own and the embedded Temporal (not started)."""
    return Settings.load(data=tmp_path / "data")


@pytest.fixture
async def temporal(dev_server: EmbeddedTemporal) -> Client:
    """A client of `dev_server` with the plugin of production."""
    return await connect(Settings.load(data=dev_server.data), None)


@pytest.fixture
def task_queue() -> str:
    """A task queue that no other test polls."""
    return f"test-{uuid.uuid4()}"


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping Temporal of this test's own, with our plugin and search attributes."""
    if servers.CANNOT_SKIP_TIME:
        pytest.skip(servers.NO_SKIPPING)
    async with servers.time_skipping() as environment:
        yield environment


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Postgres]:
    """A real PostgreSQL; one for all tests of a worker."""
    with servers.Postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: servers.Postgres) -> str:
    """SQLAlchemy's address of the server's maintenance database."""
    return postgres.url()


@pytest.fixture
def fresh_postgres(postgres: servers.Postgres) -> Iterator[str]:
    """SQLAlchemy's address of an empty database that is gone after the test."""
    name = postgres.fresh()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A ledger that has its schema and nothing in it, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ledger.db'}"
        schemas.lay(url)
        yield url
        return
    server: servers.Postgres = request.getfixturevalue("postgres")
    name = schemas.fresh(server)
    yield server.url(name)
    server.drop(name)
