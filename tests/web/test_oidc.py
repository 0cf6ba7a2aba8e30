"""Logging in by an identity provider, held against a real provider in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from adapters.access.log import latest
from adapters.access.provider import Provider
from tests.web.conftest import Browser, Console
from tests.web.provider import CLIENT, SECRET

ROOT: Final = Path(__file__).parents[2]


class Running:
    """The provider's process."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([sys.executable, "-m", "tests.web.provider", str(self.port)], cwd=ROOT)
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{self.issuer}/keys", trust_env=False)
            except httpx.HTTPError:
                assert self.process.poll() is None, "the provider does not start"
                assert time.monotonic() < deadline, "the provider does not answer"
                time.sleep(0.05)
            else:
                return

    def wrong(self, **faults: Any) -> None:
        """Tell it what to do wrong from now on."""
        httpx.post(f"{self.issuer}/faults", json=faults, trust_env=False).raise_for_status()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    found = Running()
    yield found
    found.end()


@pytest.fixture
def with_provider(console: Console, running: Running) -> Console:
    running.wrong()
    console.house.provider = Provider(running.issuer, CLIENT, SECRET)
    return console


async def through(browser: Browser, path: str = "/login/oidc") -> Browser:
    """Follow the way to the provider and back, as a browser does."""
    await browser.go(path)
    assert browser.answer.status_code == 303, browser.words
    async with httpx.AsyncClient(trust_env=False) as outside:
        answer = await outside.get(browser.answer.headers["location"])
    back = urlsplit(answer.headers["location"])
    return await browser.go(f"{back.path}?{back.query}")


async def bound(console: Console, person: str = "clerk") -> Browser:
    browser = await console.logged_in(person)
    await through(browser, "/login/oidc?bind=1&next=/me")
    assert browser.answer.headers["location"] == "/me"
    return browser


def whys(console: Console) -> list[str]:
    return [each.why for each in latest(console.office.database, 5)]


async def test_who_bound_their_identity_comes_in_by_it_and_it_is_kept(with_provider: Console) -> None:
    mine = await bound(with_provider)
    await mine.go("/me")
    assert "已绑定" in mine.words
    browser = with_provider.browser()
    await browser.go("/login")
    assert "统一身份认证登录" in browser.words
    await through(browser, "/login/oidc?next=/cases")
    assert browser.answer.headers["location"] == "/cases"
    await browser.go("/cases")
    assert browser.answer.status_code == 200
    assert latest(with_provider.office.database, 1)[0].why == "oidc"
    await mine.send("/me/oidc/end")
    await through(with_provider.browser())
    assert with_provider.house.identities.bound("clerk") is False


async def test_who_bound_none_is_told_what_to_do_and_comes_not_in(with_provider: Console) -> None:
    with_provider.an_account("clerk")
    browser = with_provider.browser()
    await through(browser)
    assert browser.answer.status_code == 401 or "绑定一次" in browser.words
    assert "绑定一次" in browser.words
    assert (await browser.go("/cases")).answer.status_code == 303
    assert whys(with_provider)[0] == "oidc: not_bound"


@pytest.mark.parametrize(
    "faults",
    [
        {"state": "another"},
        {"claims": {"nonce": "another"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["another", CLIENT]}},
        {"claims": {"iss": "https://elsewhere.test"}},
        {"claims": {"exp": 1_000_000_000}},
        {"claims": {"sub": None}},
        {"alg": "none"},
        {"alg": "forged"},
        {"denied": True},
    ],
    ids=str,
)
async def test_what_cannot_be_trusted_lets_nobody_in(
    with_provider: Console, running: Running, faults: dict[str, Any]
) -> None:
    await bound(with_provider)
    running.wrong(**faults)
    browser = with_provider.browser()
    await through(browser)
    assert browser.answer.status_code == 401
    assert "统一身份认证未通过" in browser.words
    assert (await browser.go("/cases")).answer.status_code == 303
    assert whys(with_provider)[0] == "oidc: not_identified"


async def test_a_code_is_good_once_and_in_the_browser_it_was_asked_for(with_provider: Console) -> None:
    await bound(with_provider)
    browser, other = with_provider.browser(), with_provider.browser()
    await browser.go("/login/oidc")
    async with httpx.AsyncClient(trust_env=False) as outside:
        back = urlsplit((await outside.get(browser.answer.headers["location"])).headers["location"])
    assert (await other.go(f"{back.path}?{back.query}")).answer.status_code == 401
    assert (await browser.go(f"{back.path}?{back.query}")).answer.status_code == 303
    assert (await browser.go(f"{back.path}?{back.query}")).answer.status_code == 401


