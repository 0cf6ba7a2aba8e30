"""The conformance kit: nothing to say against a right server, our own among them, and every fault of a wrong one."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from typer.testing import CliRunner, Result

from adapters.access.tokens import Scope
from adapters.open311.kit.asking import Answer, Server
from adapters.open311.kit.reading import Broken, differs, read
from adapters.open311.kit.rules import RULES, Fate, Found, asked
from models.vocabulary import Role
from tests.cli.conftest import BANJIE
from tests.store.receivers import free_port
from tests.web.conftest import Console
from tests.web.little_open311 import KEY, Little
from tests.web.test_open311 import REQUEST

FAULTS = {
    "down": {"services"},
    "html": {"services", "errors"},
    "undeclared": {"xml-utf8"},
    "cut off": {"services-list", "errors", "request"},
    "an entity": {"services-list", "errors", "request"},
    "another root": {"services-list"},
    "another item": {"services-list"},
    "services: group = gone": {"service-fields"},
    "services: service_name = ": {"service-fields"},
    "services: type = slow": {"service-words"},
    "services: metadata = perhaps": {"service-words"},
    "services: service_code = noise": {"service-once"},
    "json differs: services": {"services-json"},
    "json has words for truth": {"services-json-types"},
    "another definition": {"definition"},
    "attributes: order = gone": {"attributes"},
    "attributes: datatype = colour": {"attributes"},
    "attributes: code = who": {"attributes"},
    "attributes: values = no list": {"values"},
    "json differs: service_definition": {"definition-json"},
    "any service": {"service-404"},
    "another code": {"errors"},
    "without a word": {"errors"},
    "requests: service_request_id = 2": {"requests-list"},
    "requests: requested_datetime = gone": {"request-fields"},
    "requests: status = lost": {"request-fields"},
    "requests: updated_datetime = 2026-03-03 08:00": {"request-times"},
    "requests: updated_datetime = 2020-03-03T08:00:00Z": {"request-times"},
    "requests: lat = ": {"request-place"},
    "requests: lat = 126.5": {"request-place"},
    "any status": {"filter-status"},
    "any service_code": {"filter-service"},
    "requests of any day": {"filter-dates"},
    "one id alone": {"filter-ids"},
    "one is all": {"request"},
    "any request": {"request-404"},
    "json differs: service_requests": {"requests-json"},
    "always the first page": {"pages"},
    "pages of any size": {"pages"},
    "updates: update_id = 2": {"updates"},
    "updates: status = lost": {"updates"},
    "updates: description = gone": {"updates"},
    "updates: updated_datetime = yesterday": {"updates"},
    "updates backwards": {"updates-order"},
    "updates of any day": {"updates-dates"},
    "json differs: service_request_updates": {"updates-json"},
    "anybody sends": {"send-key"},
    "any form": {"send-service"},
    "any code": {"send-unknown"},
    "unknown is 400": {"send-unknown"},
    "any place": {"send-place"},
    "no number": {"send"},
    "forgets": {"send"},
}
"""What a server does wrong, and the rules that have to say so."""


def broken(found: list[Found]) -> dict[str, tuple[str, ...]]:
    return {each.rule.name: each.why for each in found if each.fate is Fate.BROKEN}


def test_against_a_right_server_there_is_nothing_to_say() -> None:
    found = list(asked(Server(Little(), send=True)))
    assert broken(found) == {}
    assert {each.fate for each in found} == {Fate.KEPT}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_wrong_server_is_found(fault: str) -> None:
    found = broken(list(asked(Server(Little(fault), send=True))))
    assert FAULTS[fault] <= found.keys(), found
    assert all(why and all(why) for why in found.values())


def test_every_rule_has_a_fault_that_it_finds() -> None:
    assert set().union(*FAULTS.values()) == {rule.name for rule in RULES}


def test_what_a_server_need_not_have_is_left_out_and_not_held_against_it() -> None:
    found = {each.rule.name: each for each in asked(Server(Little("no json")))}
    assert broken(list(found.values())) == {}
    left = {name for name, each in found.items() if each.fate is Fate.SKIPPED}
    jsons = {"services-json", "services-json-types", "definition-json", "requests-json", "updates-json"}
    assert left == jsons | {rule.name for rule in RULES if rule.name.startswith("send")}
    found = {each.rule.name: each for each in asked(Server(Little("no updates")))}
    assert {name for name, each in found.items() if each.fate is Fate.SKIPPED} >= {"updates", "updates-order"}


def test_an_answer_is_read_alike_from_xml_and_json() -> None:
    xml = b"""<?xml version="1.0" encoding="utf-8"?><service_requests><request><service_request_id>638344
        </service_request_id><lat>37.10</lat><zipcode/></request></service_requests>"""
    told = read(xml, "xml", "here").value
    assert told == [{"service_request_id": "638344", "lat": "37.10", "zipcode": ""}]
    assert differs(told, [{"service_request_id": 638344, "lat": 37.1}]) is None
    assert differs(told, [{"service_request_id": 638344, "lat": 37.2}]) == "[1].lat: 37.10 ≠ 37.2"
    assert differs(told, []) == "list: 1 ≠ 0"
    for wrong in (b"[", b"\xff", b"[" * 100_000):
        with pytest.raises(Broken):
            read(wrong, "json", "here")


async def test_our_own_server_keeps_every_rule(open_console: Console) -> None:
    app, nobody, loop = open_console.machine("clerk", Scope.OPEN311), open_console.browser(), asyncio.get_running_loop()
    key = app.headers["authorization"].removeprefix("Bearer ")

    def ask(
        path: str, query: Mapping[str, str], form: Mapping[str, str] | None = None, *, keyed: bool = True
    ) -> Answer:
        sent = None if form is None else {**form, **({"api_key": key} if keyed else {})}
        client, method = (app, "GET") if form is None else (nobody.client, "POST")
        asking = client.request(method, f"/open311/v2/{path}", params=dict(query), data=sent)
        told = asyncio.run_coroutine_threadsafe(asking, loop).result()
        return Answer(told.status_code, told.headers["content-type"], told.content)

    sent = [{**REQUEST, "description": words} for words in ("夜里很臭", "白天也臭")]
    _, case = [(await app.post("/open311/v2/requests.json", data=each)).json() for each in sent]
    open_console.office.desk.moments.wait(seconds=5)  # type: ignore[attr-defined]
    open_console.office.act(case[0]["service_request_id"], Role.CLERK, "accept")
    found = await asyncio.to_thread(lambda: list(asked(Server(ask, send=True))))
    assert broken(found) == {}
    assert {each.fate for each in found} == {Fate.KEPT}


# ── over the line, by the command ──


@contextmanager
def serving(little: Little) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(dict(parse_qsl(body)))

        def say(self, form: dict[str, str] | None) -> None:
            asked = urlsplit(self.path)
            keyed = (form or {}).get("api_key") == KEY
            told = little(asked.path.removeprefix("/v2/"), dict(parse_qsl(asked.query)), form, keyed=keyed)
            self.send_response(told.status)
            self.send_header("Content-Type", told.media)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="little")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v2"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def check(*arguments: object) -> Result:
    return CliRunner().invoke(BANJIE, ["open311-check", *map(str, arguments)], catch_exceptions=False)


def test_the_command_prints_a_table_and_its_exit_code_tells(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(f"{KEY}\n")
    with serving(Little()) as url:
        right = check(url, "--key-file", key, "--send")
        assert (right.exit_code, right.stderr) == (0, "")
        assert f"{len(RULES)} pass, 0 fail, 0 not asked" in right.stdout
        told = json.loads(check(url, "--json").stdout)
        assert (told["kept"], told["broken"], told["skipped"]) == (len(RULES) - 5, 0, 5)
    with serving(Little("any status")) as url:
        wrong = check(url)
        assert wrong.exit_code == 1
        assert "?status=closed: 1" in wrong.stdout
        assert KEY not in wrong.stdout + right.stdout


def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    for arguments in (
        ("ftp://example.org",),
        (f"http://127.0.0.1:{free_port()}/v2",),
        ("http://127.0.0.1/v2", "--key-file", tmp_path / "none"),
    ):
        assert check(*arguments).exit_code == 2, arguments
