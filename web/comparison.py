"""Districts and periods side by side: townships against each other, two periods, this county beside others."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue, ValidationError
from starlette.datastructures import FormData

from adapters.access.log import Deed
from adapters.comparison import Comparison, called_as, compare, counting, write_comparison
from adapters.words import term_of
from models.comparison import period_kept, period_said
from models.counting import legal_day
from models.envelope import Receipt
from models.indicator_commands import RecordCount
from models.permissions import Sight
from models.refusals import Malformed, NotForYou, Refused
from models.statistics import By
from models.vocabulary import Kind
from web.charts import Bar, bars
from web.filling import Around, boxes, read, values_of
from web.house import House, house_of
from web.pages import page, with_query
from web.people import Visitor, check_form, lang_of, require, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import may
from web.speech import t
from web.workbooks import xlsx

routes = APIRouter(include_in_schema=False)
SHOWN: Final = 20
"""Bars of a chart; its table has them all."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Asked:
    """Two periods as they are said, and by what they are put side by side."""

    now: str
    was: str
    by: By


def compared(house: House, who: Visitor, asked: Asked) -> Comparison:
    """Return two periods side by side.

    Raises:
        NotForYou: figures are not for them.
        Malformed: a period is none.
    """
    require(house, who, Sight.FIGURES)
    periods = {name: period_said(getattr(asked, name)) for name in ("now", "was")}
    now, was = periods["now"], periods["was"]
    if now is None or was is None:
        wrong = "now" if now is None else "was"
        why = "期间应如 2023、2023-Q3、2023-09、2023-09-06..2023-09-26 / a period is such as 2023, 2023-Q3, 2023-09"
        raise Malformed(field=wrong, why=why)
    return compare(house.desk.database, who.world, now, was, asked.by, house.desk.moments.now())


def asked_of(house: House, given: dict[str, str]) -> Asked:
    """Return what is asked for; this year and the last where nothing is said."""
    year = legal_day(house.desk.moments.now()).year
    by = term_of(By, given.get("by", "")) or By.TOWNSHIP
    now, was = (period_kept(given.get(name, "")) for name in ("now", "was"))
    return Asked(now or str(year), was or str(year - 1), by)


def _query(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip()[:24] for name in ("now", "was", "by")}


@routes.get("/compare")
def compare_page(request: Request, house: At, who: Who) -> Response:
    """Show the comparison, and let a district's count be entered."""
    return _page(request, house, who)


@routes.post("/compare")
def enter(request: Request, house: At, who: Who, form: Form) -> Response:
    """Enter a district's count; what is not right is told, and nothing that was typed is lost."""
    check_form(form, who.csrf)
    values = values_of(form)
    data = read(RecordCount, values)
    try:
        recorded(house, who, data, text(form, "key")[:60] or None, "console")
    except (Refused, ValidationError) as fault:
        return _page(request, house, who, trouble_of(fault), values)
    query, period = _query(request), period_kept(values["period"])
    # What was entered is shown: beside what was compared, or as what is.
    if period != asked_of(house, query).was:
        query["now"] = period
    return RedirectResponse(f"/compare?{with_query(query, done=RecordCount.name)}", 303)


def recorded(house: House, who: Visitor, data: dict[str, JsonValue], key: str | None, door: str) -> Receipt:
    """Enter a district's count, where they are kept; the register of them is opened with the first.

    Raises:
        NotForYou: they enter none; that is kept.
        Refused: why not.
        ValidationError: what was filled in cannot be.
    """
    if not may(who, Kind.INDICATOR, RecordCount.name):
        house.log.tell(who.actor.id, Deed.ACT, granted=False, about="count", why="职责 role")
        raise NotForYou(person=who.actor.id, what=RecordCount.zh, what_en=RecordCount.en)
    RecordCount.model_validate(data)
    own = f"{door}/{who.actor.id}/{key or uuid.uuid4()}"
    envelopes = counting(house.desk.database, data, actor=who.actor.id, key=own, via={"door": door})
    return house.desk.door.perform(envelopes)[-1]


def _page(
    request: Request,
    house: House,
    who: Visitor,
    trouble: Trouble | None = None,
    values: dict[str, str] | None = None,
) -> Response:
    require(house, who, Sight.FIGURES)
    asked, lang = asked_of(house, _query(request)), lang_of(request)
    found: Comparison | None = None
    try:
        found = compared(house, who, asked)
    except Malformed as fault:
        trouble = trouble or trouble_of(fault)
    now = house.desk.moments.now()
    year = legal_day(now).year
    around = Around(who.world.organisation, who.world.policies[who.world.policy_at(now)], None, values or {})
    rows = [(called_as(who.world, asked.by, each.name), each) for each in found.rows] if found else []
    by_side = [Bar(name, each.this.received, was=each.was.received) for name, each in rows[:SHOWN]]
    others = [Bar(each.name, each.now or 0, was=each.was) for each in found.districts[:SHOWN]] if found else []
    given = {
        "asked": asked,
        "found": found,
        "rows": rows,
        "chart": bars(t("两期对比", lang), by_side),
        "others": bars(t("县区对比", lang), others),
        "sides": list(By),
        "query": {"now": asked.now, "was": asked.was, "by": asked.by.value},
        "usual": [str(year), str(year - 1), *(f"{year}-Q{each}" for each in range(1, 5)), f"{year}-{now:%m}"],
        "lists": who.sees(Sight.CASES) is not None,
        "boxes": boxes(RecordCount, around) if may(who, Kind.INDICATOR, RecordCount.name) else (),
        "values": values or {},
        "key": str(uuid.uuid4()),
        "done": request.query_params.get("done") == RecordCount.name and not trouble,
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "compare.html", given, who=who, status=trouble.status if trouble else 200)


@routes.get("/compare.xlsx")
def export(request: Request, house: At, who: Who) -> Response:
    """Give the comparison as a workbook; that it left the house is kept."""
    asked = asked_of(house, _query(request))
    found = compared(house, who, asked)
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "compare.xlsx"
        write_comparison(path, who.world, found)
        held = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="compare", why=f"xlsx {len(found.rows)}")
    return xlsx("compare.xlsx", held)
