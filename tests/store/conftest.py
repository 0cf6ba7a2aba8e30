"""Fixtures of the store's tests: an office on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.desks import Office, an_office


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A desk with people in office and a clock that stands, once on SQLite and once on PostgreSQL."""
    with an_office(tmp_path / "desk", database_url) as found:
        yield found


@pytest.fixture
def small_office(tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite alone, where the database makes no difference."""
    with an_office(tmp_path / "desk") as found:
        yield found
