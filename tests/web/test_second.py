"""The second factor: set up with a telephone, asked for after the password, good once, taken away by few."""

import re

import pyotp
import pytest

from adapters.access.log import latest
from adapters.access.second import WrongCode
from tests.web.conftest import PASSWORD, Browser, Console


async def set_up(console: Console, person: str = "clerk") -> tuple[Browser, pyotp.TOTP, list[str]]:
    """Somebody who has one, their telephone, and their recovery codes."""
    browser = await console.logged_in(person)
    await browser.go("/me")
    await browser.send("/me/second", password=PASSWORD)
    secret = re.findall(r'class="where">([A-Z2-7]+)<', browser.html)[0]
    telephone = pyotp.TOTP(secret)
    await browser.send("/me/second/confirm", code=telephone.at(console.hands.now()))
    codes = ["".join(each.split()) for each in re.findall(r"<code>([^<]+)</code>", browser.html)]
    assert len(codes) == 10, browser.words
    return browser, telephone, codes


async def password(console: Console, person: str = "clerk") -> Browser:
    browser = await console.browser().go("/login")
    return await browser.send("/login", name=person, password=PASSWORD)


async def test_after_the_password_the_code_is_asked_for_and_lets_in_once(console: Console) -> None:
    _, telephone, _ = await set_up(console)
    console.hands.wait(seconds=60)
    browser = await password(console)
    assert browser.answer.headers["location"] == "/login/code"
    assert (await browser.client.get("/cases")).status_code == 303, "half way in is not in"
    code = telephone.at(console.hands.now())
    await browser.go("/login/code")
    await browser.send("/login/code", code="000000")
    assert browser.answer.status_code == 401
    await browser.go("/login/code")
    await browser.send("/login/code", code=f"{code[:3]} {code[3:]}")
    assert browser.answer.status_code == 303
    assert (await browser.client.get("/cases")).status_code == 200
    again = await password(console)
    await again.go("/login/code")
    await again.send("/login/code", code=code)
    assert again.answer.status_code == 401, "who read it over the shoulder does not come in by it"


async def test_a_recovery_code_is_good_once(console: Console) -> None:
    _, _, codes = await set_up(console)
    for status in (303, 401):
        browser = await password(console)
        await browser.go("/login/code")
        await browser.send("/login/code", code=codes[0].lower())
        assert browser.answer.status_code == status
    assert console.house.second.of("clerk").left == 9  # type: ignore[union-attr]


async def test_a_code_is_taken_a_step_early_or_late_and_no_farther(console: Console) -> None:
    _, telephone, _ = await set_up(console)
    for late, fits in ((90, False), (30, True)):
        console.hands.wait(minutes=10)
        code = telephone.at(console.hands.now())
        console.hands.wait(seconds=late)
        if fits:
            console.house.second.check("clerk", code)
        else:
            with pytest.raises(WrongCode):
                console.house.second.check("clerk", code)


async def test_wrong_codes_lock_the_account_like_wrong_passwords(console: Console) -> None:
    await set_up(console)
    browser = await password(console)
    for _ in range(12):
        await browser.go("/login/code")
        await browser.send("/login/code", code="123456")
    assert browser.answer.status_code == 429
    assert console.house.accounts.of("clerk").locked_until  # type: ignore[union-attr]
    denied = [each for each in latest(console.office.database, 40) if each.who == "clerk" and not each.granted]
    assert denied


async def test_nobody_comes_in_half_way_without_the_password_or_with_a_made_up_cookie(console: Console) -> None:
    await set_up(console)
    for cookie in ("", "x", f"{'0' * 31}~clerk~99999999999~/", "~~~", "a~clerk~soon~/"):
        browser = console.browser()
        browser.client.cookies.set("bj_half", cookie)
        answer = await browser.client.get("/login/code")
        assert answer.status_code == 303, cookie
        assert answer.headers["location"].startswith("/login?"), cookie


async def test_a_secret_is_kept_under_seal_and_recovery_codes_by_their_hash(console: Console) -> None:
    from tests.store.desks import dump

    _, telephone, codes = await set_up(console)
    kept = repr(dump(console.office.database))
    assert telephone.secret not in kept
    assert not any(code in kept for code in codes)


async def test_it_is_set_up_by_ones_password_alone(console: Console) -> None:
    browser = await console.logged_in("clerk")
    await browser.go("/me")
    for wrong in ("", "falsch-falsch"):
        await browser.send("/me/second", password=wrong)
        assert browser.answer.status_code == 422
    assert console.house.second.of("clerk") is None, "whoever finds an open browser shuts nobody out"
    assert [each.why for each in latest(console.office.database, 2)] == ["second factor"] * 2


async def test_it_is_taken_away_by_ones_password_or_an_administrator(console: Console) -> None:
    browser, _, _ = await set_up(console)
    await browser.go("/me")
    await browser.send("/me/second/end", password="falsch-falsch")
    assert browser.answer.status_code == 422
    csrf = re.findall(r'name="csrf" value="([^"]*)"', browser.html)[0]
    answer = await browser.client.post("/me/second", data={"csrf": csrf, "password": PASSWORD})
    assert answer.status_code == 303, "one in force is not replaced by whoever finds an open browser"
    await browser.go("/me")
    await browser.send("/me/second/end", password=PASSWORD)
    assert console.house.second.of("clerk") is None
    await set_up(console, "handler")
    administrator = await (await console.logged_in("administrator")).go("/accounts")
    await administrator.send("/accounts/second", person="handler")
    assert console.house.second.of("handler") is None
    assert latest(console.office.database, 3)[0].about == "handler"


async def test_a_role_that_must_have_one_gets_nowhere_without(console: Console) -> None:
    demanding = console.house.desk.settings.model_copy(update={"second_factor": "auditor administrator"})
    object.__setattr__(console.house.desk, "settings", demanding)
    auditor = await console.logged_in("auditor")
    assert (await auditor.go("/access")).answer.headers["location"].startswith("/me")
    assert (await auditor.client.get("/api/v1/cases")).status_code == 401
    assert "您的职责要求启用两步验证" in (await auditor.go("/me")).words
    browser, _, _ = await set_up(console, "auditor")
    assert (await browser.go("/access")).answer.status_code == 200
    assert (await (await console.logged_in("clerk")).go("/cases")).answer.status_code == 200


async def test_ones_sessions_are_shown_and_ended(console: Console) -> None:
    first, second = await console.logged_in("clerk"), await console.logged_in("clerk")
    await second.go("/me")
    assert second.html.count("最近使用") == 2
    await second.send("/me/sessions/end")
    assert (await first.client.get("/cases")).status_code == 303
    assert (await second.client.get("/cases")).status_code == 200
