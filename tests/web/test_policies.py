"""Policies as pages: read, proposed, checked with each mistake's line, tried on every case, published for good."""

import asyncio
import io
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

import adapters
from models.vocabulary import Status
from tests.store.desks import dump
from tests.web.conftest import Console
from web.trials import TrialRun

TOML = (Path(adapters.__file__).parents[1] / "policies" / "2026-11.toml").read_text(encoding="utf-8")
PROPOSED = TOML.replace('name = "2026-11"', 'name = "2027-01"').replace(
    "effective = 2026-11-01", "effective = 2027-01-01"
)
SHORTER = PROPOSED.replace("extension_limit = 30", "extension_limit = 15")


async def ended(console: Console) -> None:
    deadline = time.monotonic() + 60
    while console.house.trial.running:
        assert time.monotonic() < deadline, "the trial does not end"
        await asyncio.sleep(0.02)


async def test_everybody_reads_a_policy_in_sentences(console: Console) -> None:
    browser = await console.logged_in("clerk")
    await browser.go("/policies")
    assert "拟定新规则" not in browser.words
    await browser.go("/policies/2026-11")
    for words in ("60 日", "15 个工作日", "提醒阶梯", "受理渠道"):
        assert words in browser.words or words.replace("个工作日", "日") in browser.words, words
    assert (await browser.go("/policies/1999-01")).answer.status_code == 404


async def test_every_mistake_is_told_with_its_line_and_nothing_typed_is_lost(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/policies/new?from=2026-11")
    assert "extension_limit = 30" in browser.html
    await browser.go("/policies/new")
    wrong = PROPOSED.replace("extension_limit = 30", 'extension_limit = "dreißig"').replace(
        '"handler", "section', '"nobody", "section'
    )
    await browser.send("/policies/new", text=wrong, deed="check")
    assert browser.answer.status_code == 422
    assert "第 7 行" in browser.words
    assert "dreißig" in browser.html.partition("<textarea")[2]
    await browser.send("/policies/new", text="name = [", deed="check")
    assert "TOML" in browser.words
    for endless in (f"effective = {'9' * 5000}", f"a = {'[' * 5000}"):
        await browser.send("/policies/new", text=endless, deed="try")
        assert browser.answer.status_code == 422
    await browser.send("/policies/new", text="", deed="check")
    assert browser.answer.status_code == 422


async def test_a_file_is_taken_as_well_as_what_is_pasted_and_what_is_no_text_is_said(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/policies/new")
    await browser.send("/policies/new", {"file": ("p.toml", SHORTER.encode())}, deed="check")
    assert "没有错误" in browser.words
    assert "15" in browser.html.partition('<ol class="card steps">')[2].partition("</ol>")[0]
    await browser.send("/policies/new", {"file": ("p.toml", b"\xff\xfe\x00")}, deed="check")
    assert browser.answer.status_code == 422
    assert "UTF-8" in browser.words


async def test_a_trial_says_what_would_have_differed_writes_nothing_and_is_had_as_a_workbook(console: Console) -> None:
    for status in (Status.ACCEPTED, Status.CLOSED):
        console.office.a_case(status)
    browser = await console.logged_in("administrator")
    before = dump(console.office.database, without=("access_log", "sessions"))
    await browser.go("/policies/trial")
    assert "这里没有试行结果" in browser.words
    await browser.go("/policies/new")
    quick = PROPOSED.replace('length = "60 day"', 'length = "20 day"')
    await browser.send("/policies/new", text=quick, deed="try")
    assert browser.answer.headers["location"] == "/policies/trial?begun=1"
    await ended(console)
    await browser.go("/policies/trial")
    assert console.house.trial.failed is None
    assert console.house.trial.summary.tried == 2
    assert "有变化" in browser.words
    got = await browser.client.get("/policies/trial.xlsx")
    assert got.status_code == 200
    assert load_workbook(io.BytesIO(got.content)).sheetnames[0].startswith("汇总")
    assert dump(console.office.database, without=("access_log", "sessions")) == before
    # What another process, or this one after a restart, has in its memory.
    console.house.trial = TrialRun()
    await browser.go("/policies/trial?begun=1")
    assert "网站重启后，或由另一进程应答时，就看不到了" in browser.words
    assert 'href="/policies/new">重新试行' in browser.html
    assert (await browser.client.get("/policies/trial.xlsx")).status_code == 404


async def test_a_policy_is_published_once_after_its_name_was_written(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/policies/new")
    await browser.send("/policies/new", text=SHORTER, deed="check")
    await browser.send("/policies/new", text=SHORTER, deed="publish", sure="")
    assert browser.answer.status_code == 422
    assert "2027-01" not in console.office.desk.world().policies
    await browser.send("/policies/new", text=SHORTER, deed="publish", sure="2027-01")
    assert browser.answer.status_code == 303, browser.words
    assert console.office.desk.world().policies["2027-01"].extension_limit == 15
    await browser.go("/policies/2027-01?done=published")
    assert "已发布" in browser.words
    await browser.go("/policies/new")
    other = PROPOSED.replace("extension_limit = 30", "extension_limit = 10")
    await browser.send("/policies/new", text=other, deed="check")
    await browser.send("/policies/new", text=other, deed="publish", sure="2027-01")
    assert browser.answer.status_code == 409, "published is for good"


@pytest.mark.parametrize("person", ["clerk", "leader", "auditor"])
async def test_nobody_else_proposes_tries_or_publishes(console: Console, person: str) -> None:
    browser = await console.logged_in(person)
    for path in ("/policies/new", "/policies/trial", "/policies/trial.xlsx"):
        assert (await browser.go(path)).answer.status_code == 403
    mark = await browser.mark()
    for deed in ("check", "try", "publish"):
        answer = await browser.client.post(
            "/policies/new", data={"csrf": mark, "deed": deed, "text": SHORTER, "sure": "2027-01"}
        )
        assert answer.status_code == 403
    assert "2027-01" not in console.office.desk.world().policies
    assert console.house.trial.policy is None
