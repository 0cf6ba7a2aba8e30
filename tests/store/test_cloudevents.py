"""What webhooks are sent is read by the official SDK of CloudEvents, as any receiver would read it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_structured_event
from cloudevents.core.exceptions import BaseCloudEventException, CloudEventValidationError
from cloudevents.core.v1.event import CloudEvent

from adapters.happening import since
from adapters.hooks.telling import TYPE, message, trial
from models.vocabulary import Kind, Status
from tests.store.desks import Office
from tests.store.test_hooks import a_hook, all_of, later, receiving


def understood(headers: dict[str, str], body: bytes) -> Any:
    return from_http_event(HTTPMessage(headers=headers, body=body))


def test_the_sdk_reads_off_the_line_what_happened(office: Office) -> None:
    with receiving(office) as (sink, telling, url):
        a_hook(telling, url)
        later(office)
        case = office.a_case(Status.ACCEPTED)
        all_of(telling)
    events = sorted((understood(headers, body) for headers, body, _ in sink.taken), key=lambda each: each.get_id())
    assert [each.get_id() for each in events] == [f"{case}~1", f"{case}~2"]
    accepted = events[1]
    assert (accepted.get_specversion(), accepted.get_type(), accepted.get_source(), accepted.get_subject()) == (
        *("1.0", "banjie.petition.accepted", "/banjie", case),
    )
    assert accepted.get_time() == office.case(case).accepted_at
    assert accepted.get_datacontenttype() == "application/json"
    assert accepted.get_data()["event"] == "accepted"
    for headers, body, _ in sink.taken:
        # What the SDK writes of what it read is, field by field, what was sent.
        assert json.loads(to_structured_event(understood(headers, body)).body) == json.loads(body)


def test_the_sdk_reads_every_message_there_is(office: Office) -> None:
    begun = office.desk.moments.now()
    later(office)
    names = [office.a_case(status) for status in (Status.REVIEWING, Status.INTERIM, Status.SIGNED_OFF)]
    found = since(office.database, begun, 2000)
    assert {each.place.case for each in found} >= set(names)
    bodies = [message(each, office.case(each.place.case)) for each in found if each.place.case in names]
    bodies.append(trial("a-trial", datetime(2026, 11, 28, 1, tzinfo=UTC)))
    for name, kind, body in bodies:
        event = understood({"content-type": TYPE}, body.encode())
        assert (event.get_id(), event.get_type()) == (name, kind)
        assert event.get_extension("traceparent") is None
    assert {kind.split(".")[1] for _, kind, _ in bodies} >= {Kind.PETITION.value}


@pytest.mark.parametrize("name", ["source", "type"])
def test_the_sdk_would_refuse_what_is_no_cloudevent(name: str) -> None:
    _, _, body = trial("a-trial", datetime(2026, 11, 28, 1, tzinfo=UTC))
    told = json.loads(body)
    del told[name]
    with pytest.raises(CloudEventValidationError):
        understood({"content-type": TYPE}, json.dumps(told).encode())


def test_the_sdk_is_not_asked_to_be_kind() -> None:
    with pytest.raises(BaseCloudEventException):
        CloudEvent(attributes={"id": "1", "source": "/banjie", "type": "a", "specversion": "1.0", "time": "noon"})
