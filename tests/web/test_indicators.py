"""The register of indicators in the console: registered, read from a table, shown with rates; and who may not."""

from pathlib import Path

from tests.store.test_indicators import AIR, WATER, a_sheet
from tests.web.conftest import Console


async def test_an_indicator_is_registered_read_from_a_table_and_shown_with_its_rate(
    console: Console, tmp_path: Path
) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/indicators")
    assert "没有考核指标" in clerk.words
    await clerk.send("/indicators", title="环境空气质量优良天数", counted_in="天")
    number = clerk.answer.headers["location"].rpartition("/")[2]
    await clerk.go(f"/cases/{number}")
    await clerk.send(f"/cases/{number}/do/record_reading", period="2023", assessed="339", compliant="400")
    assert "达标数多于考核数" in clerk.words
    content = a_sheet(tmp_path, AIR, WATER).read_bytes()
    for deed, told in (("try", "预演，没有写入"), ("import", "已导入")):
        given = {"csrf": await clerk.mark(), "deed": deed}
        clerk.answer = await clerk.client.post("/indicators/import", data=given, files={"file": ("r.xlsx", content)})
        assert f"{told}：共 2 行，新指标 1，登记 2" in clerk.words
    await clerk.go("/indicators")
    assert "95.6%" in clerk.words
    assert "100.0%" in clerk.words
    assert "95.6%" in (await clerk.go(f"/cases/{number}")).words


async def test_whoever_registers_none_is_refused(console: Console, tmp_path: Path) -> None:
    for person in ("leader", "handler", "auditor"):
        browser = await console.logged_in(person)
        given = {"csrf": await browser.mark(), "title": "某指标"}
        assert (await browser.client.post("/indicators", data=given)).status_code == 403
        files = {"file": ("r.xlsx", a_sheet(tmp_path, AIR).read_bytes())}
        answer = await browser.client.post("/indicators/import", data={**given, "deed": "import"}, files=files)
        assert answer.status_code == 403
    assert "没有考核指标" in (await (await console.logged_in("leader")).go("/indicators")).words
