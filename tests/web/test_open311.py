"""Open311: an app sends through the intake there is, nothing of a resident's comes back, and errors are as written."""

from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from adapters import queries
from adapters.access.log import latest
from adapters.access.tokens import Scope
from adapters.open311.sent import NOT_KNOWN, WrongError, taken
from models.open311 import Open311
from models.vocabulary import Role, Status
from tests.core.worlds import an_organisation
from tests.web.conftest import Console
from web import open311

BASE = "/open311/v2"
CANARIES = {
    "first_name": "金丝雀",
    "last_name": "李四",
    "phone": "13987654321",
    "email": "canary@example.org",
    "description": "金丝雀原话：我家门口每天夜里很臭",
    "address_string": "青石镇河口村三号金丝雀院",
    "lat": "26.886612",
    "long": "112.571234",
    "media_url": "https://example.org/canary.jpg",
}
REQUEST = {"service_code": "odour", "attribute[respondent]": "金丝雀养殖场", **CANARIES}
HIDDEN = ("金丝雀", "李四", "13987654321", "canary", "26.88", "112.57", "门口")


def an_app(console: Console, person: str = "clerk", *scopes: Scope) -> httpx.AsyncClient:
    return console.machine(person, *(scopes or (Scope.OPEN311,)))


async def sent(app: httpx.AsyncClient, **changes: str) -> str:
    answer = await app.post(f"{BASE}/requests.json", data={**REQUEST, **changes})
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()
    assert told["account_id"] == ""
    return str(told["service_request_id"])


def error(answer: httpx.Response, status: int) -> str:
    """The sentence of an error as GeoReport has it."""
    assert answer.status_code == status, answer.text
    (told,) = answer.json()
    assert told["code"] == status
    return str(told["description"])


def _read(answer: httpx.Response) -> ET.Element:
    return ET.fromstring(answer.content)  # noqa: S314 - what the console itself wrote


async def test_what_an_app_sends_is_a_petition_of_which_all_that_is_a_residents_is_under_seal(
    open_console: Console,
) -> None:
    app, office = an_app(open_console), open_console.office
    case = office.case(await sent(app))
    assert (case.status, case.channel, case.types, case.place) == (
        Status.REGISTERED,
        "platform",
        ("异味",),
        "青石镇",
    )
    (ref,) = case.sealed
    secret = office.desk.sealer.open(office.database, ref)
    assert secret is not None
    assert secret["petitioner"] == "李四 金丝雀"
    assert secret["contact"] == "13987654321；canary@example.org"
    assert all(CANARIES[name] in secret["text"] for name in ("description", "address_string", "lat", "media_url"))
    assert "金丝雀养殖场" in secret["text"], "whom a resident names is a resident's word too"
    told = queries.history(office.database, case.id)
    assert not any(word in str(told) for word in HIDDEN)


async def test_nothing_of_a_residents_is_ever_told(open_console: Console) -> None:
    app, office = an_app(open_console), open_console.office
    case = await sent(app)
    office.act(case, Role.CLERK, "accept")
    office.desk.moments.wait(seconds=1)  # type: ignore[attr-defined]
    office.act(case, Role.DISPATCHER, "assign", unit="qingshi", handler="handler", leader="leader")
    for path in (
        *(f"{BASE}/{name}.{form}" for name in ("requests", f"requests/{case}", "servicerequestupdates")
          for form in ("xml", "json")),
    ):  # fmt: skip
        answer = await app.get(path)
        assert answer.status_code == 200, answer.text
        assert case in answer.text
        assert not any(word in answer.text for word in (*HIDDEN, "handler", "leader"))
    (told,) = (await app.get(f"{BASE}/requests/{case}.json")).json()
    assert (told["status"], told["service_code"], told["address"], told["agency_responsible"]) == (
        *("open", "odour", "青石镇", "青石镇"),
    )
    assert (told["description"], told["lat"], told["long"], told["media_url"]) == ("", None, None, "")
    moves = (await app.get(f"{BASE}/servicerequestupdates.json")).json()
    assert [(each["service_request_id"], each["status"]) for each in moves] == [(case, "open"), (case, "open")]
    assert moves[0]["updated_datetime"] < moves[1]["updated_datetime"]


async def test_an_answer_in_xml_says_the_same_as_in_json(open_console: Console) -> None:
    app = an_app(open_console)
    case = await sent(app)
    for path, items in (("services", "service"), ("requests", "request"), (f"requests/{case}", "request")):
        plain = (await app.get(f"{BASE}/{path}.json")).json()
        answer = await app.get(f"{BASE}/{path}.xml")
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        root = _read(answer)
        assert root.tag == f"{'services' if items == 'service' else 'service_requests'}"
        assert [each.tag for each in root] == [items] * len(plain)
        for told, element in zip(plain, root, strict=True):
            written = {child.tag: child.text or "" for child in element}
            assert written == {name: _as_text(value) for name, value in told.items()}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


