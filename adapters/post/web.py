"""A letter to an address on the web: a webhook of one's own, or a group's robot in 企业微信, 钉钉 or 飞书.

The robots answer 200 also to what they refuse; only the code in their answer tells. ``apprise`` looks at the status
alone for two of the three, and would call a refused letter sent.
"""

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import time
from typing import Final
from urllib.parse import quote_plus, urlsplit

from adapters.post.answer import Answer, Line, Message, later, line, never, sent, unknown
from adapters.post.book import RobotChannel, WebhookChannel

MOST: Final = 64 * 1024
"""Bytes of an answer that are read."""
TRY_AGAIN: Final = frozenset({408, 425, 429})
BUSY: Final = frozenset({-1, 45009, 130101, 410100, 11232})
"""Codes with which the robots say: too many, later."""
SHORT: Final = 1800
"""Bytes of a letter that a robot takes (企业微信: 2,048)."""
OK, BROKEN = 2, 5
JSON: Final = {"Content-Type": "application/json; charset=utf-8"}


def post_webhook(channel: WebhookChannel, message: Message, patience: float) -> Answer:
    """Hand a letter to a webhook as JSON, under an ``Idempotency-Key`` that stays the same however often it comes."""
    token = channel.token.get_secret_value() if channel.token else ""
    body: dict[str, object] = {
        "id": message.id.strip("<>"),
        "case": message.case,
        "number": message.number,
        "title": message.title,
        "to": message.to,
        "text": message.text,
        "at": message.at.isoformat(),
    }
    headers = {"Idempotency-Key": message.id.strip("<>"), **({"Authorization": f"Bearer {token}"} if token else {})}
    answer, _ = handed_over(channel.url.get_secret_value(), _json(body), {**JSON, **headers}, patience)
    return answer


def post_robot(channel: RobotChannel, message: Message, patience: float) -> Answer:
    """Say a letter in a group by its robot; the group is made up of officials, and so is what it is told."""
    url, body = channel.url.get_secret_value(), said_in(channel, message)
    secret = channel.secret.get_secret_value() if channel.secret else ""
    if secret and channel.kind == "dingtalk":
        stamp = str(round(time.time() * 1000))
        sign = _signature(secret.encode(), f"{stamp}\n{secret}".encode())
        url += f"&timestamp={stamp}&sign={quote_plus(sign)}"
    elif secret and channel.kind == "feishu":
        stamp = str(round(time.time()))
        body |= {"timestamp": stamp, "sign": _signature(f"{stamp}\n{secret}".encode(), b"")}
    answer, told = handed_over(url, _json(body), JSON, patience)
    if answer != sent():
        return answer
    try:
        held = json.loads(told)
        code = int(held.get("errcode", held.get("code", held.get("StatusCode"))))
    except (ValueError, TypeError, AttributeError):
        return unknown("no_answer")
    if code == 0:
        return sent()
    return later(f"robot_{code}") if code in BUSY else never(f"robot_{code}")


def said_in(channel: RobotChannel, message: Message) -> dict[str, object]:
    """Return what a robot is given: the letter as far as it fits, whole in its first lines."""
    text = f"{message.number}\n{message.text}"
    if len(text.encode()) > SHORT:
        text = text.encode()[:SHORT].decode(errors="ignore") + "…（全文见信访系统 see the petition system）"
    if channel.kind == "feishu":
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def _signature(key: bytes, said: bytes) -> str:
    return base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def _json(body: dict[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def handed_over(url: str, content: bytes, headers: dict[str, str], patience: float) -> tuple[Answer, bytes]:
    """Post something to an address, within so many seconds; return what became of it, and what was answered.

    A redirect is not followed.
    """
    where = urlsplit(url)
    given = {"User-Agent": "banjie", "Connection": "close", **headers}
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    with line(patience) as held:
        client = _client(where.scheme, where.hostname or "", where.port, patience)
        try:
            return _stages(client, held, path, content, given)
        finally:
            client.close()


def _client(scheme: str, host: str, port: int | None, patience: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=patience)


def _stages(
    client: http.client.HTTPConnection, held: Line, path: str, content: bytes, headers: dict[str, str]
) -> tuple[Answer, bytes]:
    ended = False
    try:
        client.connect()
        held.over(client.sock)
        client.request("POST", path, content, headers)
        ended = True
        response = client.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as fault:
        if ended:
            return unknown("no_answer"), b""
        tls = "tls" if isinstance(fault, ssl.SSLError) else "no_connection"
        return later("timeout" if held.cut else tls), b""
    answer = _answer(response.status)
    try:
        return answer, response.read(MOST)
    except (OSError, http.client.HTTPException):
        # The status was heard; whoever needs the rest of it finds it empty.
        return answer, b""


def _answer(status: int) -> Answer:
    if status // 100 == OK:
        return sent()
    if status // 100 == BROKEN or status in TRY_AGAIN:
        return later(f"http_{status}")
    # A redirect too: nobody but the post book says where letters go.
    return never(f"http_{status}")
