"""The list as a tool: exported, kept as views, and worked on many cases at once; each from the wrong side too."""

import io
import re
from html import unescape

from openpyxl import load_workbook

from adapters.access.log import Deed, latest
from adapters.access.views import MOST
from models.instants import shown_due
from models.vocabulary import Role, Status
from tests.web.conftest import Browser, Console


async def send_many(browser: Browser, command: str, cases: list[str], **fields: str) -> Browser:
    """Tick cases in the list that is shown and press a button under it."""
    (action,) = re.findall(r'<form id="many" method="post" action="([^"]+)"', browser.html)
    form = browser.form(action)
    marks = {name: unescape(value) for name, value in re.findall(r'name="(csrf|key|back)" value="([^"]*)"', form)}
    assert f'formaction="/bulk/{command}"' in form
    for case in cases:
        assert f'form="many" name="case" value="{case}"' in browser.html
    browser.answer = await browser.client.post(f"/bulk/{command}", data={**marks, "case": cases, **fields})
    return browser


async def test_many_cases_are_assigned_at_once_each_for_itself(console: Console) -> None:
    ready = [console.office.a_case(Status.ACCEPTED) for _ in range(3)]
    not_yet = console.office.register()
    browser = await (await console.logged_in("dispatcher")).go("/cases?open=1")
    await send_many(browser, "assign", [*ready, not_yet], unit="qingshi", handler="handler")
    assert "共 4 件，办成 3 件" in browser.words
    assert re.search(rf"{not_yet} ✗ 未办理 \S*已登记", browser.words), "what is refused says why"
    assert [console.office.case(each).unit for each in ready] == ["qingshi"] * 3
    assert console.office.case(not_yet).status is Status.REGISTERED
    assert 'href="/cases?open=1"' in browser.html


async def test_many_are_urged_and_pressing_twice_does_it_once(console: Console) -> None:
    cases = [console.office.a_case(Status.ASSIGNED) for _ in range(2)]
    browser = await (await console.logged_in("leader")).go("/cases")
    page = browser.answer
    await send_many(browser, "urge", cases, text="请尽快办理")
    browser.answer = page
    await send_many(browser, "urge", cases, text="请尽快办理")
    assert "共 2 件，办成 2 件" in browser.words
    assert [console.office.names(each).count("urged") for each in cases] == [1, 1]


