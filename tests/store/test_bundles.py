"""Bundles of evidence: the same ledger gives the same bytes; of what is changed the first bad event is named."""

import hashlib
import json
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.bundle import archive, verify
from adapters.bundle.archive import Archive
from adapters.bundle.making import folder_of
from adapters.roots.making import make
from adapters.shipping import ship
from adapters.world_book import ORGANISATION
from models.checkpoint import VerifyingKey, checkpoint_of, note_of
from models.refusals import Unknown
from models.vocabulary import Role, Status
from tests.store.bundles import a_noted_case, checked, events_of, first, forged, made, packed, unpacked, with_events
from tests.store.desks import Office, a_busy_life

Files = dict[str, bytes]


def rooted(office: Office) -> str:
    """Sign a root; return the public key as it stands on paper."""
    make(office.database, office.desk.settings.data, office.moments.now())
    return "root/keys.txt"


@pytest.fixture
def case(small_office: Office) -> str:
    return a_noted_case(small_office)


def test_the_same_ledger_gives_the_same_bytes_on_another_day_and_says_all_of_a_case(
    office: Office, tmp_path: Path
) -> None:
    a_busy_life(office, random.Random(7))
    case = office.a_case(Status.CLOSED)
    rooted(office)
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    told = made(office, one)
    office.moments.wait(days=40)
    assert made(office, two) == told
    assert one.read_bytes() == two.read_bytes()
    assert told.cases > 8
    assert checked(one) == (0, checked(two)[1])
    files = unpacked(one)
    page, text = (files[f"cases/{case}/timeline.{ending}"].decode() for ending in ("html", "txt"))
    for word in ("已办结", "closed", "办理经过", "What happened", case):
        assert word in page
        assert word in text
    assert '<svg class="flow"' in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert json.loads(files["bundle.json"])["cases"] == told.cases
    assert {f"cases/{ORGANISATION}/events.jsonl", "root/checkpoint.txt", "root/keys.txt"} <= set(files)


