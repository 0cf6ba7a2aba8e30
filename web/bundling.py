"""A case's bundle of evidence, for those who have to show it elsewhere; that it left the house is kept."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from adapters.access.log import Deed
from adapters.bundle.making import Source
from adapters.bundle.making import bundle as made_of
from models.permissions import Sight
from web.house import House, house_of
from web.people import Visitor, require, visitor
from web.reading import case_of

routes = APIRouter(include_in_schema=False)
PART: Final = 2**18

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/cases/{number}/bundle.zip")
def bundle(request: Request, house: At, who: Who, number: str) -> Response:
    """Give a case's bundle, with the desk's own files where ``files`` stands in the address.

    Raises:
        Unknown: there is no such case.
        NotForYou: they may not see the case, or take bundles out; that is kept.
    """
    require(house, who, Sight.BUNDLES)
    case = case_of(house, who, number)
    parts = house.files.parts if request.query_params.get("files") else None
    what = "证据包及附件 bundle with files" if parts else "证据包 bundle"
    # Told before it is made: what then breaks off was asked for all the same.
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=case.id, why=what)
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "bundle.zip"
        made_of(Source(house.desk.database, who.world, parts), path, [case.id])
        size, file = path.stat().st_size, path.open("rb")
    # The folder is gone; the file lasts as long as somebody reads it.
    name = quote(f"{case.id}.zip", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Content-Length": str(size)}
    return StreamingResponse(_parts(file), 200, headers, "application/zip")


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(PART), b"")
