"""A campaign day by day: which batch a petition belongs to, and what is counted of each; docs/campaigns.md defines it.

Pure: the cases go in, and every figure comes out as the cases behind it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from models.campaign_refusals import BadNumberForm
from models.campaign_values import Tally
from models.case import Case
from models.counting import legal_day
from models.instants import is_countable
from models.receipt import parse
from models.vocabulary import ENDS, Kind, Status, Term, Verdict

PARTS: Final = {
    "channel": "[DX]",
    "round": "[0-9]",
    "area": "[A-Z]{2}",
    "date": "(?P<date>[0-9]{8})",
    "seq": "[0-9]{1,6}",
}
"""What may stand between braces in the form of a campaign's receipt numbers."""
_PART: Final = re.compile(r"\{(\w*)\}")
_LITERAL: Final = re.compile(r"[\w.\-〔〕()（）]*")
DONE: Final = frozenset({Status.CLOSED, Status.SIGNED_OFF})


@lru_cache(maxsize=32)
def number_form(form: str) -> re.Pattern[str] | None:
    """Return what a campaign's numbers look like; None where nothing is said.

    Raises:
        BadNumberForm: it names a part that there is not, one twice, or holds what stands in no number.
    """
    if not form:
        return None
    pieces = _PART.split(form)
    literals, names = pieces[::2], pieces[1::2]
    if not all(map(_LITERAL.fullmatch, literals)) or not set(names) <= PARTS.keys() or len(set(names)) < len(names):
        raise BadNumberForm(form=form[:60])
    written = (PARTS[piece] if place % 2 else re.escape(parse(piece).key) for place, piece in enumerate(pieces))
    return re.compile("".join(written))


def numbers_of(case: Case) -> list[str]:
    """Return the numbers that an inspection gave a petition."""
    return [each.number for each in case.filings if each.channel == case.channel]


def batch_of(case: Case, campaign: Case | None = None) -> date | None:
    """Return the day on which a petition was handed over: its batch; None for what has not come in.

    One rule: the batch marked at its registration; else the date in the first of its receipt numbers that has one, by
    the campaign's form of numbers or the common one (no year that cannot be counted from); else the day it came in.
    """
    if case.batch:
        return case.batch
    found = number_form(campaign.number_form) if campaign else None
    for number in numbers_of(case):
        read = parse(number)
        fits = found.fullmatch(read.key) if found and "date" in found.groupindex else None
        day = _day(fits["date"]) if fits else read.date
        if day and is_countable(day):
            return day
    return legal_day(case.registered_at) if case.registered_at else None


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def odd_numbers(case: Case, campaign: Case) -> list[str]:
    """Return a petition's numbers that are not of the campaign's form; none where nothing is said of it."""
    found = number_form(campaign.number_form)
    return [each for each in numbers_of(case) if found and not found.fullmatch(parse(each).key)]


class Of(Term):
    """What is counted of a batch."""

    RECEIVED = "received", "交办", "received"
    STAR = "star", "重点关注", "special attention"
    MERGED = "merged", "并案", "joined"
    PARTS = "parts", "拆分增加", "added by splitting"
    VERIFIED = "verified", "已核查", "verified"
    INTERIM = "interim", "阶段性办结", "closed for now"
    CLOSED = "closed", "已办结", "closed"
    SIGNED_OFF = "signed_off", "已销号", "signed off"
    MEASURES = "measures", "有整改措施", "with measures"
    AT_ONCE = "at_once", "立行立改", "put right at once"
    OVERDUE = "overdue", "超期", "overdue"
    ELSEWHERE = "elsewhere", "不予受理、转送、撤回", "declined, referred, withdrawn"
    SUBSTANTIATED = "substantiated", "属实", "substantiated"
    MOSTLY = "mostly_substantiated", "基本属实", "mostly substantiated"
    PARTLY = "partly_substantiated", "部分属实", "partly substantiated"
    UNSUBSTANTIATED = "unsubstantiated", "不属实", "unsubstantiated"


def _found(verdict: Verdict) -> Callable[[Case, datetime], bool]:
    return lambda case, _: case.verdict is verdict


HAS: Final[dict[Of, Callable[[Case, datetime], bool]]] = {
    Of.RECEIVED: lambda case, _: case.split_from is None,
    Of.STAR: lambda case, _: case.star and case.split_from is None,
    Of.MERGED: lambda case, _: case.leading is not None,
    Of.PARTS: lambda case, _: case.split_from is not None,
    Of.VERIFIED: lambda case, _: case.verdict is not None,
    Of.INTERIM: lambda case, _: case.status is Status.INTERIM,
    Of.CLOSED: lambda case, _: case.status in DONE,
    Of.SIGNED_OFF: lambda case, _: case.status is Status.SIGNED_OFF,
    Of.MEASURES: lambda case, _: bool(case.measures),
    Of.AT_ONCE: lambda case, _: bool(case.measures) and not case.tasks and case.status in DONE,
    Of.OVERDUE: lambda case, now: case.is_open and case.due is not None and case.due <= now,
    Of.ELSEWHERE: lambda case, _: case.status in ENDS,
    **{Of.of(each.value): _found(each) for each in Verdict},
}
"""When a petition counts; a split receipt counts once as received, its parts apart."""
VERDICTS: Final = tuple(Of.of(each.value) for each in Verdict)


@dataclass
class Batch:
    """The petitions handed over on one day, or those of a whole campaign where ``day`` is None, as they stand."""

    day: date | None
    now: datetime
    cases: list[Case] = field(default_factory=list)

    def of(self, what: Of) -> list[Case]:
        """Return the petitions behind a figure."""
        return [each for each in self.cases if HAS[what](each, self.now)]

    def count(self, what: Of) -> int:
        """Return a figure."""
        return len(self.of(what))

    @property
    def at_once(self) -> float | None:
        """The share closed and put right at once (立行立改) of those with measures, None where there are none."""
        whole = self.count(Of.MEASURES)
        return self.count(Of.AT_ONCE) / whole if whole else None

    @property
    def tally(self) -> dict[str, float]:
        """What was ordered, punished and held to account, summed."""
        return tallied(self.cases)


def batches(cases: Iterable[Case], campaign: Case, now: datetime) -> list[Batch]:
    """Return a campaign's batches, the oldest first."""
    days: dict[date, Batch] = {}
    for case in petitions_of(cases):
        day = batch_of(case, campaign)
        if day:
            days.setdefault(day, Batch(day, now)).cases.append(case)
    return [days[day] for day in sorted(days)]


def whole(some: Sequence[Batch], now: datetime) -> Batch:
    """Return all batches as one."""
    return Batch(None, now, [case for each in some for case in each.cases])


def petitions_of(cases: Iterable[Case]) -> list[Case]:
    """Return the petitions among cases."""
    return [each for each in cases if each.kind is Kind.PETITION]


def tallied(cases: Iterable[Case]) -> dict[str, float]:
    """Return the figures of enforcement that petitions tell, each summed; fines to a tenth of a thousand yuan."""
    told = [each.tally for each in cases if each.tally]
    return {name: round(sum(getattr(each, name) for each in told), 4) for name in Tally.model_fields}


def behind(cases: Iterable[Case], name: str) -> list[Case]:
    """Return the petitions that a figure of enforcement is summed from."""
    return [each for each in cases if each.tally and getattr(each.tally, name)]
