"""A letter by e-mail: SMTP, stage by stage, because where it breaks decides whether the letter may have arrived.

The standard library's ``send_message`` does not tell a line that broke before the end of DATA (nothing arrived) from
one that broke after it (nobody knows), so the stages are taken here one by one.
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from adapters.post.answer import Answer, Line, Message, later, line, never, sent, unknown
from adapters.post.book import MailChannel, is_address

OURSELVES: Final = "banjie.local"
"""The name said in EHLO: asking the network for our own could take long, and would tell it."""
DOCX: Final = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
READY, GO_ON, TAKEN = 220, 354, 200


def post(channel: MailChannel, address: str, message: Message, patience: float) -> Answer:
    """Send a message to an address.

    Failing to connect, to encrypt or to log in is ours to mend: it is tried again. A reply that begins with 4 is tried
    again, one with 5 is final, at whatever stage it comes.
    """
    if not is_address(address):
        return never("no_address")
    content = composed(channel, address, message)
    with line(patience) as held:
        client = smtplib.SMTP(local_hostname=OURSELVES, timeout=patience)
        try:
            if answer := _greeted(channel, client, held, patience):
                return answer
            return _handed_over(channel, client, address, content)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                client.close()


def composed(channel: MailChannel, address: str, message: Message) -> bytes:
    """Return the message as it goes over the line; the same message is the same bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=channel.name, addr_spec=channel.sender) if channel.name else channel.sender
    mail["To"] = address
    mail["Subject"] = f"{message.title} {message.number}"
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.id
    mail["X-Banjie-Case"] = message.case
    # A machine's letter: nobody's holiday answer shall come back for it (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="base64")
    if message.docx is not None:
        main, kind = DOCX
        mail.add_attachment(message.docx, maintype=main, subtype=kind, filename=f"{message.number}.docx")
        mail.set_boundary(f"=_{message.id.strip('<>').replace('@', '.')}")
    return mail.as_bytes()


def _greeted(channel: MailChannel, client: smtplib.SMTP, held: Line, patience: float) -> Answer | None:
    """Connect, encrypt and log in; return what is wrong, or None."""
    try:
        connection = socket.create_connection((channel.host, channel.port), patience)
        # From the first byte on: a greeting that never ends is cut too.
        held.over(connection)
        client.sock = _encrypted(channel, connection) if channel.security == "tls" else connection
        code, _ = client.getreply()
        if code != READY:
            return later(f"smtp_{code}")
        client.ehlo_or_helo_if_needed()
        if channel.security == "starttls":
            _start_tls(channel, client, connection)
        if channel.user:
            client.login(channel.user, channel.password.get_secret_value())
    except smtplib.SMTPAuthenticationError:
        return later("smtp_login")
    except ssl.SSLError:
        return later("tls")
    except smtplib.SMTPResponseException as reply:
        return later(f"smtp_{reply.smtp_code}")
    except (OSError, smtplib.SMTPException, ValueError):
        return later("timeout" if held.cut else "no_connection")
    return None


def _start_tls(channel: MailChannel, client: smtplib.SMTP, connection: socket.socket) -> None:
    if not client.has_extn("starttls") or client.docmd("STARTTLS")[0] != READY:
        raise ssl.SSLError("no STARTTLS")
    client.sock, client.file = _encrypted(channel, connection), None
    client.ehlo()


def _encrypted(channel: MailChannel, connection: socket.socket) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(connection, server_hostname=channel.host)


def _handed_over(channel: MailChannel, client: smtplib.SMTP, address: str, content: bytes) -> Answer:
    ended = False
    try:
        for code, _ in (client.mail(channel.sender), client.rcpt(address)):
            if code // 100 * 100 != TAKEN:
                return _refused(code)
        code, _ = client.docmd("DATA")
        if code != GO_ON:
            return _refused(code)
        # As long as this raises, some of it, and so its end, never went out: a server drops such a letter.
        client.send(_stuffed(content))
        ended = True
        code, _ = client.getreply()
    except (OSError, smtplib.SMTPException, ValueError):
        return unknown("no_answer") if ended else later("line_broke")
    if code // 100 * 100 != TAKEN:
        return _refused(code, ended=True)
    with suppress(OSError, smtplib.SMTPException):
        client.quit()
    return sent()


def _refused(code: int, *, ended: bool = False) -> Answer:
    match code // 100:
        case 4:
            return later(f"smtp_{code}")
        case 5:
            return never(f"smtp_{code}")
        case _:
            # No reply that anybody agreed on.
            return unknown("no_answer") if ended else later("no_answer")


def _stuffed(content: bytes) -> bytes:
    """Return the content with its dots doubled and the end of DATA behind it (RFC 5321, 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." if each.startswith(b".") else b"") + each + b"\r\n" for each in lines) + b".\r\n"