async def test_what_is_done_shows_no_due_date_and_is_never_called_overdue(console: Console) -> None:
    cases = [console.office.a_case(each) for each in (Status.CLOSED, Status.ASSIGNED)]
    (closed_due, open_due) = (shown_due(due) for due in (console.office.case(each).due for each in cases) if due)
    browser = await (await console.logged_in("leader")).go("/cases")
    rows = {each: row for row in browser.html.split("<tr") for each in cases if f">{each}</a>" in row}
    closed, still = (rows[each] for each in cases)
    assert (closed_due in closed, open_due in still) == (False, True)
    book = load_workbook(io.BytesIO((await browser.go("/cases/export.xlsx")).answer.content))
    told = {row[0]: row[10] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert [told[each] or "" for each in cases] == ["", open_due]


async def test_nothing_ticked_and_nothing_written_are_said(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    browser = await (await console.logged_in("leader")).go("/cases")
    page = browser.answer
    assert "没有选择案件" in (await send_many(browser, "urge", [])).words
    browser.answer = page
    await send_many(browser, "urge", [case])
    assert re.search(r"未办理 “[^”]+”填写有误：必填", browser.words)


async def test_who_may_not_gives_no_command_to_many_however_it_is_sent(console: Console) -> None:
    case = console.office.a_case(Status.ACCEPTED)
    for person in ("clerk", "handler", "auditor"):
        browser = await (await console.logged_in(person)).go("/cases")
        assert "批量办理" not in browser.words
        csrf = re.findall(r'name="csrf" value="([^"]*)"', browser.html)[0]
        answer = await browser.client.post("/bulk/assign", data={"csrf": csrf, "case": case, "unit": "qingshi"})
        browser.answer = answer
        assert "✗ 未办理" in browser.words
        assert (await browser.client.post("/bulk/assign", data={"case": case})).status_code == 403
        assert (await browser.client.post("/bulk/approve", data={"csrf": csrf, "case": case})).status_code == 422
    assert console.office.case(case).status is Status.ACCEPTED


async def test_the_list_is_had_as_a_table_of_what_one_sees_and_that_is_kept(console: Console) -> None:
    mine = console.office.a_case(Status.ASSIGNED, summary='=HYPERLINK("http://x","臭")', types=["恶臭"])
    other = console.office.register()
    about = console.office.register(named=["leader"])
    leader = await console.logged_in("leader")
    book = load_workbook(io.BytesIO((await leader.go("/cases/export.xlsx")).answer.content))
    (sheet,) = book.worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "编号"
    assert {row[0] for row in rows[1:]} == {mine, other}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    handler = await console.logged_in("handler")
    book = load_workbook(io.BytesIO((await handler.go("/cases/export.xlsx?q=HYPERLINK")).answer.content))
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [mine]
    kept = [(each.who, each.why) for each in latest(console.office.database, 9) if each.deed is Deed.EXPORT]
    assert kept == [("handler", "xlsx 1"), ("leader", "xlsx 2")], "what was searched for is not kept: it may be a name"
    assert about
    assert (await (await console.logged_in("administrator")).go("/cases/export.xlsx")).answer.status_code == 403


async def test_a_list_is_kept_as_a_view_and_shared_only_by_leaders_and_dispatchers(console: Console) -> None:
    clerk, leader = await console.logged_in("clerk"), await console.logged_in("leader")
    await clerk.go("/cases?status=assigned&q=恶臭")
    await clerk.send("/views/keep", name="我的恶臭件", query="status=assigned&q=%E6%81%B6%E8%87%AD", shared="1")
    assert clerk.answer.headers["location"] == "/cases?status=assigned&q=%E6%81%B6%E8%87%AD"
    await leader.go("/cases")
    assert "我的恶臭件" not in leader.words, "a clerk shares nothing, whatever is sent"
    await leader.send("/views/keep", name="超期件", query="overdue=1", shared="1")
    await clerk.go("/cases")
    assert "我的恶臭件" in clerk.words
    assert "超期件 共享" in clerk.words
    assert clerk.html.count('action="/views/drop"') == 1, "what another shares is not one's own to forget"
    theirs = next(each for each in console.house.views.of("leader") if each.name == "超期件")
    await clerk.send("/views/drop", id=theirs.id)
    assert any(each.name == "超期件" for each in console.house.views.of("clerk"))
    mine = next(each for each in console.house.views.of("clerk") if each.person == "clerk")
    await clerk.go("/cases")
    await clerk.send("/views/drop", id=mine.id)
    assert "我的恶臭件" not in (await clerk.go("/cases")).words
    await clerk.send("/views/keep", name=" ", query="x=1")
    assert clerk.answer.status_code == 422


def test_a_view_of_the_same_name_is_replaced_and_too_many_give_way(console: Console) -> None:
    views = console.house.views
    for turn in range(MOST + 5):
        console.hands.wait(seconds=1)
        views.keep("clerk", f"v{turn:02}", f"q={turn}", shared=False)
    console.hands.wait(seconds=1)
    views.keep("clerk", "v20", "q=new", shared=False)
    kept = views.of("clerk")
    assert len(kept) == MOST
    assert kept[0].name == "v05"
    assert [each.query for each in kept if each.name == "v20"] == ["q=new"]


async def test_a_view_leads_nowhere_but_to_the_list(console: Console) -> None:
    clerk = await (await console.logged_in("clerk")).go("/cases")
    await clerk.send("/views/keep", name="x", query="//evil.example/\r\nSet-Cookie: a=b")
    assert clerk.answer.headers["location"].startswith("/cases?")
    assert "set-cookie" not in clerk.answer.headers


def test_roles_of_the_list_are_roles_of_the_lifecycle() -> None:
    from models.lifecycle import PETITION
    from web.listing import BULK

    for command, roles in BULK.items():
        assert set(roles) <= {role for row in PETITION if row.command == command for role in row.by}, Role
