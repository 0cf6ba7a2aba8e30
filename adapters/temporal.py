"""The way to Temporal: one plugin, one connection, one set of worker options, for the desk and for tests.

What a test uses cannot drift from what runs at the desk, because converter, interceptors and the workflow
sandbox travel together in `banjie_plugin`, which client, worker and replayer take as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Final, TypedDict

from temporalio import activity, workflow
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.plugin import SimplePlugin
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Interceptor as WorkerInterceptor
from temporalio.worker import PollerBehavior, PollerBehaviorAutoscaling
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from adapters import SetupError
from adapters.codec import EncryptionCodec
from adapters.engine_record import read_engine
from adapters.observing import tracing
from adapters.observing.carrying import Carrying
from adapters.settings import Settings

DEFAULT_ADDRESS: Final = "localhost:7233"
"""Where Temporal listens when nobody says otherwise."""

SEARCH_ATTRIBUTES: Final = (
    SearchAttributeKey.for_keyword("CaseKind"),
    SearchAttributeKey.for_keyword("CaseStatus"),
    SearchAttributeKey.for_keyword("CaseStage"),
    SearchAttributeKey.for_datetime("NextAlarm"),
    SearchAttributeKey.for_keyword("AlarmClock"),
    SearchAttributeKey.for_keyword("CaseUnit"),
    SearchAttributeKey.for_keyword("CasePolicy"),
)
"""What operators can search workflows by. Never encrypted by Temporal, so never a person in them."""

DEPLOYMENT: Final = "banjie"
"""What Temporal calls all our workers, whichever version they are of."""

PASSTHROUGH: Final = ("models", "activities", "workflows")
"""Our packages that workflows share with the worker instead of loading them anew for every run: `models` is
pure, of `activities` a workflow imports the signatures only, and `workflows` keep no state of their own, which
loading them anew would isolate; it took a seventh of the worker's time. A module forgotten here makes the worker
fail when it starts."""

MAX_CACHED_WORKFLOWS: Final = 5_000
"""Cases a worker keeps in memory; fewer than are active means reading histories again and again."""


class TemporalUnavailableError(SetupError):
    """Temporal does not answer, or not as it must. The desk goes on without it; clocks and letters wait."""


class WorkerOptions(TypedDict):
    """The keyword arguments of `temporalio.worker.Worker` that every worker of ours has."""

    workflow_task_poller_behavior: PollerBehavior
    activity_task_poller_behavior: PollerBehavior
    max_cached_workflows: int
    sticky_queue_schedule_to_start_timeout: timedelta
    graceful_shutdown_timeout: timedelta


def converter(codec: PayloadCodec | None) -> DataConverter:
    """How values become payloads: pydantic's JSON, encrypted, with what failures say encrypted too."""
    if codec is None:
        return pydantic_data_converter
    failures = DefaultFailureConverterWithEncodedAttributes
    return replace(pydantic_data_converter, payload_codec=codec, failure_converter_class=failures)


def banjie_plugin(
    codec: PayloadCodec | None, interceptors: Sequence[ClientInterceptor | WorkerInterceptor] = ()
) -> SimplePlugin:
    """Converter, interceptors and workflow sandbox in one.

    Hand it to `Client.connect` (its workers then have it too) and to `Replayer`.

    Args:
        codec: encrypts what goes to Temporal (`adapters.codec.codec_of`). None leaves everything plain: for histories
            from before it, and for servers that hold nothing of a desk.
        interceptors: for client and worker.
    """
    # The log line's keys tell this; repeated in the message they would escape the sealing of personal keys.
    activity.logger.activity_info_on_message = False
    workflow.logger.workflow_info_on_message = False
    return SimplePlugin(
        "banjie",
        data_converter=converter(codec),
        interceptors=list(interceptors),
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions()),
    )


def restrictions() -> SandboxRestrictions:
    """What a workflow may import: Temporal's default and our pass-through, anything else is an error."""
    policy = workflow.SandboxImportNotificationPolicy
    return SandboxRestrictions.default.with_passthrough_modules(*PASSTHROUGH).with_import_notification_policy(
        policy.WARN_ON_DYNAMIC_IMPORT | policy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )


def worker_options(*, cached: int = MAX_CACHED_WORKFLOWS, drain: timedelta = timedelta(seconds=10)) -> WorkerOptions:
    """Settings of every worker, as measured.

    Args:
        cached: workflows kept in memory.
        drain: how long a stopping worker lets its activities finish.
    """
    return WorkerOptions(
        # Five fixed pollers, the default, make a case wait 5 s (p99) under load; growing ones 0.7 s.
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        max_cached_workflows=cached,
        # How long a case waits for a worker that was killed before another takes it.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        graceful_shutdown_timeout=drain,
    )


def connect_config(settings: Settings) -> ClientConnectConfig:
    """Where Temporal is and how to talk to it.

    A named address or profile wins and is completed by Temporal's own environment variables and configuration
    file (TLS, API key, namespace); else the embedded engine on the data folder; else the usual local address.

    Raises:
        TemporalUnavailableError: the profile or its file cannot be read.
    """
    if settings.embedded:
        engine = read_engine(settings.data)
        address = engine.address if engine else DEFAULT_ADDRESS
        return ClientConnectConfig(target_host=address, namespace=settings.temporal_namespace, tls=False)
    try:
        config = ClientConfig.load_client_connect_config(profile=settings.temporal_profile)
    except RuntimeError as error:
        raise TemporalUnavailableError(
            f"无法读取 Temporal 配置：{error}。", f"Temporal's configuration cannot be read: {error}."
        ) from None
    if settings.temporal_address is not None:
        config["target_host"] = settings.temporal_address
    config.setdefault("target_host", DEFAULT_ADDRESS)
    if "temporal_namespace" in settings.model_fields_set or "namespace" not in config:
        config["namespace"] = settings.temporal_namespace
    return config


