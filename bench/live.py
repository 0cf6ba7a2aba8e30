"""Five hundred who listen at once: from a commit to every one of them, over real lines to a real server.

The console runs in a process of its own, the listeners in another, and whoever writes in a third; each event that
somebody may see has to come to each of their lines, and is timed from the moment the door answered.
"""

import asyncio
import json
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from adapters.access.tokens import Scope
from adapters.moments import RealMoments
from bench.plan import Plan
from bench.report import Figure, percentile
from models.vocabulary import Status
from tests.store.desks import an_office
from web.app import make_app
from web.house import House
from web.serving import Place, serving

LISTENERS: Final = 500
EVENTS: Final = 200
EVERY: Final = 0.1
"""Seconds between two commands: ten a second, more than a county's desk has on its busiest day."""
PEOPLE: Final = ("clerk", "dispatcher", "handler", "inspector", "reviewer", "leader", "auditor", "other-handler")
SEE_NOTHING: Final = "other-handler"
"""Of another unit: hears of none of these cases."""
LATE: Final = 10.0
"""Seconds that the last event is waited for."""


@dataclass
class Heard:
    """What came over one line: when, by case and number."""

    person: str
    at: dict[tuple[str, int], float] = field(default_factory=dict)
    twice: int = 0


def run(plan: Plan) -> list[Figure]:
    """Measure once."""
    listeners, events = plan.size(LISTENERS, 50), plan.size(EVENTS, 30)
    folder = plan.place("live")
    with an_office(folder, moments=RealMoments()) as office:
        cases = [office.a_case(Status.ASSIGNED) for _ in range(10)]
        house = House.of(office.desk)
        tokens = {each: house.tokens.make(each, "bench", (Scope.READ,), "administrator") for each in PEOPLE}
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    server.start()
    try:
        base = str(mine.recv())
        assert server.pid is not None
        before = _used(server.pid)
        with plan.bar("live", events) as forward, ProcessPoolExecutor(1, mp_context=context) as pool:
            heard, sent, joined, spent = asyncio.run(
                _listen(base, tokens, listeners, (pool, folder, cases, events), server.pid)
            )
            forward(events)
        memory = _memory(server.pid)
    finally:
        mine.send("end")
        server.join(30)
    return _figures(heard, sent, joined, spent, (before[1], memory))


def _figures(
    heard: list[Heard], sent: dict[tuple[str, int], float], joined: float, spent: float, memory: tuple[float, float]
) -> list[Figure]:
    took = [at - sent[key] for each in heard for key, at in each.at.items() if key in sent]
    wanted = [each for each in heard if each.person != SEE_NOTHING]
    lost = sum(len(sent) - len(sent.keys() & each.at.keys()) for each in wanted)
    leaked = sum(len(each.at) for each in heard if each.person == SEE_NOTHING)
    assert not leaked, f"{leaked} events came to somebody who may not see them"
    note = (
        f"p99 {percentile(took, 0.99) * 1e3:.0f} ms, most {max(took, default=0) * 1e3:.0f} ms; {lost} of "
        f"{len(wanted) * len(sent)} lost, {sum(each.twice for each in heard)} twice; server {spent:.0%} of a core, "
        f"{memory[0]:.0f} to {memory[1]:.0f} MiB; all on the line after {joined:.1f} s"
    )
    return [
        Figure(
            section="live",
            what=f"{len(heard)} listeners, {len(sent)} events, {1 / EVERY:.0f} a second: p50 from commit to listener",
            ours=percentile(took, 0.5) * 1e3,
            unit="ms",
            smaller=True,
            note=note,
            details={
                "p50_ms": percentile(took, 0.5) * 1e3,
                "p99_ms": percentile(took, 0.99) * 1e3,
                "lost": lost,
                "core": spent,
                "memory_mib": memory[1],
                "joined_s": joined,
            },
        )
    ]


def _serve(folder: Path, line: Connection) -> None:
    with (
        an_office(folder, moments=RealMoments()) as office,
        serving(make_app(House.of(office.desk)), Place("127.0.0.1", 0)) as base,
    ):
        line.send(base)
        line.recv()


def _write(folder: Path, cases: list[str], events: int) -> list[tuple[str, int, float]]:
    """Give commands at a steady pace; return which event each became, and when the door answered."""
    told = []
    with an_office(folder, moments=RealMoments()) as office:
        office._ids = iter(range(10_000_000, 20_000_000))
        due = time.time()
        for number in range(events):
            due += EVERY
            time.sleep(max(0.0, due - time.time()))
            receipt = office.act(cases[number % len(cases)], "clerk", "note")
            told.append((receipt.case, receipt.seq, time.time()))
    return told


async def _listen(
    base: str,
    tokens: dict[str, str],
    listeners: int,
    work: tuple[ProcessPoolExecutor, Path, list[str], int],
    server: int,
) -> tuple[list[Heard], dict[tuple[str, int], float], float, float]:
    pool, folder, cases, events = work
    heard = [Heard(PEOPLE[number % len(PEOPLE)]) for number in range(listeners)]
    ready = asyncio.Semaphore(0)
    began = time.time()
    tasks = [asyncio.create_task(_line(base, tokens[each.person], each, ready)) for each in heard]
    for _ in heard:
        await asyncio.wait_for(ready.acquire(), 120)
    joined = time.time() - began
    used, since = _used(server)[0], time.time()
    told = await asyncio.get_running_loop().run_in_executor(pool, _write, folder, cases, events)
    sent = {(case, seq): at for case, seq, at in told}
    wanted = [each for each in heard if each.person != SEE_NOTHING]
    end = time.time() + LATE
    while time.time() < end and any(len(each.at) < len(sent) for each in wanted):  # noqa: ASYNC110 - other clocks
        await asyncio.sleep(0.05)
    spent = (_used(server)[0] - used) / (time.time() - since)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return heard, sent, joined, spent


async def _line(base: str, token: str, heard: Heard, ready: asyncio.Semaphore) -> None:
    host, _, port = base.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(
            f"GET /api/v1/events HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        status = await reader.readline()
        assert b" 200 " in status, status
        while line := await reader.readline():
            if line.startswith(b"retry: "):
                ready.release()
            elif line.startswith(b"data: {"):
                told = json.loads(line[6:])
                key = (told.get("case", ""), told.get("seq", 0))
                heard.twice += key in heard.at
                heard.at.setdefault(key, time.time())
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _used(process: int) -> tuple[float, float]:
    """Return the processor's seconds that a process has used, and its memory in MiB."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), _memory(process)


def _memory(process: int) -> float:
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS")) / 1024
