"""What Temporal holds, opened for its Web UI: for whom, for which page, and for nobody else."""

import base64
from dataclasses import replace
from typing import Any, Final

import httpx
import pytest
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload

from adapters.access.tokens import Scope
from adapters.codec import codec_of
from adapters.engine_record import ENGINE_LOCK, EngineInfo, Lock
from tests.web.conftest import Browser, Console
from tests.web.test_api import problem

DECODE: Final = "/api/v1/codec/decode"
UI: Final = "https://temporal.example"
PLAIN: Final = Payload(metadata={"encoding": b"json/plain"}, data=b'{"case":"XF2026"}')
SHOWN: Final = MessageToDict(PLAIN)


@pytest.fixture
async def shut(console: Console) -> dict[str, Any]:
    """A payload as the Web UI has it."""
    (found,) = await codec_of(console.house.desk.sealer.keys).encode([PLAIN])
    return MessageToDict(found)


@pytest.fixture
def ui(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console whose settings name the Web UI."""
    settings = console.house.desk.settings.model_copy(update={"temporal_ui": UI})
    monkeypatch.setattr(console.house, "desk", replace(console.house.desk, settings=settings))
    return console


def asked(browser: Browser, payloads: list[Any], origin: str | None = UI) -> Any:
    """What the page at an origin asks in the name of who is logged in in that browser."""
    headers = {"x-namespace": "default"} | ({"origin": origin} if origin else {})
    return browser.client.post(DECODE, json={"payloads": payloads}, headers=headers)


async def test_the_web_ui_reads_in_an_administrators_name(ui: Console, shut: dict[str, Any]) -> None:
    answer = await asked(await ui.logged_in("administrator"), [shut, SHOWN])
    assert answer.json() == {"payloads": [SHOWN, SHOWN]}
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://temporal.example", f"{UI}:444", None])
async def test_no_other_page_reads_anything_whoever_is_logged_in(
    ui: Console, shut: dict[str, Any], origin: str | None
) -> None:
    browser = await ui.logged_in("administrator")
    answer = await asked(browser, [shut], origin)
    assert answer.status_code == 403
    assert "XF2026" not in answer.text
    assert "access-control-allow-origin" not in answer.headers
    if origin:
        before = await browser.client.options(DECODE, headers={"origin": origin})
        assert "access-control-allow-origin" not in before.headers


async def test_a_browser_is_told_before_that_the_web_ui_may_ask(ui: Console) -> None:
    answer = await ui.browser().client.options(DECODE, headers={"origin": UI, "access-control-request-method": "POST"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == UI
    assert "x-namespace" in answer.headers["access-control-allow-headers"]


async def test_nobody_reads_without_the_log_in(ui: Console, shut: dict[str, Any]) -> None:
    problem(await asked(ui.browser(), [shut]), 401, "not_admitted")


@pytest.mark.parametrize("person", ["clerk", "dispatcher", "handler", "reviewer", "leader", "auditor"])
async def test_nobody_else_reads_though_they_are_logged_in(ui: Console, shut: dict[str, Any], person: str) -> None:
    answer = await asked(await ui.logged_in(person), [shut])
    problem(answer, 403, "not_for_you")
    assert "XF2026" not in answer.text


async def test_a_program_reads_with_a_token_of_that_scope_alone(ui: Console, shut: dict[str, Any]) -> None:
    sent = {"payloads": [shut]}
    machine = ui.machine("administrator", Scope.PAYLOADS)
    assert (await machine.post(DECODE, json=sent)).json() == {"payloads": [SHOWN]}
    problem(await ui.machine("administrator", Scope.READ, Scope.ACT).post(DECODE, json=sent), 403, "not_for_you")
    problem(await ui.machine("clerk").post(DECODE, json=sent), 403, "not_for_you")
    stranger = ui.browser(authorization="Bearer bj_none").client
    problem(await stranger.post(DECODE, json=sent), 401, "not_admitted")


async def test_what_a_query_is_asked_with_is_encrypted_and_opens_again(ui: Console) -> None:
    machine = ui.machine("administrator")
    shut = (await machine.post("/api/v1/codec/encode", json={"payloads": [SHOWN]})).json()
    assert "XF2026" not in base64.b64decode(shut["payloads"][0]["data"]).decode("latin-1")
    assert (await machine.post(DECODE, json=shut)).json() == {"payloads": [SHOWN]}
    assert (await machine.post("/api/v1/codec/encode", json={})).json() == {"payloads": []}


async def test_what_does_not_open_comes_back_as_it_was(ui: Console, shut: dict[str, Any]) -> None:
    """Another key of the keystore is no payload's, and opens nothing here."""
    odd = [
        {**shut, "data": base64.b64encode(b"short").decode()},
        {**shut, "metadata": {**shut["metadata"], "encryption-key-id": base64.b64encode(b"naming").decode()}},
        {"metadata": {"encoding": shut["metadata"]["encoding"]}},
    ]
    machine = ui.machine("administrator")
    assert (await machine.post(DECODE, json={"payloads": [*odd, shut]})).json() == {"payloads": [*odd, SHOWN]}


@pytest.mark.parametrize(
    "body", [{"payloads": [{"data": "a"}]}, {"payloads": [{"metadata": {"a": "b"}}]}, {"payloads": 3}, []]
)
async def test_what_is_no_payload_is_refused(ui: Console, body: object) -> None:
    answer: httpx.Response = await ui.machine("administrator").post(DECODE, json=body)
    assert answer.status_code == 422


async def test_the_embedded_servers_own_page_may_ask_while_it_runs(console: Console, shut: dict[str, Any]) -> None:
    data, page = console.house.desk.settings.data, "http://127.0.0.1:8233"
    browser = await console.logged_in("administrator")
    assert (await asked(browser, [shut], page)).status_code == 403
    EngineInfo("127.0.0.1:7233", page, 1, 1, "").write(data)
    lock = Lock.attempt(data / ENGINE_LOCK)
    assert lock is not None
    try:
        assert (await asked(browser, [shut], page)).json() == {"payloads": [SHOWN]}
    finally:
        lock.release()
    assert (await asked(browser, [shut], page)).status_code == 403
