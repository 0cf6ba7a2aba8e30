"""Open311 (GeoReport v2) under ``/open311/v2``, for residents' apps; off unless the bureau switches it on.

What is sent goes through the intake there is, in the name of the key's person; what is told is what the public page
tells. The keys are tokens of the scope ``open311``; they come in the form or in ``Authorization``, never in an address.
"""

import re
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import JsonValue
from starlette.exceptions import HTTPException

from adapters.access.tokens import Scope
from adapters.open311 import told
from adapters.open311.sent import (
    LONGEST,
    MOST_FIELDS,
    RESPONDENT,
    TOWNSHIP,
    WrongError,
    jurisdiction_is_ours,
    taken,
    wrong,
)
from adapters.open311.told import DOOR, Telling, Wanted
from adapters.open311.writing import MEDIA, Row, Value, written
from models.canonical import canonical
from models.case import Case
from models.counting import legal_day
from models.open311 import Open311
from models.world import World
from web.entrance import address_of
from web.house import House, house_of
from web.people import Visitor, by_token, lang_of, require_scope, slowly
from web.public import MEANS
from web.reading import LONGEST_KEY, act, seen

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
CHANGED: Final = "2026-11-28T00:00:00Z"
"""When the services that every desk has changed last."""
BY_ANYBODY: Final = 120
"""Questions without a key that one address may ask within five minutes."""
BY_KEY: Final = 300
"""What one key may send within five minutes."""
SPAN: Final = timedelta(days=90)
MOST: Final = 1000
MOST_NAMED: Final = 100
LARGEST: Final = 256 * 1024
"""Bytes of a form."""
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")

At = Annotated[House, Depends(house_of)]


def _open(house: At) -> None:
    if not house.desk.settings.open311:
        raise HTTPException(404)


routes = APIRouter(prefix="/open311", include_in_schema=False, dependencies=[Depends(_open)])


