"""The API: what is offered is exactly what is accepted, who may not see does not, and every refusal is a problem."""

import json
import re
import sqlite3
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from adapters import queries
from adapters.access.log import latest
from adapters.access.tokens import Scope
from models.commands import COMMANDS
from models.companions import NAMES_OTHER
from models.lifecycle import LIFECYCLES
from models.vocabulary import Kind, Status
from tests.core.builders import a_command
from tests.store.desks import an_envelope
from tests.web.conftest import Console
from web import answers, people

API = "/api/v1"
WORDS = "李四，电话13900000000，住河口村3号"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:banjie:problem:{code}")
    assert told["title"]
    return told


def new(**data: Any) -> dict[str, Any]:
    return {"data": {"channel": "phone", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民", **data}}


def people_commands() -> Iterable[str]:
    """The commands of a petition that people give and that need nothing the case does not have."""
    standing = {"register", "ring", "record_outcome", "recount", "finish_task", "move_to_all_days", "move_back"} | {
        *("take_lead", "let_go", "hear_of_lead", "hear_of_repeat", "hear_not_same", "hear_maybe_same"),
        *("know_recurrence", "hear_of_recurrence"),
    }
    return sorted({row.command for row in LIFECYCLES[Kind.PETITION]} - standing)


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.ASSIGNED, Status.REVIEWING, Status.CLOSED])
@pytest.mark.parametrize("person", ["clerk", "dispatcher", "handler", "reviewer", "head", "auditor", "other-handler"])
async def test_a_command_is_accepted_if_and_only_if_it_is_offered(
    console: Console, status: Status, person: str
) -> None:
    machine, office = console.machine(person), console.office
    base = office.a_case(status)
    answer = await machine.get(f"{API}/cases/{base}/actions")
    offered = {row["command"] for row in answer.json()["actions"]} if answer.status_code == 200 else set()
    assert offered or person != "clerk"
    accepted = set()
    site = an_envelope("register_site", id="site", title="王某养猪场", place="青石镇河口村")
    there = dict.fromkeys(NAMES_OTHER, office.register()) | {"place_at_site": office.door.perform([site])[0].case}
    case = office.a_case(status)
    for command in people_commands():
        before = office.case(case)
        # Whatever names another case names one that is there.
        other = {NAMES_OTHER[command]: there[command]} if command in NAMES_OTHER else {}
        data = {**a_command(command, before).model_dump(mode="json", exclude_unset=True), **other}
        data.pop("sealed", None)
        sent = await machine.post(f"{API}/cases/{case}/commands", json={"command": command, "data": data})
        assert sent.status_code in {200, 403, 409}, sent.text
        if sent.status_code == 200:
            accepted.add(command)
            assert sent.json()["case"] == case
            case = office.a_case(status)
        else:
            assert office.case(case) == before, "what was refused left it as it was, so the next one may be asked of it"
    assert accepted == offered


