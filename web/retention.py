"""Who is kept longer than need be: proposed by the desk, decided by somebody else; and the certificate to print."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.datastructures import FormData

from adapters import certificates, retention
from adapters.certificates import judge, told
from adapters.words import term_of
from models.case import Case
from models.erasure import Erase, ProposeErasure, RefuseErasure
from models.permissions import Sight, may_see
from models.refusals import Malformed, Refused
from models.vocabulary import ErasureGrounds, Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import trouble_of
from web.reading import act, case_of, may

routes = APIRouter(include_in_schema=False)
LINES: Final = 60
"""Petitions of each sort on the page, and at most so many decided at once."""
DEEDS: Final = {"propose": ProposeErasure.name, "confirm": Erase.name, "refuse": RefuseErasure.name}

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Came:
    """What came of it for one petition: done, or why not."""

    case: str
    why: tuple[str, str] | None = None


def _page(request: Request, house: House, who: Visitor, came: list[Came] | None = None) -> Response:
    database, now = house.desk.database, house.desk.moments.now()

    def seen(case: Case) -> bool:
        return may_see(who.world, case, who.actor, now)

    due = list(islice((each for each in retention.due(database, who.world, now) if seen(each.case)), LINES + 1))
    waiting = list(islice((each for each in retention.proposed(database) if seen(each)), LINES + 1))
    given = {
        "due": due[:LINES],
        "waiting": waiting[:LINES],
        "more": len(due) > LINES or len(waiting) > LINES,
        "most": LINES,
        "rows": retention.rows_now(who.world, now),
        "grounds": list(ErasureGrounds),
        "may_propose": may(who, Kind.PETITION, ProposeErasure.name),
        "may_decide": may(who, Kind.PETITION, Erase.name),
        "me": who.actor.id,
        "key": str(uuid.uuid4()),
        "came": came,
    }
    return page(request, "retention.html", given, who=who)


@routes.get("/retention")
def overview(request: Request, house: At, who: Who) -> Response:
    """Show whose time is over and what waits to be decided, beside the rows of the policy."""
    require(house, who, Sight.RETENTION)
    return _page(request, house, who)


@routes.post("/retention")
def decide(request: Request, house: At, who: Who, form: Form) -> Response:
    """Propose, decide or refuse the chosen ones, each through the door: one that is refused keeps no other back."""
    check_form(form, who.csrf)
    require(house, who, Sight.RETENTION)
    deed = text(form, "deed")
    if deed not in DEEDS:
        raise Malformed(field="deed", why="请选择 / choose one")
    key = text(form, "key")[:40] or str(uuid.uuid4())
    chosen = [value for value in dict.fromkeys(form.getlist("case")) if isinstance(value, str)][:LINES]
    return _page(request, house, who, list(_each(house, who, chosen, deed, form, key)))


def _each(house: House, who: Visitor, chosen: list[str], deed: str, form: FormData, key: str) -> Iterable[Came]:
    grounds = term_of(ErasureGrounds, text(form, "grounds"))
    for number in chosen:
        data = {"reason": text(form, "reason")} if deed == "refuse" else {"grounds": grounds.value if grounds else ""}
        try:
            case = case_of(house, who, number[:64], Kind.PETITION)
            act(house, who, case.id, DEEDS[deed], dict(data), key=f"{key}.{case.id}", door="console")
        except (Refused, ValueError) as fault:
            trouble = trouble_of(fault)
            yield Came(number[:64], (trouble.zh, trouble.en))
        else:
            yield Came(case.id)


@routes.get("/cases/{number}/certificate")
def certificate(request: Request, house: At, who: Who, number: str) -> Response:
    """Show the certificate of an erasure, to be printed."""
    whole = _whole(house, who, number)
    judged = judge(house.desk, whole)
    given = {"case": number, "lines": told(judged.body), "whole": whole}
    return page(request, "certificate.html", given, who=who)


@routes.get("/cases/{number}/certificate.txt")
def certificate_text(house: At, who: Who, number: str) -> Response:
    """Give the signed certificate as a file, to be kept beside the keys' backups."""
    name = f'attachment; filename="certificate-{number}.txt"'
    return PlainTextResponse(_whole(house, who, number), headers={"Content-Disposition": name})


def _whole(house: House, who: Visitor, number: str) -> str:
    case = case_of(house, who, number, Kind.PETITION)
    require(house, who, Sight.RETENTION)
    return certificates.certificate(house.desk, case.id)
