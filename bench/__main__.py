"""``python -m bench``: start servers of its own, measure ours and the floors in turn, print a table, write JSON."""

import argparse
import importlib
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import machine, report
from bench.plan import Plan
from bench.report import Figure

SECTIONS: Final = {
    "command": "a command through the door, against a hand-written transaction",
    "case": "a whole case, against no-op workflows",
    "load": "relay lag and rate, two workers against one, PostgreSQL against SQLite",
    "alarms": "10,000 open cases and 2,000 alarms due at once",
    "import": "20,000 rows of a table",
    "verify": "1,000,000 events verified and rebuilt",
    "bundle": "100,000 events bundled, and the bundle verified",
    "pages": "list, search, case and dashboard over 1,000 to 1,000,000 cases",
    "live": "500 who listen to what happens",
    "open": "open cases revived, held, reconciled and backed up; 100,000 of them with --open 100000",
    "alike": "petitions that may be about the same, among 10,000 and 1,000,000",
}
MODULES: Final = {
    "command": "command",
    "case": "whole_case",
    "load": "load",
    "alarms": "alarms",
    "import": "importing",
    "verify": "verifying",
    "bundle": "bundling",
    "pages": "pages",
    "live": "live",
    "open": "open_cases",
    "alike": "alike",
}
ROUNDS: Final = 7
QUICK_ROUNDS: Final = 3


def main() -> int:
    """Run what was asked for; 0 where every target was reached, 1 where one was missed."""
    wanted = _arguments()
    _settings_of_nobody()
    console = Console()
    started = time.monotonic()
    about: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.described(),
        "quick": wanted.quick,
        "rounds": wanted.rounds or (QUICK_ROUNDS if wanted.quick else ROUNDS),
    }
    figures: list[Figure] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with tempfile.TemporaryDirectory(prefix="banjie-bench-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL refuses to run as root; its unprivileged user must be able to reach its files.
        Path(folder).chmod(0o711)
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            plan = Plan(Path(folder), progress, wanted.quick, int(str(about["rounds"])), wanted.open)
            for name in wanted.names or SECTIONS:
                figures += importlib.import_module(f"bench.{MODULES[name]}").run(plan)
    about["seconds"] = round(time.monotonic() - started, 1)
    report.show(console, figures)
    path = wanted.json or Path(tempfile.gettempdir()) / f"banjie-bench-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    report.write(path, figures, about)
    missed = [figure for figure in figures if figure.missed]
    console.print(f"{len(figures)} figures in {about['seconds']} s, {len(missed)} target(s) missed; {path}")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog="sections: " + "; ".join(f"{name}: {what}" for name, what in SECTIONS.items()),
    )
    parser.add_argument("names", nargs="*", metavar="section", help="which; all if none is named")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer, under two minutes")
    parser.add_argument("--json", type=Path, help="where to write the figures; the temporary folder by default")
    parser.add_argument("--open", type=int, help="open cases of the section open; 2,000, or 300 with --quick")
    parser.add_argument("--rounds", type=int, help=f"rounds of A and B; {ROUNDS}, or {QUICK_ROUNDS} with --quick")
    wanted = parser.parse_args()
    if unknown := sorted(set(wanted.names) - set(SECTIONS)):
        parser.error(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if wanted.rounds is not None and wanted.rounds < 1:
        parser.error("--rounds must be at least 1")
    return wanted


def _settings_of_nobody() -> None:
    """Measure no installation of whoever runs this: only servers of our own."""
    for name in list(os.environ):
        if name.startswith(("BANJIE_", "TEMPORAL_")) or name == "DATABASE_URL":
            del os.environ[name]


if __name__ == "__main__":
    sys.exit(main())
