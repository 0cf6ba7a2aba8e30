"""The receipt number: read in any form, refused in none, one identity for one petition."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.receipt import Receipt, parse

COMMON = [
    ("D2HN202105020169", ("D", 2, "HN", dt.date(2021, 5, 2), 169, False)),
    ("X3HN202406070069", ("X", 3, "HN", dt.date(2024, 6, 7), 69, False)),
    ("X2HA202104270093*", ("X", 2, "HA", dt.date(2021, 4, 27), 93, True)),
    ("D2HH202403210001", ("D", 2, "HH", dt.date(2024, 3, 21), 1, False)),
]

DIRTY = [
    "Ｘ３ＨＮ２０２４０６０７００６９",
    " X3HN 20240607\n0069 ",
    "x3hn202406070069",
    "X3HN202406070069＊",
    "X3HN202406070069★",
    "X3HN202406070069（重点关注件）",
    "*X3HN202406070069",
    "\u202aX3HN202406070069\u202c",
    "\ufeffX3HN2024\u200b06070069\x00",
    "X3HN202406070069\u3000(*)",
]

OTHER = [
    "2018080107",
    "D2018080107",
    "湘环督〔2024〕7号",
    "第12件",
    "D3HN2024060700691",
    "D3HN20240607",
    "A" * 500,
]


@pytest.mark.parametrize(("raw", "parts"), COMMON)
def test_the_common_form_gives_every_part(raw: str, parts: tuple[str, int, str, dt.date, int, bool]) -> None:
    assert parse(raw) == Receipt(raw, raw.rstrip("*"), *parts)


@pytest.mark.parametrize("raw", DIRTY)
def test_dirt_around_a_number_does_not_make_another_petition(raw: str) -> None:
    receipt = parse(raw)
    assert receipt.key == "X3HN202406070069"
    assert receipt.raw == raw
    assert receipt.date == dt.date(2024, 6, 7)


def test_a_star_is_told_in_every_way_it_is_written() -> None:
    starred = [parse(raw).star for raw in DIRTY]
    assert starred == [False, False, False, True, True, True, True, False, False, True]
    assert parse("D2018080107*") == Receipt("D2018080107*", "D2018080107", star=True)


@pytest.mark.parametrize("raw", OTHER)
def test_other_forms_are_kept_and_never_refused(raw: str) -> None:
    receipt = parse(raw)
    assert receipt.raw == raw
    assert receipt.key
    assert (receipt.channel, receipt.round, receipt.area, receipt.date, receipt.seq) == (None,) * 5
    assert not receipt.misdated


@pytest.mark.parametrize("digits", ["20240231", "20241301", "00000000", "99999999"])
def test_digits_that_are_no_day_keep_the_number_and_say_so(digits: str) -> None:
    receipt = parse(f"D3HN{digits}0001")
    assert receipt.key == f"D3HN{digits}0001"
    assert receipt.date is None
    assert receipt.misdated


def test_an_empty_number_and_a_lone_star_have_an_empty_key() -> None:
    assert parse("").key == ""
    assert parse(" * ") == Receipt(" * ", "", star=True)


@settings(max_examples=400, derandomize=True)
@given(st.text(st.characters(), max_size=40))
def test_any_string_is_accepted_and_a_key_is_its_own_key(raw: str) -> None:
    receipt = parse(raw)
    assert receipt.raw == raw
    again = parse(receipt.key)
    assert (again.key, again.star) == (receipt.key, False)
    assert parse(raw) == receipt
