"""The flow chart shows every move of the table, and nothing that is not there."""

import re

import pytest

from models.commands import COMMANDS
from models.flow import HUB, mermaid
from models.lifecycle import LIFECYCLES
from models.vocabulary import ENDS, NO_CASES, Kind, Status

ARROW = re.compile(r"^    (\w+) -->\|(.+)\| (\w+)$", re.MULTILINE)


@pytest.mark.parametrize("kind", Kind)
def test_every_row_that_leads_somewhere_is_an_arrow_and_nothing_else_is(kind: Kind) -> None:
    wanted = set()
    for row in LIFECYCLES[kind]:
        starts = [status.value for status in row.at if status is not row.to] if row.at else ["new"]
        for start in ["any"] if len(starts) >= HUB else starts:
            if row.to:
                wanted.add((start, COMMANDS[row.command].zh, row.to.value))
    drawn = ARROW.findall(mermaid(kind))
    assert {(start, label, end) for start, labels, end in drawn for label in labels.split("、")} == wanted
    assert len({(start, end) for start, _, end in drawn}) == len(drawn), "one arrow between two boxes"


@pytest.mark.parametrize("kind", Kind)
def test_every_box_is_drawn_once_and_has_an_arrow(kind: Kind) -> None:
    chart = mermaid(kind)
    boxes = re.findall(r"^    (\w+)[\[(]", chart, re.MULTILINE)
    assert len(boxes) == len(set(boxes))
    assert set(boxes) == {name for start, _, end in ARROW.findall(chart) for name in (start, end)}


def test_an_end_is_drawn_round_and_a_status_square() -> None:
    chart = mermaid(Kind.PETITION)
    for status in set(Status) - NO_CASES:
        assert (f'{status.value}(["' in chart) == (status in ENDS)
        assert status.zh in chart
