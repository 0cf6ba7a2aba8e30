"""What a ledger makes of its bundles: one that was tampered with, one at work, one with files."""

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from adapters.attachments.store import Attachments, Origin
from adapters.attachments.taking import take_in
from adapters.bundle.making import Source, bundle
from adapters.queries import history
from models.vocabulary import Role, Status
from tests.store.bundles import a_noted_case, checked, first, made, packed, unpacked
from tests.store.desks import Office, attack
from tests.web.pictures import a_photo


@pytest.fixture
def case(small_office: Office) -> str:
    return a_noted_case(small_office)


def test_a_ledger_that_was_tampered_with_is_bundled_as_it_lies_and_the_verifier_names_the_event(
    office: Office, tmp_path: Path
) -> None:
    altered, cut, gone, unread = (office.a_case(Status.ASSIGNED) for _ in range(4))
    changed = "UPDATE events SET body = REPLACE(body, ?, ?) WHERE case_id = ? AND seq = 2"
    attack(office, changed, '"actor":"clerk"', '"actor":"clerc"', altered)
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq = 3", cut)
    attack(office, "DELETE FROM events WHERE case_id = ?", gone)
    attack(office, "UPDATE events SET body = 'x\ny' WHERE case_id = ? AND seq = 1", unread)
    told = made(office, tmp_path / "b.zip")
    assert set(told.untold) == {gone, unread}
    code, said = checked(tmp_path / "b.zip")
    assert code == 1
    assert {(each["case"], each["seq"]) for each in said["faults"] if each["case"]} == {
        (altered, 2),
        (cut, 2),
        (gone, 0),
        (unread, 1),
    }


def test_whatever_is_written_into_an_event_around_the_door_is_bundled_and_named(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    office, rng = small_office, random.Random(23)
    bodies = [each.body() for each in history(office.database, case)]
    for _ in range(40):
        seq = rng.randrange(len(bodies))
        other = json.dumps(mutated(json.loads(bodies[seq]), rng), ensure_ascii=False, separators=(",", ":"))
        attack(office, "UPDATE events SET body = ? WHERE case_id = ? AND seq = ?", other, case, seq + 1)
        made(office, tmp_path / "b.zip", case)
        assert first(tmp_path / "b.zip")[1:] == (case, seq + 1), other
        attack(office, "UPDATE events SET body = ? WHERE case_id = ? AND seq = ?", bodies[seq], case, seq + 1)
    made(office, tmp_path / "b.zip", case)
    assert checked(tmp_path / "b.zip")[0] == 0


def mutated(value: JsonValue, rng: random.Random) -> JsonValue:
    """The same value with one thing in it changed for something of any sort."""
    match value:
        case dict() if value and rng.random() < 0.9:
            name = rng.choice(sorted(value))
            return {**value, name: mutated(value[name], rng)}
        case list() if value and rng.random() < 0.9:
            place = rng.randrange(len(value))
            return [mutated(each, rng) if at == place else each for at, each in enumerate(value)]
        case _:
            others: list[JsonValue] = [None, 1, "x", [], {}, [1], {"a": 1}, True]
            return rng.choice([each for each in others if each != value])


def test_what_happens_meanwhile_is_not_in_it(small_office: Office, case: str, tmp_path: Path) -> None:
    office = small_office
    store = Attachments(office.database, office.desk.sealer)
    with take_in(io.BytesIO(b"%PDF-1.4\n"), "a.pdf", limit=2**20) as taken:
        store.keep(case, taken, by="clerk", at=office.moments.now())
    later = office.register()
    before = made(office, tmp_path / "before.zip", files=True)

    def parts(name: str, sha256: str) -> Iterator[bytes]:
        office.act(later, Role.CLERK, "note", text="与此同时")
        office.register()
        return store.parts(name, sha256)

    assert bundle(Source(office.database, office.desk.world(), parts), tmp_path / "b.zip") == before
    assert (tmp_path / "b.zip").read_bytes() == (tmp_path / "before.zip").read_bytes()


def test_the_desks_files_lie_beside_on_request_and_the_petitioners_never_do(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    office = small_office
    store = Attachments(office.database, office.desk.sealer)
    at, hashes = office.moments.now(), {}
    for origin, content in (
        (Origin.DESK, a_photo()),
        (Origin.PETITIONER, b"%PDF-1.4\nzhang san"),
        (Origin.DESK, b"%PDF-1.4\nlost"),
    ):
        with take_in(io.BytesIO(content), "某.jpg" if content[:1] != b"%" else "某.pdf", limit=2**20) as taken:
            store.keep(case, taken, by="clerk", at=at, origin=origin)
            hashes[origin, content] = taken.sha256
    photo, own, lost = hashes.values()
    attack(office, "UPDATE attachment_parts SET content = x'00' WHERE sha256 = ?", lost)
    told = made(office, tmp_path / "b.zip", case, files=True)
    assert (told.files, told.unopened) == (1, 1)
    files = unpacked(tmp_path / "b.zip")
    listed = {each["sha256"]: each for each in json.loads(files[f"cases/{case}/manifest.json"])["evidence"]}
    assert listed[photo]["file"] == f"files/{photo}.jpg"
    assert (listed[own]["file"], listed[own]["origin"], listed[lost]["file"]) == (None, "petitioner", None)
    assert b"zhang san" not in b"".join(files.values())
    name = f"cases/{case}/files/{photo}.jpg"
    assert files[name] == b"".join(store.parts(case, photo))
    assert checked(tmp_path / "b.zip")[0] == 0
    assert first(packed({**files, name: files[name] + b"x"}, tmp_path / "bad.zip"))[0] == name
    made(office, tmp_path / "b.zip", case)
    assert not [each for each in unpacked(tmp_path / "b.zip") if "/files/" in each]
