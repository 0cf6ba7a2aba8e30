"""The rows of a policy that stand for themselves: what is proposed, who orders, where petitions go."""

from pydantic import Field

from models.base import Frozen, Line, Said, Word
from models.vocabulary import Light


class Consequence(Frozen):
    """What is proposed when a case has come to so many lights of one colour; a leader adopts or dismisses it.

    Nothing of it ever happens by itself: a letter of supervision is drafted, a talk proposed, accountability
    recommended (信访工作条例, art. 39, 40).
    """

    name: Word
    zh: Line
    en: Line
    article: Line = ""
    light: Light
    count: int = Field(ge=1, le=99)
    letter: Word
    to: Word


class OrderRule(Frozen):
    """Who may order that every day works: the posts that sign, the longest order, how many days back it may begin."""

    signed_by: tuple[Word, ...] = Field(min_length=1)
    longest: int = Field(default=120, ge=1, le=366)
    back: int = Field(default=0, ge=0, le=31)


class Dispatching(Frozen):
    """When the leaders meet (周调度、月会商): the ``[dispatch]`` of the policy.

    ``weekday`` (Monday is 1) names the weekly dispatch's day, ``day`` the monthly consultation's; ``at`` is when their
    packs are due, in Shanghai's time; on a day off of the ``calendar`` they are due on the next working day. The
    defaults are a desk's that has not said otherwise.
    """

    weekday: int = Field(default=1, ge=1, le=7)
    day: int = Field(default=1, ge=1, le=28)
    at: str = Field(default="08:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    calendar: Word = "statutory"


ANY_TOWNSHIP, ANY_GRID = "@township", "@grid"
"""As a place of a routing row: any township, any grid that the organisation knows."""
THE_PLACE = "@place"
"""As the unit of a routing row: the township or the grid's unit where it happens."""


class RouteRow(Frozen):
    """A row of the routing table (派件规则): what it is for, and who gets it. What is empty asks for nothing.

    ``place`` holds ids or names of townships and grids, or words of a place; ``types`` words of a type. ``unit`` is a
    unit of the organisation or ``@place``; ``leader`` and ``handler`` are posts or people, ``@grid`` is who walks the
    grid. The first row that fits is the one.
    """

    note: Line = ""
    place: tuple[Said, ...] = ()
    types: tuple[Said, ...] = ()
    channels: tuple[Word, ...] = ()
    star: bool | None = None
    unit: Word
    leader: Word | None = None
    handler: Word | None = None

    @property
    def for_all(self) -> bool:
        """Whether it fits whatever comes."""
        return not (self.place or self.types or self.channels or self.star is not None or self.unit == THE_PLACE)
