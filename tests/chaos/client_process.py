"""A clerk as its own process: drives cases through their lives and writes down every receipt it was given.

Its plan is made from a seed; what it was doing when it was killed it does again, under the same envelope ids, as a
clerk who got no answer would.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters import SetupError, ledger, queries
from adapters.desk import open_desk
from adapters.door import Door
from adapters.settings import Settings
from models.envelope import Envelope, Receipt
from models.refusals import OtherContent, Refused
from tests.chaos.points import wrap
from tests.chaos.skewed import skew

EVIDENCE = [{"sha256": "a" * 64, "name": "照片"}]


def life(rng: random.Random, today: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield one case's commands: who, what, with which fields; a life may stop anywhere and be silent from then on."""
    yield "clerk", "register", {"channel": "hotline", "place": "白马乡", "summary": "夜间恶臭"}
    substantiated = rng.random() < 0.5
    verdict = "substantiated" if substantiated else "unsubstantiated"
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("clerk", "accept", {}),
        ("dispatcher", "assign", {"unit": "enforcement", "handler": "handler", "leader": "deputy"}),
        ("clerk", "note", {"text": "来电催问"}),
        (
            "handler",
            "record_findings",
            {"findings": [{"point": "恶臭", "verdict": verdict, "text": "现场核查", "evidence": EVIDENCE}]},
        ),
    ]
    if substantiated:
        plans = [{"measure": "建池", "target": today}] if rng.random() < 0.5 else []
        steps.append(("handler", "plan_rectification", {"measures": "立行立改", "task_plans": plans}))
    steps += [("handler", "submit_for_review", {"interim": True}), ("reviewer", "approve_interim", {})]
    steps += [("handler", "submit_for_review", {}), ("reviewer", "approve", {})]
    yield from steps[: rng.randint(1, len(steps))]


def main() -> None:
    data, url, receipts, seed, first, count, pace = sys.argv[1:8]
    desk = open_desk(Settings.load(data=Path(data), database_url=url), patience=10.0)
    rng = random.Random(f"{seed}/{first}")
    today = desk.moments.now()
    with Path(receipts).open("a", encoding="utf-8") as book:
        lives = {
            number: enumerate(life(random.Random(f"{seed}/{number}"), (today + timedelta(days=20)).date().isoformat()))
            for number in range(int(first), int(first) + int(count))
        }
        cases: dict[int, str] = {}
        while lives:
            # All cases are in flight at once; which one moves next is chance.
            number = rng.choice(sorted(lives))
            step = next(lives[number], None)
            if step is None:
                del lives[number]
                continue
            place, (actor, command, fields) = step
            envelope = Envelope.model_validate(
                {
                    "id": f"c{number}.{place}",
                    "case": cases.get(number),
                    "actor": actor,
                    "command": command,
                    "data": fields,
                }
            )
            receipt = _given(desk.door, envelope)
            if receipt is None:
                continue
            cases[number] = receipt.case
            line = {
                "envelope": receipt.envelope,
                "case": receipt.case,
                "seq": receipt.seq,
                "event": receipt.event,
                "repeated": receipt.repeated,
            }
            os.write(book.fileno(), (json.dumps(line) + "\n").encode())
            if not receipt.repeated:
                time.sleep(float(pace) * 2 * rng.random())


def _given(door: Door, envelope: Envelope) -> Receipt | None:
    """Give an envelope until there is an answer; a refusal is one."""
    while True:
        try:
            return door.perform([envelope])[0]
        except Refused as refusal:
            # What was asked before with other words (a date that depends on today) was done then.
            return _before(door, envelope) if isinstance(refusal, OtherContent) else None
        except SetupError:
            time.sleep(0.1)


def _before(door: Door, envelope: Envelope) -> Receipt | None:
    with door.database.reading() as connection:
        kept = ledger.kept(connection, [envelope.id]).get(envelope.id)
    if kept is None:
        return None
    facts = queries.facts(door, kept.case)
    return Receipt(
        envelope=envelope.id, case=kept.case, seq=kept.seq, event=kept.event, at=kept.at, facts=facts, repeated=True
    )


if __name__ == "__main__":
    skew()
    wrap(os.environ.get("BANJIE_KILL_AT", ""))
    main()
