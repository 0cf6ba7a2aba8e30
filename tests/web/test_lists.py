"""The three lists in the console: whose, what a reader may see of them, and as a workbook."""

import io

from openpyxl import load_workbook

from models.vocabulary import Status
from tests.store.desks import an_envelope
from tests.store.test_plans import a_plan
from tests.store.test_sites import a_site
from tests.store.test_three_lists import with_a_task
from tests.web.conftest import Console


async def test_the_three_lists_of_a_campaign_are_shown_and_had_as_a_workbook(console: Console) -> None:
    case = with_a_task(console.office, campaign="dc2026")
    leader = await console.logged_in("leader")
    await leader.go("/lists")
    assert 'id="problems"' not in leader.html, "whose is asked first"
    await leader.go("/lists?campaign=dc2026")
    for words in ("问题清单 1 项", "任务清单 1 项", "责任清单"):
        assert words in leader.words, words
    assert f'href="/cases/{case}-R1"' in leader.html
    book = load_workbook(io.BytesIO((await leader.go("/lists.xlsx?campaign=dc2026")).answer.content))
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单"]
    assert book["任务清单"]["B3"].value == f"{case}-R1"


async def test_a_campaign_is_found_by_its_title_and_what_is_none_or_too_much_is_said(console: Console) -> None:
    office = console.office
    title = "2026年中央督察"
    office.door.perform([an_envelope("open_campaign", "dispatcher", id="c1", case="campaign:dc2026", title=title)])
    case = with_a_task(office, campaign="dc2026")
    office.register(campaign="2017年省级督察")
    leader = await console.logged_in("leader")
    await leader.go(f"/lists?campaign={title}")
    assert case in leader.html
    assert f"三张清单 {title}" in leader.words
    assert (await leader.go(f"/lists.xlsx?campaign={title}")).answer.status_code == 200
    await leader.go("/lists")
    assert f'<option value="dc2026" label="{title}">' in leader.html
    assert '<option value="2017年省级督察">' in leader.html, "a round that petitions came with"
    for query, words in (
        ("campaign=nothing", "没有这个专项行动"),
        ("campaign=dc2026&township=qingshi", "一次只选一个范围"),
    ):
        await leader.go(f"/lists?{query}")
        assert (leader.answer.status_code, words in leader.words, 'id="problems"' in leader.html) == (422, True, False)
        assert (await leader.go(f"/lists.xlsx?{query}")).answer.status_code == 422
    assert (await (await console.logged_in("administrator")).go("/lists?campaign=nothing")).answer.status_code == 403


async def test_a_reader_sees_in_the_lists_what_they_see_elsewhere(console: Console) -> None:
    office = console.office
    farm = a_site(office, "王某养猪场", unit="qingshi")
    mine, hidden = office.a_case(Status.ASSIGNED), office.register(named=["leader"], summary="反映分管领导不作为")
    for case in (mine, hidden):
        office.act(case, "dispatcher", "place_at_site", site=farm)
    leader = await console.logged_in("leader")
    await leader.go(f"/lists?site={farm}")
    assert mine in leader.words
    assert hidden not in leader.html, "whom it is about does not see it"
    assert (await (await console.logged_in("other-handler")).go(f"/lists?site={farm}")).answer.status_code == 403
    assert (await leader.go("/lists?plan=P2099000001")).answer.status_code == 404
    assert (await leader.go(f"/lists?site={a_plan(office)}")).answer.status_code == 404
    assert (await (await console.logged_in("administrator")).go("/lists")).answer.status_code == 403
