"""Daily roots, for auditors and administrators: which there are, who witnesses them, and each as it is printed."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from adapters.roots import keys, making, origins, proofs
from adapters.roots.delivering import Delivery, delivered, witnesses
from models.checkpoint import VerifyingKey
from models.permissions import Sight
from models.vocabulary import Fate
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, require, visitor

routes = APIRouter(include_in_schema=False)
MOST: Final = 40
"""Roots that are shown."""
LATE: Final = timedelta(hours=36)
"""So old the newest root is when something keeps the next one from being made, or from being brought to its witness."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/roots")
def roots(request: Request, house: At, who: Who) -> Response:
    """Show the newest roots, what became of each at the witnesses, the keys, and the forks."""
    require(house, who, Sight.ROOTS)
    now = house.desk.moments.now()
    with house.desk.database.reading() as connection:
        found, came = making.listed(connection, MOST), delivered(connection)
        generations, known = origins.every(connection), keys.known(connection)
    by_size: dict[int, list[Delivery]] = {}
    for each in came:
        by_size.setdefault(each.size, []).append(each)
    witnessed = next((each for each in found if any(one.fate is Fate.SENT for one in by_size.get(each.size, ()))), None)
    given = {
        "roots": found,
        "came": by_size,
        "witnessed": witnessed,
        "late": found[0] if found and now - found[0].made_at > LATE else None,
        "unwitnessed": found[0] if found and found[0] != witnessed else None,
        # The worker's machine may know a witness that this one does not.
        "witnesses": bool(came or witnesses(house.desk.settings.data, house.desk.settings.witness_folder)),
        "forks": generations[1:],
        "keys": [(_text(generations[-1].name, each), each) for each in known] if generations else [],
        "most": MOST,
    }
    return page(request, "roots.html", given, who=who)


@routes.get("/roots/{size}.txt")
def note(house: At, who: Who, size: int) -> Response:
    """Hand a root's signed text over."""
    require(house, who, Sight.ROOTS)
    with house.desk.database.reading() as connection:
        found = making.root_of(connection, size)
    if found is None:
        raise HTTPException(404)
    name = {"Content-Disposition": f'attachment; filename="root-{size}.root.txt"'}
    return Response(found.note, media_type="text/plain; charset=utf-8", headers=name)


@routes.get("/roots/{size}")
def root(request: Request, house: At, who: Who, size: int) -> Response:
    """Show a root as it is printed, signed and filed."""
    require(house, who, Sight.ROOTS)
    with house.desk.database.reading() as connection:
        found = making.root_of(connection, size)
        if found is None:
            raise HTTPException(404)
        before = making.before(connection, found)
        origin = proofs.origin_of(connection, found)
        given = {
            "root": found,
            "digits": found.root.hex(),
            "origin": origin,
            "before": before,
            "proof": [each.hex() for each in proofs.consistent(connection, before, found)] if before else [],
            "keys": proofs.verifying(connection, origin),
            "came": delivered(connection, size),
        }
    return page(request, "root.html", given, who=who)


def _text(origin: str, key: keys.SigningKey) -> str:
    return VerifyingKey(origin, key.public).text
