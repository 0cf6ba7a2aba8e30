"""Erased, nobody reads any more who complained, whatever was left of it; and the chain verifies as before."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import checking, queries, tables
from adapters.attachments.store import Attachments, Origin
from adapters.attachments.taking import take_in
from adapters.drafts import Drafts
from adapters.erasing import Erased, erase
from adapters.intake import intake
from adapters.letters.docx import as_docx
from adapters.letters.tray import Tray
from adapters.letters.writing import sending
from adapters.sealed import DestroyedError
from models.event import ReactionKind
from models.vocabulary import Role
from tests.store.desks import Office, dump
from tests.store.test_sealed import CANARIES, FIELDS, told

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def a_file(office: Office, case: str, content: bytes, origin: Origin) -> str:
    """Bring a file; its name is the petitioner's."""
    with take_in(io.BytesIO(content), "欧阳金丝雀的材料.pdf", limit=2**20) as taken:
        now = office.moments.now()
        Attachments(office.database, office.desk.sealer).keep(case, taken, by="clerk", at=now, origin=origin)
        return taken.sha256


class Complained:
    """A declined petition with everything that may tell who complained: seal, files, letter, a draft left behind."""

    def __init__(self, office: Office, form: str = "form-1") -> None:
        self.office, self.desk = office, office.desk
        self.drafts = Drafts(office.database, self.desk.sealer, office.moments.now)
        self.tray = Tray(self.desk.tray)
        receipt = intake(self.desk, FIELDS, actor="clerk", key=f"console/clerk/{form}", secret=CANARIES)
        self.case = receipt.case
        self.theirs = a_file(office, self.case, PDF, Origin.PETITIONER)
        self.ours = a_file(office, self.case, PDF + b"desk", Origin.DESK)
        self.drafts.keep("clerk", form, {"secret.petitioner": CANARIES["petitioner"]})
        office.act(self.case, Role.CLERK, "decline")
        (letter,) = office.case(self.case).pending
        written = sending(office.database, self.desk.world(), self.desk.sealer, letter, opened=True).written
        self.tray.lay(letter, written.text(), as_docx(written))
        office.act(self.case, Role.ENGINE, "record_outcome")

    def decide(self) -> str:
        self.office.act(self.case, Role.CLERK, "propose_erasure")
        self.office.act(self.case, Role.LEADER, "erase")
        (reaction,) = self.office.case(self.case).pending
        assert reaction.endswith(ReactionKind.ERASE)
        return reaction

    def carry_out(self, reaction: str) -> Erased:
        return erase(self.office.database, self.desk.sealer, self.tray, self.drafts, reaction)

    def gone(self) -> bool:
        files = Attachments(self.office.database, self.desk.sealer)
        (ref,) = self.office.case(self.case).sealed
        with pytest.raises(DestroyedError):
            self.desk.sealer.open(self.office.database, ref)
        with pytest.raises(DestroyedError):
            list(files.parts(self.case, self.theirs))
        assert b"".join(files.parts(self.case, self.ours)) == PDF + b"desk"
        kept = {each.sha256: each.name for each in files.every(self.case)}
        assert (kept[self.theirs], "金丝雀" in kept[self.ours]) == ("已删除 erased", True)
        assert list(self.desk.tray.iterdir()) == []
        assert self.drafts.of("clerk") is None
        return True


def test_everything_is_gone_and_the_chain_verifies(office: Office) -> None:
    found = Complained(office)
    assert sorted(path.suffix for path in office.desk.tray.iterdir()) == [".docx", ".txt"]
    assert told(next(office.desk.tray.glob("*.txt")).read_bytes())
    before = dump(office.database)["events"]
    assert found.carry_out(found.decide()) == Erased(2, 1)
    assert found.gone()
    assert checking.verify(office.database).ok
    assert set(before) < set(dump(office.database)["events"])
    # The number and the code of the receipt are still good: the case itself goes on.
    assert office.names(found.case)[-1] == "erased"


def test_done_again_after_a_crash_it_destroys_what_was_left_and_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Complained(office)
    reaction = found.decide()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("adapters.erasing.keys_of", "adapters.erasing._forget_names", "adapters.erasing._letters"):
        with monkeypatch.context() as patch:
            patch.setattr(name, killed)
            with pytest.raises(KeyboardInterrupt):
                found.carry_out(reaction)
    found.carry_out(reaction)
    assert found.carry_out(reaction) == Erased(0, 0)
    assert found.gone()


def test_what_others_brought_and_what_came_later_is_not_touched(office: Office) -> None:
    found = Complained(office)
    other = Complained(office, "form-2")
    reaction = found.decide()
    found.carry_out(reaction)
    (ref,) = office.case(other.case).sealed
    assert office.desk.sealer.open(office.database, ref) == CANARIES
    office.moments.wait(days=1)
    later = a_file(office, found.case, PDF + b"later", Origin.PETITIONER)
    found.carry_out(reaction)
    assert list(Attachments(office.database, office.desk.sealer).parts(found.case, later))


def test_a_letter_written_afterwards_knows_no_name_also_before_the_keys_are_gone(office: Office) -> None:
    found = Complained(office)
    reaction = found.decide()
    for _ in range(2):
        letter = f"{found.case}#2.1.letter"
        written = sending(office.database, office.desk.world(), office.desk.sealer, letter, opened=True)
        assert (written.written.addressee, written.contact) == ("信访人", "")
        found.carry_out(reaction)


def test_the_keystores_files_hold_nothing_of_the_keys_any_more(small_office: Office, tmp_path: Path) -> None:
    found = Complained(small_office)
    keys = small_office.desk.sealer.keys.database
    with small_office.database.reading() as connection:
        names = list(connection.execute(sa.select(tables.sealed.c.key_id)).scalars())
    with keys.reading() as connection:
        wrapped = connection.exec_driver_sql("SELECT wrapped FROM data_keys WHERE id = ?", (names[0],)).scalar_one()
    files = list(small_office.desk.settings.data.glob("keys.db*"))
    assert any(wrapped in path.read_bytes() for path in files)
    found.carry_out(found.decide())
    assert not any(wrapped in path.read_bytes() for path in files if path.exists())
    assert queries.case(small_office.database, found.case).sealed