async def test_keys_that_were_changed_are_asked_for_again(with_provider: Console, running: Running) -> None:
    await bound(with_provider)
    running.wrong(rotate=True)
    browser = with_provider.browser()
    await through(browser)
    assert browser.answer.status_code == 303


async def test_the_second_factor_is_asked_for_unless_the_provider_asked_for_one(
    with_provider: Console, running: Running
) -> None:
    import pyotp

    await bound(with_provider)
    secret = with_provider.house.second.begin("clerk")
    code = pyotp.TOTP(secret).at(with_provider.hands.at)
    with_provider.house.second.confirm("clerk", code)
    browser = await through(with_provider.browser())
    assert browser.answer.headers["location"] == "/login/code"
    running.wrong(claims={"amr": ["pwd", "otp"]})
    browser = await through(with_provider.browser())
    assert browser.answer.headers["location"] == "/"


async def test_a_closed_account_and_an_identity_that_is_somebody_elses(with_provider: Console) -> None:
    await bound(with_provider)
    other = await with_provider.logged_in("dispatcher")
    await through(other, "/login/oidc?bind=1")
    assert "已绑定其他账号" in other.words
    with_provider.house.accounts.close("clerk")
    browser = await through(with_provider.browser())
    assert (await browser.go("/cases")).answer.status_code == 303


async def test_an_administrator_takes_a_binding_away_and_who_came_by_it_is_out(with_provider: Console) -> None:
    by_password = await bound(with_provider)
    by_identity = await through(with_provider.browser())
    assert (await by_identity.go("/cases")).answer.status_code == 200
    administrator = await (await with_provider.logged_in("administrator")).go("/accounts")
    assert administrator.words.count("解除统一身份绑定") == 1
    await administrator.send("/accounts/oidc", person="clerk")
    assert administrator.answer.headers["location"] == "/accounts"
    last = latest(with_provider.office.database, 1)[0]
    assert (last.who, last.about, last.why, last.granted) == ("administrator", "clerk", "oidc: end", True)
    for out in (by_identity, by_password):
        assert (await out.go("/cases")).answer.status_code == 303
    again = await through(with_provider.browser())
    assert again.answer.status_code == 401
    assert "绑定一次" in again.words
    assert "解除统一身份绑定" not in (await administrator.go("/accounts")).words


@pytest.mark.parametrize("person", ["clerk", "dispatcher", "leader", "auditor"])
async def test_nobody_else_takes_somebodys_binding_away(with_provider: Console, person: str) -> None:
    await bound(with_provider)
    browser = await with_provider.logged_in(person)
    answer = await browser.client.post("/accounts/oidc", data={"csrf": await browser.mark(), "person": "clerk"})
    assert answer.status_code == 403
    assert with_provider.house.identities.bound("clerk")


async def test_an_administrator_binds_nobody_but_themselves(with_provider: Console) -> None:
    with_provider.an_account("clerk")
    administrator = await with_provider.logged_in("administrator")
    sent = {"csrf": await administrator.mark(), "person": "clerk"}
    assert (await administrator.client.post("/accounts/bind", data=sent)).status_code == 422
    await through(administrator, "/login/oidc?bind=clerk&person=clerk")
    assert with_provider.house.identities.every() == {"administrator"}


async def test_nobody_is_led_elsewhere_after_the_log_in(with_provider: Console) -> None:
    await bound(with_provider)
    for elsewhere in ("https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test"):
        browser = await through(with_provider.browser(), f"/login/oidc?next={elsewhere}")
        assert browser.answer.headers["location"] == "/", elsewhere


async def test_a_provider_that_is_away_says_so_and_the_password_still_works(console: Console) -> None:
    own = Running()
    console.house.provider = Provider(own.issuer, CLIENT, SECRET)
    browser = await console.logged_in("clerk")
    half = console.browser()
    await half.go("/login/oidc")
    state = parse_qs(urlsplit(half.answer.headers["location"]).query)["state"][0]
    own.end()
    await half.go(f"/login/oidc/back?code=x&state={state}")
    assert half.answer.status_code == 503
    assert "请用本系统账号登录" in half.words
    console.house.provider = Provider(own.issuer, CLIENT, SECRET)
    assert (await console.browser().go("/login/oidc")).answer.status_code == 503
    assert (await browser.go("/cases")).answer.status_code == 200


async def test_where_no_provider_is_set_there_is_none(console: Console) -> None:
    console.an_account("clerk")
    browser = console.browser()
    await browser.go("/login")
    assert "统一身份认证" not in browser.words
    assert (await browser.go("/login/oidc")).answer.status_code == 404
