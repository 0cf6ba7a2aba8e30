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

from adapters import SetupError
from adapters.database import Database
from adapters.desk import open_desk
from adapters.door import Door
from adapters.settings import Settings
from models.envelope import Envelope, Receipt
from models.refusals import Refused
from tests.chaos.points import wrap

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
    data, url, receipts, seed, first, count = sys.argv[1:7]
    settings = Settings.load(data=Path(data), database_url=url)
    desk = open_desk(settings, patience=10.0)
    with Path(receipts).open("a", encoding="utf-8") as book:
        for number in range(int(first), int(first) + int(count)):
            rng = random.Random(f"{seed}/{number}")
            _one(desk.door, desk.database, book.fileno(), number, rng)


def _one(door: Door, database: Database, book: int, number: int, rng: random.Random) -> None:
    case = None
    target = (door.moments.now() + timedelta(days=20)).date().isoformat()
    for step, (actor, command, data) in enumerate(life(rng, target)):
        envelope = Envelope(id=f"c{number}.{step}", case=case, actor=actor, command=command, data=data)
        receipt = _given(door, envelope)
        if receipt is not None:
            case = receipt.case
            line = {"envelope": receipt.envelope, "case": receipt.case, "seq": receipt.seq, "event": receipt.event}
            os.write(book, (json.dumps(line) + "\n").encode())
        time.sleep(rng.random() * 0.01)
    del database


def _given(door: Door, envelope: Envelope) -> Receipt | None:
    """Give an envelope until there is an answer; a refusal is one."""
    while True:
        try:
            return door.perform([envelope])[0]
        except Refused:
            return None
        except SetupError:
            time.sleep(0.1)


if __name__ == "__main__":
    wrap(os.environ.get("BANJIE_KILL_AT", ""))
    main()
