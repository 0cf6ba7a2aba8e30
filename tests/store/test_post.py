"""What a channel answers: taken, certainly not arrived, or unknown; on real receivers that misbehave."""

import json
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.post import mail
from adapters.post.answer import Answer, Message, later, never, sent, unknown
from adapters.post.book import MailChannel, OtherChannel, RobotChannel, Route, WebhookChannel
from adapters.post.sending import send
from models.vocabulary import Fate
from tests.store.receivers import CUT, HANG, Mailbox, Sink, free_port, http_sink, smtp, talking

MESSAGE = Message(
    id="<XF2026000001-2-1.0123456789@banjie.local>",
    case="XF2026000001",
    number="示信受〔2026〕XF2026000001-2号",
    title="信访事项受理告知书",
    text="　　您反映的问题已受理。\n.\n..点开头的行\n" + "长" * 900 + "\n",
    to="handler",
    at=datetime(2026, 3, 2, 2, tzinfo=UTC),
    docx=b"PK\x03\x04" + bytes(range(256)) * 20,
)
TO = "handler@example.cn"


def a_mail_channel(port: int, **more: object) -> MailChannel:
    given = {"kind": "mail", "host": "127.0.0.1", "port": port, "security": "none", "sender": "desk@example.cn", **more}
    return MailChannel.model_validate(given)


def by_mail(port: int, patience: float = 10.0, message: Message = MESSAGE, **more: object) -> Answer:
    return send(Route("mail", a_mail_channel(port, **more), TO), message, patience)


def by_webhook(url: str, patience: float = 10.0, **more: object) -> Answer:
    channel = WebhookChannel.model_validate({"kind": "webhook", "url": url, **more})
    return send(Route("hook", channel), MESSAGE, patience)


# ── SMTP ──


def test_a_mail_arrives_whole_with_its_id_its_document_and_its_day() -> None:
    box = Mailbox()
    with smtp(box) as port:
        assert by_mail(port, name="示例县信访办") == sent()
    (found,) = box.mails
    assert found["Message-ID"] == MESSAGE.id
    assert found["Subject"] == "信访事项受理告知书 示信受〔2026〕XF2026000001-2号"
    assert found["From"] == "示例县信访办 <desk@example.cn>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"].datetime == MESSAGE.at
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MESSAGE.text
    (attached,) = found.iter_attachments()
    assert attached.get_filename() == f"{MESSAGE.number}.docx"
    assert attached.get_content() == MESSAGE.docx
    assert box.recipients == [TO]


def test_the_same_letter_is_the_same_bytes_so_that_a_receiver_can_drop_the_repeat() -> None:
    box = Mailbox()
    with smtp(box) as port:
        assert [by_mail(port), by_mail(port)] == [sent(), sent()]
    assert box.taken[0] == box.taken[1]
    assert box.ids == [MESSAGE.id] * 2


@pytest.mark.parametrize(
    ("rcpt", "data", "answer"),
    [
        ("550 no such user", "250 OK", never("smtp_550")),
        ("451 greylisted", "250 OK", later("smtp_451")),
        ("250 OK", "452 disk full", later("smtp_452")),
        ("250 OK", "554 refused as spam", never("smtp_554")),
    ],
)
def test_what_the_server_refuses_did_not_arrive(rcpt: str, data: str, answer: Answer) -> None:
    with smtp(Mailbox(rcpt=[rcpt], data=[data])) as port:
        assert by_mail(port) == answer


def test_a_line_that_breaks_after_the_end_of_data_leaves_the_letter_unknown() -> None:
    box = Mailbox(data=[CUT])
    with smtp(box) as port:
        assert by_mail(port) == unknown("no_answer")
    assert box.ids == [MESSAGE.id], "this time it had arrived"


def test_a_server_that_says_nothing_more_is_not_waited_for_longer_than_its_time() -> None:
    box = Mailbox(data=[HANG])
    began = time.monotonic()
    with smtp(box) as port:
        assert by_mail(port, patience=0.5) == unknown("no_answer")
        assert time.monotonic() - began < 5


