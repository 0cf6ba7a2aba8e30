"""The form of a command, read off its model: which fields there are, which must be filled in, what each may hold."""

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from adapters.words import field_words
from models.calendars import Calendar, Week, Year
from models.commands import Command
from models.policy import Policy
from models.values import Evidence
from models.vocabulary import Term

PLAIN: Final = {
    str: ("文字", "text"),
    int: ("整数", "whole number"),
    bool: ("是/否", "yes/no"),
    date: ("日期 2026-12-31", "date"),
    datetime: ("时刻 2026-12-31T09:00:00+08:00", "instant"),
}
"""What a plain field may hold, in both languages."""
DOCUMENTS: Final = (Policy, Calendar, Week, Year)
"""What nobody fills in field by field."""


@dataclass(frozen=True)
class Slot:
    """One field of a form. ``path`` is how ``--set`` names it; ``N`` stands for 0, 1, 2 and so on."""

    path: str
    required: bool
    zh: str
    en: str
    holds_zh: str
    holds_en: str
    choices: tuple[str, ...] = ()
    limit: int | None = None

    def view(self) -> dict[str, object]:
        """Return the slot as a program reads it."""
        return {
            "field": self.path,
            "required": self.required,
            "zh": self.zh,
            "en": self.en,
            "holds": self.holds_en,
            "choices": list(self.choices),
            "limit": self.limit,
        }


@dataclass(frozen=True)
class Shape:
    """A field's type taken apart: what one value is, whether there are many, whether it may be left empty."""

    core: Any
    many: bool
    limit: int | None


def shape_of(annotation: object, metadata: typing.Iterable[object] = ()) -> Shape:
    """Take a field's annotation apart; tuples, optional and annotated types are what the models use."""
    limit, many = _limit(metadata), False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *inner = get_args(annotation)
            if not many:
                limit = limit or _limit(inner)
        elif origin in {Union, types.UnionType}:
            annotation = next(each for each in get_args(annotation) if each is not type(None))
        elif origin is tuple:
            annotation, many = get_args(annotation)[0], True
        else:
            return Shape(datetime if annotation is AwareDatetime else annotation, many, limit)


def shape(field: FieldInfo) -> Shape:
    """Take a model's field apart."""
    return shape_of(field.annotation, field.metadata)


def is_model(core: object) -> typing.TypeGuard[type[BaseModel]]:
    """Tell whether a type has fields of its own."""
    return isinstance(core, type) and issubclass(core, BaseModel)


def form(command: type[Command]) -> tuple[Slot, ...]:
    """Return a command's form."""
    return tuple(_slots(command, "", needed=True))


def _slots(model: type[BaseModel], prefix: str, *, needed: bool) -> Iterator[Slot]:
    for name, field in model.model_fields.items():
        taken = shape(field)
        required = needed and field.is_required()
        path = f"{prefix}{name}"
        if taken.core is Evidence:
            yield _slot(
                name, f"{path}.N", taken, ("@文件（取其摘要值）", "@FILE, taken by its hash"), required=required
            )
        elif taken.core in DOCUMENTS:
            yield _slot(
                name, path, taken, ("整份文件，用 --body @文件", "a whole document, by --body @FILE"), required=required
            )
        elif is_model(taken.core):
            yield from _slots(taken.core, f"{path}.N." if taken.many else f"{path}.", needed=required)
        else:
            zh, en = _holds(taken)
            yield _slot(name, path, taken, (zh, en), required=required)


def _slot(name: str, path: str, taken: Shape, holds: tuple[str, str], *, required: bool) -> Slot:
    zh, en = field_words(name)
    return Slot(path, required, zh, en, *holds, choices=_choices(taken.core), limit=taken.limit)


def _holds(taken: Shape) -> tuple[str, str]:
    if taken.many:
        return "文字，逗号分隔", "texts, separated by commas"
    if _choices(taken.core):
        named = isinstance(taken.core, type) and issubclass(taken.core, Term)
        words = [each.zh for each in taken.core] if named else _choices(taken.core)
        return " | ".join(words), " | ".join(_choices(taken.core))
    zh, en = PLAIN.get(taken.core, PLAIN[str])
    return (f"{zh} ≤ {taken.limit}", f"{en} ≤ {taken.limit}") if taken.limit else (zh, en)


def _choices(core: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type, of whichever sort
    if get_origin(core) is Literal:
        return tuple(str(each) for each in get_args(core))
    if isinstance(core, type) and issubclass(core, Enum):
        return tuple(str(each.value) for each in core)
    return ()


def _limit(metadata: typing.Iterable[object]) -> int | None:
    limits = [each for each in (getattr(part, "max_length", None) for part in metadata) if isinstance(each, int)]
    return min(limits, default=None)
