"""Bad commands at the door: a clear refusal in both languages, nothing lost, and the desk alive."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters import checking
from models.commands import COMMANDS
from models.envelope import Envelope, Receipt
from models.refusals import Refused
from models.vocabulary import Status
from tests.store.bad_commands import FINE, FRESH, OPEN, PARSING, Bad, corpus
from tests.store.desks import Office, dump
from tests.store.sheet_helpers import assert_readable

CORPUS = corpus()


def test_the_corpus_is_large_and_names_each_entry_once() -> None:
    assert sum(bad.becomes != FINE for bad in CORPUS) >= 100
    assert len({bad.name for bad in CORPUS}) == len(CORPUS)


def prepared(office: Office) -> None:
    assert office.a_case(Status.ASSIGNED) == OPEN
    assert office.register() == FRESH


def given_to(office: Office, envelope: dict[str, object]) -> Receipt:
    return office.door.perform([Envelope.model_validate(envelope)])[0]


def tried(office: Office, bad: Bad, number: int) -> None:
    """Try one, and a good one right behind it."""
    envelope = {"id": f"bad{number}", "actor": "clerk", **bad.envelope}
    before = dump(office.database)
    if bad.becomes == FINE:
        receipt = given_to(office, envelope)
        assert office.case(receipt.case).seq == receipt.seq, bad.name
        assert given_to(office, envelope).repeated, bad.name
    elif bad.becomes == PARSING:
        with pytest.raises(ValidationError) as wrong:
            given_to(office, envelope)
        first = wrong.value.errors(include_url=False, include_input=False)[0]
        assert first["loc"], bad.name
    else:
        with pytest.raises(Refused) as refusal:
            given_to(office, envelope)
        assert refusal.value.code == bad.becomes, bad.name
        shown = [sentence.replace("\0", "").replace("\ud800", "") for sentence in (refusal.value.zh, refusal.value.en)]
        assert_readable(*shown)
        assert len(refusal.value.zh) < 600, bad.name
    if bad.becomes != FINE:
        assert dump(office.database) == before, bad.name
    assert office.act(OPEN, "clerk", "note", text=f"之后第{number}条").event == "noted", bad.name


def test_no_bad_command_does_anything_but_say_what_is_wrong_with_it(office: Office) -> None:
    prepared(office)
    for number, bad in enumerate(CORPUS):
        tried(office, bad, number)
    assert office.case(OPEN).seq == 3 + len(CORPUS)
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


def test_bad_commands_among_good_ones_keep_none_of_them_out(office: Office) -> None:
    """All that can be read at all, in one transaction with as many good ones."""
    prepared(office)
    envelopes = []
    for number, bad in enumerate(CORPUS):
        if bad.becomes not in {PARSING, FINE}:
            envelopes.append(Envelope.model_validate({"id": f"bad{number}", "actor": "clerk", **bad.envelope}))
        envelopes.append(office.asking(OPEN, "clerk", "note", text=f"第{number}条"))
    answers = office.door.attempt(envelopes)
    assert [isinstance(answer, Receipt) for answer in answers] == [each.id.startswith("e") for each in envelopes]
    assert office.case(OPEN).seq == 3 + len(CORPUS)
    assert checking.verify(office.database).faults == []


def _written(bad: Bad) -> str | None:
    """The envelope as JSON text, where there is one."""
    try:
        return json.dumps({"id": "j", "actor": "clerk", **bad.envelope})
    except (TypeError, RecursionError, ValueError):
        return None


@pytest.mark.parametrize("bad", [bad for bad in CORPUS if bad.becomes != FINE], ids=lambda bad: bad.name)
def test_what_comes_as_json_text_is_refused_as_well(bad: Bad, request: pytest.FixtureRequest) -> None:
    """NaN, half characters and deep nesting may be stopped by the reader of the text already."""
    text = _written(bad)
    if text is None:
        assert bad.becomes in {PARSING, "malformed"}
        return
    try:
        envelope = Envelope.model_validate_json(text)
    except ValidationError as wrong:
        assert wrong.errors()  # noqa: PT017 - either answer is right here
        return
    assert bad.becomes != PARSING
    office: Office = request.getfixturevalue("small_office")
    prepared(office)
    with pytest.raises(Refused):
        office.door.perform([envelope])


# ── whatever else ──

TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(["clerk", "handler", OPEN, "2026-03-02", "", "\0", "﷽"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def envelopes(draw: st.DrawFn) -> dict[str, Any]:
    """Commands by their names, their fields by their names, and anything for a value."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    fields = st.sampled_from([*COMMANDS[name].model_fields, "unknown"])
    return {
        "id": draw(TEXT | st.uuids().map(str)),
        "actor": draw(st.sampled_from(["clerk", "handler", "dispatcher", "leader", "administrator", "clock"]) | TEXT),
        "command": name,
        "case": draw(st.sampled_from([OPEN, FRESH, "organisation", None]) | TEXT),
        "data": draw(st.dictionaries(fields, JSON | st.just("system"), max_size=5)),
        "occurred_at": draw(st.none() | st.datetimes().map(str) | JSON),
    }


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=st.lists(envelopes(), min_size=1, max_size=4))
def test_whatever_comes_is_accepted_or_refused_and_never_breaks_the_door(
    small_office: Office, drawn: list[dict[str, Any]]
) -> None:
    if not small_office.database.is_sqlite or "XF2026000001" not in _there(small_office):
        prepared(small_office)
    for said in drawn:
        before = dump(small_office.database)
        try:
            given_to(small_office, said)
        except ValidationError:
            assert dump(small_office.database) == before
        except Refused as refusal:
            assert refusal.zh  # noqa: PT017 - either answer is right here
            assert refusal.en  # noqa: PT017 - likewise
            assert dump(small_office.database) == before
    assert small_office.act(OPEN, "clerk", "note").event == "noted"
    assert checking.rebuild(small_office.database, check=True).differences == []


def _there(office: Office) -> set[str]:
    return {str(row[0]) for row in dump(office.database)["cases"]}
