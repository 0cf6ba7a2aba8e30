"""From the characters of one cell to what they mean: clean text, verdicts, states, kinds, dates.

Every function here is pure and total: whatever the text, it answers, and None means "not understood".
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.base import is_unclean
from models.receipt import INVISIBLE

BLANKS: Final = frozenset(
    {"", "/", "\\", "-", "--", "---", "—", "——", "–", "_", "无", "空", "暂无", "无编号", "N/A", "NA", "."}
)
"""What people write into a cell to say that there is nothing (after `code_text`)."""

# Text of these characters alone needs no cleaning; one question keeps the common case fast.
_PLAIN: Final = re.compile("[\t\n -~¡-¬®-ʯ‐-‧‰-⁞①-⓿\u3000-\u3029\u3030-\u303f一-龥！-～]*")
_SOFT: Final = frozenset("\xad\u061c\u180e\u200b\u2060\ufeff")
_MISSING_GLYPH: Final = "〓"


def clean_text(text: str) -> str:
    r"""Return running text as it should be read: line breaks as "\n", nothing invisible, no blanks around it.

    Characters of private use or of a newer Unicode become 〓, the printer's mark for a missing glyph, so
    that a reader sees that something stood there. Chinese punctuation and full-width forms stay.
    """
    if not _PLAIN.fullmatch(text):
        for breaks in ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"):
            text = text.replace(breaks, "\n")
        text = unicodedata.normalize("NFC", "".join(map(_clean_mark, text)))
    return text.strip()


def _clean_mark(mark: str) -> str:
    if mark in _SOFT:
        return ""
    if mark == "\xa0":
        return " "
    if is_unclean(mark):
        return _MISSING_GLYPH if unicodedata.category(mark) in {"Co", "Cn"} else ""
    return mark


def code_text(text: str) -> str:
    """Return a short code for comparison: NFKC, nothing invisible, no blanks at all."""
    return "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).split())


def has_invisible(text: str) -> bool:
    """Tell whether taking invisible characters out of a code changes it (ordinary blanks do not count)."""
    return INVISIBLE.search(text) is not None


def printable(text: str, limit: int) -> str:
    """Return the text on one line, at most ``limit`` characters, safe for any terminal and log."""
    shown = "".join(
        mark if mark.isprintable() else " " if mark in "\t\n\r" else f"\\u{ord(mark):04x}" for mark in text[: limit + 1]
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


# ---------------------------------------------------------------------------------------------- verdict
_VERDICTS: Final = {
    "属实": "substantiated",
    "情况属实": "substantiated",
    "基本属实": "mostly_substantiated",
    "部分属实": "partly_substantiated",
    "不属实": "unsubstantiated",
    "不实": "unsubstantiated",
}
_WHOLE_VERDICTS: Final = {"是": "substantiated", "否": "unsubstantiated"}
_PENDING: Final = frozenset(
    {"核查中", "调查中", "核实中", "正在核查", "正在调查", "正在核实", "待核查", "待核实", "待查"}
)
_VERDICT_TOKEN: Final = re.compile("|".join(sorted(_VERDICTS, key=len, reverse=True)))
# Only this may stand between verdicts; any other word ("并不", "除…外") could turn their meaning.
_BETWEEN: Final = re.compile(
    r"(?:[0-9一二三四五六七八九十、,，;；:：.。()\[\]【】〔〕~\-—和及]|第|问题|个|点|项|条|反映|举报|投诉|均|全部|都)*"
)
_NUMBERS: Final = re.compile(r"([0-9]{1,3})(?:[-~—]([0-9]{1,3}))?")
_ENUMERATOR: Final = re.compile("[0-9一二三四五六七八九十]")
_MAX_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict cell: the verdict rolled up, that of each point (empty when there is one), and its faults."""

    verdict: str | None
    points: tuple[str, ...] = ()
    understood: bool = True
    conflict: bool = False


