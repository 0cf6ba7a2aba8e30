"""Every version's ledger comes up to date: nothing of it is altered, it verifies, and work goes on in it."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from adapters import tables
from adapters.checking import rebuild, verify
from adapters.database import Database
from adapters.desk import Desk
from adapters.door import Door
from adapters.sealed import sealer_of
from adapters.settings import Settings
from models.vocabulary import Status
from tests.store import released
from tests.store.desks import Office, StandingMoments

TRUTH = ("events", "envelopes", "access_log")


def rows(database: Database, name: str) -> list[tuple[object, ...]]:
    """A table's rows by the columns that the kept ledger has, as they lie there."""
    with database.reading() as connection:
        return sorted(tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}"))


@pytest.fixture(params=released.revisions())
def revision(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_each_kept_ledger_is_kept_for_both_databases() -> None:
    names = {path.name for path in released.FOLDER.iterdir()}
    assert names == {f"{each}.{kind}.sql" for each in released.revisions() for kind in ("sqlite", "postgresql")}
    assert "0017" in released.revisions(), "the first of them stays"


def test_a_released_ledger_comes_up_to_date_whole_and_work_goes_on(
    revision: str, database_url: str, tmp_path: Path
) -> None:
    released.restore(revision, database_url)
    settings = Settings.load(data=tmp_path / "data", database_url=database_url)
    settings.data.mkdir()
    with closing(Database(database_url)) as database:
        before = {name: rows(database, name) for name in TRUTH}
        database.migrate()
        for name in TRUTH:
            after = rows(database, name)
            assert [row[: len(old)] for row, old in zip(after, before[name], strict=True)] == before[name]
        with database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, tables.metadata) == []
        assert verify(database).ok
        assert verify(database).events == len(before["events"]) > 20
        assert rebuild(database, check=True).differences == []
        # The triggers have come along, and go on keeping what was written.
        with pytest.raises(sa.exc.DBAPIError, match="append only"), database.writing() as connection:
            connection.execute(sa.delete(tables.events))
        clock = StandingMoments()
        office = Office(Desk(settings, database, Door(database, clock), sealer_of(settings, database), clock))
        clock.at = max(each.registered_at for each in [office.case(released.OPEN)] if each.registered_at)
        clock.wait(days=1)
        assert office.case(released.OPEN).status is Status.ASSIGNED
        again = replace(office, _ids=iter(range(90_000, 91_000)))
        again.act(released.OPEN, "clerk", "note", text="已联系")
        again.act(released.OPEN, again.case(released.OPEN).handler or "", "record_findings")
        assert again.case(released.OPEN).status is Status.VERIFIED
        assert again.register() not in {str(row[0]) for row in before["events"]}
        assert verify(database).ok
        assert rebuild(database, check=True).differences == []
