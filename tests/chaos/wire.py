"""A wire between processes that can be cut: a relay of TCP connections on this machine."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Final, Self

CHUNK: Final = 65_536


class Wire:
    """Passes connections on to a server. While it is cut nothing comes through in either direction; then what was held
    comes late, as after a partition, or the connections are torn.
    """  # noqa: D205

    def __init__(self, to: str) -> None:
        host, _, port = to.rpartition(":")
        self.to = (host, int(port))
        self.whole = threading.Event()
        self.whole.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._ended = False

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accepting, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self.whole.set()
        self._listener.close()
        self.tear()

    def tear(self) -> None:
        """Cut every connection through for good."""
        for each in tuple(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accepting(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._passing, args=(near,), daemon=True).start()

    def _passing(self, near: socket.socket) -> None:
        self.whole.wait()
        try:
            far = socket.create_connection(self.to, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        self._open |= {near, far}
        back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
        back.start()
        self._pump(near, far)
        back.join()
        self._open -= {near, far}
        near.close()
        far.close()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                self.whole.wait()
                sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
