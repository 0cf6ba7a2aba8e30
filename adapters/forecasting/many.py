"""All runs of a forecast, on both cores where that pays; whoever simulates which run, the answer is the same."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from typing import Final

from adapters.forecasting.running import Seen, run
from adapters.forecasting.setup import Setup, check

WORTH_A_PROCESS: Final = 3_000
"""Cases from which on starting further processes (about a second) pays."""
MOST_PROCESSES: Final = 8
LOOK: Final = 0.5
"""Seconds after which a process looks whether it is still wanted."""

Progress = Callable[[int, int], None]


def simulate(setup: Setup, progress: Progress | None = None, processes: int | None = None) -> list[Seen]:
    """Simulate every run, in their order.

    Args:
        setup: what is assumed.
        progress: told how many of how many runs are done.
        processes: how many at once; by the machine and the work if None.

    Raises:
        Malformed: it cannot be simulated, or would take too long.
    """
    check(setup)
    if processes is None:
        processes = min(os.cpu_count() or 1, MOST_PROCESSES) if setup.expected >= WORTH_A_PROCESS else 1
    processes = min(processes, setup.runs)
    seen = []
    for done, each in enumerate(_apart(setup, processes) if processes > 1 else _here(setup), 1):
        seen.append(each)
        if progress:
            progress(done, setup.runs)
    return seen


def _here(setup: Setup) -> Iterator[Seen]:
    return (run(setup, number) for number in range(setup.runs))


def _apart(setup: Setup, processes: int) -> Iterator[Seen]:
    # Spawned, not forked: the ledger's connections and threads stay where they are.
    context = get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(setup, stop))
    try:
        yield from _handed_out(pool, setup.runs)
    except BaseException:
        stop.set()  # nobody waits for a run that is half done
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _handed_out(pool: ProcessPoolExecutor, runs: int) -> Iterator[Seen]:
    """Hand every run out, which starts the processes.

    Ctrl-C waits meanwhile: it would leave a process half started and the pool waiting for it.
    """
    if threading.current_thread() is not threading.main_thread():
        return pool.map(_one, range(runs))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.map(_one, range(runs))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Given:
    """What a process of its own simulates; handed over once, not with every run."""

    setup: Setup | None = None


def _begin(setup: Setup, stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked; they tell us
    threading.Thread(target=_leave, args=(stop,), daemon=True).start()
    _Given.setup = setup


def _leave(stop: Event) -> None:
    """End this process when it is told to, or when whoever started it is gone."""
    parent = parent_process()
    while not stop.wait(LOOK) and parent is not None and parent.is_alive():
        pass
    os._exit(1)


def _one(number: int) -> Seen:
    if _Given.setup is None:
        raise RuntimeError("nothing was handed over")
    return run(_Given.setup, number)
