"""Looking up petitions that may be about the same, among 10⁴ and among 10⁶, on SQLite and on PostgreSQL.

The petitions are those of ``bench.pages``: their few places and matters make every piece common, which is the worst
that the look-up can meet. Asked is about these matters, as they stand and as the tests' generator tells some otherwise
(other words, typos, aliases, other scripts), each a text that was not asked before; sizes take turns.
"""

import gc
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Final

from adapters.database import Database
from adapters.desk import YOUNG
from adapters.similar.finding import Wanted, find, typed
from bench.pages import MATTERS, TOWNS, TYPES, VILLAGES, fill
from bench.plan import Plan
from bench.report import Figure, percentile
from tests.servers import Postgres
from tests.store.desks import an_office
from tests.store.repeats import NOISES, matters, told

SIZES: Final = (10_000, 1_000_000)
QUICK: Final = (1_000, 10_000)
ASKED: Final = 200
WARM: Final = 10
"""Questions before those that are measured: SQLAlchemy's statements are put together, the texts' tables read."""
TARGET: Final = 1 / 3
"""The 99th percentile among a million is at most three times that among ten thousand."""
MIB: Final = 2**20


def run(plan: Plan) -> list[Figure]:
    """Measure on SQLite and on PostgreSQL."""
    gc.set_threshold(YOUNG, 20, 20)  # as an installation's own process has it
    sizes = QUICK if plan.quick else SIZES
    found = _on(plan, "SQLite", sizes, lambda: None)
    with Postgres(plan.place("postgres")) as server:
        found += _on(plan, "PostgreSQL", sizes, lambda: server.url(server.fresh()))
    return found


def questions(number: int) -> list[Wanted]:
    """Return so many texts that a clerk may type, the same ones in every run."""
    draw = random.Random(5)
    some: list[Wanted] = []
    for turn, matter in enumerate(islice(matters(draw), number)):
        if turn % 2:
            telling = told(matter, draw, NOISES[turn // 2 % len(NOISES)])
            respondents = [telling.respondent] if telling.respondent else []
            some.append(typed(telling.place, telling.summary, respondents=respondents, types=telling.types))
        else:
            sort = draw.randrange(len(MATTERS))
            place = draw.choice(TOWNS) + draw.choice(VILLAGES)
            some.append(typed(place, f"{MATTERS[sort]}，第{turn}次反映", types=TYPES[sort]))
    return some


def _on(plan: Plan, name: str, sizes: Sequence[int], fresh: Callable[[], str | None]) -> list[Figure]:
    took: dict[int, list[float]] = {size: [] for size in sizes}
    peak: dict[int, float] = {}
    asked = questions(WARM + ASKED)
    with ExitStack() as stack, plan.bar(f"alike, {name}", len(sizes) + len(asked)) as forward:
        desks = {}
        for size in sizes:
            office = stack.enter_context(an_office(plan.place("alike"), fresh()))
            fill(office, size)
            desks[size] = office.database
            forward(1)
        for turn, wanted in enumerate(asked):
            for size, database in desks.items():
                began = time.perf_counter()
                find(database, wanted)
                if turn >= WARM:
                    took[size].append(time.perf_counter() - began)
            forward(1)
        for size, database in desks.items():
            peak[size] = _memory(database, asked[WARM:])
    return [_figure(name, size, took[size], took[sizes[0]], peak[size]) for size in sizes]


def _memory(database: Database, asked: Sequence[Wanted]) -> float:
    """Return the most that the interpreter held at a time beyond what it held before, in MiB."""
    tracemalloc.start()
    try:
        for wanted in asked:
            find(database, wanted)
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def _figure(name: str, size: int, took: Sequence[float], small: Sequence[float], peak: float) -> Figure:
    first = took is small
    p50, p99 = (percentile(took, share) * 1e3 for share in (0.5, 0.99))
    return Figure(
        section="alike",
        what=f"p99 of a look-up, {name}, {size:,} petitions",
        ours=p99,
        floor=None if first else percentile(small, 0.99) * 1e3,
        unit="ms",
        target=None if first else TARGET,
        smaller=True,
        note=f"p50 {p50:.1f} ms, at most {peak:.1f} MiB held",
        details={"p50_ms": p50, "p99_ms": p99, "petitions": size, "peak_mib": peak},
    )
