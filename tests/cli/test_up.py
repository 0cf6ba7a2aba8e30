"""``banjie up``: the whole engine in one process tree, on the real server; Ctrl-C stops all of it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from temporalio.client import Client

from adapters import queries
from adapters.embedded import EmbeddedTemporal
from adapters.engine_record import read_engine
from tests.cli.conftest import Terminal


@contextmanager
def engine(
    terminal: Terminal, *options: str, env: dict[str, str] | None = None
) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """A running engine and what it says of itself; gone afterwards whatever happened."""
    # What it says goes into a file: a pipe that nobody reads is full after a while, and then it would stand still.
    spoken = terminal.folder.parent / "spoken.txt"
    with (
        spoken.open("w", encoding="utf-8") as errors,
        terminal.program("up", "--json", "--no-ui", *options, env=env, errors=errors) as process,
        spoken.open(encoding="utf-8", errors="replace") as process.stderr,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, json.loads(line)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def until(what: Callable[[], object], tells: str, within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not what():
        assert time.monotonic() < deadline, f"never: {tells}"
        time.sleep(0.05)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def letters(terminal: Terminal) -> set[str]:
    return {each.name for each in (terminal.folder / "tray").glob("*.txt")}


def ended(process: "subprocess.Popen[str]") -> str:
    process.wait(timeout=30)
    assert process.stderr is not None
    return process.stderr.read()


def test_up_runs_everything_survives_a_killed_server_and_ctrl_c_stops_it_all(terminal: Terminal) -> None:
    with engine(terminal) as (process, said):
        assert set(said) == {
            "data",
            "ledger",
            "temporal",
            "embedded",
            "ui",
            "web",
            "setup_code",
            "tray",
            "log",
            "metrics",
            "open",
            "speed",
        }
        assert (said["embedded"], said["ui"], said["open"], said["speed"]) == (True, None, 0, 1.0)
        running = read_engine(terminal.folder)
        assert running is not None
        assert running.pid == process.pid

        second = terminal.ran("up")
        assert second.code == 1
        assert f"进程号 {process.pid}" in second.err

        told = terminal.ok("intake", "--channel", "letter", "--place", "白马乡", "--summary", "恶臭")
        assert told.err == ""  # no warning: Temporal is there
        (case,) = [each.id for each in queries.listed(terminal.desk().database, queries.Filter())]
        terminal.ok("act", case, "accept", "--as", "clerk")
        until(lambda: letters(terminal), "the letter that follows an acceptance")

        os.kill(running.server_pid, signal.SIGKILL)
        terminal.ok("act", case, "urge", "--as", "dispatcher", "--set", "text=请尽快")
        until(lambda: len(letters(terminal)) == 2, "a letter after the server was killed")
        again = read_engine(terminal.folder)
        assert again is not None
        assert again.server_pid != running.server_pid

        os.killpg(process.pid, signal.SIGINT)
        err = ended(process)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        until(lambda: not is_there(again.server_pid), "the server gone")
        assert read_engine(terminal.folder) is None
    assert "worker_drained" in (terminal.folder / "logs" / "banjie.log").read_text("utf-8")
    assert terminal.ok("list").code == 0


def test_a_second_up_goes_on_where_the_first_one_was(terminal: Terminal) -> None:
    with engine(terminal) as (process, _):
        case = terminal.petition()
        process.send_signal(signal.SIGTERM)
        ended(process)
        assert process.returncode == 0
    # While the engine is down the desk goes on.
    assert "Temporal 未运行" in terminal.ok("act", case, "accept", "--as", "clerk").err
    assert not letters(terminal)
    with engine(terminal) as (process, said):
        assert said["open"] == 1
        until(lambda: letters(terminal), "the letter of the day before")
        # Twice: it does not wait for anything any more, and still leaves no server behind.
        running = read_engine(terminal.folder)
        assert running is not None
        process.send_signal(signal.SIGINT)
        until(lambda: _asked_again(process), "the end by force")
        assert process.returncode in {0, 130}
        until(lambda: not is_there(running.server_pid), "the server gone")


def _asked_again(process: "subprocess.Popen[str]") -> bool:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        return False
    return True


def test_up_says_what_to_type_next(terminal: Terminal) -> None:
    with terminal.program("up", env={"PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        told = ""
        for line in process.stdout:
            told += line
            if "banjie list" in line:
                break
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    for part in ("banjie.db", "http://127.0.0.1:", "tray", "banjie.log", "banjie intake --channel phone", "--data"):
        assert part in told
    assert "已停止" in rest


async def test_up_uses_the_cluster_that_the_settings_name(
    terminal: Terminal, dev_server: EmbeddedTemporal, temporal: Client
) -> None:
    del temporal
    env = {"TEMPORAL_ADDRESS": dev_server.address, "BANJIE_TASK_QUEUE": f"cli-{os.getpid()}"}
    with engine(terminal, env=env) as (process, said):
        assert (said["embedded"], said["temporal"]) == (False, dev_server.address)
        assert read_engine(terminal.folder) is None
        process.send_signal(signal.SIGINT)
        err = ended(process)
        assert process.returncode == 0, err


@pytest.mark.parametrize(
    "env",
    [{"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/banjie"}, {"TEMPORAL_ADDRESS": "127.0.0.1:1"}],
)
def test_up_without_what_it_needs_says_so(terminal: Terminal, env: dict[str, str]) -> None:
    answer = terminal.ran("up", env=env)
    assert answer.code == 3
    assert "Traceback" not in answer.err
    assert any("一" <= mark <= "龥" for mark in answer.err)
