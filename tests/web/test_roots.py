"""Daily roots in the console: for auditors and administrators, the window they leave open, and one to be printed."""

from datetime import timedelta

import pytest

from adapters.roots import forks, making
from adapters.roots.delivering import deliver
from adapters.roots.witness import Witness
from models.checkpoint import checkpoint_of, note_of
from tests.web.conftest import Console


def made(console: Console, *, witnessed: bool = False) -> making.Root:
    desk = console.house.desk
    root = making.make(desk.database, desk.settings.data, desk.moments.now())
    if witnessed:
        deliver(desk.database, desk.settings.data, root.size, Witness.FOLDER, desk.settings.data / "witness")
    return root


async def test_the_page_says_what_is_proved_since_when_and_what_is_not(console: Console) -> None:
    browser = await console.logged_in("auditor")
    assert "还没有根" in (await browser.go("/roots")).words
    assert "没有设置见证" in browser.words
    root = made(console)
    assert "整段重写账本的人目前不会被发现" in (await browser.go("/roots")).words
    assert root.root.hex()[:16] in browser.html
    deliver_at = console.house.desk.settings.data / "witness"
    deliver(console.house.desk.database, console.house.desk.settings.data, root.size, Witness.FOLDER, deliver_at)
    assert "以前写入的内容已由别处留存的根覆盖" in (await browser.go("/roots")).words
    assert "见证目录 已发出" in browser.words
    assert "在下一个根送达见证之前" in browser.words
    assert "此后没有新的根" not in browser.words


async def test_a_root_that_is_late_is_said_so(console: Console) -> None:
    desk = console.house.desk
    making.make(desk.database, desk.settings.data, desk.moments.now() - timedelta(days=2))
    assert "此后没有新的根" in (await (await console.logged_in("administrator")).go("/roots")).words


async def test_a_root_is_printed_with_its_text_its_keys_and_its_proof(console: Console) -> None:
    made(console)
    console.office.register()
    root = made(console, witnessed=True)
    browser = await console.logged_in("auditor")
    page = await browser.go(f"/roots/{root.size}")
    for part in (root.note.splitlines()[0], root.note.splitlines()[2], "与上一个根的一致性证明", "见证人签字"):
        assert part in page.words
    answer = await browser.client.get(f"/roots/{root.size}.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert checkpoint_of(note_of(answer.text).text).root == root.root
    assert "attachment" in answer.headers["content-disposition"]


async def test_a_fork_and_the_keys_are_shown_in_both_languages(console: Console) -> None:
    desk = console.house.desk
    made(console)
    where, why = (desk.database, desk.settings.data, desk.moments.now()), "硬盘损坏，由备份恢复"
    forks.record(*where, reason=why, by="administrator", agreed_by="auditor")
    browser = await console.logged_in("administrator")
    assert "硬盘损坏，由备份恢复" in (await browser.go("/roots")).words
    await browser.go("/lang/en?next=/roots")
    words = (await browser.go("/roots")).words
    assert "Recorded forks" in words
    assert "Public keys" in words


@pytest.mark.parametrize("path", ["/roots/1", "/roots/1.txt"])
async def test_what_is_no_root_is_not_found_and_who_may_not_see_roots_is_refused_and_noted(
    console: Console, path: str
) -> None:
    assert (await (await console.logged_in("auditor")).client.get(path)).status_code == 404
    for person in ("clerk", "head", "handler"):
        assert (await (await console.logged_in(person)).client.get(path)).status_code == 403
