"""Trials in one line: a story's kept envelopes, and a policy that differs in one place."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

from models.policy import Policy
from models.run_again import Kept, Worlds
from models.trial import RungShift, Trial, try_case
from tests.core.builders import Story, a_policy


def kept_of(story: Story) -> list[Kept]:
    """What the ledger keeps of a story."""
    return [Kept(envelope, each.body()) for envelope, each in zip(story.kept, story.events, strict=True)]


def a_policy_with(change: Callable[[dict[str, Any]], object], name: str = "2027-01") -> Policy:
    """The desk's policy with something changed in its document."""
    document = deepcopy(a_policy().model_dump(mode="json"))
    document["name"] = name
    change(document)
    return Policy.model_validate(document)


def with_clock(name: str, length: str, **more: Any) -> Policy:
    """The desk's policy with one clock's common row changed."""

    def change(document: dict[str, Any]) -> None:
        (row,) = (each for each in document["clock"] if each["name"] == name and each["kind"] == "petition")
        row.update(length=length, **more)

    return a_policy_with(change)


def always(story: Story) -> Worlds:
    """The world as the story has it, at any time."""
    return lambda _: story.world


def tried(
    story: Story, policy: Policy | None = None, *, now: datetime | None = None, worlds: Worlds | None = None
) -> Trial:
    """Try a story under a policy."""
    return try_case(kept_of(story), worlds or always(story), now or story.at, policy)


def rung(trial: Trial, clock: str, name: str) -> RungShift:
    """The one shift of a rung."""
    (found,) = (each for each in trial.rungs if (each.clock, each.rung) == (clock, name))
    return found