async def _sent(request: Request) -> AsyncIterator[dict[str, str]]:
    """Give the fields of the form that was sent; files are not taken, and a field comes once.

    Raises:
        HTTPException: it is too much.
        WrongError: a field came twice, or as a file.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST:
        raise HTTPException(413)
    async with request.form(max_fields=2 * MOST_FIELDS, max_files=0, max_part_size=LARGEST) as form:
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    several = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if any(not name.endswith("[]") for name in several):
        raise _twice(several)
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]}、{value}" if name in fields else value
    yield fields


def _twice(names: list[str]) -> WrongError:
    return wrong(f"{names[0][:60]} 出现多次", f"{names[0][:60]} was sent more than once")


Fields = Annotated[dict[str, str], Depends(_sent)]


def _asked(request: Request) -> dict[str, str]:
    """Return what stands in the address.

    Raises:
        WrongError: a key stands there, which others write down, or a parameter comes twice.
    """
    pairs = request.query_params.multi_items()
    several = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if several:
        raise _twice(several)
    if "api_key" in request.query_params:
        raise wrong(
            "api_key 不得写在地址中；请用 Authorization: Bearer",
            "api_key may not stand in the address; send it as Authorization: Bearer",
        )
    return dict(pairs)


Asked = Annotated[dict[str, str], Depends(_asked)]


def _answer(root: str, value: Value, ending: str) -> Response:
    return Response(written(root, value, ending), 200, {"Content-Type": MEDIA[ending]})


def _ending(ending: str) -> str:
    """Return the format that an address ends with.

    Raises:
        HTTPException: it is neither XML nor JSON.
    """
    if ending not in MEDIA:
        raise HTTPException(404)
    return ending


Ending = Annotated[str, Depends(_ending)]


def _keyed(request: Request, house: House, key: str) -> Visitor:
    """Return in whose name something is sent.

    Raises:
        NotAdmittedError: there is no key, or it is not in force.
        NotForYou: it has not the scope; that is kept.
        TooOftenError: too much was sent in a short time.
    """
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    who = by_token(request, bearer.strip() if scheme.lower() == "bearer" else key)
    require_scope(house, who, Scope.OPEN311)
    return who


def _rules(world: World, house: House) -> Open311:
    return world.policies[world.policy_at(house.desk.moments.now())].open311


def _reader(request: Request, house: House, asked: dict[str, str]) -> tuple[Telling, Visitor | None]:
    """Return how whoever asks is told, and who they are; nobody without a key.

    Raises:
        WrongError: the list is not open to everybody, or another jurisdiction is asked for.
        TooOftenError: too many questions in a short time.
    """
    who = _keyed(request, house, "") if request.headers.get("authorization") else None
    if who is None:
        slowly(house, f"open311 at {address_of(request)}", BY_ANYBODY)
    world = who.world if who else house.desk.world()
    rules = _rules(world, house)
    jurisdiction_is_ours(asked.get("jurisdiction_id", ""), rules)
    if who is None and not rules.listed:
        raise WrongError(403, "本机构未公开诉求列表，请使用密钥", "The list is not public here; use a key")
    lang = lang_of(request)
    words = {status: means[lang] for status, means in MEANS.items()}
    return Telling(rules, world.organisation, words, lang, who is None), who


@routes.get("/discovery.{ending}")
def discovery(request: Request, house: At, ending: Ending) -> Response:
    """Tell where the services are, and in which formats."""
    slowly(house, f"open311 at {address_of(request)}", BY_ANYBODY)
    organisation = house.desk.world().organisation
    base = (house.desk.settings.public_url or f"{request.base_url}public").rsplit("/", 1)[0]
    end = {
        "specification": SPECIFICATION,
        "url": f"{base}/open311/v2",
        "changeset": CHANGED,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    value: Row = {
        "changeset": CHANGED,
        "contact": organisation.name if organisation else "",
        "key_service": "由系统管理员在“账号与令牌”页发放 / keys are made by an administrator on the page of accounts",
        "endpoints": [end],
    }
    return _answer("discovery", value, ending)


@routes.get("/v2/services.{ending}")
def services(request: Request, house: At, ending: Ending, asked: Asked) -> Response:
    """List what may be reported."""
    rules, _ = _offered(request, house, asked)
    lang = lang_of(request)
    rows: list[Value] = [
        {
            "service_code": each.code,
            "service_name": (each.zh, each.en)[lang],
            "description": (f"反映{each.zh}问题", f"Report a problem of {each.en}")[lang],
            "metadata": True,
            "type": "realtime",
            "keywords": ",".join(each.keywords),
            "group": each.group,
        }
        for each in rules.services
    ]
    return _answer("services", rows, ending)


def _offered(request: Request, house: House, asked: dict[str, str]) -> tuple[Open311, World]:
    slowly(house, f"open311 at {address_of(request)}", BY_ANYBODY)
    world = house.desk.world()
    rules = _rules(world, house)
    jurisdiction_is_ours(asked.get("jurisdiction_id", ""), rules)
    return rules, world


@routes.get("/v2/services/{code}.{ending}")
def definition(request: Request, house: At, code: str, ending: Ending, asked: Asked) -> Response:
    """Tell what may be filled in for a service."""
    rules, world = _offered(request, house, asked)
    if rules.service(code) is None:
        raise WrongError(404, "没有这个 service_code", "service_code was not found")
    lang = lang_of(request)
    units = [each for each in (world.organisation.units if world.organisation else ()) if each.township]
    townships: list[Value] = [
        {"key": each.id, "name": (each.zh, each.en or each.zh)[lang]} for each in units if not each.closed
    ]
    attributes: list[Value] = [
        {
            "variable": True,
            "code": TOWNSHIP,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": "",
            "order": 1,
            "description": ("所在乡镇（街道）", "Township")[lang],
            "values": townships,
        },
        {
            "variable": True,
            "code": RESPONDENT,
            "datatype": "string",
            "required": False,
            "datatype_description": "",
            "order": 2,
            "description": ("被反映单位（密封保存）", "Whom it is about (kept under seal)")[lang],
            "values": [],
        },
    ]
    return _answer("service_definition", {"service_code": code, "attributes": attributes}, ending)


@routes.post("/v2/requests.{ending}")
def send(request: Request, house: At, ending: Ending, fields: Fields) -> Response:
    """Take a request in: as a petition, all of a resident's own under seal."""
    who = _keyed(request, house, fields.pop("api_key", ""))
    slowly(house, f"open311 from {who.token}", BY_KEY)
    rules = _rules(who.world, house)
    sent = taken(fields, rules, who.world.organisation)
    policy = who.world.policies[who.world.policy_at(house.desk.moments.now())]
    data: dict[str, JsonValue] = {
        "channel": rules.channel_of(policy.channels),
        "place": sent.place,
        "summary": sent.summary,
        "types": [sent.service.type],
    }
    key = _key(request, house, who, fields if sent.named else None)
    receipt = act(house, who, None, "register", data, key=key, door=DOOR, secret=sent.secret)
    code = house.desk.sealer.query_code(receipt.case)
    notice = (
        f"受理编号 {receipt.case}，查询码 {code[:4]} {code[4:]}，可在查询页查询进展并评价。",
        f"Number {receipt.case}, query code {code[:4]} {code[4:]}: ask after it and rate it on the public page.",
    )[lang_of(request)]
    answer: list[Value] = [{"service_request_id": receipt.case, "service_notice": notice, "account_id": ""}]
    return _answer("service_requests", answer, ending)


