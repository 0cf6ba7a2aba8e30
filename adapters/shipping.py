"""Bringing what is shipped with a version into the ledger: policies, calendars, the organisation to begin with.

What every decision rests on is an audited stream like any case, so that "as of" is true for it too. A new version that
brings a year's table publishes it here, and the due dates that rested on weekends alone are counted again.
"""

import tomllib
from contextlib import suppress
from importlib import resources

from pydantic import JsonValue

from adapters.database import CONFLICT
from adapters.door import OWN_IDS, Door
from adapters.ledger import standing
from adapters.marks import read_mark, write_mark
from adapters.world_book import ORGANISATION, digest, shipped
from models.calendars import Calendar
from models.case import Case
from models.envelope import Envelope
from models.standing import stream_of
from models.vocabulary import Kind

MARK = "shipped"


def ship(door: Door) -> None:
    """Publish what the ledger does not have yet; a look at one row where there is nothing new."""
    now = digest()
    if read_mark(door.database, MARK) == now:
        return
    with door.database.reading() as connection:
        there = {each.id: each for each in standing(connection)}
    envelopes = [*_calendars(there), *_policies(there), *_organisation(there)]
    for envelope in envelopes:
        door.perform([envelope], trusted=True)
    # Where two processes start at once, either's mark says the same.
    with suppress(*CONFLICT):
        write_mark(door.database, MARK, now)


def _envelope(stream: str, step: str, command: str, data: dict[str, JsonValue]) -> Envelope:
    return Envelope(id=f"{OWN_IDS}shipped/{stream}/{step}", case=stream, actor="engine", command=command, data=data)


def _calendars(there: dict[str, Case]) -> list[Envelope]:
    envelopes = []
    for calendar in shipped().calendars:
        stream = stream_of(Kind.CALENDAR, calendar.name)
        held = there.get(stream)
        if held is None or held.calendar is None:
            whole = calendar.model_dump(mode="json", exclude_defaults=True)
            envelopes.append(_envelope(stream, "first", "publish_calendar", {"calendar": whole}))
        elif newer := _newer(calendar, held.calendar):
            step = ",".join(f"{each['year']}-{each['version']}" for each in newer)
            envelopes.append(_envelope(stream, step, "publish_table", {"tables": list(newer)}))
    return envelopes


def _newer(calendar: Calendar, held: Calendar) -> list[dict[str, JsonValue]]:
    """Return the shipped tables that are of a year the ledger has none for, or of a higher version."""
    return [
        table.model_dump(mode="json")
        for year, table in sorted(calendar.years.items())
        if year not in held.years or int(held.years[year].version) < int(table.version)
    ]


def _policies(there: dict[str, Case]) -> list[Envelope]:
    return [
        _envelope(
            stream_of(Kind.POLICY, policy.name),
            "first",
            "publish_policy",
            {"document": policy.model_dump(mode="json", exclude_defaults=True), "sha256": sha},
        )
        for policy, sha in shipped().policies
        if stream_of(Kind.POLICY, policy.name) not in there
    ]


def _organisation(there: dict[str, Case]) -> list[Envelope]:
    if ORGANISATION in there:
        return []
    file = resources.files("policies") / "organisations" / "starter.toml"
    organisation = tomllib.loads(file.read_text(encoding="utf-8"))
    first = _envelope(ORGANISATION, "first", "define_organisation", {"organisation": organisation})
    return [first.model_copy(update={"id": f"{OWN_IDS}organisation/first"})]
