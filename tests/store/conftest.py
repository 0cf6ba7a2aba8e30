"""Fixtures of the store's tests: an office on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import schemas
from tests.servers import Postgres
from tests.store.desks import Office, an_office


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Iterator[Office]:
    """A desk with people in office and a clock that stands, once on SQLite and once on PostgreSQL."""
    with an_office(tmp_path / "desk", ledger_url) as found:
        yield found


@pytest.fixture
def small_office(tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite alone, where the database makes no difference."""
    with an_office(tmp_path / "desk") as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office whose ledger and keystore are two databases, both SQLite or both PostgreSQL."""
    if request.param == "sqlite":
        with an_office(tmp_path / "desk") as found:
            yield found
        return
    server: Postgres = request.getfixturevalue("postgres")
    ledger, keys = schemas.fresh(server), server.fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANJIE_KEYS_URL", server.url(keys))
        with an_office(tmp_path / "desk", server.url(ledger)) as found:
            yield found
    for name in (ledger, keys):
        server.drop(name)
