"""``banjie calendar``: which calendars are in force, and whether a file with a year's table can be used."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from adapters import queries
from adapters.calendar_files import Change, Note, Tables, changes, read_tables
from adapters.calendar_publishing import publishing
from adapters.desk import Desk
from adapters.recounting import Recounting
from adapters.views import receipt_view
from cli.exits import REFUSED, UsageProblem
from cli.opening import AsOption, DataOption, JsonOption, KeyOption, opened
from cli.screen import Screen
from cli.sweeps import carry_out, foretell, to_stream
from models.calendars import Calendar, Week, Year
from models.case import Case
from models.counting import legal_day
from models.decide import blank, decide
from models.envelope import Envelope, command_of
from models.refusals import UnknownPerson
from models.standing import stream_of
from models.vocabulary import Kind
from models.world import World, actor_of

STATUTORY: Final = "statutory"
MISSING: Final = "待国办通知"
WEEKDAYS: Final = "一二三四五六日"
MARKS: Final = {"off": "休", "work": "班", None: "—"}
WORDS: Final = {"off": "off", "work": "worked", None: "plain"}

FileArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]", help="要核对的 TOML 或 iCal 文件，缺省列出现行日历 · file to check, else what is in force"
    ),
]
NameOption = Annotated[
    str, typer.Option("--calendar", metavar="NAME", help="与哪个日历比对 · calendar to compare with")
]

calendar = typer.Typer(
    help="日历：工作日、放假、调休 · Calendars: working days, holidays, make-up days.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@calendar.callback()
def calendars() -> None:
    """日历：工作日、放假、调休 · Calendars: working days, holidays, make-up days."""


@calendar.command("check")
def check(
    file: FileArgument = None, *, name: NameOption = STATUTORY, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """列出现行日历，或核对一个年度安排文件 · Show the calendars in force, or check a file."""
    screen = Screen(as_json=as_json)
    if file and not file.is_file():
        raise UsageProblem(f"没有文件 {file}。", f"There is no file {file}.", field="FILE")
    found = read_tables(file) if file else None
    with opened(data, screen) as desk:
        world, today = desk.world(), legal_day(desk.moments.now())
    if found is None:
        _in_force(screen, [world.calendars[each] for each in sorted(world.calendars)], today)
        return
    if name not in world.calendars:
        known = "、".join(sorted(world.calendars))
        raise UsageProblem(f"没有日历“{name}”，现有：{known}。", f"There is no calendar {name}.", field="--calendar")
    _checked(screen, found, world.calendars[name])
    if not found.sound:
        raise typer.Exit(REFUSED)


@calendar.command("import")
def import_calendar(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML 或 iCal 文件 · TOML or iCal file")],
    *,
    name: Annotated[
        str, typer.Option("--calendar", metavar="NAME", help="日历；新名称即新设 · calendar; a new name sets one up")
    ] = STATUTORY,
    actor: AsOption = "admin",
    doubtful: Annotated[bool, typer.Option("--doubtful", help="有存疑之处仍导入 · import in spite of doubts")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试算，不写入 · only tell what it would mean")] = False,
    key: KeyOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """发布年度安排并重算在办案件的到期日 · Publish a year's table and count the open cases again."""
    screen = Screen(as_json=as_json)
    if not file.is_file():
        raise UsageProblem(f"没有文件 {file}。", f"There is no file {file}.", field="FILE")
    found = read_tables(file)
    with opened(data, screen, acts=not dry_run) as desk:
        world = desk.world()
        known = world.calendars.get(name)
        if not as_json or not (found.sound or doubtful):
            _checked(screen, found, known or Calendar(name=name, years={}))
        if not (found.sound or doubtful):
            raise typer.Exit(REFUSED)
        meant = publishing(name, known, found)
        if meant is None:
            _nothing(screen, name)
            return
        envelope = to_stream(Kind.CALENDAR, name, meant.command, meant.data, actor=actor, key=key)
        if dry_run:
            case = queries.case(desk.database, envelope.case or "") if known else None
            _try(screen, desk, world, case, envelope, actor)
            return
        (receipt,) = desk.door.perform([envelope])
        written = carry_out(screen, desk, receipt)
        if as_json:
            after = queries.case(desk.database, receipt.case)
            screen.data({**receipt_view(receipt, after), "cases_recounted": written})
            return
        screen.say(f"✓ 已发布 published: {receipt.case}；重算 {written} 件 cases counted again", "green")


