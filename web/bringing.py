"""An existing ledger on its way in: one at a time, in a thread of its own, and what came of the last one."""

import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from adapters import SetupError
from adapters.desk import Desk
from adapters.importing import ImportReport, import_sheet
from adapters.spreadsheets.doubts import SheetError
from models.refusals import Refused

log = structlog.get_logger()
PROFILE = "ledger"


class Bringing:
    """One import, or its rehearsal; the rows go through the door like any, a batch at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._turn = threading.Lock()
        self.running = False
        self.by = ""
        self.campaign: str | None = None
        """The campaign whose batch it is; None for a ledger."""
        self.done, self.total = 0, 0
        self.report: ImportReport | None = None
        self.doubtful: bytes | None = None
        """The rows in doubt as a workbook, to be mended and brought again."""
        self.failed: tuple[str, str] | None = None

    def begin(
        self,
        desk: Desk,
        content: bytes,
        by: str,
        *,
        dry_run: bool,
        via: Mapping[str, str],
        profile: str = PROFILE,
        campaign: str | None = None,
    ) -> bool:
        """Begin, with the columns of a ledger or of a campaign's table; False where one is under way already."""
        with self._turn:
            if self.running:
                return False
            self.running, self.by, self.done, self.total = True, by, 0, 0
            self.report, self.doubtful, self.failed = None, None, None
            self.campaign = campaign
        given = (desk, content, by, via)
        told = {"dry_run": dry_run, "profile": profile}
        threading.Thread(target=self._run, args=given, kwargs=told, name="ledger", daemon=True).start()
        return True

    def _run(
        self,
        desk: Desk,
        content: bytes,
        by: str,
        via: Mapping[str, str],
        *,
        dry_run: bool,
        profile: str,
    ) -> None:
        try:
            with TemporaryDirectory(prefix="banjie-ledger-") as folder:
                path = Path(folder) / "ledger.xlsx"
                path.write_bytes(content)
                report = import_sheet(
                    desk,
                    path,
                    actor=by,
                    profile=profile,
                    campaign=self.campaign,
                    dry_run=dry_run,
                    compare=False,
                    progress=self._came,
                    via=via,
                )
                if report.doubtful_file:
                    self.doubtful = report.doubtful_file.read_bytes()
                self.report = report
        except (SheetError, SetupError, Refused) as fault:
            self.failed = fault.zh, fault.en
        except Exception:
            log.exception("import_failed")
            self.failed = (
                "导入没有完成，详情见日志；再导入一次会接着做。",
                "Not finished; the log tells why. Once more goes on.",
            )
        finally:
            self.running = False

    def _came(self, done: int, total: int) -> None:
        self.done, self.total = done, total
