"""Administration: what the desk rests on is found from one page and changed by forms through the door."""

from pathlib import Path

from pydantic import JsonValue

from adapters.organisation_import import organisation_of, posts_of
from adapters.organisation_writing import write_organisation
from adapters.world_book import ORGANISATION
from models.envelope import Envelope
from models.organisation import Unit
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


async def test_the_organisation_goes_out_as_a_workbook_and_comes_back_after_a_rehearsal(
    console: Console, tmp_path: Path
) -> None:
    desk = console.office.desk
    browser = await console.logged_in("administrator")
    got = await browser.client.get("/admin/organisation.xlsx")
    assert got.status_code == 200
    before = organisation_of(desk)
    changed = before.model_copy(update={"units": (*before.units, Unit(id="third", zh="执法三队"))})
    path = tmp_path / "changed.xlsx"
    write_organisation(path, changed, posts_of(desk))
    file = {"file": ("changed.xlsx", path.read_bytes())}

    await browser.go("/admin")
    await browser.send("/admin/organisation", {"file": ("same.xlsx", got.content)}, deed="import")
    assert "没有差别。" in browser.words
    await browser.send("/admin/organisation", file, deed="try")
    assert "预演：没有写入" in browser.words
    assert "third" in browser.words
    assert organisation_of(desk).unit("third") is None
    await browser.send("/admin/organisation", file, deed="import")
    assert "已导入组织机构" in browser.words
    assert organisation_of(desk).unit("third")
    await browser.send("/admin/organisation", {"file": ("x.xlsx", b"not a workbook")}, deed="import")
    assert browser.answer.status_code == 422
    assert "✗" in browser.words

    clerk = await console.logged_in("clerk")
    await clerk.go("/me")
    mark = clerk.html.partition('name="csrf" value="')[2].partition('"')[0]
    answer = await clerk.client.post("/admin/organisation", data={"csrf": mark, "deed": "import"}, files=file)
    assert answer.status_code == 403
