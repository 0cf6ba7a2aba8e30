"""Letters of a ledger: the same document whenever it is written, its copy in the tray, its own id."""

import io
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm
from pydantic import JsonValue

from adapters import queries, tables
from adapters.intake import intake
from adapters.letters.docx import as_docx
from adapters.letters.tray import Tray
from adapters.letters.writing import Sending, sending
from adapters.sealed import Sealer
from models.refusals import NotPending, Unknown
from tests.store.desks import Office, an_office


def accepted(office: Office, **secret: str) -> str:
    """A petition, accepted: its letter 2 goes to the petitioner."""
    fields = {"channel": "system", "place": "青石镇河口村", "summary": "夜间臭味"}
    given = {"petitioner": "金丝雀", "contact": "13987654321", "text": "原话", **secret}
    case = intake(office.desk, fields, actor="clerk", key="k1", secret=given).case
    office.door.perform([office.asking(case, "clerk", "accept")])
    return case


def written(office: Office, name: str, *, opened: bool = True, sealer: Sealer | None = None) -> Sending:
    return sending(office.database, office.desk.world(), sealer or office.desk.sealer, name, opened=opened)


def test_the_same_letter_is_the_same_document_byte_for_byte(small_office: Office) -> None:
    case = accepted(small_office)
    first, second = (written(small_office, f"{case}#2.1.letter") for _ in range(2))
    assert first == second
    assert as_docx(first.written) == as_docx(second.written)


def test_a_document_is_set_as_official_letters_are(small_office: Office) -> None:
    case = accepted(small_office)
    page = Document(io.BytesIO(as_docx(written(small_office, f"{case}#2.1.letter").written)))
    sheet = page.sections[0]
    size = (sheet.page_width, sheet.page_height)
    assert size == pytest.approx((Cm(21.0), Cm(29.7)), rel=1e-3)
    lines = [each.text for each in page.paragraphs]
    assert lines[:2] == ["信访事项受理告知书", f"示信受〔2026〕{case}-2号"]
    assert "金丝雀：" in lines
    assert lines[-3:] == ["临江县", "（盖章处）", "2026年3月2日"]
    (title,) = page.paragraphs[0].runs
    assert title._element.get_or_add_rPr().get_or_add_rFonts().get(qn("w:eastAsia")) == "宋体"
    assert page.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert page.core_properties.author == "临江县"


def test_a_document_holds_no_day_but_its_own(small_office: Office) -> None:
    case = accepted(small_office)
    with zipfile.ZipFile(io.BytesIO(as_docx(written(small_office, f"{case}#2.1.letter").written))) as packed:
        assert {each.date_time for each in packed.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_closed_the_seal_stays_closed(small_office: Office) -> None:
    case = accepted(small_office)
    text = written(small_office, f"{case}#2.1.letter", opened=False).written.text()
    assert "信访人：" in text
    assert not any(mark in text for mark in ("金丝雀", "13987654321", small_office.desk.sealer.query_code(case)))


@pytest.mark.parametrize("secret", [{"petitioner": ""}, {"petitioner": "", "contact": "", "text": "只有原话"}])
def test_a_petitioner_without_a_name_is_written_to_all_the_same(small_office: Office, secret: dict[str, str]) -> None:
    letter = written(small_office, f"{accepted(small_office, **secret)}#2.1.letter")
    assert letter.written.addressee == "信访人"
    assert letter.contact == ("13987654321" if "contact" not in secret else "")


def test_a_seal_whose_key_is_gone_does_not_hold_the_letter_up(small_office: Office) -> None:
    case = accepted(small_office)
    with small_office.database.reading() as connection:
        small_office.desk.sealer.destroy(*connection.execute(sa.select(tables.sealed.c.key_id)).scalars())
    letter = written(small_office, f"{case}#2.1.letter")
    assert letter.written.addressee == "信访人"


def test_message_ids_differ_between_sendings_and_between_desks(small_office: Office, tmp_path: Path) -> None:
    case = accepted(small_office)
    mine = written(small_office, f"{case}#2.1.letter").message_id
    assert mine == written(small_office, f"{case}#2.1.letter").message_id
    with an_office(tmp_path / "other") as other:
        other_key = written(small_office, f"{case}#2.1.letter", sealer=other.desk.sealer).message_id
    assert mine != other_key
    assert mine.startswith(f"<{case}-2-1.")
    assert mine.endswith("@banjie.local>")


def test_sent_again_it_is_the_same_document_under_another_id(small_office: Office) -> None:
    office, case = small_office, accepted(small_office)
    ref: dict[str, JsonValue] = {"letter": f"{case}#2.1.letter", "template": "acceptance_notice", "to": "petitioner"}
    lost = office.asking(case, "engine", "record_outcome", reaction=f"{case}#2.1.letter", outcome="failed", letter=ref)
    office.door.perform([lost], trusted=True)
    office.moments.wait(days=3)
    office.door.perform([office.asking(case, "clerk", "resend_letter", letter="2")])
    first, again = written(office, f"{case}#2.1.letter"), written(office, f"{case}#4.1.letter")
    assert again.written == first.written
    assert again.ref == first.ref
    assert again.message_id != first.message_id
    (seen,) = queries.letters(office.database, case)
    assert seen.sendings == (f"{case}#2.1.letter", f"{case}#4.1.letter")


def test_what_is_no_letter_is_none(small_office: Office) -> None:
    case = accepted(small_office)
    for name in (f"{case}#1.1.letter", f"{case}#2.9.letter", "x"):
        with pytest.raises(NotPending):
            written(small_office, name)
    with pytest.raises(Unknown):
        queries.letters(small_office.database, "XF2026000777")


def test_cases_with_a_letter_lost_are_found(office: Office) -> None:
    """On both databases: the read model is asked by its text."""
    case, other = office.register(), office.register()
    for each in (case, other):
        office.door.perform([office.asking(each, "clerk", "accept")])
    assert list(queries.with_letters(office.database, lost=True)) == []
    ref: dict[str, JsonValue] = {"letter": f"{case}#2.1.letter", "template": "acceptance_notice", "to": "petitioner"}
    lost = office.asking(case, "engine", "record_outcome", reaction=ref["letter"], outcome="unknown", letter=ref)
    office.moments.wait(hours=1)
    office.door.perform([lost], trusted=True)
    assert list(queries.with_letters(office.database, lost=True)) == [case]
    assert list(queries.with_letters(office.database, lost=False)) == [case, other]
    office.door.perform([office.asking(case, "clerk", "settle_letter")])
    assert list(queries.with_letters(office.database, lost=True)) == []


def test_the_tray_keeps_the_first_copy(tmp_path: Path) -> None:
    tray = Tray(tmp_path / "tray")
    assert tray.lay("XF1#2.1.letter", "一", b"1")
    assert not tray.lay("XF1#2.1.letter", "二", b"2")
    assert (tray.folder / "XF1_2.1.letter.txt").read_text("utf-8") == "一"
    assert (tray.folder / "XF1_2.1.letter.docx").read_bytes() == b"1"
    assert sorted(each.name for each in tray.folder.iterdir()) == ["XF1_2.1.letter.docx", "XF1_2.1.letter.txt"]
