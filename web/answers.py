"""What the API answers, as models: its OpenAPI document is made from them, and the tests hold every answer against it.

The answers themselves are plain objects from ``adapters.views``, so that nothing is checked twice on the way out.
"""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, create_model

from adapters.access.tokens import Scope
from adapters.attachments.sorts import Sort
from adapters.attachments.store import Origin
from models.case import Case
from models.event import Recorded
from models.organisation import Grid, Unit
from models.policy import Policy
from models.statistics import Against, By
from models.vocabulary import Fate, Flag, Kind, Light, Role, Stage, Status

At = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant in UTC, ``2026-11-23T01:02:03Z``."""
Share = Annotated[float, Field(ge=0, le=1)]


class Out(BaseModel):
    """What comes out: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class RungAt(Out):
    """A rung of a clock's ladder and when it comes."""

    rung: str
    at: At


class AlarmOut(RungAt):
    """A case's next alarm."""

    clock: str


class ClockOut(Out):
    """A running clock; ``remaining_seconds`` is negative where it is overdue."""

    clock: str
    due: At
    remaining_seconds: int
    started: At
    light: Light
    rung: str | None
    next: RungAt | None
    paused_by: list[str]
    provisional: bool
    hushed: bool
    lapses: bool


class LineOut(Out):
    """One line of how a due date came about."""

    what: str
    zh: str
    en: str


class DerivedOut(ClockOut):
    """A clock with the way its due date came about."""

    derivation: list[LineOut]


class WhyOut(Out):
    """Every running due date of a case, nearest first, under the policy it runs under."""

    case: str
    policy: str
    clocks: list[DerivedOut]


class Row(Out):
    """A case in a few words. ``seq`` is the number of its latest event."""

    case: str
    kind: Kind
    status: Status
    stage: Stage
    flags: list[Flag]
    light: Light
    is_open: bool
    channel: str
    place: str
    unit: str | None
    handler: str | None
    due: At | None
    due_provisional: bool
    registered_at: At | None
    closed_at: At | None
    seq: int


class ListedOut(Row):
    """A case as a row of a list, with the redacted summary, or a task's measure."""

    summary: str


class PageOut(Out):
    """A page of a list; ``next`` is the cursor of the page behind it, null at the end."""

    cases: list[ListedOut]
    next: str | None
    now: At


class LetterOut(Out):
    """A letter of a case, with what became of it last."""

    case: str
    letter: str
    id: str
    template: str
    title: str
    to: str
    state: Fate
    channel: str | None
    why: str | None
    written_at: At
    at: At
    sendings: int


if TYPE_CHECKING:
    CaseOut = BaseModel
else:
    # Derived from the case, so that the two cannot drift apart.
    CaseOut = create_model(
        "CaseOut",
        __base__=Row,
        __doc__="A whole case: its row, everything known of it but the petitioner, its clocks and letters.",
        **{
            name: (field.annotation, ...)
            for name, field in Case.model_fields.items()
            if name not in {"id", "clocks", "listeners", "registered_at", "closed_at", *Row.model_fields}
        },
        clocks=(list[ClockOut], ...),
        listeners=(int, ...),
        next_alarm=(AlarmOut | None, ...),
        letters=(list[LetterOut], ...),
        now=(At, ...),
    )


class HistoryOut(Out):
    """Everything that happened to a case, in order, as the ledger keeps it."""

    case: str
    events: list[Recorded]


class FieldOut(Out):
    """A field of a command's form; ``N`` in its name stands for 0, 1, 2 and so on."""

    field: str
    required: bool
    zh: str
    en: str
    holds: str
    choices: list[str]
    limit: int | None


class ActionOut(Out):
    """A command that would be accepted now, the event it makes, and the status it leads to."""

    command: str
    zh: str
    en: str
    event: str
    to: Status | None
    fields: list[FieldOut]


class ActionsOut(Out):
    """What the asker may do with a case as it stands at ``seq``."""

    case: str
    status: Status
    seq: int
    actions: list[ActionOut]


