"""The examples of docs/clocks.md, read out of the page and run as they stand there."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from models.calendars import AllDays, Calendar, make_calendar
from models.counting import Rule, Unit, after, count, counted_between, shift_days
from models.policy import Length, LengthText
from tests.core.test_calendars import all_days, documents

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clocks.md"
COUNT = {"start", "length", "due", "calendar", "skipped", "rolled", "provisional", "all_days"}
SWITCHES = set(Rule.model_fields)
SETTING = {"orders", "table", "week"}
TOPICS = {
    *("sixty-days", "five-working-days-over-national-day", "twenty-four-hours", "four-working-hours-over-lunch"),
    *("half-a-day-from-the-morning", "the-same-evening", "friday-midnight", "roll-over", "provisional", "an-order"),
    *("saturday-morning", "a-stretch-in-working-days", "going-on", "one-working-day-before"),
}


def read() -> list[dict[str, Any]]:
    """Every block of the page."""
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [tomllib.loads(block) for block in blocks]


def examples() -> list[dict[str, Any]]:
    return [block for block in read() if "example" in block]


def instant(written: str) -> datetime:
    """Read ``2026-09-03 24:00``, Beijing time."""
    day, _, clock = written.partition(" ")
    hours, minutes = map(int, clock.split(":"))
    at = datetime.fromisoformat(f"{day}T00:00:00+08:00") + timedelta(hours=hours, minutes=minutes)
    return at.astimezone(UTC)


def span(written: str) -> timedelta:
    hours, minutes = map(int, written.split(":"))
    return timedelta(hours=hours, minutes=minutes)


def calendar_of(example: dict[str, Any]) -> Calendar:
    if example.get("calendar") == "all-days":
        return all_days()
    assert "calendar" not in example
    extra = [example[name] for name in ("table", "week") if name in example]
    return make_calendar("statutory", [*documents(), *extra]).under(
        tuple(AllDays.model_validate(order) for order in example.get("orders", ()))
    )


def named(kind: str) -> list[Any]:
    return [pytest.param(each, id=each["example"]) for each in examples() if kind in each]


def test_the_page_has_an_example_of_everything_and_each_is_of_one_kind() -> None:
    found = [each["example"] for each in examples()]
    assert len(found) == len(set(found))
    assert set(found) >= TOPICS
    kinds = [sum(kind in each for kind in ("length", "counted", "offset")) for each in examples()]
    assert set(kinds) == {1}
    assert all(each.keys() <= COUNT | SWITCHES | SETTING | {"example"} for each in examples() if "length" in each)


def test_every_unit_has_an_example() -> None:
    units = {each["length"].split()[1] for each in examples() if "length" in each}
    assert units == {unit.value for unit in Unit}


@pytest.mark.parametrize("example", named("length"))
def test_a_count_ends_when_the_page_says(example: dict[str, Any]) -> None:
    length: Length = TypeAdapter(LengthText).validate_python(example["length"])
    rule = Rule.model_validate({name: example[name] for name in SWITCHES & example.keys()})
    counted = count(calendar_of(example), instant(example["start"]), length.count, length.unit, rule)
    assert counted.at == instant(example["due"])
    skipped = [f"{skip.first} 至 {skip.last} {skip.why}" for skip in counted.skipped]
    assert skipped == example.get("skipped", [])
    assert counted.rolled == example.get("rolled", 0)
    assert counted.provisional is example.get("provisional", False)
    assert [each.order for each in counted.all_days] == example.get("all_days", [])


@pytest.mark.parametrize("example", named("counted"))
def test_as_much_of_a_stretch_counts_as_the_page_says(example: dict[str, Any]) -> None:
    assert example.keys() == {"example", "from", "until", "unit", "counted"}
    calendar, unit = calendar_of(example), Unit(example["unit"])
    since, until = instant(example["from"]), instant(example["until"])
    assert counted_between(calendar, since, until, unit) == span(example["counted"])
    assert after(calendar, since, span(example["counted"]), unit) == until


@pytest.mark.parametrize("example", named("offset"))
def test_an_offset_is_where_the_page_says(example: dict[str, Any]) -> None:
    days, unit = example["offset"].split()
    assert shift_days(calendar_of(example), instant(example["from"]), int(days), Unit(unit)) == instant(example["to"])
