"""The battle map (整改作战图): every open case with its time running, in groups, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from adapters import queries
from adapters.drawings.gantt import axis_of, bar, head
from adapters.naming import unit_id
from adapters.paging import MOST, Order, farthest
from adapters.paging import page as a_page
from adapters.sites import titles
from adapters.words import left, term_of
from models.areas import area_or_unit, township_of
from models.case import Case
from models.counting import legal_day
from models.organisation import Organisation
from models.vocabulary import Kind, Light, Term
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, lang_of, visitor
from web.reading import seen, within
from web.speech import t
from web.storms import watches_of

routes = APIRouter(include_in_schema=False)
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]
MOST_BARS: Final = MOST
"""Cases on a map; the page says how many more there are."""
REFRESH: Final = 60
"""Seconds after which a wall's screen draws the map anew."""
ASKED: Final = ("by", "unit", "kind", "overdue", "wall")
TONES: Final = {Light.GREEN: "calm", Light.BLUE: "blue", Light.YELLOW: "yellow", Light.RED: "red"}


class By(Term):
    """What a map is grouped by."""

    UNIT = "unit", "责任单位", "unit"
    LEADER = "leader", "包案领导", "leader"
    TOWNSHIP = "township", "乡镇", "township"
    CAMPAIGN = "campaign", "专项行动", "campaign"
    SITE = "site", "场所", "site"


@dataclass(frozen=True)
class Bar:
    """One case on the map: its drawing, and in words how much time is left."""

    case: Case
    drawn: Markup
    left: tuple[str, str]
    over: bool


@dataclass(frozen=True)
class Group:
    """Cases that belong together, the one that is due first at the top."""

    name: str
    bars: Sequence[Bar]

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(each.over for each in self.bars)


def _key(case: Case, by: By, organisation: Organisation | None) -> str:
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


def grouped(cases: Sequence[Case], by: By, now: datetime, organisation: Organisation | None) -> list[Group]:
    """Return cases in groups, those with most overdue first, then by what is due first; those of none come last."""
    today = legal_day(now)
    spans = {case.id: (legal_day(case.registered_at or now), legal_day(case.due or now)) for case in cases}
    axis = axis_of(list(spans.values()), today)
    groups: dict[str, list[Bar]] = {}
    for case in cases:
        if case.due is None:
            continue
        over = case.due <= now
        drawn = bar(axis, *spans[case.id], "late" if over else TONES[case.light])
        groups.setdefault(_key(case, by, organisation), []).append(Bar(case, drawn, left(case.due - now), over))
    made = [Group(name, bars) for name, bars in groups.items()]
    return sorted(made, key=lambda group: (not group.name, -group.overdue, group.bars[0].case.due or now))


@routes.get("/map")
def battle_map(request: Request, house: At, who: Who) -> Response:
    """Show the battle map; on a wall's screen (``?wall=1``) large, and anew every minute."""
    asked = {name: request.query_params.get(name, "").strip()[:64] for name in ASKED}
    now, lang, database = house.desk.moments.now(), lang_of(request), house.desk.database
    by = term_of(By, asked["by"]) or By.UNIT
    wanted = within(
        house,
        who,
        queries.Filter(
            is_open=True,
            kind=term_of(Kind, asked["kind"]),
            unit=unit_id(who.world, asked["unit"]) if asked["unit"] else None,
            overdue_at=now if asked["overdue"] else None,
        ),
    )
    found = a_page(database, wanted, order=Order.DUE, limit=MOST_BARS, counting=True)
    cases = seen(house, who, found.cases)
    timed = [each for each in cases if each.due]
    today = legal_day(now)
    axis = axis_of([(legal_day(each.registered_at or now), legal_day(each.due or now)) for each in timed], today)
    organisation = who.world.organisation
    groups = grouped(timed, by, now, organisation)
    at = titles(database, [each.name for each in groups if each.name]) if by is By.SITE else {}
    given: Mapping[str, object] = {
        "groups": groups,
        "sites": {each.id: each.title for each in seen(house, who, at.values())},
        "storms": [each for each in watches_of(house, who) if each.is_open],
        "axis": head(axis, t("今天", lang)),
        "by": by,
        "bys": list(By),
        "units": [each for each in organisation.units if not each.closed] if organisation else [],
        "kinds": [Kind.PETITION, Kind.RECTIFICATION],
        "query": asked,
        "total": found.total,
        "counted": farthest(wanted),
        "shown_cases": len(timed),
        "now": now,
        "wall": bool(asked["wall"]),
        "refresh": REFRESH if asked["wall"] else 0,
    }
    return page(request, "map.html", given, who=who)
