"""What follows from a command beyond what it says: the new values of other fields of the case."""

from collections.abc import Callable
from datetime import datetime

from models.campaign_rules import CAMPAIGN_EFFECTS
from models.case import Case
from models.clocks import Clock
from models.counting import end_of, legal_day
from models.delivery import NOT_CHASED, LetterRef, Unsettled
from models.erasure_rules import ERASURE_EFFECTS
from models.matter_effects import MATTER_EFFECTS, matter_way
from models.meeting_rules import MEETING_EFFECTS
from models.patrol_effects import PATROL_EFFECTS, patrol_way
from models.policy import Policy
from models.situation import Situation
from models.staffing import staffed
from models.values import ItemPlan, Proposal, ProposalState, Task, TaskPlan
from models.vocabulary import Fate, Flag, Light, Role, verdict_of

Sets = dict[str, object]
Effect = Callable[[Situation], Sets]


def registered_at(s: Situation) -> Sets:
    """The moment it came in."""
    return {"registered_at": s.occurred}


def orders_in_force(s: Situation) -> Sets:
    """What is registered while its campaign works every day counts so from the beginning."""
    orders = s.world.campaigns.get(s.given("campaign") or "", ())
    running = tuple(each for each in orders if each.last is None or each.last >= legal_day(s.occurred))
    if not running:
        return {}
    return {"all_days": running, "flags": (*s.case.flags, Flag.ALL_DAYS)}


def accepted_at(s: Situation) -> Sets:
    """The moment of acceptance, from which the time for closure runs."""
    return {"accepted_at": s.occurred}


def closed_at(s: Situation) -> Sets:
    """The moment of closure."""
    return {"closed_at": s.occurred}


def in_time(s: Situation) -> Sets:
    """Whether what was owed came in time; once late, it stays late.

    Nothing is said without a clock, nor of history whose own date nobody told: a table often has none.
    """
    clocks = [clock for clock in s.case.clocks if clock.name in {"close", "put_right", "rectify", "rectify_again"}]
    if not clocks or (s.case.imported and s.row.backdated and s.occurred == s.at):
        return {}
    return {"on_time": s.case.on_time is not False and all(s.occurred < clock.due for clock in clocks)}


def told_in_time(s: Situation) -> Sets:
    """Whether an imported ledger tells that it was closed by its day."""
    day = s.given("rectify_by")
    if day is None or s.occurred == s.at:
        return {}
    return {"on_time": s.occurred < end_of(day, s.policy.counting)}


def signed_off_at(s: Situation) -> Sets:
    """The moment it was struck off."""
    return {"signed_off_at": s.occurred}


ANEW = {"extended": False, "planned": False, "approver": None, "reconsiderations": 0}
"""What begins anew with a case that is opened again: there will be another opinion."""


def reopened(s: Situation) -> Sets:
    """A case opened again is not closed any more and may be planned and extended anew; an old ledger's day is gone."""
    told: Sets = {"rectify_by": None} if s.case.rectify_by else {}
    return {"closed_at": None, "signed_off_at": None, "on_time": None, **ANEW, **told}


def approver(s: Situation) -> Sets:
    """Who approved the closure."""
    return {"approver": s.actor.id}


def reconsidered(s: Situation) -> Sets:
    """Once more: 复查 the first time, 复核 the second."""
    return {"reconsiderations": s.case.reconsiderations + 1}


def assignment(s: Situation) -> Sets:
    """Who handles the case; a handler not named anew is not carried over, the leader is."""
    hands = s.case.hands
    handler = s.given("handler")
    if handler and handler not in hands:
        hands = (*hands, handler)
    return {"handler": handler, "leader": s.given("leader") or s.case.leader, "hands": hands}


def unassigned(_: Situation) -> Sets:
    """Back with the sender."""
    return {"unit": None, "handler": None}


def hands(s: Situation) -> Sets:
    """Whoever acts has a hand in the handling from now on."""
    if s.actor.id in s.case.hands:
        return {}
    return {"hands": (*s.case.hands, s.actor.id)}


def hands_of_unit(s: Situation) -> Sets:
    """A handler who asks for time has a hand in it; a dispatcher who passes the wish on has not."""
    return hands(s) if Role.HANDLER in s.actor.roles else {}


def first_signer(s: Situation) -> Sets:
    """Who took the first step of the sign-off: with every application the steps begin anew."""
    return {"signers": (s.actor.id,)}


