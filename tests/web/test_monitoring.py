"""Readings in the console and for programs: rehearsed, brought, every fate told; and who may not."""

from pathlib import Path

from adapters.access.tokens import Scope
from tests.store.test_monitoring import a_file
from tests.store.test_sites import a_site
from tests.web.conftest import Console


async def test_a_csv_file_is_rehearsed_and_opens_problems(console: Console, tmp_path: Path) -> None:
    plant = a_site(console.office, "甲厂", unit="qingshi")
    rows = ["甲厂,2026-03-01,总磷,0.8,mg/L,0.5,", "甲厂,2026-03-02,总磷,0.9,mg/L,0.5,", "甲厂,2026-03-02,氨氮,坏,,5,"]
    content = a_file(tmp_path, *rows).read_bytes()
    clerk = await console.logged_in("clerk")
    for deed, told, count in (("try", "预演，没有写入", 0), ("import", "已导入", 1)):
        await clerk.go("/monitoring")
        await clerk.send("/monitoring", {"file": ("r.csv", content)}, deed=deed, days="20")
        assert f"{told}：共 3 行，新开问题 1，并入在办 1，正常 0，已有 0，不能使用 1" in clerk.words
        assert "D4" in clerk.words
        assert len(console.office.case(plant).anomalies) == count
    (task,) = console.office.case(plant).tasks
    assert (task.target - console.office.moments.now().date()).days == 20
    for wrong, why in (({"days": "0"}, "应为 1 至 365 天"), ({}, "请选择文件")):
        await clerk.go("/monitoring")
        files = {"file": ("r.csv", content)} if wrong else None
        await clerk.send("/monitoring", files, deed="import", **wrong)
        assert (clerk.answer.status_code, why in clerk.words) == (422, True)
    await clerk.send("/monitoring", {"file": ("r.csv", b"PK\0\0")}, deed="try")
    assert (clerk.answer.status_code, "不是文本文件" in clerk.words) == (422, True)


async def test_a_program_sends_readings_and_may_send_them_again(console: Console) -> None:
    plant = a_site(console.office, "甲厂", unit="qingshi")
    machine = console.machine("handler", Scope.ACT)
    one = {"site": plant, "time": "2026-03-01 08:00", "parameter": "总磷", "value": "0.8", "limit": "0.5"}
    sent = {"readings": [one, {**one, "time": "2026-03-01 09:00"}, {**one, "value": "x"}, {**one, "value": "0.1"}]}
    told = (await machine.post("/api/v1/monitoring", json={**sent, "dry_run": True})).json()
    assert ([each["fate"] for each in told["fates"]], console.office.case(plant).anomalies) == (
        ["opened", "added", "bad", "sound"], (),
    )  # fmt: skip
    told = (await machine.post("/api/v1/monitoring", json=sent)).json()
    assert (told["opened"], told["added"], told["bad"], told["sound"]) == (1, 1, 1, 1)
    assert told["fates"][2] == {
        "row": 3, "fate": "bad", "site": None, "cell": "value", "zh": "监测值与限值无法比较，也没有异常标记",
        "en": "neither limit nor flag tells whether it is out of bounds",
    }  # fmt: skip
    again = (await machine.post("/api/v1/monitoring", json=sent)).json()
    assert [each["fate"] for each in again["fates"]] == ["known", "known", "bad", "sound"]
    assert (await machine.post("/api/v1/monitoring", json={"readings": []})).status_code == 422
    assert (await console.machine("handler", Scope.READ).post("/api/v1/monitoring", json=sent)).status_code == 403


async def test_whoever_reports_no_anomalies_is_refused(console: Console, tmp_path: Path) -> None:
    content = a_file(tmp_path, "甲厂,2026-03-01,总磷,0.8,mg/L,0.5,").read_bytes()
    for person in ("leader", "auditor", "administrator"):
        browser = await console.logged_in(person)
        given = {"csrf": await browser.mark(), "deed": "import"}
        answer = await browser.client.post("/monitoring", data=given, files={"file": ("r.csv", content)})
        assert answer.status_code == 403
