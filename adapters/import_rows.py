"""What a row of a public table comes to: the envelopes that register its petition and bring it to where the row stands.

Pure but for the seal: nothing here asks the ledger. What clerks did not type themselves is masked; the petitioner's own
words go under seal where they hold what looks like a telephone or identity number.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from pydantic import JsonValue

from adapters.brought import SAME
from adapters.door import Order
from adapters.import_history import Meant, steps
from adapters.sealed import Sealer
from adapters.spreadsheets import Doubt, SheetRow
from models.base import is_unclean
from models.case import Case
from models.counting import SHANGHAI
from models.envelope import Envelope
from models.personal import looks_personal, masked
from models.receipt import parse
from models.vocabulary import Term

CHANNEL = "inspection"
SUMMARY_LIMIT = 4000
TEXT_LIMIT = 8000
LINE_LIMIT = 200
KINDS_LIMIT = 12
NO_PLACE = "（未填）"
NOTHING_SAID = "（表中未填写）"
SEE_FIRST = "（见第1点）"
"""What stands in a case where the table says nothing; an export leaves these out again."""


class Fate(Term):
    """What became of a row."""

    REGISTERED = "registered", "新登记", "registered"
    ADVANCED = "advanced", "已更新", "advanced"
    KNOWN = "known", "已有", "already known"
    DOUBTFUL = "doubtful", "存疑", "doubtful"


@dataclass
class ImportRow:
    """A row on its way into the ledger: every reason not to trust it, and its case once it has one.

    ``before`` is the summary that its number was imported with before, if it was.
    """

    row: SheetRow
    doubts: list[Doubt] = field(default_factory=list)
    case: str | None = None
    before: str | None = None
    fate: Fate = Fate.KNOWN
    meant: Meant | None = None
    """Whom an existing ledger's row names."""
    now: Case | None = None
    """The case as it stands, where an existing ledger's row is told of it."""

    def __post_init__(self) -> None:
        """Take over the doubts of the reader; see what the row is known by."""
        self.doubts.extend(self.row.doubts)
        raw = self.row.receipts or ((self.row.receipt,) if self.row.receipt else ())
        self.numbers = [number for one in raw if (number := _clean(one.raw)[:LINE_LIMIT])]
        """Its receipt numbers as written; there may be none, or several."""

    @property
    def key(self) -> str:
        """What the row is known again by: its first receipt number, else what it says."""
        if self.numbers:
            return parse(self.numbers[0]).key
        said = f"{self.row.area}\n{self.row.problem}"
        return "none/" + hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def registration(self) -> str:
        """The id of the envelope that registers it."""
        return f"import/{self.key}"[:LINE_LIMIT]

    @property
    def told(self) -> str:
        """The id of the envelope that tells what the row says beyond the registration; another for another content."""
        return f"import/{self.key[:100]}/{self.row.digest[:32]}"

    @property
    def summary(self) -> str:
        """The redacted summary: the problem with what looks like a number of a person covered."""
        return masked(_clean(self.row.problem))[:SUMMARY_LIMIT].strip()

    @property
    def tells(self) -> bool:
        """Whether it says more than that the petition came in."""
        row = self.row
        if row.told:
            return True
        said = (row.verdict, row.findings, row.measures, row.goal, row.accountability, row.remarks, row.signed_off)
        return any(said) or row.state in {"interim", "closed"}


