"""A ledger as it was before there was a keystore: data keys wrapped beside what they shut."""

import hashlib

import sqlalchemy as sa

from adapters import tables
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
    with database.writing() as connection, connection.begin():
        for table, (bound, names) in OLD.items():
            there = tables.metadata.tables[table]
            connection.exec_driver_sql(
                f"ALTER TABLE {table} ADD COLUMN wrapped_key {'BLOB' if database.is_sqlite else 'BYTEA'}"
            )
            own = [there.c[name] for name in names]
            for *found, key_id in connection.execute(sa.select(*own, there.c.key_id)).all():
                ref = bound.format(*found)
                wrapped = encrypt(key, keys.find(key_id)._key, ref)
                laid[ref] = wrapped
                old = sa.table(table, sa.column("wrapped_key"), *(sa.column(name) for name in names))
                mine = sa.and_(*(old.c[name] == value for name, value in zip(names, found, strict=True)))
                connection.execute(sa.update(old).where(mine).values(wrapped_key=wrapped))
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN key_id")
        connection.exec_driver_sql("DROP TABLE moving_keys")
        connection.exec_driver_sql("DELETE FROM marks WHERE name = 'keystore'")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0008'")
    with keys.database.writing() as connection:
        for there in metadata.sorted_tables:
            connection.execute(sa.delete(there))
    keys.close()
    for path in office.desk.settings.data.glob("keys.db*"):
        path.unlink()
    database.close()
    return laid


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