async def test_a_definition_tells_the_townships_and_an_app_may_choose_one(open_console: Console) -> None:
    app = an_app(open_console)
    told = (await app.get(f"{BASE}/services/noise.json")).json()
    assert told["service_code"] == "noise"
    township = next(each for each in told["attributes"] if each["code"] == "township")
    key = township["values"][0]["key"]
    chosen = await sent(app, **{"attribute[township]": key, "address_string": "不知何处"})
    assert open_console.office.case(chosen).place == township["values"][0]["name"]
    assert "没有" in error(
        await app.post(f"{BASE}/requests.json", data={**REQUEST, "attribute[township]": "atlantis"}), 400
    )
    root = _read(await app.get(f"{BASE}/services/noise.xml"))
    assert root.findtext("attributes/attribute/values/value/key") == key


async def test_the_same_sent_twice_is_one_petition_but_two_who_say_not_who_they_are_are_two(
    open_console: Console,
) -> None:
    app = an_app(open_console)
    assert await sent(app) == await sent(app)
    unnamed = {"service_code": "odour", "description": "臭", "address_string": "青石镇"}
    numbers = [
        (await app.post(f"{BASE}/requests.json", data=unnamed)).json()[0]["service_request_id"] for _ in range(2)
    ]
    assert len(set(numbers)) == 2
    again = [
        (await app.post(f"{BASE}/requests.json", data=unnamed, headers={"idempotency-key": "a"})).json() for _ in "ab"
    ]
    assert again[0] == again[1]


async def test_pages_follow_each_other_without_a_gap_and_filters_find_what_they_say(open_console: Console) -> None:
    app, office = an_app(open_console), open_console.office
    numbers = []
    for number in range(5):
        numbers.append(await sent(app, description=f"第{number}件"))
        office.desk.moments.wait(seconds=1)  # type: ignore[attr-defined]
    office.act(numbers[0], Role.CLERK, "decline")

    async def found(**asked: str) -> list[str]:
        answer = await app.get(f"{BASE}/requests.json", params=asked)
        assert answer.status_code == 200, answer.text
        return [each["service_request_id"] for each in answer.json()]

    pages = [await found(page_size="2", page=str(page)) for page in (1, 2, 3, 4)]
    assert [len(each) for each in pages] == [2, 2, 1, 0]
    assert [each for page in pages for each in page] == numbers[::-1]
    assert await found(status="closed") == numbers[:1]
    assert await found(status="open") == numbers[:0:-1]
    assert await found(status="open,closed") == numbers[::-1]
    assert await found(service_code="odour") == numbers[::-1]
    assert await found(service_code="noise") == []
    assert await found(service_request_id=f"{numbers[1]},{numbers[3]}") == [numbers[3], numbers[1]]
    assert await found(end_date="2020-01-01T00:00:00Z") == []
    assert await found(start_date=_at(office, numbers[3]), end_date=_at(office, numbers[3])) == [numbers[3]]


def _at(office: Any, case: str) -> str:
    return str(office.case(case).registered_at.isoformat())


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "atlantis"}, 404),
        ({"description": "", "attribute[respondent]": ""}, 400),
        ({"lat": "91"}, 400),
        ({"long": ""}, 400),
        ({"lat": "", "long": "", "address_string": ""}, 400),
        ({"email": "nobody"}, 400),
        ({"phone": "a"}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"description": "长" * 10_001}, 400),
        ({"description": "a\u202eb"}, 400),
        ({"first_name": "长" * 81}, 400),
    ],
)
async def test_what_cannot_be_taken_is_told_as_an_error_of_georeport(
    open_console: Console, changes: dict[str, str], status: int
) -> None:
    app = an_app(open_console)
    answer = await app.post(f"{BASE}/requests.json", data={**REQUEST, **changes})
    said = error(answer, status)
    assert said
    assert not any(word in said for word in HIDDEN)
    told = await app.post(f"{BASE}/requests.xml", data={**REQUEST, **changes})
    root = _read(told)
    assert (root.tag, root.findtext("error/code"), bool(root.findtext("error/description"))) == (
        *("errors", str(status), True),
    )


async def test_wrong_questions_are_errors_too(open_console: Console) -> None:
    app = an_app(open_console)
    for asked in (
        *("page=0", "page_size=x", "status=lost", "start_date=yesterday", "start_date=2026-01-01T00:00:00"),
        *("start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", "page=1&page=2"),
        "end_date=9999-12-31T23:59:59-23:59",
    ):
        error(await app.get(f"{BASE}/requests.json?{asked}"), 400)
    error(await app.get(f"{BASE}/requests/XF2020999999.json"), 404)
    error(await app.get(f"{BASE}/services/atlantis.json"), 404)
    error(await app.get(f"{BASE}/tokens/1.json"), 404)
    assert (await app.get(f"{BASE}/services.html")).status_code == 404


