"""Campaigns as pages: opened; an order rehearsed on the open cases, given and lifted; and by nobody else."""

import re
from datetime import timedelta

import pytest

from adapters import queries
from models.counting import legal_day
from models.vocabulary import Flag, Status
from tests.web.conftest import Browser, Console

NAME, TITLE = "dc2026", "中央督察边督边改"
SCAN = ("命令.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
AT = f"/campaigns/{NAME}"


async def opened(console: Console) -> Browser:
    """The dispatcher, who has opened a campaign and looks at it."""
    browser = await console.logged_in("dispatcher")
    await browser.go("/campaigns")
    await browser.send("/campaigns", title=TITLE, name=NAME)
    assert browser.answer.status_code == 303, browser.words
    return await browser.go(AT)


def order(console: Console, **changed: str) -> dict[str, str]:
    today = legal_day(console.office.moments.now())
    told = {
        "order.number": "青督办〔2026〕7号",
        "order.signatory": "magistrate",
        "order.first": today.isoformat(),
        "order.last": (today + timedelta(days=30)).isoformat(),
    }
    return {**told, **{f"order.{name}": value for name, value in changed.items()}}


def campaign(console: Console) -> "tuple[int, bool]":
    found = queries.case(console.office.database, f"campaign:{NAME}")
    return len(found.orders), Flag.ALL_DAYS in found.flags


async def sent(browser: Browser, path: str, fields: dict[str, str], *, scan: bool = True) -> Browser:
    """Send the order's form, to whichever of its buttons' addresses."""
    form = browser.form(f"{AT}/do/order_all_days")
    marks = dict(re.findall(r'name="(csrf|key)" value="([^"]*)"', form))
    kept = re.findall(r'name="order.scan" value="([^"]*)"', form)
    files = {"order.scan": (*SCAN, "application/pdf")} if scan else None
    told = {**marks, **({"order.scan": kept[0]} if kept and not scan else {}), **fields}
    browser.answer = await browser.client.post(path, data=told, files=files)
    return browser


async def test_an_order_is_rehearsed_on_the_open_cases_and_then_given_with_the_scan_that_is_kept(
    console: Console,
) -> None:
    browser = await opened(console)
    case = console.office.a_case(Status.ASSIGNED, campaign=NAME)
    other = console.office.a_case(Status.ASSIGNED)
    before = console.office.case(case)
    await browser.go(AT)
    await sent(browser, f"{AT}/try", order(console))
    assert browser.answer.status_code == 200, browser.words
    assert "预演：没有写入" in browser.words
    assert "在办案件中 1 件的到期日将变动" in browser.words
    assert case in browser.words
    assert other not in browser.words
    assert campaign(console) == (0, False)
    assert console.office.case(case) == before

    # What was filled in stands in the form, and the scan need not be chosen again.
    assert 'value="青督办〔2026〕7号"' in browser.html
    await sent(browser, f"{AT}/do/order_all_days", order(console), scan=False)
    assert browser.answer.status_code == 303, browser.words
    assert campaign(console) == (1, True)
    await browser.go(f"{AT}?done=order_all_days")
    assert "正在重算" in browser.words, "until the worker has been through the cases"
    assert "命令.pdf" in browser.words
    assert "按每天计时" in (await browser.go("/campaigns")).words

    # What is in force is not ordered again; it is lifted.
    await browser.go(AT)
    assert "/do/order_all_days" not in browser.html
    today = legal_day(console.office.moments.now())
    await browser.send(f"{AT}/do/lift_order", last=today.isoformat(), reason="督察组已离开")
    assert browser.answer.status_code == 303, browser.words
    assert campaign(console) == (1, False)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"signatory": "clerk"}, "无权签发"),
        ({"signatory": "nobody"}, "nobody"),
        ({"last": "2030-01-01"}, "最长 120 日"),
        ({"first": "2020-01-01", "last": "2020-02-01"}, "起止日期有误"),
        ({"number": ""}, "编号"),
        ({"first": "soon"}, "起始日"),
    ],
)
async def test_what_would_be_refused_is_refused_in_the_rehearsal_and_stays_filled_in(
    console: Console, changed: dict[str, str], said: str
) -> None:
    browser = await opened(console)
    for path in (f"{AT}/try", f"{AT}/do/order_all_days"):
        await browser.go(AT)
        await sent(browser, path, order(console, **changed))
        assert browser.answer.status_code in {403, 404, 409, 422}, browser.words
        assert said in browser.words, browser.words
        assert "命令.pdf" in browser.words, "the scan is kept"
    assert campaign(console) == (0, False)


