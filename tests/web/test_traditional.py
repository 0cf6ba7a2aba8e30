"""Traditional characters: what is read is converted, what would be sent back is not."""

import re
from html import unescape

import pytest
from opencc import OpenCC

from models.vocabulary import Status
from tests.web.conftest import Console
from web.traditional import traditional


def test_text_and_what_is_read_aloud_are_converted_and_nothing_that_is_sent() -> None:
    page = (
        '<p title="统计" class="头">发展 &lt;养殖场&gt;</p><input value="养殖场" placeholder="办理" name="办">'
        '<a href="/cases?q=养殖场">头发</a><textarea name="x">养殖场 <b></textarea><option value="办">办结</option>'
        '<script src="/办.js"></script><td data-label="单位">里程</td>'
    )
    assert traditional(page) == (
        '<p title="統計" class="头">發展 &lt;養殖場&gt;</p><input value="养殖场" placeholder="辦理" name="办">'
        '<a href="/cases?q=养殖场">頭髮</a><textarea name="x">养殖场 <b></textarea><option value="办">辦結</option>'
        '<script src="/办.js"></script><td data-label="單位">里程</td>'
    )


@pytest.mark.parametrize("page", ["", "没有标记", "<p>", "a<b>c", "\x1e<p>办\x1e结</p>", '<p title="\x1e">'])
def test_whatever_stands_in_a_page_its_marks_stay(page: str) -> None:
    found = traditional(page)
    assert re.findall(r"<[a-z]+", found) == re.findall(r"<[a-z]+", page)
    assert found == OpenCC("s2t").convert(page.replace("\x1e", ""))


async def test_who_chooses_it_reads_every_page_so_and_sends_what_was_written(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED, place="青石镇发展村", summary="养殖场夜间臭味扰民")
    browser = await console.logged_in("dispatcher")
    await browser.go("/lang/zh-hant?next=/cases")
    for path in ("/", "/cases?q=养殖场", f"/cases/{case}", "/map", "/dashboard", "/campaigns", "/help", "/letters"):
        await browser.go(path)
        assert browser.answer.status_code == 200
        assert '<html lang="zh-Hant">' in browser.html
        shown = re.sub(r"<(script|style|textarea).*?</\1>|<[^>]*>", "\x00", browser.html, flags=re.DOTALL)
        assert OpenCC("s2t").convert(shown) == shown, path
    await browser.go("/cases?q=养殖场")
    assert 'value="养殖场"' in browser.html, "the search is as it was typed"
    assert case in browser.words
    await browser.go(f"/cases/{case}")
    assert "青石鎮發展村" in browser.words

    # A form that is refused comes back as it was filled in.
    form = browser.form(f"/cases/{case}/do/note")
    marks = dict(re.findall(r'name="(csrf|key)" value="([^"]*)"', form))
    await browser.client.post(f"/cases/{case}/do/note", data={**marks, "text": "养殖场已检查"})
    assert console.office.case(case).seq > 0
    told = (await browser.go(f"/cases/{case}")).words
    assert "養殖場已檢查" in told
    await browser.go("/lang/zh?next=/")
    assert "养殖场已检查" in unescape((await browser.go(f"/cases/{case}")).words)


@pytest.mark.parametrize(
    ("told", "hant"),
    [("zh-TW,zh;q=0.9,en;q=0.8", True), ("zh-Hant-HK", True), ("zh-CN,zh;q=0.9", False), ("en,zh-TW;q=0.5", False)],
)
async def test_a_browser_that_reads_it_gets_it_until_another_is_chosen(console: Console, told: str, hant: bool) -> None:
    console.an_account("clerk")
    browser = console.browser(**{"accept-language": told})
    await browser.go("/login")
    assert ('lang="zh-Hant"' in browser.html.split("<head")[0]) is hant
    await browser.go("/lang/zh?next=/login")
    assert "用户名" in (await browser.go("/login")).words
