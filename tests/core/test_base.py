"""Text of the core is clean: nobody can hide a character in it."""

import unicodedata
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from models.base import TURNING_MARKS, Frozen, Line, Said, Text, Word, Written, clean, is_unclean, made
from models.event import Recorded
from models.instants import Day, Instant, shown
from models.personal import looks_personal, masked
from models.vocabulary import Kind
from tests.core.builders import ALL_WAYS, a_story

ADAPTERS: dict[str, TypeAdapter[str]] = {
    "Word": TypeAdapter(Word),
    "Line": TypeAdapter(Line),
    "Said": TypeAdapter(Said),
    "Text": TypeAdapter(Text),
    "Written": TypeAdapter(Written),
}
LIMITS = {"Word": 64, "Line": 200, "Said": 200, "Text": 8000, "Written": 8000}
MAY_BE_EMPTY = {"Line", "Text"}
HIDDEN = [
    "\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u200f", "\u2066", "\ud800", "\ue000", "\uffff", "\U000e0fff",
]  # fmt: skip


@pytest.mark.parametrize("mark", HIDDEN)
@pytest.mark.parametrize("kind", ADAPTERS)
def test_no_kind_of_text_takes_a_character_a_reader_cannot_see(kind: str, mark: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        ADAPTERS[kind].validate_python(f"河口{mark}村")
    if mark != "\ud800":  # half a pair is no text at all, pydantic says so itself
        (error,) = wrong.value.errors()
        assert error["type"] == "unclean_text"
        assert f"U+{ord(mark):04X}" in error["msg"]


@pytest.mark.parametrize("kind", ADAPTERS)
def test_every_kind_of_text_keeps_to_its_limit_and_loses_the_blanks_around_it(kind: str) -> None:
    adapter, limit = ADAPTERS[kind], LIMITS[kind]
    assert adapter.validate_python(f" \u3000{'村' * limit}\n") == "村" * limit
    with pytest.raises(ValidationError):
        adapter.validate_python("村" * (limit + 1))
    if kind in MAY_BE_EMPTY:
        assert not adapter.validate_python("  ")
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python("  ")


def test_a_letter_and_its_accent_become_one_character() -> None:
    assert ADAPTERS["Word"].validate_python("Cafe\u0301") == "Caf\u00e9"


def test_a_line_is_one_line_and_running_text_keeps_its_own() -> None:
    assert ADAPTERS["Line"].validate_python("一\n二\t三") == "一 二 三"
    assert ADAPTERS["Text"].validate_python("一\n二") == "一\n二"


@given(st.text(st.characters(codec="utf-8")))
def test_clean_text_is_nfc_and_stays_as_it_is(text: str) -> None:
    if any(map(is_unclean, text)):
        with pytest.raises(ValueError, match="U\\+"):
            clean(text)
    else:
        assert clean(text) == unicodedata.normalize("NFC", text)
        assert clean(clean(text)) == clean(text)


def test_what_is_printable_needs_no_closer_look() -> None:
    assert not [mark for mark in map(chr, range(0x110000)) if mark.isprintable() and is_unclean(mark)]
    assert all(map(is_unclean, TURNING_MARKS))
    assert not any(map(is_unclean, "\n\t　，。★①"))


def test_a_value_of_the_core_knows_no_extra_field_and_never_changes() -> None:
    class Value(Frozen):
        name: Word

    with pytest.raises(ValidationError):
        Value.model_validate({"name": "x", "nmae": "y"})
    with pytest.raises(ValidationError):
        Value(name="x").name = "y"  # type: ignore[misc]


# ── moments ──


@pytest.mark.parametrize(
    "at", ["2026-03-02T01:00:00Z", "2026-03-02T09:00:00+08:00", datetime(2026, 3, 2, 1, tzinfo=UTC)]
)
def test_an_instant_is_brought_to_utc(at: Any) -> None:
    instant: datetime = TypeAdapter(Instant).validate_python(at)
    assert instant == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert instant.tzinfo is UTC
    assert shown(instant) == "2026-03-02 09:00"


@pytest.mark.parametrize(
    "at",
    ["2026-03-02T09:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00", "1900-01-01T00:00:00Z", "yesterday"],
)
def test_an_instant_without_a_zone_or_out_of_this_world_is_refused(at: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(at)


@pytest.mark.parametrize("day", ["1900-01-01", "9999-12-31", "3000-01-01", "2026-02-30"])
def test_a_day_out_of_this_world_is_refused_in_both_languages(day: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(Day).validate_python(day)
    assert "2026-02-30" in day or "不在" in str(wrong.value)
    assert TypeAdapter(Day).validate_python("2999-12-31") == date(2999, 12, 31)


# ── what looks like a person ──


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "电话 138 0013 8000。",
        "138-0013-8000",
        "１３８００１３８０００",
        "身份证43011119900101123X",
        "430111199001011234",
    ],
)
def test_what_looks_like_a_telephone_or_an_identity_number_is_seen_and_covered(text: str) -> None:
    assert looks_personal(text)
    assert not looks_personal(masked(text))
    assert "*" in masked(text)


@pytest.mark.parametrize(
    "text", ["", "12345 热线", "X3HN202406070069", "2026-03-02 09:00", "12800138000", "1380013800012345678901"]
)
def test_receipt_numbers_dates_and_hotlines_are_not(text: str) -> None:
    assert not looks_personal(text)
    assert masked(text) == text


class _Sum(Frozen):
    one: int
    other: int = 0
    parts: list[int] = Field(default_factory=list)

    @cached_property
    def whole(self) -> int:
        return self.one + self.other


def test_a_copy_is_pydantics_own_but_for_what_was_derived() -> None:
    first = _Sum(one=1)
    assert first.whole == 1
    for update in (None, {}, {"other": 2}, {"one": 3, "other": 4}):
        mine, theirs = first.model_copy(update=update), BaseModel.model_copy(first, update=update)
        assert mine.model_dump() == theirs.model_dump()
        assert mine.model_fields_set == theirs.model_fields_set
        assert mine.whole == mine.one + mine.other
    assert (first.whole, first.model_fields_set) == (1, {"one"})
    deep = first.model_copy(deep=True)
    assert deep == first
    assert deep.parts is not first.parts


class Inner(Frozen):
    """A value inside another."""

    at: Day
    note: str = ""


class Outer(Frozen):
    """A value with what values have: required fields between those with defaults, defaults made anew, other values."""

    first: str = "一"
    name: str
    inner: tuple[Inner, ...] = ()
    said: dict[str, int] = Field(default_factory=dict)


def test_a_value_made_of_what_was_computed_is_the_one_that_would_have_been_checked() -> None:
    fields: list[dict[str, Any]] = [
        {"name": "二"},
        {"name": "二", "first": "三", "inner": (made(Inner, at=date(2026, 11, 26)),)},
        {"said": {"a": 1}, "name": "二"},
    ]
    for each in fields:
        fast, checked = made(Outer, **each), Outer(**each)
        assert fast == checked
        assert fast.model_fields_set == checked.model_fields_set
        assert list(fast.__dict__) == list(checked.__dict__)
        assert fast.model_dump_json() == checked.model_dump_json()
        assert fast.model_copy(update={"name": "四"}) == checked.model_copy(update={"name": "四"})
    assert made(Outer, name="二").said is not made(Outer, name="二").said


@pytest.mark.parametrize("kind", Kind)
def test_everything_an_event_holds_would_pass_its_own_check(kind: Kind) -> None:
    """What is made unchecked on the way through ``decide`` is of the types its classes say."""
    for status in ALL_WAYS[kind]:
        for recorded in a_story(status, kind=kind).events:
            assert Recorded.model_validate_json(recorded.body()).body() == recorded.body()
            assert Recorded.model_validate(dict(recorded)) == recorded
