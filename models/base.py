"""What every value of the core has in common: it is frozen, knows no extra fields, and its text is clean."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, ParamSpec, Self, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

K = TypeVar("K", bound=Any)
V = TypeVar("V")
P = ParamSpec("P")
F = TypeVar("F", bound="Frozen")


class Frozen(BaseModel):
    """A value: it never changes, and a field nobody knows is an error rather than silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return the value with some fields changed, unchecked: pydantic's own at a third of the cost.

        What was derived from the old fields and kept (``cached_property``) is not carried over.
        """
        if deep:
            return super().model_copy(update=update, deep=True)
        values = dict(self.__dict__)
        for _ in range(len(values) - len(type(self).__pydantic_fields__)):
            values.popitem()  # they came after the fields
        values.update(update or ())
        copy = type(self).__new__(type(self))
        _set(copy, "__dict__", values)
        _set(copy, "__pydantic_fields_set__", self.__pydantic_fields_set__ | (update or {}).keys())
        _set(copy, "__pydantic_extra__", None)
        _set(copy, "__pydantic_private__", None)
        return copy


_set = object.__setattr__


def made(kind: Callable[P, F], /, *_: P.args, **fields: P.kwargs) -> F:
    """Make a value of what our own code has computed, its fields by name, unchecked: at a fifth of the cost.

    The type checker holds the fields to the class's own. What comes from outside goes through the class itself.
    """
    plain, fresh = _defaults(kind)
    copy: F = _new(kind)
    _set(
        copy,
        "__dict__",
        {**plain, **{name: make() for name, make in fresh}, **fields} if fresh else {**plain, **fields},
    )
    _set(copy, "__pydantic_fields_set__", set(fields))
    _set(copy, "__pydantic_extra__", None)
    _set(copy, "__pydantic_private__", None)
    return copy


_new: Callable[[Any], Any] = object.__new__


@cache
def _defaults(kind: Any) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:  # noqa: ANN401 - a class
    """Return every field with its default, in the class's order, and those of which each value has its own."""
    fields = kind.model_fields
    plain = {name: None if field.is_required() else field.default for name, field in fields.items()}
    return plain, [
        (name, cast("Callable[[], Any]", f.default_factory)) for name, f in fields.items() if f.default_factory
    ]


def _whole(number: float) -> Any:  # noqa: ANN401 - with a type pydantic would write it as one again
    return int(number) if float(number).is_integer() else number


Amount = Annotated[float, AfterValidator(_whole), PlainSerializer(_whole)]
"""A number that may have a fraction; a whole one is written as one, as RFC 8785 has it (``8``, never ``8.0``)."""

# The marks that turn the reading direction around can hide a name or a number from the person who reads it.
TURNING_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_unclean(mark: str) -> bool:
    """Tell whether a character may not stand in anybody's text.

    Those are control, private, unassigned and direction-turning characters, and halves of a surrogate pair.
    """
    return mark in TURNING_MARKS or (mark not in "\n\t" and unicodedata.category(mark) in {"Cc", "Cs", "Cn", "Co"})


def clean(text: str) -> str:
    """Return the text in NFC without surrounding blanks; refuse what a reader could not see.

    Raises:
        PydanticCustomError: ``unclean_text``, with the code point of the first such character.
    """
    if not text.isprintable():  # most text is, and asking once is far cheaper than asking every character
        for mark in filter(is_unclean, text):
            raise PydanticCustomError(
                "unclean_text",
                "文字中有不可见的控制字符 U+{code} / the text holds an invisible control character U+{code}",
                {"code": f"{ord(mark):04X}"},
            )
    return unicodedata.normalize("NFC", text)


def _by_name(held: dict[K, V]) -> dict[K, V]:
    return dict(sorted(held.items()))


ByName = AfterValidator(_by_name)
"""A dict in the order of its keys: canonical JSON keeps no other, so what is read from an event would differ."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(clean)]
"""A name or code: 1 to 64 characters."""
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    AfterValidator(clean),
    AfterValidator(_one_line),
]
"""One line of text, at most 200 characters."""
Said = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(clean),
    AfterValidator(_one_line),
]
"""One line that may not be empty."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000), AfterValidator(clean)]
"""Running text, at most 8,000 characters."""
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000), AfterValidator(clean)]
"""Running text that may not be empty."""
