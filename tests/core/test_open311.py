"""What a desk offers over Open311: its services, and what a case is called there."""

import pytest
from pydantic import ValidationError

from models.harms import Harm
from models.open311 import SERVED, STILL_OPEN, Open311, Service, is_still_open
from models.policy import Policy
from models.vocabulary import ENDS, NO_CASES, Status
from tests.core.worlds import a_policy


def test_a_desk_that_says_nothing_offers_the_harms_of_its_own_field_and_lists_nothing() -> None:
    rules = Open311()
    assert [each.code for each in rules.services] == [*(each.value for each in SERVED), "other"]
    assert not rules.listed
    assert rules.service("odour") is not None
    assert rules.service("wages") is None


@pytest.mark.parametrize(
    ("types", "code"), [(("噪声",), "noise"), (("噪声", "异味"), "odour"), ((), "other"), (("欠薪",), "other")]
)
def test_a_petition_is_of_the_first_service_that_one_of_its_types_stands_for(types: tuple[str, ...], code: str) -> None:
    assert Open311().service_of(types).code == code


def test_the_channel_is_the_one_named_else_the_platform_else_the_first() -> None:
    assert Open311(channel="phone").channel_of(("phone", "platform")) == "phone"
    assert Open311().channel_of(("letter", "platform")) == "platform"
    assert Open311().channel_of(("visit", "letter")) == "letter"


def test_every_status_is_open_or_closed_and_what_is_closed_for_now_is_open() -> None:
    closed = {*ENDS, Status.CLOSED, Status.SIGNED_OFF}
    assert STILL_OPEN | closed == set(Status) - NO_CASES
    assert not STILL_OPEN & closed
    assert is_still_open(Status.INTERIM)
    assert not is_still_open(Status.SIGNED_OFF)


def _with(**told: object) -> Policy:
    return Policy.model_validate({**a_policy().model_dump(mode="json"), "open311": told})


def test_a_policy_names_a_channel_that_exists_and_no_service_twice() -> None:
    one = Service(code="a", zh="甲", en="a", type="甲").model_dump()
    assert _with(channel="phone", services=[one]).open311.service("a")
    with pytest.raises(ValidationError, match="channel"):
        _with(channel="pigeon")
    with pytest.raises(ValidationError, match="twice"):
        _with(services=[one, one])
    with pytest.raises(ValidationError):
        _with(services=[{**one, "code": "a/b"}])


def test_words_that_are_offered_are_those_of_the_harms() -> None:
    assert Harm.ODOUR in SERVED
    assert Open311().services[0].keywords[0] == "臭"
