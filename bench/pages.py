"""Pages over many cases: list, search, case and dashboard at 10³, 10⁵ and 10⁶ cases, by the real application.

The rows of the read model are copied by SQL from a few hundred petitions that went through the door, with numbers, days
and places of their own; what such a case's history would hold is not made. The case that is opened is a real one.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import httpx
import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.searching import pieces_of
from bench.plan import Plan
from bench.report import Figure, percentile
from models.canonical import text_of
from models.case import Case
from models.vocabulary import Status
from tests.store.desks import an_office
from web.app import make_app
from web.house import House

SIZES: Final = (1_000, 100_000, 1_000_000)
QUICK: Final = (1_000, 10_000)
TIMES: Final = 40
TARGET: Final = 1 / 3
"""A page over a million cases takes at most three times what it takes over a thousand."""
PLACES: Final = ("青石镇河口村", "柳溪乡上坪村", "白马乡下寨", "云岭镇老街", "平桥镇石门村")
MATTERS: Final = (
    "养殖场夜间臭味扰民",
    "砂石厂扬尘未遮盖",
    "河水发黑有异味",
    "工地夜间噪声",
    "餐饮油烟直排",
    "垃圾露天焚烧",
)
STATUSES: Final = (
    Status.REGISTERED,
    Status.ASSIGNED,
    Status.REVIEWING,
    Status.CLOSED,
    Status.CLOSED,
    Status.SIGNED_OFF,
)
AT_ONCE: Final = 5_000
PAGES: Final = (
    ("list", "/cases"),
    ("list, status", "/cases?status=assigned"),
    ("search, common", "/cases?q=臭味"),
    ("search, rare", "/cases?q=罕见事项"),
    ("case", "/cases/{case}"),
    ("dashboard", "/dashboard"),
)


def run(plan: Plan) -> list[Figure]:
    """Measure each page at each size."""
    sizes = QUICK if plan.quick else SIZES
    took: dict[tuple[str, int], list[float]] = {}
    with plan.bar("pages", len(sizes) * (len(PAGES) + 1)) as forward:
        for size in sizes:
            with an_office(plan.place("pages")) as office:
                seeds = [office.a_case(status) for status in dict.fromkeys(STATUSES)]
                real = office.register(summary="罕见事项一则")
                _fill(office.database, [office.case(each) for each in seeds], size, office.moments.now())
                forward(1)
                house = House.of(office.desk)
                house.accounts.change("clerk", house.accounts.make("clerk"), "bench-bench-1")
                for name, path in PAGES:
                    took[name, size] = asyncio.run(_ask(house, path.format(case=real)))
                    forward(1)
    return [_figure(name, size, took[name, size], took[name, sizes[0]]) for size in sizes for name, _ in PAGES]


def _figure(name: str, size: int, took: Sequence[float], small: Sequence[float]) -> Figure:
    p50, p99 = percentile(took, 0.5) * 1e3, percentile(took, 0.99) * 1e3
    first = took is small
    return Figure(
        section="pages",
        what=f"{name}, {size:,} cases",
        ours=p50,
        floor=None if first else percentile(small, 0.5) * 1e3,
        unit="ms",
        target=None if first else TARGET,
        smaller=True,
        note=f"p99 {p99:.0f} ms",
        details={"p50_ms": p50, "p99_ms": p99, "cases": size},
    )


def _fill(database: Database, seeds: Sequence[Case], size: int, now: datetime) -> None:
    draw = random.Random(size)
    with database.reading() as connection:
        query = sa.select(tables.cases).where(tables.cases.c.id.in_([each.id for each in seeds]))
        rows = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    for start in range(0, size, AT_ONCE):
        made = [_copy(draw, seeds, rows, now, number) for number in range(start, min(start + AT_ONCE, size))]
        with database.writing() as connection:
            connection.execute(sa.insert(tables.cases), made)
    with database.writing() as connection:
        connection.execute(sa.text("ANALYZE"))


def _copy(
    draw: random.Random, seeds: Sequence[Case], rows: dict[str, dict[str, object]], now: datetime, number: int
) -> dict[str, object]:
    # Nine of ten petitions of a desk are closed.
    seed = seeds[-1] if draw.random() < 0.9 else draw.choice(seeds)
    came = now - timedelta(minutes=draw.randrange(60 * 24 * 3650))
    case = seed.model_copy(
        update={
            "id": f"XF{2016 + number % 10}{number:07d}",
            "place": draw.choice(PLACES),
            "summary": draw.choice(MATTERS),
            "registered_at": came,
            "closed_at": came + timedelta(days=40) if seed.closed_at else None,
        }
    )
    changed = {"id": case.id, "registered_at": case.registered_at, "closed_at": case.closed_at}
    written = {"state": text_of(case.model_dump(exclude_defaults=True)), "pieces": pieces_of(case)}
    return {**rows[seed.id], **changed, **written}


async def _ask(house: House, path: str) -> list[float]:
    session = house.sessions.begin("clerk", "bench")
    way = httpx.ASGITransport(make_app(house))
    took = []
    async with httpx.AsyncClient(transport=way, base_url="http://desk.test", headers={"user-agent": "bench"}) as client:
        client.cookies.set("banjie", session)
        for turn in range(TIMES + 1):
            began = time.perf_counter()
            answer = await client.get(path)
            assert answer.status_code == 200, answer.text[:300]
            if turn:  # the first one reads templates
                took.append(time.perf_counter() - began)
    return took
