"""Pages: Jinja forms with everything escaped, the words in the reader's language, one style sheet."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.guides import guides_of
from adapters.moments import RealMoments
from models.instants import shown, shown_due
from models.organisation import COUNTY, Organisation
from models.permissions import Sight
from models.vocabulary import Light, Role, Status, Term
from web.house import house_of
from web.people import Visitor, lang_of, reads_traditional
from web.speech import EN, t
from web.traditional import traditional

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
TONES: Final = {
    Status.CLOSED: "good",
    Status.SIGNED_OFF: "good",
    Status.INTERIM: "wait",
    Status.REVIEWING: "wait",
    Status.RECONSIDERING: "wait",
    Status.DECLINED: "over",
    Status.REFERRED: "over",
    Status.WITHDRAWN: "over",
}
"""The tone of a status beside its word; what is not here is at work."""
LIGHTS: Final = {Light.GREEN: "good", Light.BLUE: "work", Light.YELLOW: "wait", Light.RED: "late"}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        style=f"/static/desk.css?v={digest('desk.css')}",
        script=lambda name: f"/static/{name}?v={digest(name)}",
        shown=shown,
        shown_due=shown_due,
        tone=lambda status: TONES.get(status, "work"),
        light_tone=LIGHTS.__getitem__,
        with_query=with_query,
        Role=Role,
        Sight=Sight,
    )
    return made


@cache
def digest(name: str) -> str:
    """Return what changes with a static file's content, so that it may be kept for ever."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def with_query(given: Mapping[str, str], **changed: str | None) -> str:
    """Return a query with some of its parts changed, those that are None or empty left out."""
    return urlencode({name: value for name, value in {**given, **changed}.items() if value})


def _person(organisation: Organisation | None, name: str | None) -> str:
    """Return what a person is called; where several are called so, the id stands beside it."""
    found = organisation.person(name) if organisation and name else None
    if organisation is None or found is None:
        return name or ""
    return found.name if len(organisation.people_called(found.name)) == 1 else f"{found.name} {found.id}"


def _unit(organisation: Organisation | None, name: str | None, lang: int) -> str:
    """Return what a unit is called."""
    if name == COUNTY:
        return t("县级", lang)
    found = organisation.unit(name) if organisation and name else None
    if found is None:
        return name or ""
    return (found.en or found.zh) if lang == EN else found.zh


def _guide(who: Visitor | None) -> str:
    """Return where somebody finds how this works: the guide of their role, or all where that is not one."""
    if who is None or who.must_change:
        return ""
    mine = guides_of(who.person.roles)
    return f"/guide/{mine[0]}" if len(mine) == 1 else "/guide"


def page(
    request: Request,
    name: str,
    given: Mapping[str, object],
    *,
    status: int = 200,
    who: Visitor | None = None,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a page made from a form of ``templates`` with what is given to it."""
    lang = lang_of(request)
    hant = lang != EN and reads_traditional(request)
    world = who.world if who else None
    organisation = world.organisation if world else None

    def term(word: Term | None) -> str:
        return "" if word is None else (word.en if lang == EN else word.zh)

    told = {
        "t": lambda key, **values: t(key, lang, **values),
        "term": term,
        "pick": lambda pair: pair[lang],
        "lang": lang,
        "colon": ": " if lang == EN else "：",
        "comma": ", " if lang == EN else "、",
        "code": "en" if lang == EN else "zh-Hant" if hant else "zh-CN",
        "hant": hant,
        "who": who,
        "provider": house_of(request).provider is not None,
        "organisation": organisation,
        "here": request.url.path,
        "guide": _guide(who),
        # A desk whose clock runs fast cannot be counted along with by a browser.
        "real_time": isinstance(house_of(request).desk.moments, RealMoments),
        "now_at": datetime.now().astimezone(),
        "person": lambda each: _person(organisation, each),
        "unit": lambda each: _unit(organisation, each, lang),
    }
    html = _environment().get_template(name).render({**told, **given})
    if hant:
        html = traditional(html)
    kept = {
        "Content-Language": "en" if lang == EN else "zh-Hant" if hant else "zh",
        "Vary": "Cookie, Accept-Language",
        **(headers or {}),
    }
    return HTMLResponse(html, status, kept)
