"""Where the console listens: loopback by itself, elsewhere only with TLS or when told so; ``banjie serve`` itself."""

import datetime as dt
import ipaddress
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.settings import Settings
from cli.serving import console as brought_up
from tests.store.desks import Office
from web.app import console as a_console
from web.serving import NoCertificate, OpenToAll, Place, PortTaken, is_loopback, place_of, serving

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("127.8.4.2", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - the very address that is refused
        ("::", False),
        ("192.0.2.1", False),
        ("desk.example", False),
        ("localhost.example", False),
    ],
)
def test_only_loopback_is_listened_at_without_tls(host: str, inside: bool) -> None:
    assert is_loopback(host) is inside
    settings = Settings.load(web_host=host)
    if inside:
        assert place_of(settings).host == host
    else:
        with pytest.raises(OpenToAll) as refusal:
            place_of(settings)
        assert "--insecure-bind" in refusal.value.zh
        assert "--insecure-bind" in refusal.value.en
        assert place_of(settings, insecure=True).host == host
        assert place_of(Settings.load(web_host=host, web_tls="x.pem")).secure


def test_a_port_that_is_taken_is_said(office: Office) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refusal, serving(a_console(office.desk), Place("127.0.0.1", port)):
            pass
    assert str(port) in refusal.value.zh


def test_it_speaks_tls_with_a_certificate_and_refuses_a_file_that_is_none(office: Office, tmp_path: Path) -> None:
    pem = a_certificate(tmp_path / "desk.pem")
    app = a_console(office.desk, secure=True)
    with serving(app, Place("127.0.0.1", 0, pem)) as address:
        assert address.startswith("https://")
        answer = httpx.get(f"{address}/setup", verify=ssl.create_default_context(cafile=pem), trust_env=False)
    assert answer.status_code == 200
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"]
    (tmp_path / "none.pem").write_text("nothing", encoding="utf-8")
    for name in ("none.pem", "missing.pem"):
        with pytest.raises(NoCertificate) as refusal, serving(app, Place("127.0.0.1", 0, tmp_path / name)):
            pass
        assert name in refusal.value.zh


def a_certificate(path: Path) -> Path:
    """A certificate for this machine with its key, in one file."""
    pair, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(pair.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(pair, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    kept = pair.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(pem) + kept)
    return path


@contextmanager
def program(folder: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """``banjie serve`` as a program, and what it says of itself."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "starter.py"), "serve", "--json", "--data", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            yield process, json.loads(line)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_behind_a_proxy_that_speaks_tls_it_is_as_with_tls_of_its_own(office: Office) -> None:
    settings = office.desk.settings.model_copy(update={"web_proxy_tls": True, "web_port": 0})
    with brought_up(office.desk, settings, insecure=False) as (address, _):
        answer = httpx.get(f"{address}/setup", trust_env=False)
        assert "__Host-bj_before" in answer.headers["set-cookie"]
        assert "Secure" in answer.headers["set-cookie"]
        assert "includeSubDomains" in answer.headers["strict-transport-security"]
        # Who is behind the proxy is believed of loopback, the last one told, whatever the browser itself said before.
        told = {"x-forwarded-for": "127.0.0.1, 192.0.2.7"}
        assert httpx.get(f"{address}/setup", headers=told, trust_env=False).status_code == 403


def test_serve_says_where_it_is_and_how_to_set_it_up_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with program(tmp_path / "data", "--port", "0") as (process, said):
        assert {"web", "setup_code"} <= set(said)
        assert len(said["setup_code"]) == 16
        answer = httpx.get(f"{said['web']}/", trust_env=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/setup")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_serve_refuses_to_be_open_to_all(tmp_path: Path) -> None:
    everywhere = "0.0.0.0"  # noqa: S104 - the very address that is refused
    with program(tmp_path / "data", "--port", "0", "--host", everywhere) as (process, said):
        assert said["refused"] == "open_to_all"
        assert process.wait(20) == 1
