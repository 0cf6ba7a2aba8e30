"""Storms (集中来件): which matters' filings come thick and fast, each with its filings; join them all in one go."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters import queries, tables
from adapters.paging import page as page_of
from adapters.searching import watch_tag
from models.case import Case
from models.commands import Join
from models.refusals import NotForYou, Refused, Unknown
from models.vocabulary import Kind, Status
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, sent, text, visitor
from web.reading import act, case_of, may, seen, within

routes = APIRouter(include_in_schema=False)
SHOWN = 100
"""Watches on the page, the newest."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/storms")
def storms(request: Request, house: At, who: Who) -> Response:
    """Show the storms, those that last first, and what is only watched."""
    return page(request, "storms.html", {"watches": watches_of(house, who)}, who=who)


def watches_of(house: House, who: Visitor) -> list[Case]:
    """Return the watches that somebody may see, storms first, then the newest; without those merged into others."""
    wanted = within(house, who, queries.Filter(kind=Kind.WATCH))
    lasting = page_of(house.desk.database, replace(wanted, is_open=True), limit=SHOWN).cases
    newest = page_of(house.desk.database, wanted, limit=SHOWN).cases
    found = seen(house, who, {each.id: each for each in (*lasting, *newest)}.values())
    return sorted(
        (each for each in found if each.status is not Status.MERGED), key=lambda each: each.status is not Status.STORM
    )


def watch_over(house: House, who: Visitor, case: Case) -> Case | None:
    """Return the watch that has seen a petition, where somebody may see it."""
    index, columns = tables.case_pieces.c, tables.cases.c
    some = sa.select(index.case_id).where(index.piece == watch_tag(case.id))
    query = sa.select(columns.state).where(columns.id.in_(some), columns.kind == Kind.WATCH.value)
    with house.desk.database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    shown = [each for each in seen(house, who, found) if each.status is not Status.MERGED]
    return shown[0] if shown else None


def filings_of(house: House, who: Visitor, watch: Case) -> dict[str, Case]:
    """Return the petitions that a watch has seen and somebody may see, by number."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.id.in_([each.case for each in watch.sightings]))
    with house.desk.database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    return {each.id: each for each in seen(house, who, found)}


@routes.post("/storms/{number}/join")
def join_all(house: At, who: Who, form: Form, number: str) -> Response:
    """Join every petition that a watch has seen to a leading one; what one refuses keeps the others back by nothing.

    Raises:
        Unknown: there is no such watch, or it has not seen the leading case.
        NotForYou: they join nothing.
    """
    check_form(form, who.csrf)
    watch = case_of(house, who, number)
    leading = text(form, "leading").strip()
    if watch.kind is not Kind.WATCH or leading not in {each.case for each in watch.sightings}:
        raise Unknown(case=leading[:64] or number)
    if not may(who, Kind.PETITION, Join.name):
        raise NotForYou(person=who.actor.id, what=Join.zh, what_en=Join.en)
    joined = refused = 0
    for each in watch.sightings:
        if each.case == leading:
            continue
        try:
            told = act(house, who, each.case, Join.name, {"leading": leading}, key=None, door="console")
            joined += not told.repeated
        except Refused:
            refused += 1
    return RedirectResponse(f"/cases/{quote(watch.id)}?joined={joined}&left={refused}", 303)
