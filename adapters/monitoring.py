"""Monitors' readings: one out of bounds opens a problem at its site, once while that is open; each row's fate is told.

The problem is the site's own ``report_anomaly``; further readings of the same item, while its task is open, are notes
on that task (on the site until the task is there). Each reading bears an id made of what it says, so that a file, or a
program, may send it again.
"""

import csv
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TextIO

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import ledger, queries, tables
from adapters.desk import Desk
from adapters.door import Order
from adapters.plain import plain
from adapters.spreadsheets.cells import clean_text, parse_date, printable
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.grid import address
from adapters.spreadsheets.profiles import header_keys
from models.case import Case
from models.counting import legal_day
from models.envelope import Envelope
from models.monitoring import is_abnormal
from models.refusals import Changed, Refused
from models.vocabulary import Kind, Status, Term

DAYS: Final = 15
"""Days in which what a reading tells is to be put right, where nothing else is said."""
LONGEST_FILE: Final = 64 * 2**20
MOST_ROWS: Final = 200_000
LONGEST_ROW: Final = 4000
HEAD_ROWS: Final = 20
AT_ONCE: Final = 500
"""Readings that are looked at together."""
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "site": ("场所", "站点", "点位", "监测点位", "监测站", "企业", "企业名称", "站点名称", "场所编号", "SITE"),
    "time": ("监测时间", "时间", "日期", "采样时间", "监测日期", "TIME", "DATE"),
    "parameter": ("监测项目", "项目", "因子", "监测因子", "指标", "污染物", "PARAMETER"),
    "value": ("监测值", "数值", "结果", "监测结果", "浓度", "值", "VALUE"),
    "unit": ("单位", "计量单位", "UNIT"),
    "limit": ("限值", "标准限值", "标准值", "排放限值", "LIMIT"),
    "flag": ("是否异常", "异常", "是否超标", "标记", "状态", "FLAG"),
}
"""The columns, each by the headers it is known by."""
NEEDED: Final = ("site", "time", "parameter", "value")

Progress = Callable[[int, int], None]


class ReadingFate(Term):
    """What becomes of a reading."""

    OPENED = "opened", "新开问题", "opened a problem"
    ADDED = "added", "并入在办问题", "added to an open problem"
    SOUND = "sound", "正常", "within bounds"
    KNOWN = "known", "已有", "already known"
    BAD = "bad", "不能使用", "cannot be used"


