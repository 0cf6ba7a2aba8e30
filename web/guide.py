"""How this works: the guide of the reader's role, in their language."""

from functools import cache
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException

from adapters.guides import LANGUAGES, NAME, SCREENS, Drawing, Guide, Page, drawn, guides_of, pictures_of
from web.pages import page
from web.people import Visitor, visitor
from web.speech import t

routes = APIRouter(include_in_schema=False)
HOME: Final = "/guide"

Who = Annotated[Visitor, Depends(visitor)]


@routes.get(HOME)
def guides(request: Request, who: Who) -> Response:
    """Show all guides, the reader's own first."""
    mine = guides_of(who.person.roles)
    return page(request, "guides.html", {"mine": mine, "others": [each for each in Guide if each not in mine]}, who=who)


@routes.get(HOME + "/{name}")
def guide(request: Request, who: Who, name: str) -> Response:
    """Show a guide.

    Raises:
        HTTPException: there is none of that name.
    """
    found = next((each for each in Guide if each.value == name), None)
    if found is None:
        raise HTTPException(404)
    return shown(request, who, found)


def shown(request: Request, who: Visitor, found: Guide) -> Response:
    """Show a guide in the reader's language, with the pictures that have been made."""
    lang = LANGUAGES[who.lang]
    there = frozenset(each for each in pictures_of(found, lang) if (SCREENS / lang / each).is_file())
    told = _drawn(found, who.lang, there)
    return page(request, "guide.html", {"told": told, "body": Markup(told.body)}, who=who)  # noqa: S704 - drawn here


@routes.get(HOME + "/{lang}/{picture}")
def picture(who: Who, lang: str, picture: str) -> Response:  # noqa: ARG001 - for whoever is logged in
    """Give a picture of a guide, where the pictures have been made.

    Raises:
        HTTPException: there is none.
    """
    if lang not in LANGUAGES or not NAME.fullmatch(picture) or not (path := SCREENS / lang / picture).is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@cache
def _drawn(found: Guide, lang: int, there: frozenset[str]) -> Page:
    def drawing(name: str, caption: str) -> str:
        said = escape(t("图：{what}", lang, what=caption))
        if name not in there:
            return str(Markup('<p class="dim">{}</p>').format(said))
        # Folded away it is fetched by whoever opens it, and nobody waits for it.
        image = Markup('<img src="{}/{}/{}" alt="{}" loading="lazy">').format(HOME, LANGUAGES[lang], name, caption)
        return str(Markup('<details class="shot"><summary>{}</summary>{}</details>').format(said, image))

    def way(where: str) -> str | None:
        name = where.removesuffix(".md")
        return f"{HOME}/{name}" if name in set(Guide) else HOME if name == "../README" else where

    return drawn(found, LANGUAGES[lang], Drawing(drawing, way))
