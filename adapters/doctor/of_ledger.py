"""The ledger and what hangs on it: schema, keystore, clock, what waits and what is late, daily roots, calendars."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from adapters import SetupError, checking, tables
from adapters.database import AWAY, LEDGER, Database
from adapters.desk import Desk, open_desk
from adapters.doctor.finding import Check, Finding
from adapters.marks import read_mark
from adapters.observing.health import BEHIND, waiting_since
from adapters.observing.ledger_figures import LATE, speed_of
from adapters.reconciling import RECONCILED
from adapters.roots import making
from adapters.settings import LEDGER_FILE, Settings
from models.counting import SHANGHAI
from models.vocabulary import Kind, Status

LEDGER_CHECK: Final = Check("ledger", ("台账", "ledger"))
KEYSTORE: Final = Check("keystore", ("密钥库", "keystore"))
CLOCK: Final = Check("clock", ("时钟", "clock"))
OUTBOX: Final = Check("outbox", ("待送达", "outbox"))
ALARMS: Final = Check("alarms", ("时限提醒", "alarms"))
LETTERS: Final = Check("letters", ("文书投递", "letters"))
HOOKS: Final = Check("webhooks", ("推送", "webhooks"))
ROOTS: Final = Check("roots", ("每日根", "daily root"))
CALENDARS: Final = Check("calendars", ("工作日历", "calendars"))
CHAINS: Final = Check("chains", ("哈希链", "chains"))
READ_MODEL: Final = Check("read_model", ("案件表", "table of cases"))
COPIES: Final = Check("copies", ("核对差异", "discrepancies"))
ROOT_AGE: Final = timedelta(hours=50)
"""A root is made every day; after two missed ones somebody should look."""
AHEAD: Final = timedelta(seconds=5)
"""As far may two clocks of an installation be apart (docs/operations.md)."""


def of_the_ledger(settings: Settings, *, deep: bool, patience: float) -> Iterator[Finding]:
    """Look at it; a ledger that is not there is not made, one of another version not brought up to date."""
    found = _schema(settings, patience)
    yield found
    if found.state != "well":
        return
    try:
        desk = open_desk(settings, patience=patience, serves=False)
    except SetupError as fault:
        yield LEDGER_CHECK.fault(fault)
        return
    try:
        yield _keystore(desk)
        yield from _desk(desk)
        yield _copies(desk)
        if deep:
            yield from _deep(desk.database)
    except (SetupError, *AWAY) as fault:
        yield LEDGER_CHECK.fault(fault) if isinstance(fault, SetupError) else _away()
    finally:
        desk.close()


def _away() -> Finding:
    return LEDGER_CHECK.bad(
        ("数据库没有应答。", "The database does not answer."),
        ("查看数据库是否运行、DATABASE_URL 是否正确。", "See whether it runs, and DATABASE_URL."),
    )


def _schema(settings: Settings, patience: float) -> Finding:
    path = settings.data / LEDGER_FILE
    if settings.database_url.endswith(LEDGER_FILE) and not path.exists():
        return LEDGER_CHECK.bad(
            (f"没有 {path}。", f"There is no {path}."),
            (
                "首次使用执行 banjie up；否则用 banjie restore 恢复。",
                "At first: banjie up; else bring it back by banjie restore.",
            ),
        )
    database = Database(settings.database_url, patience=patience)
    try:
        with database.reading() as connection:
            if not sa.inspect(connection).has_table(LEDGER.table):
                there = None
            else:
                version = sa.table(LEDGER.table, sa.column("version_num"))
                there = connection.execute(sa.select(version.c.version_num)).scalar_one_or_none()
    except SetupError as fault:
        return LEDGER_CHECK.fault(fault, _away().do)
    except sa.exc.DBAPIError:
        return _away()
    finally:
        database.close()
    sort = "SQLite" if database.is_sqlite else "PostgreSQL"
    if there == LEDGER.newest:
        return LEDGER_CHECK.well(f"{sort}，版本 {there}", f"{sort}, schema {there}")
    said = (
        f"版本 {there or '空'}，本程序为 {LEDGER.newest}",
        f"schema {there or 'none'}, this program's {LEDGER.newest}",
    )
    if there is not None and there > LEDGER.newest:
        return LEDGER_CHECK.bad(
            said, ("升级本程序：台账由更新的版本写过。", "Upgrade this program: a newer one wrote it.")
        )
    return LEDGER_CHECK.warn(
        said,
        (
            "先备份（banjie backup），再启动即自动升级。",
            "Back it up (banjie backup); the next start brings it up to date.",
        ),
    )


def _keystore(desk: Desk) -> Finding:
    try:
        desk.sealer.keys.ready()
        here = [each for each in desk.sealer.keys.held() if not each.retired_at]
    except SetupError as fault:
        return KEYSTORE.fault(fault)
    missing = [each.name for each in here if each.here is None]
    if missing:
        return KEYSTORE.warn(
            (f"本机缺封装密钥 {'、'.join(missing)}", f"not on this machine: {', '.join(missing)}"),
            ("从其他机器的 keys/ 复制。", "Copy it from another machine's keys/."),
        )
    return KEYSTORE.well(f"封装密钥 {len(here)} 把", f"wrapping keys: {len(here)}")


def _desk(desk: Desk) -> Iterator[Finding]:
    now, cases = desk.moments.now(), tables.cases.c
    with desk.database.reading() as connection:
        late = sa.select(sa.func.count()).where(cases.next_alarm < now - LATE * speed_of(desk, now))
        alarms = connection.execute(late).scalar_one()
        columns = tables.outbox.c
        count = sa.select(sa.func.count(), sa.func.count(sa.case((columns.attempts > 0, 1)))).select_from(tables.outbox)
        waiting, tried = connection.execute(count).one()
        lost = sa.select(sa.func.count()).select_from(tables.cases)
        lost = lost.where(tables.has_lost_letters(desk.database.engine.dialect.name))
        letters = connection.execute(lost).scalar_one()
        failing = sa.select(sa.func.count()).where(tables.hooks.c.failing_since.is_not(None))
        hooks = connection.execute(failing).scalar_one()
        newest = connection.execute(sa.select(sa.func.max(tables.envelopes.c.recorded_at, type_=tables.Instant)))
        written: datetime | None = newest.scalar_one()
        theirs = (
            None if desk.database.is_sqlite else connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        )
        root = making.latest(connection)
        first: datetime | None = connection.execute(
            sa.select(sa.func.min(tables.envelopes.c.recorded_at, type_=tables.Instant))
        ).scalar_one()
    yield _clock(now, written, theirs)
    yield _outbox(desk, waiting, tried)
    yield (
        ALARMS.well("没有迟响的", "none is late")
        if not alarms
        else ALARMS.bad(
            (f"{alarms} 件的提醒已过时未响", f"{alarms} are late"),
            (
                "没有工作进程或 Temporal 未运行；启动后即按序补响。",
                "No worker, or no Temporal: they ring in order once there is.",
            ),
        )
    )
    yield (
        LETTERS.well("没有未送达的", "none failed")
        if not letters
        else LETTERS.warn(
            (f"{letters} 件有未送达的文书", f"{letters} cases have letters that did not arrive"),
            (
                "banjie letters --failed 查看原因，修好渠道后重发或线下送达。",
                "See banjie letters --failed; mend, resend or settle.",
            ),
        )
    )
    yield (
        HOOKS.well("没有失败的", "none fails")
        if not hooks
        else HOOKS.warn(
            (f"{hooks} 个订阅推送失败", f"{hooks} fail"),
            ("在控制台“推送”页查看对方应答。", "See what the receivers answer on the console's page of webhooks."),
        )
    )
    yield _roots(root.made_at if root else None, first or now, now)
    yield _calendars(desk, now)


def _copies(desk: Desk) -> Finding:
    cases = tables.cases.c
    query = sa.select(sa.func.count()).where(cases.kind == Kind.FAULT.value, cases.status == Status.FAULTY.value)
    with desk.database.reading() as connection:
        count = connection.execute(query).scalar_one()
    if count:
        return COPIES.warn(
            (f"{count} 件的副本与台账不一致，待查明", f"{count} cases differ from the ledger and are not cleared up"),
            (
                "banjie list --kind fault 查看，banjie reconcile 复核。",
                "See banjie list --kind fault; banjie reconcile.",
            ),
        )
    last = read_mark(desk.database, RECONCILED)
    at = f"{datetime.fromisoformat(json.loads(last)['at']):%Y-%m-%d %H:%M} UTC" if last else ""
    return COPIES.well(f"最近核对 {at}", f"looked for {at}") if at else COPIES.well("尚未核对", "not looked for yet")


def _clock(now: datetime, written: datetime | None, theirs: datetime | None) -> Finding:
    do = ("校准系统时钟（NTP）后再继续办理。", "Set the system's clock right (NTP) before going on.")
    if written is not None and written - now > AHEAD:
        apart = int((written - now).total_seconds())
        return CLOCK.bad(
            (f"最近一次办理记录晚于现在 {apart} 秒", f"the ledger's newest entry lies {apart} seconds ahead of now"), do
        )
    if theirs is not None and abs(theirs - datetime.now(UTC)) > AHEAD:
        apart = int((theirs - datetime.now(UTC)).total_seconds())
        return CLOCK.warn((f"与数据库相差 {apart} 秒", f"{apart} seconds from the database's"), do)
    return CLOCK.well(f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", f"{now:%Y-%m-%d %H:%M} UTC")


def _outbox(desk: Desk, waiting: int, tried: int) -> Finding:
    since = waiting_since(desk)
    long = desk.moments.real(desk.moments.now()) - since if since else timedelta(0)
    if tried or long > BEHIND:
        return OUTBOX.warn(
            (
                f"{waiting} 件待送达，最久 {int(long.total_seconds())} 秒",
                f"{waiting} wait, for {int(long.total_seconds())} s",
            ),
            (
                "Temporal 或工作进程不在；办理不受影响，恢复后自动送达。",
                "Temporal or every worker is away; it goes out later.",
            ),
        )
    return OUTBOX.well(f"{waiting} 件待送达", f"{waiting} wait")


def _roots(made: datetime | None, first: datetime, now: datetime) -> Finding:
    if now - (made or first) > ROOT_AGE:
        said = (
            (f"最近 {made:%Y-%m-%d %H:%M}", f"newest {made:%Y-%m-%d %H:%M}") if made else ("尚未生成", "none was made")
        )
        do = ("每日根由 Temporal 定时生成：查看工作进程。", "A Schedule of Temporal makes one a day: see the workers.")
        return ROOTS.warn(said, do)
    if made is None:
        return ROOTS.well("尚未到时", "the first is not due yet")
    return ROOTS.well(f"最近 {made:%Y-%m-%d %H:%M} UTC", f"newest {made:%Y-%m-%d %H:%M} UTC")


def _calendars(desk: Desk, now: datetime) -> Finding:
    today = now.astimezone(SHANGHAI).date()
    # The table of the next year is published in November.
    wanted = {today.year} | ({today.year + 1} if today.month == 12 else set())
    lacking = {
        year
        for each in desk.world().calendars.values()
        if not each.every_day
        for year in wanted
        if year not in each.years
    }
    if not lacking:
        return CALENDARS.well("年度安排齐全", "every table is there")
    years = "、".join(map(str, sorted(lacking)))
    return CALENDARS.warn(
        (f"缺 {years} 年安排，届限暂按周末推算", f"no table of {years}: due dates count plain weekends for now"),
        ("放假安排公布后执行 banjie calendar import。", "Once it is published: banjie calendar import."),
    )


def _deep(database: Database) -> Iterator[Finding]:
    report = checking.verify(database)
    said = (f"{report.cases} 案 {report.events} 事件", f"{report.cases} cases, {report.events} events")
    yield (
        CHAINS.well(*said)
        if report.ok
        else CHAINS.bad(
            (f"{len(report.faults)} 处不符", f"{len(report.faults)} are not as they were written"),
            (
                "banjie verify --all 列出；保全现场，与备份和见证的每日根比对。",
                "See banjie verify --all; keep everything, compare.",
            ),
        )
    )
    rebuilt = checking.rebuild(database, check=True)
    yield (
        READ_MODEL.well(f"{rebuilt.cases} 案一致", f"{rebuilt.cases} are what their events say")
        if rebuilt.ok
        else (
            READ_MODEL.bad(
                (f"{len(rebuilt.differences)} 处与事件不同", f"{len(rebuilt.differences)} differences"),
                ("执行 banjie rebuild。", "Run: banjie rebuild"),
            )
        )
    )
