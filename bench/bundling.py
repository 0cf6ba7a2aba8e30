"""Bundling a whole ledger, against hashing and zipping the same bytes; the verifier, against reading and hashing.

The ledger is that of the section ``verify``; a root is signed over it first.
"""

import contextlib
import hashlib
import io
import json
import time
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.bundle import verify
from adapters.bundle.making import Source, bundle
from adapters.desk import open_desk
from adapters.roots.making import make
from adapters.settings import Settings
from bench import machine
from bench.plan import Plan, apart
from bench.report import Figure, median, number
from bench.verifying import multiply

EVENTS: Final = (100_000, 10_000)
PART: Final = 1 << 16


@dataclass(frozen=True)
class Took:
    """One pass: how long, how much memory above the start, how much there was."""

    seconds: float
    grown: int
    cases: int = 0
    events: int = 0


def run(plan: Plan) -> list[Figure]:
    """Write the ledger and a root over it; bundle and verify it in turns with the floors."""
    place = plan.place("bundle")
    wanted = plan.size(*EVENTS)
    desk = open_desk(Settings.load(data=place))
    path = Path(str(desk.database.engine.url.database))
    try:
        with plan.bar("bundle, writing the ledger", wanted) as forward:
            for step in multiply(desk, path, wanted):
                forward(step)
        make(desk.database, place, datetime.now(UTC))
    finally:
        desk.close()
    out = place / "all.zip"
    rounds = max(1, plan.rounds // 2)
    made: list[Took] = []
    zipped: list[Took] = []
    checked: list[Took] = []
    read: list[Took] = []
    with plan.bar("bundle", 4 * rounds) as forward:
        for _ in range(rounds):
            for found, work, asked in (
                (made, _made, (str(place), str(out))),
                (zipped, _zipped, (str(out),)),
                (checked, _checked, (str(out),)),
                (read, _read, (str(out),)),
            ):
                found.append(apart(work, *asked))
                forward(1)
    cases, events, size = made[0].cases, made[0].events, out.stat().st_size
    return [
        Figure(
            section="bundle",
            what="the whole ledger, against sha256 and zip of the same bytes",
            ours=cases / median([each.seconds for each in made]),
            floor=cases / median([each.seconds for each in zipped]),
            unit="cases/s",
            note=f"{cases:,} cases, {events:,} events, {number(size / machine.MIB)} MiB; {_grown(made)}",
            details={"seconds": median([each.seconds for each in made]), "bytes": size},
        ),
        Figure(
            section="bundle",
            what="verify.py, against unzip and sha256 of the same bytes",
            ours=events / median([each.seconds for each in checked]),
            floor=events / median([each.seconds for each in read]),
            unit="events/s",
            note=_grown(checked),
            details={"seconds": median([each.seconds for each in checked])},
        ),
    ]


def _grown(took: list[Took]) -> str:
    return f"{number(median([each.grown for each in took]) / machine.MIB)} MiB of memory above the start"


def _made(place: str, out: str) -> Took:
    desk = open_desk(Settings.load(data=Path(place)))
    held, began = machine.peak(), time.perf_counter()
    made = bundle(Source(desk.database, desk.world()), Path(out))
    seconds = time.perf_counter() - began
    desk.close()
    return Took(seconds, machine.peak() - held, made.cases, made.events)


def _zipped(out: str) -> Took:
    """Hash and pack what is in the bundle, from memory a file at a time, at the same level."""
    held = machine.peak()
    seconds = 0.0
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(f"{out}.floor", "w", zipfile.ZIP_DEFLATED) as again:
        for entry in whole.infolist():
            content = whole.read(entry)
            began = time.perf_counter()
            hashlib.sha256(content).hexdigest()
            again.writestr(entry.filename, content)
            seconds += time.perf_counter() - began
    Path(f"{out}.floor").unlink()
    return Took(seconds, machine.peak() - held)


def _checked(out: str) -> Took:
    held, began = machine.peak(), time.perf_counter()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = verify.main([out, "--json"])
    seconds = time.perf_counter() - began
    if code:
        message = f"the bench's own bundle does not verify: {said.getvalue()[:300]}"
        raise RuntimeError(message)
    found = json.loads(said.getvalue())
    return Took(seconds, machine.peak() - held, found["cases"], found["events"])


def _read(out: str) -> Took:
    held, began = machine.peak(), time.perf_counter()
    with zipfile.ZipFile(out) as whole:
        for entry in whole.infolist():
            digest = hashlib.sha256()
            with whole.open(entry) as file:
                while part := file.read(PART):
                    digest.update(part)
    return Took(time.perf_counter() - began, machine.peak() - held)
