"""Action plans for programs: which there are and how far; one with its items; opened by a call."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from adapters import queries
from adapters.access.tokens import Scope
from adapters.plans import items_of
from adapters.views import plan_view, progress_view, receipt_view, row_view
from models.plan_commands import OpenPlan
from models.progress import progress
from models.vocabulary import Kind
from web.answers import ListedOut, Out, ReceiptOut
from web.api import Key, as_json
from web.house import House, house_of
from web.people import Visitor, caller, require_scope
from web.plans import plans_of, standing_of
from web.reading import act, case_of

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class NewPlan(BaseModel):
    """A plan as it is opened: the fields of ``open_plan``; its items are added by the command ``add_items``."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, JsonValue] = Field(description="title, summary, unit, leader, target")


class ProgressOut(Out):
    """How far it is: items without those cancelled, done, done in time, signed off, still open, overdue."""

    total: int
    done: int
    in_time: int
    signed_off: int
    left: int
    late: int
    cancelled: int
    rate: float | None


class CategoryOut(ProgressOut):
    """The same of one category."""

    category: str


class PlanOut(ListedOut):
    """A plan and how far it has come."""

    title: str
    leader: str | None
    target: date | None
    progress: ProgressOut


class PlansOut(Out):
    """The plans, the newest first."""

    plans: list[PlanOut]


class ItemOut(ListedOut):
    """An item of a plan."""

    category: str
    leader: str | None
    target: date | None


class WholePlanOut(PlanOut):
    """A plan with its categories and the items that the asker sees."""

    categories: list[CategoryOut]
    items: list[ItemOut]


@routes.get("/plans", response_model=PlansOut)
def plans(
    house: At, who: Who, *, q: Annotated[str, Query(max_length=100, description="words of the name or number")] = ""
) -> Response:
    """Return the newest 50 action plans, each with how far it has come."""
    require_scope(house, who, Scope.READ)
    now = house.desk.moments.now()
    found = [(each, progress(items_of(house.desk.database, each), now)) for each in plans_of(house, who, q)]
    return as_json({"plans": [plan_view(each, so_far) for each, so_far in found]})


@routes.get("/plans/{number}", response_model=WholePlanOut)
def plan(house: At, who: Who, number: str) -> Response:
    """Return a plan with its progress by category and its items."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number, Kind.PLAN)
    stands = standing_of(house, who, found)
    items = [
        {
            **row_view(each),
            "summary": each.measure,
            "category": each.category,
            "leader": each.leader,
            "target": each.target.isoformat() if each.target else None,
        }
        for each in stands.items
    ]
    categories = [{"category": name, **progress_view(each)} for name, each in stands.categories]
    return as_json({**plan_view(found, stands.whole), "categories": categories, "items": items})


@routes.post("/plans", status_code=201, response_model=ReceiptOut)
def open_plan(house: At, who: Who, new: NewPlan, key: Key = None) -> Response:
    """Open an action plan."""
    require_scope(house, who, Scope.ACT)
    receipt = act(house, who, None, OpenPlan.name, new.data, key=key, door="api")
    case = queries.case(house.desk.database, receipt.case)
    return as_json(receipt_view(receipt, case), 201, {"Location": f"/api/v1/plans/{case.id}"})
