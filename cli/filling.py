"""Filling in a form from ``--set name=value``: nested names, Chinese choices, files by their hash."""

import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, JsonValue, ValidationError

from adapters.forms import Shape, is_model, shape
from adapters.mistakes import first_wrong
from adapters.words import term_of
from cli.exits import UsageProblem
from cli.reading import read_text
from models.commands import Command
from models.values import Evidence
from models.vocabulary import Term

MANY_LIMIT: Final = 200
"""So many values a list of a form may have; every command's own limit is lower."""
BODY_LIMIT: Final = 2_000_000
"""Characters of a JSON body."""
TRUE: Final = frozenset({"true", "yes", "1", "是"})
FALSE: Final = frozenset({"false", "no", "0", "否"})
_COMMAS: Final = re.compile(r"[,，、]")

Json = dict[str, JsonValue]


def filled(command: type[Command], given: Sequence[str], body: Json | None = None) -> Json:
    """Return a command's data from a body and from what was set one by one, which goes before it.

    Args:
        command: whose form it is.
        given: ``name=value`` each, nested names with dots: ``findings.0.verdict=属实``.
        body: the fields as JSON, if any.

    Raises:
        UsageProblem: a name the form does not have, or a value that cannot be used.
    """
    data: Json = dict(body or {})
    seen: set[str] = set()
    for each in given:
        path, equals, value = each.partition("=")
        path = path.strip()
        if not equals or not path:
            zh, en = f"--set 应写作 字段=值：{each}", f"--set is written field=value: {each}"
            raise UsageProblem(zh, en, field="--set", command=command)
        if path in seen:
            raise UsageProblem(f"“{path}”给了两次。", f'"{path}" was given twice.', field=path, command=command)
        seen.add(path)
        _Setting(command, path).put(data, command, path.split("."), value)
    return data


def body_of(text: str) -> Json:
    """Return the fields that a body holds: JSON, ``@FILE`` (JSON or TOML), or ``-`` for standard input.

    Raises:
        UsageProblem: it is not an object.
    """
    suffix = ""
    if text.startswith("@") or text == "-":
        suffix = Path(text).suffix
        text = read_text(text.removeprefix("@"), "--body", limit=BODY_LIMIT).text
    found = _parsed(text, suffix, "--body")
    if not isinstance(found, dict):
        raise UsageProblem(
            '--body 应为 JSON 对象，如 {"reason": "…"}。',
            '--body takes a JSON object, such as {"reason": "…"}.',
            field="--body",
        )
    return found


def _parsed(text: str, suffix: str, field: str) -> JsonValue:
    try:
        found: JsonValue = tomllib.loads(text) if suffix == ".toml" else json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        why = str(wrong).splitlines()[0]
        raise UsageProblem(
            f"“{field}”不是有效的{'TOML' if suffix == '.toml' else 'JSON'}：{why}",
            f'"{field}" cannot be read: {why}',
            field=field,
        ) from None
    return found


def _no_constant(name: str) -> float:
    message = f"{name} is no JSON"
    raise ValueError(message)


def checked(command: type[Command], data: Json) -> Json:
    """Return the data, once the command's form accepts it.

    Raises:
        UsageProblem: a field is missing, unknown, or of the wrong form; the first one is named.
    """
    try:
        command.model_validate(data)
    except ValidationError as wrong:
        field, zh, en = first_wrong(wrong)
        raise UsageProblem(
            f"“{field}”填写有误：{zh}。", f'"{field}" is not right: {en}.', field=field, command=command
        ) from None
    return data