def test_a_bundle_of_one_case_holds_the_policy_it_ran_under_and_nothing_of_another(
    small_office: Office, tmp_path: Path
) -> None:
    office = small_office
    ship(office.door)
    case, other = office.a_case(Status.ASSIGNED), office.register()
    told = made(office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    assert {name.split("/")[1] for name in files if name.startswith("cases/")} == {
        case,
        *(folder_of(name).split("/")[1] for name in ("policy:2026-11", "calendar:all-days", "calendar:statutory")),
    }
    document = json.loads(files[f"{folder_of('policy:2026-11')}/document.json"])
    assert document["name"] == "2026-11"
    assert json.loads(files[f"cases/{case}/manifest.json"])["policies"] == ["2026-11"]
    assert other.encode() not in b"".join(files.values())
    assert told.cases == 4
    assert checked(tmp_path / "b.zip")[0] == 0
    with pytest.raises(Unknown):
        made(office, tmp_path / "c.zip", case, "XF9")
    assert sorted(each.name for each in tmp_path.glob("*.zip")) == ["b.zip"], "what breaks off leaves nothing"


def moved(events: list[bytes]) -> list[bytes]:
    return [*events[:2], events[3], events[2], *events[4:]]


EDITS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "a letter altered": (lambda e: [*e[:2], e[2].replace(b'"seq":3', b'"seq":3 '), *e[3:]], 3),
    "the first one altered": (lambda e: [e[0].replace(b"clerk", b"Clerk"), *e[1:]], 1),
    "one taken out": (lambda e: [*e[:3], *e[4:]], 4),
    "one put in": (lambda e: [*e[:3], e[1], *e[3:]], 4),
    "two swapped": (moved, 3),
    "one twice": (lambda e: [*e[:2], e[1], *e[2:]], 3),
    "the last one cut off": (lambda e: e[:-1], -1),
    "one added at the end": (lambda e: [*e, e[-1]], 0),
    "an empty line": (lambda e: [*e[:1], b"", *e[1:]], 2),
    "no text": (lambda e: [*e[:4], b"\xff\xfe", *e[5:]], 5),
}
"""What is done to a case's events, and which is then named; counted from the end where it is not above 0."""


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_named_by_its_first_bad_event(small_office: Office, case: str, tmp_path: Path, edit: str) -> None:
    made(small_office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    events = events_of(files, case)
    change, wanted = EDITS[edit]
    bad = packed(with_events(files, case, change(events)), tmp_path / "bad.zip")
    # Of what is cut off the last one that is there is named; of what is added, the first beyond.
    seq = wanted if wanted > 0 else len(events) + (1 if wanted == 0 else -1)
    assert first(bad) == (f"cases/{case}/events.jsonl", case, seq)


def test_a_forger_who_makes_everything_anew_is_found_by_the_signed_root_alone(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    office = small_office
    made(office, tmp_path / "b.zip", case)
    events = events_of(unpacked(tmp_path / "b.zip"), case)
    other = [
        *events[:2],
        events[2].replace("白马".encode(), "黑马".encode()).replace(b"handler", b"hendler"),
        *events[3:],
    ]
    unsigned = packed(forged(unpacked(tmp_path / "b.zip"), case, other), tmp_path / "unsigned.zip")
    code, said = checked(unsigned)
    assert code == 0
    assert "没有签名的根" in said["notes"][0]["zh"], "it says that it cannot know"
    rooted(office)
    made(office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    assert checked(tmp_path / "b.zip")[0] == 0
    assert first(packed(forged(files, case, other), tmp_path / "1.zip")) == (
        f"cases/{case}/events.jsonl",
        case,
        len(events),
    )
    assert first(packed(forged(files, case, events[:-1]), tmp_path / "2.zip"))[1:] == (case, len(events) - 1)


def test_what_is_newer_than_the_root_is_said_and_what_is_older_must_stand_under_it(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    office = small_office
    rooted(office)
    office.act(case, Role.CLERK, "note", text="根之后")
    made(office, tmp_path / "b.zip", case)
    code, said = checked(tmp_path / "b.zip")
    assert code == 0
    assert any("1 个事件、0 个案件" in note["zh"] for note in said["notes"]), said
    office.moments.wait(days=3)
    rooted(office)
    made(office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    # Without its proof it would pass for newer than the root; but its events say that they are older.
    bare = forged(files, case, events_of(files, case), proof=False)
    assert first(packed(bare, tmp_path / "bare.zip")) == (f"cases/{case}/events.jsonl", case, 1)
    # Nor does an event hide its age by not saying it as every event does.
    for when in ("null", '"None"', '"9"', '"２０２６-11-01T00:00:00Z"', '"2099-01-01"'):
        timeless = [
            re.sub(rb'"recorded_at":"[^"]*"', b'"recorded_at":' + when.encode(), each)
            for each in events_of(files, case)
        ]
        path = packed(forged(files, case, timeless, proof=False), tmp_path / "timeless.zip")
        assert first(path) == (f"cases/{case}/events.jsonl", case, 1), when


def test_a_key_that_is_given_is_that_key_whatever_file_is_called_like_it(
    small_office: Office, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = small_office
    rooted(office)
    made(office, tmp_path / "b.zip", case)
    inside = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "b.zip") as packed_:
        packed_.extractall(inside)
    # What a forger would lay into the bundle: the keys that it is signed with, under the name of the right one.
    wanted = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    shutil.copy(inside / "root/keys.txt", inside / wanted)
    told = json.loads((inside / "bundle.json").read_bytes())
    told["files"][wanted] = told["files"]["root/keys.txt"]
    (inside / "bundle.json").write_text(json.dumps(told), "utf-8")
    monkeypatch.chdir(inside)
    assert checked(inside)[0] == 0
    assert first(inside, "--key", wanted)[0] == "root/checkpoint.txt"


def test_a_root_of_another_key_of_another_ledger_or_that_goes_back_is_refused(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    office, key, held = small_office, tmp_path / "key.txt", tmp_path / "held.txt"
    rooted(office)
    made(office, tmp_path / "old.zip", case)
    old = unpacked(tmp_path / "old.zip")
    key.write_bytes(old["root/keys.txt"])
    held.write_bytes(old["root/checkpoint.txt"])
    office.act(case, Role.CLERK, "note", text="一日之后")
    rooted(office)
    made(office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    code, said = checked(tmp_path / "b.zip", "--key", str(key), "--witness", str(held))
    assert code == 0
    assert not any("公钥取自证据包" in note["zh"] for note in said["notes"])
    assert any("与见证的根一致" in note["zh"] for note in said["notes"])
    # A witness's letter has words around it, and the ends of lines that mail has.
    words = f"每日根\n公钥 {old['root/keys.txt'].decode()}\n".encode()
    held.write_bytes((words + old["root/checkpoint.txt"] + "\n请保存此信。\n".encode()).replace(b"\n", b"\r\n"))
    assert checked(tmp_path / "b.zip", "--key", str(key), "--witness", str(held))[1] == said
    # Somebody else's key: the bundle fits together with the key that lies in it, not with the one on paper.
    note = note_of(files["root/checkpoint.txt"].decode())
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    mine = VerifyingKey(checkpoint_of(note.text).origin, private.public_key().public_bytes_raw())
    other = {
        **files,
        "root/checkpoint.txt": replaced(note.text, mine, private),
        "root/keys.txt": f"{mine.text}\n".encode(),
    }
    told = json.loads(files["bundle.json"])
    for name in ("root/checkpoint.txt", "root/keys.txt"):
        told["files"][name]["sha256"] = hashlib.sha256(other[name]).hexdigest()
    other["bundle.json"] = json.dumps(told).encode()
    path = packed(other, tmp_path / "other.zip")
    assert checked(path)[0] == 0
    assert first(path, "--key", str(key))[0] == "root/checkpoint.txt"
    # A size, a root or a proof that was altered.
    for name, was, now in (
        ("root/checkpoint.txt", b"made ", b"Made "),
        (f"cases/{case}/manifest.json", b'"index": ', b'"index": 1'),
    ):
        bad = packed({**files, name: files[name].replace(was, now)}, tmp_path / "bad.zip")
        assert first(bad, "--key", str(key))[0] == name
    # A witness that is newer, of another ledger, or no checkpoint.
    newer = tmp_path / "newer.txt"
    newer.write_bytes(files["root/checkpoint.txt"])
    assert checked(tmp_path / "old.zip", "--key", str(key), "--witness", str(newer))[0] == 2
    newer.write_bytes(other["root/checkpoint.txt"])
    assert checked(tmp_path / "b.zip", "--key", str(key), "--witness", str(newer))[0] == 2
    assert checked(tmp_path / "b.zip", "--witness", str(tmp_path / "none.txt"))[0] == 2
    assert checked(tmp_path / "b.zip", "--key", "no key")[0] == 2


def replaced(text: str, key: VerifyingKey, private: Ed25519PrivateKey) -> bytes:
    signed = key.signed(private.sign(text.encode()))
    return f"{text}\n{signed.line}".encode()


def test_a_ledger_rewritten_after_its_witness_does_not_go_on_from_it(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    office, held = small_office, tmp_path / "held.txt"
    rooted(office)
    made(office, tmp_path / "b.zip", case)
    held.write_bytes(unpacked(tmp_path / "b.zip")["root/checkpoint.txt"])
    with office.database.writing() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in ("root_leaves", "root_nodes", "roots"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    for _ in range(9):
        office.register()
    rooted(office)
    made(office, tmp_path / "b.zip", case)
    # Signed by the same key, whole in itself, and yet no continuation of what the witness holds: nothing proves it.
    assert checked(tmp_path / "b.zip")[0] == 0
    assert checked(tmp_path / "b.zip", "--witness", str(held))[0] == 2
    files = unpacked(tmp_path / "b.zip")
    size = verify.Checkpoint(held.read_bytes()).size
    proofs = json.dumps({"proofs": {str(size): {"hashes": ["a" * 64] * 4}}}).encode()
    bad = packed({**files, "root/consistency.json": proofs}, tmp_path / "bad.zip")
    code, said = checked(bad, "--witness", str(held))
    assert code == 1
    assert any("history was rewritten" in each["en"] for each in said["faults"]), said


def test_every_file_that_is_missing_altered_or_too_many_is_named(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    rooted(small_office)
    made(small_office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    for name in files:
        less = packed({each: content for each, content in files.items() if each != name}, tmp_path / "less.zip")
        other = packed({**files, name: files[name] + b" "}, tmp_path / "other.zip")
        for path in (less, other):
            code, said = checked(path)
            if name == "bundle.json":
                assert code == (2 if path == less else 0), "blanks after the object are none of its content"
                continue
            assert code == 1, name
            assert name in {each["file"] for each in said["faults"]}, (name, said)
    elsewhere = {name.replace(f"cases/{case}/", "cases/XF9/"): content for name, content in files.items()}
    elsewhere["cases.jsonl"] = files["cases.jsonl"].replace(f"cases/{case}".encode(), b"cases/XF9")
    code, said = checked(packed(elsewhere, tmp_path / "elsewhere.zip"))
    assert (code, "目录名不是此案件的" in {each["zh"] for each in said["faults"]}) == (1, True)
    more = packed({**files, "cases/x.txt": b""}, tmp_path / "more.zip")
    assert first(more) == ("cases/x.txt", "", 0)


def test_no_file_steps_out_hides_or_blows_up(small_office: Office, case: str, tmp_path: Path) -> None:
    made(small_office, tmp_path / "b.zip", case)
    files = unpacked(tmp_path / "b.zip")
    for name in (
        "../outside.txt",
        "/etc/x",
        "a/../../b",
        "C:\\x",
        "a\\b",
        "./x",
        "x" * 300,
        "中文.txt",
        "a//b",
        "a\x01",
    ):
        path = packed({**files, name: b""}, tmp_path / "slip.zip")
        assert checked(path)[0] == 1, name
    with (
        zipfile.ZipFile(packed(files, tmp_path / "twice.zip"), "a") as out,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        out.writestr(f"cases/{case}/timeline.txt", b"another")
    assert first(tmp_path / "twice.zip")[0] == f"cases/{case}/timeline.txt"
    link = zipfile.ZipInfo(f"cases/{case}/timeline.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as out:
        for name, content in files.items():
            out.writestr(link if name == link.filename else name, content)
    assert first(tmp_path / "link.zip")[0] == f"{link.filename} (link)"
    bomb = packed({**files, "bundle.json": b"{" + b" " * (70 << 20)}, tmp_path / "bomb.zip")
    assert checked(bomb)[0] == 2
    for content in (
        b"",
        b"PK",
        b"no zip at all",
        (tmp_path / "b.zip").read_bytes()[:-30],
        b"PK\x05\x06" + b"\xff" * 18,
    ):
        (tmp_path / "no.zip").write_bytes(content)
        assert checked(tmp_path / "no.zip")[0] == 2
    assert checked(tmp_path / "not there.zip")[0] == 2
    assert checked(packed({"bundle.json": b'{"format":"other/1"}'}, tmp_path / "no.zip"))[0] == 2


def test_bytes_changed_at_random_never_pass_and_never_crash(small_office: Office, case: str, tmp_path: Path) -> None:
    rng = random.Random(11)
    made(small_office, tmp_path / "b.zip", case)
    whole = (tmp_path / "b.zip").read_bytes()
    files, path = unpacked(tmp_path / "b.zip"), tmp_path / "bad.zip"
    for _ in range(60):
        at = rng.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
        # A bit of a date or of a right is no content: what can be read is then what it was.
        assert checked(path)[0] in {1, 2} or unpacked(path) == files


def alone(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a script as somebody without the project would: no packages, no settings, the plainest locale."""
    # The interpreter itself and not the environment's, whose folder would lead to the project's packages.
    python = [str(getattr(sys, "_base_executable", sys.executable)), "-I", "-S"]
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    return subprocess.run(
        [*python, *command], capture_output=True, check=False, cwd=folder, env=env, encoding="utf-8", errors="replace"
    )


def test_the_verifier_runs_alone_on_the_zip_and_in_the_unpacked_folder(
    small_office: Office, case: str, tmp_path: Path
) -> None:
    rooted(small_office)
    made(small_office, tmp_path / "b.zip", case)
    place = tmp_path / "alone"
    place.mkdir()
    with zipfile.ZipFile(tmp_path / "b.zip") as whole:
        whole.extractall(place)
    (tmp_path / "elsewhere").mkdir()
    script = shutil.copy(place / "verify.py", tmp_path / "elsewhere")
    for command in ([str(script), "b.zip"], [str(place / "verify.py")]):
        done = alone(tmp_path, *command)
        assert done.returncode == 0, done
        assert "SOUND" in done.stdout
        assert "完好" in done.stdout
    (place / "link").symlink_to("/etc/hostname")
    (place / "cases" / case / "events.jsonl").write_bytes(b"{}\n")
    done = alone(tmp_path, str(place / "verify.py"))
    assert done.returncode == 1
    assert f"{case} #1" in done.stdout
    assert "link (link)" in done.stdout
    done = alone(tmp_path, str(script), "none.zip")
    assert (done.returncode, "CANNOT BE CHECKED: there is no such file: none.zip" in done.stderr) == (2, True)
    assert "没有这个文件：none.zip" in done.stderr


def test_a_folder_is_ascii_short_and_one_cases_own() -> None:
    long = "campaign:" + "督" * 48
    names = ["XF2026000001", "policy:2026-11", long, f"{long}察", "a/b", "..", "a~b"]
    folders = [folder_of(name) for name in names]
    assert len(set(folders)) == len(names)
    for each in folders:
        assert verify.NAME.fullmatch(each)
        assert each != "cases/.."
    assert [verify.folder_of(name) for name in names] == folders
    assert folders[0] == "cases/XF2026000001"


def test_an_archive_of_very_many_or_very_large_is_read_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MANY", 3)
    path = tmp_path / "a.zip"
    with Archive(path) as out:
        # A hole of 4 GiB, which takes no room on the disk: what lies behind it is told in the extra field.
        out.add("before.txt", b"1")
        out._file.seek(archive.MOST + 5)
        for name in ("a", "b", "c"):
            out.add(f"{name}.txt", iter([name.encode(), b"!"]), packed=name != "b")
    with zipfile.ZipFile(path) as packed_:
        assert [packed_.read(f"{name}.txt") for name in ("before", "a", "b", "c")] == [b"1", b"a!", b"b!", b"c!"]
        assert packed_.testzip() is None
        assert {each.date_time for each in packed_.infolist()} == {(2026, 1, 1, 0, 0, 0)}
    with pytest.raises(UnicodeEncodeError), Archive(tmp_path / "b.zip") as out:
        out.add("中", b"1")
    monkeypatch.setattr(archive, "MOST", 5)
    with pytest.raises(ValueError, match="too large"), Archive(tmp_path / "b.zip") as out:
        out.add("a", b"123456")
    assert list(tmp_path.iterdir()) == [path]
