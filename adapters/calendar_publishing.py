"""What a file with tables means as a command: a year's table for a calendar that is there, or a new calendar whole."""

from dataclasses import dataclass

from pydantic import JsonValue

from adapters.calendar_files import Tables
from adapters.world_book import published
from models.calendars import Calendar, Year


@dataclass(frozen=True)
class Publishing:
    """The command with its fields, the tables in it, and the calendar as it would be after it."""

    command: str
    data: dict[str, JsonValue]
    tables: tuple[Year, ...]
    after: Calendar


def publishing(name: str, known: Calendar | None, found: Tables, *, nation: str = "statutory") -> Publishing | None:
    """Return what a file means for a calendar; None where it is so already, or the file holds nothing to use.

    Args:
        name: what the calendar is called.
        known: as it is in force; None where it is new.
        found: the file.
        nation: whose holidays a new calendar without tables of its own lies on.
    """
    if not found.years and not found.week:
        return None
    # The same table again is no event: what is brought twice is there once.
    tables = tuple(table for table in found.years if known is None or known.years.get(table.year) != table)
    if known is None:
        after = Calendar(name=name, years={each.year: each for each in tables} or published().calendars[nation].years)
        after = after.with_week(found.week) if found.week else after
        whole: dict[str, JsonValue] = {"calendar": after.model_dump(mode="json", exclude_defaults=True)}
        return Publishing("publish_calendar", whole, tables, after)
    if not tables and not found.week:
        return None
    after = known
    for table in tables:
        after = after.with_year(table)
    data: dict[str, JsonValue] = {"tables": [table.model_dump(mode="json") for table in tables]}
    if found.week:
        after, data["week"] = after.with_week(found.week), found.week.model_dump(mode="json", exclude_defaults=True)
    return Publishing("publish_table", data, tables, after)