def _nothing(screen: Screen, name: str) -> None:
    if screen.as_json:
        screen.data({"case": stream_of(Kind.CALENDAR, name), "event": None, "cases_recounted": 0})
    else:
        screen.say(f"{name} 已是如此，未作改动。 {name} is so already; nothing was done.")


def _try(screen: Screen, desk: Desk, world: World, case: Case | None, envelope: Envelope, actor: str) -> None:
    """Tell what publishing would mean, and refuse what would be refused."""
    person = world.organisation.person(actor) if world.organisation else None
    if person is None:
        raise UnknownPerson(person=actor)
    at, command = desk.moments.now(), command_of(envelope)
    before = case or blank(world, envelope.case or "", command.name, at)
    event = decide(world, before, actor_of(person), command, at)
    after = getattr(event.sets, "calendar", None) if event else None
    name = (envelope.case or "").partition(":")[2]
    world = replace(world, calendars={**world.calendars, name: after}) if after else world
    foretell(screen, desk, world, Recounting("recount", {"why": "试算"}), as_json=screen.as_json)


# ── what is in force ──


def missing_years(calendar: Calendar, today: date) -> list[int]:
    """Return the years up to the next one whose table is not there, from the first that is."""
    if calendar.every_day:
        return []
    first = min(calendar.years, default=today.year)
    return [year for year in range(first, today.year + 2) if year not in calendar.years]


def _in_force(screen: Screen, calendars: list[Calendar], today: date) -> None:
    if screen.as_json:
        screen.data({"today": today.isoformat(), "calendars": [_calendar_view(each, today) for each in calendars]})
        return
    screen.table(
        ("日历 calendar", "年度 years", "缺 missing", "班次 shifts", "版本 version"),
        [
            (
                each.name,
                "每天上班 every day" if each.every_day else _runs(sorted(each.years)),
                Text("、".join(f"{year} {MISSING}" for year in missing_years(each, today)), style="yellow"),
                _shifts(each),
                each.version,
            )
            for each in calendars
        ],
        title="现行日历 calendars in force",
    )
    for each in calendars:
        if each.years:
            screen.table(
                ("年度 year", "版 version", "休 off", "班 worked", "依据 source"),
                [
                    (str(year), table.version, str(len(table.off)), str(len(table.work)), table.source)
                    for year, table in sorted(each.years.items())
                ],
                title=f"{each.name} · 年度安排 yearly tables（休：平日放假天数；班：周末上班天数）",
            )


def _calendar_view(calendar: Calendar, today: date) -> dict[str, object]:
    return {
        "name": calendar.name,
        "version": calendar.version,
        "every_day": calendar.every_day,
        "shifts": calendar.shifts,
        "weekdays": {str(day): shifts for day, shifts in calendar.weekdays.items()},
        "missing": missing_years(calendar, today),
        "years": [
            {
                "year": year,
                "version": table.version,
                "source": table.source,
                "off": len(table.off),
                "work": len(table.work),
            }
            for year, table in sorted(calendar.years.items())
        ],
    }


