"""The leader's dashboard and the figures of the API: every figure leads to a list of exactly so many cases."""

import re
from html import unescape
from itertools import pairwise

import pytest

from models.vocabulary import Role, Status
from tests.web.conftest import Console
from web.charts import Bar, Line, bars, fitted, lines, shown_places, spread

S = Status
API = "/api/v1"


def a_desk_at_work(console: Console) -> None:
    for status in (S.REGISTERED, S.ASSIGNED, S.REVIEWING, S.CLOSED, S.CLOSED):
        console.office.a_case(status, types=["恶臭"])


async def test_every_figure_leads_to_a_list_of_exactly_so_many_cases(console: Console) -> None:
    a_desk_at_work(console)
    browser = await console.logged_in("head")
    await browser.go("/dashboard")
    assert browser.answer.status_code == 200
    figures = re.findall(r'<li><a href="(/cases[^"]*)"><span>([^<]+)</span><b[^>]*>(?:▲ )?(\d+)</b>', browser.html)
    assert [name for _, name, _ in figures] == ["收件", "已办结", "在办", "超期"]
    cells = re.findall(r'<td><a (?:class="late" )?href="(/cases[^"]*)">(?:▲ )?(\d+)</a></td>', browser.html)
    assert len(cells) > 4
    for path, count in [*((path, count) for path, _, count in figures), *cells]:
        listed = await browser.go(unescape(path))
        assert f"共 {count} 件" in listed.words, path


async def test_the_api_tells_the_same_figures(console: Console) -> None:
    a_desk_at_work(console)
    told = (await console.machine("leader").get(f"{API}/statistics?by=type")).json()
    assert (told["figures"]["received"], told["figures"]["closed"], told["figures"]["open"]) == (5, 2, 3)
    assert told["groups"][0]["type"] == "恶臭"
    assert told["groups"][0]["received"] == 5
    assert sum(each["received"] for each in told["trend"]) == 5
    assert (await console.machine("leader").get(f"{API}/statistics?from=2020-01-01&to=2020-01-31")).json()["figures"][
        "received"
    ] == 0
    assert (await console.machine("leader").get(f"{API}/statistics?from=soon")).status_code == 422


async def test_townships_stand_side_by_side_against_the_period_before_or_last_year(console: Console) -> None:
    office = console.office
    office.a_case(S.CLOSED)
    office.moments.wait(days=365)
    for place in ("青石镇河口村", "溪口县柳溪乡上坪村", "柳溪乡", "中山路"):
        office.register(place=place)
    browser = await console.logged_in("leader")
    await browser.go("/dashboard?against=year")
    part = browser.html.partition("按乡镇")[2].partition("</section>")[0]
    rows = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', part)
    cells = {name: re.findall("<td>(.*?)</td>", row)[:3] for name, row in rows}
    said = {name: [unescape(re.sub("<[^>]+>", "", each)) for each in row] for name, row in cells.items()}
    assert said == {"柳溪乡": ["2", "0", "↑\xa02"], "青石镇": ["1", "1", "—"], "未确定": ["1", "0", "↑\xa01"]}
    assert "去年同期" in browser.words
    for path, count in re.findall(r'<a (?:class="late" )?href="(/cases[^"]*)">(?:▲ )?(\d+)</a>', part):
        assert "township=" in path
        await browser.go(unescape(path))
        assert f"共 {count} 件" in browser.words, path
        assert "另有条件：乡镇" in browser.words
    assert "上期" in (await browser.go("/dashboard?against=nonsense")).words


