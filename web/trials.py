"""A trial of a proposed policy that is on its way, and what came of the last one."""

import threading
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import structlog

from adapters import SetupError
from adapters.desk import Desk
from adapters.trial_sheet import trial_sheet
from adapters.trying import Plan, chosen, try_policy
from models.policy import Policy
from models.trial import Summary, Trial

log = structlog.get_logger()
SHOWN: Final = 30
"""Cases that are shown; the workbook tells all."""


class TrialRun:
    """One trial in a thread of its own, one at a time; nothing of it is written to the ledger."""

    def __init__(self) -> None:
        """Begin with none."""
        self._turn = threading.Lock()
        self.running = False
        self.policy: Policy | None = None
        self.by = ""
        self.at: datetime | None = None
        self.done, self.total = 0, 0
        self.summary = Summary()
        self.first: list[Trial] = []
        self.sheet: bytes | None = None
        self.failed: tuple[str, str] | None = None

    def begin(self, desk: Desk, policy: Policy, by: str) -> bool:
        """Begin; False where one is under way already."""
        with self._turn:
            if self.running:
                return False
            self.running, self.policy, self.by, self.at = True, policy, by, desk.moments.now()
            self.done, self.total, self.summary, self.first = 0, 0, Summary(), []
            self.sheet, self.failed = None, None
        threading.Thread(target=self._run, args=(desk, policy, self.at), name="trial", daemon=True).start()
        return True

    def _run(self, desk: Desk, policy: Policy, now: datetime) -> None:
        try:
            known = (policy, *desk.world().policies.values())
            with TemporaryDirectory(prefix="banjie-trial-") as folder:
                path = Path(folder) / "trial.xlsx"
                self._tried(desk, policy, now, path, known)
                self.sheet = path.read_bytes()
        except SetupError as fault:
            self.failed = fault.zh, fault.en
        except Exception:
            log.exception("trial_failed")
            self.failed = "试行没有完成，详情见日志。", "The trial did not finish; the log tells why."
        finally:
            self.running = False

    def _tried(self, desk: Desk, policy: Policy, now: datetime, path: Path, known: tuple[Policy, ...]) -> None:
        wanted = chosen(desk.database)
        self.total = len(wanted)
        plan = Plan(desk.settings.database_url, policy, now)
        with trial_sheet(path, known) as sheet:
            for trial in try_policy(desk.database, wanted, plan, progress=self._came):
                self.summary.add(trial)
                sheet.add(trial)
                if not trial.same and not trial.unread and len(self.first) < SHOWN:
                    self.first.append(trial)
            sheet.finish(policy, now, self.summary)

    def _came(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def few(things: list[str], most: int = 4) -> list[str]:
    """Return the first few of a list, and how many more there are."""
    left = len(things) - most
    return [*islice(things, most), f"… +{left}"] if left > 0 else things
