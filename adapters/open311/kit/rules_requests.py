"""What GeoReport v2 asks of requests, and mySociety's extension of their updates."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from adapters.open311.kit.asking import Server
from adapters.open311.kit.reading import differs, text
from adapters.open311.kit.rules_services import Skipped, needs_json, twice

FIELDS: Final = ("service_request_id", "status", "service_name", "service_code", "requested_datetime")
STATUSES: Final = frozenset({"open", "closed"})
TIMES: Final = ("requested_datetime", "updated_datetime", "expected_datetime")
MOST: Final = 1000
UNKNOWN: Final = "no-such-request-4711"
UPDATE: Final = ("update_id", "service_request_id", "status", "updated_datetime", "description")
UPDATES: Final = "servicerequestupdates"
_W3: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")


def instant(written: str) -> datetime | None:
    """Return a moment, None where it is not written as W3C's note has it, with its zone."""
    if not _W3.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def rows(server: Server, **query: str) -> list[dict[str, object]]:
    """Return the requests that a server lists.

    Raises:
        Skipped: it lists none to whoever asks.
    """
    if server.answer("requests.xml").status in {401, 403}:
        raise Skipped("列表需要密钥（--key-file）", "the list needs a key (--key-file)")
    return server.rows("requests.xml", **query)


def some(server: Server, least: int = 1) -> list[dict[str, object]]:
    """Return the requests, of which there have to be some.

    Raises:
        Skipped: there are too few to tell.
    """
    found = rows(server)
    if len(found) < least:
        raise Skipped(f"列表中不足 {least} 件", f"fewer than {least} requests are listed")
    return found


def listed(server: Server) -> Iterator[str]:
    """Requests lie under ``service_requests/request``, at most a thousand."""
    found = rows(server)
    told = server.read("requests.xml")
    if told.root != "service_requests":
        yield f"<{told.root}>"
    if len(found) > MOST:
        yield f"{len(found)} requests"
    yield from twice(text(each, "service_request_id") for each in found)


def filled(server: Server) -> Iterator[str]:
    """Every request has its number, status, service and day."""
    for each in some(server):
        number = text(each, "service_request_id") or "?"
        yield from (f"{number}: no {name}" for name in FIELDS if not text(each, name))
        if text(each, "status") not in STATUSES:
            yield f"{number}: status = {text(each, 'status')!r:.40}"


def timed(server: Server) -> Iterator[str]:
    """Moments are written with their zone, and nothing changed before it was asked for."""
    for each in some(server):
        number = text(each, "service_request_id")
        told = {name: text(each, name) for name in TIMES if text(each, name)}
        yield from (f"{number}: {name} = {value!r:.40}" for name, value in told.items() if instant(value) is None)
        asked, changed = (instant(told.get(name, "")) for name in TIMES[:2])
        if asked and changed and changed < asked:
            yield f"{number}: updated_datetime < requested_datetime"


def placed(server: Server) -> Iterator[str]:
    """A place is degrees of WGS-84, both or none."""
    for each in some(server):
        degrees = [text(each, name) for name in ("lat", "long")]
        if bool(degrees[0]) != bool(degrees[1]):
            yield f"{text(each, 'service_request_id')}: lat, long = {degrees}"
        for value, most in zip(degrees, (90, 180), strict=True):
            if value and not (re.fullmatch(r"-?\d+(\.\d+)?", value) and abs(float(value)) <= most):
                yield f"{text(each, 'service_request_id')}: {value!r:.40}"


def by_status(server: Server) -> Iterator[str]:
    """``status`` finds the open, or the closed."""
    some(server)
    for status in sorted(STATUSES):
        found = rows(server, status=status)
        wrong = [text(each, "service_request_id") for each in found if text(each, "status") != status]
        yield from (f"?status={status}: {number}" for number in wrong[:3])
        of_it = [each for each in rows(server) if text(each, "status") == status]
        if of_it and not found:
            yield f"?status={status}: 0 of {len(of_it)}"


def by_service(server: Server) -> Iterator[str]:
    """``service_code`` finds those of a service."""
    code = text(some(server)[0], "service_code")
    found = rows(server, service_code=code)
    yield from (
        f"?service_code={code}: {text(each, 'service_code')}" for each in found if text(each, "service_code") != code
    )
    if not found:
        yield f"?service_code={code}: 0"


