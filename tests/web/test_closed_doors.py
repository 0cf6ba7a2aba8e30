"""What a console does not answer, does not tell, and does not speak."""

import re
import socket
import ssl
from pathlib import Path

import pytest

from tests.store.desks import Office
from tests.web.conftest import Console
from tests.web.test_serving import a_certificate
from web.app import console as a_console
from web.serving import Place, serving


async def test_nothing_answers_but_what_there_is(console: Console) -> None:
    nobody = console.browser().client
    for path in (
        "/.git/config",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/static/",
        "/static/../app.py",
        "/metrics",
        "/.env",
    ):
        assert (await nobody.get(path)).status_code == 404, path
    for method in ("TRACE", "CONNECT", "PUT"):
        answer = await nobody.request(method, "/login")
        assert answer.status_code == 405, method
        assert "server" not in answer.headers


async def test_text_says_how_it_is_encoded(console: Console) -> None:
    nobody = console.browser().client
    console.an_account("clerk")
    for path in ("/login", "/public", "/nope"):
        assert (await nobody.get(path)).headers["content-type"] == "text/html; charset=utf-8", path
    # JSON has no other encoding than UTF-8 (RFC 8259), and its media type no charset.
    assert (await nobody.get("/api/v1/nope")).headers["content-type"] == "application/problem+json"


async def test_nobody_is_asked_for_a_hint(console: Console) -> None:
    browser = await console.logged_in("clerk")
    for path in ("/me", "/password"):
        words = (await browser.go(path)).html
        assert "提示问题" not in words
        assert set(_fields(words)) <= {"csrf", "username", "password", "old", "new", "again"}, path


def _fields(html: str) -> list[str]:
    return re.findall(r'<input[^>]* name="([^"]+)"', html)


@pytest.mark.parametrize(
    "lengths", ["Content-Length: 4\r\nContent-Length: 9", "Content-Length: 4\r\nContent-Length: 4x"]
)
def test_a_message_with_two_lengths_is_refused(office: Office, lengths: str) -> None:
    with serving(a_console(office.desk), Place("127.0.0.1", 0)) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(f"POST /login HTTP/1.1\r\nHost: {host}\r\n{lengths}\r\n\r\na=b&".encode())
            assert line.recv(64).startswith(b"HTTP/1.1 400")


def test_an_old_tls_is_refused(office: Office, tmp_path: Path) -> None:
    file = a_certificate(tmp_path / "desk.pem")
    with serving(a_console(office.desk, secure=True), Place("127.0.0.1", 0, file)) as address:
        host, _, port = address.removeprefix("https://").partition(":")
        new = ssl.create_default_context(cafile=file)
        with socket.create_connection((host, int(port)), timeout=10) as line:
            safe = new.wrap_socket(line, server_hostname=host)
            assert safe.version() == "TLSv1.3"
            safe.close()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection((host, int(port)), timeout=10) as line:  # noqa: SIM117 - the second one raises
            with pytest.raises((ssl.SSLError, ConnectionError)):
                old.wrap_socket(line)
