"""The activity between cases: what happens in one and has to be told to, or opened as, another."""

from pydantic import JsonValue, TypeAdapter
from temporalio import activity

from activities.discreet import discreet
from activities.outcome import outcome
from activities.recurring import recur
from activities.signatures import ReactionCall
from adapters import queries
from adapters.door import OWN_IDS, Door
from models.case import Case
from models.companions import weather_of
from models.envelope import Envelope
from models.event import Reaction, ReactionKind, Recorded
from models.facts import Facts
from models.matter_commands import SplitPart
from models.refusals import NotPending, Refused
from models.values import Heard, ItemPlan, TaskOutcome, TaskPlan
from models.vocabulary import ENDS, Kind, Status

_PLANS: TypeAdapter[tuple[ItemPlan | TaskPlan, ...]] = TypeAdapter(tuple[ItemPlan | TaskPlan, ...])
ENDED = {Status.CLOSED: TaskOutcome.DONE, Status.SIGNED_OFF: TaskOutcome.SIGNED_OFF}
"""What a task's parent is told of its status; of every other one, that it ends without being done."""
_PARTS = TypeAdapter(tuple[SplitPart, ...])
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Links:
    """Carries reactions over to the other case."""

    def __init__(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    @activity.defn
    @discreet
    def link(self, call: ReactionCall) -> Facts:
        """Act on the other case and record the outcome on this one, both in one transaction.

        What the other case refuses (a task ended meanwhile, say) is recorded as not carried out, with the reason.
        """
        recorded, reaction = queries.reaction(self.door.database, call.reaction)
        if reaction.kind is ReactionKind.RECUR:
            return recur(self.door, call)
        there = self._envelope(call, recorded, reaction)
        try:
            if reaction.kind is ReactionKind.OPEN_TASK and queries.case(self.door.database, call.case).status in ENDS:
                # Withdrawn before its task was there: opening it now would leave a task without a petition.
                raise NotPending(reaction=call.reaction)
            answers = self.door.perform(
                [there, outcome(call, "done", reaction.case or "")], trusted=True, answering=call.case
            )
        except Refused as refusal:
            failed = outcome(call, "failed", refusal.code)
            answers = self.door.perform([failed], trusted=True, answering=call.case)
        return answers[-1].facts

    def _envelope(self, call: ReactionCall, recorded: Recorded, reaction: Reaction) -> Envelope:
        here = queries.folded_until(self.door.database, call.case, recorded.seq)
        data: dict[str, JsonValue]
        match reaction.kind:
            case ReactionKind.OPEN_TASK:
                plan = _plan(here, recorded, reaction)
                command = "open_task"
                item = plan if isinstance(plan, ItemPlan) else None
                data = {
                    "parent": here.id,
                    "channel": here.channel,
                    "measure": plan.measure,
                    "target": plan.target.isoformat(),
                    "standard": plan.standard,
                    "place": (item and item.place) or here.place,
                    "unit": plan.unit or here.unit,
                    "handler": plan.handler or here.handler,
                    "leader": (item and item.leader) or here.leader,
                    "named": list(here.named),
                    "hands": list(here.hands),
                    "respondent": here.respondent,
                    "campaign": here.campaign,
                    "site": plan.site or here.site,
                    "category": item.category if item else "",
                }
            case ReactionKind.TELL_FOLLOWER:
                command, data = "hear_of_lead", {"heard": _heard(here)}
            case ReactionKind.OPEN_PART:
                part = _part(here, recorded, reaction)
                command = "register"
                data = {
                    "channel": here.channel,
                    "place": part.place or here.place,
                    "summary": part.summary,
                    "types": list(part.types or here.types),
                    "respondent": part.respondent,
                    "spot": "" if part.place else here.spot,
                    "filings": [filing.model_dump(mode="json") for filing in here.filings],
                    "campaign": here.campaign,
                    "batch": here.batch.isoformat() if here.batch else None,
                    "star": here.star,
                    "sealed": list(here.sealed[:1]),
                    "named": list(here.named),
                    "split_from": here.id,
                }
            case ReactionKind.HEAR_WEATHER:
                command, data = "hear_weather", weather_of(here)
            case ReactionKind.REOPEN:
                why = f"重复信访 {here.id}"
                if reaction.case == here.id or here.kind is Kind.CAMPAIGN:
                    why = f"回头看发现反弹（{here.title or here.id}）"
                command, data = "reopen", {"reason": why}
            case ReactionKind.TELL_PARENT:
                ended = ENDED.get(here.status, TaskOutcome.CANCELLED)
                if recorded.event.name == "task_reopened":
                    ended = TaskOutcome.REOPENED
                command, data = "finish_task", {"task": here.id, "outcome": ended.value, "task_hands": list(here.hands)}
            case _:
                command, data = "release_task", {"petition": here.id, "reason": f"信访件 {here.id} 已撤回"}
        return Envelope(
            id=f"{OWN_IDS}{call.reaction}",
            case=reaction.case,
            actor="engine",
            command=command,
            data=data,
            # A part came in when its receipt did: its clocks run from that day.
            occurred_at=here.registered_at if reaction.kind is ReactionKind.OPEN_PART else None,
            via={"case": call.case},
        )


def _heard(case: Case) -> JsonValue:
    heard = Heard(
        case=case.id,
        seq=case.seq,
        status=case.status.value,
        verdict=case.verdict,
        findings=case.findings,
        measures=case.measures,
        hands=case.hands,
    )
    return _JSON.validate_python(heard.model_dump(mode="json", exclude_defaults=True))


def _part(case: Case, recorded: Recorded, reaction: Reaction) -> SplitPart:
    """Return the part a reaction opens: an event's parts are the last of its case's, in order."""
    parts = _PARTS.validate_python(recorded.event.said["split_parts"])
    new = case.parts[-len(parts) :]
    return parts[new.index(reaction.case or "")]


def _plan(case: Case, recorded: Recorded, reaction: Reaction) -> TaskPlan:
    """Return the plan of the task a reaction opens: an event's plans are the last of its case's tasks, in order."""
    if recorded.event.name in {"anomaly_reported", "problem_reported"}:
        task = case.tasks[-1]
        return TaskPlan(measure=task.measure, target=task.target, site=case.id if case.kind is Kind.SITE else case.site)
    plans = _PLANS.validate_python(recorded.event.said["task_plans"])
    new = [task.id for task in case.tasks][-len(plans) :]
    return plans[new.index(reaction.case or "")]
