"""What GeoReport v2 asks of services, their definitions, and errors."""

import re
from collections.abc import Iterator
from typing import Final

from adapters.open311.kit.asking import Answer, Server
from adapters.open311.kit.reading import Broken, differs, read, text

FIELDS: Final = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
TYPES: Final = frozenset({"realtime", "batch", "blackbox"})
DATATYPES: Final = frozenset({"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"})
LISTS: Final = frozenset({"singlevaluelist", "multivaluelist"})
ATTRIBUTE: Final = ("variable", "code", "datatype", "required", "datatype_description", "order", "description")
TRUE_FALSE: Final = frozenset({"true", "false"})
UNKNOWN: Final = "no-such-service-4711"
DEFINITIONS: Final = 5
"""How many services' definitions are looked at."""
_UTF8: Final = re.compile(r"charset\s*=\s*\"?utf-8", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']utf-8[\"']", re.IGNORECASE)


class Skipped(Exception):  # noqa: N818 - no error
    """A rule does not apply to a server, with why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.zh, self.en = zh, en


def media(answer: Answer, form: str, where: str) -> Iterator[str]:
    """Yield what is wrong about an answer's Content-Type."""
    right = ("text/xml", "application/xml") if form == "xml" else ("application/json",)
    if not answer.media.lower().startswith(right) or (form == "xml" and not _UTF8.search(answer.media)):
        yield f"{where}: Content-Type: {answer.media}"


def answers(server: Server) -> Iterator[str]:
    """The list of services answers 200, as XML."""
    found = server.answer("services.xml")
    if found.status != 200:
        yield f"GET /services.xml: HTTP {found.status}"
    yield from media(found, "xml", "GET /services.xml")


def declared(server: Server) -> Iterator[str]:
    """XML says that it is UTF-8, and is."""
    body = server.answer("services.xml").body
    if not _DECLARED.match(body.removeprefix(b"\xef\xbb\xbf").lstrip()):
        yield f"{body[:60].decode('utf-8', 'replace')}"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as fault:
        yield str(fault)[:120]


def rows(server: Server) -> list[dict[str, object]]:
    """Return the services."""
    return server.rows("services.xml")


def listed(server: Server) -> Iterator[str]:
    """Services lie under ``services/service``, and there is one at least."""
    told = server.read("services.xml")
    if told.root != "services":
        yield f"<{told.root}>"
    if not rows(server):
        yield "0 services"


def filled(server: Server) -> Iterator[str]:
    """Every service has all fields; a code and a name are not empty."""
    for each in rows(server):
        code = text(each, "service_code")
        yield from (f"{code or '?'}: no {name}" for name in FIELDS if name not in each)
        yield from (f"{code or '?'}: {name} is empty" for name in FIELDS[:2] if name in each and not text(each, name))


def worded(server: Server) -> Iterator[str]:
    """``metadata`` is true or false, ``type`` one of three words."""
    for each in rows(server):
        code = text(each, "service_code")
        for name, words in (("metadata", TRUE_FALSE), ("type", TYPES)):
            if text(each, name) not in words:
                yield f"{code}: {name} = {text(each, name)!r:.60}"


def once(server: Server) -> Iterator[str]:
    """No two services have one code."""
    yield from twice(text(each, "service_code") for each in rows(server))


