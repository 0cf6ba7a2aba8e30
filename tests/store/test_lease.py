"""Of several workers one compares petitions; they may begin at the same moment."""

from pathlib import Path

import sqlalchemy as sa

from adapters import tables
from adapters.similar.storms import LEASE_MARK, Comparing
from tests.store.desks import an_office


def test_of_two_workers_that_see_no_lease_at_the_same_moment_one_has_it_and_the_other_goes_on(
    fresh_postgres: str, tmp_path: Path
) -> None:
    with an_office(tmp_path, fresh_postgres) as office:
        late, engine = Comparing(office.desk), sa.create_engine(fresh_postgres)

        def other_first(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
            if connection.engine is not engine and statement.startswith("INSERT INTO marks"):
                with engine.begin() as other:
                    other.execute(sa.insert(tables.marks), [{"name": LEASE_MARK, "value": "other 4102444800"}])

        sa.event.listen(sa.Engine, "before_cursor_execute", other_first)
        try:
            assert late.once() == 0
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", other_first)
        with engine.connect() as connection:
            held = connection.execute(sa.select(tables.marks.c.value).where(tables.marks.c.name == LEASE_MARK))
            assert held.scalar_one() == "other 4102444800"
        assert late.once() == 0
        engine.dispose()
