"""Where a petition lies: the part of its place that names a township or a village, and the township that this is.

What is kept with a case is the name alone, as written (``area_of``); which township it stands for is looked up in the
organisation of today (``township_of``), so that a new alias or grid holds for what came before it too.
"""

import re
from functools import lru_cache
from typing import Final

from models.organisation import Organisation
from models.routing import locate

_TOWN: Final = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:街道|镇|乡)")
_VILLAGE: Final = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:村|社区)")
BY_UNIT: Final = "/"
"""What stands before a unit's id in the area of a petition whose place names neither township nor village."""


@lru_cache(maxsize=4096)
def area_of(place: str) -> str:
    """Return the words of a place that name its township (青石镇河口村 → 青石镇), else its village, else ""."""
    found = _TOWN.search(place) or _VILLAGE.search(place)
    return found[0] if found else ""


def area_or_unit(place: str, unit: str | None) -> str:
    """Return a petition's area: by its place, else by the unit in charge."""
    return area_of(place) or f"{BY_UNIT}{unit or ''}"


def township_of(organisation: Organisation | None, area: str) -> str:
    """Return the id of the township that an area stands for, "" where it stands for none that is known."""
    if organisation is None:
        return ""
    if area.startswith(BY_UNIT):
        found = area.removeprefix(BY_UNIT)
    else:
        located = locate(organisation, area)
        found = located.unit if located else ""
    unit = organisation.unit(found) if found else None
    return unit.id if unit and unit.township else ""
