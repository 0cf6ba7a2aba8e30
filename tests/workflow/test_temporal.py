"""The plugin, the connection and the worker options, as production uses them, on real servers."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, UnintentionalPassthroughError

from adapters.embedded import EmbeddedTemporal
from adapters.settings import Settings
from adapters.temporal import (
    DEFAULT_ADDRESS,
    SEARCH_ATTRIBUTES,
    TemporalUnavailableError,
    banjie_plugin,
    connect,
    connect_config,
    ensure_search_attributes,
    restrictions,
    worker_options,
)
from tests.workflow.forgetful import Forgetful
from tests.workflow.trivial import Trivial, greet


def worker(client: Client, task_queue: str) -> Worker:
    return Worker(client, task_queue=task_queue, workflows=[Trivial], activities=[greet], **worker_options())


async def test_a_workflow_runs_and_replays_through_the_same_plugin(temporal: Client, task_queue: str) -> None:
    async with worker(temporal, task_queue):
        handle = await temporal.start_workflow(
            Trivial.run,
            timedelta(0),
            id=task_queue,
            task_queue=task_queue,
            start_signal="called",
            start_signal_args=["张"],
        )
        answer = await handle.result()
    assert answer.words == ("你好", "张")
    assert answer.at.year == 2026  # a datetime again: the converter is pydantic's
    history = await handle.fetch_history()
    await Replayer(workflows=[Trivial], plugins=[banjie_plugin(None)]).replay_workflow(history)


async def test_sixty_days_pass_in_a_moment_on_the_skipping_server(skipping: WorkflowEnvironment) -> None:
    before = await skipping.get_current_time()
    async with worker(skipping.client, "skip"):
        await skipping.client.execute_workflow(
            Trivial.run,
            timedelta(days=60),
            id="skip",
            task_queue="skip",
            start_signal="called",
            start_signal_args=["张"],
        )
    assert await skipping.get_current_time() - before >= timedelta(days=60)


async def test_search_attributes_are_registered_once(temporal: Client, skipping: WorkflowEnvironment) -> None:
    assert await ensure_search_attributes(temporal) == ()  # the embedded server had them before it was ready
    await ensure_search_attributes(skipping.client)  # again, on a server that cannot list them
    assert {key.name for key in SEARCH_ATTRIBUTES} >= {"CaseKind", "CaseStatus", "CaseStage", "NextAlarm"}


async def test_a_workflow_that_imports_what_nobody_passed_through_fails_when_the_worker_starts(
    temporal: Client, task_queue: str
) -> None:
    # Our own plugin on the client is what must notice, not a runner handed to this worker.
    with pytest.raises(RuntimeError) as failure:
        Worker(temporal, task_queue=task_queue, workflows=[Forgetful], **worker_options())
    assert isinstance(failure.value.__cause__, UnintentionalPassthroughError)
    assert "tests.workflow.trivial" in str(failure.value.__cause__)


def test_the_sandbox_passes_our_pure_packages_through() -> None:
    assert {"models", "activities"} <= restrictions().passthrough_modules
    assert isinstance(banjie_plugin(None).workflow_runner, SandboxedWorkflowRunner)


def test_without_an_engine_or_an_address_it_is_the_usual_local_one(settings: Settings) -> None:
    assert settings.embedded
    assert connect_config(settings)["target_host"] == DEFAULT_ADDRESS


def test_the_running_engine_is_found_through_its_data_folder(dev_server: EmbeddedTemporal) -> None:
    found = connect_config(Settings.load(data=dev_server.data))
    assert (found["target_host"], found["namespace"]) == (dev_server.address, "default")


def test_an_address_from_the_environment_wins_over_the_engine(
    dev_server: EmbeddedTemporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "petitions")
    found = connect_config(Settings.load(data=dev_server.data))
    assert (found["target_host"], found["namespace"]) == ("temporal.example:7233", "petitions")


def test_a_profile_brings_address_namespace_and_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.county]\naddress = "cluster.example:7233"\nnamespace = "county"\n[profile.county.tls]\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    monkeypatch.setenv("TEMPORAL_PROFILE", "county")
    settings = Settings.load(data=tmp_path)
    assert not settings.embedded
    assert connect_config(settings)["target_host"] == "cluster.example:7233"
    assert connect_config(settings)["namespace"] == "county"
    assert connect_config(Settings.load(data=tmp_path, temporal_namespace="mine"))["namespace"] == "mine"


def test_an_unknown_profile_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "nowhere")
    with pytest.raises(TemporalUnavailableError, match="无法读取 Temporal 配置"):
        connect_config(Settings.load(data=tmp_path))


async def test_a_server_that_is_away_is_explained_in_both_languages(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path, temporal_address="127.0.0.1:1")
    with pytest.raises(TemporalUnavailableError) as away:
        await connect(settings, None, patience=timedelta(seconds=2))
    assert "登记和办理不受影响" in away.value.zh
    assert "The desk goes on" in away.value.en
