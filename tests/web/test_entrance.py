"""Coming in: setup, log-in, lock, log-out, a new password; and every way that does not lead in."""

import re
from collections.abc import AsyncIterator

import pyotp
import pytest

from adapters.access.accounts import FAILURES
from adapters.access.log import Deed, latest, verify
from tests.web.conftest import PASSWORD, Browser, Console


async def test_the_first_setup_makes_the_administrator_and_is_then_gone(console: Console) -> None:
    browser = console.browser()
    await browser.go("/")
    assert browser.answer.headers["location"] == "/setup"
    await browser.go("/setup")
    await browser.send("/setup", code="wrong", person="administrator", new=PASSWORD, again=PASSWORD)
    assert browser.answer.status_code == 409
    assert "设置码不正确" in browser.words
    code = console.house.setup_code
    typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
    await browser.send("/setup", code=typed, person="administrator", new=PASSWORD, again="something else")
    assert "不一致" in browser.words
    await browser.send("/setup", code=typed, person="clerk", new=PASSWORD, again=PASSWORD)
    assert not console.house.accounts.exist()
    await browser.send("/setup", code=typed, person="administrator", new=PASSWORD, again=PASSWORD)
    assert browser.answer.headers["location"] == "/accounts"
    await browser.go("/accounts")
    assert "账号与令牌" in browser.words
    assert (await console.browser().go("/setup")).answer.status_code == 404
    assert [line.granted for line in latest(console.house.desk.database, 9) if line.deed is Deed.SETUP] == [
        True,
        False,
        False,
    ]


async def test_the_setup_is_reached_from_the_machine_itself_alone(console: Console) -> None:
    browser = await console.browser("192.0.2.7").go("/setup")
    assert browser.answer.status_code == 403
    assert "本机" in browser.words
    assert console.house.setup_code not in browser.html


async def test_an_administrator_opens_an_account_whose_password_must_be_changed(console: Console) -> None:
    admin = await console.logged_in("administrator")
    await admin.go("/accounts")
    await admin.send("/accounts/make", person="clerk")
    once = "".join(re.findall(r'class="once">([^<]+)<', admin.html)).replace(" ", "")
    assert len(once) == 16
    await admin.go("/accounts")
    assert once not in admin.html.replace(" ", "")

    clerk = console.browser()
    await clerk.go("/login?next=/cases")
    await clerk.send("/login", name="clerk", password=once)
    assert clerk.answer.headers["location"] == "/cases"
    await clerk.go("/cases")
    assert clerk.answer.headers["location"].startswith("/password")
    await clerk.go("/password")
    await clerk.send("/password", old=once, new=PASSWORD, again=PASSWORD)
    assert clerk.answer.status_code == 303
    assert (await clerk.go("/cases")).answer.status_code == 200


async def test_a_wrong_name_and_a_wrong_password_are_answered_alike_and_lock(console: Console) -> None:
    console.an_account("clerk")
    browser = await console.browser().go("/login")
    said = []
    for name in ("clerk", "nobody"):
        await browser.send("/login", name=name, password="wrong")
        assert browser.answer.status_code == 401
        said.append(browser.words.replace(name, ""))
    assert said[0] == said[1]
    for _ in range(FAILURES - 1):
        await browser.send("/login", name="clerk", password="wrong")
    await browser.send("/login", name="clerk", password=PASSWORD)
    assert browser.answer.status_code == 429
    assert "1 分钟后" in browser.words
    lines = latest(console.house.desk.database, 50)
    assert {line.who for line in lines if line.deed is Deed.LOGIN} == {"clerk", "?"}
    assert not any(line.granted for line in lines)
    assert list(verify(console.house.desk.database)) == []


async def test_somebody_who_keeps_trying_names_is_slowed_down(console: Console) -> None:
    console.an_account("clerk")
    browser = await console.browser().go("/login")
    answers = []
    for _ in range(14):
        await browser.send("/login", name="somebody", password="wrong")
        answers.append(browser.answer.status_code)
    assert answers == [401] * 12 + [429] * 2


