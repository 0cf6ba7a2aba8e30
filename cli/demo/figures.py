"""The demo's figures, all counted from the ledger: what was received and closed, and who was escalated to."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from adapters import queries
from adapters.checking import VerifyReport, verify
from adapters.desk import Desk
from adapters.queries import Figures, Filter
from adapters.words import term_of
from models.vocabulary import Kind, RungKind, Status


@dataclass
class Reached:
    """One leader: how often each rung of a ladder reached them, and the ways it came to them."""

    person: str
    rungs: Counter[str] = field(default_factory=Counter)
    posts: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How often in all."""
        return self.rungs.total()


@dataclass
class Count:
    """What the ledger says at the end of the play."""

    at: datetime
    figures: Figures
    by_status: Counter[Status]
    tasks: int
    in_time: int
    late: int
    events: int
    letters: int
    rungs: Counter[RungKind]
    reached: list[Reached]
    checked: VerifyReport


def count(desk: Desk, at: datetime) -> Count:
    """Count everything that was due by an instant, from the events themselves."""
    cases = list(queries.listed(desk.database, Filter()))
    petitions = [case for case in cases if case.kind is Kind.PETITION]
    rungs: Counter[RungKind] = Counter()
    reached: dict[str, Reached] = {}
    events = letters = 0
    for case in cases:
        for recorded in queries.history(desk.database, case.id):
            events += 1
            letters += recorded.event.name == "carried_out" and ".letter" in str(recorded.event.said.get("reaction"))
            kind = term_of(RungKind, recorded.event.name)
            said = recorded.event.said
            if kind is None:
                continue
            if datetime.fromisoformat(str(said["due_at"])) > at:
                continue
            rungs[kind] += 1
            if kind is not RungKind.ESCALATE:
                continue
            recipients = said.get("recipients")
            for each in recipients if isinstance(recipients, list) else ():
                if isinstance(each, dict):
                    person = reached.setdefault(str(each["person"]), Reached(str(each["person"])))
                    person.rungs[str(said["rung"])] += 1
                    person.posts[str(each["post"])] += 1
                    person.ways.update([str(each["why"])] if each.get("why") else [])
    return Count(
        at=at,
        figures=queries.figures(desk.database, at),
        by_status=Counter(case.status for case in petitions),
        tasks=sum(case.kind is Kind.RECTIFICATION for case in cases),
        in_time=sum(case.on_time is True for case in petitions),
        late=sum(case.on_time is False for case in petitions),
        events=events,
        letters=letters,
        rungs=rungs,
        reached=sorted(reached.values(), key=lambda each: (-each.total, each.person)),
        checked=verify(desk.database),
    )
