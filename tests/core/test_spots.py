"""A spot as it is written: read in any width, held in one way, refused where it is none; its cells cover 500 m."""

import random

import pytest
from pydantic import TypeAdapter, ValidationError

from models.spots import Coordinates, Spot, spot_of

READ = TypeAdapter(Coordinates)
SEED = 41


@pytest.mark.parametrize(
    "text", ["26.9712,112.3721", "26.9712, 112.3721", "２６.９７１２，１１２.３７２１", "26.9712 112.3721"]
)
def test_however_it_is_written_a_spot_is_held_in_one_way(text: str) -> None:
    assert READ.validate_python(text) == "26.97120,112.37210"
    assert spot_of(READ.validate_python(text)) == Spot(26.9712, 112.3721)


def test_none_is_none() -> None:
    assert READ.validate_python("  ") == ""
    assert spot_of("") is None


@pytest.mark.parametrize("text", ["河口村", "112.3721,26.9712", "26.97", "26.97,112.37,5", "91,0", "0,181", "nan,inf"])
def test_what_is_no_spot_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(ValidationError, match=r"坐标写作.*latitude first"):
        READ.validate_python(text)


def test_whatever_is_within_500_metres_lies_in_one_of_the_cells_around() -> None:
    draw = random.Random(SEED)
    for _ in range(2000):
        one = Spot(draw.uniform(18, 53), draw.uniform(73, 135))
        other = Spot(one.latitude + draw.uniform(-0.0045, 0.0045), one.longitude + draw.uniform(-0.0075, 0.0075))
        if one.kilometres(other) <= 0.5:
            assert other.cell() in one.cells(), f"seed {SEED}: {one} {other}"