@dataclass(frozen=True, slots=True)
class Reading:
    """A row as it came: where it stands, and its texts."""

    row: int
    site: str
    time: str
    parameter: str
    value: str
    unit: str = ""
    limit: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a reading: its row, its fate, the site, and why it cannot be used (cell, Chinese, English)."""

    row: int
    fate: ReadingFate
    site: str | None = None
    cell: str = ""
    zh: str = ""
    en: str = ""


@dataclass
class MonitoringReport:
    """The readings' fates and counts."""

    dry_run: bool = False
    fates: list[Told] = field(default_factory=list)

    def count(self, fate: ReadingFate) -> int:
        """Return how many came to a fate."""
        return sum(each.fate is fate for each in self.fates)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows in all and of each fate."""
        return {"total": len(self.fates), **{fate.value: self.count(fate) for fate in ReadingFate}}

    @property
    def bad(self) -> list[Told]:
        """The rows that cannot be used."""
        return [each for each in self.fates if each.fate is ReadingFate.BAD]


# ── a file ──


@contextmanager
def csv_readings(path: Path) -> Iterator[tuple[Mapping[str, int], Iterator[Reading]]]:
    """Open a CSV file (UTF-8 or GB18030): in which column each field stands, and the readings, streaming.

    Raises:
        SheetError: it is too large, no text, or has no header with the columns that are needed.
    """
    if path.stat().st_size > LONGEST_FILE:
        most = LONGEST_FILE // 2**20
        raise SheetError("too_large", f"文件超过 {most} MB。", f"The file is larger than {most} MB.")
    with path.open(encoding=_encoding(path), newline="") as file:
        rows = enumerate(csv.reader(_lines(file)), 1)
        try:
            columns = _header(itertools.islice(rows, HEAD_ROWS))
            yield columns, _readings(rows, columns)
        except csv.Error as fault:
            raise SheetError("no_csv", f"不是 CSV 文件：{fault}。", f"This is no CSV file: {fault}.") from None


def _readings(rows: Iterable[tuple[int, Sequence[str]]], columns: Mapping[str, int]) -> Iterator[Reading]:
    for number, cells in rows:
        if number > MOST_ROWS:
            zh, en = f"超过 {MOST_ROWS} 行，请分成几个文件。", f"There are more than {MOST_ROWS} rows; split the file."
            raise SheetError("too_many_rows", zh, en)
        texts = {name: clean_text(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        if any(texts.values()):
            yield Reading(number, **texts)


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while text := file.read(2**16):
                    if "\0" in text:
                        break
                else:
                    return encoding
        except UnicodeDecodeError:
            continue
    raise SheetError("no_text", "不是文本文件（须为 UTF-8 或 GB18030 的 CSV）。", "No text: a CSV in UTF-8 or GB18030.")


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_ROW + 1):
        if len(line) > LONGEST_ROW:
            zh, en = f"有一行超过 {LONGEST_ROW} 个字符。", f"A row is longer than {LONGEST_ROW} characters."
            raise SheetError("row_too_long", zh, en)
        yield line


def _header(rows: Iterable[tuple[int, Sequence[str]]]) -> dict[str, int]:
    known = {header_keys(name)[0]: field for field, names in COLUMNS.items() for name in names}
    for _, cells in rows:
        found: dict[str, int] = {}
        for at, text in enumerate(cells):
            whole, bare = header_keys(text)
            name = known.get(whole) or known.get(bare)
            if name and name not in found:
                found[name] = at
        if all(name in found for name in NEEDED) and ("limit" in found or "flag" in found):
            return found
    wanted = "场所、监测时间、监测项目、监测值，以及限值或是否异常"
    raise SheetError("no_header", f"没有找到表头，须有：{wanted}。", f"No header with {wanted}.")


# ── what becomes of them ──


def take_readings(
    desk: Desk,
    readings: Iterable[Reading],
    *,
    actor: str,
    days: int = DAYS,
    dry_run: bool = False,
    progress: Progress | None = None,
    via: Mapping[str, str] | None = None,
    cells: Mapping[str, int] | None = None,
) -> MonitoringReport:
    """Open a problem for what is out of bounds, or add it to the one that is open; tell each reading's fate.

    Args:
        desk: the installation.
        readings: the rows, in their order.
        actor: in whose name.
        days: in how many days a problem is to be put right.
        dry_run: only tell what would become of each.
        progress: called with rows done, and as many again: their number is not known before.
        via: the way they came, kept beside every envelope.
        cells: in which column (from 0) each field stands, to name cells; where none is told, the field is named.

    Raises:
        Refused: the actor may not report anomalies at all.
    """
    work = _Work(desk, actor, days, via or {}, cells or {})
    report = MonitoringReport(dry_run)
    rows = iter(readings)
    while batch := list(itertools.islice(rows, AT_ONCE)):
        report.fates += work.take(batch, dry_run=dry_run)
        if progress:
            progress(len(report.fates), len(report.fates))
    return report


class _Work:
    def __init__(self, desk: Desk, actor: str, days: int, via: Mapping[str, str], cells: Mapping[str, int]) -> None:
        self.desk, self.actor, self.via, self.cells = desk, actor, dict(via), cells
        self.today = legal_day(desk.moments.now())
        self.by_when = self.today + timedelta(days=days)
        self.sites: dict[str, Case] = {}
        self.names: dict[str, list[str]] = {}
        for site in queries.listed(desk.database, queries.Filter(kind=Kind.SITE, status=Status.OPERATING)):
            self.sites[site.id] = site
            for name in {plain(each) for each in (site.id, site.title, *site.aliases)}:
                self.names.setdefault(name, []).append(site.id)
        self.met: set[str] = set()
        self.rehearsed: set[tuple[str, str]] = set()

    def take(self, batch: Sequence[Reading], *, dry_run: bool) -> list[Told]:
        """Return the fates of a batch, in its order."""
        with self.desk.database.reading() as connection:
            kept = ledger.kept(connection, [name for each in batch if (name := self._id(each))])
        self.met |= kept.keys()
        return [self._one(each, dry_run=dry_run) for each in batch]

    def _id(self, each: Reading) -> str:
        """Return the id that a reading's envelope bears: what it says of which site, whatever file it came in."""
        ids = self.names.get(plain(each.site), [])
        if len(ids) != 1:
            return ""
        told = "\n".join((ids[0], *map(plain, (each.parameter, each.time, each.value, each.unit))))
        return f"monitor/{hashlib.sha256(told.encode()).hexdigest()[:40]}"

    def _one(self, each: Reading, *, dry_run: bool) -> Told:
        day, bad = self._read(each)
        if bad:
            return bad
        (number,) = self.names[plain(each.site)]
        if not is_abnormal(each.value, each.limit, each.flag):
            return Told(each.row, ReadingFate.SOUND, number)
        name = self._id(each)
        if name in self.met:
            return Told(each.row, ReadingFate.KNOWN, number)
        self.met.add(name)
        if dry_run:
            key = (number, plain(each.parameter))
            added = self._open_task(number, each) is not None or key in self.rehearsed
            self.rehearsed.add(key)
            return Told(each.row, ReadingFate.ADDED if added else ReadingFate.OPENED, number)
        try:
            return Told(each.row, self._tell(name, number, each, day), number)
        except Refused as refusal:
            if refusal.code in {"unknown_person", "not_yours"}:
                raise  # that is about who sends them, not about the row
            self.met.discard(name)
            return self._bad(each, "site", refusal.zh, refusal.en)

    def _read(self, each: Reading) -> tuple[date, Told | None]:
        """Return the day of a reading, or why it cannot be used."""
        for name in COLUMNS:
            text = str(getattr(each, name))
            if text[:1] in {"=", "@"} or (text[:1] in {"+", "-"} and not text[1:2].isdigit() and len(text) > 1):
                return self.today, self._bad(each, name, "含有公式，不予使用", "holds a formula")
        for name in NEEDED:
            if not getattr(each, name):
                return self.today, self._bad(each, name, "不能为空", "is needed")
        ids, shown = self.names.get(plain(each.site), []), printable(each.site, 40)
        if len(ids) != 1:
            zh, en = (
                ("不止一个场所", "is not one site alone") if ids else ("没有在营的场所", "no such site in operation")
            )
            return self.today, self._bad(each, "site", f"“{shown}”：{zh}", f'"{shown}": {en}')
        day = parse_date(each.time)
        if day is None or day > self.today:
            shown = printable(each.time, 40)
            return self.today, self._bad(each, "time", f"“{shown}”不是已过的日期", f'"{shown}" is no day up to now')
        if is_abnormal(each.value, each.limit, each.flag) is None:
            zh = "监测值与限值无法比较，也没有异常标记"
            return day, self._bad(each, "value", zh, "neither limit nor flag tells whether it is out of bounds")
        return day, None

    def _bad(self, each: Reading, name: str, zh: str, en: str) -> Told:
        cell = address(self.cells[name], each.row) if name in self.cells else name
        return Told(each.row, ReadingFate.BAD, None, cell, zh, en)

    def _open_task(self, number: str, each: Reading) -> str | None:
        """Return the open task of a site's problem with what is monitored, None where there is none."""
        site, wanted = self.sites[number], plain(each.parameter)
        still = {task.id for task in site.open_tasks}
        found = [known.task for known in site.anomalies if plain(known.monitored) == wanted and known.task in still]
        return found[-1] if found else None

    def _tell(self, name: str, number: str, each: Reading, day: date) -> ReadingFate:
        task = self._open_task(number, each)
        if task is None:
            order = self._opening(name, number, each, day)
            (done,) = self.desk.door.take([order])
            if isinstance(done.refusal, Changed):
                # Somebody else was at the site in the meantime: what is open there now is looked at once more.
                self.sites[number] = queries.case(self.desk.database, number)
                return self._tell(name, number, each, day)
            done.answer()
            self.sites[number] = queries.case(self.desk.database, number)
            return ReadingFate.OPENED
        self.desk.door.perform([self._envelope(name, self._where(task, number), "note", {"text": _words(each)})])
        return ReadingFate.ADDED

    def _opening(self, name: str, number: str, each: Reading, day: date) -> Order:
        data: dict[str, JsonValue] = {
            "monitored": each.parameter[:100],
            "value": f"{each.value} {each.unit}".strip()[:60],
            "bound": each.limit[:60],
            "on": day.isoformat(),
            "by_when": self.by_when.isoformat(),
        }
        return Order([self._envelope(name, number, "report_anomaly", data)], expected=self.sites[number].seq)

    def _where(self, task: str, site: str) -> str:
        """Return where a further reading is noted: on the task, or on the site until the task is there."""
        columns = tables.cases.c
        with self.desk.database.reading() as connection:
            there = connection.execute(sa.select(columns.id).where(columns.id == task)).scalar_one_or_none()
        return there or site

    def _envelope(self, name: str, case: str, command: str, data: dict[str, JsonValue]) -> Envelope:
        return Envelope(id=name, case=case, actor=self.actor, command=command, data=data, via=self.via)


def _words(each: Reading) -> str:
    bound = f"，限值 {each.limit}" if each.limit else ""
    flag = f"，标记 {each.flag}" if each.flag else ""
    return f"监测仍异常：{each.time} {each.parameter} {each.value} {each.unit}".strip() + bound + flag


def monitoring_view(report: MonitoringReport) -> dict[str, object]:
    """Return the counts and each row's fate; what cannot be used with its cell and why."""
    fates = [
        {"row": each.row, "fate": each.fate.value, "site": each.site, "cell": each.cell, "zh": each.zh, "en": each.en}
        for each in report.fates
    ]
    return {**report.counts, "dry_run": report.dry_run, "fates": fates}