async def connect(
    settings: Settings,
    codec: EncryptionCodec | None,
    *,
    interceptors: Sequence[ClientInterceptor | WorkerInterceptor] = (),
    patience: timedelta = timedelta(seconds=5),
    runtime: Runtime | None = None,
) -> Client:
    """A connected client that carries `banjie_plugin`; its key for payloads is at hand before it connects.

    Args:
        settings: where Temporal is.
        codec: what payloads are encrypted by.
        interceptors: what client and workers are to carry beside it.
        patience: how long it has to answer.
        runtime: the client library's own threads and figures, see `runtime_of`; the process's one if None.

    Raises:
        TemporalUnavailableError: nothing answers at that address within `patience`.
        SetupError: the keystore cannot be used.
    """
    config = connect_config(settings)
    if codec is not None:
        await codec.ready()
    try:
        return await Client.connect(
            **config, plugins=[banjie_plugin(codec, interceptors)], connect_timeout=patience, runtime=runtime
        )
    except (RuntimeError, RPCError, OSError) as error:
        address = config.get("target_host", DEFAULT_ADDRESS)
        raise TemporalUnavailableError(
            f"无法连接 Temporal 服务 {address}（{error}）。登记和办理不受影响，时限提醒待恢复后补发。",
            f"Temporal does not answer at {address} ({error}). The desk goes on; alarms follow later.",
        ) from error


def interceptors() -> Sequence[ClientInterceptor | WorkerInterceptor]:
    """What client and workers carry beside the plugin's own: the trace, where this process traces."""
    return [Carrying()] if tracing.on() else []


@cache
def _runtime(bind: str) -> Runtime:
    # Its port stays open as long as the process lives, so there is one for each address.
    figures = PrometheusConfig(bind_address=bind, durations_as_seconds=True)
    return Runtime(telemetry=TelemetryConfig(metrics=figures))


def runtime_of(settings: Settings) -> Runtime | None:
    """Return the client library's own threads, which serve its figures where a setting says so; None without.

    Raises:
        TemporalUnavailableError: it cannot listen there.
    """
    bind = settings.temporal_metrics_bind
    if bind is None:
        return None
    try:
        return _runtime(bind)
    except (RuntimeError, ValueError) as error:
        raise TemporalUnavailableError(
            f"无法在 {bind} 提供 Temporal 客户端指标，请改 BANJIE_TEMPORAL_METRICS_BIND。",
            f"Figures of Temporal's client cannot be served at {bind} ({error}); change BANJIE_TEMPORAL_METRICS_BIND.",
        ) from None


async def check_ready(address: str, namespace: str) -> None:
    """Ask a server whether it is there for us: reachable, namespace known, search attributes registered.

    Raises:
        RuntimeError: no connection (Temporal's own way to say it).
        RPCError: not yet.
    """
    client = await Client.connect(address, namespace=namespace, connect_timeout=timedelta(seconds=2), tls=False)
    await ensure_search_attributes(client)


async def ensure_search_attributes(client: Client) -> tuple[str, ...]:
    """Register those of `SEARCH_ATTRIBUTES` that the client's namespace lacks; returns their names.

    Raises:
        TemporalUnavailableError: the cluster does not let us, or knows a name with another type.
        RPCError: the server does not answer.
    """
    wanted = {key.name: key.indexed_value_type for key in SEARCH_ATTRIBUTES}
    known = await search_attributes(client)
    wrong = sorted(name for name, kind in known.items() if name in wanted and wanted[name] != kind)
    if wrong:
        raise TemporalUnavailableError(
            f"Temporal 命名空间中搜索属性 {', '.join(wrong)} 的类型不符。",
            f"The Temporal namespace has search attributes of another type: {', '.join(wrong)}.",
        )
    missing = {name: kind for name, kind in wanted.items() if name not in known}
    if not missing:
        return ()
    request = AddSearchAttributesRequest(namespace=client.namespace)
    for name, kind in missing.items():
        request.search_attributes[name] = IndexedValueType.ValueType(kind)
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status is RPCStatusCode.ALREADY_EXISTS:  # another worker was faster
            return ()
        if error.status is not RPCStatusCode.PERMISSION_DENIED:
            raise
        command = "temporal operator search-attribute create " + " ".join(
            f"--name {name} --type {kind.name.title()}" for name, kind in missing.items()
        )
        raise TemporalUnavailableError(
            f"无权登记搜索属性，请管理员执行：{command}",
            f"Search attributes may not be registered by us; ask an administrator for: {command}",
        ) from None
    return tuple(missing)


async def search_attributes(client: Client) -> dict[str, SearchAttributeIndexedValueType]:
    """Return those that the namespace knows, by name; none where the server cannot list them."""
    try:
        response = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:  # the time-skipping server can add but not list
            return {}
        raise
    return {name: SearchAttributeIndexedValueType(kind) for name, kind in response.custom_attributes.items()}
