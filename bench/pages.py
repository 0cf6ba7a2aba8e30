"""Pages over many cases: my work, list, search, case, dashboard, map at 10³, 10⁵ and 10⁶, by the real application.

The cases are copies of a few hundred that went through the door on many days, in every status: number, place, matter,
types and, of what is done, the days are changed, in the columns and in the state alike, and a sample of each batch is
held against what the door itself would write. Two of a hundred are open, as at a desk that takes forty days for each of
some 270 a day. What is made of the rows (pieces by the triggers, daily sums by ``rebuild``'s own counting) is made by
the product. Their histories are not made; the case that is opened is a real one.
"""

import asyncio
import gc
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import datetime, timedelta
from typing import Final

import httpx
import orjson
import sqlalchemy as sa

from adapters import ledger, statistics, tables
from adapters.database import Database
from adapters.desk import YOUNG
from adapters.prepared import stamp
from adapters.searching import pieces_of, types_text
from bench.plan import Plan
from bench.report import Figure, percentile
from models.areas import area_of
from models.case import Case
from models.vocabulary import Kind, Status
from tests.servers import Postgres
from tests.store.desks import Office, an_office
from web.app import make_app
from web.house import House

SIZES: Final = (1_000, 100_000, 1_000_000)
QUICK: Final = (1_000, 10_000)
TIMES: Final = 40
TARGET: Final = 1 / 3
"""A page over a million cases takes at most three times what it takes over a thousand."""
TOWNS: Final = tuple(
    f"{name}{kind}" for kind in ("镇", "乡") for name in ("青石", "柳溪", "白马", "云岭", "平桥", "石门")
)
VILLAGES: Final = ("河口村", "上坪村", "下寨村", "老街社区")
MATTERS: Final = (
    "养殖场夜间臭味扰民",
    "砂石厂扬尘未遮盖",
    "河水发黑有异味",
    "工地夜间噪声",
    "餐饮油烟直排",
    "垃圾露天焚烧",
)
TYPES: Final = (("大气", "恶臭"), ("大气", "扬尘"), ("水",), ("噪声",), ("大气", "油烟"), ("固废",))
UNDER_WAY: Final = (Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED, Status.VERIFIED, Status.REVIEWING)
OPEN: Final = 0.02
OPEN_DAYS: Final = 60
YEARS: Final = 10
AT_ONCE: Final = 10_000
PAGES: Final = (
    ("my work", "/"),
    ("list", "/cases"),
    ("list, status", "/cases?status=assigned"),
    ("list, unit, due first", "/cases?unit=qingshi&open=1&order=due"),
    ("list, overdue", "/cases?overdue=1&order=due"),
    ("list, type", "/cases?type=固废"),
    ("list, township, days", "/cases?township=qingshi&from=2026-01-01&to=2026-03-31"),
    ("list, closed in days", "/cases?done=1&closed_from=2026-01-01&closed_to=2026-03-31"),
    ("search, common", "/cases?q=臭味"),
    ("search, two words", "/cases?q=青石镇 噪声"),
    ("search, rare", "/cases?q=罕见事项"),
    ("case", "/cases/{case}"),
    ("dashboard", "/dashboard"),
    ("dashboard, a year", "/dashboard?from=2025-05-01&to=2026-04-30&against=year"),
    ("map", "/map"),
)


def run(plan: Plan) -> list[Figure]:
    """Measure on SQLite and on PostgreSQL."""
    gc.set_threshold(YOUNG, 20, 20)  # as an installation's own process has it
    found = _on(plan, "SQLite", QUICK if plan.quick else SIZES, lambda: None)
    with Postgres(plan.place("postgres")) as server:
        found += _on(plan, "PostgreSQL", QUICK if plan.quick else SIZES, lambda: server.url(server.fresh()))
    return found


