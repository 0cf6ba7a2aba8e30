"""Districts and periods side by side in the console and for programs; an entered count is marked, never counted."""

import re
from html import unescape

from models.vocabulary import Status
from tests.web.conftest import Console

COUNT = {"district": "城区", "period": "2026", "count": "244", "source": "市局通报"}


async def test_two_periods_stand_side_by_side_and_each_figure_leads_to_its_cases(console: Console) -> None:
    console.office.a_case(Status.CLOSED, place="青石镇河口村")
    console.office.register(place="柳溪乡下河村")
    leader = await console.logged_in("leader")
    await leader.go("/compare?now=2026&was=2025-Q4&by=township")
    assert '<svg class="chart"' in leader.html
    assert "2025-10-01 — 2025-12-31" in leader.words
    links = re.findall(r'href="(/cases\?[^"]+)">(\d+)<', leader.html)
    assert [count for _, count in links] == ["1", "1", "2", "2"]
    for address, count in links:
        assert f"{count} 件" in (await leader.go(unescape(address))).words, address
    told = (await console.machine("leader").get("/api/v1/comparison?now=2026-03&was=2025")).json()
    assert (told["this"]["received"], told["then"]["received"]) == (2, 0)
    assert {each["title"]: each["now"]["received"] for each in told["rows"]} == {"青石镇": 1, "柳溪乡": 1}
    assert (await leader.go("/compare.xlsx?now=2026&was=2025")).answer.headers["content-type"].endswith("sheet")


async def test_another_districts_count_is_entered_with_its_source_and_shown_as_not_counted(console: Console) -> None:
    console.office.register()
    clerk = await console.logged_in("clerk")
    await clerk.go("/compare?now=2026&was=2025")
    await clerk.send("/compare?now=2026&amp;was=2025&amp;by=township", **COUNT)
    assert clerk.answer.status_code == 303, clerk.words
    words = (await clerk.go("/compare?now=2026&was=2025")).words
    assert "城区 244 — 登记，未经本台账统计 市局通报" in words
    machine = console.machine("clerk", "act", "read")  # type: ignore[arg-type]
    data = {"district": "邻县", "period": "2026", "count": 28, "source": "市局通报"}
    for _ in range(2):
        answer = await machine.post("/api/v1/counts", json={"data": data}, headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201, answer.text
    told = (await machine.get("/api/v1/comparison?now=2026&was=2025")).json()["districts"]
    assert [(each["name"], each["now"], each["counted"]) for each in told] == [
        ("城区", 244, False), ("邻县", 28, False), ("临江县", 1, True),
    ]  # fmt: skip


async def test_a_count_that_was_entered_is_said_and_shown_at_once_whatever_was_compared_before(
    console: Console,
) -> None:
    clerk = await console.logged_in("clerk")
    shown = {"2023年": "now=2023&was=2025", "2025": "now=2026&was=2025", "2024-Q1": "now=2024-Q1&was=2025"}
    for number, (period, compared) in enumerate(shown.items()):
        given = {**COUNT, "period": period, "district": f"第{number}区", "csrf": await clerk.mark(), "key": period}
        answer = await clerk.client.post("/compare?now=2026&was=2025&by=township", data=given)
        assert answer.headers["location"] == f"/compare?{compared}&by=township&done=record_count"
        await clerk.go(answer.headers["location"])
        assert "✓ 已登记县区件数" in clerk.words
        assert f"第{number}区" in clerk.words, period
    assert "已登记县区件数" not in (await clerk.go("/compare?now=2026&was=2025")).words


async def test_the_first_count_sent_twice_under_one_key_is_entered_once(console: Console) -> None:
    machine = console.machine("clerk")
    data = {"district": "邻县", "period": "2026", "count": 28, "source": "市局通报"}
    answers = [
        await machine.post("/api/v1/counts", json={"data": data}, headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201], answers[1].text
    assert answers[0].json()["case"] == answers[1].json()["case"]


async def test_what_is_no_period_and_no_count_is_told_with_nothing_lost(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/compare?now=去年&was=2025")
    assert (clerk.answer.status_code, "期间应如" in clerk.words) == (422, True)
    await clerk.go("/compare?now=2026&was=2025")
    await clerk.send("/compare?now=2026&amp;was=2025&amp;by=township", **{**COUNT, "period": "上月"})
    assert (clerk.answer.status_code, 'value="市局通报"' in clerk.html) == (422, True)
    assert (await console.machine("clerk").get("/api/v1/comparison?now=x&was=2025")).status_code == 422


async def test_whoever_enters_none_is_refused(console: Console) -> None:
    for person in ("leader", "handler", "auditor"):
        browser = await console.logged_in(person)
        given = {**COUNT, "csrf": await browser.mark()}
        assert (await browser.client.post("/compare", data=given)).status_code == 403
        assert "<summary>登记其他县区的件数" not in (await browser.go("/compare")).html