@pytest.mark.parametrize("where", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", ""])
async def test_a_log_in_leads_nowhere_but_here(console: Console, where: str) -> None:
    console.an_account("clerk")
    browser = await console.browser().go("/login")
    await browser.send("/login", name="clerk", password=PASSWORD, next=where)
    assert browser.answer.headers["location"] == "/"
    await browser.go(f"/lang/en?next={where}")
    assert browser.answer.headers["location"] == "/"


async def test_the_session_is_a_cookie_that_no_script_reads_and_ends_with_the_log_out(console: Console) -> None:
    browser = await console.logged_in("clerk")
    cookie = next(each for each in browser.answer.headers.get_list("set-cookie") if each.startswith("banjie="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = browser.client.cookies["banjie"]
    await browser.go("/")
    assert browser.answer.status_code == 200
    await browser.send("/logout")
    browser.client.cookies.set("banjie", token)
    assert (await browser.go("/")).answer.headers["location"] == "/login"


async def test_who_logs_in_anew_ends_the_session_before(console: Console) -> None:
    browser = await console.logged_in("clerk")
    before = browser.client.cookies["banjie"]
    await browser.go("/login")
    await browser.send("/login", name="clerk", password=PASSWORD)
    assert browser.client.cookies["banjie"] != before
    other = console.browser()
    other.client.cookies.set("banjie", before)
    assert (await other.go("/cases")).answer.status_code == 303


async def test_with_tls_the_cookie_is_secure_and_bound_to_the_host(console: Console) -> None:
    console.house.secure = True
    console.an_account("clerk")
    browser = console.browser()
    browser.client.base_url = "https://desk.test"
    await browser.go("/login")
    await browser.send("/login", name="clerk", password=PASSWORD)
    cookie = next(each for each in browser.answer.headers.get_list("set-cookie") if "__Host-banjie=" in each)
    assert "Secure" in cookie
    assert browser.answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert (await browser.go("/")).answer.status_code == 200


async def test_with_tls_no_cookie_travels_without_it_and_none_is_long(console: Console) -> None:
    console.house.secure = True
    browser = console.browser()
    browser.client.base_url = "https://desk.test"
    given: list[str] = []
    console.an_account("clerk")
    factor = console.house.second.begin("clerk")
    console.house.second.confirm("clerk", pyotp.TOTP(factor).at(console.hands.now()))
    for path in ("/login", "/lang/en", "/public"):
        given += (await browser.go(path)).answer.headers.get_list("set-cookie")
    await browser.go("/login")
    given += (await browser.send("/login", name="clerk", password=PASSWORD)).answer.headers.get_list("set-cookie")
    assert {each.partition("=")[0] for each in given} == {"__Host-bj_before", "__Host-lang", "__Host-bj_half"}
    for each in given:
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in each.split(";")}
        assert len(each) < 4096
    assert "Log in" in (await browser.go("/login")).words, "the language was remembered"


async def test_a_closed_account_a_retired_person_and_idleness_end_a_session(console: Console) -> None:
    browser = await console.logged_in("clerk")
    console.house.accounts.close("clerk")
    assert (await browser.go("/")).answer.headers["location"] == "/login"
    console.house.accounts.renew("clerk")
    console.house.accounts.change("clerk", console.house.accounts.renew("clerk"), PASSWORD)
    assert (await browser.go("/")).answer.status_code == 200
    console.hands.wait(hours=1)
    assert (await browser.go("/")).answer.headers["location"] == "/login"


async def test_a_new_password_ends_every_other_session(console: Console) -> None:
    one, two = await console.logged_in("clerk"), await console.logged_in("clerk")
    await one.go("/password")
    await one.send("/password", old=PASSWORD, new=PASSWORD + "新", again=PASSWORD + "新")
    assert one.answer.status_code == 303
    assert (await one.go("/")).answer.status_code == 200
    assert (await two.go("/")).answer.headers["location"] == "/login"


async def test_a_form_without_its_page_is_refused(console: Console) -> None:
    browser = await console.logged_in("administrator")
    other = await console.logged_in("administrator")
    await other.go("/accounts")
    stolen = re.search(r'name="csrf" value="([0-9a-f]{64})"', other.html)
    assert stolen
    for mark in ("", "x", "é", stolen[1]):
        for path in ("/accounts/make", "/tokens/make", "/tokens/revoke", "/logout", "/password", "/intake"):
            answer = await browser.client.post(path, data={"csrf": mark, "person": "clerk"})
            assert answer.status_code == 403, path
    assert console.house.accounts.of("clerk") is None
    answer = await console.browser().client.post("/login", data={"name": "administrator", "password": PASSWORD})
    assert answer.status_code == 403


@pytest.mark.parametrize("person", ["clerk", "handler", "reviewer", "leader", "auditor"])
async def test_accounts_are_for_administrators_and_the_denial_is_kept(console: Console, person: str) -> None:
    browser = await console.logged_in(person)
    assert (await browser.go("/accounts")).answer.status_code == 403
    await browser.go("/help")
    mark = re.search(r'name="csrf" value="([0-9a-f]{64})"', browser.html)
    assert mark
    for path in ("/accounts/make", "/accounts/renew", "/accounts/close", "/tokens/make", "/tokens/revoke"):
        answer = await browser.client.post(path, data={"csrf": mark[1], "person": "head", "title": "x"})
        assert answer.status_code == 403, path
    assert console.house.accounts.of("head") is None
    denied = [line for line in latest(console.house.desk.database, 50) if not line.granted]
    assert {(line.who, line.about) for line in denied} == {(person, "accounts")}


async def test_the_access_log_is_for_auditors(console: Console) -> None:
    auditor = await console.logged_in("auditor")
    assert "登录" in (await auditor.go("/access")).words
    assert (await (await console.logged_in("administrator")).go("/access")).answer.status_code == 403


async def test_every_answer_bears_the_headers_that_keep_a_browser_safe(console: Console) -> None:
    browser = await console.logged_in("clerk")
    for path in ("/", "/cases", "/nope", "/cases/XF1", "/api/v1/me", "/api/v1/nope", "/static/desk.css"):
        headers = (await browser.go(path)).answer.headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cache-control"] in {"no-store", "no-cache"}, path
        assert "unsafe" not in headers["content-security-policy"]


async def test_too_much_is_refused_before_it_is_read(console: Console) -> None:
    browser = await console.logged_in("clerk")
    answer = await browser.client.post("/intake", content=b"x" * (21 * 2**20), headers={"content-type": "text/plain"})
    assert answer.status_code in {403, 413}

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"a=" + b"x" * 900_000 + b"&"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await browser.client.post("/intake", content=endless(), headers=kind)
    assert answer.status_code == 413


async def _english(browser: Browser) -> str:
    await browser.go("/lang/en?next=/login")
    return (await browser.go("/login")).words


async def test_the_language_is_chosen_or_the_browsers_own_and_chinese_first(console: Console) -> None:
    console.an_account("clerk")
    assert "用户名" in (await console.browser().go("/login")).words
    assert "用户名" in (await console.browser(**{"accept-language": "fr"}).go("/login")).words
    assert "User name" in (await console.browser(**{"accept-language": "fr, en;q=0.5"}).go("/login")).words
    assert "用户名" in (await console.browser(**{"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}).go("/login")).words
    assert "User name" in await _english(console.browser())
