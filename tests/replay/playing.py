"""What a story is, and the clocks it is played on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from adapters.moments import Moments
from tests.workflow.desks import Office
from tests.workflow.moments import RunningMoments, SteppedMoments

TUESDAY: Final = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
FIVE_DAYS_A_SECOND: Final = 5 * 86_400.0


def real() -> Moments:
    """The real clock, which the story may step."""
    return SteppedMoments()


def fast() -> Moments:
    """Five days a second once it is let go."""
    return RunningMoments(TUESDAY, FIVE_DAYS_A_SECOND)


@dataclass(frozen=True)
class Story:
    """A story: how it is played, on which clock, on a server with which settings; it returns the cases to record.

    ``witnessed`` gives the desk a folder that roots are laid into; ``beside`` are kinds of workflow that are no case's,
    of which one that has ended is recorded with it; ``since`` is the way in which the story was first recorded.
    """

    play: Callable[[Office], Awaitable[list[str]]]
    clock: Callable[[], Moments] = real
    dynamic: dict[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    witnessed: bool = False
    since: int = 1


def running(office: Office) -> RunningMoments:
    """The clock of a story that is played fast."""
    assert isinstance(office.desk.moments, RunningMoments)
    return office.desk.moments


def stepped(office: Office) -> SteppedMoments:
    """The clock of a story that steps it."""
    assert isinstance(office.desk.moments, SteppedMoments)
    return office.desk.moments
