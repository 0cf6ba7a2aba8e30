"""Reading what a server answers: its XML and its JSON become the same rows, so that they can be laid side by side."""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.etree import ElementTree as ET

from adapters.open311.writing import ITEMS

LISTS: Final = {**ITEMS, "service_requests_updates": "request_update"}
"""What a list's items are called; the updates' root is written in two ways in the wild."""
ROOTS: Final = frozenset({"services", "service_requests", "service_request_updates", "service_requests_updates"})


class Broken(Exception):  # noqa: N818 - a finding about a server, no error of ours
    """An answer that cannot be used, with where and what."""


@dataclass(frozen=True)
class Read:
    """An answer that was read: its question, the root element's name (none in JSON), and what it holds."""

    where: str
    root: str
    value: object


def read(body: bytes, form: str, where: str) -> Read:
    """Read an answer.

    Raises:
        Broken: it is no JSON or no XML of the kind.
    """
    if form == "json":
        try:
            return Read(where, "", json.loads(body.decode("utf-8")))
        except (ValueError, RecursionError) as fault:
            raise Broken(f"{where}: {fault}"[:200]) from fault
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Broken(f"{where}: DOCTYPE")  # a stranger's answer brings no entities along
    try:
        root = ET.fromstring(body)  # noqa: S314 - without a document type there is nothing to expand
    except (ET.ParseError, ValueError, LookupError) as fault:
        raise Broken(f"{where}: {fault}"[:200]) from fault
    return Read(where, root.tag, _value(root, where))


def _value(element: ET.Element, where: str) -> object:
    item = LISTS.get(element.tag)
    if item is not None:
        strange = next((each.tag for each in element if each.tag != item), None)
        if strange is not None:
            raise Broken(f"{where}: <{element.tag}> holds <{strange}>, not <{item}>")
        return [_value(each, where) for each in element]
    if len(element):
        return {each.tag: _value(each, where) for each in element}
    return (element.text or "").strip()


def text(row: object, name: str) -> str:
    """Return a field as it is written in XML; empty where there is none."""
    return plain(row.get(name)) if isinstance(row, dict) else ""


def plain(value: object) -> str:
    """Write a value as XML has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def differs(one: object, two: object, place: str = "") -> str | None:
    """Return where two answers differ, None if they say the same; a missing field says what an empty one does."""
    if isinstance(one, list) and isinstance(two, list):
        if len(one) != len(two):
            return f"{place or 'list'}: {len(one)} ≠ {len(two)}"
        pairs = enumerate(zip(one, two, strict=True), 1)
        return next((found for at, each in pairs if (found := differs(*each, place=f"{place}[{at}]"))), None)
    if isinstance(one, dict) and isinstance(two, dict):
        names = sorted({*one, *two})
        fields = (differs(one.get(name), two.get(name), place=f"{place}.{name}".strip(".")) for name in names)
        return next((each for each in fields if each), None)
    left, right = (_flat(each) for each in (one, two))
    return None if left == right else f"{place}: {left!s:.60} ≠ {right!s:.60}"


def _flat(value: object) -> object:
    """A list or an object without anything is an empty element in XML."""
    if isinstance(value, list | dict) and not value:
        return ""
    if isinstance(value, list | dict):
        return value
    written = plain(value)
    try:
        return Decimal(written) if written[:1].isdigit() or written[:1] == "-" else written
    except InvalidOperation:
        return written