async def test_intake_gives_a_number_and_a_query_code_and_seals_the_rest(console: Console) -> None:
    machine = console.machine("clerk")
    body = {**new(), "sealed": {"petitioner": "李四", "contact": "13900000000", "text": WORDS}}
    answer = await machine.post(f"{API}/cases", json=body, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 201
    told = answer.json()
    assert re.fullmatch(r"[2-9A-HJ-NP-TV-Z]{8}", told["query_code"])
    again = await machine.post(f"{API}/cases", json=body, headers={"Idempotency-Key": "k1"})
    assert (again.json()["case"], again.json()["repeated"]) == (told["case"], True)
    other = {**body, "sealed": {"text": "另一个人的话"}}
    problem(await machine.post(f"{API}/cases", json=other, headers={"Idempotency-Key": "k1"}), 409, "other_content")
    # It is read back at once, and nowhere does the petitioner come out.
    for path in ("", "/history", "/actions", "/why"):
        read = await machine.get(f"{API}/cases/{told['case']}{path}")
        assert read.status_code == 200
        for canary in ("李四", "13900000000", "河口村3号"):
            assert canary not in read.text
    (ref,) = console.office.case(told["case"]).sealed
    assert console.office.desk.sealer.open(console.office.database, ref) == body["sealed"]


async def test_a_key_is_its_persons_own(console: Console) -> None:
    one = await console.machine("clerk").post(f"{API}/cases", json=new(), headers={"Idempotency-Key": "same"})
    two = await console.machine("dispatcher").post(f"{API}/cases", json=new(), headers={"Idempotency-Key": "same"})
    assert one.status_code == 201
    problem(two, 403, "not_yours")


async def test_what_is_sealed_is_never_named_from_outside(console: Console) -> None:
    machine = console.machine("clerk")
    problem(await machine.post(f"{API}/cases", json=new(sealed=["s" + "0" * 30])), 422, "malformed")


async def test_refusals_are_problems_in_the_askers_language(console: Console) -> None:
    case = console.office.a_case(Status.REVIEWING)
    path = f"{API}/cases/{case}/commands"
    zh, en = console.machine("reviewer"), console.machine("reviewer", **{"accept-language": "en"})
    told = problem(await zh.post(path, json={"command": "accept"}), 409, "not_now")
    assert told["detail"] == told["zh"] == "目前“审核中”，不能“受理”。"
    told = problem(await en.post(path, json={"command": "accept"}), 409, "not_now")
    assert told["detail"] == told["en"] == 'It is under review; "accept" is not possible now.'
    told = problem(await zh.post(path, json={"command": "send_back", "data": {}}), 422, "malformed")
    assert told["field"] == "reason"
    problem(await zh.post(path, json={"command": "nonsense"}), 422, "unknown_command")
    problem(await zh.post(path, content=b"{"), 422, "malformed")
    problem(await zh.post(path, json={"command": "note", "data": {}, "extra": 1}), 422, "malformed")
    problem(await zh.get(f"{API}/cases/XF0000"), 404, "unknown")
    problem(await zh.get(f"{API}/nope"), 404, "http")
    problem(await zh.delete(f"{API}/cases/{case}"), 405, "http")
    assert (await zh.delete(f"{API}/cases")).headers["allow"] == "GET, POST"
    problem(await zh.get(f"{API}/statistics?from=0"), 422, "malformed")
    problem(await zh.get(f"{API}/cases?status=nonsense"), 422, "malformed")
    problem(await zh.get(f"{API}/cases?cursor=nonsense"), 422, "malformed")


async def test_nobody_comes_in_without_a_token_or_a_session(console: Console) -> None:
    wrong = ({"authorization": "Bearer bj_nonsense"}, {"authorization": "Basic eA=="}, {"cookie": "banjie=x"})
    for headers in ({}, *wrong):
        for path in ("/me", "/cases", "/cases/XF2026000001", "/figures"):
            answer = await console.browser(**headers).client.get(API + path)
            problem(answer, 401, "not_admitted")
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["", "/history", "/actions", "/why"])
async def test_another_unit_the_administrator_and_whom_it_is_about_see_nothing(console: Console, path: str) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    about = console.office.register(named=["leader"])
    for person, number in (("other-handler", case), ("administrator", case), ("leader", about)):
        answer = await console.machine(person).get(f"{API}/cases/{number}{path}")
        problem(answer, 403, "not_for_you")
        assert "臭味" not in answer.text
    denied = [(line.who, line.about) for line in latest(console.office.database, 9) if not line.granted]
    assert sorted(denied) == sorted([("other-handler", case), ("administrator", case), ("leader", about)])
    assert (await console.machine("handler").get(f"{API}/cases/{case}{path}")).status_code == 200


async def test_a_command_on_a_case_out_of_sight_says_nothing_of_it(console: Console) -> None:
    case = console.office.a_case(Status.REVIEWING)
    machine = console.machine("other-handler")
    for command in ("accept", "note", "submit_for_review"):
        answer = await machine.post(f"{API}/cases/{case}/commands", json={"command": command, "data": {"text": "x"}})
        problem(answer, 403, "not_for_you")
    assert console.office.names(case)[-1] == "submitted"


