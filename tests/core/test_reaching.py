"""Petitioners are known again by their numbers, however they are written; by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reaching import check_digit, identity_number, reached_by

IDENTITY = "11010519491231002X"  # the standard's own example


@pytest.mark.parametrize(
    ("contact", "known"),
    [
        ("13900000000", {"mobile:13900000000"}),
        ("+86 139-0000-0000", {"mobile:13900000000"}),
        ("0086 139 0000 0000", {"mobile:13900000000"}),
        ("１３９００００００００", {"mobile:13900000000"}),
        ("电话：13900000000，备用0734-8221234", {"mobile:13900000000", "phone:7348221234"}),
        ("0734 8221234", {"phone:7348221234"}),
        ("(0734)8221234", {"phone:7348221234"}),
        ("+86 734 8221234", {"phone:7348221234"}),
        ("8221234", {"local:8221234"}),
        (IDENTITY, {f"id:{IDENTITY.lower()}"}),
        (IDENTITY.lower(), {f"id:{IDENTITY.lower()}"}),
        ("110105491231002", {f"id:{IDENTITY.lower()}"}),
        ("110105194912310021", set()),
        ("110105199913310023", set()),
        ("110105991331002", set()),
        ("Li.Si@Example.COM", {"mail:li.si@example.com"}),
        ("li4@13900000000.com", {"mail:li4@13900000000.com"}),
        ("青石镇河口村3号", set()),
        ("王某", set()),
        ("", set()),
        ("12345", set()),
        ("1390000000012345", set()),
    ],
)
def test_a_number_is_the_same_however_it_is_written(contact: str, known: set[str]) -> None:
    assert reached_by({"contact": contact}) == known
    assert reached_by({"petitioner": contact}) == known


def test_a_complaints_own_words_hold_other_peoples_numbers() -> None:
    assert reached_by({"text": "老板电话13900000000", "petitioner": "李四"}) == frozenset()


@given(st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_an_identity_number_of_fifteen_is_that_of_eighteen(body: str) -> None:
    number = body + check_digit(body)
    assert identity_number(number) == number
    assert identity_number(body[:6] + body[8:]) == number
    wrong = "0" if number[-1] != "0" else "1"
    assert identity_number(body + wrong) == ""
