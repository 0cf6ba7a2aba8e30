"""The public page and the seal: a resident sees where it stands and rates once; few open an identity, with a reason."""

import pytest

from adapters import queries
from adapters.access.log import Deed, latest
from adapters.intake import intake
from models.permissions import OpeningReason
from models.vocabulary import NO_CASES, PEOPLE, Role, Status
from tests.web.conftest import Browser, Console
from tests.web.test_api import API, problem
from web.public import MEANS

CANARIES = {"petitioner": "金丝雀李四", "contact": "13987654321", "text": "金丝雀原话：我家门口"}


def a_petition(console: Console) -> tuple[str, str]:
    """A petition with somebody under seal, and its query code."""
    fields = {"channel": "phone", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民"}
    found = intake(console.office.desk, fields, actor="clerk", key="k1", secret=CANARIES)
    return found.case, found.query_code


async def ask(browser: Browser, number: str, code: str) -> Browser:
    await browser.go("/public")
    return await browser.send("/public", number=number, code=code)


async def test_a_resident_sees_where_the_petition_stands_and_no_name_of_anybody(console: Console) -> None:
    case, code = a_petition(console)
    console.office.act(case, Role.CLERK, "accept")
    console.office.act(case, Role.DISPATCHER, "assign", unit="qingshi", handler="handler", leader="leader")
    resident = await ask(console.browser(), f" {case.lower()} ", f"{code[:4].lower()} {code[4:].lower()}")
    assert resident.answer.status_code == 200
    for told in (case, "已交承办单位", "青石镇", "应于此日前办结", "尚未作出"):
        assert told in resident.words
    for hidden in (*CANARIES.values(), "handler", "leader", "臭味扰民"):
        assert hidden not in resident.html
    assert case not in str(resident.answer.url), "number and code stand in no address"


async def test_a_wrong_number_and_a_wrong_code_are_answered_alike(console: Console) -> None:
    case, code = a_petition(console)
    other = console.office.register()
    answers = []
    for number, tried in (
        (case, "AAAAAAAA"),
        ("XF2026999999", code),
        (other, code),
        ("organisation", code),
        ("", ""),
        (case, "码" * 9),
    ):
        resident = await ask(console.browser(), number, tried)
        assert resident.answer.status_code == 404
        answers.append(resident.words.replace(number, ""))
    assert len(set(answers)) == 1


async def test_who_tries_codes_is_slowed_down(console: Console) -> None:
    case, code = a_petition(console)
    for turn in range(10):
        assert (await ask(console.browser(f"198.51.100.{turn}"), case, "AAAAAAAA")).answer.status_code == 404
    locked = await ask(console.browser("198.51.100.99"), case, code)
    assert locked.answer.status_code == 429, "the number itself is guarded, from wherever it is tried"


async def test_a_resident_rates_once_and_only_after_the_reply(console: Console) -> None:
    case = console.office.a_case(Status.CLOSED)
    code = console.office.desk.sealer.query_code(case)
    resident = await ask(console.browser(), case, code)
    assert "是否满意" not in resident.words
    console.office.act(case, Role.CLERK, "reply")
    await ask(resident, case, code)
    page = resident.html
    await resident.send("/public/rate", rating="1", number=case, code=code)
    assert "感谢您的评价" in resident.words
    assert console.office.case(case).rating == 1
    resident.answer.read()
    again = await resident.client.post(
        "/public/rate",
        data={"csrf": page.split('name="csrf" value="')[1].split('"')[0], "number": case, "code": code, "rating": "5"},
    )
    assert again.status_code == 303
    assert console.office.case(case).rating == 1
    rated = queries.history(console.office.database, case)[-1]
    assert (rated.event.name, rated.actor, rated.via["door"]) == ("rated", "engine", "public")


async def test_the_public_page_can_be_closed(console: Console) -> None:
    closed = console.house.desk.settings.model_copy(update={"public": False})
    object.__setattr__(console.house.desk, "settings", closed)
    assert (await console.browser().go("/public")).answer.status_code == 404
    case = console.office.register()
    receipt = await (await console.logged_in("clerk")).go(f"/cases/{case}/receipt")
    assert "<svg" not in receipt.html


async def test_the_receipt_bears_the_address_and_a_code_to_scan(console: Console) -> None:
    case = console.office.register()
    receipt = await (await console.logged_in("clerk")).go(f"/cases/{case}/receipt")
    assert "http://desk.test/public" in receipt.words
    assert receipt.html.count("<svg") == 1
    assert f"#number={case}" not in receipt.words, "what is scanned holds the code; what is read aloud does not"


def test_every_status_has_words_for_a_resident() -> None:
    assert set(MEANS) == set(Status) - NO_CASES


async def test_an_identity_is_opened_with_a_reason_and_each_opening_is_kept(console: Console) -> None:
    case, _ = a_petition(console)
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{case}")
    assert f'href="/cases/{case}/identity"' in clerk.html
    await clerk.go(f"/cases/{case}/identity")
    assert not any(each in clerk.html for each in CANARIES.values())
    await clerk.send(f"/cases/{case}/identity")
    assert clerk.answer.status_code == 422
    assert not any(each in clerk.html for each in CANARIES.values()), "without a reason nothing is opened"
    await clerk.send(f"/cases/{case}/identity", reason="contact", ref="〔2026〕12 号")
    assert all(each in clerk.words for each in CANARIES.values())
    assert clerk.answer.headers["cache-control"] == "no-store"
    kept = [(each.who, each.about, each.why) for each in latest(console.office.database, 9) if each.deed is Deed.OPEN]
    assert kept == [("clerk", case, f"{OpeningReason.CONTACT.zh}（〔2026〕12 号）")]


@pytest.mark.parametrize("given", [("petitioner",), ("contact",), ("text",)])
async def test_what_there_is_under_seal_is_shown_though_the_rest_was_not_told(
    console: Console, given: tuple[str, ...]
) -> None:
    secret = {name: CANARIES[name] for name in given}
    fields = {"channel": "visit", "place": "青石镇河口村", "summary": "群众反映养殖场夜间臭味扰民"}
    case = intake(console.office.desk, fields, actor="clerk", key="partly", secret=secret).case
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{case}/identity")
    await clerk.send(f"/cases/{case}/identity", reason="contact")
    assert clerk.answer.status_code == 200
    assert {name for name, told in CANARIES.items() if told in clerk.words} == set(given)


@pytest.mark.parametrize("role", [each for each in PEOPLE if each not in {Role.CLERK, Role.DISPATCHER}])
async def test_no_other_role_opens_an_identity_and_the_try_is_kept(console: Console, role: Role) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    person = {Role.LEADER: "head"}.get(role, role.value)
    browser = await console.logged_in(person)
    assert (await browser.go(f"/cases/{case}/identity")).answer.status_code == 403
    answer = await console.machine(person).post(f"{API}/cases/{case}/identity", json={"reason": "lawful"})
    problem(answer, 403, "not_for_you")
    denied = [each for each in latest(console.office.database, 9) if each.who == person and not each.granted]
    assert len(denied) == 2


async def test_the_api_opens_an_identity_within_a_scope_of_its_own(console: Console) -> None:
    from adapters.access.tokens import Scope

    case, _ = a_petition(console)
    found = await console.machine("dispatcher", Scope.IDENTITY).post(
        f"{API}/cases/{case}/identity", json={"reason": "lawful"}
    )
    assert found.json()["sealed"] == [CANARIES]
    problem(
        await console.machine("dispatcher", Scope.READ, Scope.ACT).post(
            f"{API}/cases/{case}/identity", json={"reason": "lawful"}
        ),
        403,
        "not_for_you",
    )
    bad = await console.machine("dispatcher", Scope.IDENTITY).post(
        f"{API}/cases/{case}/identity", json={"reason": "curious"}
    )
    assert bad.status_code == 422


async def test_whom_a_petition_is_about_never_opens_it(console: Console) -> None:
    case = console.office.register(named=["clerk"])
    browser = await console.logged_in("clerk")
    assert (await browser.go(f"/cases/{case}/identity")).answer.status_code == 403
