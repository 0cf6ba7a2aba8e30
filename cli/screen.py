"""What a command shows: tables and sentences for people, or one JSON object a line for programs.

Results go to standard output, everything else (warnings, progress, refusals) to standard error. Whatever the terminal
can encode, nothing printed here can fail: what it cannot show becomes a question mark.
"""

import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from models.base import is_unclean
from models.vocabulary import Light

WIDE: Final = 160
"""Columns of a table that goes into a pipe or a file."""
SHORT: Final = 18
"""Columns of a cell that is never broken: a date with its time takes sixteen."""
READABLE: Final = 24
"""Columns that a sentence needs at least."""
MOMENT: Final = 1.0
"""Seconds after which somebody wonders whether anything is being done."""
COLOURS: Final = {Light.GREEN: "green", Light.BLUE: "blue", Light.YELLOW: "yellow", Light.RED: "bold red"}


class Screen:
    """Where one command writes."""

    def __init__(self, *, as_json: bool = False) -> None:
        """Take over standard output and error as they are now."""
        self.as_json = as_json
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    def data(self, value: Mapping[str, object]) -> None:
        """Write the answer for a program: one object on a line of its own."""
        text = json.dumps(value, ensure_ascii=not self.out.encoding.startswith("utf"), separators=(",", ":"))
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def say(self, text: str = "", style: str = "") -> None:
        """Write a line of the answer for a person."""
        self.out.print(Text(printable(text), style=style), soft_wrap=True)

    def aside(self, text: str, style: str = "") -> None:
        """Write a line beside the answer."""
        self.err.print(Text(printable(text), style=style), soft_wrap=True)

    def warn(self, zh: str, en: str) -> None:
        """Warn in both languages; the command goes on."""
        self.aside(f"⚠ {zh}", "yellow")
        self.aside(f"  {en}", "dim")

    def table(
        self, columns: Sequence[str], rows: Sequence[Sequence[str | Text]], *, title: str = "", aside: bool = False
    ) -> None:
        """Write a table; a column's name may hold both languages, a line each."""
        screen = self.err if aside else self.out
        cells = [[each if isinstance(each, Text) else Text(printable(each)) for each in row] for row in rows]
        fits = _fitting(columns, cells, screen.width - 1)
        if fits is None:
            _blocks(screen, columns, cells, title)
            return
        table = Table(
            box=box.SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False
        )
        for name, whole in zip(columns, fits, strict=True):
            table.add_column(name, overflow="fold", no_wrap=whole)
        for row in cells:
            table.add_row(*row)
        screen.print(Padding(table, (0, 0, 0, 1), expand=False))

    def pairs(self, pairs: Sequence[tuple[str, str | Text]]) -> None:
        """Write names and values below one another, those without a value left out."""
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="dim")
        table.add_column(overflow="fold")
        for name, value in pairs:
            if str(value):
                table.add_row(Text(name), value if isinstance(value, Text) else Text(printable(value)))
        self.out.print(Padding(table, (0, 0, 0, 1), expand=False))

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Say that it waits, where somebody is looking, if what is done inside takes longer than a moment."""
        words = (
            "… 正在等待：账本正被别的写入占用（如导入）。 Waiting for another writer of the ledger, such as an import."
        )
        timer = threading.Timer(MOMENT, lambda: self.aside(words, "dim"))
        if self.err.is_terminal:
            timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int, int], None]]:
        """Show a progress bar while something long is done, where somebody is looking."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        looked_at = self.err.is_terminal and not self.as_json
        with Progress(*columns, console=self.err, transient=True, disable=not looked_at) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _fitting(columns: Sequence[str], cells: Sequence[Sequence[Text]], width: int) -> list[bool] | None:
    """Return which columns stay in one piece, None where a table of that width could not be read.

    A short cell (a number, a date, a status) is never broken; long ones share what is left, if that is enough for a
    sentence.
    """
    widths = [
        max(
            [
                *(cell_len(line) for line in name.split("\n")),
                *(cell_len(line) for row in cells for line in row[at].plain.split("\n")),
            ]
        )
        for at, name in enumerate(columns)
    ]
    room = width - 2 * (len(columns) - 1)
    # What a row is called by is copied into the next command, so it stays in one piece however long it is.
    whole = [at == 0 or each <= SHORT for at, each in enumerate(widths)]
    left = room - sum(each for each, kept in zip(widths, whole, strict=True) if kept)
    long = len(columns) - sum(whole)
    if sum(widths) > room and (left < 0 or left < long * READABLE):
        return None
    return whole


def _blocks(screen: Console, columns: Sequence[str], cells: Sequence[Sequence[Text]], title: str) -> None:
    """Write a table for a narrow screen: a block for each row, a line for each cell that holds something."""
    if title:
        screen.print(Text(f" {title}", style="bold"))
    names = [" ".join(name.split()) for name in columns]
    for row in cells:
        block = Table(box=None, show_header=False, pad_edge=False)
        block.add_column(style="dim", no_wrap=True)
        block.add_column(overflow="fold")
        for name, cell in zip(names, row, strict=True):
            if cell.plain.strip():
                block.add_row(Text(name), cell)
        screen.print(Padding(block, (0, 0, 1, 1), expand=False))


def printable(text: str) -> str:
    """Return a text without what a terminal would act upon or hide."""
    return text if text.isprintable() else "".join("\ufffd" if is_unclean(mark) else mark for mark in text)


def never_fail() -> None:
    """Make standard output and error write a question mark for what their encoding does not know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _console(stream: TextIO) -> Console:
    # In a pipe there is no edge to fold at; a table that is read by grep keeps its rows on one line each.
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDE
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)
