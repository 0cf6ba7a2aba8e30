"""What one run is to do: how much, how often, where; and how it tells what it is doing."""

import contextlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from rich.progress import Progress

P = ParamSpec("P")
T = TypeVar("T")
N = TypeVar("N", int, float)


@dataclass(frozen=True)
class Plan:
    """One run of the bench."""

    folder: Path
    """Scratch space, on the disk whose durability is measured."""
    progress: Progress
    quick: bool
    rounds: int
    open_cases: int | None = None

    def size(self, full: N, quick: N) -> N:
        """Return how much: a short run does less."""
        return quick if self.quick else full

    @contextlib.contextmanager
    def bar(self, what: str, total: float) -> Iterator[Callable[[float], None]]:
        """Show a progress bar; yields what moves it on."""
        task = self.progress.add_task(what, total=total)
        try:
            yield lambda step: self.progress.advance(task, step)
        finally:
            self.progress.update(task, visible=False)

    def place(self, name: str) -> Path:
        """Return a new folder inside the scratch space."""
        number = sum(1 for each in self.folder.iterdir() if each.name.startswith(f"{name}-"))
        place = self.folder / f"{name}-{number}"
        place.mkdir()
        return place


def apart(function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """Call a function in a fresh process of its own, so that its memory is its own, and return what it returns."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments, **keywords).result()
