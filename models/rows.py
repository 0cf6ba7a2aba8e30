"""What a row of the lifecycle's table says; the rows themselves stand in ``models.lifecycle``."""

from dataclasses import dataclass

from models.vocabulary import Flag, Role, Status

PETITIONER = "petitioner"
"""A letter's recipient whose name and address stay under seal until it is delivered."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that goes out with an event: its form, and the post (or the petitioner) it goes to."""

    template: str
    to: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Attributes:
        command: the command's name.
        at: the statuses at which it may be given; empty where it makes a new case.
        by: the roles that may give it.
        event: the event it becomes.
        to: the status it leads to, None where the status stays.
        when: the choice this row is for, where a command has several outcomes (see ``choices``).
        needs: flags that must be up.
        bars: flags that must not be up.
        raises: flags it puts up.
        lowers: flags it takes down.
        own_unit: handlers and inspectors only for cases of their own unit.
        guards: conditions known before anything is filled in (see ``guards``).
        fills: what completes the form where it was left empty (see ``fills``).
        checks: conditions on what was filled in (see ``guards``).
        effects: fields that follow from it (see ``effects``).
        letters: letters that go out.
        does: what else the engine does (see ``react``).
        recounts: whether every due date is derived anew.
        idle: whether nothing is to be told where nothing comes of it.
        backdated: whether it may be told later than it occurred.
        shelves: whether the clocks it ends are kept, to run on should it be taken back.
        restores: whether the clocks that were kept run on, as if they had never ended.
    """

    command: str
    at: tuple[Status, ...]
    by: tuple[Role, ...]
    event: str
    to: Status | None = None
    when: str | None = None
    needs: tuple[Flag, ...] = ()
    bars: tuple[Flag, ...] = ()
    raises: tuple[Flag, ...] = ()
    lowers: tuple[Flag, ...] = ()
    own_unit: bool = True
    guards: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    letters: tuple[Letter, ...] = ()
    does: tuple[str, ...] = ()
    recounts: bool = False
    idle: bool = False
    backdated: bool = False
    shelves: bool = False
    restores: bool = False