def signers(s: Situation) -> Sets:
    """Who took this step of the sign-off."""
    return {"signers": (*s.case.signers, s.actor.id)}


def verdict(s: Situation) -> Sets:
    """The verdicts of the points rolled up into one."""
    findings = s.given("findings")
    return {"verdict": verdict_of(tuple(f.verdict for f in findings))} if findings else {}


def planned(_: Situation) -> Sets:
    """Measures are laid down."""
    return {"planned": True}


def tasks(s: Situation) -> Sets:
    """The planned tasks with the numbers their own cases will bear."""
    first = len(s.case.tasks) + 1
    new = tuple(_task(f"{s.case.id}-R{number}", plan) for number, plan in enumerate(s.given("task_plans"), first))
    return {"tasks": (*s.case.tasks, *new)} if new else {}


def _task(name: str, plan: TaskPlan) -> Task:
    if isinstance(plan, ItemPlan):
        known = Task(id=name, measure=plan.measure, target=plan.target, category=plan.category)
        return known.model_copy(update={"unit": plan.unit, "place": plan.place} if plan.place else {"unit": plan.unit})
    return Task(id=name, measure=plan.measure, target=plan.target)


def task_outcome(s: Situation) -> Sets:
    """How the task ended; whoever had a hand in it may not review the petition either."""
    tasks = tuple(
        task.model_copy(update={"outcome": s.given("outcome")}) if task.id == s.given("task") else task
        for task in s.case.tasks
    )
    new = tuple(name for name in s.given("task_hands") if name not in s.case.hands)
    return {"tasks": tasks, "hands": (*s.case.hands, *new)} if new else {"tasks": tasks}


def extended(_: Situation) -> Sets:
    """The time has been extended."""
    return {"extended": True}


def sealed_more(s: Situation) -> Sets:
    """Another envelope under seal."""
    return {"sealed": (*s.case.sealed, *s.given("sealed"))}


def filings_more(s: Situation) -> Sets:
    """Another filing on the same matter."""
    return {"filings": (*s.case.filings, *s.given("filings"))}


def instruction_by(s: Situation) -> Sets:
    """The day an instruction names, or none; a further one that names none leaves the first one's."""
    day = s.given("instruction_by")
    return {} if day is None and s.case.clock("instruction") else {"instruction_by": day}


def _decided(state: ProposalState) -> Effect:
    def effect(s: Situation) -> Sets:
        return {
            "proposals": tuple(
                each.model_copy(update={"state": state}) if each.id == s.given("proposal") else each
                for each in s.case.proposals
            )
        }

    effect.__doc__ = f"The proposal is {state.en}."
    return effect


proposal_adopted, proposal_dismissed = _decided(ProposalState.ADOPTED), _decided(ProposalState.DISMISSED)


def calendar(s: Situation) -> Sets:
    """The calendar with the new tables."""
    found, week = s.case.calendar, s.given("week")
    if found and week:
        found = found.with_week(week)
    for table in s.given("tables"):
        found = found.with_year(table) if found else None
    return {"calendar": found}


def order(s: Situation) -> Sets:
    """The order among those of the campaign."""
    new = s.given("order")
    return {"orders": (*s.case.orders, new), "order_last": new.last}


def order_lifted(s: Situation) -> Sets:
    """The order ends earlier than it said."""
    *before, lifted = s.case.orders
    last = s.given("last")
    return {"orders": (*before, lifted.model_copy(update={"last": last})), "order_last": None}


def lapse(s: Situation) -> Sets:
    """A question to the petitioner that lapses is open no longer: its flag bears its clock's name."""
    name = s.given("clock")
    return {"flags": tuple(flag for flag in s.case.flags if flag != name)}


def staffing(s: Situation) -> Sets:
    """The organisation as the command leaves it."""
    return {"organisation": staffed(s)}


def letter_lost(s: Situation) -> Sets:
    """A letter that did not arrive, or of which nobody knows, waits for somebody to see to it."""
    ref: LetterRef = s.given("letter")
    lost = Unsettled(**ref.model_dump(), fate=Fate.of(s.given("outcome")), why=s.given("why"))
    return {"unsettled": (*(each for each in s.case.unsettled if each.letter != ref.letter), lost)}


