"""Whether a monitor's reading is out of bounds: its value against its limit, or what its flag says. Pure.

A limit is written as people write it: ``0.5``, ``≤0.5``, ``≥5``, ``6~9``. Numbers are compared exactly (decimal), and a
unit behind one is passed over: value and limit of a row are in the same unit.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final

ABNORMAL: Final = frozenset({"异常", "超标", "是", "不合格", "不达标", "1", "Y", "YES", "TRUE", "ABNORMAL", "EXCEEDED"})
SOUND: Final = frozenset({"正常", "达标", "否", "合格", "未超标", "0", "N", "NO", "FALSE", "NORMAL", "OK"})
NOTHING_FOUND: Final = frozenset({"ND", "未检出", "L"})
"""Below what can be measured at all."""

_NUMBER: Final = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]{1,2})?"
_VALUE: Final = re.compile(rf"(?P<below><|≤|<=)?(?P<number>{_NUMBER})(?P<unit>[^0-9].*)?L?")
_AT_MOST: Final = re.compile(rf"(?:≤|<=|<|不超过|不高于|不大于)?(?P<most>{_NUMBER})(?:[^0-9~].*)?")
_AT_LEAST: Final = re.compile(rf"(?:≥|>=|>|不低于|不少于|不小于)(?P<least>{_NUMBER})(?:[^0-9~].*)?")
_BETWEEN: Final = re.compile(rf"(?P<least>{_NUMBER})(?:~|-|—|–|至)(?P<most>{_NUMBER})(?:[^0-9].*)?")


def _flat(text: str) -> str:
    # NFKC makes ～ a ~ and ＜ a <; a thousands comma tells nothing.
    return "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "").upper()


def is_abnormal(value: str, limit: str, flag: str) -> bool | None:
    """Tell whether a reading is out of bounds; None where neither flag nor limit tells it of this value."""
    said = _flat(flag)
    if said in ABNORMAL:
        return True
    if said in SOUND:
        return False
    return None if said else exceeds(value, limit)


def exceeds(value: str, limit: str) -> bool | None:
    """Tell whether a value is beyond its limit; None where one of them is not understood."""
    measured, bound = _flat(value), _flat(limit)
    bounds = _bounds(bound)
    if bounds is None:
        return None
    least, most = bounds
    if measured in NOTHING_FOUND:
        return least is not None
    found = _VALUE.fullmatch(measured)
    if found is None:
        return None
    number = Decimal(found["number"])
    # "<0.05" is at most that, and so within any limit that is not below it.
    return (most is not None and number > most) or (least is not None and number < least)


def _bounds(bound: str) -> tuple[Decimal | None, Decimal | None] | None:
    if found := _BETWEEN.fullmatch(bound):
        return Decimal(found["least"]), Decimal(found["most"])
    if found := _AT_LEAST.fullmatch(bound):
        return Decimal(found["least"]), None
    if found := _AT_MOST.fullmatch(bound):
        return None, Decimal(found["most"])
    return None
