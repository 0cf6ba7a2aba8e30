"""The JSON of values of the core, written straight from what they hold: the bytes their own dumps make, at a third.

``orjson`` writes instants, days, enumerations, tuples and numbers as the core means them; a value is given to it as a
dict of those of its fields that are to be told. What needs more (a field that is written in its own way, keys that are
no text) goes through the value's own dump.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, get_args

import orjson
from pydantic import PlainSerializer

from models.base import Frozen
from models.canonical import text_of
from models.clocks import Clock

Plan = Callable[[Any], dict[str, Any]]
"""Returns what of a value of one class is told."""


class _Plans(dict[type, Plan]):
    """How values are told, by class, found out at the first one of each."""

    def __init__(self, make: Callable[[type[Frozen]], Plan]) -> None:
        self.make = make

    def __missing__(self, kind: type) -> Plan:
        if not issubclass(kind, Frozen):
            raise TypeError(kind)
        # A clock says once what it says in every event and every state.
        self[kind] = plan = attrgetter("told") if kind is Clock else self.make(kind)
        return plan


def _has_own_way(kind: type[Frozen]) -> bool:
    """Tell whether a field of a class is written otherwise than it is held (``models.base.Amount``)."""
    return any(_is_own(each) for field in kind.model_fields.values() for each in (*field.metadata, field.annotation))


def _is_own(part: object) -> bool:
    return isinstance(part, PlainSerializer) or any(map(_is_own, (*get_args(part), *getattr(part, "__metadata__", ()))))


# ── what was set ──


def _what_was_set(value: Frozen) -> dict[str, Any]:
    held = value.__dict__
    return {name: held[name] for name in value.__pydantic_fields_set__}


def _set_of(kind: type[Frozen]) -> Plan:
    return (lambda value: value.model_dump(exclude_unset=True)) if _has_own_way(kind) else _what_was_set


_SET: Final = _Plans(_set_of)


def what_was_set(value: Frozen) -> str:
    """Return the canonical JSON of the fields that were set, inside the bounds that ``models.canonical`` names."""
    try:
        return orjson.dumps(
            value, lambda each: _SET[type(each)](each), orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS
        ).decode()
    except TypeError:
        return text_of(value.model_dump(exclude_unset=True), ordered=True)


# ── what is not a default ──


def _changed_of(kind: type[Frozen]) -> Plan:
    if _has_own_way(kind):
        return lambda value: value.model_dump(exclude_defaults=True)
    always = object()
    # A field with a serializer of its own is told whatever it is: pydantic compares only what it writes itself.
    written = {name for each in kind.__pydantic_decorators__.field_serializers.values() for name in each.info.fields}
    plain = [
        (name, always if field.is_required() or name in written else field.get_default(call_default_factory=True))
        for name, field in kind.model_fields.items()
    ]

    def changed(value: Frozen) -> dict[str, Any]:
        # The fields come first and in their order; what was derived from them and kept comes after.
        held = zip(plain, value.__dict__.values(), strict=False)
        return {name: has for (name, default), has in held if has is not default and has != default}

    return changed


_CHANGED: Final = _Plans(_changed_of)


def what_is_changed(value: Frozen) -> str:
    """Return the JSON of the fields that are not as they are by default, in the class's order."""
    try:
        return orjson.dumps(value, lambda each: _CHANGED[type(each)](each), orjson.OPT_UTC_Z).decode()
    except TypeError:
        return text_of(value.model_dump(exclude_defaults=True))
