"""Read who there is from a workbook, with every cell named that cannot be used."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from adapters.organisation_columns import (
    DUTY,
    GRIDS,
    IN_USE,
    LEAVE,
    LEFT,
    NO,
    NOTHING,
    PEOPLE,
    SHEETS,
    SHUT,
    STAYS,
    UNITS,
    YES,
    Names,
    Posts,
    parted,
    posts_in_use,
)
from adapters.spreadsheets import SheetError
from adapters.spreadsheets.cells import code_text, parse_date, printable
from adapters.spreadsheets.headed import Headed, HeadedRow, Sheet, headed
from adapters.spreadsheets.plain import PlainSheet, read_plain
from models.organisation import ON_DUTY, Duty, Grid, Leave, Organisation, Person, Unit
from models.staffing import carried
from models.vocabulary import PEOPLE as ROLES

M = TypeVar("M", bound=BaseModel)
SHOWN: Final = 20
LONGEST_ID: Final = 56


def read_organisation(path: Path, current: Organisation, posts: Posts) -> Organisation:
    """Read a workbook over the organisation as it is.

    A sheet or a column that is not there leaves things as they are; an id left empty is that of the thing of the same
    name, or made from the name. Whoever is in no row has left, a unit in no row is closed.

    Raises:
        SheetError: the file cannot be used, or cells of it cannot: the first ones are named, in both languages.
    """
    reading = _Reading(current, posts_in_use(posts, current))
    sheets = {sheet.name: reading.table(sheet, read) for read in read_plain(path) if (sheet := _which(read))}
    if not sheets:
        raise SheetError(
            "no_sheet_known",
            f"没有可识别的工作表，应为：{'、'.join(sheet.name for sheet in SHEETS)}。",
            f"No sheet is known; there should be: {', '.join(sheet.name for sheet in SHEETS)}.",
        )
    try:
        found = reading.whole(sheets)
    except ValidationError as wrong:
        zh, en = _why(wrong)
        reading.problem(None, zh, en)
        found = current
    if reading.problems:
        zh = "\n".join(problem[0] for problem in reading.problems[:SHOWN])
        en = "\n".join(problem[1] for problem in reading.problems[:SHOWN])
        count = len(reading.problems)
        raise SheetError(
            "cells",
            f"有 {count} 处不能使用，没有导入：\n{zh}",
            f"{count} cells cannot be used, nothing imported:\n{en}",
        )
    return found


def _which(read: PlainSheet) -> Sheet | None:
    exact = next((sheet for sheet in SHEETS if read.name.strip() == sheet.name), None)
    return exact or next((sheet for sheet in SHEETS if any(word in read.name for word in sheet.words)), None)


def _why(wrong: ValidationError) -> tuple[str, str]:
    message = wrong.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
    zh, _, en = message.partition(" / ")
    return zh, en or zh


class _Reading:
    def __init__(self, current: Organisation, posts: Posts) -> None:
        self.current, self.posts = current, posts
        self.names = Names.of(current)
        self.problems: list[tuple[str, str]] = []

    def problem(self, row: HeadedRow | None, zh: str, en: str, field: str | None = None) -> None:
        if row is None:
            self.problems.append((f"{zh}。", f"{en}."))
        else:
            self.problems.append((f"{row.place(field)}：{zh}。", f"{row.place_en(field)}: {en}."))

    # ── tables ──

    def table(self, sheet: Sheet, read: PlainSheet) -> Headed:
        """Find the header and return the rows below it."""
        found = headed(sheet, read, self.problem)
        if found:
            return found
        wanted = "、".join(column.header for column in sheet.columns if column.required)
        shown = printable(read.name, 40)
        self.problem(
            None, f"工作表“{shown}”没有表头，须有：{wanted}", f'the sheet "{shown}" has no header with {wanted}'
        )
        return Headed("", {}, [])

    # ── values ──

    def _word(self, row: HeadedRow, field: str, yes: frozenset[str], no: frozenset[str]) -> bool:
        code = code_text(row.text(field)).upper()
        if code not in yes | no:
            wanted = "、".join(sorted(each for each in yes | no if each not in NOTHING)[:6])
            self.problem(row, f"“{printable(row.text(field), 40)}”应为 {wanted}", f"should be one of {wanted}", field)
        return code in yes

    def _one(self, row: HeadedRow, field: str, text: str, called: Callable[[str], list[str]]) -> str | None:
        found = called(text)
        if len(found) == 1:
            return found[0]
        if text and not (not found and code_text(text) in NOTHING):
            shown = printable(text, 40)
            if found:
                ids = "、".join(found)
                self.problem(
                    row, f"“{shown}”不止一个，请写编号：{ids}", f'more than one "{shown}"; write the id: {ids}', field
                )
            else:
                self.problem(row, f"没有“{shown}”", f'there is no "{shown}"', field)
        return None

    def _day(self, row: HeadedRow, field: str) -> date | None:
        day = parse_date(row.text(field))
        if day is None:
            shown = printable(row.text(field), 40)
            self.problem(row, f"“{shown}”不是日期，应如 2026-05-01", f'"{shown}" is no date such as 2026-05-01', field)
        return day

    def _posts(self, row: HeadedRow, field: str, texts: tuple[str, ...]) -> Iterator[str]:
        for text in texts:
            exact = [text] if text in self.posts else []
            found = exact or [post for post, names in self.posts.items() if text in names]
            if len(found) == 1:
                yield found[0]
            else:
                known = "、".join(names[0] for names in self.posts.values())
                shown = printable(text, 40)
                self.problem(row, f"没有职务“{shown}”，可用：{known}", f'no post "{shown}"; there are: {known}', field)

    def _roles(self, row: HeadedRow) -> Iterator[str]:
        for text in parted(row.text("roles")):
            role = next((each for each in ROLES if text.casefold() in {each.value, each.zh, each.en}), None)
            if role:
                yield role.value
            else:
                known = "、".join(each.zh for each in ROLES)
                shown = printable(text, 40)
                self.problem(
                    row, f"没有职责“{shown}”，可用：{known}", f'no role "{shown}"; there are: {known}', "roles"
                )

    def _made(self, kind: type[M], row: HeadedRow, values: Mapping[str, object]) -> M | None:
        try:
            return kind.model_validate(values)
        except ValidationError as wrong:
            zh, en = _why(wrong)
            where = wrong.errors(include_url=False, include_input=False)[0]["loc"]
            self.problem(row, zh, en, str(where[0]) if where else None)
        return None

    # ── things ──

    def whole(self, sheets: Mapping[str, Headed]) -> Organisation:
        """Return everything the sheets hold, over what is there."""
        units, people = self.current.units, self.current.people
        unit_table, person_table = sheets.get(UNITS.name), sheets.get(PEOPLE.name)
        if unit_table:
            drafts = self._drafts(unit_table, self.current.units, "zh")
            units = tuple(filter(None, (self._unit(row, name) for row, name in drafts)))
            self.names = Names(units, people)
            above = {
                name: self._one(row, "above", row.text("above"), self._other_units)
                for row, name in drafts
                if "above" in row.columns
            }
            units = tuple(unit.model_copy(update={"above": above.get(unit.id, unit.above)}) for unit in units)
            self.names = Names(units, people)
        if person_table:
            drafts = self._drafts(person_table, self.current.people, "name")
            people = tuple(filter(None, (self._person(row, name) for row, name in drafts)))
            self.names = Names(units, people)
            if "delegate" in person_table.columns:
                stand_ins = {name: self._ref(row, "delegate") for row, name in drafts}
                people = tuple(each.model_copy(update={"delegate": stand_ins[each.id]}) for each in people)
        if LEAVE.name in sheets:
            people = tuple(self._leaves(sheets[LEAVE.name], people))
        grids, duties = self.current.grids, self.current.duties
        if GRIDS.name in sheets:
            drafts = self._drafts(sheets[GRIDS.name], self.current.grids, "name")
            grids = tuple(filter(None, (self._grid(row, name) for row, name in drafts)))
        if DUTY.name in sheets:
            duties = tuple(filter(None, map(self._duty, sheets[DUTY.name].rows)))
        name = (unit_table.title if unit_table else "") or self.current.name
        if self.problems:
            return self.current
        # Whoever is left out has left, and may still be named by what is there already.
        units, people = carried(self.current, units, people)
        return Organisation.model_validate(
            {"name": name, "units": units, "people": people, "grids": grids, "duties": duties}
        )

    def _drafts(self, table: Headed, known: tuple[Any, ...], named: str) -> list[tuple[HeadedRow, str]]:
        """Return each row with its id: as written, as the thing of that name has it, or made from the name."""
        given = [row.text("id") for row in table.rows]
        taken = {each.id for each in known} | set(filter(None, given))
        used = set(filter(None, given))
        said_here = Counter(row.text(named) for row in table.rows)
        once = {said for said, times in said_here.items() if times == 1}
        drafts = []
        for row, written in zip(table.rows, given, strict=True):
            said = row.text(named)
            if written and given.count(written) > 1:
                self.problem(row, f"编号 {written} 重复", f"the id {written} occurs twice", "id")
            if not said:
                self.problem(row, "不能为空", "is needed", named)
                continue
            name = written or self._known(row, said, known, named, used) or _new_id(said, taken, alone=said in once)
            taken.add(name)
            used.add(name)
            drafts.append((row, name))
        return drafts

    def _known(self, row: HeadedRow, said: str, known: tuple[Any, ...], named: str, used: set[str]) -> str | None:
        same = [
            each
            for each in known
            if getattr(each, named) == said and each.id not in used and not getattr(each, "retired", False)
        ]
        if len(same) > 1 and (units := self.names.units_called(row.text("unit"))):
            same = [each for each in same if getattr(each, "unit", None) in units] or same
        return same[0].id if same else None

    def _unit(self, row: HeadedRow, name: str) -> Unit | None:
        old = self.current.unit(name)
        values: dict[str, object] = {**(old.model_dump() if old else {}), "id": name, "zh": row.text("zh")}
        for field in row.columns:
            match field:
                case "en":
                    values[field] = row.text(field)
                case "township":
                    values[field] = self._word(row, field, YES, NO)
                case "aliases":
                    values[field] = parted(row.text(field))
                case "closed":
                    values[field] = self._word(row, field, SHUT | YES, IN_USE | NO)
        return self._made(Unit, row, values)

    def _person(self, row: HeadedRow, name: str) -> Person | None:
        old = self.current.person(name)
        values: dict[str, object] = {**(old.model_dump() if old else {}), "id": name, "name": row.text("name")}
        values["unit"] = self._one(row, "unit", row.text("unit"), self.names.units_called) or row.text("unit") or "—"
        if not row.text("unit"):
            self.problem(row, "不能为空", "is needed", "unit")
        for field in row.columns:
            match field:
                case "roles":
                    values[field] = tuple(self._roles(row))
                case "posts":
                    values[field] = tuple(self._posts(row, field, parted(row.text(field))))
                case "charge":
                    units = (self._one(row, field, each, self.names.units_called) for each in parted(row.text(field)))
                    values[field] = tuple(filter(None, units))
                case "away":
                    values[field] = self._word(row, field, YES, NO)
                case "interests":
                    values[field] = parted(row.text(field))
                case "retired":
                    values[field] = self._word(row, field, LEFT, STAYS)
        if values.get("retired"):
            values = {key: values[key] for key in ("id", "name", "unit", "interests", "retired") if key in values}
        return self._made(Person, row, values)

    def _grid(self, row: HeadedRow, name: str) -> Grid | None:
        old = self.current.grid(name)
        values: dict[str, object] = {**(old.model_dump() if old else {}), "id": name, "name": row.text("name")}
        values["unit"] = self._one(row, "unit", row.text("unit"), self._other_units) or "—"
        if "words" in row.columns:
            values["words"] = parted(row.text("words"))
        if "person" in row.columns:
            values["person"] = self._ref(row, "person")
        return self._made(Grid, row, values)

    def _leaves(self, table: Headed, people: tuple[Person, ...]) -> Iterator[Person]:
        taken: dict[str, list[Leave]] = {}
        for row in table.rows:
            person, since, until = self._needed(row, "person"), self._day(row, "since"), self._day(row, "until")
            if person and since and until:
                values = {"since": since, "until": until, "delegate": self._ref(row, "delegate")}
                if leave := self._made(Leave, row, values):
                    taken.setdefault(person, []).append(leave)
        for each in people:
            yield each.model_copy(update={"leave": tuple(taken.get(each.id, ()))})

    def _duty(self, row: HeadedRow) -> Duty | None:
        person, since = self._needed(row, "person"), self._day(row, "since")
        until = self._day(row, "until") if row.text("until") else since
        posts = tuple(self._posts(row, "post", (row.text("post"),))) if row.text("post") else (ON_DUTY,)
        if not (person and since and until and posts):
            return None
        return self._made(Duty, row, {"since": since, "until": until, "person": person, "post": posts[0]})

    def _ref(self, row: HeadedRow, field: str) -> str | None:
        return self._one(row, field, row.text(field), self.names.people_called)

    def _needed(self, row: HeadedRow, field: str) -> str | None:
        if not row.text(field):
            self.problem(row, "不能为空", "is needed", field)
        return self._ref(row, field)

    def _other_units(self, text: str) -> list[str]:
        return [unit for unit in self.names.units_called(text) if unit in self.names.units]


def _new_id(said: str, taken: set[str], *, alone: bool) -> str:
    """Make an id from a name; were it one that two share, the first would be meant wherever the name is written."""
    base = re.sub(r"\s+", "", said)[:LONGEST_ID]
    numbers = count(2 if alone else 1)
    name = base if alone else f"{base}{next(numbers)}"
    while name in taken:
        name = f"{base}{next(numbers)}"
    return name
