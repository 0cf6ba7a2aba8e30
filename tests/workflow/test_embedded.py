"""The embedded Temporal: it comes up, stays, goes with its owner, and carries on where it was."""

import asyncio
import json
import os
import platform
import signal
import stat
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from adapters import embedded
from adapters.embedded import EmbeddedError, EmbeddedTemporal, read_engine
from adapters.engine_record import SERVER_LOCK, EngineInfo, Lock, born
from adapters.settings import Settings
from adapters.temporal import connect, worker_options
from tests.workflow.trivial import Trivial, greet

ROOT = Path(__file__).parents[2]


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def free(data: Path) -> bool:
    """Whether no server, not even an orphan, holds this data folder."""
    lock = Lock.attempt(data / SERVER_LOCK)
    if lock is not None:
        lock.release()
    return lock is not None


def parent_and_command(pid: int) -> tuple[int, list[str]]:
    proc = Path(f"/proc/{pid}")
    if proc.exists():
        parent = proc.joinpath("stat").read_text().rpartition(")")[2].split()[1]
        return int(parent), proc.joinpath("cmdline").read_text().split("\0")
    listed = ["/bin/ps", "-ww", "-o", "ppid=,command=", "-p", str(pid)]
    parent, *command = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    return int(parent), command


@contextmanager
def another_process_runs_an_engine(data: Path) -> Iterator[tuple[subprocess.Popen[str], EngineInfo]]:
    script = f"""
        import sys
        from pathlib import Path
        from adapters.embedded import EmbeddedTemporal

        with EmbeddedTemporal(Path({str(data)!r}), ui=False):
            print("up", flush=True)
            sys.stdin.read()
    """
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with owner:
        try:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "up\n"
            engine = read_engine(data)
            assert engine is not None
            yield owner, engine
        finally:
            owner.kill()


async def begin(client: Client, task_queue: str, wait: timedelta = timedelta(0)) -> str:
    handle = await client.start_workflow(Trivial.run, wait, id=str(uuid.uuid4()), task_queue=task_queue)
    return handle.id


async def finish(client: Client, task_queue: str, workflow_id: str, name: str) -> tuple[str, ...]:
    handle = client.get_workflow_handle_for(Trivial.run, workflow_id)
    worker = Worker(client, task_queue=task_queue, workflows=[Trivial], activities=[greet], **worker_options())
    async with worker:
        await handle.signal(Trivial.called, name)
        return (await handle.result()).words


async def test_a_workflow_lives_through_clean_stops_and_finds_its_server_at_the_same_address(
    tmp_path: Path, task_queue: str
) -> None:
    settings = Settings.load(data=tmp_path)
    with EmbeddedTemporal(tmp_path) as first:
        begun = await begin(await connect(settings, None), task_queue)
        where = (first.address, first.ui_url)
    assert read_engine(tmp_path) is None

    with EmbeddedTemporal(tmp_path) as second:
        assert (second.address, second.ui_url) == where
        assert await finish(await connect(settings, None), task_queue, begun, "王") == ("你好", "王")


async def test_a_workflow_lives_through_kill_9_of_the_server_which_is_started_again(
    tmp_path: Path, task_queue: str
) -> None:
    with EmbeddedTemporal(tmp_path, ui=False) as engine:
        client = await connect(Settings.load(data=tmp_path), None)
        begun = await begin(client, task_queue)
        killed = engine.server_pid
        os.kill(killed, signal.SIGKILL)
        until(lambda: engine.server_pid != killed and engine.alive())
        # The same client: the address is the old one, the SDK connects again by itself.
        assert await finish(client, task_queue, begun, "李") == ("你好", "李")
        until(lambda: (found := read_engine(tmp_path)) is not None and found.server_pid == engine.server_pid)


@pytest.mark.parametrize("victim", ["owner", "guardian", "owner and guardian"])
def test_kill_9_of_its_owner_ends_the_server_and_frees_the_folder(tmp_path: Path, victim: str) -> None:
    if victim == "owner and guardian" and platform.system() != "Linux":
        pytest.skip("only Linux ends a server whose guardian is killed too; elsewhere the NEXT START ends it")
    with another_process_runs_an_engine(tmp_path) as (owner, engine):
        if "guardian" in victim:
            os.kill(parent_and_command(engine.server_pid)[0], signal.SIGKILL)
        if "owner" in victim:
            owner.kill()
            # The owner's own lock goes with its last process: the kernel ends a killed process when it can, and a
            # child that was just being forked to start the server again holds it until it runs its own program.
            until(lambda: free(tmp_path) and read_engine(tmp_path) is None)
        until(lambda: born(engine.server_pid) != engine.server_born)
    with EmbeddedTemporal(tmp_path, ui=False) as successor:
        assert successor.address == engine.address


def test_a_start_right_after_kill_9_waits_for_the_dying_server_and_takes_over(tmp_path: Path) -> None:
    with another_process_runs_an_engine(tmp_path) as (owner, _):
        owner.kill()
        owner.wait()
        with EmbeddedTemporal(tmp_path, ui=False) as successor:
            assert read_engine(tmp_path) is not None
            assert successor.alive()