async def test_the_api_tells_townships_against_another_period_and_lists_their_cases(console: Console) -> None:
    a_desk_at_work(console)
    machine = console.machine("leader")
    told = (await machine.get(f"{API}/statistics?by=township&against=year")).json()
    assert told["against"] == "year"
    (group,) = told["groups"]
    assert (group["township"], group["received"], group["before"]["received"]) == ("qingshi", 5, 0)
    assert told["before"]["from"] == f"{int(told['from'][:4]) - 1}{told['from'][4:]}"
    assert len((await machine.get(f"{API}/cases?township=qingshi")).json()["cases"]) == 5
    assert len((await machine.get(f"{API}/cases?township=青石镇&status=closed")).json()["cases"]) == 2
    assert (await machine.get(f"{API}/cases?township=liuxi")).json()["cases"] == []
    assert (await machine.get(f"{API}/statistics?against=ever")).status_code == 422


async def test_a_handler_finds_no_other_units_cases_by_a_township(console: Console) -> None:
    a_desk_at_work(console)
    browser = await (await console.logged_in("other-handler")).go("/cases?township=qingshi")
    assert "共 0 件" in browser.words


async def test_a_dashboard_without_a_petition_says_so_and_a_strange_address_is_no_error(console: Console) -> None:
    browser = await console.logged_in("leader")
    for path in ("/dashboard", "/dashboard?from=nonsense&to=9999-99-99", "/dashboard?from=2026-12-31&to=2026-01-01"):
        await browser.go(path)
        assert browser.answer.status_code == 200
        assert "这段时间没有收件。" in browser.words
    assert "2026-01-01 — 2026-12-31" in browser.words, "days the wrong way round are turned"


async def test_the_list_is_filtered_by_channel_type_and_days(console: Console) -> None:
    console.office.a_case(S.REGISTERED, types=["恶臭", "噪声"])
    console.office.register(channel="phone")
    browser = await console.logged_in("clerk")
    for query, count in (("channel=phone", 1), ("type=噪声", 1), ("type=噪", 0), ("to=1999-12-31", 0), ("done=1", 0)):
        await browser.go(f"/cases?{query}")
        assert f"共 {count} 件" in browser.words, query


async def test_who_sees_no_figures_gets_a_page_that_says_so(console: Console) -> None:
    people = console.office.desk.world().organisation
    assert people
    without = [each.id for each in people.people if set(each.roles) <= {Role.ADMINISTRATOR}]
    browser = await console.logged_in(without[0])
    await browser.go("/dashboard")
    assert browser.answer.status_code in {200, 403}


# ── the charts ──


@pytest.mark.parametrize("values", [[], [0], [1], [0, 0, 0], [10**9, 1]])
def test_a_chart_of_nothing_of_zeroes_and_of_huge_values_is_well_formed(values: list[int]) -> None:
    import xml.etree.ElementTree as ET

    drawn = lines(
        "趋势", [str(place) for place in range(len(values))], [Line("收件", "in", values), Line("办结", "out", values)]
    )
    for chart in (bars("单位", [Bar(f"名<{place}>&", value) for place, value in enumerate(values)]), drawn):
        root = ET.fromstring(chart)  # noqa: S314 - our own chart
        for each in root.iter("rect"):
            assert float(each.attrib["x"]) + float(each.attrib["width"]) <= 440
        for each in root.iter("polyline"):
            assert "nan" not in each.attrib["points"]


def test_names_at_the_ends_of_lines_never_cross() -> None:
    for wanted in ([10.0, 10.0], [50.0, 44.0, 47.0], [0.0]):
        found = sorted(spread(wanted, 16, 48))
        assert found[-1] <= 48
        assert all(below - above >= 16 for above, below in pairwise(found))


def test_names_along_a_line_keep_their_distance_and_the_last_is_always_there() -> None:
    for count in (1, 2, 13, 60):
        step = 500 / max(count - 1, 1)
        places = shown_places(count, step)
        assert places[-1] == count - 1
        assert all((after - before) * step >= 48 for before, after in pairwise(places))


def test_a_long_name_is_cut_to_its_room() -> None:
    assert fitted("溪口县生态环境保护综合行政执法大队", 138).endswith("…")
    assert fitted("执法大队", 138) == "执法大队"