def _key(request: Request, house: House, who: Visitor, fields: dict[str, str] | None) -> str:
    """Return what makes the way repeatable, as a hash that tells nothing.

    That is the sender's own key; else, where it tells who sends, all that was sent on one day: an app that heard no
    answer sends the very same once more. Two who do not say who they are may well send the same.
    """
    given = request.headers.get("idempotency-key", "")[:LONGEST_KEY]
    if given:
        said = f"key/{given}"
    elif fields:
        said = f"{legal_day(house.desk.moments.now())}/{canonical(dict(fields))}"
    else:
        said = str(uuid.uuid4())
    return house.desk.sealer.ref(f"{DOOR}/{who.actor.id}/{said}")


@routes.get("/v2/tokens/{token}")
def token_asked(house: At, request: Request, token: str) -> Response:
    """Say that there is no such token: every request has its number at once.

    Raises:
        WrongError: always.
    """
    slowly(house, f"open311 at {address_of(request)}", BY_ANYBODY)
    raise WrongError(
        404,
        f"没有令牌 {token[:60]}：提交即得编号",
        f"token {token[:60]} was not found: every request has its id at once",
    )


@routes.get("/v2/requests.{ending}")
def requests(request: Request, house: At, ending: Ending, asked: Asked) -> Response:
    """List requests: those of one's own key, or those that anybody may see."""
    telling, who = _reader(request, house, asked)
    page, size = _page(asked)
    named = tuple(each.strip() for each in asked.get("service_request_id", "").split(",") if each.strip())
    if len(named) > MOST_NAMED:
        raise wrong(f"一次最多 {MOST_NAMED} 个编号", f"at most {MOST_NAMED} ids at once")
    person = who.actor.id if who else None
    wanted = Wanted(person, cases=named) if named else _wanted(house, person, asked)
    rows = _rows(house, who, telling, wanted, size, (page - 1) * size)
    return _answer("service_requests", rows, ending)


@routes.get("/v2/requests/{number}.{ending}")
def one(request: Request, house: At, number: str, ending: Ending, asked: Asked) -> Response:
    """Tell of one request."""
    telling, who = _reader(request, house, asked)
    wanted = Wanted(who.actor.id if who else None, cases=(number[:64],))
    rows = _rows(house, who, telling, wanted, 1, 0)
    if not rows:
        raise WrongError(404, "没有这个 service_request_id", "service_request_id was not found")
    return _answer("service_requests", rows, ending)


def _rows(house: House, who: Visitor | None, telling: Telling, wanted: Wanted, limit: int, offset: int) -> list[Value]:
    found = told.found(house.desk.database, wanted, telling.rules, limit=limit, offset=offset)
    cases = [each for each in _seen(house, who, found) if told.is_tellable(each)]
    moves = told.last_moves(house.desk.database, [each.id for each in cases])
    return [telling.request(each, moves.get(each.id)) for each in cases]


def _seen(house: House, who: Visitor | None, cases: list[Case]) -> list[Case]:
    return cases if who is None else seen(house, who, cases)