async def test_only_a_key_of_the_scope_sends_and_it_never_stands_in_an_address(open_console: Console) -> None:
    nobody = open_console.browser().client
    error(await nobody.post(f"{BASE}/requests.json", data=REQUEST), 403)
    error(await nobody.post(f"{BASE}/requests.json", data={**REQUEST, "api_key": "bj_wrong"}), 403)
    error(await nobody.get(f"{BASE}/requests.json?api_key=bj_wrong"), 400)
    wrong = an_app(open_console, "clerk", Scope.INTAKE, Scope.ACT)
    error(await wrong.post(f"{BASE}/requests.json", data=REQUEST), 403)
    auditor = an_app(open_console, "auditor")
    error(await auditor.post(f"{BASE}/requests.json", data=REQUEST), 403)
    assert len(latest(open_console.office.database, 9)) >= 2, "who is turned away is kept"
    key = open_console.house.tokens.make("clerk", "app", [Scope.OPEN311], "administrator")
    answer = await nobody.post(f"{BASE}/requests.json", data={**REQUEST, "api_key": key})
    assert answer.status_code == 200, "as GeoReport has it, the key may stand in the form"
    everything = an_app(open_console, "clerk", Scope.READ)
    error(await everything.get(f"{BASE}/requests.json"), 403)


async def test_without_a_key_nothing_is_listed_unless_the_policy_opens_the_list_and_then_by_days_alone(
    open_console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await sent(an_app(open_console))
    nobody = open_console.browser().client
    for path in ("requests", f"requests/{case}", "servicerequestupdates"):
        error(await nobody.get(f"{BASE}/{path}.json"), 403)
    monkeypatch.setattr(open311, "_rules", lambda _world, _house: Open311(listed=True))
    (told,) = (await nobody.get(f"{BASE}/requests.json")).json()
    assert told["requested_datetime"].endswith("T00:00:00+08:00")
    other = open_console.office.register()
    assert other not in (await nobody.get(f"{BASE}/requests.json?service_request_id={other}")).text
    error(await nobody.get(f"{BASE}/requests/{other}.json"), 404)


async def test_a_key_reads_what_came_by_keys_of_its_person_and_nothing_else(open_console: Console) -> None:
    mine = await sent(an_app(open_console))
    other = an_app(open_console, "dispatcher")
    assert (await other.get(f"{BASE}/requests.json")).json() == []
    error(await other.get(f"{BASE}/requests/{mine}.json"), 404)
    error(
        await other.post(
            f"{BASE}/servicerequestupdates.json", data={"service_request_id": mine, "description": "补充"}
        ),
        404,
    )


async def test_what_is_added_to_a_request_is_sealed_and_decides_nothing(open_console: Console) -> None:
    app, office = an_app(open_console), open_console.office
    case = await sent(app)
    body = {"service_request_id": case, "update_id": "7", "status": "closed", "description": "金丝雀又来了"}
    answer = await app.post(f"{BASE}/servicerequestupdates.json", data=body)
    assert answer.status_code == 200, answer.text
    again = await app.post(f"{BASE}/servicerequestupdates.json", data=body)
    assert answer.json() == again.json()
    found = office.case(case)
    assert (found.status, len(found.sealed)) == (Status.REGISTERED, 2)
    assert "金丝雀又来了" in str(office.desk.sealer.open(office.database, found.sealed[1]))
    for missing in ("service_request_id", "description"):
        error(await app.post(f"{BASE}/servicerequestupdates.json", data={**body, missing: ""}), 400)


async def test_it_is_off_until_the_bureau_turns_it_on(console: Console) -> None:
    assert not console.house.desk.settings.open311
    for path in ("/open311/discovery.xml", f"{BASE}/services.xml", f"{BASE}/requests.json"):
        assert (await an_app(console).get(path)).status_code == 404
    assert (await an_app(console).post(f"{BASE}/requests.json", data=REQUEST)).status_code == 404


async def test_discovery_leads_to_where_the_services_are(open_console: Console) -> None:
    app = open_console.browser().client
    (end,) = (await app.get("/open311/discovery.json")).json()["endpoints"]
    assert (await app.get(f"{end['url']}/services.xml")).status_code == 200
    assert end["formats"] == ["text/xml", "application/json"]


async def test_who_asks_too_often_waits(open_console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311, "BY_ANYBODY", 2)
    app = open_console.browser().client
    answers = [await app.get(f"{BASE}/services.json") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_of_an_erased_petition_nothing_is_told(open_console: Console) -> None:
    app, office = an_app(open_console), open_console.office
    case = await sent(app)
    office.act(case, Role.CLERK, "decline")
    assert len((await app.get(f"{BASE}/requests.json")).json()) == 1
    office.act(case, Role.ENGINE, "record_outcome")
    office.act(case, Role.CLERK, "propose_erasure")
    office.act(case, Role.LEADER, "erase")
    assert (await app.get(f"{BASE}/requests.json")).json() == []
    error(await app.get(f"{BASE}/requests/{case}.json"), 404)
    assert (await app.get(f"{BASE}/servicerequestupdates.json")).json() == []


def test_another_jurisdiction_is_refused_and_an_unknown_place_is_said_to_be_unknown() -> None:
    given = {"service_code": "odour", "description": "臭", "address_string": "月球背面"}
    assert taken(given, Open311(), an_organisation()).place == NOT_KNOWN
    with pytest.raises(WrongError, match="jurisdiction"):
        taken({**given, "jurisdiction_id": "mars"}, Open311(jurisdiction="hengnan"), an_organisation())
