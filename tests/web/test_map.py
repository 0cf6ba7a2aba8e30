"""The battle map: every open case with its time, grouped, the most urgent first; a wall's screen draws itself anew."""

from datetime import date, timedelta

import pytest

from adapters.battle import By
from adapters.drawings.gantt import WIDE, axis_of, bar, head
from models.vocabulary import Status
from tests.web.conftest import Console

TODAY = date(2026, 11, 26)


async def test_open_cases_stand_in_their_groups_and_what_is_overdue_comes_first(console: Console) -> None:
    early = console.office.a_case(Status.ASSIGNED)
    console.office.a_case(Status.CLOSED)
    console.office.moments.wait(days=70)
    late = console.office.a_case(Status.ASSIGNED)
    unassigned = console.office.register()
    browser = await console.logged_in("leader")
    await browser.go("/map")
    words = browser.words
    assert words.index(early) < words.index(late) < words.index("未确定") < words.index(unassigned)
    assert "▲ 超期 1 件" in words
    assert browser.html.count('class="gantt"') == 3
    assert "▲ 超期" in words.split(early)[1][:120]


@pytest.mark.parametrize("by", list(By))
async def test_the_map_is_grouped_by_whatever_is_asked(console: Console, by: By) -> None:
    console.office.a_case(Status.ASSIGNED, place="柳溪乡下河村", campaign="D3HN2024")
    browser = await console.logged_in("leader")
    await browser.go(f"/map?by={by.value}")
    names = {By.UNIT: "青石镇", By.LEADER: "leader", By.TOWNSHIP: "柳溪乡", By.CAMPAIGN: "D3HN2024", By.SITE: "未确定"}
    assert f"{names[by]} 1 件" in browser.words


async def test_a_wall_screen_refreshes_itself_and_keeps_what_is_asked(console: Console) -> None:
    console.office.a_case(Status.ASSIGNED)
    browser = await console.logged_in("leader")
    await browser.go("/map?wall=1&by=leader&overdue=1")
    assert 'data-refresh="60"' in browser.html
    assert "每 60 秒自动刷新" in browser.words
    assert 'href="/map?by=leader&amp;overdue=1"' in browser.html
    assert "没有在办案件。" in browser.words
    await browser.go("/map?by=nonsense&kind=none&unit=nowhere&wall=")
    assert browser.answer.status_code == 200
    assert "data-refresh" not in browser.html


async def test_a_map_shows_only_what_somebody_sees(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    about = console.office.register(named=["leader"])
    assert case in (await (await console.logged_in("handler")).go("/map")).words
    assert case not in (await (await console.logged_in("other-handler")).go("/map?unit=qingshi")).words
    assert about not in (await (await console.logged_in("leader")).go("/map")).words
    assert (await (await console.logged_in("administrator")).go("/map")).answer.status_code == 403


async def test_a_map_says_what_it_leaves_out(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.battle.MOST_BARS", 2)
    for _ in range(3):
        console.office.register()
    browser = await (await console.logged_in("leader")).go("/map")
    assert "共 3 件在办，图上为最急的 2 件。 全部" in browser.words
    monkeypatch.setattr("adapters.paging.COUNTED", 2)
    await browser.go("/map?kind=petition&by=leader")
    assert "在办超过 2 件，图上为最急的 2 件。 全部" in browser.words, "no more than that was counted"
    href = "/cases?kind=petition&amp;open=1&amp;order=due"
    assert f'href="{href}"' in browser.html
    await browser.go(href.replace("&amp;", "&"))
    assert "超过 2 件" in browser.words


def test_an_axis_holds_today_and_ends_somewhere() -> None:
    ages, week = (date(1999, 1, 1), date(2999, 1, 1)), timedelta(7)
    for spans in ([], [(TODAY, TODAY)], [ages], [(TODAY - week, TODAY - week)]):
        axis = axis_of(spans, TODAY)
        assert axis.first < TODAY < axis.last
        assert axis.last - axis.first <= timedelta(days=120)
        assert 0 < axis.at(TODAY) < WIDE
        assert (axis.at(date(1900, 1, 1)), axis.at(date(3000, 1, 1))) == (0, WIDE)


def test_what_is_overdue_is_drawn_on_to_today_and_words_are_escaped() -> None:
    axis = axis_of([(TODAY - timedelta(30), TODAY + timedelta(30))], TODAY)
    assert 'class="over"' in bar(axis, TODAY - timedelta(30), TODAY - timedelta(3), "late")
    assert 'class="over"' not in bar(axis, TODAY - timedelta(30), TODAY, "calm")
    assert "&lt;b&gt;" in head(axis, "<b>")
