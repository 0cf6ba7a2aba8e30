"""Canonical JSON is RFC 8785 for everything the core writes, and the chain of a case finds any change."""

import hashlib
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, JsonValue

from models.base import Frozen, is_unclean
from models.canonical import GENESIS, canonical, link, text_of
from models.event import Recorded
from models.vocabulary import Kind, Status
from tests.core.builders import ALL_WAYS, a_story

LARGEST = 2**53 - 1
texts = st.text(st.characters(codec="utf-8"))
keys = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_it_is_rfc_8785_for_everything_the_core_may_write(value: JsonValue) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("kind", Kind)
def test_every_event_of_every_kind_of_case_is_written_as_rfc_8785_says(kind: Kind) -> None:
    for status in ALL_WAYS[kind]:
        for recorded in a_story(status, kind=kind).events:
            body = recorded.body()
            assert body == _as_ever(recorded.model_dump(mode="json", exclude_unset=True))
            assert body.encode() == rfc8785.dumps(json.loads(body))
            assert Recorded.model_validate_json(body) == recorded
            assert not any(is_unclean(mark) for mark in body)


@given(values)
def test_the_fast_writer_says_what_the_standard_one_says(value: JsonValue) -> None:
    """Digests and chains made before stay what they are."""
    assert canonical(value) == _as_ever(value)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        1e16,
        -0.0,
        2**53,
        -(2**53),
        2**70,
        {"b": [1e-7], "a": 2**64},
        {2: "x", 1: "y"},
        json.loads(300 * "[" + 300 * "]"),
    ],
)
def test_outside_the_bounds_it_is_the_standard_one_still(value: object) -> None:
    assert canonical(value) == _as_ever(value)


def test_half_a_character_is_written_but_cannot_be_encoded() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical({"x": "\ud800"}).encode()


def _as_ever(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class _Dated(Frozen):
    at: datetime
    days: dict[date, Status] = Field(default_factory=dict)
    length: timedelta | None = None


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])))
def test_what_a_model_dumps_is_written_as_the_model_itself_would(at: datetime) -> None:
    for model in (_Dated(at=at), _Dated(at=at, days={at.date(): Status.CLOSED}, length=timedelta(hours=36))):
        read = _Dated.model_validate_json(model.model_dump_json(exclude_unset=True))
        for each in (model, read):
            assert text_of(each.model_dump(exclude_unset=True)) == model.model_dump_json(exclude_unset=True)
            ordered = canonical(each.model_dump(mode="json", exclude_unset=True))
            assert text_of(each.model_dump(exclude_unset=True), ordered=True) == ordered


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_json_does_not_know_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": value})


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"x": {1, 2}})


def test_a_link_is_the_hash_of_the_one_before_and_the_body() -> None:
    assert len(GENESIS) == 64
    assert link(GENESIS, "{}") == hashlib.sha256(b"0" * 64 + b"\n{}").hexdigest()


@given(texts, texts, st.integers(0))
def test_any_change_in_a_body_or_before_it_changes_the_link(one: str, other: str, previous: int) -> None:
    before = f"{previous:064x}"
    assert (link(before, one) == link(before, other)) == (one == other)
    assert link(before, one) != link(link(before, one), one)
