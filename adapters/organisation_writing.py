"""Write who there is as a workbook: sheets of units, people, grids, leave and duty, and one that explains them."""

from pathlib import Path
from typing import Final

from adapters.organisation_columns import (
    DUTY,
    GRIDS,
    LEAVE,
    PEOPLE,
    SHEETS,
    UNITS,
    Names,
    Posts,
    joined,
    post_word,
    posts_in_use,
)
from adapters.spreadsheets.headed import Sheet
from adapters.spreadsheets.plain import NewSheet, write_plain
from models.organisation import Organisation
from models.vocabulary import PEOPLE as ROLES

GUIDE: Final = "说明"


def write_organisation(path: Path, organisation: Organisation, posts: Posts) -> None:
    """Write a workbook that ``read_organisation`` reads as the same organisation again.

    Raises:
        SheetError: ``cannot_write``.
    """
    names, posts = Names.of(organisation), posts_in_use(posts, organisation)
    rows: dict[str, list[tuple[str, ...]]] = {
        UNITS.name: [
            (
                unit.id,
                unit.zh,
                unit.en,
                _yes(truth=unit.township),
                names.unit(unit.above) if unit.above else "",
                joined(unit.aliases),
                "已撤销" if unit.closed else "在用",
            )
            for unit in organisation.units
        ],
        PEOPLE.name: [
            (
                person.id,
                person.name,
                names.unit(person.unit),
                joined(role.zh for role in person.roles),
                joined(post_word(posts, post) for post in person.posts),
                joined(names.unit(unit) for unit in person.charge),
                names.person(person.delegate),
                _yes(truth=person.away),
                joined(person.interests),
                "离任" if person.retired else "在职",
            )
            for person in organisation.people
        ],
        GRIDS.name: [
            (grid.id, grid.name, names.unit(grid.unit), joined(grid.words), names.person(grid.person))
            for grid in organisation.grids
        ],
        LEAVE.name: [
            (
                names.person(person.id),
                leave.since.isoformat(),
                leave.until.isoformat(),
                names.person(leave.delegate),
            )
            for person in organisation.people
            for leave in person.leave
        ],
        DUTY.name: [
            (
                duty.since.isoformat(),
                duty.until.isoformat(),
                post_word(posts, duty.post),
                names.person(duty.person),
            )
            for duty in organisation.duties
        ],
    }
    title = {UNITS.name: organisation.name}
    write_plain(
        path, [*(_sheet(sheet, title.get(sheet.name, ""), rows[sheet.name]) for sheet in SHEETS), _guide(posts)]
    )


def write_template(path: Path, posts: Posts) -> None:
    """Write the same workbook with nothing in it to fill in.

    Raises:
        SheetError: ``cannot_write``.
    """
    write_plain(path, [*(_sheet(sheet, "", []) for sheet in SHEETS), _guide(posts)])


def _sheet(sheet: Sheet, title: str, rows: list[tuple[str, ...]]) -> NewSheet:
    return NewSheet(sheet.name, title, [column.header for column in sheet.columns], rows)


def _guide(posts: Posts) -> NewSheet:
    rows = [
        (sheet.name, column.header, "必填" if column.required else "", column.help)
        for sheet in SHEETS
        for column in sheet.columns
    ]
    rows.append((PEOPLE.name, "职责", "可填", joined(role.zh for role in ROLES)))
    rows.append((PEOPLE.name, "职务", "可填", joined(post_word(posts, post) for post in posts)))
    return NewSheet(GUIDE, "", ["工作表", "列", "", "填写说明"], rows)


def _yes(*, truth: bool) -> str:
    return "是" if truth else "否"
