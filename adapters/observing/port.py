"""A process's own port for whoever watches over it: ``/metrics``, ``/healthz``, ``/readyz``, on loopback unless told.

Not the console's port: there is no log-in here, and the desk's people have no business with it. Nothing that is told
concerns a case or a person.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from adapters import SetupError
from adapters.observing.health import Ready, Word

if TYPE_CHECKING:
    from adapters.desk import Desk
    from adapters.observing.meters import Meters

PATIENCE: Final = 10.0
"""Seconds somebody has to send a request."""


class PortTakenError(SetupError):
    """The port for figures cannot be listened at."""

    def __init__(self, host: str, port: int, why: str) -> None:
        """Say where, and why."""
        super().__init__(
            f"指标端口 {host}:{port} 无法监听（{why}），请改 BANJIE_METRICS_BIND。",
            f"Figures cannot be served at {host}:{port} ({why}); change BANJIE_METRICS_BIND.",
        )


def place_of(bind: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``, ``:PORT`` or ``PORT``; without a host it is this machine alone."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


@contextmanager
def observed(desk: "Desk") -> Iterator[str | None]:
    """Serve the figures of this process while the block runs, where a setting says so; yield the address.

    Raises:
        PortTakenError: it cannot be listened at.
    """
    bind = desk.settings.metrics_bind
    if bind is None:
        yield None
        return
    # Loaded only where somebody watches: no other command needs it.
    from adapters.observing.meters import Meters

    meters = Meters(desk)
    host, port = place_of(bind)
    try:
        server = _Server((host, port), meters, Ready(desk), desk)
    except (OSError, OverflowError) as fault:
        raise PortTakenError(host, port, getattr(fault, "strerror", None) or str(fault)) from None
    thread = threading.Thread(target=server.serve_forever, name="figures", daemon=True)
    thread.start()
    desk.door.meters = meters
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{server.server_address[1]}"
    finally:
        desk.door.meters = None
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, place: tuple[str, int], meters: "Meters", ready: Ready, desk: "Desk") -> None:
        self.address_family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        self.meters, self.ready, self.desk = meters, ready, desk
        super().__init__(place, _Handler)


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server: _Server
    server_version = "banjie"
    sys_version = ""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/metrics":
                from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

                self._answer(200, generate_latest(self.server.meters.registry), CONTENT_TYPE_LATEST)
            case "/healthz":
                word = Word.BAD if self.server.desk.pulse.still else Word.OK
                self._answer(503 if word is Word.BAD else 200, f"{word}\n".encode())
            case "/readyz":
                word = self.server.ready.word()
                self._answer(503 if word is Word.BAD else 200, f"{word}\n".encode())
            case _:
                self._answer(404, b"not found\n")

    def _answer(self, status: int, body: bytes, sort: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", sort)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing: a probe comes every few seconds."""
