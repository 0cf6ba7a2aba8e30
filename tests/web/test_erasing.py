"""Erased, every page says so to everybody, the seal opens for nobody, and only who may is offered to do it."""

import io
import zipfile

import pytest

from adapters.intake import intake
from models.vocabulary import Flag, Role
from tests.store.test_sealed import CANARIES, FIELDS, told
from tests.web.conftest import Console

API = "/api/v1"


def declined(console: Console) -> str:
    """A declined petition under seal, its letter gone out."""
    case = intake(console.office.desk, FIELDS, actor="clerk", key="k1", secret=CANARIES).case
    console.office.act(case, Role.CLERK, "decline")
    console.office.act(case, Role.ENGINE, "record_outcome")
    return case


async def test_a_leader_erases_from_the_cases_page_and_it_says_so_everywhere(console: Console) -> None:
    case = declined(console)
    leader = await console.logged_in("leader")
    await leader.go(f"/cases/{case}")
    assert "do-erase" not in leader.html
    desk = await console.logged_in("clerk")
    await desk.go(f"/cases/{case}")
    await desk.send(f"/cases/{case}/do/propose_erasure", grounds="request")
    await leader.go(f"/cases/{case}")
    await leader.send(f"/cases/{case}/do/erase", grounds="request")
    assert leader.answer.status_code == 303
    assert Flag.ERASED in console.office.case(case).flags
    await leader.go(f"/cases/{case}")
    assert "信访人信息已删除" in leader.words
    assert "信访人依法申请" in leader.words
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{case}")
    assert "已删除" in clerk.words
    assert f"/cases/{case}/identity" not in clerk.html
    # The engine has not come to it yet: the keys are there, and still nobody reads it.
    for _ in range(2):
        await clerk.go(f"/cases/{case}/identity")
        assert "已删除" in clerk.words
        assert '<form method="post" action="/cases' not in clerk.html
        machine = console.machine("clerk")
        answer = await machine.post(f"{API}/cases/{case}/identity", json={"reason": "contact"})
        assert (answer.status_code, answer.json()["erased"], answer.json()["sealed"]) == (200, True, [])
        (ref,) = console.office.case(case).sealed
        console.office.desk.sealer.destroy(*_keys(console, ref))
    for kind in ("docx", "xlsx"):
        packed = (await clerk.go(f"/cases/{case}/file.{kind}")).answer.content
        with zipfile.ZipFile(io.BytesIO(packed)) as parts:
            text = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        assert "已删除" in text
        assert not told(text)
    code = console.office.desk.sealer.query_code(case)
    resident = console.browser()
    await resident.go("/public")
    await resident.send("/public", number=case, code=code)
    assert "您的个人信息 已删除" in resident.words


def _keys(console: Console, ref: str) -> list[str]:
    with console.office.database.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT key_id FROM sealed WHERE ref = '{ref}'").scalars()
        return [str(each) for each in found]


@pytest.mark.parametrize("person", ["clerk", "dispatcher", "reviewer", "auditor", "administrator"])
async def test_nobody_else_is_offered_it_or_may(console: Console, person: str) -> None:
    case = declined(console)
    console.office.act(case, Role.DISPATCHER, "propose_erasure")
    other = await console.logged_in(person)
    await other.go(f"/cases/{case}")
    assert "do-erase" not in other.html
    answer = await console.machine(person).post(
        f"{API}/cases/{case}/commands", json={"command": "erase", "data": {"grounds": "request"}}
    )
    assert answer.status_code in {403, 404}
    assert Flag.ERASED not in console.office.case(case).flags


async def test_what_a_petitioner_calls_their_file_is_not_told(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/intake")
    await clerk.send(
        "/intake",
        {"uploads": ("欧阳金丝雀身份证.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj\n%%EOF\n")},
        channel="visit",
        place="青石镇",
        summary="夜间臭味",
    )
    machine = console.machine("auditor")
    assert "金丝雀" not in (await machine.get(f"{API}/cases/XF2026000001/attachments")).text
    (found,) = console.house.files.every("XF2026000001")
    assert found.name.startswith("信访人材料-")
    assert found.name.endswith(".pdf")
