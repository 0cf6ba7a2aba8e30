"""One trace from the door through the relay and the process manager to the letter; off, there is none."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from adapters import tables
from adapters.codec import codec_of
from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from adapters.observing import tracing
from adapters.observing.carrying import HEADER
from adapters.observing.meters import Meters
from adapters.temporal import banjie_plugin, connect, interceptors
from tests.workflow.desks import Office, a_desk, client_of, running
from tests.workflow.moments import SteppedMoments
from workflows.registry import WORKFLOWS


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Traces that stay in this process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield exporter
    tracing.end()


@pytest.fixture
async def traced(
    spans: InMemorySpanExporter, tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> AsyncIterator[Office]:
    """A desk that traces, whose clock is stepped by hand, with a worker."""
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        moments=SteppedMoments(),
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
    )
    with contextlib.closing(desk):
        client = await connect(desk.settings, codec_of(desk.sealer.keys), interceptors=interceptors())
        async with running(desk, client) as office:
            yield office


def trace_of(span: ReadableSpan) -> str:
    assert span.context
    return f"{span.context.trace_id:032x}"


async def test_a_trace_goes_from_the_request_through_door_relay_and_workflow_to_the_letter(
    traced: Office, spans: InMemorySpanExporter
) -> None:
    case = await traced.petition(summary="金丝雀夜间恶臭")
    await traced.settled(case)
    with tracing.span("request"):
        await traced.perform("accept", "clerk", case)
    await traced.settled(case)
    request = next(each for each in spans.get_finished_spans() if each.name == "request")
    mine = [each for each in spans.get_finished_spans() if trace_of(each) == trace_of(request)]
    named = {each.context.span_id: each for each in mine if each.context}
    letter = next((each for each in mine if each.name == "letter"), None)
    assert letter, [each.name for each in mine]
    way = [letter]
    while way[-1].parent:
        way.append(named[way[-1].parent.span_id])
    assert [each.name for each in reversed(way)] == [
        "request",
        "door",
        "relay",
        "workflow Petition told",
        "activity deliver",
        "letter",
    ]
    assert letter.attributes
    assert letter.attributes["banjie.case"] == case
    assert letter.attributes["banjie.fate"] == "tray"
    told = " ".join(each.to_json() for each in spans.get_finished_spans())
    assert "\\u91d1\\u4e1d\\u96c0" not in told
    assert "金丝雀" not in told


async def test_what_a_clock_rings_belongs_to_nobodys_request_and_a_replay_knows_no_traces(
    traced: Office, spans: InMemorySpanExporter
) -> None:
    with tracing.span("request"):
        case = await traced.petition()
    await traced.settled(case)
    history = await traced.handle(case).fetch_history()
    assert HEADER in history.to_json()
    await Replayer(
        workflows=list(WORKFLOWS), plugins=[banjie_plugin(codec_of(traced.desk.sealer.keys))]
    ).replay_workflow(WorkflowHistory(history.workflow_id, history.events))
    moments = traced.desk.moments
    assert isinstance(moments, SteppedMoments)
    alarm = traced.case(case).alarm
    assert alarm
    moments.step(alarm.at - moments.now() + timedelta(seconds=1))
    with tracing.span("request"):
        await traced.perform("note", "clerk", case, text="已电话核实")
    await traced.until(lambda: traced.case(case).alarm != alarm, "the alarm rung")
    await traced.settled(case)
    requests = {trace_of(each) for each in spans.get_finished_spans() if each.name == "request"}
    rung = [each for each in spans.get_finished_spans() if each.name == "activity ring"]
    assert len(requests) == 2
    assert rung
    assert not requests & {trace_of(each) for each in rung}


async def test_the_relay_tells_how_long_facts_took(desk: Desk) -> None:
    meters = desk.door.meters = Meters()
    async with running(desk, await client_of(desk)) as office:
        case = await office.petition()
        await office.settled(case)
    sent = meters.signals["sent"]._value.get()
    lag = next(each for family in meters.lag.collect() for each in family.samples if each.name.endswith("_count"))
    assert lag.value == sent >= 1
    with desk.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.outbox)).scalar_one() == 0


async def test_untraced_no_history_holds_a_header_and_no_span_costs_anything(office: Office) -> None:
    case = await office.petition()
    await office.settled(case)
    assert HEADER not in (await office.handle(case).fetch_history()).to_json()
    assert tracing.span("anything") is tracing.span("else"), "one object for all of them"
    assert interceptors() == []


def test_a_program_that_is_not_watched_loads_neither_library() -> None:
    code = (
        "import sys, adapters.observing.port, adapters.temporal, worker, web.app; "
        "print([each for each in sys.modules if each.startswith(('prometheus_client', 'opentelemetry.sdk'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert said.stdout.strip() == "[]", said.stderr