def flat(text: str) -> str:
    """Return what a text is compared by: blanks, line breaks and the width of characters tell nothing."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Scribe:
    """Writes the envelopes of rows in somebody's name."""

    actor: str
    campaign: str | None
    via: Mapping[str, str]
    sealer: Sealer

    def registering(self, each: ImportRow, now: datetime, *, whole: bool) -> Order:
        """Return the order that registers a row's petition, with its whole history if that can be trusted."""
        row = each.row
        data: dict[str, JsonValue] = {
            "channel": CHANNEL,
            "place": masked(_line(row.area)) or NO_PLACE,
            "summary": each.summary,
            "types": [kind for one in row.kinds[:KINDS_LIMIT] if (kind := _clean(one)[:64].strip())],
            "filings": [{"channel": CHANNEL, "number": number} for number in each.numbers],
            "star": row.star,
            "imported": True,
        }
        campaign = self.campaign or (each.meant.campaign if each.meant else None)
        if campaign:
            data["campaign"] = campaign
        secrets = []
        if looks_personal(_clean(row.problem)) or len(row.problem) > SUMMARY_LIMIT:
            ref = self.sealer.ref(each.registration)
            data["sealed"] = [ref]
            secrets = [self.sealer.seal(ref, {"text": row.problem})]
        register = self._envelope(each.registration, None, "register", data, _occurred(row.received_on, now))
        return Order([register, *self._history(each, SAME, now)] if whole else [register], secrets=secrets)

    def telling(self, each: ImportRow, now: datetime) -> Order:
        """Return the order that brings a row's case to the state the row tells."""
        return Order(self._history(each, each.case, now))

    def _history(self, each: ImportRow, case: str | None, now: datetime) -> list[Envelope]:
        row = each.row
        if not each.tells:
            return []
        data: dict[str, JsonValue] = {
            "state": row.state or "open",
            "measures": _text(row.measures),
            "accountability": _text(row.accountability),
            "goal": _text(row.goal),
            "findings": _findings(row),
        }
        said: dict[str, JsonValue] = {name: value for name, value in data.items() if value}
        if row.told and each.meant:
            del said["state"]
            if row.remarks:
                said["remarks"] = _text(row.remarks)
            told = steps(row.told, each.meant, said, row.received_on, each.now)
            envelopes = [
                self._envelope(f"{each.told}{more}", case, name, data, _occurred(day, now))
                for more, name, data, day in told
            ]
        else:
            envelopes = [self._envelope(each.told, case, "record_history", said)]
        if note := _note(row, each.meant):
            envelopes.append(self._envelope(f"{each.told}/note", case, "note", {"text": note}))
        return envelopes

    def _envelope(
        self, name: str, case: str | None, command: str, data: dict[str, JsonValue], at: datetime | None = None
    ) -> Envelope:
        return Envelope(
            id=name, case=case, actor=self.actor, command=command, data=data, occurred_at=at, via=dict(self.via)
        )


def _findings(row: SheetRow) -> list[JsonValue]:
    verdicts = row.points or ((row.verdict,) if row.verdict else ())
    return [
        {
            "point": "举报问题" if len(verdicts) == 1 else f"第{place}点",
            "verdict": verdict,
            "text": (_text(row.findings) or NOTHING_SAID) if place == 1 else SEE_FIRST,
            "place": _line(row.area),
        }
        for place, verdict in enumerate(verdicts, 1)
    ]


def _note(row: SheetRow, meant: Meant | None) -> str:
    """Return what the row says and no field of a case holds; nothing of it may be lost."""
    lines = [
        f"核查情况（尚无结论）：{row.findings}" if row.findings and not row.verdict else "",
        f"备注：{row.remarks}" if row.remarks and not row.told else "",
        "表中已销号" if row.signed_off and not row.told else "",
        *(meant.notes if meant else ()),
    ]
    return _text("\n".join(filter(None, lines)))


def _occurred(day: date | None, now: datetime) -> datetime | None:
    if day is None:
        return None
    at = datetime.combine(day, time(9), SHANGHAI)
    return at if at < now else None


def _line(text: str) -> str:
    return _text(text)[:LINE_LIMIT].strip()


def _text(text: str) -> str:
    # Taken out first: a mark inside a number would hide it from the mask.
    return masked(_clean(text))[:TEXT_LIMIT].strip()


def _clean(text: str) -> str:
    return "".join(mark for mark in text if not is_unclean(mark)).strip()
