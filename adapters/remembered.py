"""Cases read before: what the door reads again and again need not be parsed again and again.

A case is found by its name *and* the very text of its state, so whatever the text comes from, another process, a
rebuild or a hand that tampers with it, what is returned is what that text says; nothing ever has to be invalidated.
"""

import threading
from collections.abc import Mapping

from models.case import Case

Row = Mapping[str, object]

ROOM = 1_000_000
"""Characters of state that are remembered at most: some 700 cases as they usually are, some 15 MB with all."""


class Remembered:
    """Cases by their name and state, the least recently used forgotten first; safe to use from many threads."""

    def __init__(self, room: int = ROOM) -> None:
        """Begin empty; ``room`` is how many characters of state are kept."""
        self.room = room
        self.size = 0
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, Case, Row | None]] = {}

    def case(self, name: str, state: str) -> tuple[Case, Row | None]:
        """Return the case that a state tells, and its row of the read model where this process wrote it.

        Raises:
            ValidationError: it tells none.
        """
        known = self._known.get(name)
        case, row = known[1:] if known and known[0] == state else (Case.model_validate_json(state), None)
        self.keep(name, state, case, row)
        return case, row

    def keep(self, name: str, state: str, case: Case, row: Row | None) -> None:
        """Remember a case whose state is about to be written; whether it ever is does not matter."""
        with self._lock:
            old = self._known.pop(name, None)
            self._known[name] = state, case, row
            self.size += len(state) - (len(old[0]) if old else 0)
            while self.size > self.room:
                oldest = next(iter(self._known))
                self.size -= len(self._known.pop(oldest)[0])
