"""Receipt numbers of an inspection team's petitions (受理编号).

The common form is channel, round, area, date and running number, e.g. ``D3HN202405020169``
(D 来电, X 来信), with a star behind it for a petition under special attention (重点关注件).
Other forms are in use and some sheets have none, so a number is never refused: whatever was
written is kept, and only its normalised form decides whether two numbers are the same.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""Characters no reader sees: controls, direction marks, zero-width characters, lone surrogates."""

_STARS: Final = "*★☆∗⁎✱✲※"
_MARK: Final = re.compile(rf"[(\[【〔](?:[{_STARS}]{{1,3}}|重点(?:关注)?件?)[)\]】〕]\Z")
_MARK_LENGTH: Final = 7
_LOWER_TO_UPPER: Final = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_FORM: Final = re.compile(r"(?P<channel>[DX])(?P<round>[0-9])(?P<area>[A-Z]{2})(?P<date>[0-9]{8})(?P<seq>[0-9]{4})")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt number.

    ``raw`` is the string as written; ``key`` is its identity (NFKC, capitals, without blanks,
    invisible characters and star). ``channel`` ("D" or "X"), ``round``, ``area`` (two capitals)
    and ``seq`` are None unless the key has the common form; ``date`` is None also when the eight
    digits of a common form name no day of the calendar (see `misdated`).
    """

    raw: str
    key: str
    channel: str | None = None
    round: int | None = None
    area: str | None = None
    date: dt.date | None = None
    seq: int | None = None
    star: bool = False

    @property
    def misdated(self) -> bool:
        """True when the number has the common form but its eight digits are not a date."""
        return self.channel is not None and self.date is None


def parse(raw: str) -> Receipt:
    """Read a receipt number in any form; refuses none, an empty one gives an empty key."""
    key, star = _normalise(raw)
    form = _FORM.fullmatch(key)
    if form is None:
        return Receipt(raw=raw, key=key, star=star)
    return Receipt(
        raw=raw,
        key=key,
        channel=form["channel"],
        round=int(form["round"]),
        area=form["area"],
        date=_date(form["date"]),
        seq=int(form["seq"]),
        star=star,
    )


def _normalise(raw: str) -> tuple[str, bool]:
    """Return the key and whether a star was taken off.

    Repeated until nothing changes: taking a blank out can bring two characters together that
    Unicode then composes, and a key must be its own key.
    """
    text, star = raw, False
    while True:
        step = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
        step = "".join(step.split()).translate(_LOWER_TO_UPPER)
        bare = _without_star(step)
        star = star or bare != step
        if bare == text:
            return bare, star
        text = bare


def _without_star(text: str) -> str:
    """Take stars off both ends, and a bracketed mark off the end; linear in the length."""
    while True:
        bare = text.strip(_STARS)
        mark = _MARK.search(bare, max(0, len(bare) - _MARK_LENGTH))
        if mark is None:
            return bare
        text = bare[: mark.start()]


def _date(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
