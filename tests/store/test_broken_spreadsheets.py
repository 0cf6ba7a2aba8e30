"""Bad input: a broken or hostile file is refused in words, or read with every doubt named."""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import pytest

from adapters.spreadsheets import (
    DOUBTS,
    SheetError,
    open_sheet,
    package,
)
from tests.store.broken_sheets import (
    Broken,
    book,
    corpus,
    good,
    table,
)
from tests.store.dirty_sheets import dirty_sheet, fast_sheet
from tests.store.sheet_helpers import assert_readable, read, read_bytes
from tests.store.test_old_ledgers import DOUBTFUL

CORPUS = corpus()


def test_the_corpus_is_large_and_names_each_fault_once() -> None:
    assert len(CORPUS) >= 100
    assert len({broken.name for broken in CORPUS}) == len(CORPUS)
    assert corpus() == CORPUS


def test_every_kind_of_doubt_is_in_the_corpus() -> None:
    of_ledgers = {code for _, _, code in DOUBTFUL} - {"date_not_understood", "state_not_understood"}
    assert {code for broken in CORPUS for code in broken.doubts} == set(DOUBTS) - of_ledgers


@pytest.mark.parametrize("broken", CORPUS, ids=lambda broken: broken.name)
def test_a_broken_file_is_refused_or_read_with_every_doubt_named(broken: Broken, tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(broken.data)
    if broken.refused:
        with pytest.raises(SheetError) as refusal:
            open_sheet(path, broken.profile)
        assert refusal.value.code == broken.refused
        assert_readable(refusal.value.zh, refusal.value.en)
    else:
        with open_sheet(path, broken.profile) as sheet:
            rows = list(sheet)
        assert len(rows) == broken.rows
        assert {doubt.code for row in rows for doubt in row.doubts} == broken.doubts
        assert sheet.total >= len(rows)
        for doubt in (doubt for row in rows for doubt in row.doubts):
            assert_readable(doubt.zh, doubt.en)
            assert doubt.value.isprintable()
            assert len(doubt.value) <= 40
    path.unlink()  # nothing holds the file any longer


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.xlsx", "not_found"),
        ("nul\x00.xlsx", "not_readable"),
        ("n" * 400, "not_readable"),
        ("", "is_directory"),
    ],
)
def test_a_path_that_is_no_file_is_refused_in_words(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(SheetError) as refusal:
        open_sheet(tmp_path / name)
    assert refusal.value.code == code
    assert_readable(refusal.value.zh, refusal.value.en)


def test_a_pipe_or_device_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    for path in (tmp_path / "pipe.xlsx", Path(os.devnull)):
        with pytest.raises(SheetError, match="ordinary file"):
            open_sheet(path)


def test_a_file_that_may_not_be_read_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(table(good())))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SheetError) as refusal:
        open_sheet(path)
    assert refusal.value.code == "not_readable"


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(table(good())))
    monkeypatch.setattr(package, "MAX_FILE_BYTES", 100)
    with pytest.raises(SheetError) as refusal:
        open_sheet(path)
    assert refusal.value.code == "too_large"


def test_a_file_changed_while_it_is_read_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    fast_sheet(path, 2000)
    sheet = open_sheet(path)
    with path.open("r+b") as file:
        file.seek(200)
        file.write(bytes(path.stat().st_size - 400))
    with pytest.raises(SheetError):
        list(sheet)
    sheet.close()


def mutilate(rng: random.Random, content: bytes) -> bytes:
    out = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(out))
        kind = rng.randrange(4)
        if kind == 0:
            out[place] = rng.randrange(256)
        elif kind == 1:
            del out[place : place + rng.randint(1, 40)]
        elif kind == 2:
            out[place:place] = rng.randbytes(rng.randint(1, 20))
        else:
            out[place : place + 8] = rng.choice((bytes(8), b"\xff" * 8, b"PK\x05\x06PK\x01\x02"))
    return bytes(out)


def test_random_damage_to_the_file_raises_nothing_but_its_own_error(tmp_path: Path) -> None:
    rng = random.Random(20240607)
    content = book(table(good(), good(goal="2024-06-30", receipt="X3HN202406070070")))
    codes: set[str] = set()
    for _ in range(600):
        try:
            read_bytes(tmp_path, mutilate(rng, content))
        except SheetError as error:
            codes.add(error.code)
    assert "damaged" in codes


def test_random_damage_to_the_parts_raises_nothing_but_its_own_error(tmp_path: Path) -> None:
    rng = random.Random(20240608)
    source = tmp_path / "source.xlsx"
    dirty_sheet(source, seed=3, rows=12, profile="generic-2023")
    with zipfile.ZipFile(source) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    codes: set[str] = set()
    target = tmp_path / "damaged.xlsx"
    for _ in range(300):
        name = rng.choice([name for name in parts if name.endswith((".xml", ".rels"))])
        with zipfile.ZipFile(target, "w") as file:
            for part, content in parts.items():
                file.writestr(part, mutilate(rng, content) if part == name else content)
        try:
            read(target)
        except SheetError as error:
            codes.add(error.code)
    assert "damaged" in codes
