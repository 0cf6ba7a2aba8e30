"""``react``: what the engine does because something happened.

It is written into the event, so that a later rule changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from models.base import made
from models.case import Case
from models.counting import legal_day
from models.event import Reaction, ReactionKind
from models.lifecycle import PETITIONER, Row
from models.organisation import Organisation, Recipient
from models.policy import Policy, Rung
from models.vocabulary import Role
from models.world import World

NOBODY = Recipient(person="administrator", post="administrator", why="尚未设定组织机构")
"""Who hears while no organisation is defined: the seat that every installation has."""


def reach(world: World, policy: Policy, case: Case, post: str, *, at: datetime) -> Recipient:
    """Return who hears for a post of this case at this moment (leave, delegates, vacant posts falling upwards).

    Nothing reaches those whom the case is about (信访工作条例, art. 30) or who have an interest in it (art.
    28).
    """
    organisation = world.organisation
    if organisation is None:
        return NOBODY.model_copy(update={"post": post})
    named = {"handler": case.handler, "case_leader": case.leader, "dispatcher": _dispatcher(organisation, at)}
    return organisation.reach(post, case.unit, policy.upwards, named, barred(organisation, case), at=at)


def _dispatcher(organisation: Organisation, at: datetime) -> str | None:
    """Return who assigns cases, of whatever unit: the post is the desk's, not the unit's that handles the case."""
    able = [person for person in organisation.people if Role.DISPATCHER in person.roles]
    day = legal_day(at)
    return min(able, key=lambda each: (each.absent(day), "dispatcher" not in each.posts)).id if able else None


def barred(organisation: Organisation, case: Case) -> frozenset[str]:
    """Return the people who take no part in a case: whom it is about, and who have an interest in it."""
    parties = case.parties
    interested = (person.id for person in organisation.people if not parties.isdisjoint(person.interests))
    return frozenset((*interested, *case.named))


def letters(world: World, policy: Policy, case: Case, row: Row, *, at: datetime) -> tuple[Reaction, ...]:
    """Return the letters a row sends out, to the petitioner or to whoever holds the post; to nobody the same twice."""
    found = [
        made(
            Reaction,
            kind=ReactionKind.LETTER,
            letter=letter.template,
            to=(PETITIONER,) if letter.to == PETITIONER else (reach(world, policy, case, letter.to, at=at).person,),
        )
        for letter in row.letters
    ]
    return tuple(each for place, each in enumerate(found) if each not in found[:place])


class Turn(NamedTuple):
    """A case before and after an event, with what was known at that moment."""

    world: World
    policy: Policy
    before: Case
    after: Case
    at: datetime


def react(turn: Turn, row: Row) -> tuple[Reaction, ...]:
    """Return what follows from a row: its letters, and what it asks the engine to do beyond the case."""
    return (*letters(turn.world, turn.policy, turn.after, row, at=turn.at), *done(turn, row))


def done(turn: Turn, row: Row) -> tuple[Reaction, ...]:
    """Return what a row asks the engine to do beyond the case, without its letters."""
    return tuple(reaction for what in row.does for reaction in DOES[what](turn))


Does = Callable[[Turn], list[Reaction]]


def _open_tasks(turn: Turn) -> list[Reaction]:
    new = turn.after.tasks[len(turn.before.tasks) :]
    return [made(Reaction, kind=ReactionKind.OPEN_TASK, case=task.id) for task in new]


def _cancel_tasks(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.CANCEL_TASK, case=task.id) for task in turn.after.open_tasks]


def _tell_parent(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.TELL_PARENT, case=each) for each in turn.after.serving]


def _tell_released(turn: Turn) -> list[Reaction]:
    gone = [each for each in turn.before.serving if each not in turn.after.serving]
    return [made(Reaction, kind=ReactionKind.TELL_PARENT, case=each) for each in gone]


def _tell_followers(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.TELL_FOLLOWER, case=each) for each in turn.after.followers]


def _tell_newest(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.TELL_FOLLOWER, case=turn.after.followers[-1])]


def _open_parts(turn: Turn) -> list[Reaction]:
    new = turn.after.parts[len(turn.before.parts) :]
    return [made(Reaction, kind=ReactionKind.OPEN_PART, case=part) for part in new]


def _look_for_recurrence(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.RECUR, case=turn.after.site)]


def _reopen_earlier(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.REOPEN, case=turn.after.repeat_of)]


def _tell_listeners(turn: Turn) -> list[Reaction]:
    before, after = turn.before.observed, turn.after.observed
    if before and after and before.sky is after.sky:
        return []
    return [made(Reaction, kind=ReactionKind.HEAR_WEATHER, case=each) for each in turn.after.listeners]


def _reopen_itself(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.REOPEN, case=turn.after.id)]


def _reopen_checked(turn: Turn) -> list[Reaction]:
    return [made(Reaction, kind=ReactionKind.REOPEN, case=turn.after.look_backs[-1].back[-1])]


def _erase(turn: Turn) -> list[Reaction]:
    return [Reaction(kind=ReactionKind.ERASE, case=turn.after.id)]


def _proposal_letter(turn: Turn) -> list[Reaction]:
    adopted = [now for now, then in zip(turn.after.proposals, turn.before.proposals, strict=True) if now != then]
    rows = [row for proposal in adopted for row in turn.policy.consequence if row.name == proposal.name]
    people = [reach(turn.world, turn.policy, turn.after, row.to, at=turn.at).person for row in rows]
    return [
        made(Reaction, kind=ReactionKind.LETTER, letter=row.letter, to=(person,))
        for row, person in zip(rows, people, strict=True)
    ]


def _resend(turn: Turn) -> list[Reaction]:
    """The letters that were not on their way before: the same form to the same receiver, under a new id."""
    on_the_way = [each for each in turn.after.unsettled if each not in turn.before.unsettled]
    return [
        made(Reaction, kind=ReactionKind.LETTER, letter=each.template, to=(each.to,), again=each.letter)
        for each in on_the_way
    ]


def _sweep(kind: ReactionKind) -> Does:
    return lambda turn: [made(Reaction, kind=kind, case=turn.after.id)]


DOES: dict[str, Does] = {
    "open_tasks": _open_tasks,
    "cancel_tasks": _cancel_tasks,
    "tell_parent": _tell_parent,
    "tell_released": _tell_released,
    "proposal_letter": _proposal_letter,
    "resend": _resend,
    "tell_followers": _tell_followers,
    "tell_newest": _tell_newest,
    "open_parts": _open_parts,
    "reopen_earlier": _reopen_earlier,
    "reopen_checked": _reopen_checked,
    "reopen_itself": _reopen_itself,
    "look_for_recurrence": _look_for_recurrence,
    "tell_listeners": _tell_listeners,
    "erase": _erase,
    "recount_cases": _sweep(ReactionKind.RECOUNT),
    "move_cases": _sweep(ReactionKind.MOVE_CASES),
    "move_back": _sweep(ReactionKind.MOVE_BACK),
}
"""What the engine does besides letters, by the name the rows use."""


def react_to_rung(rung: Rung, recipients: tuple[Recipient, ...]) -> tuple[Reaction, ...]:
    """Return the letters of a rung, its own form or the plain alarm notice: one for each person it reaches."""
    people = dict.fromkeys(recipient.person for recipient in recipients)
    return tuple(
        made(Reaction, kind=ReactionKind.LETTER, letter=rung.letter or "alarm_notice", to=(person,))
        for person in people
    )
