"""An existing ledger (台账) in and out: rehearsed first, brought with its history, exported as the same rows."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.access.log import Deed
from adapters.campaigns import campaign_of
from adapters.exporting import export_sheet
from models.history_commands import RecordHistory
from models.lifecycle import BY_COMMAND
from models.permissions import Reach, Sight
from models.refusals import NotForYou, NotYours, Refused, Unknown
from models.vocabulary import Kind
from web.bringing import PROFILE
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, caller, check_form, require, sent, text, visitor
from web.problems import trouble_of
from web.reading import may, seen
from web.workbooks import laid, xlsx

routes = APIRouter(include_in_schema=False)
SHOWN: Final = 40
"""Doubts on the page; the workbook of the rows in doubt has them all."""
REFRESH: Final = 2
"""Seconds after which a page with an import under way is looked at again."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
Caller = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


def admit(house: House, who: Visitor) -> None:
    """Let in whoever tells the history of what comes in; a denial is kept.

    Raises:
        NotYours: they do not.
    """
    if not may(who, Kind.PETITION, RecordHistory.name):
        house.log.tell(who.actor.id, Deed.ACT, granted=False, about="ledger", why="职责 role")
        roles = dict.fromkeys(role for row in BY_COMMAND[Kind.PETITION, RecordHistory.name] for role in row.by)
        raise NotYours(
            command="导入台账",
            command_en="bring a ledger in",
            roles="、".join(role.zh for role in roles),
            roles_en=", ".join(role.en for role in roles),
            person=who.actor.id,
        )


@routes.get("/lists/import")
def import_page(request: Request, house: At, who: Who) -> Response:
    """Ask for a ledger, or for a ``campaign``'s table; show how far one has come, and what came of it.

    Raises:
        Unknown: there is no such campaign.
    """
    admit(house, who)
    return _shown(request, house, who)


@routes.post("/lists/import")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Begin to tell what would become of each row, or (``deed=import``) to bring them through the door."""
    check_form(form, who.csrf)
    admit(house, who)
    dry_run = text(form, "deed") != "import"
    try:
        with laid(form.get("file")) as path:
            begun = house.bringing.begin(
                house.desk, path.read_bytes(), who.actor.id, dry_run=dry_run, via={"door": "console"}
            )
    except Refused as fault:
        trouble = trouble_of(fault)
        return _shown(request, house, who, (trouble.zh, trouble.en), trouble.status)
    return RedirectResponse(f"/lists/import?begun={int(begun)}", 303)


def _shown(
    request: Request, house: House, who: Visitor, said: tuple[str, str] | None = None, status: int = 200
) -> Response:
    run = house.bringing
    name = request.query_params.get("campaign", "").strip()[:64] or None
    mine = run.by == who.actor.id and run.campaign == name
    given = {
        "run": run,
        "mine": mine,
        "name": name or "",
        "campaign": campaign_of(house.desk.database, name) if name else None,
        "said": said or (run.failed if mine else None),
        "other": request.query_params.get("begun") == "0",
        "shown_rows": SHOWN,
        "refresh": REFRESH if run.running and mine else 0,
    }
    return page(request, "ledger_import.html", given, who=who, status=status)


@routes.get("/lists/doubtful.xlsx")
def doubtful(house: At, who: Who) -> Response:
    """Give the rows in doubt of one's last import, to be mended.

    Raises:
        Unknown: there are none.
    """
    admit(house, who)
    run = house.bringing
    if run.doubtful is None or run.by != who.actor.id:
        raise Unknown(case="doubtful.xlsx")
    return xlsx("doubtful.xlsx", run.doubtful)


@routes.get("/lists/ledger.xlsx")
def export(request: Request, house: At, who: Who) -> Response:
    """Give the petitions as a ledger that the import reads; that it left the house is kept.

    Raises:
        NotForYou: they do not see every petition.
    """
    if require(house, who, Sight.CASES) is not Reach.ALL:
        house.log.tell(who.actor.id, Deed.EXPORT, granted=False, about="ledger", why="职责 role")
        raise NotForYou(person=who.actor.id, what="全部信访件", what_en="all petitions")
    campaign = request.query_params.get("campaign", "").strip()[:64] or None
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "ledger.xlsx"
        only = partial(seen, house, who)  # nobody reads there what is about themselves
        rows = export_sheet(house.desk.database, path, profile=PROFILE, campaign=campaign, world=who.world, only=only)
        held = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="ledger", why=f"xlsx {rows}")
    return xlsx("ledger.xlsx", held)