def _on(plan: Plan, name: str, sizes: Sequence[int], fresh: Callable[[], str | None]) -> list[Figure]:
    """Measure each page at each size, the sizes in turn, so that whatever else the machine does meets them alike."""
    took: dict[tuple[str, int], list[tuple[float, float]]] = {}
    with ExitStack() as stack, plan.bar(f"pages, {name}", len(sizes) + len(PAGES)) as forward:
        desks = {}
        for size in sizes:
            office = stack.enter_context(an_office(plan.place("pages"), fresh()))
            fill(office, size)
            real = office.register(summary="罕见事项一则")
            house = House.of(office.desk)
            house.accounts.change("clerk", house.accounts.make("clerk"), "bench-bench-1")
            desks[size] = house, real
            forward(1)
        for page, path in PAGES:
            for size, found in asyncio.run(_ask(desks, path)).items():
                took[page, size] = found
            forward(1)
    return [
        _figure(f"{page}, {name}", size, took[page, size], took[page, sizes[0]]) for size in sizes for page, _ in PAGES
    ]


def _figure(name: str, size: int, took: Sequence[tuple[float, float]], small: Sequence[tuple[float, float]]) -> Figure:
    wall, processor = ([each[place] for each in took] for place in (0, 1))
    p50, p99, cpu = percentile(wall, 0.5) * 1e3, percentile(wall, 0.99) * 1e3, percentile(processor, 0.5) * 1e3
    first = took is small
    return Figure(
        section="pages",
        what=f"{name}, {size:,} cases",
        ours=p50,
        floor=None if first else percentile([each[0] for each in small], 0.5) * 1e3,
        unit="ms",
        target=None if first else TARGET,
        smaller=True,
        note=f"p99 {p99:.0f} ms, processor {cpu:.1f} ms",
        details={"p50_ms": p50, "p99_ms": p99, "processor_p50_ms": cpu, "cases": size},
    )


def fill(office: Office, size: int) -> None:
    """Bring a desk to so many cases; its clock goes on by ``OPEN_DAYS`` days."""
    draw = random.Random(size)
    under_way: list[list[str]] = []
    done = [office.a_case(status) for status in (Status.CLOSED, Status.SIGNED_OFF, Status.DECLINED)]
    for _ in range(OPEN_DAYS):
        under_way.append([office.a_case(status) for status in UNDER_WAY])
        office.moments.wait(days=1)
    seeds = _seeds(office.database, [*done, *(each for day in under_way for each in day)])
    lay = (_on_sqlite if office.database.is_sqlite else _on_postgresql)(office.database)
    now = office.moments.now()
    for start in range(0, size, AT_ONCE):
        made = []
        for number in range(start, min(start + AT_ONCE, size)):
            if draw.random() < OPEN:
                day = max(0, OPEN_DAYS - 1 - int(draw.expovariate(1 / 12)))
                made.append(_copy(draw, seeds[draw.choice(under_way[day])], number))
            else:
                came = now - timedelta(minutes=draw.randrange(60 * 24 * 365 * YEARS))
                made.append(_copy(draw, seeds[draw.choices(done, (30, 60, 10))[0]], number, came))
        _lawful(made[-1])
        with office.database.writing() as connection:
            connection.execute(sa.insert(_PLAIN), made)
    with office.database.writing() as connection:
        lay(connection)
        statistics.keep(connection)
    if not office.database.is_sqlite:
        # As the server does by itself after a while; the bench does not wait for it.
        with office.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


def _on_postgresql(database: Database) -> Callable[[sa.Connection], None]:
    """Do as ``_on_sqlite`` does."""
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE cases DISABLE TRIGGER cases_pieces_new")

    def lay(connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "INSERT INTO case_pieces SELECT each, id FROM cases, unnest(string_to_array(pieces, ' ')) AS each "
            "WHERE each <> '' ORDER BY each, id ON CONFLICT DO NOTHING"
        )
        connection.exec_driver_sql("ALTER TABLE cases ENABLE TRIGGER cases_pieces_new")

    return lay


