"""On which line of a TOML text a value stands, by the names and numbers that lead to it.

``tomllib`` tells no lines. This walks a text that ``tomllib`` has read already, so that nothing here is checked twice.
"""

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_TEXT: Final = re.compile(r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\'''', re.DOTALL)
_BARE: Final = re.compile(r"[^,\]}#\n]+")


def places(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table and value of a valid TOML text."""
    return _Walk(text).found


def line_of(found: dict[Path, int], path: Path) -> int | None:
    """Return the line of a value; where there is none, that of the nearest thing around it."""
    return next((found[path[:end]] for end in range(len(path), 0, -1) if path[:end] in found), None)


class _Walk:
    """The text on its way through."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        table: Path = ()
        self._skip()
        while self.at < len(text):
            table = self._header() if text[self.at] == "[" else self._pair(table)
            self._skip()

    def _skip(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at

    def _take(self, pattern: "re.Pattern[str]") -> str:
        taken = pattern.match(self.text, self.at)
        if taken is None:
            message = f"no TOML at character {self.at}"
            raise ValueError(message)
        self.at = taken.end()
        return taken[0]

    def _note(self, path: Path) -> Path:
        self.found.setdefault(path, self.text.count("\n", 0, self.at) + 1)
        return path

    def _names(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip()
            raw = self._take(_KEY)
            names.append(str(tomllib.loads(f"key = {raw}")["key"]) if raw[0] in "\"'" else raw)
            self._skip()
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _header(self) -> Path:
        start, many = self.at, self.text.startswith("[[", self.at)
        self.at += 1 + many
        *names, last = self._names()
        end, self.at = self.at + 1 + many, start
        path: Path = ()
        for name in names:
            path = self._note(self._last((*path, name)))
        path = (*path, last)
        if many:
            self.counts[path] = self.counts.get(path, 0) + 1
            self._note(path)
        path = self._note(self._last(path))
        self.at = end
        return path

    def _last(self, path: Path) -> Path:
        """Return the path of the newest table where it is a list of tables."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def _pair(self, table: Path) -> Path:
        start, path = self.at, table
        names = self._names()
        end, self.at = self.at, start
        for name in names:
            path = self._note((*path, name))
        self.at = end + 1  # the equals sign
        self._skip()
        self._value(path)
        return table

    def _value(self, path: Path) -> None:
        mark = self.text[self.at]
        if mark in "\"'":
            self._take(_TEXT)
        elif mark in "[{":
            self._many(path, "]" if mark == "[" else "}")
        else:
            self._take(_BARE)

    def _many(self, path: Path, end: str) -> None:
        self.at += 1
        place = 0
        self._skip()
        while self.text[self.at] != end:
            if end == "]":
                self._value(self._note((*path, place)))
            else:
                self._pair(path)
            place += 1
            self._skip()
            if self.text[self.at] == ",":
                self.at += 1
                self._skip()
        self.at += 1
