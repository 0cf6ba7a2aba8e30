"""The battle map's groups (整改作战图): which cases belong together, and their bars for a file of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.drawings.battle_map import Lane, Task
from adapters.words import left
from models.areas import area_or_unit, township_of
from models.case import Case
from models.counting import legal_day
from models.organisation import Organisation
from models.vocabulary import Term

ABOUT: Final = 40
"""Characters of what a case is about."""
SECOND: Final = timedelta(seconds=1)
"""A due date at a day's 24:00 is of that day, not of the next."""


class By(Term):
    """What a map is grouped by."""

    UNIT = "unit", "责任单位", "unit"
    LEADER = "leader", "包案领导", "leader"
    TOWNSHIP = "township", "乡镇", "township"
    CAMPAIGN = "campaign", "专项行动", "campaign"
    SITE = "site", "场所", "site"


def key_of(case: Case, by: By, organisation: Organisation | None) -> str:
    """Return the group that a case belongs to; empty where that is not known."""
    match by:
        case By.LEADER:
            return case.leader or ""
        case By.CAMPAIGN:
            return case.campaign or ""
        case By.SITE:
            return case.site or ""
        case By.TOWNSHIP:
            return township_of(organisation, area_or_unit(case.place, case.unit))
        case _:
            return case.unit or ""


def group_name(organisation: Organisation | None, by: By, name: str, lang: int = 0) -> str:
    """Return what a group is called: a person's or a unit's name; a campaign's, or what is not known, as it is."""
    if organisation and by is By.LEADER and (person := organisation.person(name)):
        return person.name
    if organisation and by in {By.UNIT, By.TOWNSHIP} and (unit := organisation.unit(name)):
        return unit.en if lang and unit.en else unit.zh
    return name


def lanes_of(
    cases: Sequence[Case],
    by: By,
    now: datetime,
    organisation: Organisation | None,
    called: Callable[[str], str],
    lang: int = 0,
) -> list[Lane]:
    """Return the map's lanes: groups with most overdue first, then by what is due first; those of none come last.

    Args:
        cases: those on the map, the one that is due first at the top.
        by: what they are grouped by.
        now: the map's moment.
        organisation: who is who.
        called: what a group is called, by its id.
        lang: 0 for Chinese, 1 for English.
    """
    groups: dict[str, list[Task]] = {}
    for case in cases:
        if case.due is not None:
            groups.setdefault(key_of(case, by, organisation), []).append(_task(case, case.due, now, lang))

    def rank(group: tuple[str, list[Task]]) -> tuple[bool, int, object]:
        name, tasks = group
        return not name, -sum(task.late for task in tasks), tasks[0].due

    return [Lane(called(name), tasks) for name, tasks in sorted(groups.items(), key=rank)]


def _task(case: Case, due: datetime, now: datetime, lang: int) -> Task:
    words = case.summary or case.measure
    return Task(
        case=case.id,
        about=words if len(words) <= ABOUT else f"{words[: ABOUT - 1]}…",
        first=legal_day(case.registered_at or now),
        due=legal_day(due - SECOND),
        left=left(due - now)[lang],
        light=case.light,
        late=due <= now,
    )
