"""The state of a case is written straight from what it holds, in the very bytes that its own dump makes."""

import pytest

from models.canonical import text_of
from models.case import Case
from models.telling import what_is_changed
from models.vocabulary import Kind, Status
from tests.core.builders import ALL_WAYS, a_story


@pytest.mark.parametrize("kind", Kind)
def test_every_case_of_every_kind_is_written_as_its_own_dump_has_it_and_read_back(kind: Kind) -> None:
    for status in ALL_WAYS[kind]:
        case = a_story(status, kind=kind).case
        for each in (case, Case.model_validate_json(what_is_changed(case))):
            assert each == case
            assert what_is_changed(each) == text_of(case.model_dump(exclude_defaults=True))


def test_keys_that_are_no_text_are_written_by_the_values_own_dump() -> None:
    case = a_story(Status.IN_FORCE, kind=Kind.CALENDAR).case
    assert case.calendar
    assert case.calendar.years
    assert what_is_changed(case) == text_of(case.model_dump(exclude_defaults=True))
