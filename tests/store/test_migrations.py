"""The schema comes by itself, once, and a database that is newer or none at all is refused in words."""

from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import JsonValue

from adapters import statistics, tables
from adapters.database import MIGRATIONS, Database, SchemaError
from adapters.desk import open_desk
from adapters.migrations import NEWEST
from adapters.settings import Settings
from models.statistics import Period
from models.vocabulary import Status
from tests.store.desks import Office, dump
from tests.store.other_process import Other


def test_the_migrations_make_what_the_tables_say(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
    database.close()


def test_the_newest_revision_is_the_one_the_program_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


def test_two_processes_that_migrate_at_once_both_find_it_done(database_url: str) -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(Other("migrate", url=database_url)) for _ in range(2)]
        for other in others:
            other.go()
        assert [other.answers() for other in others] == [[{"migrated": True}]] * 2
    database = Database(database_url)
    assert set(dump(database)) == set(tables.metadata.tables)
    database.close()


def test_migrating_again_changes_nothing(office: Office) -> None:
    before = dump(office.database)
    office.database.migrate()
    assert dump(office.database) == before


def test_a_database_of_a_newer_version_is_refused_and_left_alone(office: Office) -> None:
    office.register()
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = dump(office.database)
    with pytest.raises(SchemaError) as refusal:
        office.database.migrate()
    assert "9999" in refusal.value.zh
    assert "please upgrade" in refusal.value.en
    assert dump(office.database) == before


@pytest.mark.parametrize("content", ["这不是数据库。" * 500, "SQLite format 3\0" + "?" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "banjie.db"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError) as refusal:
        open_desk(Settings.load(data=tmp_path), patience=0.1)
    assert "数据库" in refusal.value.zh
    assert file.read_text(encoding="utf-8") == content


def test_a_first_migration_that_breaks_off_leaves_nothing_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(database_url)

    def crash(_: sa.Connection) -> None:
        raise RuntimeError("power")

    sa.event.listen(database.engine, "commit", crash)
    with pytest.raises(RuntimeError):
        database.migrate()
    with database.reading() as connection:
        assert sa.inspect(connection).get_table_names() == []
    sa.event.remove(database.engine, "commit", crash)
    database.migrate()
    assert dump(database)["events"] == []
    database.close()


def test_a_ledger_of_before_gets_areas_and_types_of_all_its_cases(small_office: Office, database_url: str) -> None:
    many = [f"{place}号很长的问题类型" * 4 for place in range(12)]
    cases: list[tuple[Status, list[JsonValue], str]] = [
        (Status.ASSIGNED, ["恶臭", '引"号\\'], "青石镇河口村"),
        (Status.CLOSED, [], "中山路12号"),
        (Status.REGISTERED, [*many], "中山路12号"),
    ]
    for status, types, place in cases:
        small_office.a_case(status, types=types, place=place)
    columns = [column for column in tables.cases.columns if column.name not in {"area", "types"}]
    with small_office.database.reading() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(*columns)).mappings()]
    older = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with older.writing() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        connection.execute(sa.insert(sa.table("cases", *(sa.column(each.name, each.type) for each in columns))), rows)
    older.migrate()
    assert dump(older)["cases"] == dump(small_office.database)["cases"]
    assert {row[-1] for row in dump(older)["cases"]} == {"[]", '["恶臭", "引\\"号\\\\"]', None}
    now = small_office.moments.now() + timedelta(days=400)
    period = Period(date(2026, 1, 1), date(2026, 1, 2))
    found = statistics.figures(older, period, period, now).overdue
    assert found == statistics.figures(small_office.database, period, period, now).overdue
    assert found["area"].keys() == {"青石镇", "/"}
    older.close()


def test_a_new_installation_has_its_first_people_and_opens_again_as_it_is(database_url: str, tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path / "data", database_url=database_url)
    desk = open_desk(settings)
    before = dump(desk.database)
    streams = {row[0] for row in before["events"]}
    assert streams == {"organisation", "calendar:statutory", "calendar:all-days", "policy:2026-11"}
    assert len(before["events"]) == len(streams)
    desk.close()
    desk = open_desk(settings)
    assert dump(desk.database) == before
    desk.close()


def test_a_fast_clock_once_begun_goes_on_from_the_same_moment(database_url: str, tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path / "data", database_url=database_url, speed=600.0)
    desk = open_desk(settings)
    first = desk.moments.now()
    desk.close()
    desk = open_desk(Settings.load(data=tmp_path / "data", database_url=database_url, speed=2.0))
    assert 0 <= (desk.moments.now() - first).total_seconds() < 60 * 600
    at = desk.moments.now()
    assert (
        abs((desk.moments.real(at) - desk.moments.real(first)).total_seconds() * 600 - (at - first).total_seconds()) < 1
    )
    desk.close()
