"""How the petitions of each year and each round stand, counted in the read model; and that as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.import_history import Meaning
from adapters.naming import people_word, unit_word
from adapters.spreadsheets.plain import NewSheet, write_plain
from adapters.statistics import span
from models.case import Case
from models.counting import legal_day
from models.instants import shown_due
from models.rounds import COUNTS, Group, Line, line, query_of
from models.statistics import Period
from models.three_lists import put_right_by
from models.vocabulary import Kind, Status
from models.world import World

HEADS: Final = ("收件", "办结", "销号", "办结待销号", "继续整改", "超期", "其他终结", "最近时限")
LISTED: Final = 1000
"""Petitions still open that are told one by one, the soonest due first."""


@dataclass(frozen=True)
class Rounds:
    """A line for each year, one for each round, all together, and what is still open, the soonest due first."""

    years: Sequence[Line]
    campaigns: Sequence[Line]
    whole: Line
    titles: dict[str, str]
    """What the rounds are called."""
    still: Sequence[Case]


def rounds(database: Database, world: World, now: datetime) -> Rounds:
    """Count the petitions by the year they came in and by their round, as they stand now."""
    columns = tables.cases.c
    with database.reading() as connection:
        first, last = connection.execute(
            sa.select(sa.func.min(columns.registered_at), sa.func.max(columns.registered_at)).where(_petitions())
        ).one()
        numbers = range(legal_day(first).year, legal_day(last).year + 1) if first and last else ()
        years = [line(str(year), _groups(connection, now, within(year))) for year in numbers]
        whole = line("", _groups(connection, now))
        names = connection.execute(
            sa.select(columns.campaign, sa.func.min(columns.registered_at).label("since"))
            .where(_petitions(), columns.campaign.is_not(None))
            .group_by(columns.campaign)
            .order_by("since", columns.campaign)
        )
        some = [str(row.campaign) for row in names]
        campaigns = [line(name, _groups(connection, now, columns.campaign == name)) for name in some]
        query = sa.select(columns.state).where(_petitions(), columns.is_open)
        query = query.order_by(columns.due.is_(None), columns.due, columns.id).limit(LISTED)
        still = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    titles = Meaning(database, world).titles
    return Rounds([each for each in years if each.received], campaigns, whole, titles, still)


def _petitions() -> sa.ColumnElement[bool]:
    return tables.cases.c.kind == Kind.PETITION.value


def within(year: int) -> sa.ColumnElement[bool]:
    """Return what is true of a case that came in a year."""
    return tables.cases.c.registered_at.between(*span(Period(date(year, 1, 1), date(year, 12, 31))))


def _groups(connection: sa.Connection, now: datetime, *some: sa.ColumnElement[bool]) -> Iterator[Group]:
    columns = tables.cases.c
    late = sa.func.sum(sa.case((sa.and_(columns.is_open, columns.due <= now), 1), else_=0))
    due: sa.ColumnElement[Any] = sa.func.min(sa.case((columns.is_open, columns.due)), type_=columns.due.type)
    query = sa.select(columns.status, sa.func.count(), late, due).where(_petitions(), *some).group_by(columns.status)
    for status, count, overdue, nearest in connection.execute(query):
        yield Group(Status.of(status), int(count), int(overdue), nearest)


def scope_of_year(name: str) -> dict[str, str]:
    """Return how the list is asked for a year's petitions."""
    return {"from": f"{name}-01-01", "to": f"{name}-12-31"}


def rounds_view(found: Rounds) -> dict[str, object]:
    """Return the lines as plain objects, each figure with what the list is asked for to show its cases."""

    def told(each: Line, scope: dict[str, str], title: str = "") -> dict[str, object]:
        counts = {name: getattr(each, name) for name in COUNTS}
        due = each.due.isoformat() if each.due else None
        cases = {name: query_of(scope, name) for name in COUNTS}
        return {"name": each.name, "title": title or each.name, **counts, "due": due, "cases": cases}

    return {
        "years": [told(each, scope_of_year(each.name)) for each in found.years],
        "campaigns": [told(each, {"campaign": each.name}, found.titles.get(each.name, "")) for each in found.campaigns],
        "whole": told(found.whole, {}),
        "continuing": [
            {
                "case": each.id,
                "campaign": each.campaign,
                "unit": each.unit,
                "leader": each.leader,
                "due": each.due.isoformat() if each.due else None,
            }
            for each in found.still
        ],
    }


def write_rounds(path: Path, world: World, found: Rounds, now: datetime) -> None:
    """Write the lines as a workbook: years, rounds, and what is still open.

    Raises:
        SheetError: ``cannot_write``.
    """

    def rows(lines: Iterable[Line], titles: dict[str, str]) -> list[tuple[str, ...]]:
        return [
            (
                titles.get(each.name, each.name) or "合计",
                *(str(getattr(each, name)) for name in COUNTS),
                shown_due(each.due) if each.due else "",
            )
            for each in (*lines, found.whole)
        ]

    still = [
        (
            each.id,
            found.titles.get(each.campaign or "", each.campaign or ""),
            legal_day(each.registered_at).isoformat() if each.registered_at else "",
            each.summary,
            unit_word(world.organisation, each.unit) if each.unit else "",
            people_word(world.organisation, each.leader) if each.leader else "",
            str(put_right_by(each) or ""),
            "是" if each.due and each.due <= now else "",
            each.status.zh,
        )
        for each in found.still
    ]
    write_plain(
        path,
        [
            NewSheet("按年度", "", ("年度", *HEADS), rows(found.years, {})),
            NewSheet("按批次", "", ("批次", *HEADS), rows(found.campaigns, found.titles)),
            NewSheet(
                "继续整改",
                "",
                ("编号", "批次", "收件日期", "问题", "责任单位", "责任领导", "整改时限", "是否超期", "状态"),
                still,
            ),
        ],
    )
