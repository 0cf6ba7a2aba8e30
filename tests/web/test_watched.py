"""The console seen by whoever runs it: probes, the id of a request from the proxy to the log, its trace."""

import json
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from adapters.observing import tracing
from adapters.observing.meters import Meters
from models.vocabulary import Status
from tests.web.conftest import Console
from web.guarding import REQUEST_ID

GIVEN = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{GIVEN}-00f067aa0ba902b7-01"
API = "/api/v1"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Traces that stay in this process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield exporter
    tracing.end()


async def test_probes_are_answered_without_a_log_in_and_in_one_word(console: Console) -> None:
    stranger = console.browser("203.0.113.9").client
    for path in ("/healthz", "/readyz"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
    with console.office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    console.house.ready._known = None
    assert ((await stranger.get("/readyz")).status_code, (await stranger.get("/healthz")).status_code) == (503, 200)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (GIVEN, True),
        ("4bf92f35-77b3-4da6-a3ce-929d0e0e4736", True),
        ("13987654321", False),  # a telephone number is no id
        ("11010119900307123X", False),
        ("金丝雀", False),
        ("a" * 300, False),
        ("", False),
    ],
)
async def test_a_request_keeps_the_id_its_proxy_gave_it_where_that_can_be_nobodys_name(
    console: Console, given: str, *, kept: bool
) -> None:
    answer = await console.browser().client.get("/login", headers={REQUEST_ID.encode(): given.encode()})
    told = answer.headers[REQUEST_ID]
    assert (told == given) is kept
    assert len(told) >= 32


async def test_what_went_wrong_names_its_request_to_the_person_to_the_machine_and_to_the_log(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/cases/XF2026999999")
    asked = clerk.answer.headers[REQUEST_ID]
    assert clerk.answer.status_code == 404
    assert asked in clerk.words
    answer = await console.machine("clerk").get(f"{API}/cases/XF2026999999")
    assert answer.json()["instance"] == f"urn:banjie:request:{answer.headers[REQUEST_ID]}"


async def test_what_is_logged_on_the_way_bears_the_ids_of_request_and_case(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = console.office.a_case(Status.ACCEPTED)
    bound: dict[str, object] = {}
    before = console.house.desk.moments.now

    def now() -> object:
        bound.update(structlog.contextvars.get_contextvars())
        return before()

    monkeypatch.setattr(console.house.desk.moments, "now", now)
    answer = await console.machine("clerk").get(f"{API}/cases/{case}")
    assert bound == {"request": answer.headers[REQUEST_ID], "case": case}
    assert structlog.contextvars.get_contextvars() == {}, "nothing stays bound for the next one"


async def test_a_request_is_logged_by_its_route_and_never_by_what_was_looked_for(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    with capture_logs() as lines:
        await clerk.go("/cases?q=金丝雀")
    answered = next(each for each in lines if each["event"] == "answered")
    assert (answered["route"], answered["status"]) == ("/cases", 200)
    assert "金丝雀" not in json.dumps(lines, ensure_ascii=False, default=str)


async def test_answers_are_counted_by_method_and_class_alone(console: Console) -> None:
    meters = console.office.door.meters = Meters()
    await console.browser().client.get("/static/desk.css")
    await console.browser().client.request("BREW", "/login")
    console.office.door.meters = None
    counted = {
        (each.labels["method"], each.labels["status"]): each.value
        for family in meters.registry.collect()
        for each in family.samples
        if each.name == "banjie_http_seconds_count"
    }
    assert counted == {("GET", "2xx"): 1, ("other", "4xx"): 1}


async def test_a_request_and_what_the_door_did_are_one_trace_that_tells_of_nobody(
    console: Console, spans: InMemorySpanExporter
) -> None:
    body = {
        "data": {"channel": "phone", "place": "白马乡", "summary": "金丝雀夜间恶臭"},
        "sealed": {"petitioner": "金丝雀"},
    }
    answer = await console.machine("clerk", traceparent=PARENT).post(
        f"{API}/cases", json=body, headers={"Idempotency-Key": "call-4711"}
    )
    assert answer.status_code == 201
    request = next(each for each in spans.get_finished_spans() if each.name == "request")
    door = next(each for each in spans.get_finished_spans() if each.name == "door")
    assert request.context
    assert door.parent
    assert f"{request.context.trace_id:032x}" == GIVEN, "it belongs to the trace of whoever called"
    assert door.parent.span_id == request.context.span_id
    assert request.attributes == {
        "banjie.method": "POST",
        "banjie.route": f"{API}/cases",
        "banjie.status": 201,
    }
    assert door.attributes is not None
    assert door.attributes["banjie.case"] == answer.json()["case"]
    told = " ".join(each.to_json() for each in spans.get_finished_spans())
    assert "金丝雀" not in told
    assert "\\u91d1" not in told


async def test_an_error_is_traced_by_its_kind_without_its_words(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="13987654321"), tracing.span("work"):
        raise ValueError("petitioner 13987654321")
    (span,) = spans.get_finished_spans()
    assert span.status.description == "ValueError"
    assert not span.events
    assert "13987654321" not in span.to_json()
