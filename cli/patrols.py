"""``banjie patrol`` and ``banjie weather``: patrols and what each owes; the weather they go by, told and from a table.

A patrol is recorded by ``banjie act T… record_patrol``.
"""

import uuid
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from adapters import queries
from adapters.desk import Desk
from adapters.naming import by_id, people_word, person_id
from adapters.patrols import patrols, station_id, stations
from adapters.views import patrol_view, station_view
from cli.bringing import DryRun, brought, say_what_came
from cli.filling import checked
from cli.opening import AsOption, DataOption, JsonOption, opened, via
from cli.screen import Screen
from models.case import Case
from models.command import Command
from models.envelope import Envelope
from models.instants import shown, shown_due
from models.patrol_commands import ObserveWeather, OpenPatrol, RegisterStation
from models.refusals import Unknown
from models.vocabulary import Kind

group = typer.Typer(help="企业巡查：列出、建立 · Patrols: list, open", no_args_is_help=True)
weather = typer.Typer(help="天气：站点、登记、导入 · Weather: stations, tell, import", no_args_is_help=True)

Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="名称 · name")]
Place = Annotated[str, typer.Option("--place", metavar="TEXT", help="所在地 · where it is")]
Unit = Annotated[str, typer.Option("--unit", metavar="U", help="负责单位 · unit")]
Handler = Annotated[str, typer.Option("--handler", metavar="P", help="现场责任人 · who goes there")]
Leader = Annotated[str, typer.Option("--leader", metavar="P", help="督导责任领导 · leader who answers for it")]
StationOption = Annotated[str, typer.Option("--station", metavar="W", help="气象站点编号 · weather station")]
SiteOption = Annotated[str, typer.Option("--site", metavar="S", help="场所编号 · site")]
Spot = Annotated[
    str, typer.Option("--spot", metavar="LAT,LON", help="坐标，自动取天气用 · coordinates, for the provider")
]
Words = Annotated[str, typer.Option("--words", metavar="TEXT", help="名称或地点中的字 · words of the name or place")]
StationArgument = Annotated[str, typer.Argument(metavar="STATION", help="站点编号，W 开头 · number of the station")]
SkyArgument = Annotated[str, typer.Argument(metavar="SKY", help="dry|heat|rain|heavy_rain 晴|高温|雨|大雨")]
Seen = Annotated[str, typer.Option("--seen-at", metavar="T", help="观测时刻，缺省为现在 · when it was seen")]
Mm = Annotated[float | None, typer.Option("--mm", min=0, max=500, help="小时雨量（毫米） · rain in the hour")]
Source = Annotated[str, typer.Option("--source", metavar="TEXT", help="来源 · who says so")]
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="列：站点、时间、天气 · station, time, weather")]


def _done(
    desk: Desk, command: type[Command], told: dict[str, JsonValue], actor: str, case: str | None = None
) -> str:  # fmt: skip
    world = desk.world()
    given = checked(command, {name: value for name, value in told.items() if value not in ("", None)})
    envelope = Envelope(
        id=str(uuid.uuid4()),
        case=case,
        actor=person_id(world, actor),
        command=command.name,
        data=by_id(world, given),
        via=via(),
    )
    return desk.door.perform([envelope])[0].case


def _weather(case: Case) -> str:
    seen = case.observed
    return f"{seen.sky.zh} {seen.sky.en}（{shown(seen.at)}）" if seen else "未知 unknown"


