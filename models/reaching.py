"""By what two petitioners are known to be one person: telephone and identity numbers, mail, however written.

Only what stands in the fields of who complains is looked at (``petitioner``, ``contact``): a complaint's words hold
other people's numbers. A name alone is no sign: names collide, and a masked one always does.

Source of the identity number's check digit: GB 11643-1999 (ISO 7064, MOD 11-2).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

LOOKED_AT: Final = ("petitioner", "contact")
_MAIL: Final = re.compile(r"[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_NUMBER: Final = re.compile(r"(?<![0-9a-z])(?:\+|00)?[0-9](?:[ \-.()]?[0-9])*[ \-]?x?(?![0-9a-z])")
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
_LANDLINE: Final = re.compile(r"(?:(?:\+|00)?86)?0?([1-9][0-9]{1,2}[2-9][0-9]{6,7})")
_LOCAL: Final = re.compile(r"[2-9][0-9]{6,7}")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10x98765432"
OLD_LENGTH: Final = 15
LENGTH: Final = 18


def reached_by(secret: Mapping[str, str]) -> frozenset[str]:
    """Return what a petitioner is known by, each in one way of writing it (``mobile:…``, ``id:…``, ``mail:…``)."""
    found: set[str] = set()
    for field in LOOKED_AT:
        text = unicodedata.normalize("NFKC", secret.get(field, "")).casefold()
        found.update(f"mail:{each}" for each in _MAIL.findall(text))
        for number in _NUMBER.findall(_MAIL.sub(" ", text)):
            if known := _known(re.sub(r"[ \-.()]", "", number)):
                found.add(known)
    return frozenset(found)


def _known(number: str) -> str:
    if identity := identity_number(number):
        return f"id:{identity}"
    for sort, pattern in (("mobile", _MOBILE), ("phone", _LANDLINE), ("local", _LOCAL)):
        if match := pattern.fullmatch(number):
            return f"{sort}:{match[1] if pattern.groups else match[0]}"
    return ""


def identity_number(number: str) -> str:
    """Return an identity number in its 18 characters, "" where it is none; one of 15 gets what it lacks."""
    if len(number) == OLD_LENGTH and number.isdigit():
        body = f"{number[:6]}19{number[6:]}"
        return body + check_digit(body) if _dated(body) else ""
    if len(number) != LENGTH or not number[:-1].isdigit() or not _dated(number):
        return ""
    return number if check_digit(number[:-1]) == number[-1] else ""


def check_digit(body: str) -> str:
    """Return the check digit of the 17 digits before it."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % len(_CHECK)]


def _dated(number: str) -> bool:
    """Return whether digits 7 to 14 can be a day of birth."""
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31
