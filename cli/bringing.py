"""What every table that comes in at the command line has in common: who brings it, how far it is, what came of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from adapters.desk import Desk
from adapters.naming import person_id
from cli.opening import opened
from cli.reading import must_be_there
from cli.screen import Screen

Report = TypeVar("Report")
Progress = Callable[[int, int], None]

DryRun = Annotated[bool, typer.Option("--dry-run", help="只预演，不写入 · only say what would happen")]
TOTAL: Final = "行 rows"


def brought(
    screen: Screen,
    file: Path,
    bring: Callable[[Desk, str, Progress], Report],
    *,
    dry_run: bool,
    actor: str,
    data: Path | None,
) -> Report:
    """Bring a table in, showing how far it is, and return its report.

    Args:
        screen: where it is shown.
        file: the table.
        bring: takes the desk, who brings it, and what is told of the progress.
        dry_run: whether nothing is written.
        actor: who brings it, by id or name.
        data: the installation's folder.

    Raises:
        UsageProblem: there is no such file.
    """
    must_be_there(file)
    with opened(data, screen, acts=not dry_run) as desk, screen.progress("导入 importing") as bar:
        return bring(desk, person_id(desk.world(), actor), bar)


def say_what_came(screen: Screen, total: int, counts: Mapping[str, int], *, dry_run: bool) -> None:
    """Say how many rows a table had, and what became of them; ``counts`` by their words in both languages."""
    done = "预演，未写入 dry run, nothing written" if dry_run else "✓ 已导入 imported"
    told = "，".join(f"{words} {count}" for words, count in counts.items())
    screen.say(f"{done}：共 {total} {TOTAL}，{told}", "green")
