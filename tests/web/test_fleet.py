"""The administrator's page of the fleet, over a real Temporal: who may, what it shows, a part moved, Temporal away."""

import uuid

import pytest
from temporalio.client import Client

from adapters.access.log import latest
from adapters.embedded import EmbeddedTemporal
from adapters.relay import attributes, workflow_id
from tests.web.conftest import Console
from tests.workflow.desks import a_namespace, until


@pytest.fixture
async def client(console: Console, dev_server: EmbeddedTemporal, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The console's Temporal, in a namespace of its own."""
    name = f"fleet-{uuid.uuid4()}"
    await a_namespace(dev_server, name)
    told = {"temporal_address": dev_server.address, "temporal_namespace": name}
    settings = console.house.desk.settings.model_copy(update=told)
    monkeypatch.setitem(console.house.desk.__dict__, "settings", settings)
    return await Client.connect(dev_server.address, namespace=name)


async def test_an_administrator_sees_what_runs_and_moves_a_part(console: Console, client: Client) -> None:
    case = console.office.register()
    facts = console.office.door.facts(console.office.case(case))
    # No worker is needed: what a batch of the server's has told is told.
    await client.start_workflow(
        "Petition", id=workflow_id(case), task_queue="nobody", search_attributes=attributes(facts)
    )
    browser = await console.logged_in("administrator")

    async def listed() -> bool:
        return "在办流程 1 个" in (await browser.go("/fleet")).words

    await until(listed, within=6, tells="Temporal's list has it")
    assert "不分版本" in browser.words
    assert "2026-11" in browser.words
    await browser.go("/fleet?policy=2026-11&version=-")
    assert f"{case} " in browser.words
    assert f'href="/cases/{case}"' not in browser.html, "an administrator sees no cases"
    await browser.send("/fleet/move", policy="2026-11", version="")
    assert browser.answer.headers["location"] == "/fleet"

    async def told() -> bool:
        return "已通知完毕" in (await browser.go("/fleet")).words

    await until(told, "all have been told", within=15, show=lambda: browser.words[-900:])
    assert browser.answer.headers["refresh"], "its run is still the old one: nobody works here"
    assert (await browser.go("/lang/en?next=/fleet")).answer.status_code == 303
    assert "1 workflow of a case runs" in (await browser.go("/fleet")).words
    await browser.send("/fleet/move", policy="-", version="")
    assert browser.answer.headers["location"] == "/fleet?nothing=1"
    kept = [(each.who, each.why) for each in latest(console.office.database, 20) if each.deed.value == "fleet"]
    assert sorted(kept) == [("administrator", "policy=-"), ("administrator", "policy=2026-11")]


async def test_the_whole_is_moved_only_where_that_is_said_and_a_wrong_name_is_none(
    console: Console, client: Client
) -> None:
    assert client.namespace
    browser = await console.logged_in("administrator")
    await browser.go("/fleet")
    await browser.send("/fleet/move", policy="", version="")
    assert browser.answer.status_code == 422
    await browser.go("/fleet")
    await browser.send("/fleet/move", policy="", version="", all="1")
    assert browser.answer.status_code == 303
    assert (await browser.go("/fleet?policy=x'y")).answer.status_code == 422


async def test_whoever_is_no_administrator_moves_nothing(console: Console) -> None:
    browser = await console.logged_in("clerk")
    mark = await browser.mark()
    answer = await browser.client.post("/fleet/move", data={"csrf": mark, "policy": "2026-11", "version": ""})
    assert answer.status_code == 403


async def test_without_temporal_the_page_says_so(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/fleet")
    assert browser.answer.status_code == 200
    assert "Temporal 未运行" in browser.words
