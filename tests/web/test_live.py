"""What happens, as it happens: over a real line, to whom it concerns, and from where somebody left off."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from adapters.access.tokens import Scope
from adapters.happening import Place
from models.vocabulary import Role, Status
from tests.store.desks import Office
from tests.web.conftest import QUICK
from web import live, people
from web.app import make_app
from web.house import House
from web.serving import Place as Where
from web.serving import serving

EVENTS = "/api/v1/events"


class Line:
    """Somebody who listens, in a thread of their own."""

    def __init__(self, base: str, token: str, last: str = "") -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.comments = 0
        self.ended = False
        self.status = 0
        self._ready = threading.Event()
        headers = {"authorization": f"Bearer {token}", **({"last-event-id": last} if last else {})}
        self.thread = threading.Thread(target=self._listen, args=(base, headers), daemon=True)
        self.thread.start()
        assert self._ready.wait(10)

    def _listen(self, base: str, headers: dict[str, str]) -> None:
        place, kind = "", ""
        with httpx.stream("GET", base + EVENTS, headers=headers, timeout=30, trust_env=False) as answer:
            self.status = answer.status_code
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "retry":
                    self._ready.set()
                elif line.startswith(":"):
                    self.comments += 1
                elif name == "id":
                    place = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    self.heard.append((place or kind, json.loads(value)))
                    place, kind = "", ""
        self._ready.set()
        self.ended = True

    def until(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        deadline = time.monotonic() + 10
        while len(self.heard) < count:
            assert time.monotonic() < deadline, f"heard {self.heard}"
            time.sleep(0.02)
        return self.heard


@contextmanager
def desk(office: Office) -> Iterator[tuple[House, str]]:
    house = House.of(office.desk, hasher=QUICK)
    with serving(make_app(house), Where("127.0.0.1", 0)) as base:
        yield house, base


def token(house: House, person: str, *scopes: Scope) -> str:
    return house.tokens.make(person, "测试", scopes or tuple(Scope), "administrator")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK", 0.02)
    monkeypatch.setattr(live, "BEAT", 0.2)


def test_who_listens_hears_what_happens_to_the_cases_they_see(office: Office) -> None:
    with desk(office) as (house, base):
        before = office.a_case(Status.ASSIGNED)
        clerk, handler, other = (Line(base, token(house, who)) for who in ("clerk", "handler", "other-handler"))
        office.moments.wait(seconds=1)
        mine = office.a_case(Status.ASSIGNED)
        office.moments.wait(seconds=1)
        office.act(before, Role.CLERK, "note", text="金丝雀")
        heard = clerk.until(4)
        assert [told["event"] for _, told in heard] == ["registered", "accepted", "assigned", "noted"]
        assert {told["case"] for _, told in heard[:3]} == {mine}
        assert set(heard[0][1]) == {"case", "kind", "seq", "event", "at", "status"}
        assert "金丝雀" not in json.dumps(heard, ensure_ascii=False)
        # Of the registration the handler hears only where it was read when the case was theirs already.
        handler.until(2)
        while handler.heard[-1][1]["event"] != "noted":
            handler.until(len(handler.heard) + 1)
        assert {told["case"] for _, told in handler.heard} == {mine, before}
        assert other.heard == [], "another unit hears nothing"


def test_who_lost_the_line_goes_on_where_they_left_off(office: Office) -> None:
    with desk(office) as (house, base):
        whose = token(house, "clerk")
        line = Line(base, whose)
        case = office.register()
        office.moments.wait(seconds=1)
        office.act(case, Role.CLERK, "accept")
        (first, _), (second, _) = line.until(2)
        office.moments.wait(minutes=40)
        office.act(case, Role.CLERK, "note")
        again = Line(base, whose, first)
        assert [told["event"] for _, told in again.until(2)[:2]] == ["accepted", "noted"]
        assert again.heard[0][0] == second
        assert Line(base, whose, "nonsense").until(1) == [("anew", {})]


def test_who_missed_too_much_is_told_to_look_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 3)
    with desk(office) as (house, base):
        case = office.register()
        start = Place(office.moments.now(), case, 0)
        for _ in range(4):
            office.act(case, Role.CLERK, "note")
        assert Line(base, token(house, "clerk"), str(start)).until(1) == [("anew", {})]


def test_a_line_lives_until_the_session_ends_and_no_longer(office: Office) -> None:
    with desk(office) as (house, base):
        made = token(house, "clerk")
        line = Line(base, made)
        time.sleep(0.5)
        assert line.comments
        house.tokens.revoke(house.tokens.every()[0].id)
        line.thread.join(10)
        assert line.ended
        assert Line(base, made).status == 401
        assert Line(base, token(house, "clerk", Scope.INTAKE)).status == 403


def test_where_there_always_is_news_whoever_is_shut_out_does_not_listen_on(office: Office) -> None:
    with desk(office) as (house, base):
        line = Line(base, token(house, "clerk"))
        case = office.register()
        house.tokens.revoke(house.tokens.every()[0].id)
        deadline = time.monotonic() + 10
        while not line.ended:
            office.moments.wait(seconds=1)
            office.act(case, Role.CLERK, "note")
            assert time.monotonic() < deadline


def test_a_line_hears_by_the_roles_that_its_person_has_by_now(office: Office) -> None:
    with desk(office) as (house, base):
        case = office.a_case(Status.ASSIGNED)
        line, clerk = Line(base, token(house, "handler")), Line(base, token(house, "clerk"))
        moved = office.asking("organisation", "administrator", "change_person", person="handler", unit="liuxi")
        office.door.perform([moved])
        beats = line.comments
        while line.comments < beats + 2:
            time.sleep(0.02)
        office.moments.wait(seconds=1)
        office.act(case, Role.CLERK, "note")
        clerk.until(1)
        again = line.comments
        while line.comments < again + 2:
            time.sleep(0.02)
        assert line.heard == [], "another unit's case by now"


def test_a_line_does_not_use_up_the_calls_of_its_token(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "BY_TOKEN", 2)
    with desk(office) as (house, base):
        made = token(house, "clerk")
        line = Line(base, made)
        while line.comments < 4:
            time.sleep(0.02)
        bearer = {"authorization": f"Bearer {made}"}
        assert httpx.get(f"{base}/api/v1/me", headers=bearer, trust_env=False).status_code == 200
        assert httpx.get(f"{base}/api/v1/me", headers=bearer, trust_env=False).status_code == 429


def test_many_who_listen_each_hear_everything_once(office: Office) -> None:
    with desk(office) as (house, base):
        made = token(house, "clerk")
        lines = [Line(base, made) for _ in range(30)]
        case = office.register()
        for _ in range(5):
            office.moments.wait(seconds=1)
            office.act(case, Role.CLERK, "note")
        for line in lines:
            assert [told["seq"] for _, told in line.until(6)] == [1, 2, 3, 4, 5, 6]


def test_a_console_that_is_stopped_keeps_nobody_waiting(office: Office) -> None:
    with desk(office) as (house, base):
        line = Line(base, token(house, "clerk"))
        began = time.monotonic()
    line.thread.join(10)
    assert line.ended
    assert time.monotonic() - began < 4, "open lines would hold a stop up for five seconds"


@pytest.mark.parametrize(
    "text", ["", "x", "2026-01-01T00:00:00Z~a", "2026-01-01T00:00:00~a~1", "~~", "2026-01-01T00:00:00Z~a~" + "9" * 300]
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_a_place_is_read_as_it_was_written(office: Office) -> None:
    place = Place(office.moments.now(), "XF2026000001-R1", 7)
    assert Place.read(str(place)) == place