class ReceiptOut(Out):
    """What happened, and where the case stands now; ``repeated`` where the same key had done it before."""

    case: str
    seq: int
    event: str | None
    at: At
    envelope: str
    repeated: bool
    status: Status
    stage: Stage
    due: At | None
    next_alarm: AlarmOut | None


class NewOut(ReceiptOut):
    """The receipt of a new case, with the code by which the petitioner asks after it."""

    query_code: str


class OpenedOut(Out):
    """What was under seal, by name: petitioner, contact, text; nothing where it was erased."""

    case: str
    erased: bool
    sealed: list[dict[str, str]]


class AttachmentOut(Out):
    """A file of a case; the petitioner's own have no name here."""

    sha256: str
    name: str | None
    sort: Sort
    size: int
    origin: Origin
    added_by: str
    added_at: At
    taken_at: str | None


class AttachmentsOut(Out):
    """The files of a case."""

    case: str
    attachments: list[AttachmentOut]


class FiguresOut(Out):
    """Petitions as they stand now; ``rate`` is closed of received, null while nothing was received."""

    received: int
    closed: int
    open: int
    overdue: int
    blue: int
    yellow: int
    red: int
    rate: Share | None
    now: At


class TallyOut(Out):
    """A period's figures, as docs/statistics.md defines them."""

    received: int
    received_closed: int
    ended: int
    closed: int
    closed_on_time: int
    closed_late: int
    open: int
    overdue: int
    repeated: int
    rate: Share | None
    on_time_rate: Share | None


class DatedTallyOut(TallyOut):
    """The figures of the period before, with its days."""

    from_: date = Field(alias="from")
    to: date


class GroupOut(TallyOut):
    """The figures of one unit, channel, type or township, whichever was asked for, and those before; empty for none.

    What is open or overdue is so now, and 0 in those before.
    """

    unit: str | None = None
    channel: str | None = None
    type: str | None = None
    township: str | None = None
    before: TallyOut


class PointOut(Out):
    """What came in and what was closed in a stretch of days."""

    from_: date = Field(alias="from")
    to: date
    received: int
    closed: int


class AgeOut(Out):
    """How many open petitions are so many days old; ``to`` is null for the oldest."""

    from_: int = Field(alias="from")
    to: int | None
    open: int


class StatisticsOut(Out):
    """A period's figures beside those of the period it is compared with."""

    from_: date = Field(alias="from")
    to: date
    now: At
    figures: TallyOut
    against: Against
    before: DatedTallyOut
    by: By
    groups: list[GroupOut]
    trend: list[PointOut]
    ages: list[AgeOut]


class MeOut(Out):
    """Who asks; ``csrf`` is what a browser's call sends back as X-CSRF-Token, ``scopes`` are a token's."""

    person: str
    name: str
    unit: str
    roles: list[Role]
    scopes: list[Scope] | None
    csrf: str | None


class PolicyRow(Out):
    """A policy document; ``in_force`` is that of the one new cases run under today."""

    name: str
    zh: str
    en: str
    effective: date
    in_force: bool


class PoliciesOut(Out):
    """The published policies, the newest first."""

    policies: list[PolicyRow]
    today: date


class PolicyOut(PolicyRow):
    """One policy with all its rows."""

    document: Policy


class ColleagueOut(Out):
    """Somebody of the organisation as others see them: no leave, no interests, nothing to reach them by."""

    id: str
    name: str
    unit: str
    roles: list[Role]
    posts: list[str]
    charge: list[str]
    retired: bool


class OrganisationOut(Out):
    """Units, people and grids as they are now; ``seq`` is the number of the latest change."""

    name: str
    seq: int
    units: list[Unit]
    people: list[ColleagueOut]
    grids: list[Grid]


class YearOut(Out):
    """A year's table: how many weekdays are off and how many weekend days are worked, by which notice."""

    year: int
    version: str
    source: str
    off: dict[str, str]
    work: dict[str, str]


class CalendarOut(Out):
    """A calendar in force, with the tables of its years."""

    name: str
    version: str
    every_day: bool
    years: list[YearOut]


class CalendarsOut(Out):
    """The calendars in force."""

    calendars: list[CalendarOut]
    today: date
