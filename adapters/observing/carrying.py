"""The trace on its way through Temporal: in the header of a signal, through the process manager, to its activities.

Temporal's own interceptor (``temporalio.contrib.opentelemetry``) lets all that a workflow ever does belong to whatever
started it: a petition's letter of next March would stand in the trace of its intake. Here what is done belongs to the
last thing the manager was told, and what a clock rings belongs to nobody's request. Headers are no part of what a
replay compares; without tracing this is not installed and no history holds any.
"""

from collections.abc import Mapping
from typing import Any, Final

from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.client import OutboundInterceptor, StartWorkflowInput, WorkflowHandle
from temporalio.converter import PayloadConverter
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.worker import Interceptor as WorkerInterceptor

from adapters.observing import tracing

TRACEPARENT: Final = "traceparent"
HEADER: Final = "_tracer-data"
"""The header that Temporal's own interceptors use in every language, so that their clients' traces go on here."""
MOMENT: Final = "__banjie_moment"
RING: Final = "ring"
CASE: Final = "case-"
Headers = Mapping[str, Payload]


def with_trace(headers: Headers, parent: str | None) -> Headers:
    """Return headers with a trace put among them."""
    if parent is None:
        return headers
    return {**headers, HEADER: PayloadConverter.default.to_payloads([{TRACEPARENT: parent}])[0]}


def trace_of(headers: Headers) -> str | None:
    """Return the trace that headers carry, whoever put it there."""
    payload = headers.get(HEADER)
    if payload is None:
        return None
    (carrier,) = PayloadConverter.default.from_payloads([payload])
    found = carrier.get(TRACEPARENT) if isinstance(carrier, dict) else None
    return found if isinstance(found, str) else None


def case_of(workflow_id: str | None) -> str:
    """Return the case whose process manager has this id."""
    return (workflow_id or "").removeprefix(CASE)


class Carrying(ClientInterceptor, WorkerInterceptor):
    """Installed in client and worker alike while this process traces."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the library's own name
        """Put the trace under way into what starts, and tells, a process manager."""
        return _Outbound(next)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Open a span around every activity."""
        return _Activities(next)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002
        """Carry the trace through the workflow."""
        input.unsafe_extern_functions[MOMENT] = tracing.moment
        return _Workflows


class _Outbound(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002
        input.headers = with_trace(input.headers, tracing.carried())
        return await super().start_workflow(input)


class _Activities(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> object:  # noqa: A002
        info = activity.info()
        with tracing.span(
            f"activity {info.activity_type}",
            parent=trace_of(input.headers),
            case=case_of(info.workflow_id),
            attempt=info.attempt,
        ):
            return await super().execute_activity(input)


class _Workflows(WorkflowInboundInterceptor):
    """Of one run: what it was last told, and by which trace."""

    def __init__(self, next: WorkflowInboundInterceptor) -> None:  # noqa: A002
        super().__init__(next)
        self.parent: str | None = None

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Handing(outbound, self))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> object:  # noqa: A002
        # The signal that it was started with may have come before.
        self.parent = self.parent or trace_of(input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002
        self._told(input.headers, input.signal)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> object:  # noqa: A002
        self._told(input.headers, input.update)
        return await super().handle_update_handler(input)

    def _told(self, headers: Headers, name: str) -> None:
        parent = self.parent = trace_of(headers)
        if parent is None or workflow.unsafe.is_replaying():
            return
        info = workflow.info()
        moment = workflow.extern_functions()[MOMENT]
        told = moment(
            f"workflow {info.workflow_type} {name}", parent, workflow.time_ns(), case=case_of(info.workflow_id)
        )
        self.parent = told or parent


class _Handing(WorkflowOutboundInterceptor):
    def __init__(self, next: WorkflowOutboundInterceptor, run: _Workflows) -> None:  # noqa: A002
        super().__init__(next)
        self.run = run

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        input.headers = self._headers(input.headers, input.activity)
        return super().start_activity(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        input.headers = self._headers(input.headers, input.activity)
        return super().start_local_activity(input)

    def _headers(self, headers: Headers, name: str) -> Headers:
        if name == RING:
            # What silence does is nobody's request any more.
            self.run.parent = None
        return with_trace(headers, self.run.parent)
