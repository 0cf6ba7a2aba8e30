"""办结 and 销号 apart on a page: every figure leads to exactly its cases; who sees only figures gets no links."""

import re
from html import unescape

from models.vocabulary import Status
from tests.web.conftest import Console

S = Status


async def test_every_figure_leads_to_the_list_of_as_many_cases(console: Console) -> None:
    for status in (S.SIGNED_OFF, S.SIGNED_OFF, S.CLOSED, S.RECTIFYING, S.DECLINED):
        console.office.a_case(status, campaign="round-2026")
    console.office.register()
    console.office.moments.wait(days=200)
    leader = await console.logged_in("leader")
    await leader.go("/rounds")
    links = re.findall(r'href="(/cases\?[^"]+)">(?:▲ )?(\d+)<', leader.html)
    assert len(links) >= 3 * 6, leader.html
    for address, count in links:
        await leader.go(unescape(address))
        assert len(re.findall(r'href="/cases/XF[^"]*"', leader.html.partition("<tbody>")[2])) >= int(count), address
        assert f"{count} 件" in leader.words, address
    api = console.machine("leader")
    told = (await api.get("/api/v1/rounds")).json()
    assert (told["whole"]["received"], told["whole"]["signed_off"], told["whole"]["closed"]) == (6, 2, 3)
    for line in (*told["years"], *told["campaigns"], told["whole"]):
        for name, query in line["cases"].items():
            found = (await api.get("/api/v1/cases", params=query)).json()["cases"]
            assert len(found) == line[name], (line["name"], name)
    assert (await leader.go("/rounds.xlsx")).answer.headers["content-type"].endswith("sheet")


async def test_who_sees_figures_alone_is_led_nowhere_and_sees_no_case(console: Console) -> None:
    console.office.a_case(S.RECTIFYING)
    admin = await console.logged_in("administrator")
    await admin.go("/rounds")
    assert "/cases?" not in admin.html
    assert "XF2026" not in admin.html
