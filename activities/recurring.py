"""What was closed comes back (反弹): the earlier petition of the site is found, linked, and opened again by rule."""

from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters import queries
from adapters.desk import world_now
from adapters.door import OWN_IDS, Door
from models.envelope import Envelope
from models.facts import Facts
from models.recurrence import recurs
from models.refusals import Refused

LOOKED_AT = 200
"""Petitions of the site that are looked at, those placed last."""


def recur(door: Door, call: ReactionCall) -> Facts:
    """Look whether a petition that was just placed at a site is an earlier one come back, and say so on both.

    All of it is one transaction under the reaction's own names: done twice it is done once.
    """
    case = queries.case(door.database, call.case)
    done = outcome(call, "done")
    if case.site:
        site = queries.case(door.database, case.site)
        earlier = [queries.case(door.database, each) for each in site.petitions[-LOOKED_AT:] if each != case.id]
        rule = world_now(door).policies[case.policy].recurrence
        found = recurs(rule, case, earlier)
        if found is not None:
            told = [
                _envelope(call, found.id, "hear_of_recurrence", {"recurrence": case.id}),
                _envelope(call, case.id, "know_recurrence", {"recurrence_of": found.id}),
            ]
            if rule.reopens:
                told.append(_envelope(call, found.id, "reopen", {"reason": f"反弹 {case.id}（{site.title}）"}))
            try:
                return door.perform([*told, done], trusted=True, answering=call.case)[-1].facts
            except Refused as refusal:
                done = outcome(call, "failed", refusal.code)
    return door.perform([done], trusted=True, answering=call.case)[-1].facts


def _envelope(call: ReactionCall, case: str, command: str, data: dict[str, str]) -> Envelope:
    return Envelope.model_validate(
        {
            "id": f"{OWN_IDS}{call.reaction}/{command}",
            "case": case,
            "actor": "engine",
            "command": command,
            "data": data,
            "via": {"case": call.case},
        }
    )
