"""The scenarios of the demo: how long each plays, who does what, and what is counted from the ledger at its end."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from adapters.annual import counted as counted_cases
from adapters.annual import words_of
from adapters.checking import VerifyReport, verify
from adapters.desk import Desk
from adapters.report_docx import as_docx, figures_xlsx
from adapters.settings import Settings
from adapters.views import instant
from cli.demo import curtain, figures, playing, year, year_data
from cli.demo.playing import Play
from cli.opening import hint
from cli.reporting import figures_view, tell
from cli.screen import Screen
from models.annual import Annual, annual
from models.world import World


class Counted(Protocol):
    """What the ledger says at the end of a scenario."""

    def view(self, settings: Settings) -> dict[str, object]:
        """Return it for programs."""

    def show(self, screen: Screen, settings: Settings) -> None:
        """Show it to a person."""


@dataclass(frozen=True)
class Scenario:
    """A play: from when to when at the desk, at which pace, who does what, and what is counted afterwards."""

    begin: datetime
    end: datetime
    speed: float
    play: Callable[[Desk, Play], Coroutine[Any, Any, None]]
    counted: Callable[[Desk, Play, Screen], Counted]


@dataclass(frozen=True)
class Thirty:
    """What comes of the thirty petitions."""

    count: figures.Count
    acted: Play
    world: World

    def view(self, settings: Settings) -> dict[str, object]:
        """Return it for programs."""
        return curtain.view(self.count, self.acted, settings, self.world)

    def show(self, screen: Screen, settings: Settings) -> None:
        """Show it to a person."""
        curtain.show(screen, self.count, self.acted, settings, self.world)


@dataclass(frozen=True)
class Year:
    """What comes of the year: its report, written beside the ledger, and whether the ledger holds."""

    report: Annual
    acted: Play
    checked: VerifyReport

    def view(self, settings: Settings) -> dict[str, object]:
        """Return it for programs."""
        return {
            "at": instant(year_data.END),
            "figures": figures_view(self.report),
            "refused": [{"case": each.case, "command": each.command, "code": each.code} for each in self.acted.denied],
            "chain_holds": self.checked.ok,
            "data": str(settings.data),
            "report": str(settings.data / REPORT),
        }

    def show(self, screen: Screen, settings: Settings) -> None:
        """Show it to a person."""
        tell(screen, self.report)
        where = settings.data / REPORT
        screen.say(f"✓ 报告已写出 the report: {where}", "green")
        screen.say(f"接着看 go on with: banjie report annual 2023{hint(settings.data)}", "dim")


REPORT: Final = "report-2023.docx"


def _thirty(desk: Desk, acted: Play, _: Screen) -> Thirty:
    return Thirty(figures.count(desk, playing.END), acted, desk.world())


def _year(desk: Desk, acted: Play, screen: Screen) -> Year:
    world = desk.world()
    with screen.progress("统计 counting") as progress:
        report = annual(counted_cases(desk.database, progress), 2023, year_data.END, words_of(world, desk.database))
    house = world.organisation.name if world.organisation else ""
    (desk.settings.data / REPORT).write_bytes(as_docx(report, house, year_data.END))
    (desk.settings.data / "figures-2023.xlsx").write_bytes(figures_xlsx(report))
    return Year(report, acted, verify(desk.database))


SCENARIOS: Final = {
    "thirty": Scenario(playing.BEGIN, playing.END, 100_000.0, playing.play, _thirty),
    "hengnan-2023": Scenario(year_data.BEGIN, year_data.END, 100_000.0, year.year, _year),
}
"""By name: sixty days take less than a minute, and the bureau's three busy months a minute and a half."""
