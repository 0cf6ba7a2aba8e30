"""How a delivery is signed, so that it can be trusted: Standard Webhooks 1.0 (https://www.standardwebhooks.com).

What is signed is ``id.timestamp.body``, by HMAC-SHA256 with the secret's bytes; while a secret is changed both sign.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
"""How a secret begins, so that one found in a text is known for what it is."""
SECRET_BYTES: Final = 32


def new_secret() -> str:
    """Return a new secret: the prefix and 32 random bytes in Base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(keys: Sequence[str], message: str, at: int, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery.

    Args:
        keys: the secrets in force, the newest first.
        message: the message's id, the same however often it is sent.
        at: seconds since 1970, of this very sending.
        body: what is sent, byte for byte.
    """
    signed = f"{message}.{at}.".encode() + body
    made = (hmac.new(base64.b64decode(key.removeprefix(PREFIX)), signed, hashlib.sha256).digest() for key in keys)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in made),
    }