async def test_a_token_reaches_no_farther_than_its_scopes(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    reads, takes = console.machine("clerk", Scope.READ), console.machine("clerk", Scope.INTAKE)
    note = {"command": "note", "data": {"text": "x"}}
    assert (await reads.get(f"{API}/cases/{case}")).status_code == 200
    problem(await reads.post(f"{API}/cases", json=new()), 403, "not_for_you")
    problem(await reads.post(f"{API}/cases/{case}/commands", json=note), 403, "not_for_you")
    assert (await takes.post(f"{API}/cases", json=new())).status_code == 201
    problem(await takes.get(f"{API}/cases/{case}"), 403, "not_for_you")
    problem(await takes.get(f"{API}/cases"), 403, "not_for_you")
    problem(await takes.get(f"{API}/figures"), 403, "not_for_you")


async def test_pages_of_a_list_stay_as_they_are_while_cases_come(console: Console) -> None:
    names = [console.office.register() for _ in range(7)]
    machine = console.machine("clerk")
    seen: list[str] = []
    cursor = ""
    while True:
        answer = await machine.get(f"{API}/cases?limit=3{cursor}")
        told = answer.json()
        seen += [each["case"] for each in told["cases"]]
        console.office.moments.wait(minutes=1)
        console.office.register()
        if told["next"] is None:
            break
        cursor = f"&cursor={told['next']}"
    assert seen == names[::-1]


async def test_the_list_filters_and_a_handler_sees_the_own_unit_alone(console: Console) -> None:
    office = console.office
    mine, closed = office.a_case(Status.ASSIGNED), office.a_case(Status.CLOSED)
    fresh = office.register(place="柳溪乡", summary="河水发黑100%超标")
    clerk, handler, other = (console.machine(each) for each in ("clerk", "handler", "other-handler"))

    async def found(machine: httpx.AsyncClient, query: str) -> set[str]:
        return {each["case"] for each in (await machine.get(f"{API}/cases?{query}")).json()["cases"]}

    assert await found(clerk, "") == {mine, closed, fresh}
    assert await found(clerk, "status=closed") == {closed}
    assert await found(clerk, "unit=qingshi") == {mine, closed}
    assert await found(clerk, "q=发黑") == {fresh}
    assert await found(clerk, "q=100%25") == {fresh}
    assert await found(clerk, "q=%25") == {fresh}
    assert await found(clerk, "q=柳溪") == {fresh}
    assert await found(clerk, f"q={mine}") == {mine}
    assert await found(clerk, "q=registered") == set()
    assert await found(clerk, "kind=rectification") == set()
    assert await found(clerk, "overdue=true") == set()
    office.moments.wait(days=70)
    assert mine in await found(clerk, "overdue=true&order=due")
    assert await found(handler, "") == {mine, closed}
    assert await found(other, "") == set()
    assert await found(other, "unit=qingshi") == set()
    problem(await console.machine("administrator").get(f"{API}/cases"), 403, "not_for_you")


async def test_an_unchanged_case_is_told_by_its_etag(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    machine = console.machine("clerk")
    tag = (await machine.get(f"{API}/cases/{case}")).headers["etag"]
    again = await machine.get(f"{API}/cases/{case}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    await machine.post(f"{API}/cases/{case}/commands", json={"command": "note", "data": {"text": "看过"}})
    changed = await machine.get(f"{API}/cases/{case}", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_a_history_is_told_by_its_etag_too_and_reads_what_was_just_written(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    machine = console.machine("clerk")
    path = f"{API}/cases/{case}"
    done = await machine.post(f"{path}/commands", json={"command": "note", "data": {"text": "看过"}})
    tag = done.headers["etag"]
    assert tag == f'"{done.json()["seq"]}"'
    told = await machine.get(f"{path}/history")
    assert (told.headers["etag"], told.json()["events"][-1]["event"]["said"]["text"]) == (tag, "看过")
    for known in (tag, f'"1", W/{tag}', "*"):
        again = await machine.get(f"{path}/history", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_a_command_for_another_version_of_the_case_is_refused_and_a_repeat_is_not(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    machine, path = console.machine("clerk"), f"{API}/cases/{case}/commands"
    note = {"command": "note", "data": {"text": "看过"}}
    before = (await machine.get(f"{API}/cases/{case}")).headers["etag"]
    mine = {"If-Match": before, "Idempotency-Key": "k"}
    done = await machine.post(path, json=note, headers=mine)
    assert done.status_code == 200
    problem(await machine.post(path, json=note, headers={"If-Match": before}), 412, "changed")
    assert (await machine.post(path, json=note, headers=mine)).json()["repeated"] is True
    assert (await machine.post(path, json=note, headers={"If-Match": "*"})).status_code == 200
    problem(await machine.post(path, json=note, headers={"If-Match": "W/x"}), 422, "malformed")
    assert console.office.names(case)[-2:] == ["noted", "noted"]


async def test_what_decisions_rest_on_is_read_without_anything_private(console: Console) -> None:
    machine = console.machine("handler")
    found = (await machine.get(f"{API}/policies")).json()["policies"]
    (name,) = [each["name"] for each in found if each["in_force"]]
    told = (await machine.get(f"{API}/policies/{name}")).json()
    assert answers.PolicyOut.model_validate(told).document == console.office.desk.world().policies[name]
    problem(await machine.get(f"{API}/policies/nonsense"), 404, "unknown")
    told = answers.OrganisationOut.model_validate((await machine.get(f"{API}/organisation")).json())
    assert "handler" in {each.id for each in told.people}
    assert {"leave", "interests", "delegate"}.isdisjoint(answers.ColleagueOut.model_fields)
    calendars = answers.CalendarsOut.model_validate((await machine.get(f"{API}/calendars")).json()).calendars
    assert any(year.off for each in calendars for year in each.years)


async def test_who_asks_too_often_is_told_when_to_come_again(console: Console, monkeypatch: Any) -> None:
    monkeypatch.setattr(people, "BY_TOKEN", 3)
    monkeypatch.setattr(people, "BY_STRANGER", 2)
    one, other = console.machine("clerk"), console.machine("clerk")
    assert [(await one.get(f"{API}/me")).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = await one.get(f"{API}/me")
    problem(answer, 429, "too_often")
    assert 0 < int(answer.headers["retry-after"]) <= 300
    assert (await other.get(f"{API}/me")).status_code == 200
    stranger = console.browser(authorization="Bearer bj_nonsense").client
    assert [(await stranger.get(f"{API}/me")).status_code for _ in range(3)] == [401, 401, 429]


async def test_history_why_figures_and_me_tell_what_the_engine_knows(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    machine = console.machine("handler")
    events = (await machine.get(f"{API}/cases/{case}/history")).json()["events"]
    assert events == [json.loads(each.body()) for each in queries.history(console.office.database, case)]
    clocks = (await machine.get(f"{API}/cases/{case}/why")).json()["clocks"]
    assert {each["clock"] for each in clocks} == {each.name for each in console.office.case(case).clocks}
    assert all(each["derivation"][-1]["what"] == "due" for each in clocks)
    figures = (await machine.get(f"{API}/figures")).json()
    assert (figures["received"], figures["open"], figures["closed"]) == (1, 1, 0)
    me = (await machine.get(f"{API}/me")).json()
    assert (me["person"], me["roles"], me["csrf"]) == ("handler", ["handler"], None)


async def test_a_browsers_call_that_changes_something_brings_the_sessions_mark(console: Console) -> None:
    browser = await console.logged_in("clerk")
    mark = (await browser.client.get(f"{API}/me")).json()["csrf"]
    problem(await browser.client.post(f"{API}/cases", json=new()), 403, "forged")
    problem(await browser.client.post(f"{API}/cases", json=new(), headers={"X-CSRF-Token": "x"}), 403, "forged")
    assert (await browser.client.post(f"{API}/cases", json=new(), headers={"X-CSRF-Token": mark})).status_code == 201


async def test_a_database_that_is_away_is_said_with_when_to_come_again(console: Console) -> None:
    machine, browser = console.machine("clerk"), await console.logged_in("clerk")
    engine = console.office.database.engine

    def away(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    sa.event.listen(engine, "do_connect", away)
    console.office.database.close()
    answer = await machine.get(f"{API}/cases")
    problem(answer, 503, "away")
    assert answer.headers["retry-after"] == "5"
    page = (await browser.go("/cases")).answer
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    sa.event.remove(engine, "do_connect", away)
    assert (await machine.get(f"{API}/cases")).status_code == 200


async def test_the_document_is_openapi_3_1_and_tells_every_route(console: Console) -> None:
    document = (await console.browser().client.get(f"{API}/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    routes = {(method, path) for path, each in document["paths"].items() for method in each}
    assert routes == {
        ("post", f"{API}/cases"),
        *(
            ("get", f"{API}{path}")
            for path in ("/cases", "/figures", "/statistics", "/me", "/events", "/cases/{number}")
        ),
        *(("get", f"{API}{path}") for path in ("/policies", "/policies/{name}", "/organisation", "/calendars")),
        *(("get", f"{API}/cases/{{number}}/{name}") for name in ("history", "actions", "why", "alike")),
        ("post", f"{API}/alike"),
        ("get", f"{API}/storms"),
        *((method, f"{API}/{name}") for name in ("patrols", "stations") for method in ("get", "post")),
        *((method, f"{API}/{name}") for name in ("sites", "plans", "campaigns") for method in ("get", "post")),
        ("get", f"{API}/plans/{{number}}"),
        ("get", f"{API}/reports/{{year}}"),
        ("post", f"{API}/ledgers"),
        *(
            ("get", f"{API}/campaigns/{{name}}{rest}")
            for rest in ("", "/batches/{day}", "/digests/{day}", "/editions/{day}", "/report")
        ),
        *(("post", f"{API}/campaigns/{{name}}/{rest}") for rest in ("editions/{day}", "look-backs", "batches")),
        *((method, f"{API}/dispatch") for method in ("get", "post")),
        *(("get", f"{API}/{path}") for path in ("dispatch/{number}", "flow")),
        *(("get", f"{API}/{name}") for name in ("rounds", "comparison")),
        *(("post", f"{API}/{name}") for name in ("counts", "monitoring")),
        *(("post", f"{API}/codec/{way}code") for way in ("de", "en")),
        ("post", f"{API}/cases/{{number}}/commands"),
        ("post", f"{API}/cases/{{number}}/identity"),
        *((method, f"{API}/cases/{{number}}/attachments") for method in ("get", "post")),
        ("get", f"{API}/cases/{{number}}/attachments/{{sha256}}"),
        *((method, f"{API}/webhooks") for method in ("get", "post")),
        *((method, f"{API}/webhooks/{{name}}") for method in ("get", "patch", "delete")),
        ("get", f"{API}/webhooks/{{name}}/deliveries"),
        *(("post", f"{API}/webhooks/{{name}}/{deed}") for deed in ("secret", "test")),
    }
    for path, each in document["paths"].items():
        for told in each.values():
            assert {"401", "403", "404", "409", "412", "422", "429", "503"} <= told["responses"].keys(), path
            assert all(
                list(told["responses"][status]["content"]) == ["application/problem+json"] for status in ("409", "503")
            )
            status = next(each for each in ("200", "201", "202", "204") if each in told["responses"])
            bodies = told["responses"][status].get("content", {})
            assert bodies or status == "204", path
            assert all(body["schema"] for body in bodies.values()), path


def test_every_command_of_people_is_known() -> None:
    assert set(people_commands()) <= set(COMMANDS)