def _page(asked: dict[str, str]) -> tuple[int, int]:
    """Return which page, from 1, and of how many rows.

    Raises:
        WrongError: it is no number, or too large a one.
    """
    found = []
    for name, usual in (("page", 1), ("page_size", MOST)):
        text = asked.get(name, "")
        number = usual if not text else int(text) if _NUMBER.fullmatch(text) else 0
        if number < 1:
            raise wrong(f"{name} 须为正整数", f"{name} is a whole number from 1")
        found.append(number)
    return found[0], min(found[1], MOST)


def _wanted(house: House, person: str | None, asked: dict[str, str]) -> Wanted:
    """Return which requests are asked for.

    Raises:
        WrongError: a moment or a status is none, or the time is longer than 90 days.
    """
    statuses = {each.strip() for each in asked.get("status", "").split(",") if each.strip()}
    if statuses - {"open", "closed"}:
        raise wrong("status 只能是 open、closed", "status is open, closed, or both")
    since, until = _span(house, asked)
    codes = tuple(each.strip() for each in asked.get("service_code", "").split(",") if each.strip())
    still = "open" in statuses if len(statuses) == 1 else None
    return Wanted(person, since, until, still, codes)


def _span(house: House, asked: dict[str, str]) -> tuple[datetime, datetime]:
    since, until = _moment(asked, "start_date"), _moment(asked, "end_date")
    now = house.desk.moments.now()
    if until is None:
        until = now if since is None else max(since, min(now, since + SPAN))
    if since is None:
        since = until - SPAN
    if since > until or until - since > SPAN:
        raise wrong("start_date 至 end_date 须在 90 日以内", "start_date to end_date: at most 90 days")
    return since, until


def _moment(asked: dict[str, str], name: str) -> datetime | None:
    text = asked.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text).astimezone(UTC) if _MOMENT.fullmatch(text) else None
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1970 < found.year < 9000:
        raise wrong(
            f"{name} 须写作 2026-11-26T00:00:00Z（带时区）", f"{name} is written 2026-11-26T00:00:00Z, with its zone"
        )
    return found


@routes.get("/v2/servicerequestupdates.{ending}")
def updates(request: Request, house: At, ending: Ending, asked: Asked) -> Response:
    """List changes of status, the oldest first."""
    telling, who = _reader(request, house, asked)
    page, size = _page(asked)
    since, until = _span(house, asked)
    wanted = Wanted(who.actor.id if who else None, since, until)
    found = told.moved(house.desk.database, wanted, limit=size, offset=(page - 1) * size)
    names = tuple({each.case for each in found})
    cases = told.found(house.desk.database, Wanted(wanted.person, cases=names), telling.rules, limit=MOST)
    may = {each.id for each in _seen(house, who, cases) if told.is_tellable(each)} if names else set()
    rows: list[Value] = [telling.update(each) for each in found if each.case in may]
    return _answer("service_request_updates", rows, ending)


@routes.post("/v2/servicerequestupdates.{ending}")
def send_update(request: Request, house: At, ending: Ending, fields: Fields) -> Response:
    """Take what somebody adds to a request of theirs, under seal. A status that is sent decides nothing."""
    who = _keyed(request, house, fields.pop("api_key", ""))
    slowly(house, f"open311 from {who.token}", BY_KEY)
    rules = _rules(who.world, house)
    jurisdiction_is_ours(fields.get("jurisdiction_id", ""), rules)
    number, text = fields.get("service_request_id", "").strip()[:64], fields.get("description", "").strip()
    if not number or not text:
        missing = "description" if number else "service_request_id"
        raise wrong(f"未提供 {missing}", f"{missing} was not provided")
    if len(text) > LONGEST:
        raise wrong(f"description 超过 {LONGEST} 个字符", f"description has more than {LONGEST} characters")
    mine = told.found(house.desk.database, Wanted(who.actor.id, cases=(number,)), rules, limit=1)
    if not seen(house, who, mine):
        raise WrongError(404, "没有这个 service_request_id", "service_request_id was not found")
    named = fields.get("update_id", "").strip()
    key = _key(request, house, who, {"service_request_id": number, "update_id": named} if named else None)
    data = {"text": "通过 Open311 收到补充材料，原文密封。"}
    receipt = act(house, who, number, "supplement", dict(data), key=key, door=DOOR, secret={"text": text})
    answer: list[Value] = [{"update_id": f"{receipt.case}~{receipt.seq}"}]
    return _answer("service_request_updates", answer, ending)
