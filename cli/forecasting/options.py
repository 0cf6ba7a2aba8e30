"""Reading what was typed: ``60/day``, ``enforcement=4,baima=2``, ``visit=3:fixed``, ``08:30-12:00,14:30-17:30``."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Final, NoReturn, get_args

from pydantic import ValidationError

from adapters.forecasting.hours import check_spans
from adapters.forecasting.setup import STEPS, Law, Work
from adapters.mistakes import first_wrong
from cli.exits import UsageProblem
from cli.reading import read_text
from models.counting import SHANGHAI
from models.policy import Policy

LEDGER: Final = "ledger"
MOST_HISTORY: Final = 3_660
"""Days of the ledger that are looked back on at most."""
PER_DAY: Final = {
    **dict.fromkeys(("day", "d", "天", "日"), 1.0),
    **dict.fromkeys(("hour", "h", "小时", "时"), 24.0),
    **dict.fromkeys(("week", "w", "周"), 1 / 7),
}
_RATE: Final = re.compile(r"(?P<count>[0-9]{1,12}(\.[0-9]{1,6})?)\s*/\s*(?P<unit>\w+)")
_SPAN: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_COMMAS: Final = re.compile(r"[,，、]")
LAWS: Final[tuple[Law, ...]] = get_args(Law)


def wrong(option: str, zh: str, en: str) -> NoReturn:
    """Refuse an option with a sentence in both languages."""
    raise UsageProblem(f"“{option}”{zh}。", f'"{option}": {en}.', field=option)


def rate(text: str) -> float | None:
    """Return petitions a day for ``60/day``, ``8/hour`` or ``300/week``; None for ``ledger``."""
    if text.strip() in {LEDGER, "账本"}:
        return None
    found = _RATE.fullmatch(text.strip())
    if found is None or found["unit"] not in PER_DAY:
        wrong(
            "--arrivals",
            f"应写作 60/day、8/hour、300/week 或 ledger：{text}",
            f"write 60/day, 8/hour, 300/week or ledger, not {text}",
        )
    return float(found["count"]) * PER_DAY[found["unit"]]


def shares(option: str, text: str | None) -> dict[str, float]:
    """Return names with positive numbers: ``hotline=5,platform=3``; nothing for nothing."""
    found: dict[str, float] = {}
    for part in _COMMAS.split(text) if text else ():
        name, mark, value = (each.strip() for each in part.partition("="))
        if not name or not mark:
            wrong(option, f"应写作 名称=数：{part}", f"write name=number, not {part}")
        if name in found:
            wrong(option, f"重复了“{name}”", f"{name} occurs twice")
        found[name] = _number(option, value)
    return found


def _number(option: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not isfinite(value) or value < 0:
        wrong(option, f"须为不小于零的数：{text}", f"a number of 0 or more, not {text}")
    return value


def people(option: str, text: str) -> int | dict[str, int]:
    """Return a number of people, or numbers by unit."""
    if "=" in text:
        return {name: _whole(option, f"{value:g}") for name, value in shares(option, text).items()}
    return _whole(option, text)


def _whole(option: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) or not int(text):
        wrong(option, f"须为正整数：{text}", f"a whole number of 1 or more, not {text}")
    return int(text)


def works(given: Sequence[str], law: str, measured: Mapping[str, float]) -> dict[str, Work]:
    """Return every step's time: as typed (``visit=3``, ``review=0.5:fixed``), else as measured, else the default."""
    found = {name: Work(measured.get(name, step.hours), _law(law)) for name, step in STEPS.items()}
    for part in (each for text in given for each in _COMMAS.split(text)):
        name, mark, value = (each.strip() for each in part.partition("="))
        if name not in STEPS or not mark:
            known = "、".join(STEPS)
            wrong("--time", f"应写作 步骤=小时[:分布]，步骤有 {known}：{part}", f"write step=hours[:law], not {part}")
        hours, _, own = value.partition(":")
        found[name] = Work(_number("--time", hours), _law(own.strip() or law))
    return found


def _law(text: str) -> Law:
    for each in LAWS:
        if text == each:
            return each
    wrong("--law", f"可用：{'、'.join(LAWS)}，没有“{text}”", f"there are {', '.join(LAWS)}, not {text}")


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return a working day's stretches in minutes after midnight."""
    found = []
    for part in _COMMAS.split(text):
        match = _SPAN.fullmatch(part.strip())
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:
            wrong("--hours", f"应写作 08:30-12:00,14:30-17:30：{text}", f"write 08:30-12:00,14:30-17:30, not {text}")
        hours = [int(each) for each in match.groups()]
        found.append((hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]))
    try:
        check_spans(found)
    except ValueError as fault:
        zh, _, en = str(fault).partition(" / ")
        wrong("--hours", zh, en)
    return tuple(found)


def beginning(text: str | None, now: datetime) -> datetime:
    """Return when the forecast begins: a day or a minute in Shanghai, else the next full hour."""
    if text is None:
        return datetime.fromtimestamp(-(-now.timestamp() // 3600) * 3600, UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not now.year - 100 < found.year < now.year + 100:
        wrong("--start", f"应写作 2026-11-20 或 2026-11-20T09:30：{text}", f"write 2026-11-20 or …T09:30, not {text}")
    if found.tzinfo is None:
        found = found.replace(tzinfo=SHANGHAI)
    return found.astimezone(UTC)


def policy(file: Path, calendars: Mapping[str, object]) -> Policy:
    """Return a proposed policy from its file.

    Raises:
        UsageProblem: it is no policy, with the field that is wrong.
    """
    text = read_text(str(file), "--policy", limit=1_000_000).text
    try:
        found = Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        wrong("--policy", f"不是 TOML：{fault}", f"not TOML: {fault}")
    except ValidationError as fault:
        field, zh, en = first_wrong(fault)
        wrong("--policy", f"的“{field}”填写有误：{zh}", f'"{field}" is not right: {en}')
    used = {rule.calendar for rule in found.clock}
    used |= {change.calendar for way in found.channels.values() for change in way.clocks.values() if change.calendar}
    if unknown := sorted(used - set(calendars)):
        wrong("--policy", f"没有日历“{unknown[0]}”", f"there is no calendar {unknown[0]}")
    return found
