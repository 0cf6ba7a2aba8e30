"""The inspectors' page over a real desk: what is on it, and what a device is told of what it queued."""

import re

from adapters import queries
from models.vocabulary import Status
from tests.web.conftest import Console

JSON = {"accept": "application/json"}


async def test_what_somebody_can_move_comes_first_and_what_is_due_first(console: Console) -> None:
    late = console.office.a_case(Status.ASSIGNED, place="晚村")
    console.office.desk.moments.wait(days=3)  # type: ignore[attr-defined]
    soon = console.office.a_case(Status.ASSIGNED, place="早村")
    browser = await console.logged_in("inspector")
    await browser.go("/field")
    found = re.findall(r'href="/field/cases/(\w+)"', browser.html)
    assert found.index(late) < found.index(soon)
    assert "record_findings" not in browser.words
    assert "登记核查结论" in browser.words or "核查" in browser.words


async def test_a_form_of_the_page_works_without_scripts_and_tells_what_is_wrong(console: Console) -> None:
    case = console.office.a_case(Status.RECTIFYING)
    browser = await console.logged_in("handler")
    await browser.go(f"/field/cases/{case}")
    await browser.send(f"/field/cases/{case}/do/report_progress", text="除尘设施已装好一半")
    assert browser.answer.headers["location"] == f"/field/cases/{case}?done=report_progress"
    assert [each.event.name for each in queries.history(console.office.database, case)][-1] == "progress_reported"
    await browser.go(f"/field/cases/{case}")
    await browser.send(f"/field/cases/{case}/do/report_progress", text="")
    assert browser.answer.status_code == 422
    assert "✗" in browser.words


async def test_a_device_is_told_as_json_and_sent_three_times_it_counts_once(console: Console) -> None:
    case = console.office.a_case(Status.RECTIFYING)
    browser = await console.logged_in("handler")
    state = (await browser.client.get("/field/state")).json()
    path = f"/field/cases/{case}/do/report_progress"
    queued = {"csrf": state["csrf"], "key": "a" * 32, "text": "装好一半"}
    before = len(queries.history(console.office.database, case))
    for _ in range(3):
        answer = await browser.client.post(path, data=queued, headers=JSON)
        assert (answer.status_code, answer.json()) == (200, {"done": "report_progress"})
    assert len(queries.history(console.office.database, case)) == before + 1
    other = await browser.client.post(path, data={**queued, "text": "别的话"}, headers=JSON)
    assert other.status_code == 409
    assert set(other.json()) == {"zh", "en"}
    wrong = await browser.client.post(path, data={**queued, "key": "b" * 32, "text": ""}, headers=JSON)
    assert wrong.status_code == 422


async def test_a_device_knows_its_person_by_a_name_that_tells_nothing(console: Console) -> None:
    told = {}
    for person in ("handler", "inspector"):
        browser = await console.logged_in(person)
        told[person] = (await browser.client.get("/field/state")).json()["person"]
        assert person not in told[person]
        again = await console.logged_in(person)
        assert (await again.client.get("/field/state")).json()["person"] == told[person]
    assert told["handler"] != told["inspector"]
    assert (await console.browser().client.get("/field/state")).status_code == 303


async def test_another_units_case_is_neither_shown_nor_acted_on(console: Console) -> None:
    case = console.office.a_case(Status.RECTIFYING)
    browser = await console.logged_in("other-handler")
    await browser.go("/field")
    assert case not in browser.html
    assert (await browser.go(f"/field/cases/{case}")).answer.status_code == 403
    csrf = (await browser.client.get("/field/state")).json()["csrf"]
    data = {"csrf": csrf, "key": "a" * 32, "text": "x"}
    answer = await browser.client.post(f"/field/cases/{case}/do/report_progress", data=data, headers=JSON)
    assert answer.status_code == 403


async def test_logging_out_takes_from_the_device_what_it_kept(console: Console) -> None:
    browser = await console.logged_in("handler")
    await browser.go("/field")
    await browser.send("/logout")
    assert browser.answer.headers["clear-site-data"] == '"storage"'


async def test_the_worker_reaches_the_page_and_nothing_beside_it(console: Console) -> None:
    browser = await console.logged_in("handler")
    await browser.go("/field/worker.js")
    assert browser.answer.headers["service-worker-allowed"] == "/field"
    assert browser.answer.headers["content-type"].startswith("text/javascript")
