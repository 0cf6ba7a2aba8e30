"""What the tests of the spreadsheets do all the time."""

from __future__ import annotations

from pathlib import Path

from adapters.spreadsheets import (
    SheetRow,
    load_profiles,
    open_sheet,
)
from tests.store.broken_sheets import (
    Value,
    book,
    good,
    table,
)

PROFILES = {name: profile for name, profile in load_profiles().items() if not profile.history}
"""The public tables; an existing ledger has tests of its own."""


def read(path: Path, profile: str = "auto") -> list[SheetRow]:
    with open_sheet(path, profile) as sheet:
        return list(sheet)


def read_bytes(folder: Path, content: bytes, profile: str = "auto") -> list[SheetRow]:
    path = folder / "table.xlsx"
    path.write_bytes(content)
    return read(path, profile)


def read_one(folder: Path, profile: str = "hunan-central-2024", **changes: Value) -> SheetRow:
    (row,) = read_bytes(folder, book(table(good(**changes), profile=profile)), profile)
    return row


def flat(text: str) -> str:
    return "".join(text.split())


def assert_readable(zh: str, en: str) -> None:
    assert any("一" <= mark <= "龥" for mark in zh)
    assert en.rstrip().endswith((".", "!"))
    assert zh.isprintable()
    assert en.isprintable()