def _runs(years: list[int]) -> str:
    """Write years as a person would: 2004–2026、2028."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1][1:] = [year]
        else:
            runs.append([year])
    return "、".join("–".join(map(str, run)) for run in runs) or "—"


def _shifts(week: Calendar | Week) -> str:
    ordinary = _span(week.shifts)
    own = [f"周{WEEKDAYS[day - 1]} {_span(shifts)}" for day, shifts in sorted(week.weekdays.items())]
    return "；".join([ordinary, *own])


def _span(shifts: tuple[tuple[str, str], ...]) -> str:
    return "、".join(f"{begin}–{end}" for begin, end in shifts) or "休"


# ── a file ──


def _checked(screen: Screen, found: Tables, calendar: Calendar) -> None:
    differing = {table.year: changes(calendar, table) for table in found.years}
    if screen.as_json:
        screen.data(
            {
                "ok": found.sound,
                "tables": [table.model_dump(mode="json") for table in found.years],
                "week": found.week.model_dump(mode="json", exclude_none=True) if found.week else None,
                "notes": [_note_view(note) for note in found.notes],
                "compared_with": calendar.name,
                "new_years": [year for year in differing if year not in calendar.years],
                "changes": [_change_view(each) for year in differing for each in differing[year]],
            }
        )
        return
    for table in found.years:
        _table(screen, table)
        _differences(screen, table, differing[table.year], calendar)
    if found.week:
        screen.say(f"班次 shifts: {_shifts(found.week)}（{found.week.source}）")
    for note in sorted(found.notes, key=lambda note: not note.doubtful):
        mark, style = ("✗", "red") if note.doubtful else ("·", "")
        screen.say(f"{mark} {note.zh}", style)
        screen.say(f"  {note.en}", "dim")
    if found.sound:
        screen.say("✓ 文件可用。 The file can be used.", "green")
    else:
        screen.aside("✗ 有存疑之处，请改正后再用。 Something is doubtful; put it right first.", "bold red")


def _table(screen: Screen, table: Year) -> None:
    screen.table(
        ("月 month", "标 mark", "日期 days", "天数 count", "名称 name"),
        [
            (f"{first.year}-{first.month:02}", Text(MARKS[kind], style=style), _days(first, last), str(days), name)
            for first, last, kind, style, days, name in sorted(_rows(table))
        ],
        title=f"{table.year} 年安排（第 {table.version} 版，{table.source}）：平日放假 {len(table.off)} 天，"
        f"周末上班 {len(table.work)} 天",
    )


def _rows(table: Year) -> Iterator[tuple[date, date, str, str, int, str]]:
    """Return holidays as a notice tells them, with the weekends that join them, and the make-up days."""
    alone = Calendar(name="file", years={table.year: table})
    for rest in alone.off_between(date(table.year - 1, 12, 1), date(table.year, 12, 31)):
        days = (rest.last - rest.first).days + 1
        if any(rest.first + timedelta(days=number) in table.off for number in range(days)):
            yield rest.first, rest.last, "off", "green", days, rest.why
    for day, name in table.work.items():
        yield day, day, "work", "yellow", 1, name


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} 至 {_day(last)}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日(周{WEEKDAYS[day.weekday()]})"


def _differences(screen: Screen, table: Year, found: tuple[Change, ...], calendar: Calendar) -> None:
    before = calendar.years.get(table.year)
    if before is None:
        screen.say(f"{table.year} 年在 {calendar.name} 中尚无安排。 {calendar.name} has no table of {table.year} yet.")
    elif not found:
        screen.say(f"与现行第 {before.version} 版一致。 The same days as version {before.version} in force.")
    else:
        screen.table(
            ("日期 day", "现行 in force", "文件 file"),
            [(f"{each.day} 周{WEEKDAYS[each.day.weekday()]}", _said(each.was), _said(each.now)) for each in found],
            title=f"与现行第 {before.version} 版不同 · differs from version {before.version}",
        )


def _said(kind: str | None) -> str:
    return f"{MARKS[kind]} {WORDS[kind]}"


def _note_view(note: Note) -> dict[str, object]:
    return {
        "code": note.code,
        "line": note.line,
        "entry": note.entry,
        "doubtful": note.doubtful,
        "zh": note.zh,
        "en": note.en,
    }


def _change_view(change: Change) -> dict[str, object]:
    return {"day": change.day.isoformat(), "was": change.was, "now": change.now}
