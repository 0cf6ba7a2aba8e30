"""A check of all chains that is on its way, and how the last one ended."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from adapters import SetupError
from adapters.access.log import AccessLog, Deed
from adapters.checking import verify
from adapters.database import Database
from adapters.marks import read_mark, write_mark

log = structlog.get_logger()
MARK: Final = "verified"


@dataclass(frozen=True)
class Checked:
    """How the last check of all chains ended: when (UTC), by whom, over how much, and what was found first."""

    at: datetime
    by: str
    events: int
    cases: int
    faults: int
    first: str

    def text(self) -> str:
        """Write it for keeping."""
        return json.dumps([self.at.isoformat(), self.by, self.events, self.cases, self.faults, self.first[:200]])


def last_check(database: Database) -> Checked | None:
    """Return how the last check ended, whichever console made it."""
    kept = read_mark(database, MARK)
    if kept is None:
        return None
    at, *rest = json.loads(kept)
    return Checked(datetime.fromisoformat(at), *rest)


class Check:
    """One check of all chains on its way, in a thread of its own; one at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._turn = threading.Lock()
        self.running = False
        self.done, self.total = 0, 0
        self.failed = ""

    def begin(self, database: Database, access: AccessLog, by: str, now: Callable[[], datetime]) -> bool:
        """Begin a check; False where one is under way already."""
        with self._turn:
            if self.running:
                return False
            self.running, self.done, self.total, self.failed = True, 0, 0, ""
        threading.Thread(target=self._run, args=(database, access, by, now), name="verify", daemon=True).start()
        return True

    def _run(self, database: Database, access: AccessLog, by: str, now: Callable[[], datetime]) -> None:
        try:
            report = verify(database, progress=self._came)
            first = report.faults[0] if report.faults else None
            told = f"{first.case} {first.seq} {first.zh}" if first else ""
            found = Checked(now(), by, report.events, report.cases, len(report.faults), told)
            write_mark(database, MARK, found.text())
            access.tell(by, Deed.VERIFY, granted=True, why=f"{report.events} / {len(report.faults)}")
        except SetupError as fault:
            self.failed = fault.zh
        except Exception:
            log.exception("verify_failed")
            self.failed = "核对没有完成，详情见日志。"
        finally:
            self.running = False

    def _came(self, done: int, total: int) -> None:
        self.done, self.total = done, total
