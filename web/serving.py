"""The console's server: where it listens, what it refuses to listen at, and its own thread beside the engine."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from adapters.settings import Settings
from models.refusals import Refused
from web.guarding import Guard

START: Final = 20.0
"""Seconds the server has to come up, and requests under way to end when it stops."""
DRAIN: Final = 5


class OpenToAll(Refused):
    """控制台监听 {host} 时，内网他人可见，必须用 TLS（BANJIE_WEB_TLS），或明确写 --insecure-bind。
    At {host} others on the network can listen in: give a TLS file (BANJIE_WEB_TLS) or --insecure-bind.
    """  # noqa: D205 - the first line is the Chinese sentence, the second the English one


class PortTaken(Refused):
    """控制台无法监听 {host}:{port}（{why}）。请用 --port 另选，或用 --no-web 不启动控制台。
    The console cannot listen at {host}:{port} ({why}). Choose another --port, or leave it out with --no-web.
    """  # noqa: D205 - likewise


class NoCertificate(Refused):
    """TLS 文件 {file} 不能用（{why}），其中须有证书和私钥。
    The TLS file {file} cannot be used ({why}); it has to hold the certificate and its private key.
    """  # noqa: D205 - likewise


@dataclass(frozen=True)
class Place:
    """Where the console listens, checked."""

    host: str
    port: int
    tls: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS itself."""
        return self.tls is not None


def place_of(settings: Settings, *, insecure: bool = False) -> Place:
    """Return where the console listens.

    Raises:
        OpenToAll: others could listen in and nobody said that this is wanted.
    """
    if settings.web_tls is None and not insecure and not is_loopback(settings.web_host):
        raise OpenToAll(host=settings.web_host)
    return Place(settings.web_host, settings.web_port, settings.web_tls)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address; any name but ``localhost`` may be anywhere."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@contextmanager
def serving(app: ASGIApp, place: Place) -> Iterator[str]:
    """Serve the console in a thread of its own while the block runs; yield its address.

    Raises:
        NoCertificate: the TLS file cannot be used.
        PortTaken: somebody else listens there, or the address is not this machine's.
    """
    listener = _listener(place)
    config = uvicorn.Config(
        app,
        log_config=None,
        # Addresses hold what people look for; who did what stands in the access log of the ledger.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN,
        ssl_certfile=place.tls,
    )
    try:
        config.load()
    except (OSError, ValueError) as fault:  # a file that holds no certificate, or a key that is not its own
        listener.close()
        raise NoCertificate(file=place.tls, why=fault) from None
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="console", daemon=True)
    thread.start()
    try:
        _until_started(server, thread, place)
        yield address_of(place, listener.getsockname()[1])
    finally:
        server.should_exit = True
        if isinstance(app, Guard):
            app.close()
        thread.join(START)
        listener.close()


def _until_started(server: uvicorn.Server, thread: threading.Thread, place: Place) -> None:
    for _ in range(int(START / 0.02)):
        if server.started:
            return
        thread.join(0.02)
        if not thread.is_alive():
            break
    raise PortTaken(host=place.host, port=place.port, why="—")


def _listener(place: Place) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as fault:
        raise PortTaken(host=place.host, port=place.port, why=fault.strerror or fault) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as fault:
        listener.close()
        raise PortTaken(host=place.host, port=place.port, why=fault.strerror or fault) from None
    return listener


def address_of(place: Place, port: int) -> str:
    """Return the address to open in a browser."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"{'https' if place.secure else 'http'}://{host}:{port}"
