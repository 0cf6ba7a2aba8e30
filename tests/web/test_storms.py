"""Storms in the console and the API: who sees them, what they tell, joining all of them in one go."""

import re

from adapters.similar.storms import Comparing
from models.vocabulary import Status
from tests.web.conftest import Console

API = "/api/v1"
WORDS = {"place": "青石镇河口村", "summary": "王某养猪场夜间恶臭扰民", "respondent": "王某养猪场"}


def a_storm(console: Console, count: int = 3) -> tuple[str, list[str]]:
    """So many filings on one matter, compared; the watch and the filings."""
    cases = [console.office.register(**WORDS) for _ in range(count)]
    comparing = Comparing(console.office.desk)
    while comparing.once():
        pass
    return f"W-{cases[0]}", cases


async def test_a_storm_is_shown_with_its_filings_and_on_each_of_them(console: Console) -> None:
    watch, cases = a_storm(console)
    clerk = await console.logged_in("clerk")
    await clerk.go("/storms")
    assert f'href="/cases/{watch}"' in clerk.html
    assert "▲ 集中来件" in clerk.words
    await clerk.go(f"/cases/{watch}")
    assert all(f'href="/cases/{case}"' in clerk.html for case in cases)
    assert "24 小时内 3 件" in clerk.words
    await clerk.go(f"/cases/{cases[1]}")
    assert f'href="/cases/{watch}"' in clerk.html
    told = (await console.machine("clerk").get(f"{API}/storms")).json()["storms"]
    assert [each["case"] for each in told] == [watch]
    assert [each["case"] for each in told[0]["filings"]] == cases
    assert [each["threshold"] for each in told[0]["alerts"]] == ["day"]


async def test_where_there_is_none_the_page_says_so(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/storms")
    assert "没有集中来件" in clerk.words


async def test_all_filings_are_joined_to_the_one_chosen_in_one_go_and_what_cannot_be_is_counted(
    console: Console,
) -> None:
    watch, cases = a_storm(console)
    console.office.act(cases[2], "clerk", "decline")
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{watch}")
    await clerk.send(f"/storms/{watch}/join", leading=cases[1])
    assert console.office.case(cases[0]).leading == cases[1]
    assert console.office.case(cases[1]).followers == (cases[0],)
    assert console.office.case(cases[2]).leading is None
    await clerk.go(clerk.answer.headers["location"])
    assert "已并案 1 件，未并 1 件" in clerk.words


async def test_whoever_joins_nothing_joins_nothing_here_either_and_only_a_leader_answers(console: Console) -> None:
    watch, cases = a_storm(console)
    for person in ("handler", "leader", "auditor", "reviewer"):
        visitor = await console.logged_in(person)
        await visitor.go("/me")
        found = re.search(r'name="csrf" value="([^"]*)"', visitor.html)
        assert found
        given = {"csrf": found[1], "leading": cases[0]}
        assert (await visitor.client.post(f"/storms/{watch}/join", data=given)).status_code == 403, person
    await (await console.logged_in("clerk")).go(f"/cases/{watch}")
    for command, data in (("answer_storm", {"text": "立即核查"}), ("adopt_plan", {})):
        body = {"command": command, "data": data}
        for person, status in (("clerk", 403), ("dispatcher", 403), ("auditor", 403), ("leader", 200)):
            answer = await console.machine(person).post(f"{API}/cases/{watch}/commands", json=body)
            assert answer.status_code == status, (person, command, answer.text)
    assert console.office.case(watch).plan
    assert console.office.case(watch).status is Status.STORM


async def test_a_leading_case_that_the_watch_has_not_seen_is_none(console: Console) -> None:
    watch, _ = a_storm(console)
    other = console.office.register(place="赤岭乡", summary="噪声")
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{watch}")
    await clerk.send(f"/storms/{watch}/join", leading=other)
    assert clerk.answer.status_code == 404
