"""A spot on the earth as a petition gives it: latitude, then longitude (ISO 6709), in degrees of WGS-84."""

import math
import re
import unicodedata
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

EARTH: Final = 6371.0
"""Mean radius in kilometres."""
CELL: Final = 0.01
"""Degrees of a cell of the grid that spots are looked up by: in China from 640 m to 1.1 km."""
_WRITTEN: Final = re.compile(
    r"\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?)\s*[,;、\s]\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?)\s*"
)


class Spot(NamedTuple):
    """A place on the earth, WGS-84, in degrees."""

    latitude: float
    longitude: float

    def kilometres(self, other: "Spot") -> float:
        """Return how far another one is, along the earth."""
        one, two = math.radians(self.latitude), math.radians(other.latitude)
        a = (
            math.sin((two - one) / 2) ** 2
            + math.cos(one) * math.cos(two) * math.sin(math.radians(other.longitude - self.longitude) / 2) ** 2
        )
        return 2 * EARTH * math.asin(min(1.0, math.sqrt(a)))

    def cell(self) -> str:
        """Return the name of the grid's cell it lies in."""
        return f"{math.floor(self.latitude / CELL)}:{math.floor(self.longitude / CELL)}"

    def cells(self) -> list[str]:
        """Return the names of its cell and of the eight around it: whatever is within 500 m lies in one of them."""
        row, column = math.floor(self.latitude / CELL), math.floor(self.longitude / CELL)
        return [f"{row + up}:{column + right}" for up in (-1, 0, 1) for right in (-1, 0, 1)]


def spot_of(text: str) -> Spot | None:
    """Return the spot that is written; None where none is, or it is none on the earth."""
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    spot = Spot(float(found[1]), float(found[2]))
    return spot if abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180 else None


def _written(text: str) -> str:
    if not text:
        return ""
    spot = spot_of(text)
    if spot is None:
        raise PydanticCustomError(
            "spot",
            "坐标写作“纬度,经度”，如 26.9712,112.3721 / coordinates are written 26.9712,112.3721: latitude first",
        )
    return f"{spot.latitude:.5f},{spot.longitude:.5f}"


Coordinates = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_written)]
"""A spot as text, to a metre; empty where none was given."""
