"""The three lists in the console: whose, what a reader may see of them, and as a workbook."""

import io

from openpyxl import load_workbook

from models.vocabulary import Status
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
    assert "没有。" in (await leader.go("/lists?campaign=nothing")).words


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
