"""A first visit weighs at most 30 KiB, also on a desk whose pages are full."""

import gzip
from typing import Final

import pytest

from models.vocabulary import Status
from tests.web.conftest import Console
from web.battle import MOST_BARS
from web.listing import LINES
from web.pages import STATIC
from web.reports import MOST

HEAVIEST: Final = 30 * 1024
WITH_IT: Final = ("desk.css", "live.js", "live-worker.js", "icon.svg")
"""What a page brings along; it comes packed."""
SUMMARY: Final = "砖厂夜间生产，烟气刺鼻，粉尘落在菜地和晾晒的衣物上，已连续半个月"


@pytest.mark.asyncio
async def test_a_full_page_of_cases_a_full_map_and_a_full_report_keep_within_30_kib(console: Console) -> None:
    for place in range(max(LINES, MOST_BARS) + 10):
        status = (Status.ASSIGNED, Status.RECTIFYING, Status.REVIEWING)[place % 3]
        console.office.a_case(status, summary=SUMMARY, types=["大气"], star=place % 5 == 0)
    console.office.moments.wait(days=70)
    browser = await console.logged_in("leader")
    with_it = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in WITH_IT)
    for lang in ("zh", "en", "zh-hant"):
        browser.client.cookies.set("lang", lang)
        for path, full in (("/cases", LINES), ("/map", MOST_BARS), ("/reports", MOST)):
            await browser.go(path)
            assert browser.html.count("<tr") > full
            weight = len(browser.answer.content) + with_it
            assert weight <= HEAVIEST, f"{path} in {lang}: {weight} bytes"
