"""Going through the open cases with a progress bar, or only telling what that would mean."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from adapters.desk import Desk
from adapters.recounting import Effect, Recounting, effects, sweep
from adapters.views import instant
from adapters.words import clock_words
from cli.opening import via
from cli.screen import Screen
from models.derivation import due_words
from models.envelope import Envelope, Receipt
from models.standing import stream_of
from models.vocabulary import Kind
from models.world import World

SHOWN: Final = 20


def to_stream(
    kind: Kind, name: str, command: str, fields: Mapping[str, JsonValue], *, actor: str, key: str | None
) -> Envelope:
    """Return the envelope of a command to a standing stream (a calendar, a campaign, a policy), by its short name."""
    return Envelope.model_validate(
        {
            "id": str(uuid.uuid4()) if key is None else key,
            "case": stream_of(kind, name),
            "actor": actor,
            "command": command,
            "data": dict(fields),
            "via": via(),
        }
    )


def foretell(screen: Screen, desk: Desk, world: World, what: Recounting, *, as_json: bool) -> None:
    """Tell which due dates would move, and from where to where, without doing it."""
    at = desk.moments.now()
    with screen.progress("试算 counting") as progress:
        found = list(effects(desk.database, world, what, at, progress=progress))
    if as_json:
        screen.data({"dry_run": True, "cases": [_view(each) for each in found], "now": instant(at)})
        return
    _table(screen, world, found, at)
    moved = sum(any(before.due != after.due for before, after in each.clocks) for each in found)
    screen.say(
        f"试算：涉及 {len(found)} 件，其中 {moved} 件到期日变动；未写入账本。 "
        f"A trial: {len(found)} cases, {moved} with a due date that moves; nothing was written."
    )


def carry_out(screen: Screen, desk: Desk, receipt: Receipt) -> int:
    """Go through the open cases for the reaction that a receipt's event asked for; return how many were counted anew.

    The worker does the same for itself; whoever is second finds it done.
    """
    written = 0
    for reaction in receipt.facts.reactions:
        with screen.progress("重算在办案件 counting open cases again") as progress:
            written += sweep(desk.door, reaction, progress=progress)
    return written


def _table(screen: Screen, world: World, found: Sequence[Effect], at: datetime) -> None:
    rows = []
    for each in found[:SHOWN]:
        for before, after in each.clocks:
            mark = "▲" if after.due <= at else ""
            rows.append(
                (each.case.id, clock_words(world, each.case, after.name)[0], due_words(before), mark + due_words(after))
            )
    if rows:
        screen.table(("案件 case", "时限 clock", "原到期 due", "新到期 would be due"), rows)
    if len(found) > SHOWN:
        screen.say(
            f"… 另有 {len(found) - SHOWN} 件，--json 显示全部 · and {len(found) - SHOWN} more, --json for all", "dim"
        )


def _view(effect: Effect) -> dict[str, object]:
    return {
        "case": effect.case.id,
        "clocks": [
            {
                "clock": after.name,
                "before": instant(before.due),
                "after": instant(after.due),
                "provisional_before": before.provisional,
                "provisional_after": after.provisional,
            }
            for before, after in effect.clocks
        ],
    }
