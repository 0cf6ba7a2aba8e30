"""A console over a real desk: browsers that keep their cookies, speaking to the real ASGI application."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.access.tokens import Scope
from tests.store.desks import Office, an_office
from web.app import make_app
from web.house import House

PASSWORD = "十个字以上的密码12"
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
"""Argon2 as in production, but cheap: people log in hundreds of times here. The store's tests use the real strength."""


@dataclass
class Hands:
    """A clock for sessions and locks that stands until it is told to go on."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 26, 1, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)


class Browser:
    """Somebody's browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.answer = httpx.Response(0)

    @property
    def html(self) -> str:
        return self.answer.text

    @property
    def words(self) -> str:
        """What a person reads on the page."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    async def go(self, path: str) -> "Browser":
        self.answer = await self.client.get(path)
        return self

    async def send(self, path: str, files: dict[str, tuple[str, bytes]] | None = None, /, **fields: str) -> "Browser":
        """Send a form of the page that is shown, with the marks it was given."""
        marks = dict(re.findall(r'name="(csrf|key|next)" value="([^"]*)"', self.form(path)))
        given = {**{name: unescape(value) for name, value in marks.items()}, **fields}
        self.answer = await self.client.post(path, data=given, files=files)
        return self

    async def mark(self) -> str:
        """The session's own mark, as every form of it bears; what is sent without it is refused for that alone."""
        await self.go("/help")
        return str(re.findall(r'name="csrf" value="([^"]*)"', self.html)[0])

    def form(self, path: str) -> str:
        for form in re.findall(r"<form.*?</form>", self.html, re.DOTALL):
            if f'action="{path}"' in form:
                return str(form)
        raise AssertionError(f"no form that sends to {path} on the page: {self.words[:300]}")


@dataclass
class Console:
    """A console at work."""

    house: House
    office: Office
    hands: Hands
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, address: str = "127.0.0.1", **headers: str) -> Browser:
        transport = httpx.ASGITransport(make_app(self.house), raise_app_exceptions=False, client=(address, 4711))
        client = httpx.AsyncClient(transport=transport, base_url="http://desk.test", headers=headers)
        self.clients.append(client)
        return Browser(client)

    def an_account(self, person: str) -> None:
        """Give somebody an account with a password of their own."""
        self.house.accounts.change(person, self.house.accounts.make(person), PASSWORD)

    async def logged_in(self, person: str, **headers: str) -> Browser:
        """The browser of somebody who has logged in."""
        if self.house.accounts.of(person) is None:
            self.an_account(person)
        browser = self.browser(**headers)
        await browser.go("/login")
        await browser.send("/login", name=person, password=PASSWORD)
        assert browser.answer.status_code == 303, browser.words
        return browser

    def machine(self, person: str, *scopes: Scope, **headers: str) -> httpx.AsyncClient:
        """A program with a token."""
        token = self.house.tokens.make(person, "测试", scopes or tuple(Scope), "administrator")
        return self.browser(**{"authorization": f"Bearer {token}", **headers}).client


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path / "desk") as found:
        yield found


@pytest.fixture
async def console(office: Office) -> AsyncIterator[Console]:
    hands = Hands()
    made = Console(House.of(office.desk, now=hands.now, hasher=QUICK), office, hands)
    yield made
    for client in made.clients:
        await client.aclose()


@pytest.fixture
async def open_console(console: Console) -> Console:
    """A console that speaks Open311."""
    settings = console.house.desk.settings.model_copy(update={"open311": True})
    console.house.desk = replace(console.house.desk, settings=settings)
    return console
