"""A bell between the processes of one machine: whoever queued something on SQLite rings, and the relay hears it.

PostgreSQL has NOTIFY for it. Here it is a datagram without content to a name made from the ledger's place, one of
Linux's abstract sockets: no file lies about, and the name is free again when its holder dies. It promises nothing.
Where nobody hears it (another system, another container, no worker), the relay's own glances find what was queued, a
little later.
"""

import atexit
import hashlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from adapters.database import Database


def ringing(database: Database) -> Callable[[], None] | None:
    """Return what rings the bell of a ledger, which takes microseconds and never waits; None where there is none."""
    name = _name(database)
    if name is None:
        return None

    def ring() -> None:
        # Nobody listens, or it was rung so often already that it will be heard.
        with suppress(OSError):
            _sender().sendto(b"", name)

    return ring


@contextmanager
def hung(database: Database) -> Iterator[socket.socket | None]:
    """Hang up the bell of a ledger: yields what receives an empty datagram whenever it is rung, without blocking.

    Yields None where there is none, or where another process hears it.
    """
    name = _name(database)
    if name is None:
        yield None
        return
    with _datagrams() as bell:
        try:
            bell.bind(name)
        except OSError:
            yield None
        else:
            yield bell


def _name(database: Database) -> bytes | None:
    place = database.engine.url.database
    if sys.platform != "linux" or not database.is_sqlite or not place:
        return None
    digest = hashlib.sha256(os.fsencode(Path(place).resolve())).hexdigest()
    return f"\0banjie-{os.geteuid()}-{digest[:32]}".encode()


@cache
def _sender() -> socket.socket:
    found = _datagrams()
    atexit.register(found.close)
    return found


def _datagrams() -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    found.setblocking(False)
    return found
