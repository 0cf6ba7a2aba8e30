"""One matter on a case's page: whom it is joined to, what follows it, and what a reader may not see."""

from adapters.intake import intake
from models.vocabulary import Status
from tests.web.conftest import Console

API = "/api/v1"


async def test_the_page_shows_what_is_one_matter_with_a_case_both_ways(console: Console) -> None:
    office = console.office
    lead, one, other = (office.a_case(Status.ACCEPTED) for _ in range(3))
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{one}")
    assert 'id="matter"' not in clerk.html
    await clerk.send(f"/cases/{one}/do/join", leading=lead)
    office.act(one, "clerk", "not_same", other=other)
    office.act(one, "engine", "hear_of_lead")
    await clerk.go(f"/cases/{one}")
    assert f'href="/cases/{lead}"' in clerk.html
    assert "主案" in clerk.words
    assert "不是同一件事" in clerk.words
    assert "已办结" in clerk.words, "how the leading case stands is told"
    await clerk.go(f"/cases/{lead}")
    assert f'href="/cases/{one}"' in clerk.html
    assert "并入本件" in clerk.words


async def test_what_a_reader_may_not_see_is_a_number_alone(console: Console) -> None:
    office = console.office
    lead = office.register(named=["clerk"], summary="反映信访专员不作为")
    one = office.register()
    office.act(one, "dispatcher", "join", leading=lead)
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{one}")
    assert lead in clerk.words
    assert f'href="/cases/{lead}"' not in clerk.html
    assert "不作为" not in clerk.html


async def test_whoever_is_not_of_the_desk_joins_splits_and_marks_nothing(console: Console) -> None:
    office = console.office
    lead, case = office.a_case(Status.ACCEPTED), office.a_case(Status.ASSIGNED)
    asked = {
        "join": {"leading": lead},
        "split": {"split_parts": [{"summary": "另一件"}]},
        "not_same": {"other": lead},
        "close_with_lead": {},
        "take_lead": {"follower": lead},
    }
    for person in ("handler", "leader", "auditor", "inspector"):
        for command, data in asked.items():
            answer = await console.machine(person).post(
                f"{API}/cases/{case}/commands", json={"command": command, "data": data}
            )
            assert answer.status_code == 403, (person, command, answer.text)
    assert office.names(lead).count("took_lead") == 0


async def test_a_join_to_what_is_not_there_is_refused_in_words(console: Console) -> None:
    case = console.office.a_case(Status.ACCEPTED)
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{case}")
    await clerk.send(f"/cases/{case}/do/join", leading="XF2099000001", reason="同一养猪场")
    assert "XF2099000001" in clerk.words
    assert "同一养猪场" in clerk.html, "nothing that was typed is lost"


async def test_that_two_were_brought_by_one_is_told_only_to_whoever_may_open_who_it_was(console: Console) -> None:
    office = console.office
    fields = {"channel": "phone", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民"}
    one, two = (
        intake(office.desk, fields, actor="clerk", key=f"k{n}", secret={"contact": "13900000000"}).case
        for n in range(2)
    )
    office.act(one, "clerk", "accept")
    office.act(one, "dispatcher", "assign")
    for person, knows in (("clerk", True), ("dispatcher", True), ("handler", False), ("leader", False)):
        visitor = await console.logged_in(person)
        await visitor.go(f"/cases/{one}/alike")
        assert ("同一信访人" in visitor.words) is knows, person
        assert "13900000000" not in visitor.html
        told = await console.machine(person).get(f"{API}/cases/{one}/alike")
        facts = {r["fact"] for each in told.json()["alike"] for r in each["reasons"]}
        assert ("person" in facts) is knows, person
    assert two
