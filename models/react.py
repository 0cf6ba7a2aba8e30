"""``react``: what the engine does because something happened.

It is written into the event, so that a later rule changes nothing.
"""

from collections.abc import Callable

from models.case import Case
from models.event import Reaction, ReactionKind
from models.lifecycle import PETITIONER, Row
from models.organisation import Recipient
from models.policy import Policy, Rung
from models.world import World

NOBODY = Recipient(person="administrator", post="administrator", why="尚未设定组织机构")
"""Who hears while no organisation is defined: the seat that every installation has."""


def reach(world: World, policy: Policy, case: Case, post: str) -> Recipient:
    """Return who hears for a post of this case at this moment (delegates, vacant posts falling upwards).

    Nothing reaches those whom the case is about (信访工作条例, art. 30) or who have an interest in it (art.
    28).
    """
    organisation = world.organisation
    if organisation is None:
        return NOBODY.model_copy(update={"post": post})
    parties = case.parties
    interested = {person.id for person in organisation.people if not parties.isdisjoint(person.interests)}
    named = {"handler": case.handler, "case_leader": case.leader}
    return organisation.reach(post, case.unit, policy.upwards, named, interested | set(case.named))


def letters(world: World, policy: Policy, case: Case, row: Row) -> tuple[Reaction, ...]:
    """Return the letters a row sends out, to the petitioner or to whoever holds the post."""
    return tuple(
        Reaction(
            kind=ReactionKind.LETTER,
            letter=letter.template,
            to=(PETITIONER,) if letter.to == PETITIONER else (reach(world, policy, case, letter.to).person,),
        )
        for letter in row.letters
    )


def react(world: World, policy: Policy, before: Case, after: Case, row: Row) -> tuple[Reaction, ...]:
    """Return what follows from a row: its letters, and what it asks the engine to do beyond the case."""
    return (
        *letters(world, policy, after, row),
        *(reaction for what in row.does for reaction in DOES[what](world, policy, before, after)),
    )


Does = Callable[[World, Policy, Case, Case], list[Reaction]]


def _open_tasks(_: World, __: Policy, before: Case, after: Case) -> list[Reaction]:
    new = after.tasks[len(before.tasks) :]
    return [Reaction(kind=ReactionKind.OPEN_TASK, case=task.id) for task in new]


def _cancel_tasks(_: World, __: Policy, ___: Case, after: Case) -> list[Reaction]:
    return [Reaction(kind=ReactionKind.CANCEL_TASK, case=task.id) for task in after.open_tasks]


def _tell_parent(_: World, __: Policy, ___: Case, after: Case) -> list[Reaction]:
    return [Reaction(kind=ReactionKind.TELL_PARENT, case=after.parent)]


def _proposal_letter(world: World, policy: Policy, before: Case, after: Case) -> list[Reaction]:
    adopted = [now for now, then in zip(after.proposals, before.proposals, strict=True) if now != then]
    rows = [row for proposal in adopted for row in policy.consequence if row.name == proposal.name]
    return [
        Reaction(kind=ReactionKind.LETTER, letter=row.letter, to=(reach(world, policy, after, row.to).person,))
        for row in rows
    ]


def _sweep(kind: ReactionKind) -> Does:
    def sweep(_: World, __: Policy, ___: Case, after: Case) -> list[Reaction]:
        return [Reaction(kind=kind, case=after.id)]

    return sweep


DOES: dict[str, Does] = {
    "open_tasks": _open_tasks,
    "cancel_tasks": _cancel_tasks,
    "tell_parent": _tell_parent,
    "proposal_letter": _proposal_letter,
    "recount_cases": _sweep(ReactionKind.RECOUNT),
    "move_cases": _sweep(ReactionKind.MOVE_CASES),
    "move_back": _sweep(ReactionKind.MOVE_BACK),
}
"""What the engine does besides letters, by the name the rows use."""


def react_to_rung(rung: Rung, recipients: tuple[Recipient, ...]) -> tuple[Reaction, ...]:
    """Return the letter of a rung: its own, or the plain alarm notice, to everybody it reaches."""
    if not recipients:
        return ()
    people = tuple(dict.fromkeys(recipient.person for recipient in recipients))
    return (Reaction(kind=ReactionKind.LETTER, letter=rung.letter or "alarm_notice", to=people),)
