"""What is done to a running house, each by its name; what is not over when it returns is ended by a refill."""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from tests.chaos.house import CLIENTS, House, ended

CLOCK: Final = "clock"
"""The file in the house's folder that says by how many days the machine's clock is wrong."""
SLOW: Final = "slow"
"""The file in the house's folder that says how many seconds each commit is held up."""
LONG: Final = (1.0, 3.0)
"""Between so many seconds something is paused, cut or full."""


@dataclass(frozen=True)
class Trouble:
    """One kind: its name, by what means, what does it, and why it cannot be done here (empty where it can)."""

    name: str
    means: str
    do: Callable[[House, random.Random], Awaitable[None]]
    cannot: Callable[[House], str] = lambda _house: ""


async def _for_a_while(rng: random.Random) -> None:
    await asyncio.sleep(rng.uniform(*LONG))


async def kill_client(house: House, rng: random.Random) -> None:
    ended(house.clients[rng.randrange(CLIENTS)])


async def kill_worker(house: House, rng: random.Random) -> None:
    ended(rng.choice(house.workers))


async def kill_server(house: House, _rng: random.Random) -> None:
    os.kill(house.server.server_pid, signal.SIGKILL)


async def kill_all(house: House, rng: random.Random) -> None:
    await kill_client(house, rng)
    for worker in house.workers:
        ended(worker)
    await kill_server(house, rng)


@contextlib.contextmanager
def paused(*pids: int) -> Iterator[None]:
    """Stop processes where they are and let them go on."""
    stopped = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            stopped.append(pid)
    try:
        yield
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


async def pause_client(house: House, rng: random.Random) -> None:
    with paused(house.clients[rng.randrange(CLIENTS)].pid):
        await _for_a_while(rng)


async def pause_worker(house: House, rng: random.Random) -> None:
    with paused(rng.choice(house.workers).pid):
        await _for_a_while(rng)


async def pause_server(house: House, rng: random.Random) -> None:
    with paused(house.server.server_pid):
        await _for_a_while(rng)


async def kill_database(house: House, rng: random.Random) -> None:
    assert house.postgres is not None
    await asyncio.to_thread(house.postgres.kill)
    await asyncio.sleep(rng.random())
    await asyncio.to_thread(house.postgres.start)


async def pause_database(house: House, rng: random.Random) -> None:
    """PostgreSQL's processes are stopped; of SQLite, which has none, another writer keeps the ledger."""
    if house.postgres is not None:
        with paused(house.postgres.pid, *_children(house.postgres.pid)):
            await _for_a_while(rng)
        return
    path = str(make_url(house.desk.settings.database_url).database)
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    with contextlib.closing(connection):
        connection.execute("BEGIN IMMEDIATE")
        await _for_a_while(rng)
        connection.execute("ROLLBACK")


def _children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


async def fill_disk(house: House, rng: random.Random) -> None:
    assert house.ballast is not None
    try:
        with contextlib.suppress(OSError), house.ballast.open("wb") as file:
            while True:
                os.write(file.fileno(), b"\0" * 65_536)
        await _for_a_while(rng)
    finally:
        house.ballast.unlink(missing_ok=True)


async def _told(house: House, name: str, value: float, rng: random.Random) -> None:
    path = house.folder / name
    beside = path.with_suffix(".new")
    beside.write_text(str(value))
    beside.replace(path)
    try:
        await _for_a_while(rng)
    finally:
        path.unlink()


async def step_clock(house: House, rng: random.Random) -> None:
    await _told(house, CLOCK, rng.choice([-1.0, 1.0]), rng)


async def slow_disk(house: House, rng: random.Random) -> None:
    await _told(house, SLOW, 0.15, rng)


async def cut_network(house: House, rng: random.Random) -> None:
    house.wire.whole.clear()
    try:
        await _for_a_while(rng)
        if rng.random() < 0.5:
            house.wire.tear()
    finally:
        house.wire.whole.set()


async def older_version(house: House, rng: random.Random) -> None:
    """A worker of before beside the others, until it is killed; it gets work of runs that newer ones began too."""
    ended(house.workers.pop(rng.randrange(len(house.workers))))
    house.start_worker(way="2")
    await _for_a_while(rng)


def no_database_process(house: House) -> str:
    return "" if house.postgres else "SQLite 没有自己的进程 SQLite has no process of its own"


def no_disk(house: House) -> str:
    return "" if house.ballast else "不能挂载 tmpfs no tmpfs may be mounted here, or the ledger is PostgreSQL's"


TROUBLES: Final = (
    Trouble("client killed", "SIGKILL", kill_client),
    Trouble("worker killed", "SIGKILL, and at named points", kill_worker),
    Trouble("Temporal killed", "SIGKILL", kill_server),
    Trouble("all killed at once", "SIGKILL", kill_all),
    Trouble("client paused", "SIGSTOP", pause_client),
    Trouble("worker paused", "SIGSTOP", pause_worker),
    Trouble("Temporal paused", "SIGSTOP", pause_server),
    Trouble("database killed", "SIGKILL of PostgreSQL", kill_database, no_database_process),
    Trouble("database paused", "SIGSTOP of PostgreSQL; another writer on SQLite", pause_database),
    Trouble("disk full", "a ledger on a tmpfs of 96 MB, filled", fill_disk, no_disk),
    Trouble("disk slow", "every commit held up 0.15 s, its lock held", slow_disk),
    Trouble("clock stepped", "± 1 day in every worker and client", step_clock),
    Trouble("network cut", "a relay between workers and Temporal holds or tears", cut_network),
    Trouble("two versions at once", "a worker of the way before beside a newer one", older_version),
)
NOT_HERE: Final = (
    ("clock of Temporal stepped", "the machine's clock is everybody's, and this server reads no other"),
    ("packets lost, reordered", "tc's netem is not in every kernel; the relay holds and tears streams alone"),
    ("disk that loses what it confirmed", "needs a device of one's own (dm-flakey)"),
)
"""What is not tried at all, and why."""


def bag(house: House, rng: random.Random, rounds: int) -> Iterator[Trouble]:
    """Yield a trouble a round: all that can be done here once, in another order each time."""
    can = [each for each in TROUBLES if not each.cannot(house)]
    left: list[Trouble] = []
    for _ in range(rounds):
        if not left:
            left = rng.sample(can, len(can))
        yield left.pop()


def table(house: House, struck: list[str], seconds: float, sizes: dict[str, int]) -> str:
    """Return what was tried as a table, with what was not."""
    lines = [f"{len(struck)} rounds, {seconds:.0f} s, {', '.join(f'{n} {name}' for name, n in sizes.items())}"]
    for each in TROUBLES:
        why = each.cannot(house)
        told = f"NOT TRIED: {why}" if why else f"{struck.count(each.name):5d} ×"
        lines.append(f"  {each.name:<34} {told:<8} {'' if why else each.means}")
    lines += [f"  {name:<34} NOT TRIED: {why}" for name, why in NOT_HERE]
    return "\n".join(lines) + "\n"
