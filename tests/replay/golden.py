"""What is kept of a story, and how the workflow's commands are paired with the ledger's events."""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, JsonValue
from temporalio.client import WorkflowHistory

from activities.signatures import ReactionCall, RingCall
from models.facts import Facts
from workflows.process import NEWEST_WAY

FOLDER: Final = Path(__file__).parent / "histories"
"""A folder in it for each way in which process managers had their work done (``workflows.process.Start``)."""
WAYS: Final = tuple(range(1, NEWEST_WAY + 1))


class Told(BaseModel, frozen=True):
    """An event of the ledger, as far as the workflow has to do with it."""

    seq: int
    name: str
    role: str
    clock: str | None = None
    rung: str | None = None
    due_at: str | None = None
    reaction: str | None = None


class Life(BaseModel, frozen=True):
    """A case: the histories of its workflow's runs, and its events."""

    case: str
    runs: list[dict[str, JsonValue]]
    events: list[Told]

    def histories(self) -> list[WorkflowHistory]:
        """The runs as the replayer takes them."""
        return [WorkflowHistory.from_json(f"case-{self.case}", run) for run in self.runs]


class Golden(BaseModel, frozen=True):
    """A story with its cases' lives."""

    story: str
    lives: list[Life]
    beside: dict[str, dict[str, JsonValue]] = {}
    """Histories of workflows that are no case's, by their ids."""

    def save(self) -> int:
        """Keep it; returns the size in bytes. The same content is the same file."""
        lines = json.dumps(self.model_dump(mode="json", exclude_none=True), ensure_ascii=False, sort_keys=True)
        packed = gzip.compress(lines.encode(), mtime=0)
        folder = FOLDER / f"way{NEWEST_WAY}"
        folder.mkdir(exist_ok=True)
        return (folder / f"{self.story}.json.gz").write_bytes(packed)

    @classmethod
    def load(cls, story: str, way: int = NEWEST_WAY) -> Self:
        """Read it back, as it was recorded in the newest way or an earlier one.

        Raises:
            FileNotFoundError: it was never recorded.
        """
        return cls.model_validate_json(gzip.decompress((FOLDER / f"way{way}" / f"{story}.json.gz").read_bytes()))

    def without(self, *words: str) -> Self:
        """Return it with these words replaced by ``worker``, wherever they stand."""
        text = self.model_dump_json()
        for word in words:
            text = text.replace(word, "worker")
        return type(self).model_validate_json(text)


@dataclass(frozen=True)
class Ring:
    """A ring that the workflow commanded: which rung, and whether it had waited for it or found it overdue."""

    call: RingCall
    waited: bool
    overdue: bool


@dataclass(frozen=True)
class Commanded:
    """What a workflow commanded over all its runs."""

    rings: Sequence[Ring]
    reactions: Sequence[str]
    known: Facts
    runs: int


class PairingError(AssertionError):
    """The workflow's commands and the ledger's events do not tell the same story."""


def pair(life: Life) -> Commanded:
    """Pair a life's commands with its events.

    Raises:
        PairingError: an event of the clock nobody rang, a ring without its event, a reaction carried out without an
            outcome or an outcome without its activity, something done twice within one run, a ring before its time,
            an event number missing, or a workflow that does not know its case's last event.
    """
    found = commanded(life)
    rung = Counter((each.call.clock, each.call.rung, each.call.due_at) for each in found.rings)
    events = Counter(
        (str(each.clock), str(each.rung), datetime.fromisoformat(str(each.due_at)))
        for each in life.events
        if each.role == "clock"
    )
    _same("rings", set(rung), set(events))
    _same("events of the clock, each once", events, Counter(set(events)))
    if early := [each for each in found.rings if not (each.waited or each.overdue)]:
        raise PairingError(f"{life.case}: rung before its time: {early}")
    outcomes = Counter(each.reaction for each in life.events if each.reaction)
    _same("reactions", set(found.reactions), set(outcomes))
    _same("outcomes, each once", outcomes, Counter(set(outcomes)))
    most = max(Counter(found.reactions).values(), default=0)
    if most > found.runs:
        raise PairingError(f"{life.case}: a reaction {most} times in {found.runs} runs")
    _same("numbers of the events", [each.seq for each in life.events], list(range(1, len(life.events) + 1)))
    if found.known.seq > life.events[-1].seq:
        raise PairingError(f"{life.case}: the workflow knows {found.known.seq}, the ledger only {life.events[-1].seq}")
    unknown = [each for each in life.events if each.seq > found.known.seq]
    # After a case has come to rest, what changes nothing for its manager is told to nobody.
    if unknown and not (found.known.resting and all(each.role != "clock" and not each.reaction for each in unknown)):
        raise PairingError(f"{life.case}: the workflow knows {found.known.seq}, the ledger more: {unknown}")
    return found


