"""Files of cases: taken in by what they are, stripped, kept encrypted, shown to whoever sees the case."""

import hashlib
import io

import pytest
import sqlalchemy as sa
from PIL import Image

from adapters import tables
from adapters.access.log import Deed, latest
from adapters.attachments.store import Origin
from adapters.attachments.taking import NotTaken, take_in
from models.vocabulary import Status
from tests.web.conftest import Console
from tests.web.pictures import a_package, a_photo
from tests.web.test_api import API, problem

LIMIT = 2**20
GOOD = {
    "jpeg": a_photo(),
    "png": a_photo(kind="PNG"),
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "docx": a_package("[Content_Types].xml", "word/document.xml"),
    "xlsx": a_package("[Content_Types].xml", "xl/workbook.xml"),
    "mp4": b"\0\0\0\x20ftypisom" + bytes(20),
    "m4a": b"\0\0\0\x20ftypM4A " + bytes(20),
    "mp3": b"ID3\x04" + bytes(20),
    "wav": b"RIFF\0\0\0\0WAVEfmt ",
    "amr": b"#!AMR\n" + bytes(9),
}
BAD = {
    "empty": b"",
    "a program": b"MZ" + bytes(60),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "begins like a photo": b"\xff\xd8\xff\xe0 and is none",
    "a photo cut off": a_photo(640, 480)[:900],
    "begins like a picture": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "any package": a_package("readme.txt"),
    "a document with macros": a_package("word/document.xml", "word/vbaProject.bin"),
    "a broken package": b"PK\x03\x04 and no more",
    "a telephone's own": b"\0\0\0\x18ftypheic" + bytes(20),
    "too large": b"%PDF-" + bytes(LIMIT),
}


def taken(content: bytes, name: str = "文件") -> tuple[str, bytes, str, str]:
    with take_in(io.BytesIO(content), name, limit=LIMIT) as found:
        whole = found.content.read()
        assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (found.sha256, found.size)
        return found.sort.value, whole, found.name, found.taken_at


