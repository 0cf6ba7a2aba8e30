"""Asking a server: over the line, or whatever a test puts in its place; each question is asked once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from adapters.open311.kit.reading import ROOTS, Broken, Read, read

PATIENCE: Final = 20.0
"""Seconds for an answer."""
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer that are read."""


class UnreachableError(Exception):
    """Nobody answers there."""


@dataclass(frozen=True)
class Answer:
    """What came back; ``media`` is its Content-Type as it was written."""

    status: int
    media: str
    body: bytes


class Ask(Protocol):
    """How a server is asked; ``path`` stands behind its base, ``form`` is what is sent, None for GET."""

    def __call__(
        self, path: str, query: Mapping[str, str], form: Mapping[str, str] | None = None, *, keyed: bool = True
    ) -> Answer:
        """Return what it answers.

        Raises:
            UnreachableError: nobody answers.
        """


def over_the_line(base: str, key: str | None) -> Ask:
    """Return the way over HTTP to a server whose addresses begin with ``base``."""
    import requests

    session = requests.Session()
    session.trust_env = True

    def ask(
        path: str, query: Mapping[str, str], form: Mapping[str, str] | None = None, *, keyed: bool = True
    ) -> Answer:
        headers = {"Authorization": f"Bearer {key}"} if key and keyed and form is None else {}
        # As GeoReport has it a key goes into the form.
        sent = None if form is None else {**form, **({"api_key": key} if key and keyed else {})}
        try:
            with session.request(
                "GET" if form is None else "POST",
                f"{base.rstrip('/')}/{path}",
                params=dict(query),
                data=sent,
                headers=headers,
                timeout=PATIENCE,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(LARGEST, decode_content=True)
                return Answer(answer.status_code, answer.headers.get("Content-Type", ""), body)
        except requests.RequestException as fault:
            raise UnreachableError(type(fault).__name__) from fault

    return ask


@dataclass
class Server:
    """A server that is asked: every GET once, so that all rules speak of the same answer."""

    ask: Ask
    jurisdiction: str = ""
    send: bool = False
    known: dict[tuple[object, ...], Answer] = field(default_factory=dict)

    def answer(self, path: str, **query: str) -> Answer:
        """Return the answer to a GET."""
        asked = {**({"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {}), **query}
        name = (path, *sorted(asked.items()))
        if name not in self.known:
            self.known[name] = self.ask(path, asked)
        return self.known[name]

    def sent(self, path: str, form: Mapping[str, str], *, keyed: bool = True) -> Answer:
        """Return the answer to a POST; the jurisdiction goes into the form."""
        own = {"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {}
        return self.ask(path, {}, {**own, **form}, keyed=keyed)

    def read(self, path: str, **query: str) -> Read:
        """Return the answer to a GET that must succeed.

        Raises:
            Broken: it did not, or cannot be read.
        """
        found = self.answer(path, **query)
        if found.status != 200:
            raise Broken(f"GET {shown(path, query)}: HTTP {found.status}")
        return read(found.body, "json" if path.endswith(".json") else "xml", f"GET {shown(path, query)}")

    def rows(self, path: str, **query: str) -> list[dict[str, object]]:
        """Return the rows of a list.

        Raises:
            Broken: the answer is not one.
        """
        told = self.read(path, **query)
        if told.root and told.root not in ROOTS:
            raise Broken(f"{told.where}: <{told.root}>")
        if not isinstance(told.value, list) or not all(isinstance(each, dict) for each in told.value):
            raise Broken(f"{told.where}: not a list")
        return told.value


def shown(path: str, query: Mapping[str, str]) -> str:
    """Write a question as it stands in a table."""
    return f"/{path}" + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")
