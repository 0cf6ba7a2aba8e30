"""Administration: what the desk rests on is found from one page and changed by forms through the door."""

from pydantic import JsonValue

from adapters.world_book import ORGANISATION
from models.envelope import Envelope
from tests.web.conftest import Console


async def test_an_administrator_finds_the_organisation_and_changes_it_by_a_form(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin")
    assert f'href="/cases/{ORGANISATION}"' in browser.html
    people = console.office.desk.world().organisation
    assert people
    assert all(each.name in browser.words for each in people.people if not each.retired), "also who belongs to no unit"
    await browser.go(f"/cases/{ORGANISATION}")
    await browser.send(f"/cases/{ORGANISATION}/do/add_unit", id="chiling2", called="赤岭二站", english="Chiling Two")
    assert browser.answer.status_code == 303, browser.words
    organisation = console.office.desk.world().organisation
    assert organisation
    assert organisation.unit("chiling2")


async def test_two_policies_are_compared_sentence_by_sentence(console: Console) -> None:
    office = console.office
    old = office.desk.world().newest
    new = old.model_copy(
        update={"name": "2027-06", "effective": old.effective.replace(year=2027), "extension_limit": 15}
    )
    data: dict[str, JsonValue] = {"document": new.model_dump(mode="json", exclude_unset=True), "sha256": "b" * 64}
    office.door.perform(
        [Envelope(id="p1", case="policy:2027-06", actor="administrator", command="publish_policy", data=data)]
    )
    browser = await console.logged_in("administrator")
    await browser.go(f"/policies?a={old.name}&b=2027-06")
    assert browser.answer.status_code == 200
    assert "15" in browser.html.partition('<ol class="card steps">')[2].partition("</ol>")[0]
    await browser.go(f"/policies?a={old.name}&b={old.name}")
    assert "两个版本效果相同。" in browser.words
    await browser.go("/policies?a=none&b=2027-06")
    assert browser.answer.status_code == 404
    assert "没有" in browser.words or "不存在" in browser.words
