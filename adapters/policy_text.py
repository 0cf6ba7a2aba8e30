"""A text read as a policy: the policy, or every mistake in it with its line."""

import re
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from adapters.letters.forms import forms
from adapters.mistakes import all_wrong
from adapters.toml_places import line_of, places
from models.policy import Place, Policy
from models.policy_check import faults

LIMIT: Final = 200_000
"""Characters of a policy; the longest known has 12,000."""
_AT: Final = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


@dataclass(frozen=True)
class Mistake:
    """Something wrong in a file: its line (None for the file as a whole), its place by names, why."""

    line: int | None
    place: str
    zh: str
    en: str

    @property
    def where(self) -> tuple[str, str]:
        """The place in both languages."""
        zh, en = (f"第 {self.line} 行", f"line {self.line}") if self.line else ("", "")
        return " ".join(filter(None, (zh, self.place))), " ".join(filter(None, (en, self.place)))

    def view(self) -> dict[str, object]:
        """Return it for programs."""
        return {"line": self.line, "place": self.place, "zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Document:
    """A file read as a policy: the policy, or everything that is wrong with it."""

    file: str
    policy: Policy | None
    mistakes: tuple[Mistake, ...] = ()


def document_of(file: str, text: str, calendars: Container[str]) -> Document:
    """Read a text as a policy; ``file`` is what it is called."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        return Document(file, None, (_syntax(text, str(wrong)),))
    except RecursionError:
        return Document(file, None, (Mistake(None, "", "TOML 嵌套过深", "the TOML is nested too deeply"),))
    except ValueError:
        return Document(file, None, (Mistake(None, "", "有过长的数字", "it holds a number that is too long"),))
    policy, found = _checked(document, calendars)
    lines = places(text) if found else {}
    mistakes = [Mistake(line_of(lines, place), shown(place, document), zh, en) for place, zh, en in found]
    mistakes.sort(key=lambda each: each.line or 0)
    return Document(file, None if mistakes else policy, tuple(mistakes))


def _checked(document: object, calendars: Container[str]) -> tuple[Policy | None, list[tuple[Place, str, str]]]:
    try:
        policy = Policy.model_validate(document)
    except ValidationError as wrong:
        return None, all_wrong(wrong)
    return policy, [(each.place, each.zh, each.en) for each in faults(policy, calendars, forms())]


def _syntax(text: str, why: str) -> Mistake:
    found = _AT.search(why)
    said = _AT.sub("", why)
    line = int(found["line"]) if found and found["line"] else text.count("\n") + 1
    column = f"第 {found['column']} 列 column {found['column']}" if found and found["column"] else ""
    return Mistake(line, column, f"不是有效的 TOML（{said}）", f"this is no TOML: {said}")


def shown(place: Place, document: object) -> str:
    """Write a place as a person looks for it: tables of a list by their names, other numbers from 1."""
    parts: list[str] = []
    for each in place:
        try:
            document = document[each]  # type: ignore[index]
        except (LookupError, TypeError):
            document = None
        name = document.get("name") if isinstance(document, Mapping) and isinstance(each, int) else None
        parts.append(str(name) if name else f"[{each + 1}]" if isinstance(each, int) else each)
    return ".".join(parts).replace(".[", "[")
