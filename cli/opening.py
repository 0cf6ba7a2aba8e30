"""Opening an installation for one command: which folder, who is at the keyboard, and is Temporal there."""

import getpass
import os
import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.desk import Desk, open_desk
from adapters.engine_record import read_engine
from adapters.logs import configure_logs, new_request
from adapters.settings import LEDGER_FILE, Settings
from cli.screen import Screen
from models.base import is_unclean

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="数据目录 · data folder [BANJIE_DATA]", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]
AsOption = Annotated[str, typer.Option("--as", metavar="USER", help="以何人名义 · in whose name")]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="K", help="幂等键：重复提交只办一次 · a repeated key is done once", show_default=False
    ),
]

PATIENCE: Final = 4.0
"""Seconds a person waits for a database that is away; a worker has its own patience."""
PROBE: Final = 0.5
"""Seconds Temporal has to take a connection."""
LOGS: Final = "logs"


class Place:
    """The data folder of the command that runs now; where a bug's details are written."""

    data: Path | None = None


def settings_for(data: Path | None, **overrides: object) -> Settings:
    """Return the settings, the folder a person named before those of the environment."""
    settings = Settings.load(data, **overrides)
    Place.data = settings.data
    return settings


@contextmanager
def opened(data: Path | None, screen: Screen, *, acts: bool = False) -> Iterator[Desk]:
    """Open the installation; a command that acts says afterwards where Temporal is away.

    Raises:
        SetupError: the database, the key or a setting cannot be used.
    """
    settings = settings_for(data)
    configure_logs(settings.log_format, "warning" if settings.log_level == "info" else settings.log_level)
    new_request()
    ledger = settings.data / LEDGER_FILE
    new = (
        settings.database_url.startswith("sqlite")
        and settings.database_url.endswith(LEDGER_FILE)
        and not ledger.exists()
    )
    desk = open_desk(settings, patience=PATIENCE, serves=False)
    try:
        if new:
            screen.aside(f"新建账本 a new ledger: {ledger}", "dim")
        yield desk
        if acts and (address := temporal_away(settings)) is not None:
            screen.warn(
                f"Temporal 未运行（{address}）：登记和办理照常，时限提醒和文书待 banjie up 后补发。",
                "Temporal does not answer: the desk goes on, alarms and letters follow once banjie up runs.",
            )
    finally:
        desk.close()


def temporal_away(settings: Settings) -> str | None:
    """Return the address where Temporal should be and is not, None where it is there; at most half a second."""
    if settings.embedded:
        engine = read_engine(settings.data)
        if engine is None:
            return str(settings.data)
        address = engine.address
    else:
        address = settings.temporal_address or _of_profile(settings)
    host, _, port = address.rpartition(":")
    with suppress(OSError, ValueError), socket.create_connection((host.strip("[]"), int(port)), PROBE):
        return None
    return address


def _of_profile(settings: Settings) -> str:
    # Only a profile needs Temporal's own reader of configuration files, and its client with it.
    from adapters.temporal import DEFAULT_ADDRESS, TemporalUnavailableError, connect_config

    try:
        return connect_config(settings).get("target_host") or DEFAULT_ADDRESS
    except TemporalUnavailableError:
        return f"profile {settings.temporal_profile}"


def via() -> dict[str, str]:
    """Return the way a command came: the door, and the operating-system user beside ``--as``."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = f"uid {os.getuid()}"
    return {"door": "cli", "os_user": "".join(mark for mark in user if not is_unclean(mark))[:64] or "?"}


def hint(data: Path | None) -> str:
    """Return what to put behind a command that is to speak to the same installation."""
    return f" --data {shlex.quote(str(data))}" if data is not None else ""
