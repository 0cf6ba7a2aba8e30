"""An event: what happened, told whole.

It holds the new value of every field it changes, so that a fold only copies.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, JsonValue, create_model, field_serializer

from models.base import Frozen
from models.case import Case
from models.clocks import Clock
from models.telling import what_was_set
from models.vocabulary import Kind, Role, Term

FIXED = {"id", "kind", "policy", "seq", "clocks", "pending"}
"""Fields of a case that no event sets by name: they follow from the event itself."""

if TYPE_CHECKING:
    Changes = BaseModel
else:
    # Derived from the case, so that the two cannot drift apart; only the fields that were set are written.
    Changes = create_model(
        "Changes",
        __base__=Frozen,
        **{name: (field.annotation | None, None) for name, field in Case.model_fields.items() if name not in FIXED},
    )
CHANGEABLE = frozenset(name for name in Case.model_fields if name not in FIXED)
"""Fields of a case that an event may set."""
ONLY = {Kind.ORGANISATION: frozenset({"organisation"})}
"""Kinds of case whose commands name their own things as a petition names its fields: ``unit`` is no unit of theirs."""


def changeable(kind: Kind) -> frozenset[str]:
    """Return the fields that a command's fields of the same name become, for a kind of case."""
    return ONLY.get(kind, CHANGEABLE)


class ReactionKind(Term):
    """What the engine does because something happened."""

    LETTER = "letter", "文书", "letter"
    OPEN_TASK = "open_task", "建立整改任务", "open a rectification task"
    TELL_PARENT = "tell_parent", "回告信访件", "tell the petition"
    CANCEL_TASK = "cancel_task", "取消整改任务", "cancel a rectification task"
    TELL_FOLLOWER = "tell_follower", "告知并案件", "tell a joined petition"
    OPEN_PART = "open_part", "建立拆分件", "open a part"
    RECUR = "recur", "反弹核对", "look for a recurrence"
    REOPEN = "reopen", "重新办理原件", "open the earlier petition again"
    HEAR_WEATHER = "hear_weather", "告知天气", "tell of the weather"
    ERASE = "erase", "销毁密钥", "destroy the keys"
    RECOUNT = "recount", "重算在办案件期限", "count the open cases again"
    MOVE_CASES = "move_to_all_days", "在办案件转入“5+2、白+黑”", "move the open cases to every day"
    MOVE_BACK = "move_back", "在办案件恢复常规工作日", "move the open cases back"


SWEEPS = frozenset({ReactionKind.RECOUNT, ReactionKind.MOVE_CASES, ReactionKind.MOVE_BACK})
"""Reactions that go through all open cases; each is named like the command that every one of them is given."""


class Reaction(Frozen):
    """One thing to carry out after an event; its outcome is recorded as an event in turn.

    ``letter`` names a form, ``to`` its one recipient (a person's id, or ``petitioner``), and ``again`` the letter
    that is sent once more; ``case`` is the other case of a reaction between cases.
    """

    kind: ReactionKind
    letter: str | None = None
    to: tuple[str, ...] = ()
    case: str | None = None
    again: str | None = None


class Event(Frozen):
    """What ``decide`` answers: what happened, told whole.

    ``name`` is a row's event and ``role`` the role it was done in; ``said`` is what people read in the
    history; ``sets`` are the case's new values; ``clocks`` replace those of the same name and ``stops``
    names those that end.
    """

    name: str
    role: Role
    said: dict[str, JsonValue] = Field(default_factory=dict)
    sets: Changes
    clocks: tuple[Clock, ...] = ()
    stops: tuple[str, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    v: int = 1

    @field_serializer("clocks")
    def _clocks_alike(self, clocks: tuple[Clock, ...]) -> list[dict[str, Any]]:
        return [clock.told for clock in clocks]


class Recorded(Frozen):
    """An event as the ledger keeps it, with who, when, under which envelope and which policy.

    ``occurred_at`` is when it happened, ``recorded_at`` when the ledger heard of it; both UTC. ``via`` says
    through which door it came and which operating-system user was behind it.
    """

    case: str
    kind: Kind
    seq: int
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    envelope: str
    policy: str
    via: dict[str, str] = Field(default_factory=dict)
    event: Event

    def body(self) -> str:
        """Return the canonical JSON that the chain is made over."""
        return what_was_set(self)

    def reaction_ids(self) -> tuple[str, ...]:
        """Return the ids of this event's reactions, in order: ``CASE#SEQ.1.letter`` and so on."""
        return tuple(
            f"{self.case}#{self.seq}.{place}.{reaction.kind}" for place, reaction in enumerate(self.event.reactions, 1)
        )


def changes(**sets: Any) -> Changes:  # noqa: ANN401 - each of the type its field of the case has
    """Make a set of changes; raises pydantic's ValidationError on a field a case does not have."""
    return Changes(**sets)
