"""My work: what waits for somebody of another unit is shown to those who may go, and to nobody else."""

import re

import pytest

from models.commands import COMMANDS
from models.vocabulary import Role, Status
from tests.core.builders import a_loss
from tests.web.conftest import Console

API = "/api/v1"
INSPECTOR = "other-handler"
"""An inspector of another unit than the cases have."""
PART = "待处理 · 现场验收"


def a_case_to_accept_on_site(console: Console) -> str:
    case = console.office.a_case(Status.CLOSED)
    console.office.act(case, "handler", "apply_sign_off")
    assert console.office.case(case).unit == "qingshi"
    return case


def no_inspector(console: Console, person: str) -> None:
    """Leave somebody a handler alone."""
    change = console.office.asking("organisation", "administrator", "change_person", person=person, roles=["handler"])
    console.office.door.perform([change.model_copy(update={"data": {"person": person, "roles": ["handler"]}})])


async def test_an_inspector_of_another_unit_finds_the_case_that_waits_for_them_in_their_work(console: Console) -> None:
    case = a_case_to_accept_on_site(console)
    browser = await (await console.logged_in(INSPECTOR)).go("/")
    part = browser.html.partition(PART)[2].partition("</section>")[0]
    assert f"/cases/{case}" in part
    (more,) = re.findall(r'href="(/cases\?[^"]*)"', part)
    assert case in (await browser.go(more.replace("&amp;", "&"))).html, "the list it leads to shows it too"
    assert "等待办理 现场验收" in browser.words
    assert (await browser.go(f"/cases/{case}")).answer.status_code == 200
    await browser.send(f"/cases/{case}/do/accept_on_site", text="现场复核，整改到位")
    assert browser.answer.status_code == 303, browser.words
    assert case not in (await browser.go("/")).html, "what is done waits no more"
    assert case not in (await browser.go("/cases?awaits=accept_on_site")).html


async def test_the_api_lists_it_by_the_same_filter(console: Console) -> None:
    case = a_case_to_accept_on_site(console)
    machine = console.machine(INSPECTOR)
    asked = f"{API}/cases?awaits=accept_on_site"
    assert [each["case"] for each in (await machine.get(asked)).json()["cases"]] == [case]
    assert (await machine.get(f"{API}/cases")).json()["cases"] == [], "without the filter only their own unit's"
    no_inspector(console, INSPECTOR)
    assert (await machine.get(asked)).json()["cases"] == [], "nor whom it does not wait for"


@pytest.mark.parametrize("person", ["handler", "clerk", "leader", "auditor"])
async def test_who_may_not_accept_on_site_has_no_such_part(console: Console, person: str) -> None:
    a_case_to_accept_on_site(console)
    no_inspector(console, "handler")
    assert PART not in (await (await console.logged_in(person)).go("/")).words


async def test_a_handler_of_another_unit_finds_nothing_by_the_filter_either(console: Console) -> None:
    case = a_case_to_accept_on_site(console)
    no_inspector(console, INSPECTOR)
    browser = await (await console.logged_in(INSPECTOR)).go("/cases?awaits=accept_on_site")
    assert case not in browser.html
    assert "共 0 件" in browser.words
    await browser.go("/cases/export.xlsx?awaits=accept_on_site")
    assert browser.answer.status_code == 200
    assert (await browser.go(f"/cases/{case}")).answer.status_code == 403


async def test_who_applied_or_is_complained_about_is_not_asked_to_accept(console: Console) -> None:
    applied = console.office.a_case(Status.CLOSED)
    console.office.act(applied, Role.INSPECTOR, "apply_sign_off")
    about = a_case_to_accept_on_site(console)
    console.office.act(about, "dispatcher", "correct", named=["inspector"])
    part = (await (await console.logged_in("inspector")).go("/")).html.partition(PART)[2].partition("</section>")[0]
    assert applied not in part
    assert about not in part
    assert applied in (await (await console.logged_in("reviewer")).go("/")).html.partition(PART)[2]


async def test_a_case_that_is_accepted_already_waits_for_nobody_from_elsewhere(console: Console) -> None:
    case = a_case_to_accept_on_site(console)
    console.office.act(case, Role.INSPECTOR, "accept_on_site")
    assert case not in (await (await console.logged_in(INSPECTOR)).go("/cases?awaits=accept_on_site")).html


async def test_each_step_stands_in_the_work_of_whoever_it_waits_for_and_of_nobody_else(console: Console) -> None:
    office = console.office
    closed = office.a_case(Status.CLOSED)
    steps = (
        *(("clerk", "reply", "clerk"), ("inspector", "accept_on_site", "reviewer")),
        *(("reviewer", "countersign", "reviewer"), ("clerk", "publish_notice", "clerk")),
        ("dispatcher", "strike_off", "dispatcher"),
    )
    office.act(closed, "handler", "apply_sign_off")
    browsers = {who: await console.logged_in(who) for who in ("clerk", "dispatcher", "reviewer", "leader")}
    for who, command, waited in steps:
        for each, browser in browsers.items():
            part = (await browser.go("/")).html.partition(f"待处理 · {COMMANDS[command].zh}")[2]
            assert (closed in part.partition("</section>")[0]) == (each == waited), (each, command)
        office.act(closed, who, command)
    back = office.a_case(Status.ASSIGNED)
    office.act(back, "handler", "object")
    assert "待处理 · 同意退回" in (await browsers["dispatcher"].go("/")).words
    assert back in (await browsers["dispatcher"].go("/cases?awaits=agree_return")).html
    assert "待处理 · 同意退回" not in (await browsers["clerk"].go("/")).words


async def test_a_case_that_waits_for_two_is_found_by_either(console: Console) -> None:
    case = a_case_to_accept_on_site(console)
    for step, n in (("reply", 1), ("accept_on_site", 1), ("accept", 0), ("countersign", 0), ("%", 0)):
        found = (await console.machine("reviewer").get(f"{API}/cases", params={"awaits": step})).json()["cases"]
        assert [each["case"] for each in found] == [case][:n], step


async def test_an_auditor_is_led_to_the_audit_and_not_to_empty_lists(console: Console) -> None:
    browser = await (await console.logged_in("auditor")).go("/")
    assert '<a class="button main" href="/audit">' in browser.html
    assert "我承办的" not in browser.words
    assert "我承办的" in (await (await console.logged_in("handler")).go("/")).words


async def test_what_can_be_chosen_is_told_by_its_name(console: Console) -> None:
    case = console.office.a_case(Status.ACCEPTED)
    console.office.act(case, "engine", "record_outcome", **a_loss(console.office.case(case)))
    browser = await console.logged_in("clerk")
    for lang, title in (("zh", "受理告知书"), ("en", "Notice of acceptance")):
        await browser.go(f"/lang/{lang}?next=/")
        form = (await browser.go(f"/cases/{case}")).form(f"/cases/{case}/do/settle_letter")
        assert title in form


async def test_a_leader_finds_what_is_proposed_and_chooses_it_by_its_name(console: Console) -> None:
    office = console.office
    case = office.a_case(Status.ASSIGNED)
    office.moments.wait(days=62)
    while (alarm := office.case(case).alarm) and alarm.at <= office.moments.now():
        office.act(case, Role.CLOCK, "ring")
    browser = await (await console.logged_in("duty")).go("/")
    assert case in browser.html.partition("待处理 · 采纳建议")[2]
    form = (await browser.go(f"/cases/{case}")).form(f"/cases/{case}/do/adopt_proposal")
    assert "约谈单位主要负责人 talk-1" in form
    assert "待处理 · 采纳建议" not in (await (await console.logged_in("clerk")).go("/")).words