def by_day(server: Server) -> Iterator[str]:
    """``start_date`` and ``end_date`` find those in between."""
    moments = [each for row in some(server) if (each := instant(text(row, "requested_datetime")))]
    if not moments:
        return
    latest = max(moments)
    # A server may tell days alone: the window is a day wide on both sides.
    since, until = latest - timedelta(days=1), latest + timedelta(days=1)
    found = rows(server, start_date=_written(since), end_date=_written(until))
    for row in found:
        moment = instant(text(row, "requested_datetime"))
        if moment and not since <= moment <= until:
            yield f"{text(row, 'service_request_id')}: {text(row, 'requested_datetime')}"
    if not found:
        yield "0 requests"
    past = min(moments) - timedelta(days=800)
    early = rows(server, start_date=_written(past), end_date=_written(past + timedelta(days=1)))
    yield from (f"{text(row, 'service_request_id')}: not within {past.year}" for row in early[:3])


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def by_number(server: Server) -> Iterator[str]:
    """Several numbers, apart by commas, find exactly those."""
    wanted = [text(each, "service_request_id") for each in some(server, 2)[:2]]
    found = sorted(text(each, "service_request_id") for each in rows(server, service_request_id=",".join(wanted)))
    if found != sorted(wanted):
        yield f"?service_request_id={','.join(wanted)}: {', '.join(found[:5])}"


def one(server: Server) -> Iterator[str]:
    """A request by its number is a list of that one, as in the list."""
    row = some(server)[0]
    number = text(row, "service_request_id")
    found = server.rows(f"requests/{number}.xml")
    if [text(each, "service_request_id") for each in found] != [number]:
        yield f"/requests/{number}.xml: {len(found)} requests"
    elif text(found[0], "service_code") != text(row, "service_code"):
        yield f"/requests/{number}.xml: service_code = {text(found[0], 'service_code')!r:.40}"


def unknown(server: Server) -> Iterator[str]:
    """A request that there is not is 404."""
    rows(server)
    found = server.answer(f"requests/{UNKNOWN}.xml")
    if found.status != 404:
        yield f"GET /requests/{UNKNOWN}.xml: HTTP {found.status}"


def json_same(server: Server) -> Iterator[str]:
    """JSON says what XML says."""
    needs_json(server)
    if found := differs(rows(server), server.rows("requests.json")):
        yield f"/requests: {found}"


def paged(server: Server) -> Iterator[str]:
    """Pages hold as many as were asked for, and follow each other without a repetition."""
    numbers = [text(each, "service_request_id") for each in some(server, 2)]
    pages = [rows(server, page=str(page), page_size="1") for page in (1, 2)]
    found = [text(each, "service_request_id") for page in pages for each in page]
    if [len(each) for each in pages] != [1, 1]:
        yield f"?page_size=1: {' + '.join(str(len(each)) for each in pages)} of {len(numbers)}"
    yield from twice(iter(found))


def _updates(server: Server, **query: str) -> list[dict[str, object]]:
    answer = server.answer(f"{UPDATES}.xml")
    if answer.status in {404, 501}:
        raise Skipped("服务器没有这项扩展", "the server has not this extension")
    if answer.status in {401, 403}:
        raise Skipped("列表需要密钥（--key-file）", "the list needs a key (--key-file)")
    return server.rows(f"{UPDATES}.xml", **query)


def updates(server: Server) -> Iterator[str]:
    """Every update has its fields, in the words there are, and a number of its own."""
    found = _updates(server)
    yield from twice(text(each, "update_id") for each in found)
    for each in found:
        name = text(each, "update_id") or "?"
        yield from (f"{name}: no {field}" for field in UPDATE if field not in each)
        if text(each, "status").lower() not in STATUSES:
            yield f"{name}: status = {text(each, 'status')!r:.40}"
        if instant(text(each, "updated_datetime")) is None:
            yield f"{name}: updated_datetime = {text(each, 'updated_datetime')!r:.40}"


def updates_ordered(server: Server) -> Iterator[str]:
    """The oldest update comes first, so that whoever reads on misses none."""
    moments = [each for row in _updates(server) if (each := instant(text(row, "updated_datetime")))]
    yield from (f"{two.isoformat()} after {one.isoformat()}" for one, two in pairwise(moments) if two < one)


def updates_between(server: Server) -> Iterator[str]:
    """``start_date`` and ``end_date`` find the updates in between."""
    moments = [each for row in _updates(server) if (each := instant(text(row, "updated_datetime")))]
    if not moments:
        raise Skipped("没有更新", "there are no updates")
    past = min(moments) - timedelta(days=800)
    early = _updates(server, start_date=_written(past), end_date=_written(past + timedelta(days=1)))
    yield from (f"{text(row, 'update_id')}: not within {past.year}" for row in early[:3])
    around = {"start_date": _written(max(moments) - timedelta(days=1))}
    around["end_date"] = _written(max(moments) + timedelta(days=1))
    if not _updates(server, **around):
        yield "0 updates"


def updates_same(server: Server) -> Iterator[str]:
    """The updates' JSON says what their XML says."""
    needs_json(server)
    if found := differs(_updates(server), server.rows(f"{UPDATES}.json")):
        yield f"/{UPDATES}: {found}"
