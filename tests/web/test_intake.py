"""Taking a petition in: drafts under seal, similar cases and the unit shown before anything is registered."""

import re
from datetime import timedelta
from html import unescape

import sqlalchemy as sa

from adapters import queries, tables
from adapters.access.log import latest
from models.vocabulary import Status
from tests.web.conftest import Console

SECRET = {"secret.petitioner": "李四", "secret.contact": "13900000000", "secret.text": "我家住河口村3号"}


def marks(html: str) -> dict[str, str]:
    found = re.search(r'<form class="intake".*?</form>', html, re.DOTALL)
    assert found
    return {name: unescape(value) for name, value in re.findall(r'name="(csrf|key)" value="([^"]*)"', found[0])}


async def test_a_draft_is_found_again_in_another_browser_by_its_writer_alone_until_it_is_registered(
    console: Console,
) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/intake")
    given = {
        **marks(clerk.html),
        "channel": "phone",
        "place": "青石镇河口村",
        "summary": "夜间恶臭",
        "star": "1",
        **SECRET,
    }
    kept = await clerk.client.post("/intake/draft", data=given, headers={"x-part": "1"})
    assert (kept.status_code, kept.content) == (204, b"")
    with console.office.database.reading() as connection:
        (row,) = connection.execute(sa.select(tables.drafts)).all()
    for word in (*SECRET.values(), "青石镇", "恶臭"):
        assert word.encode() not in row.content

    elsewhere = await console.logged_in("clerk")
    await elsewhere.go("/intake")
    assert all(value in unescape(elsewhere.html) for value in SECRET.values())
    assert "附件须重新选择" in elsewhere.words
    assert '<details class="more" open>' in elsewhere.html, "what was filled in is not folded away"
    assert marks(elsewhere.html)["key"] == given["key"]
    await elsewhere.send("/intake", **{name: value for name, value in given.items() if name not in {"csrf", "key"}})
    assert elsewhere.answer.status_code == 303

    # A draft that was on its way meanwhile does not come back.
    assert (await clerk.client.post("/intake/draft", data=given, headers={"x-part": "1"})).status_code == 204
    await elsewhere.go("/intake")
    assert "李四" not in elsewhere.html
    assert marks(elsewhere.html)["key"] != given["key"]


async def test_a_draft_is_dropped_on_request_and_after_a_week(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    for forgotten in (True, False):
        await clerk.go("/intake")
        await clerk.client.post("/intake/draft", data={**marks(clerk.html), "place": "青石镇", **SECRET})
        await clerk.go("/intake")
        assert "李四" in clerk.html
        if forgotten:
            await clerk.send("/intake/draft", drop="1")
            assert clerk.answer.headers["location"] == "/intake"
            await clerk.go("/intake")
            assert "李四" not in clerk.html
    assert console.house.drafts.of("clerk")
    console.house.drafts.now = lambda: console.hands.at + timedelta(days=8)
    assert console.house.drafts.of("clerk") is None


async def test_similar_cases_and_the_unit_are_shown_before_anything_is_registered(console: Console) -> None:
    office = console.office
    near = office.register(place="青石镇河口村养猪场", summary="养殖场夜间恶臭", types=["恶臭"])
    other = office.register(place="青石镇河口村砖厂", summary="砖厂扬尘", types=["大气"])
    about = office.register(place="青石镇河口村养猪场", summary="养殖场夜间恶臭", types=["恶臭"], named=["clerk"])
    far = office.register(place="赤岭乡", summary="噪声")
    clerk = await console.logged_in("clerk")
    await clerk.go("/intake")
    typed = {"channel": "phone", "place": "青石镇河口村养猪场", "types": "恶臭", "summary": "夜间恶臭"}
    part = await clerk.client.post("/intake/similar", data={**marks(clerk.html), **typed}, headers={"x-part": "1"})
    assert "<html" not in part.text
    assert near in part.text
    assert part.text.index(near) < (part.text.index(other) if other in part.text else len(part.text))
    assert far not in part.text
    assert about not in part.text

    # The button without scripts: the whole page, and nothing typed is lost.
    await clerk.client.post("/intake/similar", data={**marks(clerk.html), **typed, **SECRET})
    clerk.answer = await clerk.client.post("/intake/similar", data={**marks(clerk.html), **typed, **SECRET})
    assert near in clerk.html
    assert all(value in unescape(clerk.html) for value in SECRET.values())
    assert len(list(queries.listed(office.database, queries.Filter(status=Status.REGISTERED)))) == 4


async def test_coordinates_find_what_is_near_and_such_as_are_none_are_told_and_nothing_is_lost(
    console: Console,
) -> None:
    near = console.office.register(place="老桥东头", summary="猪圈臭得人睡不着", spot="26.9712,112.3721")
    clerk = await console.logged_in("clerk")
    await clerk.go("/intake")
    typed = {"channel": "phone", "place": "河口", "summary": "夜里恶臭", "spot": "26.9731，112.3719"}
    clerk.answer = await clerk.client.post("/intake/similar", data={**marks(clerk.html), **typed})
    assert near in clerk.html
    assert "同一位置" in clerk.words
    clerk.answer = await clerk.client.post("/intake", data={**marks(clerk.html), **typed, "spot": "112.3719,26.9731"})
    assert clerk.answer.status_code == 422
    assert "坐标写作“纬度,经度”" in clerk.words
    assert 'value="112.3719,26.9731"' in clerk.html
    assert "夜里恶臭" in clerk.html


async def test_whoever_takes_nothing_in_sees_no_similar_cases_and_keeps_no_draft(console: Console) -> None:
    console.office.register()
    reviewer = await console.logged_in("reviewer")
    await reviewer.go("/me")
    found = re.search(r'name="csrf" value="([^"]*)"', reviewer.html)
    assert found
    for path in ("/intake/similar", "/intake/draft"):
        answer = await reviewer.client.post(path, data={"csrf": found[1], "place": "青石镇河口村"})
        assert answer.status_code == 403
        assert not latest(console.office.database, 1)[0].granted
    forged = await (await console.logged_in("clerk")).client.post("/intake/draft", data={"csrf": "x", "place": "村"})
    assert forged.status_code == 403
    assert console.house.drafts.of("reviewer") is None
