"""Action plans (行动方案): which there are and how far; one with its items by category; items in from a workbook."""

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters import queries
from adapters.access.log import Deed
from adapters.plan_sheet import import_items, write_items
from adapters.plans import items_of, plans
from adapters.spreadsheets.doubts import SheetError
from models.case import Case
from models.plan_commands import AddItems, OpenPlan
from models.progress import Progress, by_category, progress
from models.refusals import NotForYou, Refused
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


class Standing(NamedTuple):
    """How a plan stands: as a whole, by category, and its items that a reader may see."""

    whole: Progress
    categories: list[tuple[str, Progress]]
    items: list[Case]


def standing_of(house: House, who: Visitor, plan: Case) -> Standing:
    """Return how a plan stands; everybody who sees the plan is told its figures, items only as they may see them."""
    found, now = items_of(house.desk.database, plan), house.desk.moments.now()
    return Standing(progress(found, now), by_category(found, now), seen(house, who, found))


def plans_of(house: House, who: Visitor, words: str = "") -> list[Case]:
    """Return the plans that somebody may see, the newest first."""
    wanted = within(house, who, queries.Filter(kind=Kind.PLAN, words=words.replace("\0", "") or None))
    return seen(house, who, plans(house.desk.database, wanted))


@routes.get("/plans")
def plans_page(request: Request, house: At, who: Who) -> Response:
    """Show the plans with how far each has come; and open one."""
    return _list(request, house, who)


@routes.post("/plans")
def open_one(request: Request, house: At, who: Who, form: Form) -> Response:
    """Open a plan; what is not right is told, and nothing that was typed is lost.

    Raises:
        NotForYou: they open no plans.
    """
    check_form(form, who.csrf)
    if not may(who, Kind.PLAN, OpenPlan.name):
        raise NotForYou(person=who.actor.id, what=OpenPlan.zh, what_en=OpenPlan.en)
    values = values_of(form)
    data = read(OpenPlan, values)
    try:
        OpenPlan.model_validate(data)
        receipt = act(house, who, None, OpenPlan.name, data, key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        return _list(request, house, who, trouble_of(fault), values)
    return RedirectResponse(f"/cases/{quote(receipt.case)}", 303)


def _list(
    request: Request, house: House, who: Visitor, trouble: Trouble | None = None, values: dict[str, str] | None = None
) -> Response:
    words = request.query_params.get("q", "")[:100]
    found, now = plans_of(house, who, words), house.desk.moments.now()
    around = Around(who.world.organisation, who.world.policies[who.world.policy_at(now)], None, values or {})
    given = {
        "plans": [(each, progress(items_of(house.desk.database, each), now)) for each in found],
        "q": words,
        "boxes": boxes(OpenPlan, around) if may(who, Kind.PLAN, OpenPlan.name) else (),
        "values": values or {},
        "key": str(uuid.uuid4()),
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "plans.html", given, who=who, status=trouble.status if trouble else 200)


@routes.get("/plans/{number}.xlsx")
def export(house: At, who: Who, number: str) -> Response:
    """Give a plan's items that a reader sees as a workbook; that it left the house is kept."""
    plan = case_of(house, who, number, Kind.PLAN)
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "items.xlsx"
        count = write_items(path, who.world, plan, standing_of(house, who, plan).items)
        held = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=plan.id, why=f"xlsx {count}")
    return xlsx(f"{plan.id}.xlsx", held)


@routes.post("/plans/{number}/import")
def bring(request: Request, house: At, who: Who, form: Form, number: str) -> Response:
    """Add a workbook's items to a plan: tell what would be added, or (``deed=import``) add them through the door.

    Raises:
        NotForYou: they add no items.
    """
    check_form(form, who.csrf)
    plan = case_of(house, who, number, Kind.PLAN)
    if not may(who, Kind.PLAN, AddItems.name):
        raise NotForYou(person=who.actor.id, what=AddItems.zh, what_en=AddItems.en)
    given: dict[str, object] = {"plan": plan, "told": None, "said": "", "status": 200}
    try:
        with laid(form.get("file")) as path:
            dry_run, via = text(form, "deed") != "import", {"door": "console"}
            given["told"] = import_items(house.desk, plan, path, actor=who.actor.id, dry_run=dry_run, via=via)
    except SheetError as fault:
        given |= {"said": (fault.zh, fault.en), "status": 422}
    except (Refused, ValidationError) as fault:
        trouble = trouble_of(fault)
        given |= {"said": (trouble.zh, trouble.en), "status": trouble.status}
    return page(request, "plan_import.html", given, who=who, status=int(str(given["status"])))
