"""Receivers on loopback: a real SMTP server and an HTTP sink, which answer as they are told and keep what they took."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

CUT = "cut"
"""As an answer: the line is cut instead."""
HANG = "hang"
"""As an answer: none comes until the server stops."""


@dataclass
class Mailbox:
    """An SMTP server's behaviour: the answers to RCPT and to the end of DATA, in order; the last one stays."""

    rcpt: list[str] = field(default_factory=lambda: ["250 OK"])
    data: list[str] = field(default_factory=lambda: ["250 OK"])
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        answer = _next(self.rcpt)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        self.tls.append(session.ssl is not None)
        answer = _next(self.data)
        if answer == CUT:
            server.transport.abort()
            return "250 nobody hears this"
        if answer == HANG:
            await server.loop.run_in_executor(None, self.stopped.wait)
        return answer

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, read as mails."""
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(each["Message-ID"]) for each in self.mails]


def _next(answers: list[str]) -> str:
    return answers.pop(0) if len(answers) > 1 else answers[0]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.contextmanager
def smtp(mailbox: Mailbox, *, user: str = "", password: str = "", **more: Any) -> Iterator[int]:
    """A real SMTP server on loopback; yields its port. With a user it wants a login."""

    def known(_server: object, _session: object, _envelope: object, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    if user:
        more |= {"authenticator": known, "auth_required": True, "auth_require_tls": False}
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        mailbox.stopped.set()
        controller.stop()


@dataclass
class Sink:
    """An HTTP receiver's behaviour: the statuses it answers with, in order, the last one stays; and what it says."""

    answers: list[str] = field(default_factory=lambda: ["200"])
    body: bytes = b"{}"
    taken: list[tuple[dict[str, str], bytes, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> list[str | None]:
        """The idempotency keys of what was taken."""
        return [headers.get("idempotency-key") for headers, _, _ in self.taken]


@contextlib.contextmanager
def http_sink(sink: Sink) -> Iterator[str]:
    """An HTTP server on loopback; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            sink.taken.append(({name.lower(): value for name, value in self.headers.items()}, content, self.path))
            answer = _next(sink.answers)
            if answer == CUT:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if answer == HANG:
                sink.stopped.wait(60)
                return
            self.send_response(int(answer))
            self.send_header("Content-Length", str(len(sink.body)))
            if answer.startswith("3"):
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(sink.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="sink")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        sink.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def talking(lines: Sequence[bytes | float | None]) -> Iterator[int]:
    """A server that says these lines one by one, whatever it hears in between; yields its port.

    A number is a pause in seconds, None waits for something to be said; at the end the line is cut.
    """
    server = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def talk() -> None:
        with contextlib.suppress(OSError):
            connection, _ = server.accept()
            with connection:
                for each in lines:
                    if isinstance(each, bytes):
                        connection.sendall(each)
                    elif each is None:
                        connection.recv(65536)
                    else:
                        stopped.wait(each)

    thread = threading.Thread(target=talk, name="talking")
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        stopped.set()
        # Whoever still waits for a caller is woken.
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def write_book(data: Path, text: str) -> None:
    """Write a post book that only its owner may read."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data / "post.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def until(what: Any, tells: str, within: float = 20.0) -> None:
    """Wait for something with a deadline."""
    deadline = time.monotonic() + within
    while not what():
        assert time.monotonic() < deadline, f"after {within:g} s still not: {tells}"
        time.sleep(0.02)