@group.command("list")
def list_patrols(*, words: Words = "", data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出巡查：应于何时、天气、漏巡 · List patrols: what is owed until when, the weather, what was missed."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        now, world = desk.moments.now(), desk.world()
        found = patrols(desk.database, queries.Filter(kind=Kind.PATROL, words=words or None))
    if as_json:
        screen.data({"patrols": [patrol_view(each) for each in found]})
        return
    if not found:
        screen.say("没有企业巡查。 There are no patrols.")
        return
    heads = ("编号 patrol", "企业 enterprise", "应于 owed", "天气 weather", "责任人 goes", "已巡 done", "漏巡 missed")
    screen.table(
        heads,
        [
            (
                each.id,
                each.title,
                each.status.zh
                if each.slot is None
                else f"{'▲ ' if each.slot.end <= now else ''}{shown_due(each.slot.end)}"
                if each.slot.begin <= now
                else f"下一时段 next {shown(each.slot.begin)}",
                each.sky.zh if each.sky else "未知",
                people_word(world.organisation, each.handler) if each.handler else "",
                str(each.slots_done),
                str(each.slots_missed),
            )
            for each in found
        ],
    )


@group.command("open")
def open_patrol(
    *,
    title: Title,
    place: Place,
    unit: Unit,
    handler: Handler,
    leader: Leader,
    station: StationOption = "",
    site: SiteOption = "",
    actor: AsOption = "dispatcher",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """建立企业巡查 · Have an enterprise patrolled."""
    screen = Screen(as_json=as_json)
    told: dict[str, JsonValue] = {"title": title, "place": place, "unit": unit, "handler": handler, "leader": leader}
    with opened(data, screen, acts=True) as desk:
        where = station_id(desk.database, station) if station else ""
        number = _done(desk, OpenPatrol, {**told, "station": where, "site": site}, actor)
    if as_json:
        screen.data({"patrol": number})
    else:
        screen.say(f"✓ 已建立 opened: {number}", "green")


@weather.command("list")
def list_stations(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出气象站点和天气 · List weather stations with the weather there."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found = stations(desk.database)
    if as_json:
        screen.data({"stations": [station_view(each) for each in found]})
        return
    if not found:
        screen.say("没有气象站点。 There are no weather stations.")
        return
    heads = ("编号 station", "名称 name", "天气 weather", "来源 source", "巡查 patrols")
    screen.table(
        heads,
        [
            (
                each.id,
                each.title,
                _weather(each),
                each.observed.source if each.observed else "",
                str(len(each.listeners)),
            )
            for each in found
        ],
    )


@weather.command("station")
def register_station(
    *,
    title: Title,
    place: Annotated[str, typer.Option("--place", metavar="TEXT", help="所在地 · where it is")] = "",
    spot: Spot = "",
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记气象站点 · Register a weather station."""
    screen = Screen(as_json=as_json)
    with opened(data, screen, acts=True) as desk:
        number = _done(desk, RegisterStation, {"title": title, "place": place, "spot": spot}, actor)
    if as_json:
        screen.data({"station": number})
    else:
        screen.say(f"✓ 已登记 registered: {number}", "green")


@weather.command("tell")
def tell_weather(
    station: StationArgument,
    sky: SkyArgument,
    *,
    seen_at: Seen = "",
    mm: Mm = None,
    source: Source = "",
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """登记天气 · Record the weather at a station."""
    from adapters.weather.sheet import moment_of, sky_of

    screen = Screen(as_json=as_json)
    found, at = sky_of(sky), moment_of(seen_at) if seen_at else None
    # Nobody at a desk types a time zone: the desk's own is meant, as in a table.
    told: dict[str, JsonValue] = {
        "sky": found.value if found else sky,
        "seen_at": at.isoformat() if at else seen_at,
        "mm": mm,
        "by_whom": source,
    }
    with opened(data, screen, acts=True) as desk:
        station = station_id(desk.database, station)
        if queries.case(desk.database, station).kind is not Kind.STATION:
            raise Unknown(case=station)
        _done(desk, ObserveWeather, told, actor, station)
        after = queries.case(desk.database, station)
    if as_json:
        screen.data(station_view(after))
    else:
        screen.say(f"✓ 已登记 recorded：{after.title} {_weather(after)}", "green")


@weather.command("import")
def import_table(
    file: Workbook,
    *,
    dry_run: DryRun = False,
    actor: AsOption = "clerk",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """从表格登记天气 · Record the weather from a workbook."""
    from adapters.weather.sheet import import_weather

    screen = Screen(as_json=as_json)
    report = brought(
        screen,
        file,
        lambda desk, who, bar: import_weather(desk, file, actor=who, dry_run=dry_run, progress=bar, via=via()),
        dry_run=dry_run,
        actor=actor,
        data=data,
    )
    if as_json:
        screen.data({name: getattr(report, name) for name in ("total", "recorded", "known", "dry_run")})
        return
    counts = {"登记 recorded": report.recorded, "已有 known": report.known}
    say_what_came(screen, report.total, counts, dry_run=dry_run)
