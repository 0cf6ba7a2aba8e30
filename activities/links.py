"""The activity between cases: a petition opens its rectification tasks, a task tells its petition how it ended."""

from temporalio import activity

from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters import queries
from adapters.door import Door
from models.envelope import Envelope
from models.event import Reaction, ReactionKind, Recorded
from models.facts import Facts
from models.refusals import Refused
from models.values import TaskOutcome
from models.vocabulary import Status


class Links:
    """Carries reactions over to the other case."""

    def __init__(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    @activity.defn
    def link(self, call: ReactionCall) -> Facts:
        """Act on the other case and record the outcome on this one, both in one transaction.

        What the other case refuses (a task ended meanwhile, say) is recorded as not carried out, with the reason.
        """
        recorded, reaction = queries.reaction(self.door.database, call.reaction)
        there = self._envelope(call, recorded, reaction)
        try:
            answers = self.door.perform(
                [there, outcome(call, "done", reaction.case or "")], trusted=True, answering=call.case
            )
        except Refused as refusal:
            failed = outcome(call, "failed", refusal.code)
            answers = self.door.perform([failed], trusted=True, answering=call.case)
        return answers[-1].facts

    def _envelope(self, call: ReactionCall, recorded: Recorded, reaction: Reaction) -> Envelope:
        here = queries.folded_until(self.door.database, call.case, recorded.seq)
        match reaction.kind:
            case ReactionKind.OPEN_TASK:
                task = here.task(reaction.case or "")
                plans = recorded.event.said["task_plans"]
                new = [each.id for each in here.tasks][-len(plans) :]  # type: ignore[arg-type]
                plan = plans[new.index(reaction.case or "")]  # type: ignore[index, call-overload]
                command, data = "open_task", {
                    "parent": here.id,
                    "channel": here.channel,
                    "measure": task.measure if task else "",
                    "target": plan["target"],
                    "standard": plan.get("standard", ""),
                    "place": here.place,
                    "unit": plan.get("unit") or here.unit,
                    "handler": plan.get("handler") or here.handler,
                    "leader": here.leader,
                    "named": list(here.named),
                    "respondent": here.respondent,
                }
            case ReactionKind.TELL_PARENT:
                ended = TaskOutcome.DONE if here.status is Status.CLOSED else TaskOutcome.CANCELLED
                command, data = "finish_task", {"task": here.id, "outcome": ended.value}
            case _:
                command, data = "cancel_task", {"reason": f"信访件 {here.id} 已撤回"}
        return Envelope(
            id=call.reaction, case=reaction.case, actor="engine", command=command, data=data, via={"case": call.case}
        )