def _same(what: str, commanded: object, told: object) -> None:
    if commanded != told:
        raise PairingError(f"{what} differ: by the workflow {commanded}, by the ledger {told}")


def commanded(life: Life) -> Commanded:
    """Read from a life's histories what its workflow commanded and came to know."""
    rings: list[Ring] = []
    reactions: list[str] = []
    known: list[Facts] = []
    for run in life.runs:
        timers: dict[str, str] = {}
        fired: set[str] = set()
        for at, kind, attributes, summary in _events(run):
            match kind:
                case "timerStarted":
                    timers[attributes["timerId"]] = summary
                case "timerFired":
                    fired.add(timers[attributes["timerId"]])
                case "activityTaskScheduled" | "markerRecorded" if attributes.get("markerName") != "core_patch":
                    call = _called(life.case, attributes)
                    if isinstance(call, RingCall):
                        waited = f"{call.clock}: {call.rung}" in fired
                        rings.append(Ring(call, waited, _overdue(call, max(known, key=_seq), at)))
                    elif call:
                        reactions.append(call.reaction)
            known += _facts(kind, attributes)
    return Commanded(rings, reactions, max(known, key=_seq), len(life.runs))


def _called(case: str, attributes: Mapping[str, Any]) -> RingCall | ReactionCall | None:
    """Read what was to be done: by the server, or within the workflow's own task, of which the name is kept."""
    if "details" in attributes:
        (told,) = payloads(attributes["details"]["data"])
        match told["activity_type"]:
            case "ring":
                clock, rung, due_at = told["activity_id"].split("/")
                return RingCall(case=case, clock=clock, rung=rung, due_at=due_at)
            case "deliver" | "link" | "erase":
                return ReactionCall(case=case, reaction=told["activity_id"])
        return None
    (given,) = payloads(attributes["input"])
    match attributes["activityType"]["name"]:
        case "ring":
            return RingCall.model_validate(given)
        case "deliver" | "link" | "erase" | "sweep":
            return ReactionCall.model_validate(given)
    return None


def _seq(facts: Facts) -> int:
    return facts.seq


def _overdue(call: RingCall, known: Facts, at: datetime) -> bool:
    alarm = known.alarm
    return alarm is not None and (alarm.clock, alarm.rung) == (call.clock, call.rung) and alarm.ring_at <= at


def _events(run: Mapping[str, Any]) -> Iterator[tuple[datetime, str, dict[str, Any], str]]:
    """Yield a history's events: when, what, its attributes, the summary beside it."""
    for event in run["events"]:
        (kind,) = (name for name in event if name.endswith("EventAttributes"))
        summary = event.get("userMetadata", {}).get("summary")
        yield (
            datetime.fromisoformat(event["eventTime"]),
            kind.removesuffix("EventAttributes"),
            event[kind],
            _payload(summary) if summary else "",
        )


def _facts(kind: str, attributes: dict[str, Any]) -> list[Facts]:
    """The facts that an event brought to the workflow, if it brought any."""
    match kind:
        case "workflowExecutionSignaled":
            held = payloads(attributes.get("input", {"payloads": []}))  # `renew` brings nothing
        case "workflowExecutionStarted":
            held = [each["facts"] for each in payloads(attributes["input"]) if each.get("facts")]
        case "activityTaskCompleted":
            held = payloads(attributes["result"])
            # The answer to an update holds a receipt, which holds the facts.
            held = [(each["receipt"] or {}).get("facts") if "receipt" in each else each for each in held]
        case "markerRecorded":
            held = payloads(attributes["details"].get("result", {"payloads": []}))
        case _:
            held = []
    return [Facts.model_validate(each) for each in held if each]


def payloads(given: Mapping[str, Any]) -> list[Any]:
    return [_payload(each) for each in given["payloads"]]


def _payload(payload: Mapping[str, str]) -> Any:
    return json.loads(base64.b64decode(payload["data"]))
