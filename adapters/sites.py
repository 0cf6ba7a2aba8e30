"""Reading the site ledger: sites by words and trade; those a petition may be about; those that are like one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.plain import plain
from adapters.queries import Filter, conditions
from adapters.searching import cell_tag, pieces_asked, site_tag, trade_tag
from models.areas import area_of
from models.case import Case
from models.likeness import NEAR
from models.names import alike, core, same_respondent
from models.spots import Spot, spot_of
from models.vocabulary import Kind, Status

SUGGESTED: Final = 3
LOOKED_AT: Final = 200
"""Sites of a township, and petitions or tasks of a site, that are looked at, the newest."""


def sites(database: Database, within: Filter, *, trade: str = "", limit: int | None = 200) -> list[Case]:
    """Return sites, the newest first; ``within.words`` are looked for in name, other names, place and number."""
    columns = tables.cases.c
    with database.reading() as connection:
        some = conditions(database, connection, within)
        if trade:
            index = tables.case_pieces.c
            some.append(columns.id.in_(sa.select(index.case_id).where(index.piece == trade_tag(trade))))
        query = sa.select(columns.state).where(columns.kind == Kind.SITE.value, *some)
        query = query.order_by(columns.registered_at.desc(), columns.id.desc()).limit(limit)
        return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]


def at_site(database: Database, number: str) -> list[Case]:
    """Return the petitions and tasks at a site, the newest first."""
    index, columns = tables.case_pieces.c, tables.cases.c
    some = sa.select(index.case_id).where(index.piece == site_tag(number))
    query = (
        sa.select(columns.state).where(columns.id.in_(some)).order_by(columns.registered_at.desc(), columns.id.desc())
    )
    with database.reading() as connection:
        return [Case.model_validate_json(state) for state in connection.execute(query.limit(LOOKED_AT)).scalars()]


def titles(database: Database, numbers: Iterable[str]) -> dict[str, Case]:
    """Return sites by their numbers."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.id.in_(list(numbers)), columns.kind == Kind.SITE.value)
    with database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    return {each.id: each for each in found}


class Busy(NamedTuple):
    """A site, how many petitions there came in between two instants, and how many are open of all there are."""

    site: Case
    received: int
    open: int


def busiest(database: Database, between: tuple[datetime, datetime], limit: int = 10) -> list[Busy]:
    """Return the sites with most petitions registered between two instants, those with most open first among equals."""
    index, columns = tables.case_pieces.c, tables.cases.c
    received = sa.func.sum(sa.case((columns.registered_at.between(*between), 1), else_=0)).label("received")
    still = sa.func.sum(sa.case((columns.is_open, 1), else_=0)).label("still")
    query = (
        sa.select(index.piece, received, still)
        .join(tables.cases, columns.id == index.case_id)
        .where(index.piece > site_tag("S"), index.piece < site_tag("T"), columns.kind == Kind.PETITION.value)
        .group_by(index.piece)
        .having(received > 0)
        .order_by(received.desc(), still.desc(), index.piece)
        .limit(limit)
    )
    with database.reading() as connection:
        rows = [(str(row.piece)[1:], int(row.received), int(row.still)) for row in connection.execute(query)]
    known = titles(database, [number for number, _, _ in rows])
    return [Busy(known[number], received, still) for number, received, still in rows if number in known]


def suggested(database: Database, case: Case) -> list[Case]:
    """Return the sites a petition may be about: of its area, and named as it is or as its respondents are."""
    names = [plain(each) for each in (case.respondent, *(each.respondent_found for each in case.findings)) if each]
    text, spot = plain(f"{case.place}。{case.summary}"), spot_of(case.spot)
    found = []
    for each in _candidates(database, text, names, spot):
        likeness = _fits(each, text, names) or _lies(each, spot)
        if likeness:
            found.append((likeness, each))
    found.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [each for _, each in found[:SUGGESTED]]


def like(database: Database, site: Case, *, everywhere: bool = False) -> list[Case]:
    """Return sites in operation of the same trade, in the same township or everywhere; never the site itself."""
    if not site.trade:
        return []
    found = sites(database, Filter(kind=Kind.SITE), trade=site.trade, limit=LOOKED_AT)
    return [
        each
        for each in found
        if each.id != site.id
        and each.status is Status.OPERATING
        and (everywhere or area_of(each.place) == area_of(site.place))
    ]


def _candidates(database: Database, text: str, names: Sequence[str], spot: Spot | None) -> list[Case]:
    """Return sites that share a pair of characters of a name, or the township, or lie near."""
    index, columns = tables.case_pieces.c, tables.cases.c
    pieces = sorted({piece for each in (*names, text) for piece in pieces_asked(each) if len(piece) > 1})[:LOOKED_AT]
    pieces += map(cell_tag, spot.cells()) if spot else ()
    if not pieces:
        return []
    shared = sa.select(index.case_id).where(index.piece.in_(pieces), index.case_id.startswith("S"))
    shared = shared.group_by(index.case_id).order_by(sa.func.count().desc()).limit(LOOKED_AT)
    query = sa.select(columns.state).where(columns.id.in_(shared), columns.kind == Kind.SITE.value)
    with database.reading() as connection:
        return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]


def _lies(site: Case, spot: Spot | None) -> bool:
    """Return whether a site lies where the petition says, whatever it is called there."""
    there = spot_of(site.spot)
    return bool(spot and there and spot.kilometres(there) <= NEAR)


def _fits(site: Case, text: str, names: Sequence[str]) -> int:
    """Return how well a site fits: 2 by a name of a respondent, 1 by its name standing in the text, 0 not at all."""
    area, there = area_of(plain(site.place)), area_of(text)
    if area and there and not alike(area, there):
        return 0
    own = [plain(each) for each in (site.title, *site.aliases)]
    if any(same_respondent(mine, name) for mine in own for name in names):
        return 2
    return int(any(len(core(each)) > 1 and core(each) in text for each in own))
