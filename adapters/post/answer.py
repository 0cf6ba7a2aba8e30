"""What a channel answers about a message, and the bound on how long it may take to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.vocabulary import Fate

SENT: Final = Fate.SENT
PATIENCE: Final = 20.0
"""Seconds a message has, all stages together."""


@dataclass(frozen=True)
class Answer:
    """What became of a message, and why, in a word that names no address: ``smtp_550``, ``no_answer``.

    With ``again`` it certainly did not arrive and trying later may help. An ``UNKNOWN`` one may have arrived.
    """

    fate: Fate
    why: str = ""
    again: bool = False


@dataclass(frozen=True)
class Message:
    """A letter as channels take it; the same letter is the same message, byte for byte.

    ``id`` is a Message-ID, brackets and all; ``to`` an official's id or ``petitioner``; ``at`` the letter's instant.
    """

    id: str
    case: str
    number: str
    title: str
    text: str
    to: str
    at: datetime
    docx: bytes | None = None


def sent() -> Answer:
    """The other side has taken it."""
    return Answer(Fate.SENT)


def later(why: str) -> Answer:
    """It did not arrive; later it may."""
    return Answer(Fate.FAILED, why, again=True)


def never(why: str) -> Answer:
    """It did not arrive and will not."""
    return Answer(Fate.FAILED, why)


def unknown(why: str) -> Answer:
    """All of it was handed over, and then nothing was heard."""
    return Answer(Fate.UNKNOWN, why)


class Line:
    """The connection of one message; cut when its time is up, also where an answer comes drop by drop."""

    def __init__(self) -> None:
        """Hold no connection yet."""
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.cut = False

    def over(self, connection: socket.socket | None) -> None:
        """Take over the connection, also where one replaces another (STARTTLS)."""
        with self._lock:
            self._socket = connection
            late = self.cut
        if late:
            self._end()

    def _time_is_up(self) -> None:
        with self._lock:
            self.cut = True
        self._end()

    def _end(self) -> None:
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):
                    # What waits on the other thread wakes up and finds the line closed.
                    self._socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def line(patience: float) -> Iterator[Line]:
    """Hold a line for at most so many seconds."""
    one = Line()
    timer = threading.Timer(patience, one._time_is_up)  # noqa: SLF001 - its own
    timer.daemon = True
    timer.start()
    try:
        yield one
    finally:
        timer.cancel()
