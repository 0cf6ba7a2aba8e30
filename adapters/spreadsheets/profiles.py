"""Column profiles: which headers a campaign's table has, and which field each column fills.

A profile is data, one TOML file in ``policies/profiles``, because every inspection campaign publishes its
own columns. A header is recognised whatever its blanks, line breaks, width of characters and remarks in
brackets; other wordings in use are listed as aliases.
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from models.receipt import INVISIBLE

FieldName = Literal[
    "no",
    "receipt",
    "channel",
    "received",
    "problem",
    "area",
    "kinds",
    "findings",
    "verdict",
    "goal",
    "measures",
    "state",
    "accountability",
    "remarks",
    "campaign",
    "unit",
    "leader",
    "due",
    "closed",
    "signed_off",
]
"""What a column can hold; ``no`` is the running number of the row, ``received`` a date of receipt."""

REASON_HEADER: Final = "原因"
CELL_HEADER: Final = "单元格"
"""The two columns a table of doubtful rows has besides those of its profile; the reader passes over them."""


class Column(BaseModel):
    """One column: its field, the header to write, others to accept, and whether a sheet must have it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: FieldName
    header: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    width: int = 14

    @property
    def names(self) -> frozenset[str]:
        """Every accepted header, normalised."""
        return frozenset(header_key(name) for name in (self.header, *self.aliases))


class Profile(BaseModel):
    """The columns of one campaign's public table, in order; ``at_least`` of them make a header."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    columns: tuple[Column, ...]
    at_least: int = 3
    history: bool = False
    """Whether it is an existing ledger: its rows tell what became of each item, and one in doubt is left out whole."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({column.field for column in self.columns}) < len(self.columns):
            raise ValueError(f"profile {self.name}: two columns for one field")
        names = [name for column in self.columns for name in column.names]
        if len(set(names)) < len(names):
            raise ValueError(f"profile {self.name}: one header for two columns")
        return self


@dataclass(frozen=True, slots=True)
class Match:
    """How a row of headers fits a profile.

    ``columns`` and ``twice`` map column numbers (from 0) to fields, ``twice`` those whose header stands
    there again; ``headers`` the headers as written; ``missing`` the required headers that are not there,
    ``absent`` the others; ``ignored`` headers of no meaning to the profile. ``score`` orders matches of
    the same row.
    """

    profile: Profile
    columns: Mapping[int, FieldName]
    twice: Mapping[int, FieldName]
    headers: Mapping[int, str]
    missing: tuple[str, ...]
    absent: tuple[str, ...]
    ignored: tuple[str, ...]
    score: tuple[int, int, int]

    @property
    def complete(self) -> bool:
        """True when every required column is there and enough of them in all."""
        return not self.missing and len(self.columns) >= self.profile.at_least


def header_key(text: str) -> str:
    """Return what identifies a header: NFKC, without blanks, punctuation and invisible characters."""
    flat = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    return re.sub(r"[\s:*、,。./()\[\]【】〔〕\"“”_-]+", "", flat).upper()


def header_keys(text: str) -> tuple[str, str]:
    """Return the keys of a header with and without its remarks in brackets ("是否办结（是/否）")."""
    flat = unicodedata.normalize("NFKC", text[:400])
    return header_key(flat), header_key(re.sub(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]", "", flat))


def match(profile: Profile, cells: Mapping[int, str]) -> Match:
    """Fit a row of header texts, by column number, to a profile."""
    fields = _fields(profile)
    columns: dict[int, FieldName] = {}
    twice: dict[int, FieldName] = {}
    ignored: list[str] = []
    primary = 0
    for number, text in sorted(cells.items()):
        whole, bare = header_keys(text)
        column = fields.get(whole) or fields.get(bare)
        if column is None:
            if whole not in {REASON_HEADER, CELL_HEADER, ""}:
                ignored.append(text)
        elif column.field in columns.values():
            twice[number] = column.field
        else:
            columns[number] = column.field
            primary += header_key(column.header) in {whole, bare}
    found = set(columns.values())
    lacking = [column for column in profile.columns if column.field not in found]
    return Match(
        profile=profile,
        columns=columns,
        twice=twice,
        headers={number: cells[number] for number in (*columns, *twice)},
        missing=tuple(column.header for column in lacking if column.required),
        absent=tuple(column.header for column in lacking if not column.required),
        ignored=tuple(ignored),
        score=(len(columns), primary, -len(lacking)),
    )


@lru_cache(maxsize=64)
def _fields(profile: Profile) -> Mapping[str, Column]:
    return {name: column for column in profile.columns for name in column.names}


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Profile]:
    folder = importlib.resources.files("policies").joinpath("profiles")
    profiles = [
        Profile.model_validate(tomllib.loads(entry.read_text("utf-8")))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    ]
    return {profile.name: profile for profile in profiles}


def load_profiles() -> dict[str, Profile]:
    """Return the profiles in ``policies/profiles`` by name."""
    return dict(_shipped())
