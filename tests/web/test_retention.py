"""The page of what is kept too long: the desk proposes, another decides, and the certificate is to be printed."""

import pytest

from adapters.certificates import judge
from adapters.drafts import Drafts
from adapters.erasing import erase
from adapters.letters.tray import Tray
from models.vocabulary import Flag, Role
from tests.store.test_sealed import CANARIES, told
from tests.web.conftest import Console
from tests.web.test_erasing import declined


def carried_out(console: Console, case: str) -> None:
    desk = console.office.desk
    (reaction,) = console.office.case(case).pending
    erase(desk.database, desk.sealer, Tray(desk.tray), Drafts(desk.database, desk.sealer, desk.moments.now), reaction)
    console.office.act(case, Role.ENGINE, "record_outcome")


async def test_from_the_end_of_its_time_to_the_certificate_by_two_people(console: Console) -> None:
    case = declined(console)
    console.office.moments.wait(days=3 * 366)
    clerk, leader = await console.logged_in("clerk"), await console.logged_in("leader")
    await leader.go("/retention")
    assert case in leader.html
    assert "提出删除" not in leader.words
    await clerk.go("/retention")
    await clerk.send("/retention", case=case, deed="propose", grounds="retention")
    assert "1 件已办理" in clerk.words
    assert Flag.ERASURE in console.office.case(case).flags
    assert "决定删除，不可恢复" not in clerk.words
    await leader.go("/retention")
    await leader.send("/retention", case=case, deed="confirm", grounds="law")
    assert "保存期限届满" in leader.words
    assert Flag.ERASED not in console.office.case(case).flags
    await leader.send("/retention", case=case, deed="confirm", grounds="retention")
    assert Flag.ERASED in console.office.case(case).flags
    # Decided, but not carried out: there is nothing to certify yet.
    assert (await leader.go(f"/cases/{case}/certificate")).answer.status_code == 409
    carried_out(console, case)
    await leader.go(f"/cases/{case}")
    assert f"/cases/{case}/certificate" in leader.html
    await leader.go(f"/cases/{case}/certificate")
    assert "由两人分别提出和决定 是" in leader.words
    assert not told(leader.html)
    whole = (await leader.go(f"/cases/{case}/certificate.txt")).answer.text
    assert judge(console.office.desk, whole).holds
    assert [each for each in CANARIES.values() if each in whole] == []


async def test_the_desk_that_proposes_cannot_decide_and_the_leader_cannot_propose(console: Console) -> None:
    case = declined(console)
    console.office.moments.wait(days=3 * 366)
    clerk, leader = await console.logged_in("clerk"), await console.logged_in("leader")
    await leader.go("/retention")
    mark = await leader.mark()
    sent = {"csrf": mark, "case": case, "deed": "propose", "grounds": "retention"}
    answer = await leader.client.post("/retention", data=sent)
    assert "✗" in answer.text
    await clerk.go("/retention")
    await clerk.send("/retention", case=case, deed="propose", grounds="retention")
    answer = await clerk.client.post("/retention", data={**sent, "csrf": await clerk.mark(), "deed": "confirm"})
    assert "✗" in answer.text
    assert Flag.ERASED not in console.office.case(case).flags
    await leader.go("/retention")
    await leader.send("/retention", case=case, deed="refuse", reason="诉讼未结")
    assert not {Flag.ERASURE, Flag.ERASED} & set(console.office.case(case).flags)


@pytest.mark.parametrize("person", ["handler", "inspector", "reviewer", "administrator"])
async def test_nobody_else_sees_the_page_decides_or_reads_a_certificate(console: Console, person: str) -> None:
    case = declined(console)
    console.office.act(case, Role.CLERK, "propose_erasure")
    browser = await console.logged_in(person)
    assert (await browser.go("/retention")).answer.status_code == 403
    sent = {"csrf": await browser.mark(), "case": case, "deed": "confirm", "grounds": "request"}
    assert (await browser.client.post("/retention", data=sent)).status_code == 403
    console.office.act(case, Role.LEADER, "erase")
    carried_out(console, case)
    for ending in ("", ".txt"):
        answer = (await browser.go(f"/cases/{case}/certificate{ending}")).answer
        assert answer.status_code == 403


async def test_a_form_that_names_nothing_does_nothing(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    mark = await clerk.mark()
    answer = await clerk.client.post("/retention", data={"csrf": mark, "deed": "propose"})
    assert "请先勾选" in answer.text
    for fields in ({"deed": "burn"}, {}):
        assert (await clerk.client.post("/retention", data={"csrf": mark, **fields})).status_code == 422
    answer = await clerk.client.post(
        "/retention", data={"csrf": mark, "deed": "propose", "case": "XF0", "grounds": "x"}
    )
    assert "✗" in answer.text
    assert (await clerk.client.post("/retention", data={"deed": "propose"})).status_code == 403
