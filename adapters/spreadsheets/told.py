"""What a row of an existing ledger tells of an item's history: whose, by when, how far it has come and since when."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

YES: Final = frozenset({"是", "已销号", "销号", "√", "✓", "Y", "已验收销号"})
NO: Final = frozenset({"否", "未销号", "×", "N", "待销号", "尚未销号"})
"""What stands in the column of the sign-off where no day does."""


@dataclass(frozen=True, slots=True)
class Told:
    """An item's history; ``state`` is rectifying, interim, closed or signed_off. Names are as written."""

    state: str
    campaign: str
    unit: str
    leader: str
    due: dt.date | None
    closed: dt.date | None
    signed_off: dt.date | None

    @property
    def done(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.state in {"closed", "signed_off"}

    @property
    def says(self) -> dict[str, object]:
        """What of it a row is known again by."""
        days = {"due": self.due, "closed_on": self.closed, "signed_off_on": self.signed_off}
        return {
            "told": self.state,
            **{name: getattr(self, name) for name in ("campaign", "unit", "leader")},
            **{name: day.isoformat() for name, day in days.items() if day},
        }

    def faults(self, received: dt.date | None, *, closed_told: bool, signed_told: bool) -> Iterator[tuple[str, str]]:
        """Yield what does not fit together: the code of the doubt, and the field it is held against."""
        if received is None:
            yield "day_missing", "received"
        if self.state == "closed" and not closed_told:
            yield "day_missing", "closed"
        if self.state == "signed_off" and not signed_told:
            yield "day_missing", "signed_off"
        if self.state == "rectifying":
            if self.due is None:
                yield "day_missing", "due"
            if not self.unit:
                yield "unit_missing", "unit"
            if closed_told or signed_told:
                yield "state_conflict", "state"
        if self.state == "closed" and signed_told:
            yield "state_conflict", "state"
        days = [day for day in (received, self.closed, self.signed_off) if day]
        if days != sorted(days):
            yield "days_out_of_order", "closed"
