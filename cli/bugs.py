"""Where the details of a mistake go that is nobody's but ours: a file for the administrator, sealed as every log is."""

import io
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

from adapters.logs import configure_logs
from cli.opening import LOGS, Place


def logged(fault: Exception) -> Path:
    """Write a fault's traceback into the data folder's logs (else the temporary folder); return the file."""
    name = f"bug-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    for folder in (Place.data / LOGS if Place.data else None, Path(tempfile.gettempdir())):
        if folder is None:
            continue
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with io.TextIOWrapper(os.fdopen(handle, "ab"), "utf-8", errors="replace") as file:
                configure_logs("console", "info", file)
                structlog.get_logger("banjie.cli").error("command_failed", exc_info=fault)
                configure_logs("console", "warning")
            return folder / name
    return Path(os.devnull)
