"""What stands around every answer: security headers, and a limit on what may be sent."""

import re
import time
import uuid
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.observing import tracing

LARGEST: Final = 64 * 2**20
"""Bytes that may be sent at once as a form with files, which go to the disk as they come."""
LARGEST_PLAIN: Final = 4 * 2**20
"""Bytes of anything else, which is held in memory."""
POLICY: Final = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS: Final = "max-age=31536000; includeSubDomains"


log = structlog.get_logger()
REQUEST_ID: Final = "x-request-id"
MADE_BY_MACHINE: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What proxies make (nginx's ``$request_id``, a UUID): nothing that a person is known by is as long."""


class Guard:
    """An ASGI layer around the whole console."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Keep what lies inside."""
        self.app, self.secure = app, secure

    def close(self) -> None:
        """End what would otherwise go on for ever: the lines of those who listen."""
        stream = getattr(getattr(self.app, "state", None), "stream", None)
        if stream is not None:
            stream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and put the headers on its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = request_id(scope)
        scope.setdefault("state", {})["request_id"] = asked
        with (
            structlog.contextvars.bound_contextvars(request=asked),
            tracing.span("request", parent=_header(scope, b"traceparent"), method=scope["method"]) as span,
        ):
            await self._passed(scope, receive, send, asked, span)

    async def _passed(self, scope: Scope, receive: Receive, send: Send, asked: str, span: tracing.Told) -> None:
        began = time.perf_counter()
        taken, most = 0, LARGEST if _has_files(scope) else LARGEST_PLAIN

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - began
                self._count(scope, status, seconds)
                # The route as it is written: what stands in its place in the address may be what somebody looked for.
                route = getattr(scope.get("route"), "path", "")
                span.say(status=status, route=route)
                log.debug("answered", method=scope["method"], route=route, status=status, seconds=round(seconds, 4))
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = asked
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # What concerns a case is kept by no browser and no proxy; what may be kept says so itself.
                headers.setdefault("Cache-Control", "no-store")
                if self.secure:
                    headers.setdefault("Strict-Transport-Security", HSTS)
            await send(message)

        await self.app(scope, counted, guarded)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # Beside the console of a desk there are the tests' own little applications.
        house = getattr(getattr(self.app, "state", None), "house", None)
        if house is not None and (meters := house.desk.door.meters):
            meters.answered(scope["method"], status, seconds)


def request_id(scope: Scope) -> str:
    """Return the id a request goes by in the logs: that of whoever passed it on where it is one, else a new one."""
    given = _header(scope, REQUEST_ID.encode()) or ""
    return given if MADE_BY_MACHINE.fullmatch(given) else uuid.uuid4().hex


def _header(scope: Scope, name: bytes) -> str | None:
    found = next((value for key, value in scope["headers"] if key == name), None)
    return None if found is None else found.decode("latin-1")


def _has_files(scope: Scope) -> bool:
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return bool(kind.startswith(b"multipart/form-data"))
