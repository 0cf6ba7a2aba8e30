"""A rehearsal: the same work on a ledger of its own that is thrown away, so that it tells exactly what would happen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from adapters import tables
from adapters.database import Database
from adapters.desk import Desk
from adapters.door import Door
from adapters.world_book import ORGANISATION, WorldBook
from models.vocabulary import Kind


class Rehearsal:
    """A desk on a ledger of its own; what it has to know of the real one is copied as it is needed.

    ``desk`` is the desk to work with, ``real`` names the cases that are there in truth.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        """Make the empty ledger in a folder."""
        url = sa.URL.create("sqlite", database=str(folder / "rehearsal.db"))
        database = Database(url.render_as_string())
        tables.metadata.create_all(database.engine)
        self._source = desk.database
        self.real: set[str] = set()
        self.desk = replace(desk, database=database, door=Door(database, desk.moments, WorldBook(desk.door.book.world)))
        self.know([], [])

    def know(self, envelopes: Sequence[str], filings: Sequence[str]) -> None:
        """Take over what the real ledger knows of these envelopes and filing numbers; cases once, as they stand now."""
        cases, numbers = tables.cases, tables.numbers
        with self._source.reading() as source:
            kept = _rows(source, sa.select(tables.envelopes).where(tables.envelopes.c.id.in_(envelopes)))
            filed = _rows(source, sa.select(tables.filings).where(tables.filings.c.number.in_(filings)))
            wanted = {ORGANISATION, *filings, *(str(row["case_id"]) for row in (*kept, *filed))} - self.real
            found = _rows(source, sa.select(cases).where(cases.c.id.in_(wanted)))
            if not self.real:
                # Rows call campaigns by their titles; those must mean the same here as there.
                found += _rows(source, sa.select(cases).where(cases.c.kind == Kind.CAMPAIGN.value))
            series = _rows(source, sa.select(numbers)) if not self.real else []
        self.real |= {str(row["id"]) for row in found}
        with self.desk.database.writing() as scratch:
            for table, rows in ((tables.envelopes, kept), (tables.filings, filed), (cases, found), (numbers, series)):
                if rows:
                    scratch.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)


def _rows(source: sa.Connection, query: "sa.Select[tuple[object, ...]]") -> list[dict[str, object]]:
    return [dict(row) for row in source.execute(query).mappings()]


@contextmanager
def rehearsing(desk: Desk) -> Iterator[Rehearsal]:
    """Open a rehearsal; nothing of it stays."""
    with TemporaryDirectory(prefix="banjie-") as folder:
        rehearsal = Rehearsal(desk, Path(folder))
        try:
            yield rehearsal
        finally:
            rehearsal.desk.close()
