"""The stories of docs/clocks.md (the second half), read out of the page and played as they stand there."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.calendars import Year
from models.decide import blank
from models.instants import shown_due
from tests.core.builders import NUMBER, Story, a_command, a_world, an_actor, the_clock
from tests.core.test_clock_examples import PAGE, instant, read

STORIES = {
    *("a-hearing", "a-hearing-over-working-days", "past-its-date", "an-extension", "a-table-arrives"),
    *("an-order-story", "three-platforms", "one-is-answered", "the-ladder", "an-instruction", "two-yellows"),
}


def stories() -> list[Any]:
    return [pytest.param(each, id=each["story"]) for each in read() if "story" in each]


def play(block: dict[str, Any]) -> tuple[Story, list[tuple[datetime, dict[str, Any]]]]:
    """Play a story's steps; whatever is due in between rings when it is due."""
    first = instant(" ".join(block["steps"][0].split()[:2]))
    world = a_world()
    story = Story(world, blank(world, NUMBER, "register", first), first)
    rang = []
    for step in block["steps"]:
        day, clock, who, command, *fields = step.split(maxsplit=4)
        rang += story.until(instant(f"{day} {clock}"))
        if command == "recount":
            table = Year.model_validate(block["table"])
            calendar = story.world.calendars["statutory"].with_year(table)
            story.world = replace(story.world, calendars={**story.world.calendars, "statutory": calendar})
        given = json.loads(fields[0]) if fields else {}
        if command != "wait":
            story.tell(an_actor(who), a_command(command, story.case, **given))
    return story, [(at, each.event.said) for at, each in rang]


def test_the_page_tells_every_story_and_no_other() -> None:
    assert {each["story"] for each in read() if "story" in each} == STORIES
    assert PAGE.exists()


@pytest.mark.parametrize("block", stories())
def test_a_story_ends_as_the_page_says(block: dict[str, Any]) -> None:
    story, rang = play(block)
    for name, due in block.get("due", {}).items():
        assert shown_due(the_clock(story.case, name).due) == due, name
    for name in block.get("stopped", []):
        assert story.case.clock(name) is None, name
    wanted = block.get("rang", [])
    clock = block.get("clock", "close")
    assert [f"{shown_due(at)} {said['rung']}" for at, said in rang if said["clock"] == clock] == wanted or not wanted
    assert [each.id for each in story.case.proposals] == block.get(
        "proposed", [each.id for each in story.case.proposals]
    )
    if "light" in block:
        assert story.case.light == block["light"]
    assert story.at - instant(" ".join(block["steps"][0].split()[:2])) >= timedelta(0)
