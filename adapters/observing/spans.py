"""Spans by OpenTelemetry, where this process traces (``adapters.observing.tracing``); loaded there alone.

Everything is imported here at once: a workflow's sandbox has a hand in what is imported while it runs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

TRACEPARENT: Final = "traceparent"
LONGEST: Final = 64
"""Characters of a carried context (``traceparent`` has 55)."""
W3C: Final = TraceContextTextMapPropagator()


def context_of(parent: str) -> Context:
    """Return the context that ``carried`` wrote down; an empty one where it is no such text."""
    return W3C.extract({TRACEPARENT: parent[:LONGEST]}, Context())


class Spans:
    """The spans of this process."""

    def __init__(self, provider: "TracerProvider") -> None:
        """Keep where they go."""
        self.provider, self.tracer = provider, provider.get_tracer("banjie")

    @contextmanager
    def span(self, name: str, parent: str | None) -> Iterator[Span]:
        """Open one around a block."""
        context = context_of(parent) if parent else None
        # The library's own way would keep the exception's message, which may repeat what somebody wrote.
        opened = self.tracer.start_as_current_span(name, context, record_exception=False, set_status_on_exception=False)
        with opened as span:
            try:
                yield span
            except BaseException as fault:
                span.set_status(Status(StatusCode.ERROR, type(fault).__name__))
                raise

    def moment(self, name: str, parent: str, at: int, tell: Callable[[Span], None]) -> str | None:
        """Leave one that has no length, of which something is told; return what continues it."""
        span = self.tracer.start_span(name, context_of(parent), start_time=at)
        tell(span)
        span.end(at)
        return self.carried(set_span_in_context(span, Context()))

    @staticmethod
    def carried(context: Context | None = None) -> str | None:
        """Return what continues the span under way (or of a context) elsewhere; None where there is none."""
        carrier: dict[str, str] = {}
        W3C.inject(carrier, context)
        return carrier.get(TRACEPARENT)