def twice(names: Iterator[str]) -> Iterator[str]:
    """Yield what occurs twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{name}: twice"
        seen.add(name)


def needs_json(server: Server) -> None:
    """Make sure that a server answers JSON, which it need not.

    Raises:
        Skipped: it does not.
    """
    if server.answer("services.json").status in {400, 404, 406, 415, 501}:
        raise Skipped("服务器不提供 JSON", "the server offers no JSON")


def json_same(server: Server) -> Iterator[str]:
    """JSON says what XML says."""
    needs_json(server)
    yield from media(server.answer("services.json"), "json", "GET /services.json")
    if found := differs(rows(server), server.rows("services.json")):
        yield f"/services: {found}"


def json_types(server: Server) -> Iterator[str]:
    """JSON knows true and false."""
    needs_json(server)
    for each in server.rows("services.json"):
        if not isinstance(each.get("metadata"), bool):
            yield f"{text(each, 'service_code')}: metadata = {each.get('metadata')!r:.60}"


def _defined(server: Server) -> list[str]:
    codes = [text(each, "service_code") for each in rows(server) if text(each, "metadata") == "true"]
    if not codes:
        raise Skipped("没有带 metadata 的服务", "no service has metadata")
    return codes[:DEFINITIONS]


def _attributes(server: Server, code: str, form: str = "xml") -> list[dict[str, object]]:
    told = server.read(f"services/{code}.{form}")
    found = told.value.get("attributes") if isinstance(told.value, dict) else None
    if not isinstance(found, list):
        raise Broken(f"{told.where}: no attributes")
    return [each for each in found if isinstance(each, dict)]


def definition(server: Server) -> Iterator[str]:
    """A service with metadata has a definition that names it."""
    for code in _defined(server):
        told = server.read(f"services/{code}.xml")
        if told.root != "service_definition":
            yield f"{told.where}: <{told.root}>"
        elif text(told.value, "service_code") != code:
            yield f"{told.where}: service_code = {text(told.value, 'service_code')!r:.60}"
        _attributes(server, code)


def attributes(server: Server) -> Iterator[str]:
    """Every attribute has its fields, in the words there are."""
    for code in _defined(server):
        found = _attributes(server, code)
        yield from twice(f"{code}: {text(each, 'code')}" for each in found)
        for each in found:
            where = f"{code}: {text(each, 'code') or '?'}"
            yield from (f"{where}: no {name}" for name in ATTRIBUTE if name not in each)
            words = (("variable", TRUE_FALSE), ("required", TRUE_FALSE), ("datatype", DATATYPES))
            yield from (
                f"{where}: {name} = {text(each, name)!r:.60}" for name, known in words if text(each, name) not in known
            )
            if not text(each, "order").isdecimal():
                yield f"{where}: order = {text(each, 'order')!r:.60}"


def values(server: Server) -> Iterator[str]:
    """An attribute that is chosen has values, each with its key and name."""
    for code in _defined(server):
        for each in _attributes(server, code):
            where = f"{code}: {text(each, 'code')}"
            told = each.get("values")
            if text(each, "datatype") not in LISTS:
                continue
            if not isinstance(told, list) or not told:
                yield f"{where}: no values"
                continue
            yield from (
                f"{where}: a value without key or name" for one in told if not text(one, "key") or not text(one, "name")
            )
            yield from twice(f"{where}: {text(one, 'key')}" for one in told)


def definition_same(server: Server) -> Iterator[str]:
    """A definition's JSON says what its XML says."""
    needs_json(server)
    for code in _defined(server):
        two = server.read(f"services/{code}.json").value
        if found := differs(server.read(f"services/{code}.xml").value, two):
            yield f"/services/{code}: {found}"


def unknown(server: Server) -> Iterator[str]:
    """A service that there is not is 404."""
    found = server.answer(f"services/{UNKNOWN}.xml")
    if found.status != 404:
        yield f"GET /services/{UNKNOWN}.xml: HTTP {found.status}"


def explained(server: Server) -> Iterator[str]:
    """An error tells its code and a sentence, in XML and JSON."""
    yield from error(server.answer(f"services/{UNKNOWN}.xml"), "xml", f"GET /services/{UNKNOWN}.xml")
    try:
        needs_json(server)
    except Skipped:
        return
    yield from error(server.answer(f"services/{UNKNOWN}.json"), "json", f"GET /services/{UNKNOWN}.json")


def error(answer: Answer, form: str, where: str) -> Iterator[str]:
    """Yield what is wrong about an error's body."""
    yield from media(answer, form, where)
    told = read(answer.body, form, where)
    if form == "xml" and told.root != "errors":
        yield f"{where}: <{told.root}>"
        return
    rows = told.value if isinstance(told.value, list) else []
    if not rows:
        yield f"{where}: no error"
    for each in rows:
        if text(each, "code") != str(answer.status):
            yield f"{where}: code = {text(each, 'code')!r:.40}, HTTP {answer.status}"
        if not text(each, "description"):
            yield f"{where}: no description"
