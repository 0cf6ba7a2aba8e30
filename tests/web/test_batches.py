"""A campaign's record, groups and days in the console and the API: every figure leads to its cases; and who may not."""

from pydantic import JsonValue

from models.vocabulary import Status
from tests.store.desks import Office, an_envelope
from tests.web.conftest import Console

NAME, TITLE = "dc2026", "中央督察边督边改"
STREAM = f"campaign:{NAME}"
API = "/api/v1/campaigns"


def begun(office: Office) -> None:
    """A campaign with the form of its numbers."""
    form: JsonValue = "{channel}3HN{date}{seq}"
    office.door.perform(
        [
            an_envelope(
                "open_campaign", "dispatcher", id="c1", case=STREAM, title=TITLE, number_form=form, round="第三轮"
            )
        ]
    )


def received(office: Office, number: str, status: Status = Status.ASSIGNED, **more: JsonValue) -> str:
    """A petition of the campaign by the number it bears."""
    filings: JsonValue = [{"channel": "inspection", "number": number}]
    return office.a_case(status, campaign=NAME, channel="inspection", filings=filings, **more)


async def test_a_campaigns_record_and_groups_are_kept_on_its_stream_and_shown(console: Console) -> None:
    begun(console.office)
    browser = await console.logged_in("dispatcher")
    await browser.go(f"/campaigns/{NAME}")
    assert "{channel}3HN{date}{seq}" in browser.words
    await browser.send(
        f"/campaigns/{NAME}/do/set_group", group="综合协调组", duty="统筹调度", head="leader", members="handler"
    )
    assert browser.answer.status_code == 303, browser.words
    await browser.go(f"/campaigns/{NAME}")
    assert "综合协调组 统筹调度" in browser.words
    await browser.send(
        f"/campaigns/{NAME}/do/correct_campaign", level="central", first_day="2026-09-06", last_day="2026-09-26",
        **{"deadlines.handed_in": "5"},
    )  # fmt: skip
    await browser.go(f"/campaigns/{NAME}")
    assert "中央 第三轮" in browser.words
    assert "2026-09-06 — 2026-09-26" in browser.words
    assert "T+1 · 办结报审 T+5 · 向社会公开 T+9" in browser.words
    await browser.send(f"/campaigns/{NAME}/do/correct_campaign", last_day="2026-09-01")
    assert (browser.answer.status_code, "早于首日" in browser.words) == (409, True)
    await browser.go(f"/campaigns/{NAME}")
    await browser.send(f"/campaigns/{NAME}/do/set_group", group="二组", members="nobody")
    assert "没有名为“nobody”的用户" in browser.words
    assert len(console.office.case(STREAM).groups) == 1


async def test_every_figure_of_a_day_leads_to_the_cases_behind_it(console: Console) -> None:
    office = console.office
    begun(office)
    first = received(office, "D3HN202609060001*", Status.CLOSED)
    other = received(office, "X3HN202609060002")
    later = received(office, "D3HN202609070001")
    office.act(first, "handler", "tally_enforcement", tally={"penalties": 1, "fines": 12.5})
    browser = await console.logged_in("dispatcher")
    await browser.go(f"/campaigns/{NAME}")
    assert f'href="{NAME}/days/2026-09-06?of=received">2<' in browser.html
    assert f'href="{NAME}/days/2026-09-06?of=star">1<' in browser.html
    assert f'href="{NAME}/days/2026-09-07?of=received">1<' in browser.html
    assert "12.5" in browser.words
    for query, cases in (
        ("2026-09-06", {first, other}),
        ("2026-09-06?of=star", {first}),
        ("2026-09-06?of=closed", {first}),
        ("2026-09-07?of=received", {later}),
        ("all?of=fines", {first}),
        ("all?of=unsubstantiated", set()),
    ):
        await browser.go(f"/campaigns/{NAME}/days/{query}")
        assert {each for each in (first, other, later) if f'href="/cases/{each}"' in browser.html} == cases, query
    for wrong in ("soon", "2026-09-06?of=nothing"):
        assert (await browser.go(f"/campaigns/{NAME}/days/{wrong}")).answer.status_code == 404


async def test_a_program_reads_the_same_figures(console: Console) -> None:
    office = console.office
    begun(office)
    first = received(office, "D3HN202609060001*", Status.CLOSED)
    machine = console.machine("dispatcher")
    (told,) = (await machine.get(API)).json()["campaigns"]
    assert (told["campaign"], told["round"], told["all"]["received"], told["all"]["star"]) == (NAME, "第三轮", 1, 1)
    whole = (await machine.get(f"{API}/{NAME}")).json()
    assert [each["day"] for each in whole["batches"]] == ["2026-09-06"]
    batch = (await machine.get(f"{API}/{NAME}/batches/2026-09-06?of=closed")).json()
    assert (batch["closed"], batch["cases"]) == (1, [first])
    made = await machine.post(API, json={"campaign": "xj2026", "data": {"title": "夏季攻势", "level": "county"}})
    assert made.status_code == 201, made.text
    assert (await machine.get(made.headers["location"])).json()["level"] == "county"


async def test_another_units_cases_are_counted_and_not_listed(console: Console) -> None:
    office = console.office
    begun(office)
    case = received(office, "D3HN202609060001")
    browser = await console.logged_in("other-handler")
    await browser.go(f"/campaigns/{NAME}/days/2026-09-06")
    assert "另有 1 件由其他单位办理" in browser.words
    assert case not in browser.html
    administrator = await console.logged_in("administrator")
    assert (await administrator.go(f"/campaigns/{NAME}/days/all")).answer.status_code == 403
