"""An OpenID provider asked who somebody is (OpenID Connect Core 1.0, code flow with PKCE)."""

import time
from collections.abc import Callable
from typing import Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from adapters.access.oidc import Begun, Identity, NotIdentified, ProviderAwayError

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures that are taken: those of a key that only the provider has; never ``none``, never a shared secret."""
LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""
PATIENCE: Final = 10.0
FRESH: Final = 3600.0
"""Seconds that a provider's description and keys are used before they are asked for again."""
STRONG: Final = frozenset({"mfa", "otp", "hwk", "swk"})
"""Ways of authenticating (RFC 8176) that are a second factor."""


class Provider:
    """One provider; safe to use from many threads."""

    def __init__(self, issuer: str, client: str, secret: str, *, now: Callable[[], float] = time.time) -> None:
        """Keep who we are there; it is asked nothing yet."""
        self.issuer, self.client, self.secret, self.now = issuer.rstrip("/"), client, secret, now
        self._described: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, jwk.KeySet] | None = None

    def __repr__(self) -> str:
        """Never show the secret."""
        return f"Provider({self.issuer})"

    def begin(self, back: str) -> Begun:
        """Begin a log-in that comes back to the address ``back``.

        Raises:
            ProviderAwayError: it does not answer.
        """
        verifier, nonce = generate_token(64), generate_token(32)
        with self._at(back) as client:
            url, state = client.create_authorization_url(
                self._place("authorization_endpoint"), code_verifier=verifier, nonce=nonce
            )
        return Begun(url, state, nonce, verifier)

    def finish(self, back: str, code: str, begun: Begun) -> Identity:
        """Return who came back with a code.

        Raises:
            NotIdentified: the code is not good, or what the provider says cannot be trusted.
            ProviderAwayError: it does not answer.
        """
        try:
            with self._at(back) as client:
                got = client.fetch_token(
                    self._place("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=begun.verifier,
                    timeout=PATIENCE,
                    allow_redirects=False,
                )
        except (AuthlibBaseError, ValueError):
            raise NotIdentified(why="code") from None
        except requests.RequestException as fault:
            raise ProviderAwayError(type(fault).__name__) from None
        told = got.get("id_token")
        if not isinstance(told, str):
            raise NotIdentified(why="id_token")
        claims = self._trusted(told, begun.nonce)
        ways = claims.get("amr")
        strong = isinstance(ways, list) and bool(STRONG & {each for each in ways if isinstance(each, str)})
        return Identity(self.issuer, str(claims["sub"])[:255], strong)

    def _trusted(self, told: str, nonce: str) -> dict[str, Any]:
        """Return the claims of an ID token that holds (OpenID Connect Core 1.0, 3.1.3.7)."""
        try:
            try:
                token = jwt.decode(told, self._key_set(), algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                # A key it does not know yet: keys are changed, so they are asked for once more.
                token = jwt.decode(told, self._key_set(anew=True), algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(
                now=lambda: int(self.now()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(token.claims)
            several = token.claims.get("aud")
            if isinstance(several, list) and len(several) > 1 and token.claims.get("azp") != self.client:
                raise NotIdentified(why="azp")
        except (JoseError, ValueError, TypeError) as fault:
            raise NotIdentified(why=type(fault).__name__) from None
        return dict(token.claims)

    def _at(self, back: str) -> OAuth2Session:
        client = OAuth2Session(
            self.client, self.secret, scope="openid", redirect_uri=back, code_challenge_method="S256"
        )
        # Nobody but the settings says where it is asked.
        client.trust_env = False
        return client

    def _place(self, name: str) -> str:
        found = self._description().get(name)
        if not isinstance(found, str):
            raise ProviderAwayError(name)
        return found

    def _description(self) -> dict[str, Any]:
        if self._described is None or self._described[0] < self.now():
            found = self._asked(f"{self.issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != self.issuer:
                raise ProviderAwayError("issuer")
            self._described = self.now() + FRESH, found
        return self._described[1]

    def _key_set(self, *, anew: bool = False) -> jwk.KeySet:
        if anew or self._keys is None or self._keys[0] < self.now():
            found = self._asked(self._place("jwks_uri"))
            try:
                self._keys = self.now() + FRESH, jwk.KeySet.import_key_set(found)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError):
                raise ProviderAwayError("jwks") from None
        return self._keys[1]

    def _asked(self, url: str) -> dict[str, Any]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(url, timeout=PATIENCE, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as fault:
            raise ProviderAwayError(type(fault).__name__) from None
        if not isinstance(found, dict):
            raise ProviderAwayError("no JSON object")
        return found