async def test_an_order_that_somebody_else_signed_needs_its_scan(console: Console) -> None:
    browser = await opened(console)
    await sent(browser, f"{AT}/try", order(console), scan=False)
    assert browser.answer.status_code == 409
    assert "须附原件扫描件" in browser.words


@pytest.mark.parametrize("sha256", ["0" * 64, "1" * 64])
async def test_a_scan_that_was_only_named_is_no_scan(console: Console, sha256: str) -> None:
    browser = await opened(console)
    for path in (f"{AT}/try", f"{AT}/do/order_all_days"):
        await browser.go(AT)
        await sent(browser, path, {**order(console), "order.scan": f"{sha256} 命令.pdf"}, scan=False)
        assert browser.answer.status_code == 422, browser.words
        assert "请重新选择文件" in browser.words
    assert campaign(console) == (0, False)


@pytest.mark.parametrize("name", ["", ".", "..", "-x", "a b", "x" * 49, "../x", "dc2026"])
async def test_a_campaign_that_cannot_be_called_so_is_refused_and_loses_nothing(console: Console, name: str) -> None:
    browser = await opened(console)
    await browser.go("/campaigns")
    await browser.send("/campaigns", title="又一次行动", name=name)
    assert browser.answer.status_code in {409, 422}, browser.words
    assert 'value="又一次行动"' in browser.html
    assert name == "dc2026" or "不能用" in browser.words


@pytest.mark.parametrize("title", ["", "长" * 201, "x\u202ey"])
async def test_a_title_that_cannot_be_is_refused_in_the_readers_language(console: Console, title: str) -> None:
    browser = await opened(console)
    await browser.go("/campaigns")
    await browser.send("/campaigns", title=title, name="other")
    assert browser.answer.status_code == 422
    assert "“名称”填写有误" in browser.words, browser.words
    assert "should" not in browser.words


async def test_whoever_sees_cases_sees_campaigns_and_changes_none(console: Console) -> None:
    await opened(console)
    for person in ("clerk", "handler", "reviewer", "auditor"):
        browser = await console.logged_in(person)
        assert TITLE in (await browser.go("/campaigns")).words
        await browser.go(AT)
        forms = re.findall(r'<form[^>]*action="([^"]*)"', browser.html.split("<main")[1].split("</main>")[0])
        assert forms == ([f"{NAME}/import"] if person == "clerk" else []), "a clerk brings petitions in"
        mark = {"csrf": await browser.mark()}
        for path in (f"{AT}/try", f"{AT}/do/order_all_days", f"{AT}/do/lift_order"):
            answer = await browser.client.post(
                path, data={**mark, **order(console), "last": "2026-12-01", "reason": "x"}
            )
            assert answer.status_code in {403, 404, 409, 422}, (person, path)
        answer = await browser.client.post("/campaigns", data={**mark, "name": "other", "title": "另一个"})
        assert answer.status_code == 403, person
    assert campaign(console) == (0, False)
    assert (await (await console.logged_in("dispatcher")).go("/campaigns/none")).answer.status_code == 404
    # Who may open one, but see no cases, sees how many there are and no more.
    administrator = await (await console.logged_in("administrator")).go("/campaigns")
    assert TITLE in administrator.words
    assert "/cases?campaign" not in administrator.html
