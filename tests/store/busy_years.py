"""A ledger of some hundred cases as a desk leaves one behind: everything that happens to a petition, in any order.

Pauses, extensions, tasks, objections, reopenings, sign-off and look-backs, history of imported tables, changes of the
organisation in the middle, days on which nobody rings.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, Final

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import queries, tables
from adapters.brought import SAME
from adapters.door import Order
from adapters.world_book import ORGANISATION
from models.case import Case
from models.decide import admit
from models.envelope import Envelope
from models.event import ReactionKind
from models.lifecycle import LIFECYCLES, MAKES, Row
from models.refusals import Refused
from models.situation import Situation
from models.vocabulary import Kind, Role, Status, Verdict
from models.world import Actor, actor_of
from tests.core.builders import FORMS, a_command, a_finding, a_plan, a_policy, an_organisation
from tests.store.desks import Office, organisation

SELDOM: Final = frozenset({"withdraw", "decline", "refer", "cancel_task", "refuse_sign_off", "join", "part"}) | {
    *("split", "mark_repeat", "not_same", "maybe_same", "close_with_lead"),
}
BESIDE: Final = frozenset(
    {
        *("note", "acknowledge", "urge", "report_progress", "correct", "rate", "supplement", "reassign"),
        *(
            "instruct",
            "answer_instruction",
            "adopt_proposal",
            "dismiss_proposal",
            "resend_letter",
            "settle_letter",
        ),
    }
)
"""What moves no case on: at the same odds as everything else, few cases would come to their end."""
ENGINES: Final = frozenset({"ring", "record_outcome", "finish_task", *MAKES})
ROUND: Final = 48
"""So many cases are at work at the same time."""
ACTS: Final = 16
"""So many turns each case gets: from register to struck off takes thirteen, when nothing comes in between."""
STRAIGHT: Final = frozenset(
    {
        *("accept", "assign", "record_findings", "plan_rectification", "submit_for_review", "approve", "reply"),
        *("apply_sign_off", "accept_on_site", "countersign", "publish_notice", "strike_off"),
        *("ask_reconsideration", "decide_reconsideration"),
    }
)
"""What every third case does before anything else: left to chance alone, hardly one would come to its end in time."""


def busy_years(office: Office, rng: Random, cases: int) -> list[str]:
    """Let so many petitions be handled, a few dozen at a time; return the numbers of all cases, tasks too."""
    made: list[str] = []
    while len(made) < cases:
        made += _Round(office, rng, min(ROUND, cases - len(made))).play()
        reform(office, rng)
    return made


def reform(office: Office, rng: Random) -> None:
    """Another organisation: somebody goes on leave, a post falls vacant, a clerk becomes an auditor as well."""
    office.moments.wait(hours=1)
    people: list[JsonValue] = []
    for person in an_organisation().people:
        changed = person
        if person.posts and person.id != "administrator":
            changed = person.model_copy(update={"away": rng.random() < 0.3, "posts": rng.choice([person.posts, ()])})
        people.append(changed.model_dump(mode="json", exclude_unset=True))
    data: dict[str, JsonValue] = {"organisation": organisation(people=people)}
    number = office.case(ORGANISATION).seq
    envelope = Envelope(
        id=f"reform-{number}", case=ORGANISATION, actor="administrator", command="define_organisation", data=data
    )
    office.door.perform([envelope])
    office.moments.wait(hours=1)


NOBODYS: Final = Case(id="", kind=Kind.PETITION, policy="")


CHANCE: Final[dict[str, Callable[[Random], dict[str, Any]]]] = {
    "request_extension": lambda rng: {"extension_days": rng.randint(1, 30)},
    "plan_rectification": lambda rng: {"task_plans": rng.choice([(), (a_plan(target=_far(rng)),)])},
    "record_findings": lambda rng: {
        "findings": (a_finding(rng.choice([Verdict.SUBSTANTIATED, Verdict.UNSUBSTANTIATED])),)
    },
    "decide_reconsideration": lambda rng: {"outcome": rng.choice(["upheld", "overturned"])},
}


def _far(rng: Random) -> Any:
    return (timedelta(days=rng.randint(900, 2000)) + a_policy().effective) if rng.random() < 0.5 else "2029-12-31"


class _Round:
    """Some dozen cases on their way; whatever happens in one moment shares a transaction, or it would take an hour."""

    def __init__(self, office: Office, rng: Random, cases: int) -> None:
        self.office, self.rng = office, rng
        self.count = 0
        orders = self._take([Order(self._beginning(imported=number % 5 == 0)) for number in range(cases)])
        self.names = [order.receipts[0].case for order in orders]

    def play(self) -> list[str]:
        for _ in range(ACTS):
            self.office.moments.wait(hours=self.rng.choice([1, 5, 30, 200, 1500]))
            if self.rng.random() < 0.8:
                self._ring()
            self.office.moments.wait(minutes=1)
            self._take([Order([envelope]) for case in self._cases() if (envelope := self._next(case))])
            self.office.moments.wait(minutes=1)
            self._carry_out()
        return self.names

    def _take(self, orders: list[Order]) -> list[Order]:
        for order in self.office.door.take(orders):
            assert order.refusal is None or isinstance(order.refusal, Refused), order
        return orders

    def _cases(self) -> list[Case]:
        query = sa.select(tables.cases.c.state).where(tables.cases.c.id.in_(self.names)).order_by(tables.cases.c.id)
        with self.office.database.reading() as connection:
            return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]

    def _id(self) -> str:
        self.count += 1
        return f"{self.office.moments.at.isoformat()}/{self.count}"

    def _beginning(self, *, imported: bool) -> list[Envelope]:
        at = self.office.moments.at
        data = {**FORMS["register"](NOBODYS), "channel": self.rng.choice(sorted(a_policy().channels))}
        if not imported:
            return [Envelope(id=self._id(), actor="clerk", command="register", data=data)]
        data["imported"] = True
        state = self.rng.choice(["open", "interim", "closed"])
        history: dict[str, JsonValue] = {"state": state, "measures": "已清理"}
        long_ago = at - timedelta(days=self.rng.randint(1, 300))
        later = at - timedelta(hours=self.rng.randint(1, 20)) if self.rng.random() < 0.7 else None
        return [
            Envelope(id=self._id(), actor="clerk", command="register", data=data, occurred_at=long_ago),
            Envelope(
                id=self._id(), case=SAME, actor="clerk", command="record_history", data=history, occurred_at=later
            ),
        ]

    def _next(self, case: Case) -> Envelope | None:
        """What somebody who may would do next."""
        rows = [
            row
            for row in LIFECYCLES[case.kind]
            if case.status in row.at
            and row.command not in ENGINES
            and (row.command not in SELDOM or self.rng.random() < 0.05)
            and (row.command not in BESIDE or self.rng.random() < 0.2)
            and set(row.needs) <= set(case.flags)
            and not set(row.bars) & set(case.flags)
        ]
        self.rng.shuffle(rows)
        if int(case.id.rpartition("-R")[0][-1:] or case.id[-1:]) % 3 == 0:
            rows.sort(key=lambda row: row.command not in STRAIGHT)
        for row in rows:
            if able := self._able(case, row):
                fields = CHANCE[row.command](self.rng) if row.command in CHANCE else {}
                data = a_command(row.command, case, **fields).model_dump(mode="json", exclude_unset=True)
                actor = self.rng.choice(able)
                return Envelope(id=self._id(), case=case.id, actor=actor.id, command=row.command, data=data)
        return None

    def _able(self, case: Case, row: Row) -> list[Actor]:
        world = self.office.desk.world()
        found = []
        for person in world.organisation.people if world.organisation else ():
            at = self.office.moments.at
            with suppress(Refused):
                admit(Situation(world, case, actor_of(person), row, None, at, at))
                found.append(actor_of(person))
        return found

    def _ring(self) -> None:
        now = self.office.moments.at
        while due := [case for case in self._cases() if case.alarm and case.alarm.at <= now]:
            self._take([Order([self._asked(case, Role.CLOCK, "ring")], trusted=True) for case in due])

    def _asked(self, case: Case, who: Role, name: str, **fields: Any) -> Envelope:
        data = a_command(name, case, **fields).model_dump(mode="json", exclude_unset=True)
        return Envelope(id=self._id(), case=case.id, actor=who.value, command=name, data=data)

    def _carry_out(self) -> None:
        """Carry out most of what is owed, as the process managers would: letters, and between petition and task."""
        cases = {case.id: case for case in self._cases()}
        owed = [(case, name) for case in cases.values() for name in case.pending if self.rng.random() < 0.8]
        orders = self._take([self._carrying(cases, case, name) for case, name in owed])
        self.names += [order.envelopes[0].case or "" for order in orders if order.envelopes[0].command == "open_task"]
        failed = [each for each, order in zip(owed, orders, strict=True) if order.refusal]
        self._take([self._outcome(case, name, "failed") for case, name in failed])

    def _outcome(self, case: Case, name: str, outcome: str, *before: Envelope) -> Order:
        told = self._asked(case, Role.ENGINE, "record_outcome", reaction=name, outcome=outcome)
        return Order([*before, told], trusted=True)

    def _carrying(self, cases: dict[str, Case], case: Case, name: str) -> Order:
        _, reaction = queries.reaction(self.office.database, name)
        other = reaction.case or ""
        match reaction.kind:
            case ReactionKind.OPEN_TASK:
                task = case.task(other)
                fields = {"parent": case.id, "channel": case.channel, "unit": case.unit, "handler": case.handler}
                command = a_command("open_task", case, **fields, target=task and task.target)
                data = command.model_dump(mode="json", exclude_unset=True)
                opened = Envelope(id=self._id(), case=other, actor="engine", command="open_task", data=data)
                return self._outcome(case, name, "done", opened)
            case ReactionKind.TELL_PARENT:
                ended = "done" if case.status is Status.CLOSED else "cancelled"
                told = self._asked(cases[other], Role.ENGINE, "finish_task", task=case.id, outcome=ended)
                return self._outcome(case, name, "done", told)
            case ReactionKind.CANCEL_TASK if other in cases:
                told = self._asked(cases[other], Role.ENGINE, "cancel_task")
                return self._outcome(case, name, "done", told)
            case _:
                return self._outcome(case, name, "done")
