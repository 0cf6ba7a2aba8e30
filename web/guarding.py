"""What stands around every answer: security headers, and a limit on what may be sent."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
HSTS: Final = "max-age=31536000"


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
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # What concerns a case is kept by no browser and no proxy; what may be kept says so itself.
                headers.setdefault("Cache-Control", "no-store")
                if self.secure:
                    headers.setdefault("Strict-Transport-Security", HSTS)
            await send(message)

        await self.app(scope, counted, guarded)


def _has_files(scope: Scope) -> bool:
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return bool(kind.startswith(b"multipart/form-data"))
