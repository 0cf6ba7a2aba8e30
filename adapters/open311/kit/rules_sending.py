"""What GeoReport v2 asks of a request that is sent.

These make requests, so they are asked only where that is wanted.
"""

from collections.abc import Iterator
from typing import Final

from adapters.open311.kit.asking import Answer, Server
from adapters.open311.kit.reading import Broken, read, text
from adapters.open311.kit.rules_requests import STATUSES
from adapters.open311.kit.rules_services import UNKNOWN, Skipped, error, media, rows

WORDS: Final = "Open311 conformance test / 一致性测试，请忽略"
PLACE: Final = {"lat": "26.8866", "long": "112.5712", "address_string": "Open311 test"}


def _form(server: Server) -> dict[str, str]:
    if not server.send:
        raise Skipped("未要求提交（--send）", "not asked to send (--send)")
    found = rows(server)
    if not found:
        raise Broken("0 services")
    # What has no metadata needs no attributes.
    simple = sorted(found, key=lambda each: text(each, "metadata") == "true")
    return {"service_code": text(simple[0], "service_code"), "description": WORDS, **PLACE}


def _refused(answer: Answer, status: int, what: str) -> Iterator[str]:
    if answer.status != status:
        yield f"POST /requests.xml, {what}: HTTP {answer.status}"
    else:
        yield from error(answer, "xml", f"POST /requests.xml, {what}")


def without_key(server: Server) -> Iterator[str]:
    """Without a key nothing is taken."""
    yield from _refused(server.sent("requests.xml", _form(server), keyed=False), 403, "no api_key")


def without_service(server: Server) -> Iterator[str]:
    """Without a service nothing is taken."""
    form = {name: value for name, value in _form(server).items() if name != "service_code"}
    yield from _refused(server.sent("requests.xml", form), 400, "no service_code")


def of_no_service(server: Server) -> Iterator[str]:
    """Of a service that there is not nothing is taken."""
    form = {**_form(server), "service_code": UNKNOWN}
    yield from _refused(server.sent("requests.xml", form), 404, "unknown service_code")


def without_place(server: Server) -> Iterator[str]:
    """Without a place nothing is taken."""
    form = {name: value for name, value in _form(server).items() if name not in PLACE}
    yield from _refused(server.sent("requests.xml", form), 400, "no location")


def taken(server: Server) -> Iterator[str]:
    """What is sent gets its number or a token, and is found under it."""
    form = _form(server)
    answer = server.sent("requests.xml", form)
    if answer.status not in {200, 201}:
        yield f"POST /requests.xml: HTTP {answer.status}"
        return
    yield from media(answer, "xml", "POST /requests.xml")
    told = read(answer.body, "xml", "POST /requests.xml")
    if told.root != "service_requests" or not isinstance(told.value, list) or len(told.value) != 1:
        yield f"POST /requests.xml: <{told.root}>"
        return
    number, token = (text(told.value[0], name) for name in ("service_request_id", "token"))
    if bool(number) == bool(token):
        yield "POST /requests.xml: service_request_id, or else token"
    elif number:
        yield from _found(server, number, form["service_code"])
    else:
        found = server.rows(f"tokens/{token}.xml")
        if [text(each, "token") for each in found] != [token]:
            yield f"GET /tokens/{token}.xml: {len(found)} rows"


def _found(server: Server, number: str, code: str) -> Iterator[str]:
    found = server.answer(f"requests/{number}.xml")
    if found.status in {401, 403}:
        return
    rows = server.rows(f"requests/{number}.xml")
    if [(text(each, "service_request_id"), text(each, "service_code")) for each in rows] != [(number, code)]:
        yield f"GET /requests/{number}.xml: {len(rows)} rows, not it"
    elif text(rows[0], "status") not in STATUSES:
        yield f"GET /requests/{number}.xml: status = {text(rows[0], 'status')!r:.40}"
