"""Administration: what the desk rests on, and where each of it is changed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters import queries, tables
from adapters.access.log import Deed
from adapters.organisation_import import import_organisation, organisation_of, posts_of
from adapters.organisation_writing import write_organisation
from adapters.spreadsheets import SheetError
from models.case import Case
from models.permissions import Sight, may_see
from models.refusals import Refused
from models.vocabulary import STANDING, Kind, Status
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import trouble_of
from web.workbooks import laid, xlsx

routes = APIRouter(include_in_schema=False)
KINDS: Final = (Kind.ORGANISATION, Kind.POLICY, Kind.CALENDAR, Kind.CAMPAIGN)
SHOWN: Final = 50

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/admin")
def admin(request: Request, house: At, who: Who) -> Response:
    """Show what the desk rests on; each stream's own page has its commands as forms and its history."""
    require(house, who, Sight.ACCOUNTS)
    return _admin(request, house, who)


def _admin(request: Request, house: House, who: Visitor, status: int = 200, **more: object) -> Response:
    now = house.desk.moments.now()
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.kind.in_([kind.value for kind in STANDING])).order_by(columns.id)
    with house.desk.database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    streams = [each for each in found if may_see(who.world, each, who.actor, now)]
    organisation = who.world.organisation
    given = {
        "groups": [(kind, mine) for kind in KINDS if (mine := [each for each in streams if each.kind is kind])],
        "people": [each for each in organisation.people if not each.retired] if organisation else [],
        "accounts": sum(not each.closed for each in house.accounts.every()),
        "policies": who.world.policies,
        "faults": faults_open(house),
        "current": who.world.policy_at(now),
        "said": "",
        "told": None,
        "done": False,
        **more,
    }
    return page(request, "admin.html", given, who=who, status=status)


def faults_open(house: House) -> list[Case]:
    """Return the discrepancies that nobody has cleared up yet, the first of them."""
    return list(queries.listed(house.desk.database, queries.Filter(kind=Kind.FAULT, status=Status.FAULTY), SHOWN))


@routes.get("/admin/organisation.xlsx")
def workbook(house: At, who: Who) -> Response:
    """Give who there is as a workbook that can be changed and brought back; that it left the house is kept."""
    require(house, who, Sight.ACCOUNTS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "organisation.xlsx"
        write_organisation(path, organisation_of(house.desk), posts_of(house.desk))
        made = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="organisation", why="xlsx")
    return xlsx("organisation.xlsx", made)


@routes.post("/admin/organisation")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Take who there is from a workbook: tell what would differ, or (``deed=import``) set it through the door."""
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    dry_run, upload = text(form, "deed") != "import", form.get("file")
    try:
        with laid(upload) as path:
            reason, via = text(form, "reason")[:200], {"door": "console"}
            done = import_organisation(
                house.desk, path, actor=who.actor.id, dry_run=dry_run, via=via, reason=reason or "organisation.xlsx"
            )
    except SheetError as fault:
        return _admin(request, house, who, 422, said=(fault.zh, fault.en))
    except (Refused, ValidationError) as fault:
        trouble = trouble_of(fault)
        return _admin(request, house, who, trouble.status, said=(trouble.zh, trouble.en))
    return _admin(request, house, who, told=done.differences.told(), done=done.receipt is not None)