def parse_verdict(text: str) -> Verdict:
    """Read 属实, 基本属实, 部分属实, 不属实, alone or for each point ("1.属实;2.不属实").

    An empty cell and "being verified" (核查中 and the like) are understood and give no verdict.
    """
    code = code_text(text).strip("。.;；,，、:：!！")
    if code in BLANKS or code in _PENDING:
        return Verdict(None)
    whole = _VERDICTS.get(code) or _WHOLE_VERDICTS.get(code)
    if whole:
        return Verdict(whole)
    between = _VERDICT_TOKEN.split(code)
    tokens = [_VERDICTS[token] for token in _VERDICT_TOKEN.findall(code)]
    if not tokens or len(tokens) > _MAX_POINTS or not all(_BETWEEN.fullmatch(part) for part in between):
        return Verdict(None, understood=False)
    points: list[str] = []
    for prefix, token in zip(between, tokens, strict=False):
        points.extend([token] * _count_of_points(prefix))
    # "部分属实(1.属实;2.不属实)": what stands before the first number speaks for the whole.
    if len(tokens) > 1 and not _ENUMERATOR.search(between[0]) and _ENUMERATOR.search(between[1]):
        stated, points = points[0], points[1:]
        rolled = roll_up(points)
        return Verdict(stated, tuple(points), conflict=stated != rolled)
    return Verdict(roll_up(points), tuple(points) if len(points) > 1 else ())


def roll_up(points: Sequence[str]) -> str:
    """Return the verdict over all points: the common one, 基本属实 when none is worse, else 部分属实."""
    found = set(points)
    if len(found) == 1:
        return next(iter(found))
    return "mostly_substantiated" if found == {"substantiated", "mostly_substantiated"} else "partly_substantiated"


def _count_of_points(prefix: str) -> int:
    """Count the points a prefix such as "1-3" or "1、2" names; a prefix without numbers names one."""
    count = 0
    for first, last in _NUMBERS.findall(prefix):
        count += max(1, int(last) - int(first) + 1) if last else 1
    return min(max(1, count), _MAX_POINTS)


# ------------------------------------------------------------------------------------------------ state
_STATES: Final = {
    "open": (
        "未办结",
        "否",
        "未完成",
        "未办",
        "办理中",
        "正在办理",
        "在办",
        "整改中",
        "正在整改",
        "持续整改",
        "继续整改",
        "持续整改中",
        "未销号",
        "按整改时限推进",
        "未整改完成",
        "未结",
        "尚未办结",
    ),
    "interim": ("阶段性办结", "阶段办结", "阶段性完成", "阶段性办理"),
    "closed": (
        "已办结",
        "办结",
        "是",
        "已完成",
        "完成",
        "已办",
        "已结",
        "已销号",
        "销号",
        "已办结已销号",
        "已办结(已销号)",
        "已办结未销号",
        "已办结待销号",
        "办结待销号",
        "待销号",
    ),
}
_STATE_OF: Final = {word: state for state, words in _STATES.items() for word in words}


def parse_state(text: str) -> tuple[str | None, bool, bool]:
    """Read 未办结, 阶段性办结, 已办结 or 已销号; return (state, signed off, understood).

    An empty cell is understood and gives None. One state for each point is accepted only when all are the
    same.
    """
    code = code_text(text).strip("。.;；,，、:：!！")
    if code in BLANKS:
        return None, False, True
    state = _STATE_OF.get(code)
    if state is not None:
        return state, _is_signed_off(state, code), True
    parts = [
        re.sub(r"^[((]?[0-9一二三四五六七八九十]{1,3}[))]?[.、:：]?", "", part) for part in re.split("[;；,，。]", code)
    ]
    states = {_STATE_OF.get(part) for part in parts if part}
    if len(states) == 1 and None not in states:
        state = states.pop()
        return state, _is_signed_off(state, code), True
    return None, False, False


def _is_signed_off(state: str | None, code: str) -> bool:
    return state == "closed" and "销号" in code and "未销号" not in code and "待销号" not in code


# ------------------------------------------------------------------------------------ kinds and channel
def parse_kinds(text: str) -> tuple[str, ...]:
    """Split the kinds of pollution ("水、大气"), each once, in the order written."""
    kinds: dict[str, None] = {}
    for part in re.split(r"[、,;/|\s]+", unicodedata.normalize("NFKC", INVISIBLE.sub("", text))):
        kind = re.sub(r"^\(?[0-9]{1,2}[).]", "", part).strip("。.")
        if kind and kind not in BLANKS:
            kinds[kind] = None
    return tuple(kinds)


