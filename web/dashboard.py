"""The leader's dashboard: a period's figures beside the one before, its trend, units, channels, types, and ages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters.statistics import rows as rows_of
from models.counting import legal_day
from models.permissions import Reach, Sight
from models.statistics import By, Period, Row, Tally, ages, side_by_side, tally, trend
from web.charts import Bar, Line, bars, lines
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, lang_of, require, visitor
from web.speech import EN, t

routes = APIRouter(include_in_schema=False)
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]
LONGEST: Final = 3660
"""Days of a period at most."""
USUAL: Final = 90
SHOWN: Final = 12
"""Bars of a chart; its table has them all."""


@dataclass(frozen=True)
class Side:
    """One row of a comparison: what it is called, how its list is found, its figures."""

    name: str
    query: dict[str, str]
    tally: Tally


def period_of(first: str, last: str, today: date) -> Period:
    """Return the period that an address names; the last ninety days where it names none, or none that can be."""
    until = as_day(last) or today
    since = as_day(first) or until - timedelta(days=USUAL - 1)
    if since > until:
        since, until = until, since
    return Period(max(since, until - timedelta(days=LONGEST - 1)), until)


def as_day(text: str) -> date | None:
    """Return the day that a text names, None where it names none that can be."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1901 <= found.year <= 2999 else None


def counted(house: House, who: Visitor, period: Period) -> list[Row]:
    """Return the rows that somebody may see figures of: the whole desk's, or their unit's.

    Raises:
        NotForYou: they may see none.
    """
    reach = require(house, who, Sight.FIGURES)
    own = who.actor.unit or "" if reach is Reach.OWN_UNIT else None
    return rows_of(house.desk.database, period, period.before, unit=own)


@routes.get("/dashboard")
def dashboard(request: Request, house: At, who: Who) -> Response:
    """Show how the desk stands."""
    now, lang = house.desk.moments.now(), lang_of(request)
    asked = {name: request.query_params.get(name, "").strip()[:10] for name in ("from", "to")}
    period = period_of(asked["from"], asked["to"], legal_day(now))
    rows = counted(house, who, period)
    units = _sides(who, side_by_side(rows, By.UNIT, period, now), By.UNIT, lang)
    channels = _sides(who, side_by_side(rows, By.CHANNEL, period, now), By.CHANNEL, lang)
    types = _sides(who, side_by_side(rows, By.TYPE, period, now), By.TYPE, lang)
    points = trend(rows, period)
    aged = ages(rows, now)
    given = {
        "period": period,
        "today": legal_day(now),
        "now": now,
        "this": tally(rows, period, now),
        "before": tally(rows, period.before, now),
        "points": points,
        "trend": lines(
            t("收件与办结趋势", lang),
            [f"{each.first:%m-%d}" for each in points],
            [
                Line(t("收件", lang), "in", [each.received for each in points]),
                Line(t("已办结", lang), "out", [each.closed for each in points]),
            ],
        ),
        "ages": aged,
        "age_chart": bars(t("在办件已办天数", lang), [Bar(age_name(*each[:2], lang), each[2]) for each in aged]),
        "sides": [
            (t("按承办单位", lang), units, _chart(t("按承办单位", lang), units)),
            (t("按受理渠道", lang), channels, _chart(t("按受理渠道", lang), channels)),
            (t("按问题类型", lang), types, _chart(t("按问题类型", lang), types)),
        ],
        "age_name": lambda low, high: age_name(low, high, lang),
    }
    return page(request, "dashboard.html", given, who=who)


def age_name(low: int, high: int | None, lang: int) -> str:
    """Say an age in days."""
    if high is None:
        return t("{low} 天以上", lang, low=low)
    return t("{low}–{high} 天", lang, low=low, high=high)


def _chart(title: str, sides: Sequence[Side]) -> object:
    return bars(title, [Bar(each.name, each.tally.received) for each in sides[:SHOWN]])


def _sides(who: Visitor, found: Sequence[tuple[str, Tally]], by: By, lang: int) -> list[Side]:
    return [Side(_name(who, name, by, lang), {by.value: name} if name else {}, each) for name, each in found]


def _name(who: Visitor, name: str, by: By, lang: int) -> str:
    if not name:
        return t("未确定", lang)
    if by is By.UNIT and who.world.organisation and (unit := who.world.organisation.unit(name)):
        return (unit.en or unit.zh) if lang == EN else unit.zh
    if by is By.CHANNEL and (channel := who.world.newest.channels.get(name)):
        return channel.en if lang == EN else channel.zh
    return name
