"""Taking a petition in: one screen, its draft kept under seal, similar cases and the unit shown while it is typed."""

import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters.access.log import Deed
from adapters.attachments.store import Origin
from adapters.ledger import kept
from adapters.similar.finding import SHOWN, typed
from adapters.words import left
from models.commands import Register
from models.counting import legal_day
from models.lifecycle import BY_COMMAND
from models.organisation import Organisation
from models.refusals import NotForYou, Refused
from models.routing import Route, route
from models.vocabulary import Kind
from web.alike import alike_to
from web.files import taken_in
from web.filling import Around, boxes, read, uploads_of, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act

routes = APIRouter(include_in_schema=False)
INTAKE: Final = ("channel", "place", "types", "summary", "respondent")
"""The fields of the intake form, in the order a clerk hears them; place and type first, as similar cases go by them."""
MORE: Final = ("spot", "star", "filings", "campaign", "batch", "named")
"""What most petitions do not need; folded away."""
SECRET: Final = ("petitioner", "contact", "text")
LONGEST: Final = 250_000
"""Characters of a draft: the petitioner's own words may be 200,000."""
NOT_TYPED: Final = frozenset({"csrf", "key"})

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def _may(house: House, who: Visitor) -> None:
    """Turn away whoever takes no petitions in; that is kept.

    Raises:
        NotForYou: they do not.
    """
    if not {role for row in BY_COMMAND[Kind.PETITION, "register"] for role in row.by} & set(who.actor.roles):
        house.log.tell(who.actor.id, Deed.ACT, granted=False, why="register")
        raise NotForYou(person=who.actor.id, what=Register.zh, what_en=Register.en)


def _page(
    request: Request,
    house: House,
    who: Visitor,
    values: Mapping[str, str],
    key: str,
    *,
    trouble: Trouble | None = None,
    **more: object,
) -> Response:
    world = who.world
    policy = world.policies[world.policy_at(house.desk.moments.now())]
    found = {box.path: box for box in boxes(Register, Around(world.organisation, policy, values=values))}
    given = {
        "boxes": [found[name] for name in INTAKE],
        "more": [found[name] for name in MORE],
        "places": _places(world.organisation),
        "opened": any(name.partition(".")[0] in MORE for name in values),
        "values": values,
        "key": key,
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
        "draft_at": None,
        **_around(house, who, values),
        **more,
    }
    return page(request, "intake.html", given, who=who, status=trouble.status if trouble else 200)


def _places(organisation: Organisation | None) -> list[str]:
    """Return the names of the townships and of what lies in their grids, for the place to be chosen from."""
    if organisation is None:
        return []
    townships = {each.id: each.zh for each in organisation.units if each.township and not each.closed}
    within_them = [grid for grid in organisation.grids if grid.unit in townships]
    grids = [f"{townships[grid.unit]}{name}" for grid in within_them for name in grid.names]
    return list(dict.fromkeys([*townships.values(), *grids]))


def _around(house: House, who: Visitor, values: Mapping[str, str]) -> dict[str, object]:
    """Return what is shown beside the form: cases that may be the same, and where the petition would go."""
    data, now = read(Register, values), house.desk.moments.now()
    place, told = str(data.get("place", "")), data.get("types", [])
    types = [str(each) for each in told] if isinstance(told, list) else []
    goes: Route | None = None
    if place:
        policy = who.world.policies[who.world.policy_at(now)]
        channel, star = str(data.get("channel", "")), bool(data.get("star"))
        goes = route(who.world, policy, place, types, channel, star=star, at=now)
    said = {name: str(data.get(name, "")) for name in ("summary", "respondent", "spot")}
    wanted = typed(
        place,
        said["summary"],
        respondents=[said["respondent"]],
        types=types,
        day=legal_day(now),
        spot=said["spot"],
    )
    alike = alike_to(house, who, wanted, limit=SHOWN)
    return {"alike": alike, "goes": goes, "place": place, "now": now, "left": left}


@routes.get("/intake")
def intake_page(request: Request, house: At, who: Who) -> Response:
    """Show the intake form to whoever may send it, with the draft they left.

    Raises:
        NotForYou: they take no petitions in; that is kept.
    """
    _may(house, who)
    draft = house.drafts.of(who.actor.id)
    if draft and _registered(house, who, draft.key):
        # What was kept on its way while the petition was registered.
        house.drafts.drop(who.actor.id)
        draft = None
    if draft is None:
        return _page(request, house, who, {}, str(uuid.uuid4()))
    return _page(request, house, who, draft.values, draft.key, draft_at=draft.at)


def _registered(house: House, who: Visitor, key: str) -> bool:
    with house.desk.database.reading() as connection:
        return bool(kept(connection, [f"console/{who.actor.id}/{key}"]))


@routes.post("/intake")
def intake(request: Request, house: At, who: Who, form: Form) -> Response:
    """Take a petition in; what is not right is told, and nothing that was typed is lost."""
    check_form(form, who.csrf)
    values = _typed(form)
    key = _key(form)
    secret = {name: values[f"secret.{name}"] for name in SECRET if values.get(f"secret.{name}")}
    data = read(Register, values)
    with ExitStack() as files:
        try:
            # Whatever is not taken is said before anything is registered.
            brought = [files.enter_context(taken_in(house, each, name)) for name, each in uploads_of(form)]
            # Each filing came by the channel of the petition itself where nothing else was said.
            Register.model_validate(data)
            receipt = act(house, who, None, "register", data, key=key, door="console", secret=secret)
        except (Refused, ValidationError) as fault:
            return _page(request, house, who, values, key, trouble=trouble_of(fault))
        for each in brought:
            house.files.keep(receipt.case, each, by=who.actor.id, at=house.desk.moments.now(), origin=Origin.PETITIONER)
    house.drafts.drop(who.actor.id)
    return RedirectResponse(f"/cases/{receipt.case}/receipt", 303)


@routes.post("/intake/similar")
def alike(request: Request, house: At, who: Who, form: Form) -> Response:
    """Show which cases may be the same and where the petition would go; a script asks for that part alone.

    What is typed comes as a form and not in the address, which others write down.
    """
    check_form(form, who.csrf)
    _may(house, who)
    values = _typed(form)
    if request.headers.get("x-part"):
        return page(request, "similar.html", _around(house, who, values), who=who)
    return _page(request, house, who, values, _key(form))


@routes.post("/intake/draft")
def keep_draft(request: Request, house: At, who: Who, form: Form) -> Response:
    """Keep what is typed under seal, or forget it (``drop``)."""
    check_form(form, who.csrf)
    _may(house, who)
    values, key = _typed(form), _key(form)
    if form.get("drop") or not values:
        house.drafts.drop(who.actor.id)
    elif sum(map(len, values.values())) <= LONGEST and not _registered(house, who, key):
        house.drafts.keep(who.actor.id, key, values)
    return Response(status_code=204) if request.headers.get("x-part") else RedirectResponse("/intake", 303)


def _key(form: FormData) -> str:
    return text(form, "key")[:60] or str(uuid.uuid4())


def _typed(form: FormData) -> dict[str, str]:
    return {name: value for name, value in values_of(form).items() if name not in NOT_TYPED}