HELLO = [b"220 here\r\n", None, b"250 here\r\n", None]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ([], later("no_connection")),
        ([b"554 go away\r\n"], later("smtp_554")),
        ([b"220 here\r\n", None], later("no_connection")),
        (HELLO, later("line_broke")),
        ([*HELLO, b"250 OK\r\n", None], later("line_broke")),
        ([*HELLO, b"250 OK\r\n", None, b"250 OK\r\n", None], later("line_broke")),
        ([*HELLO, b"250 OK\r\n", None, b"250 OK\r\n", None, b"451 later\r\n"], later("smtp_451")),
        ([*HELLO, b"250 OK\r\n", None, b"250 OK\r\n", None, b"what?\r\n"], later("no_answer")),
        ([*HELLO, b"250 OK\r\n", None, b"250 OK\r\n", None, b"354 go\r\n", None, b"gone\r\n"], unknown("no_answer")),
    ],
    ids=[
        "cut at once",
        "unwilling",
        "at EHLO",
        "at MAIL",
        "at RCPT",
        "at DATA",
        "no DATA",
        "nonsense",
        "nonsense at last",
    ],
)
def test_where_the_line_breaks_decides_what_is_known(lines: list[bytes | float | None], answer: Answer) -> None:
    with talking(lines) as port:
        assert by_mail(port) == answer


def test_a_line_that_breaks_within_the_letter_did_not_carry_it_over() -> None:
    """The server shuts while more is still to come than any buffer between holds."""
    large = Message(**{**MESSAGE.__dict__, "docx": bytes(20_000_000)})
    lines = [*HELLO, b"250 OK\r\n", None, b"250 OK\r\n", None, b"354 go\r\n", None]
    with talking(lines) as port:
        assert by_mail(port, message=large) == later("line_broke")


def test_an_answer_that_comes_drop_by_drop_is_cut_when_the_time_is_up() -> None:
    drops: list[bytes | float | None] = [each for _ in range(200) for each in (b"220-", 0.05)]
    began = time.monotonic()
    with talking(drops) as port:
        assert by_mail(port, patience=0.4) == later("timeout")
    assert time.monotonic() - began < 5


def test_nobody_at_the_port_and_no_such_host_are_tried_again() -> None:
    assert by_mail(free_port()) == later("no_connection")
    assert by_webhook(f"http://127.0.0.1:{free_port()}") == later("no_connection")


def test_an_address_that_is_none_is_never_tried() -> None:
    route = Route("mail", a_mail_channel(free_port()), "某人@example.cn")
    assert send(route, MESSAGE, 1.0) == never("no_address")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    import ipaddress
    from datetime import timedelta

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is one this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.usefixtures("trusted")
def test_over_starttls_with_a_login(context: ssl.SSLContext) -> None:
    box = Mailbox()
    with smtp(box, user="desk", password="pa55 word", tls_context=context, require_starttls=True) as port:
        assert by_mail(port, security="starttls", user="desk", password="pa55 word") == sent()
        assert by_mail(port, security="starttls", user="desk", password="wrong") == later("smtp_login")
    assert box.tls == [True]


@pytest.mark.usefixtures("trusted")
def test_over_tls_from_the_first_byte(context: ssl.SSLContext) -> None:
    box = Mailbox()
    with smtp(box, ssl_context=context) as port:
        assert by_mail(port, security="tls") == sent()
    assert box.ids == [MESSAGE.id]


def test_a_certificate_nobody_trusts_and_a_server_without_tls_get_no_letter(context: ssl.SSLContext) -> None:
    box = Mailbox()
    with smtp(box, tls_context=context) as port:
        assert by_mail(port, security="starttls") == later("tls")
    with smtp(box) as port:
        assert by_mail(port, security="starttls") == later("tls")
        assert by_mail(port, security="tls") == later("tls")
    assert box.taken == []


def test_dots_at_the_beginning_of_a_line_are_doubled_and_the_end_is_one_dot() -> None:
    assert mail._stuffed(b".a\n..\r\nb") == b"..a\r\n...\r\nb\r\n.\r\n"
    assert mail._stuffed(b"a\r\n") == b"a\r\n.\r\n"


# ── HTTP ──


