"""Webhooks: signed as Standard Webhooks say, tried until they are heard, told once to each, and nothing but facts."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from adapters import tables
from adapters.desk import Desk
from adapters.happening import Place, since
from adapters.hooks.signing import headers
from adapters.hooks.store import Fate, Hooks, NotAllowed, State, checked
from adapters.hooks.telling import WAITS, Telling, trial
from models.vocabulary import Status
from tests.store.desks import Office, another_door, registering
from tests.store.receivers import HANG, Sink, http_sink

AT_ONCE = (0.0,) * 3


def open_to(office: Office, url: str) -> Desk:
    """The office's desk, allowed to tell something to an address."""
    host = url.removeprefix("http://").partition("/")[0]
    return replace(office.desk, settings=office.desk.settings.model_copy(update={"webhook_hosts": host}))


def told(sink: Sink) -> list[dict[str, object]]:
    """What arrived, by its ids: several are under way at once, and no order is promised."""
    return sorted((json.loads(content) for _, content, _ in sink.taken), key=lambda each: str(each["id"]))


def a_hook(telling: Telling, url: str, person: str = "clerk", events: tuple[str, ...] = ()) -> tuple[str, str]:
    desk = telling.desk
    return telling.hooks.make("办公系统", url, person, events, by="administrator", begun=desk.moments.now())


@contextmanager
def receiving(office: Office, *answers: str) -> Iterator[tuple[Sink, Telling, str]]:
    sink = Sink(answers=list(answers) or ["200"])
    with http_sink(sink) as url:
        yield sink, Telling(open_to(office, url), waits=AT_ONCE), f"{url}/hear"


def later(office: Office) -> None:
    office.desk.moments.wait(seconds=30)  # type: ignore[attr-defined]


def all_of(telling: Telling) -> None:
    """Tell until nothing is due any more."""

    async def tell() -> None:
        while await telling.once():
            pass

    asyncio.run(tell())


