"""What a person or a program reads when something was not done: the refusal's own sentence, in their language."""

from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from adapters import SetupError
from adapters.access.accounts import AlreadySetUp, Locked, SetupElsewhere, WrongPassword
from adapters.attachments.taking import NotTaken
from adapters.mistakes import first_wrong
from adapters.open311.sent import WrongError
from adapters.open311.writing import MEDIA, written
from adapters.words import field_words
from models import refusals
from web.pages import page
from web.people import ForgedError, NotAdmittedError, NotInError, TooOftenError, lang_of, perhaps
from web.speech import EN, t

API: Final = "/api/"
OPEN311: Final = "/open311/"
FORBIDDEN: Final = (
    refusals.NotYours,
    refusals.OtherUnit,
    refusals.OthersUnit,
    refusals.NotAbove,
    refusals.NotForYou,
    refusals.NamedParty,
    refusals.Reserved,
    SetupElsewhere,
)
"""Refusals that are about who asks, not about how the case stands."""
LATER: Final = 5
"""Seconds after which it is worth asking a database again that was away."""


class Problem(BaseModel):
    """RFC 9457: why something was not done; ``code`` is a stable word, ``zh`` and ``en`` the sentence twice."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    zh: str
    en: str
    field: str | None = None
    instance: str | None = None
    """The request, as the desk's log knows it."""


@dataclass(frozen=True)
class Trouble:
    """How a request ends that was not done."""

    status: int
    code: str
    zh: str
    en: str
    field: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


TITLES: Final = {
    400: "填写有误",
    401: "请先登录",
    403: "无权操作",
    404: "没有找到",
    405: "不支持的请求方式",
    409: "此时不能办理",
    412: "案件已有新的进展",
    413: "上传内容过大",
    422: "填写有误",
    429: "尝试过于频繁",
    500: "程序内部出错",
    503: "暂时无法服务",
}
SENTENCES: Final = {
    400: ("提交的表单无法读取，或某一项过长。", "The form that was sent cannot be read, or a part of it is too long."),
    401: ("请登录，或使用有效的令牌。", "Log in, or use a token that is in force."),
    404: ("没有这个页面。", "There is no such page."),
    405: ("此处不支持这种请求方式。", "This kind of request is not possible here."),
    413: (
        "上传内容过大（一次最多 64 MB），请压缩照片或分次上传。",
        "Too much was sent (64 MB at once at most); send smaller pictures, or fewer at once.",
    ),
    429: ("请求过于频繁，请稍后再试。", "Too many requests; please try again later."),
    500: (
        "程序内部出错，操作没有完成，详情已写入日志，请告知管理员。",
        "The program made a mistake; details are in its log. Please tell the administrator.",
    ),
}


def status_of(refusal: refusals.Refused) -> int:  # noqa: PLR0911 - one line for each status
    """Return the HTTP status of a refusal."""
    match refusal:
        case _ if isinstance(refusal, FORBIDDEN):
            return 403
        case refusals.Unknown():
            return 404
        case refusals.Changed():
            return 412
        case WrongPassword():
            return 401
        case Locked():
            return 429
        case NotTaken() | refusals.Malformed() | refusals.UnknownCommand():
            return 422
        case _:
            return 409


def trouble_of(fault: Exception) -> Trouble:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of fault
    """Return how a request ends, for whatever was raised on the way."""
    match fault:
        case WrongError():
            return Trouble(fault.code, "open311", fault.zh, fault.en)
        case AlreadySetUp():
            return Trouble(404, fault.code, fault.zh, fault.en)
        case NotTaken():
            words = fault.details
            return _malformed(str(words["field"]), str(words["why"]), str(words["why_en"]))
        case refusals.Malformed():
            zh, _, en = str(fault.details["why"]).partition(" / ")
            return _malformed(str(fault.details["field"]), zh, en or zh)
        case refusals.Refused():
            return Trouble(status_of(fault), fault.code, fault.zh, fault.en, fault.details.get("field"))
        case ValidationError():
            return _malformed(*first_wrong(fault))
        case RequestValidationError():
            first = fault.errors()[0]
            return _malformed(".".join(map(str, first["loc"][1:])) or "body", str(first["msg"]), str(first["msg"]))
        case SetupError():
            return Trouble(503, "away", fault.zh, fault.en, headers=(("Retry-After", str(LATER)),))
        case TooOftenError():
            zh, en = SENTENCES[429]
            return Trouble(429, "too_often", zh, en, headers=(("Retry-After", str(fault.wait)),))
        case NotAdmittedError():
            zh, en = SENTENCES[401]
            return Trouble(401, "not_admitted", zh, en, headers=(("WWW-Authenticate", "Bearer"),))
        case ForgedError():
            zh, en = "页面已过期，请返回刷新后重试。", "The page is out of date. Go back, reload it and try again."
            return Trouble(403, "forged", zh, en)
        case HTTPException():
            zh, en = SENTENCES.get(fault.status_code, SENTENCES[404])
            return Trouble(fault.status_code, "http", zh, en, headers=tuple((fault.headers or {}).items()))
        case _:
            return Trouble(500, "bug", *SENTENCES[500])


