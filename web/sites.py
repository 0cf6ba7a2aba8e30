"""The site ledger (一企一策): which sites there are; one with what is there; like sites, to be checked."""

import uuid
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue, ValidationError
from starlette.datastructures import FormData

from adapters import queries
from adapters.access.log import Deed
from adapters.site_sheet import SitesReport, import_sites, write_sites
from adapters.sites import at_site, like, sites
from adapters.spreadsheets.doubts import SheetError
from models.case import Case
from models.refusals import NotForYou, Refused, Unknown
from models.site_commands import CheckAlikeSites, RegisterSite
from models.vocabulary import Kind
from web.filling import Around, boxes, read, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, case_of, may, seen, within
from web.workbooks import laid, xlsx

routes = APIRouter(include_in_schema=False)

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]
PLACE = "place_at_site"
MEASURE = "举一反三：对照 {case} 反映的问题核查 {site}"
"""What a task is called that has a like site checked."""


@routes.get("/sites")
def sites_page(request: Request, house: At, who: Who) -> Response:
    """Show the sites, found by words and trade; and put one into the ledger."""
    return _list(request, house, who)


@routes.post("/sites")
def register(request: Request, house: At, who: Who, form: Form) -> Response:
    """Put a site into the ledger; what is not right is told, and nothing that was typed is lost.

    Raises:
        NotForYou: they register no sites.
    """
    check_form(form, who.csrf)
    if not may(who, Kind.SITE, "register_site"):
        raise NotForYou(person=who.actor.id, what=RegisterSite.zh, what_en=RegisterSite.en)
    values = values_of(form)
    data = read(RegisterSite, values)
    try:
        RegisterSite.model_validate(data)
        receipt = act(house, who, None, "register_site", data, key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        return _list(request, house, who, trouble_of(fault), values)
    return RedirectResponse(f"/sites/{quote(receipt.case)}", 303)


@routes.get("/sites/export.xlsx")
def export(request: Request, house: At, who: Who) -> Response:
    """Give the sites that the page shows as a workbook; that it left the house is kept."""
    words, trade = (request.query_params.get(name, "")[:100] for name in ("q", "trade"))
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "sites.xlsx"
        count = write_sites(path, who.world, sites_of(house, who, words, trade, limit=None))
        held = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="sites", why=f"xlsx {count}")
    return xlsx("sites.xlsx", held)


@routes.post("/sites/import")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Register and correct sites from a workbook: tell what would be, or (``deed=import``) do it through the door.

    Raises:
        NotForYou: they register no sites.
    """
    check_form(form, who.csrf)
    if not may(who, Kind.SITE, "register_site"):
        raise NotForYou(person=who.actor.id, what=RegisterSite.zh, what_en=RegisterSite.en)
    try:
        with laid(form.get("file")) as path:
            dry_run = text(form, "deed") != "import"
            told = import_sites(house.desk, path, actor=who.actor.id, dry_run=dry_run, via={"door": "console"})
    except SheetError as fault:
        return _list(request, house, who, Trouble(422, fault.code, fault.zh, fault.en))
    except Refused as fault:
        return _list(request, house, who, trouble_of(fault))
    return _list(request, house, who, told=told)


def sites_of(house: House, who: Visitor, words: str = "", trade: str = "", limit: int | None = 200) -> list[Case]:
    """Return the sites that somebody may see, the newest first."""
    wanted = within(house, who, queries.Filter(kind=Kind.SITE, words=words.replace("\0", "") or None))
    return seen(house, who, sites(house.desk.database, wanted, trade=trade, limit=limit))


def _list(
    request: Request,
    house: House,
    who: Visitor,
    trouble: Trouble | None = None,
    values: dict[str, str] | None = None,
    told: SitesReport | None = None,
) -> Response:
    words, trade = (request.query_params.get(name, "")[:100] for name in ("q", "trade"))
    found = sites_of(house, who, words, trade)
    around = Around(
        who.world.organisation, who.world.policies[who.world.policy_at(house.desk.moments.now())], None, values or {}
    )
    given = {
        "sites": found,
        "q": words,
        "trade": trade,
        "trades": sorted(Counter(each.trade for each in sites_of(house, who) if each.trade)),
        "boxes": boxes(RegisterSite, around) if may(who, Kind.SITE, "register_site") else (),
        "values": values or {},
        "told": told,
        "key": str(uuid.uuid4()),
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "sites.html", given, who=who, status=trouble.status if trouble else 200)


@routes.get("/sites/{number}")
def site_page(house: At, who: Who, number: str) -> Response:
    """Lead to a site's page: it is a stream like a case, with its facts, forms and story."""
    return RedirectResponse(f"/cases/{quote(case_of(house, who, number, Kind.SITE).id)}", 303)


def there(house: House, who: Visitor, site: Case) -> dict[str, list[Case]]:
    """Return what is at a site and somebody may see: petitions, tasks, patrols."""
    found = seen(house, who, at_site(house.desk.database, site.id))
    return {
        kind.value: [each for each in found if each.kind is kind]
        for kind in (Kind.PETITION, Kind.RECTIFICATION, Kind.PATROL)
    }


def like_of(house: House, who: Visitor, case: Case, *, everywhere: bool = False) -> list[Case]:
    """Return the sites like the one a petition is about, that somebody may see."""
    if not case.site:
        return []
    return seen(house, who, like(house.desk.database, case_of(house, who, case.site, Kind.SITE), everywhere=everywhere))


@routes.post("/cases/{number}/alike-sites")
def check_alike(house: At, who: Who, form: Form, number: str) -> Response:
    """Have like sites checked, a task for each that was ticked, by the day that was named.

    Raises:
        Refused: why not.
        Unknown: none was ticked, or one is not like it.
    """
    check_form(form, who.csrf)
    case = case_of(house, who, number)
    known = {each.id: each for each in like_of(house, who, case, everywhere=True)}
    chosen = [str(each) for each in form.getlist("site")]
    if not chosen or not set(chosen) <= known.keys():
        raise Unknown(case=next((each[:64] for each in chosen if each not in known), "—"))
    plans = [
        {
            "measure": MEASURE.format(case=case.id, site=known[each].title)[:200],
            "target": text(form, "target"),
            "unit": known[each].unit or case.unit,
            "handler": known[each].handler,
            "site": each,
        }
        for each in chosen
    ]
    plain: list[JsonValue] = [{name: value for name, value in plan.items() if value} for plan in plans]
    data: dict[str, JsonValue] = {"task_plans": plain, "reason": text(form, "reason")[:1000]}
    act(house, who, case.id, CheckAlikeSites.name, data, key=text(form, "key")[:60] or None, door="console")
    return RedirectResponse(f"/cases/{quote(case.id)}?done={CheckAlikeSites.name}", 303)
