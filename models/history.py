# ruff: noqa: D205 - of a refusal the first line is the Chinese sentence, the second the English one
"""What the history of an imported petition demands: it is told until the desk takes the petition in hand."""

from models import refusals
from models.situation import Guard, Situation


class NotTold(refusals.Refused):
    """还在整改的台账件须写明责任单位和整改时限。
    What an old ledger has still to be put right needs its unit and its day.
    """


def is_imported(s: Situation) -> None:
    """History is recorded only for imported cases, and only until the desk takes one in hand: then it is reviewed.

    A ledger's row may name the unit; it may name the same one again, and no other.
    """
    if s.case.unit not in {None, s.given("unit")}:
        raise refusals.NotImported
    is_told(s)


def is_told(s: Situation) -> None:
    """What is known of it is what a table told: nobody here has accepted it or had a hand in it."""
    if not s.case.imported or s.case.accepted_at is not None or s.case.hands:
        raise refusals.NotImported


def told_by_whom_and_when(s: Situation) -> None:
    """Who goes on with it, and by which day: without these nobody would be reminded."""
    if not (s.given("unit") and s.given("rectify_by")):
        raise NotTold


HISTORY_GUARDS: dict[str, Guard] = {each.__name__: each for each in (is_imported, is_told)}
HISTORY_CHECKS: dict[str, Guard] = {told_by_whom_and_when.__name__: told_by_whom_and_when}