_CHANNELS: Final = {
    "来电": ("来电", "电话", "电话举报", "来电举报", "D", "热线", "举报电话"),
    "来信": ("来信", "信件", "邮件", "来信举报", "邮政信箱", "信箱", "X", "书信"),
    "来访": ("来访", "走访", "上访", "面访"),
    "网络": ("网络", "网上", "网上举报", "网络举报", "微信", "微信举报", "网站"),
}
_CHANNEL_OF: Final = {word: channel for channel, words in _CHANNELS.items() for word in words}
CHANNEL_OF_LETTER: Final = {"D": "来电", "X": "来信"}


def parse_channel(text: str) -> str | None:
    """Read how a petition came in: 来电, 来信, 来访 or 网络 for a known word, else the word as written."""
    code = code_text(text)
    if code.upper() in BLANKS:
        return None
    return _CHANNEL_OF.get(code.upper(), clean_text(text))


# ------------------------------------------------------------------------------------------------ dates
FIRST_DAY: Final = dt.date(2000, 1, 1)
LAST_DAY: Final = dt.date(2100, 12, 31)
_CLOCK: Final = (
    r"(?:[T ]?(?:上午|下午|晚上)? ?[0-9]{1,2}[:时][0-9]{1,2}分?(?::?[0-9]{1,2}秒?)?"
    r"(?:\.[0-9]+)?(?:Z|[+-][0-9:]{4,6})?)?"
)
_DATE: Final = re.compile(
    rf"([0-9]{{4}})(?:年|[-/.、])([0-9]{{1,2}})(?:月|[-/.、])([0-9]{{1,2}})(?:[日号]|(?![0-9]))({_CLOCK})"
)
_COMPACT: Final = re.compile(rf"([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(?![0-9])({_CLOCK})")
_CHINESE_DATE: Final = re.compile(
    r"([〇零○O0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_AROUND: Final = re.compile(r" ?([年月日号/.、-]) ?")
_LONGEST_DATE: Final = 64
_WEEKDAY: Final = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_DIGITS: Final = {
    **{digit: str(value) for value, digit in enumerate("零一二三四五六七八九")},
    "〇": "0",
    "○": "0",
    "O": "0",
    "0": "0",
}


def parse_date(text: str) -> dt.date | None:
    """Read a date written as text, year first.

    2024-06-07, 2024/6/7, 2024.6.7, 2024年6月7日, 20240607 and 二〇二四年六月七日 are one day. Full-width
    digits, a weekday and a time of day behind it are accepted. A date without year, with two digits for
    the year or with the day first is not understood, for it would be a guess.
    """
    if len(text) > _LONGEST_DATE:
        return None
    words = " ".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).split())
    code = _WEEKDAY.sub("", _AROUND.sub(r"\1", words)).strip()
    match = _DATE.fullmatch(code) or _COMPACT.fullmatch(code)
    if match:
        year, month, day = (int(part) for part in match.groups()[:3])
    else:
        match = _CHINESE_DATE.fullmatch(code)
        if match is None:
            return None
        year = int("".join(_DIGITS[digit] for digit in match[1]))
        month, day = _chinese_number(match[2]), _chinese_number(match[3])
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_BY: Final = re.compile(r"([0-9]{4})年(?:([0-9]{1,2})月)?(?:底|末)?(?:之?前|以前|前完成|底前完成)?")


def parse_deadline(text: str) -> dt.date | None:
    """Read a day by which something is to be done: a date, or a month or year (2024年12月底前), which end last."""
    words = "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text[:_LONGEST_DATE])).split())
    day = parse_date(text) or parse_date(words.removesuffix("完成").removesuffix("前").removesuffix("之"))
    match = None if day else _BY.fullmatch(words.removesuffix("完成"))
    if match is None:
        return day
    year, month = int(match[1]), int(match[2] or 12)
    if not (1 <= month <= 12 and FIRST_DAY.year <= year <= LAST_DAY.year):
        return None
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def _chinese_number(text: str) -> int:
    """Read 一 to 九十九; a malformed numeral gives a number no date has or a harmless one."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(_DIGITS[digit] for digit in text))
    tens_value = int("".join(_DIGITS.get(digit, "9") for digit in tens)) if tens else 1
    return tens_value * 10 + (int("".join(_DIGITS[digit] for digit in ones)) if ones else 0)