def _on_sqlite(database: Database) -> Callable[[sa.Connection], None]:
    """Put the trigger that lays a case's pieces aside; return what lays them all, in their order, and puts it back.

    Sixty million pieces one case at a time take ten minutes.
    """
    name = "cases_pieces_insert"
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA cache_size=-1000000")
        trigger = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{name}'").scalar_one()
        connection.exec_driver_sql(f"DROP TRIGGER {name}")

    def lay(connection: sa.Connection) -> None:
        pieces = """json_each('["' || replace(cases.pieces, ' ', '","') || '"]')"""
        connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO case_pieces SELECT value, cases.id FROM cases, {pieces} "
            "WHERE value <> '' ORDER BY value, cases.id"
        )
        connection.exec_driver_sql(trigger)

    return lay


_PLAIN: Final = sa.table("cases", *(sa.column(column.name) for column in tables.cases.c))
"""The table without types: what is written is what the door writes."""


def _seeds(database: Database, names: Sequence[str]) -> dict[str, tuple[dict[str, object], dict[str, object]]]:
    """Return each case's row, and its state as plain values."""
    with database.reading() as connection:
        rows = connection.execute(sa.select(_PLAIN).where(_PLAIN.c.id.in_(names))).mappings().all()
    return {row["id"]: (dict(row), json.loads(row["state"])) for row in rows}


def _copy(
    draw: random.Random,
    seed: tuple[Mapping[str, object], Mapping[str, object]],
    number: int,
    came: datetime | None = None,
) -> dict[str, object]:
    row, state = seed
    place = draw.choice(TOWNS) + draw.choice(VILLAGES)
    matter = draw.randrange(len(MATTERS))
    name = f"XF{2016 + number % YEARS}{number // YEARS + 500_000:06d}"
    changed: dict[str, object] = {"id": name}
    if came:
        changed["registered_at"] = stamp(came)
        if row["closed_at"]:
            changed["closed_at"] = stamp(came + timedelta(days=draw.randrange(5, 60)))
    told = {**state, **changed, "place": place, "summary": MATTERS[matter], "types": TYPES[matter]}
    text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
    found = Case(id=name, kind=Kind.PETITION, policy="", place=place, summary=MATTERS[matter], types=TYPES[matter])
    sides = {"area": area_of(place), "types": types_text(TYPES[matter])}
    return {**row, **changed, **sides, "state": text, "pieces": pieces_of(found)}


def _lawful(row: Mapping[str, object]) -> None:
    """Hold a copy against what the door would write of the case that its state tells."""
    state = str(row["state"])
    should = ledger.row_of(Case.model_validate_json(state), str(row["head"]))
    plain = {**should, "state": json.loads(str(should["state"]))}
    mine = {**row, "state": Case.model_validate_json(state).model_dump(mode="json", exclude_defaults=True)}
    wrong = {name for name, value in plain.items() if name != "state" and mine[name] != value}
    assert not wrong, wrong


async def _ask(desks: Mapping[int, tuple[House, str]], path: str) -> dict[int, list[tuple[float, float]]]:
    """Return the seconds, and those of the processor, that each desk took for each time that a page was asked for."""
    took: dict[int, list[tuple[float, float]]] = {size: [] for size in desks}
    async with AsyncExitStack() as stack:
        browsers = {}
        for size, (house, _) in desks.items():
            way = httpx.ASGITransport(make_app(house))
            browser = httpx.AsyncClient(transport=way, base_url="http://desk.test", headers={"user-agent": "bench"})
            browsers[size] = await stack.enter_async_context(browser)
            browser.cookies.set("banjie", house.sessions.begin("clerk", "bench"))
        for turn in range(TIMES + 1):
            for size, (_, real) in desks.items():
                began, used = time.perf_counter(), time.process_time()
                answer = await browsers[size].get(path.format(case=real))
                found = time.perf_counter() - began, time.process_time() - used
                assert answer.status_code == 200, answer.text[:300]
                if turn:  # the first one reads templates
                    took[size].append(found)
    return took
