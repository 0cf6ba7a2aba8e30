"""A ledger as it was before there was a keystore: data keys wrapped beside what they shut."""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from adapters import tables
from adapters.database import MIGRATIONS
from adapters.keys.ring import name_of, wrapping_key
from adapters.keys.store import encrypt
from adapters.keys.tables import metadata
from tests.store.desks import Office

OLD = {
    "sealed": ("{0}", ("ref",)),
    "attachments": ("file:{0}:{1}", ("case_id", "sha256")),
    "second_factors": ("second:{0}", ("person",)),
    "drafts": ("draft/{0}", ("person",)),
}


def as_before(office: Office) -> dict[str, bytes]:
    """Bring a desk back to the schema before; return every wrapped key, as it lies in the ledger now.

    The naming key of that time was the wrapping key itself, so what it named has to be sealed after `named_as_before`.
    """
    keys, database = office.desk.sealer.keys, office.database
    key, laid = wrapping_key(office.desk.settings.data), {}
    rows: dict[str, list[dict[str, object]]] = {}
    with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            rows[table.name] = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    for sealed, (bound, names) in OLD.items():
        for row in rows[sealed]:
            ref = bound.format(*(row[name] for name in names))
            laid[ref] = row["wrapped_key"] = encrypt(key, keys.find(str(row["key_id"]))._key, ref)
    with keys.database.writing() as connection:
        for there in metadata.sorted_tables:
            connection.execute(sa.delete(there))
    office.desk.close()
    for path in [*office.desk.settings.data.glob("keys.db*"), *office.desk.settings.data.glob("banjie.db*")]:
        path.unlink()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection, connection.begin():
        if not database.is_sqlite:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        before = sa.MetaData()
        before.reflect(connection)
        for name, found in rows.items():
            # What cases are found by is laid by triggers; the marks knew no keystore.
            if name not in before.tables or name in {"case_pieces", "marks"}:
                continue
            now = tables.metadata.tables[name]
            old = sa.table(name, *(sa.column(each.name, _typed(now, each)) for each in before.tables[name].columns))
            for row in found:
                connection.execute(sa.insert(old).values({each.name: row[each.name] for each in old.columns}))
    database.close()
    return laid


def _typed(now: sa.Table, column: "sa.Column[Any]") -> Any:
    """The type that a column has now, for instants; what is not there any more keeps its own."""
    return now.c[column.name].type if column.name in now.c else column.type


def named_as_before(office: Office) -> None:
    """Let names and codes be made from the wrapping key, as they were."""
    key = wrapping_key(office.desk.settings.data)
    keys = office.desk.sealer.keys
    keys.ready()
    keys._naming = key
    assert name_of(key) in keys.ring.names()


def id_of(ref: str) -> str:
    """The id that a key of before has in the keystore."""
    return hashlib.sha256(ref.encode()).hexdigest()[:32]