@pytest.mark.parametrize("sort", GOOD)
def test_a_file_is_taken_for_what_its_bytes_are_whatever_it_is_called(sort: str) -> None:
    assert taken(GOOD[sort], "x.exe")[0] == sort


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_evidence_is_refused_with_the_reason(what: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        taken(BAD[what])
    assert refusal.value.zh
    assert refusal.value.en


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_without_the_place_and_the_telephone(kind: str) -> None:
    sort, whole, name, at = taken(a_photo(kind=kind), "../../etc/门前.webp")
    assert b"CANARY" not in whole
    picture = Image.open(io.BytesIO(whole))
    assert not picture.getexif()
    assert picture.size == (64, 48)
    assert sort == ("png" if kind == "PNG" else "jpeg")
    assert name == ("门前.webp" if kind == "PNG" else "门前.jpg"), "its last part alone, with the ending it has now"
    assert at == "2026-11-20 14:05", "when it was taken is told as the photo's own word"


def test_a_small_file_with_a_huge_picture_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.attachments.taking.PIXELS", 1_000)
    with pytest.raises(NotTaken, match="64×48"):
        taken(a_photo())


async def test_evidence_is_kept_encrypted_in_parts_and_shown_as_what_it_is(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    large = b"%PDF-1.7 CANARY-TEXT " + bytes(range(256)) * 10_000
    machine = console.machine("handler")
    answer = await machine.post(f"{API}/cases/{case}/attachments", files={"file": ("报告.pdf", large)})
    assert answer.status_code == 201
    sha = answer.json()["sha256"]
    assert sha == hashlib.sha256(large).hexdigest()
    with console.office.database.reading() as connection:
        rows = connection.execute(sa.select(tables.attachment_parts.c.content)).scalars().all()
    assert len(rows) == 3
    assert not any(b"CANARY" in row for row in rows)
    browser = await console.logged_in("handler")
    got = (await browser.go(f"/cases/{case}/files/{sha}")).answer
    assert got.content == large
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%8A%A5")
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    listed = (await machine.get(f"{API}/cases/{case}/attachments")).json()["attachments"]
    assert [(each["name"], each["sort"], each["size"]) for each in listed] == [("报告.pdf", "pdf", len(large))]
    again = await machine.post(f"{API}/cases/{case}/attachments", files={"file": ("别名.pdf", large)})
    assert again.json()["name"] == "报告.pdf", "the same file twice in one case is one"


async def test_a_photo_of_a_finding_stands_beside_it(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    browser = await console.logged_in("handler")
    await browser.go(f"/cases/{case}")
    fields = {"findings.0.point": "臭", "findings.0.verdict": "unsubstantiated", "findings.0.text": "无"}
    files = {"findings.0.evidence": ("现场.jpg", a_photo())}
    await browser.send(f"/cases/{case}/do/record_findings", files, **fields)
    assert browser.answer.status_code == 303, browser.words
    (evidence,) = console.office.case(case).findings[0].evidence
    await browser.go(f"/cases/{case}")
    assert f'src="/cases/{case}/files/{evidence.sha256}/small"' in browser.html
    assert "照片自述拍摄于 2026-11-20 14:05" in browser.words
    small = (await browser.go(f"/cases/{case}/files/{evidence.sha256}/small")).answer
    assert Image.open(io.BytesIO(small.content)).size == (64, 48)
    whole = (await browser.go(f"/cases/{case}/files/{evidence.sha256}")).answer
    assert whole.headers["content-disposition"].startswith("inline")
    assert hashlib.sha256(whole.content).hexdigest() == evidence.sha256


async def test_a_file_that_is_not_taken_loses_nothing_that_was_typed(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    browser = await console.logged_in("handler")
    await browser.go(f"/cases/{case}")
    fields = {"findings.0.point": "臭", "findings.0.text": "现场已停产"}
    files = {"findings.0.evidence": ("坏.jpg", b"\xff\xd8\xff broken")}
    await browser.send(f"/cases/{case}/do/record_findings", files, **fields)
    assert browser.answer.status_code == 422
    assert "图片已损坏" in browser.words
    assert "现场已停产" in browser.html
    assert console.office.case(case).status is Status.ASSIGNED


@pytest.mark.parametrize("path", ["", "/small"])
async def test_who_does_not_see_the_case_does_not_see_its_files(console: Console, path: str) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    machine = console.machine("handler")
    answer = await machine.post(f"{API}/cases/{case}/attachments", files={"file": ("a.jpg", a_photo())})
    sha = answer.json()["sha256"]
    stranger = await console.logged_in("other-handler")
    assert (await stranger.go(f"/cases/{case}/files/{sha}{path}")).answer.status_code == 403
    other = console.machine("other-handler")
    problem(await other.get(f"{API}/cases/{case}/attachments"), 403, "not_for_you")
    problem(
        await other.post(f"{API}/cases/{case}/attachments", files={"file": ("a.jpg", a_photo())}), 403, "not_for_you"
    )
    auditor = console.machine("auditor")
    assert (await auditor.get(f"{API}/cases/{case}/attachments/{sha}")).status_code == 200, "who sees the case sees it"
    problem(
        await auditor.post(f"{API}/cases/{case}/attachments", files={"file": ("a.jpg", a_photo())}), 403, "not_for_you"
    )
    missing = (await machine.get(f"{API}/cases/{case}/attachments/{'0' * 64}")).status_code
    assert missing == 404


async def test_what_the_petitioner_brought_is_opened_by_few_and_each_opening_is_kept(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/intake")
    files = {"files": ("李四家门口.jpg", a_photo())}
    await clerk.send("/intake", files, channel="phone", place="青石镇", summary="恶臭")
    assert clerk.answer.status_code == 303, clerk.words
    case = clerk.answer.headers["location"].split("/")[2]
    (found,) = console.house.files.every(case)
    assert found.origin is Origin.PETITIONER
    leader = await (await console.logged_in("leader")).go(f"/cases/{case}")
    assert "李四" not in leader.html
    assert (await leader.go(f"/cases/{case}/files/{found.sha256}")).answer.status_code == 403
    assert (await clerk.go(f"/cases/{case}/files/{found.sha256}")).answer.status_code == 200
    assert (await clerk.go(f"/cases/{case}/files/{found.sha256}/small")).answer.status_code == 404
    kept = [
        (each.who, each.granted)
        for each in latest(console.office.database, 20)
        if each.about == case and each.deed is Deed.OPEN
    ]
    assert kept == [("clerk", True)]
    listed = (await console.machine("auditor").get(f"{API}/cases/{case}/attachments")).text
    assert "李四" not in listed


async def test_a_file_whose_key_is_gone_or_that_was_altered_does_not_open(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    machine = console.machine("handler")
    sha = (await machine.post(f"{API}/cases/{case}/attachments", files={"file": ("a.pdf", GOOD["pdf"])})).json()[
        "sha256"
    ]
    parts, files = tables.attachment_parts, tables.attachments
    with console.office.database.writing() as connection:
        content: bytes = connection.execute(sa.select(parts.c.content)).scalar_one()
        connection.execute(sa.update(parts).values(content=content[:-1] + bytes([content[-1] ^ 1])))
    assert (await machine.get(f"{API}/cases/{case}/attachments/{sha}")).status_code == 503
    with console.office.database.reading() as connection:
        console.office.desk.sealer.destroy(connection.execute(sa.select(files.c.key_id)).scalar_one())
    answer = await machine.get(f"{API}/cases/{case}/attachments/{sha}")
    assert (answer.status_code, "销毁" in answer.text) == (503, True)


async def test_a_case_holds_only_so_much(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.attachments.store.PER_CASE", 100)
    case = console.office.a_case(Status.ASSIGNED)
    answer = await console.machine("handler").post(
        f"{API}/cases/{case}/attachments", files={"file": ("a.pdf", b"%PDF-" + bytes(200))}
    )
    problem(answer, 422, "malformed")
    assert console.house.files.every(case) == ()
