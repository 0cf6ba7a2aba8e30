"""What is one matter with a petition: the leading case, those that follow, parts, repeats; as a reader may see them."""

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from adapters import tables
from models.case import Case
from web.house import House
from web.people import Visitor
from web.reading import seen


class Related(NamedTuple):
    """Another petition: what it is to this one (Chinese, English), its number, and itself where it may be seen."""

    words: tuple[str, str]
    number: str
    case: Case | None


def related(house: House, who: Visitor, case: Case) -> list[Related]:
    """Return the petitions that are one matter with a case, or were said not to be; what leads comes first."""
    found = list(_numbers(case))
    if not found:
        return []
    query = sa.select(tables.cases.c.state).where(tables.cases.c.id.in_([number for _, number in found]))
    with house.desk.database.reading() as connection:
        cases = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    shown = {each.id: each for each in seen(house, who, cases)}
    return [Related(words, number, shown.get(number)) for words, number in found]


def _numbers(case: Case) -> Iterator[tuple[tuple[str, str], str]]:
    if case.leading:
        yield ("主案", "leading case"), case.leading
    yield from ((("并入本件", "joined to this one"), each) for each in case.followers)
    if case.split_from:
        yield ("拆分自", "split from"), case.split_from
    yield from ((("由本件拆分", "split from this one"), each) for each in case.parts)
    if case.repeat_of:
        yield ("原信访件", "earlier petition"), case.repeat_of
    yield from ((("重复来件", "repeat of this one"), each) for each in case.repeats)
    yield from ((("不是同一件事", "not the same matter"), each) for each in case.not_same)