class _Setting:
    """One ``--set`` on its way into the data."""

    def __init__(self, command: type[Command], path: str) -> None:
        self.command, self.path = command, path

    def put(self, data: Json, model: type[BaseModel], parts: Sequence[str], value: str) -> None:
        name, rest = parts[0], parts[1:]
        field = model.model_fields.get(name)
        if field is None:
            known = ", ".join(model.model_fields) or "—"
            raise self.wrong(f"没有字段“{name}”，可用：{known}", f'there is no field "{name}"; there are: {known}')
        taken = shape(field)
        if not rest:
            data[name] = self._many(taken, value) if taken.many else self._one(taken, value)
        elif taken.many:
            items = data.setdefault(name, [])
            if not isinstance(items, list):
                raise self.wrong("不是列表", "it is not a list")
            self._item(items, taken, rest, value)
        elif is_model(taken.core):
            inner = data.setdefault(name, {})
            if not isinstance(inner, dict):
                raise self.wrong("没有下级字段", "it has no fields inside")
            self.put(inner, taken.core, rest, value)
        else:
            raise self.wrong("没有下级字段", "it has no fields inside")

    def _item(self, items: list[JsonValue], taken: Shape, parts: Sequence[str], value: str) -> None:
        place, rest = parts[0], parts[1:]
        if not re.fullmatch(r"[0-9]{1,3}", place) or int(place) > min(len(items), MANY_LIMIT):
            raise self.wrong(
                f"“{place}”处应为序号，从 0 起依次递增",
                f'"{place}" should be a number: 0, then 1, and so on without gaps',
            )
        number = int(place)
        if not rest:
            items[number : number + 1] = [self._one(taken, value)]
            return
        if not is_model(taken.core):
            raise self.wrong("没有下级字段", "it has no fields inside")
        if number == len(items):
            items.append({})
        inner = items[number]
        if not isinstance(inner, dict):
            raise self.wrong("没有下级字段", "it has no fields inside")
        self.put(inner, taken.core, rest, value)

    def _many(self, taken: Shape, value: str) -> JsonValue:
        if value.lstrip().startswith("["):
            return _parsed(value, "", self.path)
        one = Shape(taken.core, many=False, limit=None)
        return [self._one(one, each.strip()) for each in _COMMAS.split(value) if each.strip()]

    def _one(self, taken: Shape, value: str) -> JsonValue:
        core = taken.core
        kind = core if isinstance(core, type) else object
        found: JsonValue = value
        if kind is Evidence:
            found = self._evidence(value)
        elif is_model(kind):
            found = self._model(value)
        elif issubclass(kind, Term):
            term = term_of(kind, value)
            found = term.value if term else value
        elif kind is bool:
            found = self._bool(value)
        elif kind is int and re.fullmatch(r"[+-]?[0-9]{1,15}", value.strip()):
            found = int(value)
        elif kind is date:
            found = _iso_day(value)
        elif kind is str:
            found = self._text(value)
        return found

    def _text(self, value: str) -> str:
        if value.startswith("@@"):
            return value[1:]
        return read_text(value[1:], self.path).text if value.startswith("@") else value

    def _bool(self, value: str) -> JsonValue:
        known = {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}
        return known.get(value.strip().casefold(), value)

    def _evidence(self, value: str) -> JsonValue:
        if not value.startswith("@"):
            return {"sha256": value.strip().lower()}
        path = Path(value[1:])
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as fault:
            raise self.wrong(
                f"无法读取文件 {path}：{fault.strerror}", f"{path} cannot be read: {fault.strerror}"
            ) from None
        return {"sha256": digest, "name": path.name}

    def _model(self, value: str) -> JsonValue:
        if value.startswith("@"):
            text = read_text(value[1:], self.path, limit=BODY_LIMIT).text
            return _parsed(text, Path(value).suffix, self.path)
        return _parsed(value, "", self.path)

    def wrong(self, zh: str, en: str) -> UsageProblem:
        return UsageProblem(
            f"“{self.path}”填写有误：{zh}。",
            f'"{self.path}" is not right: {en}.',
            field=self.path,
            command=self.command,
        )


def _iso_day(value: str) -> str:
    """Return 2026/1/5, 2026.1.5 and 2026年1月5日 as 2026-01-05; anything else as it is, to be refused by the form."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value.strip(), re.ASCII)
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else value