def letter_home(s: Situation) -> Sets:
    """A letter that has arrived after all waits no longer."""
    ref: LetterRef | None = s.given("letter")
    left = tuple(each for each in s.case.unsettled if ref is None or each.letter != ref.letter)
    return {"unsettled": left} if left != s.case.unsettled else {}


def letter_again(s: Situation) -> Sets:
    """A letter is on its way again; until it arrives it stays among those that wait."""
    wanted = s.case.unsettled_letter(s.given("letter"))
    return {
        "unsettled": tuple(
            each.model_copy(update={"fate": Fate.AGAIN}) if each == wanted else each for each in s.case.unsettled
        )
    }


def letter_settled(s: Situation) -> Sets:
    """Somebody has seen to the letter."""
    wanted = s.case.unsettled_letter(s.given("letter"))
    return {"unsettled": tuple(each for each in s.case.unsettled if each != wanted)}


EFFECTS: dict[str, Effect] = (
    {
        effect.__name__: effect
        for effect in (
            registered_at,
            accepted_at,
            closed_at,
            in_time,
            told_in_time,
            signed_off_at,
            reopened,
            approver,
            reconsidered,
            assignment,
            unassigned,
            hands,
            hands_of_unit,
            first_signer,
            signers,
            verdict,
            planned,
            tasks,
            task_outcome,
            extended,
            sealed_more,
            filings_more,
            lapse,
            orders_in_force,
            instruction_by,
            calendar,
            order,
            order_lifted,
            staffing,
            letter_lost,
            letter_home,
            letter_again,
            letter_settled,
        )
    }
    | MEETING_EFFECTS
    | {"proposal_adopted": proposal_adopted, "proposal_dismissed": proposal_dismissed}
    | ERASURE_EFFECTS
    | MATTER_EFFECTS
    | PATROL_EFFECTS
    | CAMPAIGN_EFFECTS
)
"""Every effect by the name the rows use."""


def consequences(policy: Policy, case: Case, before: Clock, after: Clock, at: datetime) -> Sets:
    """Return what a clock's coming to yellow or red counts for, and what the policy proposes at that count."""
    if after.light is before.light or after.light not in _COUNTED:
        return {}
    field = _COUNTED[after.light]
    count = getattr(case, field) + 1
    new = tuple(
        Proposal(
            id=f"{each.name}-{1 + sum(old.name == each.name for old in case.proposals)}",
            name=each.name,
            light=each.light,
            at=at,
        )
        for each in policy.consequence
        if (each.light, each.count) == (after.light, count)
    )
    return {field: count} | ({"proposals": (*case.proposals, *new)} if new else {})


_COUNTED = {Light.YELLOW: "yellows", Light.RED: "reds"}


def choice(s: Situation) -> str | None:
    """Return which of a command's rows is meant, where it has several outcomes.

    Where there is only one, or the form that would tell is still empty, the row at hand is as good as any.
    """
    match s.row.command:
        case "record_history" | "decide_reconsideration" | "record_look_back" if s.command:
            found = str(s.given("state") or s.given("outcome"))
        case "record_outcome" if s.command:
            found = _outcome(s)
        case "instruct":
            found = "sooner" if s.given("instruction_by") and s.case.clock("instruction") else "first"
        case "observe" | "mark_repeat" | "take_back_repeat" | "release_task" | "finish_task":
            return matter_way(s)
        case "record_patrol" | "hear_weather" | "observe_weather" | "look_back" | "end_patrol":
            return patrol_way(s)
        case "settle_letter":
            found = "last" if len(s.case.unsettled) == 1 else "one"
        case "send_back" if s.row.when:
            found = "planned" if s.case.planned else "unplanned"
        case "reopen" if s.row.when:
            found = "assigned" if s.case.unit else "unassigned"
        case _:
            return s.row.when
    return found


def _outcome(s: Situation) -> str:
    """Return which outcome a reaction had: whether a letter has to be seen to, and whether any is left to be."""
    outcome, ref = str(s.given("outcome")), s.given("letter")
    waiting = [each.letter for each in s.case.unsettled]
    if outcome == "done":
        return "last" if ref is not None and waiting == [ref.letter] else "done"
    # Sent once more, but somebody has settled it by hand meanwhile.
    settled = ref is not None and ref.letter != s.given("reaction") and ref.letter not in waiting
    if ref is None or ref.template in NOT_CHASED or settled:
        return "failed"
    return "undelivered" if outcome == "failed" else "unknown"