def test_a_webhook_gets_the_letter_under_a_key_that_stays_the_same() -> None:
    sink = Sink(answers=["500", "200"])
    with http_sink(sink) as url:
        assert by_webhook(f"{url}/in?for=desk", token="tok") == later("http_500")
        assert by_webhook(f"{url}/in?for=desk", token="tok") == sent()
    assert sink.keys == ["XF2026000001-2-1.0123456789@banjie.local"] * 2
    headers, body, path = sink.taken[1]
    assert (headers["authorization"], path) == ("Bearer tok", "/in?for=desk")
    assert sink.taken[0][1] == body
    told = json.loads(body)
    assert (told["id"], told["title"], told["to"]) == (sink.keys[0], MESSAGE.title, "handler")
    assert told["text"] == MESSAGE.text


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("201", sent()),
        ("204", sent()),
        ("301", never("http_301")),
        ("400", never("http_400")),
        ("401", never("http_401")),
        ("429", later("http_429")),
        ("503", later("http_503")),
        (CUT, unknown("no_answer")),
        (HANG, unknown("no_answer")),
    ],
)
def test_what_a_webhook_answers(status: str, answer: Answer) -> None:
    sink = Sink(answers=[status], body=b"")
    with http_sink(sink) as url:
        assert by_webhook(url, patience=1.0) == answer
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ([None, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"], sent()),
        ([None, b"what?\r\n\r\n"], unknown("no_answer")),
        ([None, b"HTTP/1.1 2"], unknown("no_answer")),
    ],
)
def test_an_answer_that_breaks_off_counts_as_far_as_it_was_heard(
    lines: list[bytes | float | None], answer: Answer
) -> None:
    with talking(lines) as port:
        assert by_webhook(f"http://127.0.0.1:{port}") == answer


def by_robot(kind: str, url: str, **more: object) -> Answer:
    channel = RobotChannel.model_validate({"kind": kind, "url": url, **more})
    return send(Route(kind, channel), MESSAGE, 5.0)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', sent()),
        (b'{"code":0,"data":{},"msg":"success"}', sent()),
        (b'{"errcode":93000,"errmsg":"invalid webhook url"}', never("robot_93000")),
        (b'{"code":9499,"msg":"Bad Request"}', never("robot_9499")),
        (b'{"errcode":45009,"errmsg":"freq out of limit"}', later("robot_45009")),
        (b"<html>", unknown("no_answer")),
        (b"[]", unknown("no_answer")),
        (b"{}", unknown("no_answer")),
    ],
)
def test_a_robot_is_believed_by_its_code_and_not_by_its_status(kind: str, body: bytes, answer: Answer) -> None:
    sink = Sink(body=body)
    with http_sink(sink) as url:
        assert by_robot(kind, f"{url}/send?key=k") == answer
    told = json.loads(sink.taken[0][1])
    text = told["content"]["text"] if kind == "feishu" else told["text"]["content"]
    assert text.startswith(f"{MESSAGE.number}\n")
    assert len(text.encode()) < 2048, "a robot takes no more"
    assert text.endswith("（全文见信访系统 see the petition system）")


def test_a_robot_that_is_down_is_tried_again() -> None:
    with http_sink(Sink(answers=["502"])) as url:
        assert by_robot("wecom", url) == later("http_502")


def test_a_robot_that_wants_a_signature_gets_one() -> None:
    sink = Sink(body=b'{"errcode":0}')
    with http_sink(sink) as url:
        assert by_robot("dingtalk", f"{url}/send?access_token=t", secret="SEC1") == sent()
        assert by_robot("feishu", f"{url}/hook", secret="SEC2") == sent()
    asked = parse_qs(urlsplit(sink.taken[0][2]).query)
    assert set(asked) == {"access_token", "timestamp", "sign"}
    assert "SEC1" not in sink.taken[0][2]
    told = json.loads(sink.taken[1][1])
    assert set(told) == {"msg_type", "content", "timestamp", "sign"}


def test_other_services_answer_yes_or_a_no_that_says_nothing() -> None:
    sink = Sink(answers=["200", "500"])
    with http_sink(sink) as url:
        channel = OtherChannel.model_validate({"kind": "apprise", "url": url.replace("http://", "json://")})
        assert send(Route("other", channel), MESSAGE, 5.0) == sent()
        assert send(Route("other", channel), MESSAGE, 5.0) == later("not_said")
    assert MESSAGE.number in sink.taken[0][1].decode("unicode_escape")
    assert MESSAGE.id.strip("<>") in sink.taken[0][1].decode()


def test_the_tray_sends_nothing() -> None:
    assert send(Route("tray"), MESSAGE, 1.0) == Answer(Fate.TRAY)
