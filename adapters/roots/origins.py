"""Which log this is: its origin, a name of its own, and a new one after each recorded fork.

Under one origin a log only ever grows. A ledger that was restored goes on from an earlier size, so it goes on under
another origin, and says from which size, why, and what it left behind.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables

PREFIX: Final = "banjie.log"


@dataclass(frozen=True)
class Origin:
    """A generation of the log: its name, since when (UTC), from how many leaves it went on; of a fork, who and why."""

    generation: int
    name: str
    begun_at: datetime
    size: int
    reason: str = ""
    by: str = ""
    agreed_by: str = ""
    abandoned: tuple[str, ...] = ()


def every(connection: sa.Connection) -> list[Origin]:
    """Return all generations, the first one first."""
    columns = tables.root_origins.c
    return [
        Origin(
            row.generation,
            row.origin,
            row.begun_at,
            row.size,
            row.reason,
            row.by,
            row.agreed_by,
            tuple(each for each in row.abandoned.split("\f") if each),
        )
        for row in connection.execute(sa.select(tables.root_origins).order_by(columns.generation))
    ]


def begin(connection: sa.Connection, at: datetime) -> Origin:
    """Begin the first generation, within a transaction that holds the log."""
    return keep(connection, Origin(1, f"{PREFIX}/{secrets.token_hex(8)}", at, 0))


def after(origin: Origin) -> str:
    """Return the name of the generation after one: two ledgers restored from one backup do not get the same."""
    first = "/".join(origin.name.split("/")[:2])
    return f"{first}/{origin.generation + 1}-{secrets.token_hex(4)}"


def keep(connection: sa.Connection, origin: Origin) -> Origin:
    """Write a generation down and return it."""
    row = {
        "generation": origin.generation,
        "origin": origin.name,
        "begun_at": origin.begun_at,
        "size": origin.size,
        "reason": origin.reason,
        "by": origin.by,
        "agreed_by": origin.agreed_by,
        "abandoned": "\f".join(origin.abandoned),
    }
    connection.execute(sa.insert(tables.root_origins), [row])
    return origin