def _malformed(field: str, zh: str, en: str) -> Trouble:
    name_zh, name_en = _named(field)
    return Trouble(422, "malformed", f"“{name_zh}”填写有误：{zh}。", f'"{name_en}" is not right: {en}.', field)


def _named(field: str) -> tuple[str, str]:
    """Return what a place in a form is called: ``findings.0.verdict`` is 核查结论 1 结论."""
    parts = [
        (str(int(part) + 1),) * 2 if part.isascii() and part.isdigit() else field_words(part)
        for part in field.split(".")
    ]
    return " ".join(zh for zh, _ in parts), " ".join(en for _, en in parts)


def answered(request: Request, fault: Exception) -> Response:
    """Return the answer for whatever was raised: a page for people, problem+json for programs."""
    if isinstance(fault, NotInError):
        # Where one was going is kept, so that a link from a letter leads there after the log-in.
        going = request.url.path if request.method == "GET" and request.url.path != "/" else ""
        return RedirectResponse(f"{fault.where}?next={going}" if going else fault.where, 303)
    trouble, lang = trouble_of(fault), lang_of(request)
    headers = dict(trouble.headers)
    if trouble.status == 405:
        headers["Allow"] = _allowed(request)
    title = t(TITLES.get(trouble.status, TITLES[500]), lang)
    said = trouble.en if lang == EN else trouble.zh
    if request.url.path.startswith(OPEN311):
        return _as_open311(request, trouble, said, headers)
    asked = getattr(request.state, "request_id", "")
    if not request.url.path.startswith(API):
        given = {"title": title, "said": said, "trouble": trouble, "request_id": asked}
        return page(request, "problem.html", given, who=perhaps(request), status=trouble.status, headers=headers)
    problem = Problem(
        type=f"urn:banjie:problem:{trouble.code}",
        title=title,
        status=trouble.status,
        detail=said,
        code=trouble.code,
        zh=trouble.zh,
        en=trouble.en,
        field=trouble.field,
        instance=f"urn:banjie:request:{asked}" if asked else None,
    )
    headers["Content-Language"] = "en" if lang == EN else "zh"
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, trouble.status, headers, media_type="application/problem+json")


def _as_open311(request: Request, trouble: Trouble, said: str, headers: dict[str, str]) -> Response:
    """Return an error as GeoReport v2 has it: a wrong key is 403, all that is wrong about a request is 400."""
    status = {401: 403, 409: 400, 412: 400, 422: 400}.get(trouble.status, trouble.status)
    form = "json" if request.url.path.endswith(".json") else "xml"
    body = written("errors", [{"code": status, "description": said}], form)
    return Response(body, status, {**headers, "Content-Type": MEDIA[form]})


def _allowed(request: Request) -> str:
    """Return every method of an address: the framework names those of its first route alone."""
    found: set[str] = set()
    for route in (each for routes in request.app.state.routers for each in routes.routes):
        match, _ = route.matches({**request.scope, "path_params": {}})
        if match is not Match.NONE:
            found |= set(getattr(route, "methods", None) or ())
    return ", ".join(sorted(found))


def explain(app: FastAPI) -> None:
    """Have everything that is raised answered in words."""
    for kind in (
        refusals.Refused,
        ValidationError,
        RequestValidationError,
        SetupError,
        WrongError,
        NotInError,
        NotAdmittedError,
        TooOftenError,
        ForgedError,
        HTTPException,
        Exception,
    ):
        app.add_exception_handler(kind, answered)
