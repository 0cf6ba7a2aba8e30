"""What ``banjie up`` runs: the whole engine on one machine, until Ctrl-C."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TextIO, cast

from sqlalchemy.engine import make_url

from adapters import queries
from adapters.desk import Desk, open_desk
from adapters.embedded import EmbeddedTemporal
from adapters.logs import configure_logs
from adapters.moments import FastMoments
from adapters.observing.port import observed
from adapters.observing.tracing import traced
from adapters.post.book import PostBookError, open_book
from adapters.temporal import connect_config
from cli.engine import Ending, Twofold, embedded, log_file, run_until_ended
from cli.opening import hint, settings_for
from cli.screen import Screen
from cli.serving import console, console_pairs
from models.instants import shown
from worker import PATIENCE

NEXT: Final = 'banjie intake --channel phone --place 白马乡 --summary "养猪场夜间恶臭"'


def run(screen: Screen, data: Path | None, wanted: Mapping[str, object], *, web: bool, insecure: bool) -> None:
    """Bring the engine up, say where everything is, and work until Ctrl-C or SIGTERM.

    Args:
        screen: where it is said.
        data: the data folder a person named.
        wanted: settings that were named on the command line.
        web: whether the console comes up as well.
        insecure: whether it may listen beyond this machine without TLS.

    Raises:
        EngineRuns: another engine runs on this folder.
        OpenToAll: others could listen in to the console.
        PortTaken: the console cannot listen there.
        SetupError: the database, Temporal or a setting cannot be used.
    """
    settings = settings_for(data, **wanted)
    with Ending(lambda: _stopping(screen)) as ending:
        configure_logs(settings.log_format, "warning")
        desk = open_desk(settings, patience=PATIENCE)
        logs = Twofold(sys.stderr, log_file(settings.data))
        try:
            configure_logs(settings.log_format, settings.log_level, cast("TextIO", logs))
            if not screen.as_json:
                screen.say("正在启动 starting …", "dim")
            with ExitStack() as stack:
                stack.enter_context(traced("banjie"))
                figures = stack.enter_context(observed(desk))
                server = stack.enter_context(embedded(settings))
                seen = stack.enter_context(console(desk, settings, insecure=insecure)) if web else ("", "")

                async def ready() -> None:
                    _told(screen, desk, server, data, seen, figures)

                run_until_ended(desk, ending, ready)
        finally:
            configure_logs(settings.log_format, "warning")
            logs.close()
            desk.close()
    if not screen.as_json:
        screen.say("✓ 已停止，未结案件下次启动时继续。 Stopped; open cases go on at the next start.", "green")


def _stopping(screen: Screen) -> None:
    if not screen.as_json:
        screen.say("\n正在停止，再按一次 Ctrl-C 强制结束 … stopping, Ctrl-C again ends it at once", "yellow")


def _told(
    screen: Screen,
    desk: Desk,
    server: EmbeddedTemporal | None,
    data: Path | None,
    seen: tuple[str, str],
    observed_at: str | None,
) -> None:
    """Say where everything is and what to type next."""
    settings = desk.settings
    address = server.address if server else connect_config(settings).get("target_host", "")
    ui = server.ui_url if server else None
    ledger = make_url(settings.database_url).render_as_string(hide_password=True)
    figures = queries.figures(desk.database, desk.moments.now())
    speed = desk.moments.speed if isinstance(desk.moments, FastMoments) else 1.0
    if screen.as_json:
        screen.data(
            {
                "data": str(settings.data),
                "ledger": ledger,
                "temporal": address,
                "embedded": server is not None,
                "ui": ui,
                "web": seen[0] or None,
                "setup_code": seen[1] or None,
                "tray": str(desk.tray),
                "log": str(log_file(settings.data)),
                "metrics": observed_at and f"{observed_at}/metrics",
                "open": figures.open,
                "speed": speed,
            }
        )
        return
    screen.say("✓ 办结已启动 Banjie is up", "bold green")
    screen.pairs(
        [
            ("数据目录 data", str(settings.data)),
            ("账本 ledger", ledger),
            *console_pairs(*seen),
            ("Temporal", address),
            ("Temporal 网页 UI", ui or ""),
            ("文书 letters", str(desk.tray)),
            ("日志 log", str(log_file(settings.data))),
            ("指标 metrics", f"{observed_at}/metrics" if observed_at else ""),
            ("在办 open cases", str(figures.open)),
            ("时钟 clock", f"{shown(desk.moments.now())}  ×{speed:g}" if speed != 1 else ""),
        ]
    )
    try:
        open_book(settings.data)
    except PostBookError as problem:
        screen.warn(problem.zh, f"{problem.en} Until it is mended no letter leaves the desk.")
    if settings.speed not in {1, speed}:
        screen.warn(
            f"账本的时钟已按 ×{speed:g} 走，--speed 只对新账本有效。",
            f"This ledger's clock already runs at ×{speed:g}; --speed is for a new one.",
        )
    screen.say("另开一个终端 in another terminal:")
    screen.say(f"  {NEXT}{hint(data)}")
    screen.say(f"  banjie list{hint(data)}        banjie --help", "dim")
