"""The files of a case: taken in from forms and calls, shown to whoever sees the case, each as what it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from adapters.access.log import Deed
from adapters.attachments.sorts import MEDIA, PICTURES
from adapters.attachments.store import Attachment, Origin
from adapters.attachments.taking import Taken, take_in
from models.permissions import Sight
from models.refusals import Erased, NotForYou
from models.vocabulary import Flag
from web.house import House, house_of
from web.people import Visitor, require, visitor
from web.reading import case_of, offered

routes = APIRouter(include_in_schema=False)
ALONE: Final = "default-src 'none'; sandbox"
"""A file runs nothing and asks for nothing, whatever a browser takes it for."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def taken_in(house: House, upload: UploadFile, field: str) -> AbstractContextManager[Taken]:
    """Take an upload in as the settings allow; it lasts as long as the ``with`` block."""
    limit = house.desk.settings.file_limit * 2**20
    return take_in(upload.file, upload.filename or "", limit=limit, field=field)


def keeper(house: House, who: Visitor, case: str) -> Callable[[UploadFile, str], Taken]:
    """Return what takes an upload in, keeps it with a case, and notes who brought it."""

    def keep(upload: UploadFile, field: str) -> Taken:
        with taken_in(house, upload, field) as taken:
            house.files.keep(case, taken, by=who.actor.id, at=house.desk.moments.now())
        told = f"{taken.sort.value} {taken.sha256[:12]}"
        house.log.tell(who.actor.id, Deed.ATTACH, granted=True, about=case, why=told)
        return taken

    return keep


def may_bring(house: House, who: Visitor, number: str) -> str:
    """Return the number of a case somebody may bring files to: there is something for them to do with it.

    Raises:
        Unknown: there is no such case.
        NotForYou: there is nothing for them to do; that is kept.
    """
    case = case_of(house, who, number)
    if not offered(house, who, case):
        house.log.tell(who.actor.id, Deed.ATTACH, granted=False, about=number, why="无可办理事项 nothing to do")
        raise NotForYou(person=who.actor.id, what=f"案件 {number} 的附件", what_en=f"files of the case {number}")
    return case.id


def file_of(house: House, who: Visitor, number: str, sha256: str) -> Attachment:
    """Return a file somebody may see. What the petitioner brought may tell who they are: opening it is kept.

    Raises:
        Unknown: there is no such case.
        NotForYou: they may not see the case, or not the petitioner's own files.
        HTTPException: the case has no such file.
    """
    case = case_of(house, who, number)
    found = house.files.find(case.id, sha256)
    if found is None:
        raise HTTPException(404)
    if found.origin is Origin.PETITIONER:
        require(house, who, Sight.IDENTITY)
        if Flag.ERASED in case.flags:
            raise Erased(case=case.id)
        house.log.tell(who.actor.id, Deed.OPEN, granted=True, about=case.id, why=f"附件 file {sha256[:12]}")
    return found


def sent_file(house: House, found: Attachment) -> Response:
    """Return a file a part at a time: a picture to be looked at, anything else to be kept."""
    how = "inline" if found.sort in PICTURES else "attachment"
    parts = house.files.parts(found.case, found.sha256)
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(found.name)}",
        "Content-Length": str(found.size),
        "Content-Security-Policy": ALONE,
    }
    # What does not open is a sentence, as long as nothing is on its way yet.
    first = next(parts, b"")

    def content() -> Iterator[bytes]:
        yield first
        yield from parts

    return StreamingResponse(content(), 200, headers, MEDIA[found.sort])


@routes.get("/cases/{number}/files/{sha256}")
def file(house: At, who: Who, number: str, sha256: str) -> Response:
    """Give a file of a case."""
    return sent_file(house, file_of(house, who, number, sha256))


@routes.get("/cases/{number}/files/{sha256}/small")
def small(house: At, who: Who, number: str, sha256: str) -> Response:
    """Give a picture small, for lists.

    Raises:
        HTTPException: the case has no such picture, or it is the petitioner's own, which is opened whole or not at all.
    """
    case = case_of(house, who, number)
    found = house.files.find(case.id, sha256)
    if found is None or not found.pictured or found.origin is Origin.PETITIONER:
        raise HTTPException(404)
    return Response(
        house.files.small(case.id, sha256),
        200,
        {"Content-Security-Policy": ALONE, "Cache-Control": "private, max-age=3600"},
        "image/jpeg",
    )
