"""People of one kind at work: who is free takes the next piece, the rest waits in line."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic, TypeVar

from adapters.forecasting.hours import Hours

T = TypeVar("T")

Taken = Callable[[T, float, float], None]
"""Called when a piece is taken: the piece, the moment work on it begins, and the moment it is done."""


@dataclass
class Tally:
    """What was seen of a line and its people, up to ``seen``.

    ``waited`` adds up the seconds in line of the pieces ``taken``; ``length`` is the number in line added up over
    time (so ``length / seen`` is its mean); ``busy`` are working seconds spent.
    """

    taken: int = 0
    waited: float = 0.0
    length: float = 0.0
    busy: float = 0.0
    seen: float = 0.0


class Line(Generic[T]):
    """A number of people and the pieces that wait for one of them.

    Pieces are taken by rank, those of equal rank in the order they came. A piece that finds somebody free at night
    is taken at once, and begun when the desk opens.
    """

    def __init__(self, size: int, hours: Hours, end: float, taken: "Taken[T]") -> None:
        """Begin with everybody free.

        Args:
            size: how many people.
            hours: when they work.
            end: the moment up to which working time is counted as spent.
            taken: called with every piece that is taken.
        """
        self.tally = Tally()
        self._free, self._hours, self._end, self._taken = size, hours, end, taken
        self._until = hours.worked(end)
        self._waiting: list[tuple[float, int, float, float, T]] = []
        self._came = 0

    def offer(self, piece: T, work: float, rank: float, now: float) -> None:
        """Bring a piece of so many working seconds; it is taken at once or waits."""
        if self._free:
            self._free -= 1
            self._take(piece, work, now, now)
            return
        self.look(now)
        self._came += 1
        heappush(self._waiting, (rank, self._came, now, work, piece))

    def done(self, now: float) -> None:
        """Say that somebody is done with their piece; they take the next one."""
        if not self._waiting:
            self._free += 1
            return
        self.look(now)
        _, _, since, work, piece = heappop(self._waiting)
        self._take(piece, work, since, now)

    def look(self, now: float) -> None:
        """Count the line as it stood until now."""
        self.tally.length += len(self._waiting) * (now - self.tally.seen)
        self.tally.seen = now

    def _take(self, piece: T, work: float, since: float, now: float) -> None:
        self.tally.taken += 1
        self.tally.waited += now - since
        begins = self._hours.opening(now)
        if begins < self._end:
            self.tally.busy += min(work, self._until - self._hours.worked(begins))
        self._taken(piece, begins, self._hours.after(begins, work))
