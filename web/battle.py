"""The battle map (整改作战图): every open case with its time running, in groups, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from adapters import queries
from adapters.access.log import Deed
from adapters.battle import By, group_name, key_of, lanes_of
from adapters.drawings.battle_map import Words
from adapters.drawings.battle_map import battle_map as drawn
from adapters.drawings.gantt import axis_of, bar, head
from adapters.naming import unit_id
from adapters.paging import Order, Page, farthest
from adapters.paging import page as a_page
from adapters.sites import titles
from adapters.words import left, term_of
from models.case import Case
from models.counting import legal_day
from models.instants import shown
from models.organisation import Organisation
from models.vocabulary import Kind, Light
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, lang_of, visitor
from web.reading import seen, within
from web.speech import t
from web.storms import watches_of

routes = APIRouter(include_in_schema=False)
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]
MOST_BARS: Final = 25
"""Cases on a map, the most urgent, so that a first visit stays within 30 KiB; the page says how many more there are."""
REFRESH: Final = 60
"""Seconds after which a wall's screen draws the map anew."""
ASKED: Final = ("by", "unit", "kind", "overdue", "wall")
TONES: Final = {Light.GREEN: "calm", Light.BLUE: "blue", Light.YELLOW: "yellow", Light.RED: "red"}


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
        groups.setdefault(key_of(case, by, organisation), []).append(Bar(case, drawn, left(case.due - now), over))
    made = [Group(name, bars) for name, bars in groups.items()]
    return sorted(made, key=lambda group: (not group.name, -group.overdue, group.bars[0].case.due or now))


@dataclass(frozen=True)
class Asked:
    """What an address asks the map for, and what there is of it that the reader may see."""

    query: Mapping[str, str]
    by: By
    wanted: queries.Filter
    found: Page
    timed: Sequence[Case]
    sites: Mapping[str, str]
    """The names of the sites that it is grouped by."""


def _asked(request: Request, house: House, who: Visitor, now: datetime) -> Asked:
    asked = {name: request.query_params.get(name, "").strip()[:64] for name in ASKED}
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
    database = house.desk.database
    found = a_page(database, wanted, order=Order.DUE, limit=MOST_BARS, counting=True)
    timed = [each for each in seen(house, who, found.cases) if each.due]
    at = titles(database, list({each.site for each in timed if each.site})) if by is By.SITE else {}
    return Asked(asked, by, wanted, found, timed, {each.id: each.title for each in seen(house, who, at.values())})


@routes.get("/map.svg")
def map_svg(request: Request, house: At, who: Who) -> Response:
    """Give the battle map as a file of its own, of what the page's address asks for; that it left the house is kept."""
    now, lang = house.desk.moments.now(), lang_of(request)
    asked = _asked(request, house, who, now)

    def called(name: str) -> str:
        if not name:
            return t("未确定", lang)
        return asked.sites.get(name) or group_name(who.world.organisation, asked.by, name, lang)

    lanes = lanes_of(asked.timed, asked.by, now, who.world.organisation, called, lang)
    words = Words(
        t("整改作战图", lang), t("今天", lang), t("没有在办案件。", lang),
        lambda n: t("{n} 件", lang, n=n), lambda n: t("超期 {n} 件", lang, n=n),
    )  # fmt: skip
    svg = drawn(lanes, legal_day(now), words, beneath=t("截至 {at}", lang, at=shown(now)))
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="map", why=f"svg {len(asked.timed)}")
    return Response(svg, 200, {"Content-Disposition": 'attachment; filename="map.svg"'}, "image/svg+xml")


@routes.get("/map")
def battle_map(request: Request, house: At, who: Who) -> Response:
    """Show the battle map; on a wall's screen (``?wall=1``) large, and anew every minute."""
    now, lang = house.desk.moments.now(), lang_of(request)
    asked = _asked(request, house, who, now)
    timed, today, organisation = asked.timed, legal_day(now), who.world.organisation
    axis = axis_of([(legal_day(each.registered_at or now), legal_day(each.due or now)) for each in timed], today)
    given: Mapping[str, object] = {
        "groups": grouped(timed, asked.by, now, organisation),
        "sites": asked.sites,
        "storms": [each for each in watches_of(house, who) if each.is_open],
        "axis": head(axis, t("今天", lang)),
        "by": asked.by,
        "bys": list(By),
        "units": [each for each in organisation.units if not each.closed] if organisation else [],
        "kinds": [Kind.PETITION, Kind.RECTIFICATION],
        "query": asked.query,
        "total": asked.found.total,
        "counted": farthest(asked.wanted),
        "shown_cases": len(timed),
        "now": now,
        "wall": bool(asked.query["wall"]),
        "refresh": REFRESH if asked.query["wall"] else 0,
    }
    return page(request, "map.html", given, who=who)
