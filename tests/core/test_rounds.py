"""办结 and 销号 counted apart: what adds up to what, and how the list is asked for each figure's cases."""

from models.rounds import COUNTS, Group, line, query_of
from models.vocabulary import Status
from tests.core.worlds import START

S = Status


def test_what_came_in_is_what_was_closed_goes_on_or_ended_and_the_sign_off_is_counted_apart() -> None:
    groups = [
        Group(S.SIGNED_OFF, 246, 0, None), Group(S.CLOSED, 4, 0, None), Group(S.RECTIFYING, 8, 3, START),
        Group(S.INTERIM, 2, 1, None), Group(S.WITHDRAWN, 1, 0, None),
    ]  # fmt: skip
    found = line("2017", groups)
    assert {name: getattr(found, name) for name in COUNTS} == {
        "received": 261, "closed": 250, "signed_off": 246, "waiting": 4, "open": 10, "late": 4, "ended": 1,
    }  # fmt: skip
    assert found.received == found.closed + found.open + found.ended
    assert found.due == START


def test_a_year_without_petitions_is_all_noughts() -> None:
    assert (line("2016", []).received, line("2016", []).due) == (0, None)


def test_every_figure_says_how_its_cases_are_listed() -> None:
    for name in COUNTS:
        assert query_of({"campaign": "c"}, name).items() >= {"kind": "petition", "campaign": "c"}.items()
    assert len({tuple(query_of({}, name).items()) for name in COUNTS}) == len(COUNTS)