def test_an_orphan_without_guardian_is_ended_by_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What happens without Linux' death signal: the server outlives both its guardian and its owner.
    lock = Lock.attempt(tmp_path / SERVER_LOCK)
    assert lock is not None
    orphan = subprocess.Popen(["sleep", "600"], pass_fds=(lock.fd,))
    lock.release()
    with orphan:
        EngineInfo("127.0.0.1:1", None, 1, orphan.pid, born(orphan.pid)).write(tmp_path)
        monkeypatch.setattr(embedded, "_PREDECESSOR", 0.05)
        with EmbeddedTemporal(tmp_path, ui=False) as engine:
            assert orphan.wait() == -signal.SIGTERM
            assert engine.alive()


def test_a_stranger_with_a_recycled_process_id_is_never_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = Lock.attempt(tmp_path / SERVER_LOCK)
    assert lock is not None
    stranger = subprocess.Popen(["sleep", "600"], pass_fds=(lock.fd,))
    lock.release()
    with stranger:
        EngineInfo("127.0.0.1:1", None, 1, stranger.pid, "another start").write(tmp_path)
        monkeypatch.setattr(embedded, "_PREDECESSOR", 0.05)
        with pytest.raises(EmbeddedError, match=r"手动结束"):
            EmbeddedTemporal(tmp_path, ui=False).start()
        assert stranger.poll() is None
        stranger.kill()


def test_a_second_engine_on_the_same_folder_is_refused_in_both_languages_and_told_the_process(
    dev_server: EmbeddedTemporal,
) -> None:
    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedTemporal(dev_server.data).start()
    assert f"进程号 {os.getpid()}" in refusal.value.zh
    assert f"process {os.getpid()}" in refusal.value.en
    assert dev_server.alive()
    assert read_engine(dev_server.data) is not None


def test_looking_for_the_engine_never_stops_one_from_starting(tmp_path: Path) -> None:
    with EmbeddedTemporal(tmp_path, ui=False):
        pass
    looking = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys; from pathlib import Path; from adapters.engine_record import read_engine\n"
                "while True: read_engine(Path(sys.argv[1]))"
            ),
            str(tmp_path),
        ],
        cwd=ROOT,
    )
    with looking:
        try:
            with EmbeddedTemporal(tmp_path, ui=False) as engine:
                assert engine.alive()
        finally:
            looking.kill()


def test_a_server_that_does_not_come_up_is_explained_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / embedded.STORE).write_bytes(b"this is no database, it only has its name" * 100)
    with pytest.raises(EmbeddedError) as failure:
        EmbeddedTemporal(tmp_path, ui=False).start()
    assert "未能启动" in failure.value.zh
    assert "file is not a database" in failure.value.en
    assert free(tmp_path)
    assert read_engine(tmp_path) is None


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"无法使用数据目录"):
        EmbeddedTemporal(tmp_path / "file" / "data").start()


def test_a_missing_program_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedError, match="make install"):
        EmbeddedTemporal(tmp_path / "data").start()


def test_ctrl_c_at_the_terminal_reaches_the_owner_alone(dev_server: EmbeddedTemporal) -> None:
    assert os.getpgid(dev_server.server_pid) != os.getpgid(0)
    assert os.getsid(dev_server.server_pid) != os.getsid(0)


def test_what_is_stored_is_readable_by_its_owner_alone(dev_server: EmbeddedTemporal) -> None:
    files = [path for path in dev_server.data.rglob("*") if path.is_file()]
    assert {"engine.json", "engine.lock", "temporal.db", "temporal.log"} <= {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(dev_server.data.stat().st_mode) == 0o700
    assert json.loads((dev_server.data / "engine.json").read_text())["address"] == dev_server.address


def test_the_web_ui_is_there_when_asked_for(tmp_path: Path) -> None:
    with EmbeddedTemporal(tmp_path, ui=True) as engine:
        assert engine.ui_url is not None
        with urlopen(engine.ui_url, timeout=10) as page:  # noqa: S310 - our own server
            assert page.status == 200


def test_the_store_survives_power_loss_by_its_settings(dev_server: EmbeddedTemporal) -> None:
    assert {"journal_mode=WAL", "synchronous=FULL"} <= set(parent_and_command(dev_server.server_pid)[1])
    assert (dev_server.data / f"{embedded.STORE}-wal").exists()


async def test_starting_and_stopping_work_inside_an_event_loop(tmp_path: Path) -> None:
    engine = EmbeddedTemporal(tmp_path, ui=False)
    await asyncio.to_thread(engine.start)  # from a thread that ends: the server must not end with it
    client = await connect(Settings.load(data=tmp_path), None)
    assert await client.service_client.check_health()
    await asyncio.to_thread(engine.stop)
    engine.stop()
    assert not engine.alive()
