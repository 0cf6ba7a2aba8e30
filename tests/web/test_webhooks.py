"""The administrator's page of webhooks, and the same by the API."""

import json

import pytest

from adapters.access.log import latest
from adapters.access.tokens import Scope
from tests.web.conftest import Console

HOST = "oa.test"
NEW = {"title": "办公系统", "url": f"https://{HOST}/hear", "person": "clerk", "events": ["closed", "registered"]}


@pytest.fixture
def open_to(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console that may tell something to a host."""
    settings = console.house.desk.settings.model_copy(update={"webhook_hosts": HOST})
    monkeypatch.setitem(console.house.desk.__dict__, "settings", settings)
    return console


async def test_an_administrator_adds_an_address_sees_its_secret_once_and_tries_it(open_to: Console) -> None:
    browser = await open_to.logged_in("administrator")
    await browser.go("/admin/webhooks")
    assert "还没有推送地址" in browser.words
    await browser.send("/admin/webhooks", title="办公系统", url=f"https://{HOST}/hear", person="clerk", events="")
    assert browser.answer.status_code == 200
    assert "whsec_" in browser.words
    (hook,) = open_to.house.hooks.every()
    page = f"/admin/webhooks/{hook.id}"
    await browser.go(page)
    assert "whsec_" not in browser.words
    await browser.send(f"{page}/test")
    await browser.go(page)
    assert "banjie.test" in browser.words
    for deed, then in (("off", "off"), ("on", "on"), ("off", "off")):
        await browser.go(page)
        await browser.send(f"{page}/{deed}")
        assert open_to.house.hooks.find(hook.id).state.value == then
    await browser.go(page)
    await browser.send(f"{page}/secret")
    assert "whsec_" in browser.words
    await browser.send(f"{page}/drop")
    assert browser.answer.headers["location"] == "/admin/webhooks"
    assert open_to.house.hooks.every() == []
    kept = [(each.deed.value, each.why) for each in latest(open_to.office.database, 20) if each.deed.value == "webhook"]
    assert {why for _, why in kept} == {"make", "test", "on", "off", "secret", "drop"}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("url", "https://elsewhere.test/", "BANJIE_WEBHOOK_HOSTS"),
        ("events", "registered nonsense", "nonsense"),
        ("title", " ", "必填"),
    ],
)
async def test_what_cannot_be_used_comes_back_with_what_was_typed(
    open_to: Console, field: str, value: str, says: str
) -> None:
    browser = await open_to.logged_in("administrator")
    await browser.go("/admin/webhooks")
    typed = {"title": "办公系统", "url": f"https://{HOST}/hear", "person": "clerk", "events": "", field: value}
    await browser.send("/admin/webhooks", **typed)
    assert browser.answer.status_code >= 400
    assert says in browser.words
    assert f'value="{typed["url"]}"' in browser.html
    assert open_to.house.hooks.every() == []


async def test_where_no_host_is_allowed_the_page_says_what_to_set(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin/webhooks")
    assert "BANJIE_WEBHOOK_HOSTS" in browser.words
    assert 'name="url"' not in browser.html


async def test_nobody_else_sees_or_changes_them(open_to: Console) -> None:
    name, _ = open_to.house.hooks.make(
        "办公系统", "https://oa.test/", "clerk", (), by="administrator", begun=open_to.house.desk.moments.now()
    )
    for person in ("clerk", "leader", "auditor", "dispatcher"):
        browser = await open_to.logged_in(person)
        machine = open_to.machine(person)
        mark = {"csrf": await browser.mark()}
        for path in ("/admin/webhooks", f"/admin/webhooks/{name}"):
            assert (await browser.go(path)).answer.status_code == 403
        for deed in ("off", "secret", "drop", "test"):
            assert (await browser.client.post(f"/admin/webhooks/{name}/{deed}", data=mark)).status_code == 403
        for method, rest in (
            ("GET", ""), ("GET", f"/{name}"), ("GET", f"/{name}/deliveries"), ("DELETE", f"/{name}"),
            ("POST", f"/{name}/secret"), ("POST", f"/{name}/test"),
        ):  # fmt: skip
            assert (await machine.request(method, f"/api/v1/webhooks{rest}")).status_code == 403, (person, rest)
        assert (await machine.post("/api/v1/webhooks", json=NEW)).status_code == 403
        assert (await machine.patch(f"/api/v1/webhooks/{name}", json={"on": False})).status_code == 403
    narrow = open_to.machine("administrator", Scope.READ)
    assert (await narrow.get("/api/v1/webhooks")).status_code == 403
    assert open_to.house.hooks.find(name).state.value == "on"


async def test_a_program_makes_looks_at_turns_and_takes_away(open_to: Console) -> None:
    machine = open_to.machine("administrator", Scope.WEBHOOKS)
    made = await machine.post("/api/v1/webhooks", json=NEW)
    assert made.status_code == 201
    hook = made.json()["webhook"]
    assert made.json()["secret"].startswith("whsec_")
    assert hook["events"] == NEW["events"]
    path = f"/api/v1/webhooks/{hook['id']}"
    assert (await machine.get("/api/v1/webhooks")).json() == {"webhooks": [hook]}
    assert "secret" not in json.dumps((await machine.get(path)).json())
    assert (await machine.post(f"{path}/secret")).json()["secret"] != made.json()["secret"]
    message = (await machine.post(f"{path}/test")).json()["message"]
    assert [each["id"] for each in (await machine.get(f"{path}/deliveries")).json()["deliveries"]] == [message]
    assert (await machine.delete(path)).status_code == 422, "one that is on is not taken away by a slip"
    assert (await machine.patch(path, json={"on": False})).json()["state"] == "off"
    assert (await machine.patch(path, json={"on": True})).json()["state"] == "on"
    assert (await machine.patch(path, json={"on": False})).status_code == 200
    assert (await machine.delete(path)).status_code == 204
    assert (await machine.get(path)).status_code == 404
    for wrong in ({**NEW, "url": "https://elsewhere.test/"}, {**NEW, "person": "nobody"}, {**NEW, "events": ["x"]}):
        assert (await machine.post("/api/v1/webhooks", json=wrong)).status_code in {404, 409, 422}, wrong
