"""An OpenID provider for tests, as a process of its own: ``python -m tests.web.provider PORT``.

Discovery, authorization code with PKCE, RS256 tokens, keys that can be changed. ``POST /faults`` tells what it is to do
wrong; who logs in is named there too (``sub``). Nothing of the client under test is used in it.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import uvicorn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

CLIENT: Final = "banjie-tests"
SECRET: Final = "a secret of the tests"

app = FastAPI()
codes: dict[str, dict[str, str]] = {}
faults: dict[str, Any] = {}
keys: list[tuple[str, rsa.RSAPrivateKey]] = []


def number(value: int) -> str:
    return shut(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def shut(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def another_key() -> None:
    keys.append((secrets.token_hex(4), rsa.generate_private_key(65537, 2048)))


def base_of(request: Request) -> str:
    return f"http://{request.url.netloc}"


@app.get("/.well-known/openid-configuration")
def description(request: Request) -> dict[str, str]:
    base = base_of(request)
    return {
        "issuer": faults.get("issuer", base),
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/keys",
    }


@app.get("/keys")
def key_set() -> dict[str, object]:
    name, key = keys[-1]
    public = key.public_key().public_numbers()
    return {
        "keys": [
            {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": number(public.n), "e": number(public.e)}
        ]
    }


@app.get("/authorize")
def authorize(request: Request) -> Response:
    asked = dict(request.query_params)
    assert asked["client_id"] == CLIENT
    assert asked["code_challenge_method"] == "S256"
    if faults.get("denied"):
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        )
    code = secrets.token_urlsafe(16)
    codes[code] = asked
    back = {"code": code, "state": faults.get("state", asked["state"])}
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}")


@app.post("/token")
async def token(request: Request) -> Response:
    given = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
    basic = base64.b64decode(request.headers.get("authorization", "Basic ").removeprefix("Basic ")).decode()
    asked = codes.pop(given.get("code", ""), None)
    challenge = shut(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
    good = asked and asked["code_challenge"] == challenge and asked["redirect_uri"] == given.get("redirect_uri")
    if not good or basic != f"{CLIENT}:{SECRET}":
        return JSONResponse({"error": "invalid_grant"}, 400)
    assert asked is not None
    now = int(time.time())
    claims = {
        "iss": base_of(request),
        "aud": CLIENT,
        "sub": "somebody",
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        **faults.get("claims", {}),
    }
    return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed(claims)})


def signed(claims: dict[str, object]) -> str:
    name, key = keys[-1]
    if faults.get("alg") == "none":
        return f"{shut(json.dumps({'alg': 'none'}).encode())}.{shut(json.dumps(claims).encode())}."
    head = shut(json.dumps({"alg": "RS256", "kid": name}).encode())
    text = f"{head}.{shut(json.dumps(claims).encode())}"
    if faults.get("alg") == "forged":
        key = rsa.generate_private_key(65537, 2048)
    return f"{text}.{shut(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@app.post("/faults")
async def told(request: Request) -> dict[str, bool]:
    faults.clear()
    faults.update(await request.json())
    if faults.get("rotate"):
        another_key()
    return {"ok": True}


if __name__ == "__main__":
    another_key()
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