def test_a_message_is_signed_as_standard_webhooks_say() -> None:
    """The numbers were made by that project's own library (standardwebhooks 1.1.0)."""
    key, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert headers([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_what_happens_is_told_as_a_cloudevent_that_the_receiver_can_trust(office: Office) -> None:
    before = office.a_case(Status.REGISTERED)
    with receiving(office) as (sink, telling, url):
        _, secret = a_hook(telling, url)
        later(office)
        case = office.a_case(Status.ACCEPTED, summary="金丝雀夜间生产", place="金丝雀村")
        all_of(telling)
    assert [each["id"] for each in told(sink)] == [f"{case}~1", f"{case}~2"]
    assert before not in str(told(sink))
    first = told(sink)[0]
    assert first | {"time": ""} == {
        "specversion": "1.0",
        "id": f"{case}~1",
        "source": "/banjie",
        "type": "banjie.petition.registered",
        "time": "",
        "subject": case,
        "datacontenttype": "application/json",
        "data": {"case": case, "kind": "petition", "seq": 1, "event": "registered", "status": "accepted"},
    }
    given, content, path = next(each for each in sink.taken if each[0]["webhook-id"] == f"{case}~1")
    assert path == "/hear"
    assert given["content-type"].startswith("application/cloudevents+json")
    signed = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + content
    made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert given["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
    assert given["webhook-id"] == f"{case}~1"
    assert "金丝雀" not in str(sink.taken) + content.decode()


def test_what_is_not_taken_is_tried_again_under_the_same_id_with_the_same_body(office: Office) -> None:
    with receiving(office, "500", "302", "200") as (sink, telling, url):
        name, _ = a_hook(telling, url)
        later(office)
        case = office.a_case(Status.REGISTERED)
        all_of(telling)
        (delivery,) = telling.hooks.deliveries(name)
    assert [given["webhook-id"] for given, _, _ in sink.taken] == [f"{case}~1"] * 3
    assert len({content for _, content, _ in sink.taken}) == 1
    assert (delivery.fate, delivery.attempts, delivery.answer) == (Fate.SENT, 3, "")
    assert telling.hooks.find(name).failing_since is None


def test_what_is_never_taken_is_given_up_shown_and_sent_again_by_hand(office: Office) -> None:
    with receiving(office, *["500"] * 4, "200") as (sink, telling, url):
        name, _ = a_hook(telling, url)
        later(office)
        office.a_case(Status.REGISTERED)
        all_of(telling)
        (given_up,) = telling.hooks.deliveries(name)
        assert (given_up.fate, given_up.attempts, given_up.answer) == (Fate.FAILED, 4, "http_500")
        assert telling.hooks.find(name).failing_since is not None
        assert telling.hooks.again(name) == 1
        all_of(telling)
        assert telling.hooks.deliveries(name)[0].fate is Fate.SENT
    assert len(sink.taken) == 5
    assert sum(WAITS) > 3 * 86_400 - 20_000, "tried for some three days"


def test_an_address_that_is_gone_is_turned_off_and_told_nothing_more(office: Office) -> None:
    with receiving(office, "410") as (sink, telling, url):
        name, _ = a_hook(telling, url)
        later(office)
        office.a_case(Status.REGISTERED)
        all_of(telling)
        later(office)
        office.a_case(Status.REGISTERED)
        all_of(telling)
        assert telling.hooks.find(name).state is State.GONE
    assert len(sink.taken) == 1


def test_an_address_that_takes_nothing_for_five_days_is_turned_off(office: Office) -> None:
    with receiving(office, "500") as (_, telling, url):
        name, _ = a_hook(telling, url)
        with office.database.writing() as connection:
            long_ago = datetime.now(UTC) - timedelta(days=6)
            connection.execute(sa.update(tables.hooks).values(failing_since=long_ago))
        later(office)
        office.a_case(Status.REGISTERED)
        all_of(telling)
        assert telling.hooks.find(name).state is State.FAILING


def test_it_hears_only_of_the_cases_its_person_may_see_and_of_the_events_it_asked_for(office: Office) -> None:
    with receiving(office) as (sink, telling, url):
        for person, events in (("other-handler", ()), ("clerk", ("accepted",)), ("nobody", ())):
            a_hook(telling, f"{url}/{person}", person, events)
        later(office)
        case = office.a_case(Status.ACCEPTED)
        all_of(telling)
    heard = [(path, json.loads(content)["id"]) for _, content, path in sink.taken]
    assert heard == [("/hear/clerk", f"{case}~2")]


def test_two_workers_tell_each_message_once_and_one_that_is_killed_loses_none(office: Office) -> None:
    with receiving(office) as (sink, telling, url), another_door(office) as beside:
        name, _ = a_hook(telling, url)
        other = Telling(replace(telling.desk, database=beside.database, door=beside.door), waits=AT_ONCE)
        later(office)
        cases = [office.a_case(Status.REGISTERED) for _ in range(12)]

        async def both() -> None:
            await asyncio.gather(telling.once(), other.once(), telling.once(), other.once())

        asyncio.run(both())
        all_of(telling)
        assert sorted(str(each["subject"]) for each in told(sink)) == cases
        # Claimed by a worker that then is gone: another takes it when the lease is over.
        later(office)
        last = office.a_case(Status.REGISTERED)
        telling._queue()
        assert len(telling.hooks.claim(10, 60.0)) == 1
        all_of(other)
        assert last not in str(told(sink))
        with office.database.writing() as connection:
            connection.execute(sa.update(tables.hook_deliveries).values(not_before=0.0))
        all_of(other)
        assert str(told(sink)[-1]["subject"]) == last
        assert len(telling.hooks.deliveries(name)) == 13


def test_a_worker_that_starts_anew_goes_on_where_the_last_one_was(office: Office) -> None:
    with receiving(office) as (sink, telling, url):
        a_hook(telling, url)
        for _ in range(3):
            later(office)
            office.a_case(Status.REGISTERED)
            all_of(Telling(telling.desk, waits=AT_ONCE))
    assert len({str(each["id"]) for each in told(sink)}) == len(sink.taken) == 3


def test_more_events_than_are_read_at_once_are_all_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.hooks.telling.READ", 5)
    with receiving(office) as (sink, telling, url):
        a_hook(telling, url)
        for _ in range(13):
            later(office)
            office.a_case(Status.REGISTERED)
        all_of(telling)
    assert len({str(each["id"]) for each in told(sink)}) == len(sink.taken) == 13


def test_a_new_secret_signs_beside_the_old_one_for_a_day(office: Office) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    hooks = Hooks(office.database, office.desk.sealer, lambda: now)
    name, first = hooks.make("办公系统", "https://oa.test/", "clerk", (), by="administrator", begun=now)
    second = hooks.renew(name)
    assert hooks.keys(name) == [second, first]
    now += timedelta(days=1, seconds=1)
    assert hooks.keys(name) == [second]
    with office.database.reading() as connection:
        kept = str([bytes(row.secret) for row in connection.execute(sa.select(tables.hooks))])
    assert second.removeprefix("whsec_") not in kept


def test_an_address_that_does_not_answer_is_left_after_its_time(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.hooks.telling.PATIENCE", 0.2)
    with receiving(small_office, HANG, "200") as (sink, telling, url):
        name, _ = a_hook(telling, url)
        telling.hooks.queue(name, [trial("test~1", datetime.now(UTC))])
        all_of(telling)
        assert telling.hooks.deliveries(name)[0].fate is Fate.SENT
    assert len(sink.taken) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://oa.test/x",
        "https://oa.test:444/x",
        "https://elsewhere.test/x",
        "https://user@oa.test/x",
        "https://oa.test/x#y",
        "https://oa.test.elsewhere.test/",
        "ftp://oa.test/",
        "file:///etc/passwd",
        "https://[::1",
        "https://169.254.169.254/latest",
        "",
        f"https://oa.test/{'x' * 600}",
    ],
)
def test_nothing_is_told_to_an_address_that_nobody_allowed(url: str) -> None:
    with pytest.raises(NotAllowed):
        checked(url, {"oa.test:443", "127.0.0.1:1"})
    assert checked("https://oa.test/x", {"oa.test"})
    assert checked("http://127.0.0.1:1/x", {"127.0.0.1:1"})


def test_a_host_that_is_taken_off_the_list_is_told_nothing_more(small_office: Office) -> None:
    with receiving(small_office) as (sink, telling, url):
        name, _ = a_hook(telling, url)
        telling.hooks.queue(name, [trial("test~1", datetime.now(UTC))])
        all_of(Telling(small_office.desk, waits=AT_ONCE))
        assert telling.hooks.deliveries(name)[0].answer == "not_allowed"
    assert not sink.taken


def test_reading_on_gets_past_a_moment_with_more_events_than_are_read_at_once(office: Office) -> None:
    first = [registering(f"many{n}", place=f"青石镇{n}组") for n in range(7)]
    office.door.perform(first)
    office.moments.wait(hours=1)
    office.door.perform([registering(f"later{n}", place=f"柳溪乡{n}组") for n in range(4)])
    office.moments.wait(hours=1)
    office.door.perform([registering("last", place="柳溪乡九组")])
    seen: dict[Place, None] = {}
    at, looks = datetime(1970, 1, 1, tzinfo=UTC), 0
    while (found := since(office.database, at, 3)) and found[-1].place.at > at:
        seen |= dict.fromkeys(each.place for each in found)
        at, looks = found[-1].place.at, looks + 1
    every = [each.place for each in since(office.database, datetime(1970, 1, 1, tzinfo=UTC), 1000)]
    assert list(seen) == every
    assert looks <= 4, "every look reads on"
