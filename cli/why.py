"""``banjie why``: how a due date came about, line by line."""

from typing import Annotated

import typer

from adapters import queries
from adapters.desk import Desk
from adapters.views import clock_view
from adapters.words import clock_words
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from cli.showing_case import CaseArgument
from models.case import Case
from models.clocks import Clock
from models.derivation import Step, derivation
from models.event import Recorded
from models.refusals import NoClock
from models.world import World

ClockArgument = Annotated[
    str | None, typer.Argument(metavar="[CLOCK]", help="时限，缺省为全部 · clock, by name or Chinese name; else all")
]


def why(
    case: CaseArgument, clock: ClockArgument = None, *, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """期限由来：逐行说明一个到期日如何得出 · How a due date came about, line by line."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found, world, now = queries.case(desk.database, case), desk.world(), desk.moments.now()
        told = [(each, _derived(desk, world, found, each)) for each in _wanted(world, found, clock)]
    if as_json:
        screen.data(
            {
                "case": found.id,
                "policy": found.policy,
                "clocks": [
                    {**clock_view(each, now), "derivation": [step._asdict() for step in steps]} for each, steps in told
                ],
            }
        )
        return
    if not told:
        screen.say(f"{found.id} 没有在计的时限。 No time limit is running.")
    for each, steps in told:
        zh, en = clock_words(world, found, each.name)
        screen.say(f"{found.id} · {zh} {each.name} · {en}", "bold")
        for step in steps:
            screen.say(f" · {step.zh}")
            screen.say(f"   {step.en}", "dim")


def _wanted(world: World, case: Case, name: str | None) -> list[Clock]:
    """Return the clocks asked for, nearest first.

    Raises:
        NoClock: none of that name runs.
    """
    clocks = sorted(case.clocks, key=lambda each: each.due)
    if name is None:
        return clocks
    found = [each for each in clocks if name in {each.name, clock_words(world, case, each.name)[0]}]
    if not found:
        raise NoClock(clock=name, known="、".join(each.name for each in clocks) or "—")
    return found


def _derived(desk: Desk, world: World, case: Case, clock: Clock) -> tuple[Step, ...]:
    return derivation(world.policies[case.policy], case, clock, _started(desk, case, clock))


def _started(desk: Desk, case: Case, clock: Clock) -> Recorded | None:
    events = queries.history(desk.database, case.id, clock.by) if clock.by else []
    return events[-1] if events else None
