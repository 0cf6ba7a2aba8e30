"""Whose three lists: the cases of a campaign, an action plan, a site or a township; and the lists as a workbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters import queries, tables
from adapters.database import Database
from adapters.import_history import Meaning
from adapters.naming import people_word, unit_word
from adapters.plain import plain
from adapters.plans import items_of
from adapters.sites import at_site
from adapters.spreadsheets.plain import NewSheet, write_plain
from adapters.statistics import areas_of
from models.case import Case
from models.counting import legal_day
from models.instants import shown_due
from models.refusals import Malformed, Unknown
from models.three_lists import ThreeLists
from models.vocabulary import Kind
from models.world import World

MOST: Final = 20_000
"""Cases of a campaign or a township that are looked at, the oldest."""
AT_ONCE: Final = 500
PROBLEMS: Final = (
    *("序号", "编号", "问题", "地点", "问题类型", "是否属实", "发现日期"),
    *("责任单位", "责任领导", "状态", "办结日期", "销号日期"),
)
TASKS: Final = (
    *("序号", "编号", "所属", "类别", "整改任务", "整改标准", "责任单位", "责任领导", "承办人"),
    *("整改时限", "是否超期", "状态", "办结日期", "按期", "销号日期"),
)
DUTIES: Final = ("序号", "责任单位", "责任领导", "承办人", "件数", "未完成", "超期", "最近时限", "编号")


@dataclass(frozen=True)
class Scope:
    """Whose lists are asked for; one of them is named."""

    campaign: str = ""
    plan: str = ""
    site: str = ""
    township: str = ""

    @property
    def asked(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.campaign or self.plan or self.site or self.township)


def campaigns(database: Database, world: World) -> dict[str, str]:
    """Return what campaigns and rounds are called by name: those that were opened, and those that cases came with."""
    column, titles = tables.cases.c.campaign, Meaning(database, world).titles
    with database.reading() as connection:
        told = connection.execute(sa.select(column).where(column.is_not(None)).distinct()).scalars()
        names = sorted({*world.campaigns, *titles, *map(str, told)})
    return {name: titles.get(name) or name for name in names}


def campaign_called(known: Mapping[str, str], text: str) -> str:
    """Return the name of the one of these campaigns that has this name or this title.

    Raises:
        Malformed: there is none, or more than one.
    """
    if text in known:
        return text
    found = [name for name, title in known.items() if plain(text) in {plain(name), plain(title)}]
    if not found:
        raise Malformed(field="campaign", why="没有这个专项行动 / there is no such campaign")
    if len(found) > 1:
        raise Malformed(
            field="campaign", why="不止一个专项行动叫这个名称，请填代码 / several are called so: name the id"
        )
    return found[0]


def cases_of(database: Database, world: World, scope: Scope) -> list[Case]:
    """Return the petitions and tasks that a scope means, petitions with their tasks right after them.

    Raises:
        Unknown: there is no such plan or site.
    """
    if scope.plan:
        return items_of(database, _stream(database, scope.plan, Kind.PLAN))
    if scope.site:
        found = at_site(database, _stream(database, scope.site, Kind.SITE).id)[::-1]
    elif scope.township:
        areas = areas_of(database, world.organisation, scope.township)
        wanted = queries.Filter(kind=Kind.PETITION, areas=areas)
        found = list(queries.listed(database, wanted, MOST))
    else:
        found = list(queries.listed(database, queries.Filter(campaign=scope.campaign), MOST))
    return _with_tasks(database, found)


def _stream(database: Database, number: str, kind: Kind) -> Case:
    found = queries.case(database, number)
    if found.kind is not kind:
        raise Unknown(case=number)
    return found


def _with_tasks(database: Database, found: list[Case]) -> list[Case]:
    """Return cases with the tasks of each petition after it, each task once."""
    there = {each.id: each for each in found}
    missing = [task.id for each in found for task in each.tasks if task.id not in there]
    columns = tables.cases.c
    for begin in range(0, len(missing), AT_ONCE):
        query = sa.select(columns.state).where(columns.id.in_(missing[begin : begin + AT_ONCE]))
        with database.reading() as connection:
            there |= {case.id: case for case in map(Case.model_validate_json, connection.execute(query).scalars())}
    order: dict[str, Case] = {}
    for each in found:
        if each.kind is Kind.PETITION:
            order[each.id] = each
            order |= {task.id: there[task.id] for task in each.tasks if task.id in there}
    return list((order | {each.id: order.get(each.id, each) for each in found}).values())


def write_lists(path: Path, world: World, title: str, lists: ThreeLists) -> None:
    """Write the three lists as a workbook, a sheet each.

    Raises:
        SheetError: ``cannot_write``.
    """
    write_plain(
        path,
        [
            NewSheet("问题清单", f"{title} 问题清单", PROBLEMS, list(_problem_rows(world, lists))),
            NewSheet("任务清单", f"{title} 任务清单", TASKS, list(_task_rows(world, lists))),
            NewSheet("责任清单", f"{title} 责任清单", DUTIES, list(_duty_rows(world, lists))),
        ],
    )


def _problem_rows(world: World, lists: ThreeLists) -> Iterable[tuple[str, ...]]:
    for number, each in enumerate(lists.problems, 1):
        yield (
            str(number),
            each.case.id,
            each.what,
            each.place,
            "、".join(each.case.types) or each.case.category,
            each.verdict.zh if each.verdict else "",
            each.since.isoformat() if each.since else "",
            _unit(world, each.case.unit),
            _person(world, each.case.leader),
            each.case.status.zh,
            *_ends(each.case),
        )


def _task_rows(world: World, lists: ThreeLists) -> Iterable[tuple[str, ...]]:
    for number, each in enumerate(lists.tasks, 1):
        case, closed, signed = each.case, *_ends(each.case)
        yield (
            str(number),
            case.id,
            "、".join(case.serving),
            case.category,
            each.measure,
            each.standard,
            _unit(world, case.unit),
            _person(world, case.leader),
            _person(world, case.handler),
            each.target.isoformat() if each.target else "",
            "是" if each.late else "",
            case.status.zh,
            closed,
            "" if case.on_time is None else "是" if case.on_time else "否",
            signed,
        )


def _duty_rows(world: World, lists: ThreeLists) -> Iterable[tuple[str, ...]]:
    for number, each in enumerate(lists.duties, 1):
        yield (
            str(number),
            _unit(world, each.unit),
            _person(world, each.leader),
            _person(world, each.handler),
            str(len(each.cases)),
            str(each.open),
            str(each.late),
            shown_due(each.due) if each.due else "",
            "、".join(each.cases),
        )


def _ends(case: Case) -> tuple[str, str]:
    closed, signed = (legal_day(at).isoformat() if at else "" for at in (case.closed_at, case.signed_off_at))
    return closed, signed


def _unit(world: World, name: str | None) -> str:
    return unit_word(world.organisation, name) if name else ""


def _person(world: World, name: str | None) -> str:
    return people_word(world.organisation, name) if name else ""
