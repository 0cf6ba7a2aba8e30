"""The leader's dashboard: a period's figures beside another's, trend, ages, by township, unit, channel and type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters.queries import Filter, listed
from adapters.sites import busiest
from adapters.statistics import SIDES, figures, span
from adapters.words import term_of
from models.areas import township_of
from models.counting import legal_day
from models.permissions import Sight, may_see
from models.statistics import (
    NOTHING,
    Against,
    By,
    Compared,
    Period,
    Point,
    Tally,
    ages,
    side_by_side,
    tally,
    trend,
)
from models.vocabulary import Kind
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
    was: Tally


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


@dataclass(frozen=True)
class Shown:
    """Everything that a dashboard and the API tell of a period, and of the one it is compared with."""

    period: Period
    against: Period
    this: Tally
    was: Tally
    sides: Mapping[By, Sequence[Compared]]
    points: Sequence[Point]
    ages: Sequence[tuple[int, int | None, int]]


def counted(house: House, who: Visitor, period: Period, against: Against) -> Shown:
    """Return a period's figures beside those it is compared with.

    Raises:
        NotForYou: figures are not for them.
    """
    require(house, who, Sight.FIGURES)
    now, compared = house.desk.moments.now(), period.against(against)
    found = figures(house.desk.database, period, compared, now)
    overdue = found.overdue[""][""]
    whole = found.whole.get("", {}).get("", NOTHING)
    organisation = who.world.organisation
    sides = {}
    for by, side in SIDES.items():
        this, was, all_days = (each.get(side, {}) for each in (found.this, found.was, found.whole))
        called = partial(township_of, organisation) if by is By.TOWNSHIP else str
        sides[by] = side_by_side(this, was, all_days, found.overdue[side], called)
    return Shown(
        period,
        compared,
        tally(found.this.get("", {}).get("", NOTHING), whole.open, overdue),
        tally(found.was.get("", {}).get("", NOTHING), whole.open, overdue),
        sides,
        trend(found.days, period),
        ages(found.open_by_day, legal_day(now)),
    )


@routes.get("/dashboard")
def dashboard(request: Request, house: At, who: Who) -> Response:
    """Show how the desk stands."""
    now, lang = house.desk.moments.now(), lang_of(request)
    asked = {name: request.query_params.get(name, "").strip()[:10] for name in ("from", "to", "against")}
    period = period_of(asked["from"], asked["to"], legal_day(now))
    against = term_of(Against, asked["against"]) or Against.BEFORE
    shown = counted(house, who, period, against)
    titles = {
        By.TOWNSHIP: t("按乡镇", lang),
        By.UNIT: t("按承办单位", lang),
        By.CHANNEL: t("按受理渠道", lang),
        By.TYPE: t("按问题类型", lang),
    }
    sides = {by: _sides(who, shown.sides[by], by, lang) for by in titles}
    busy = busiest(house.desk.database, span(period), SHOWN)
    given = {
        "period": period,
        "against": against,
        "compared": shown.against,
        "choices": list(Against),
        "today": legal_day(now),
        "now": now,
        "this": shown.this,
        "before": shown.was,
        "points": shown.points,
        "trend": lines(
            t("收件与办结趋势", lang),
            [f"{each.first:%m-%d}" for each in shown.points],
            [
                Line(t("收件", lang), "in", [each.received for each in shown.points]),
                Line(t("已办结", lang), "out", [each.closed for each in shown.points]),
            ],
        ),
        "ages": shown.ages,
        "age_chart": bars(t("在办件已办天数", lang), [Bar(age_name(*each[:2], lang), each[2]) for each in shown.ages]),
        "sides": [(title, sides[by], _chart(title, sides[by])) for by, title in titles.items()],
        "storms": sum(1 for _ in listed(house.desk.database, Filter(kind=Kind.WATCH, is_open=True))),
        "busiest": [each for each in busy if may_see(who.world, each.site, who.actor, now)],
        "age_name": lambda low, high: age_name(low, high, lang),
    }
    return page(request, "dashboard.html", given, who=who)


def age_name(low: int, high: int | None, lang: int) -> str:
    """Say an age in days."""
    if high is None:
        return t("{low} 天以上", lang, low=low)
    return t("{low}–{high} 天", lang, low=low, high=high)


def _chart(title: str, sides: Sequence[Side]) -> object:
    return bars(title, [Bar(each.name, each.tally.received, was=each.was.received) for each in sides[:SHOWN]])


def _sides(who: Visitor, found: Sequence[Compared], by: By, lang: int) -> list[Side]:
    return [
        Side(_name(who, each.name, by, lang), {by.value: each.name} if each.name else {}, each.this, each.was)
        for each in found
    ]


def _name(who: Visitor, name: str, by: By, lang: int) -> str:
    if not name:
        return t("未确定", lang)
    if by in {By.UNIT, By.TOWNSHIP} and who.world.organisation and (unit := who.world.organisation.unit(name)):
        return (unit.en or unit.zh) if lang == EN else unit.zh
    if by is By.CHANNEL and (channel := who.world.newest.channels.get(name)):
        return channel.en if lang == EN else channel.zh
    return name
