"""Traces (OpenTelemetry): from a request through the door, the relay and the process manager to the letter.

Off unless the environment names where they go (``OTEL_EXPORTER_OTLP_ENDPOINT``), and then nothing is loaded, nothing is
opened, and a span costs a look at a variable. A span tells ids of cases and words of ours, never what somebody wrote:
of an error its type alone.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from adapters import SetupError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

    from adapters.observing.spans import Spans

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""The variables, OpenTelemetry's own, that say where traces go; its others (sampler, headers) hold as well."""


class TracingError(SetupError):
    """Traces are asked for and what sends them is not installed."""


class Told:
    """What may be said of the span under way; off, it goes nowhere."""

    def __init__(self, span: "Span | None" = None) -> None:
        """Keep the span."""
        self._span = span

    def say(self, **words: str | float) -> None:
        """Add to what is known: ids of cases, names of commands, numbers; never text that a person wrote."""
        if self._span is not None:
            for name, value in words.items():
                self._span.set_attribute(f"banjie.{name}", value)


class _Tracing:
    """Whether this process traces; OpenTelemetry keeps the span under way for the whole process as well."""

    def __init__(self) -> None:
        self.spans: Spans | None = None


_TRACING: Final = _Tracing()
_SILENT: Final = nullcontext(Told())


def on() -> bool:
    """Tell whether this process traces."""
    return _TRACING.spans is not None


def wanted(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return where the environment wants traces to go; None where it names nothing."""
    return next((environ[name] for name in reversed(ENDPOINTS) if environ.get(name)), None)


def begin(environ: Mapping[str, str] = os.environ, *, part: str = "banjie") -> bool:
    """Trace from now on where the environment names where to; tell whether it does.

    Args:
        environ: the environment.
        part: which part of the engine this process is; told as the service's name unless ``OTEL_SERVICE_NAME`` is set.

    Raises:
        TracingError: it does, and the packages are not there.
    """
    if wanted(environ) is None:
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracingError(
            "已设置 OTEL_EXPORTER_OTLP_ENDPOINT，但未安装 OpenTelemetry，请执行 pip install 'banjie[otlp]'。",
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: pip install 'banjie[otlp]'.",
        ) from None
    names = {"service.version": version("banjie")}
    if not environ.get("OTEL_SERVICE_NAME"):
        names["service.name"] = part
    provider = TracerProvider(resource=Resource.create(names))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    use(provider)
    return True


def use(provider: "TracerProvider") -> None:
    """Trace by a provider; tests hand in one that keeps the spans."""
    from adapters.observing.spans import Spans

    _TRACING.spans = Spans(provider)


def end() -> None:
    """Trace no longer; what is still to be sent is sent, for as long as the exporter's own timeout."""
    spans, _TRACING.spans = _TRACING.spans, None
    if spans is not None:
        spans.provider.shutdown()


@contextmanager
def traced(part: str) -> Iterator[None]:
    """Trace while the block runs, where the environment says where to.

    Raises:
        TracingError: see ``begin``.
    """
    begin(part=part)
    try:
        yield
    finally:
        end()


def span(name: str, *, parent: str | None = None, **words: str | float) -> AbstractContextManager[Told]:
    """Open a span around a block.

    Args:
        name: what is done.
        parent: what ``carried`` gave elsewhere; else it belongs to the span under way here, if any.
        words: see ``Told.say``.
    """
    spans = _TRACING.spans
    return _SILENT if spans is None else _telling(spans.span(name, parent), words)


@contextmanager
def _telling(opened: "AbstractContextManager[Span]", words: Mapping[str, str | float]) -> Iterator[Told]:
    with opened as under_way:
        told = Told(under_way)
        told.say(**words)
        yield told


def moment(name: str, parent: str, at: int, **words: str) -> str | None:
    """Leave a span that has no length, at an instant (nanoseconds); return what its children name as their parent."""
    spans = _TRACING.spans
    return None if spans is None else spans.moment(name, parent, at, lambda span: Told(span).say(**words))


def carried() -> str | None:
    """Return what another process continues the span under way by, as W3C writes it; None where nothing is traced."""
    spans = _TRACING.spans
    return None if spans is None else spans.carried()


def trace_id() -> str | None:
    """Return the id of the trace under way, as logs tell it; None where there is none."""
    found = carried()
    return found.split("-")[1] if found else None
