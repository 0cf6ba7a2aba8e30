"""The demo from curtain to curtain: its server, its county, its worker, and what is shown meanwhile."""

import asyncio
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final, TextIO, cast

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from adapters import queries
from adapters.access.accounts import Accounts
from adapters.codec import codec_of
from adapters.database import Database
from adapters.desk import Desk, go_on_from, open_desk
from adapters.logs import configure_logs
from adapters.settings import LEDGER_FILE, Settings
from adapters.temporal import connect
from adapters.words import event_name
from adapters.world_book import ORGANISATION
from cli.demo.curtain import show_ways_in
from cli.demo.playing import Play
from cli.demo.scenarios import Scenario
from cli.engine import Ending, Twofold, embedded, keep_working, log_file
from cli.opening import settings_for, via
from cli.screen import Screen
from models.counting import SHANGHAI
from models.envelope import Envelope
from models.refusals import Refused
from models.vocabulary import PEOPLE, RungKind
from models.world import World

WARM_UP: Final = timedelta(seconds=2)
"""Real time that a worker has before the first petition comes."""
RECENT: Final = 6
SHOW: Final = 0.3


class NotEmpty(Refused):
    """目录 {data} 中已有账本，演示只在新目录中进行。
    There is a ledger in {data} already; the demo plays in a new folder.
    """  # noqa: D205 - the first line is the Chinese sentence, the second the English one


def run(screen: Screen, scenario: Scenario, data: Path | None, speed: float) -> None:
    """Play a scenario in a folder (a new one that is kept, if None) and show its figures.

    Raises:
        NotEmpty: the folder has a ledger.
        SetupError: the embedded Temporal or the folder cannot be used.
    """
    folder = data or Path(tempfile.mkdtemp(prefix="banjie-demo-"))
    settings = _settings(folder, speed)
    if (settings.data / LEDGER_FILE).exists():
        raise NotEmpty(data=settings.data)
    acted = Play()
    logs = Twofold(None, log_file(settings.data))
    with Ending() as ending:
        try:
            configure_logs(settings.log_format, settings.log_level, cast("TextIO", logs))
            screen.aside(f"演示 demo: {settings.data}", "dim")
            with embedded(settings):
                # The desk's clock begins to run when the desk is opened, so the server is up by then.
                desk = open_desk(settings, epoch=scenario.begin - WARM_UP * speed)
                try:
                    _county(desk)
                    asyncio.run(_played(desk, scenario, ending, acted, screen))
                    counted = None if ending.asked else scenario.counted(desk, acted, screen)
                    world = desk.world()
                    ways_in = {} if counted is None else _accounts(desk, world)
                    go_on_from(desk.database, scenario.end)
                finally:
                    desk.close()
        finally:
            configure_logs(settings.log_format, "warning")
            logs.close()
    if counted is None:
        raise KeyboardInterrupt
    if screen.as_json:
        screen.data({**counted.view(settings), "accounts": ways_in})
    else:
        counted.show(screen, settings)
        show_ways_in(screen, world, ways_in, settings)


def _settings(folder: Path, speed: float) -> Settings:
    """Return settings that touch nothing but the folder, whatever cluster or database the environment names."""
    found = settings_for(folder, speed=speed, ui=False)
    here = found.model_copy(update={"temporal_address": None, "temporal_profile": None})
    return here.model_copy(update={"database_url": f"sqlite:///{found.data / LEDGER_FILE}"})


def _county(desk: Desk) -> None:
    """Put the demo's county into office, as an administrator would."""
    file = resources.files("policies") / "organisations" / "demo.toml"
    organisation = tomllib.loads(file.read_text(encoding="utf-8"))
    envelope = Envelope(
        id="demo/county",
        case=ORGANISATION,
        actor="admin",
        command="define_organisation",
        data={"organisation": organisation},
        via=via(),
    )
    desk.door.perform([envelope])


def _accounts(desk: Desk, world: World) -> dict[str, str]:
    """Let somebody of each role into the console; return their one-time passwords, which are kept nowhere."""
    accounts = Accounts(desk.database, lambda: datetime.now(UTC))
    people = [each for each in world.organisation.people if not each.retired] if world.organisation else []
    first = (next((each.id for each in people if role in each.roles), None) for role in PEOPLE)
    return {name: accounts.make(name) for name in dict.fromkeys(filter(None, first)) if accounts.of(name) is None}


async def _played(desk: Desk, scenario: Scenario, ending: Ending, acted: Play, screen: Screen) -> None:
    """Run a worker and the play beside one another, until the play is over or Ctrl-C."""
    stop = ending.event()
    client = await connect(desk.settings, codec_of(desk.sealer.keys))
    drained = asyncio.Event()
    working = asyncio.create_task(keep_working(desk, client, drained))
    playing = asyncio.create_task(scenario.play(desk, acted))
    stopped = asyncio.create_task(stop.wait())
    with _watched(screen, desk, scenario):
        try:
            done, _ = await asyncio.wait({working, playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            drained.set()
            for each in (playing, stopped):
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each
            await working


@contextmanager
def _watched(screen: Screen, desk: Desk, scenario: Scenario) -> Iterator[None]:
    """Show how it goes, where somebody is looking."""
    if screen.as_json or not screen.err.is_terminal:
        yield
        return
    with Live(console=screen.err, auto_refresh=False, transient=True) as live:
        showing = asyncio.create_task(_show(live, desk, scenario))
        try:
            yield
        finally:
            showing.cancel()


async def _show(live: Live, desk: Desk, scenario: Scenario) -> None:
    while True:
        live.update(await asyncio.to_thread(_picture, desk.database, desk.moments.now(), scenario), refresh=True)
        await asyncio.sleep(SHOW)


def _picture(database: Database, now: datetime, scenario: Scenario) -> Group:
    figures, now = queries.figures(database, now), min(now, scenario.end)
    day = max(0.0, (now - scenario.begin).total_seconds() / 86_400)
    lines: list[RenderableType] = [
        Text(
            f"{now.astimezone(SHANGHAI):%Y-%m-%d}  第 {int(day)} 天 day  收件 received {figures.received}  "
            f"办结 closed {figures.closed}  在办 open {figures.open}  超期 overdue {figures.overdue}"
        ),
        ProgressBar(total=(scenario.end - scenario.begin).days, completed=day, width=60),
        Text(),
    ]
    for each in queries.recent(database, RECENT, without=("carried_out",)):
        style = "red" if each.event == RungKind.ESCALATE.value else "dim"
        when = each.at.astimezone(SHANGHAI)
        lines.append(Text(f"{when:%m-%d %H:%M}  {each.case:<18} {event_name(each.event)}", style=style))
    return Group(*lines)
