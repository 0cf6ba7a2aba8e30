"""A row of an existing ledger (台账) on its way into the ledger: who is meant, and the envelopes that tell its history.

Each step is told at the sheet's own day, so that years are counted right and nothing rings retrospectively. A row that
does not fit together stays out whole; the same row again is known by what its case says, not only by its text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import tables
from adapters.database import Database
from adapters.organisation_columns import Names
from adapters.plain import plain
from adapters.spreadsheets.told import Told
from models.case import Case
from models.counting import legal_day
from models.standing import name_of
from models.three_lists import put_right_by
from models.vocabulary import Kind, Status
from models.world import World

NAME_LIMIT: Final = 64
STATES: Final = {
    Status.CLOSED: "closed",
    Status.SIGNED_OFF: "signed_off",
    Status.RECONSIDERING: "closed",
    Status.INTERIM: "interim",
}
"""How a ledger tells where a case stands; every other open status is rectifying."""


@dataclass(frozen=True)
class Meant:
    """Whom and what a row names, by id; ``notes`` keeps the names of former units and people that no id stands for."""

    unit: str | None
    leader: str | None
    campaign: str | None
    notes: Sequence[str] = field(default=())
    unknown: Sequence[str] = field(default=())
    """The fields of an item still to be put right that name nobody who is there."""


class Meaning:
    """What the names in a ledger's cells stand for: today's organisation, and its former units and people."""

    def __init__(self, database: Database, world: World) -> None:
        """Take over the organisation's names and the campaigns' titles."""
        organisation = world.organisation
        self._names = Names.of(organisation) if organisation else Names((), ())
        columns = tables.cases.c
        query = sa.select(columns.state).where(columns.kind == Kind.CAMPAIGN.value)
        with database.reading() as connection:
            found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
        self._campaigns = {plain(each.title): name_of(each) for each in found}
        self.titles = {name_of(each): each.title for each in found}

    def of(self, told: Told) -> Meant:
        """Return what a row's names stand for; of what is done, former units and people count too."""
        units, people = self._names.units_called(told.unit), self._names.people_called(told.leader)
        if told.done:
            units = units or [each.id for each in self._names.units.values() if told.unit in each.names]
            people = people or [each.id for each in self._names.people.values() if each.name == told.leader]
        notes, unknown = [], []
        for name, text, ids in (("unit", told.unit, units), ("leader", told.leader, people)):
            if text and len(ids) != 1:
                unknown.append(name)
                notes.append(f"台账中的{'责任单位' if name == 'unit' else '责任领导'}：{text}")
        campaign = told.campaign[:NAME_LIMIT].strip()
        return Meant(
            units[0] if told.unit and len(units) == 1 else None,
            people[0] if told.leader and len(people) == 1 else None,
            self._campaigns.get(plain(campaign), campaign) or None,
            notes,
            () if told.done else unknown,
        )

    def unit(self, name: str | None) -> str:
        """Write a unit, so that it is read as the same."""
        return self._names.unit(name) if name in self._names.units else name or ""

    def person(self, name: str | None) -> str:
        """Write a person, so that they are read as the same."""
        return self._names.person(name) if name in self._names.people else name or ""


def days_ahead(received: date | None, told: Told, now: datetime) -> list[str]:
    """Return the fields whose days have not come yet, though the row tells of them as past."""
    today = legal_day(now)
    days = {"received": received, "closed": told.closed, "signed_off": told.signed_off}
    return [name for name, day in days.items() if day and day > today]


Step = tuple[str, str, dict[str, JsonValue], date | None]
"""What is added to the envelope's id, the command, its data, the day it occurred."""


def steps(
    told: Told, meant: Meant, said: Mapping[str, JsonValue], received: date | None, case: Case | None
) -> list[Step]:
    """Return the commands that bring a case to where a row stands.

    Args:
        told: the item's history.
        meant: whom it names.
        said: what else the row says of it: measures, findings and so on.
        received: when it came in.
        case: the case as it stands, None where it is registered with the same order.
    """
    data: dict[str, JsonValue] = {
        **said,
        "state": "closed" if told.done else told.state,
        "unit": meant.unit,
        "leader": meant.leader,
        "rectify_by": told.due.isoformat() if told.due else None,
    }
    history: Step = (
        "",
        "record_history",
        {name: value for name, value in data.items() if value},
        told.closed or received,
    )
    signed: Step = ("/signed_off", "record_sign_off", {}, told.signed_off)
    if told.state != "signed_off":
        return [history]
    return [signed] if case and case.status is Status.CLOSED else [history, signed]


def stands_so(case: Case, told: Told, meant: Meant, same: Callable[[str], bool]) -> bool:
    """Tell whether a case says already what a row tells; ``same`` tells it of the texts by their fields."""
    days = {
        "closed": (case.closed_at, told.closed if told.done else None),
        "signed_off": (case.signed_off_at, told.signed_off),
    }
    return (
        STATES.get(case.status, "rectifying") == told.state
        and all((legal_day(at) if at else None) == day for at, day in days.values())
        and put_right_by(case) == told.due
        and (case.unit, case.leader, case.campaign) == (meant.unit, meant.leader, meant.campaign)
        and all(map(same, ("measures", "goal", "remarks")))
    )
