"""What Prometheus reads: the ledger in figures, what is counted at the door, and that none of it tells of a person."""

import asyncio
import socket
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.error import HTTPError

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from adapters.desk import Desk
from adapters.observing.health import BEHIND, Ready, Word, readiness
from adapters.observing.ledger_figures import FRESH, SETTLED, LedgerFigures
from adapters.observing.meters import Meters
from adapters.observing.port import PortTakenError, observed, place_of
from adapters.observing.pulse import STILL, Pulse
from models.refusals import Refused
from models.vocabulary import Kind, Light, Status
from tests.core.builders import a_loss
from tests.store.desks import Office

LABELS: Final = {
    "banjie_cases_open": {"kind", "status", "light"},
    "banjie_door_orders": {"outcome"},
    "banjie_http_seconds": {"method", "status"},
    "banjie_letters": {"fate"},
    "banjie_relay_signals": {"outcome"},
    "banjie_build": {"version"},
}
"""Every label there is; each has few values, all of them words of the program."""


class Ticks:
    """A clock for what is kept a while."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def figures(registry: CollectorRegistry) -> dict[str, float]:
    """The samples of a registry that have no labels, by name."""
    return {each.name: each.value for family in registry.collect() for each in family.samples if not each.labels}


def test_the_ledger_is_told_as_it_is(office: Office) -> None:
    ticks = Ticks()
    ledger = LedgerFigures(office.desk, ticks)
    registry = CollectorRegistry()
    registry.register(ledger)
    empty = figures(registry)
    assert (empty["banjie_ledger_readable"], empty["banjie_alarms_late"]) == (1, 0)
    cases = [office.register(), office.register(), office.a_case(Status.ASSIGNED)]
    assert figures(registry) == empty, "asked again at once, it tells the same without asking the database"
    ticks.at += FRESH
    found = figures(registry)
    assert found["banjie_outbox_waiting"] == len(office.outbox())
    assert found["banjie_chain_events"] == sum(len(office.names(each)) for each in (*cases, "organisation"))
    opened = [each for each in registry.collect() if each.name == "banjie_cases_open"]
    told = {tuple(each.labels.values()): each.value for family in opened for each in family.samples}
    assert told[Kind.PETITION, Status.REGISTERED, Light.GREEN] == 2
    assert told[Kind.PETITION, Status.ASSIGNED, Light.GREEN] == 1


def test_what_waits_is_told_with_how_long_it_waits_also_where_newer_facts_replaced_the_older(office: Office) -> None:
    case = office.a_case(Status.ACCEPTED)
    office.moments.wait(seconds=40)
    office.act(case, "dispatcher", "note", text="仍在等待")
    ledger = LedgerFigures(office.desk)
    found = {each.name: each.samples[0].value for each in ledger.collect() if each.samples}
    assert found["banjie_outbox_oldest_seconds"] == 40


def test_a_late_alarm_and_a_letter_that_did_not_arrive_are_counted(office: Office) -> None:
    case = office.a_case(Status.ACCEPTED)
    office.act(case, "engine", "record_outcome", **a_loss(office.case(case), "failed"))
    alarm = office.case(case).alarm
    assert alarm
    office.moments.at = alarm.at + timedelta(seconds=61)
    found = {each.name: each.samples[0].value for each in LedgerFigures(office.desk).collect() if each.samples}
    assert (found["banjie_alarms_late"], found["banjie_letters_unsettled"]) == (1, 1)


def test_the_chain_is_counted_whole_once_and_then_by_what_came_since(office: Office) -> None:
    ticks = Ticks()
    ledger = LedgerFigures(office.desk, ticks)

    def height() -> float:
        ticks.at += FRESH
        return next(each.samples[0].value for each in ledger.collect() if each.name == "banjie_chain_events")

    before = height()
    for number in range(1, 6):
        office.register()
        assert height() == before + number
        office.moments.wait(seconds=SETTLED.total_seconds() / 2)
        assert height() == before + number


def test_a_ledger_that_cannot_be_read_is_told_and_nothing_else(small_office: Office) -> None:
    registry = CollectorRegistry()
    registry.register(LedgerFigures(small_office.desk))
    with small_office.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE outbox")
    assert figures(registry) == {"banjie_ledger_readable": 0}


def test_the_door_counts_how_what_was_brought_ended(office: Office) -> None:
    meters = office.door.meters = Meters()
    case = office.register()
    with pytest.raises(Refused):
        office.act(case, "handler", "approve")
    counted = {name: each._value.get() for name, each in meters.orders.items()}
    assert counted == {"accepted": 1, "refused": 1, "failed": 0}
    assert figures(meters.registry)["banjie_door_seconds_count"] == 2


def test_labels_are_words_of_the_program_and_never_tell_of_a_case_or_a_person(office: Office) -> None:
    meters = office.door.meters = Meters(office.desk)
    office.register(summary="金丝雀不该在此")
    meters.answered("GET", 200, 0.01)
    meters.answered("金丝雀", 404, 0.01)
    for family in meters.registry.collect():
        if not family.name.startswith("banjie_"):
            continue
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == LABELS.get(family.name, set()), family.name
            assert not any("金丝雀" in each or each.startswith("XF") for each in sample.labels.values())


def asked(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=10) as answer:  # noqa: S310 - the port just opened
            return answer.status, answer.read().decode()
    except HTTPError as fault:
        with fault:
            return fault.code, fault.read().decode()


def bound(desk: Desk, bind: str) -> Desk:
    return replace(desk, settings=desk.settings.model_copy(update={"metrics_bind": bind}))


def test_without_a_setting_nothing_is_opened_and_nothing_counted(small_office: Office) -> None:
    with observed(small_office.desk) as address:
        assert address is None
        assert small_office.door.meters is None


def test_a_process_serves_its_figures_and_its_health_on_a_port_of_its_own(small_office: Office) -> None:
    desk = bound(small_office.desk, "0")
    with observed(desk) as address:
        assert address
        assert address.startswith("http://127.0.0.1:"), "loopback unless told"
        small_office.register()
        status, text = asked(address, "/metrics")
        names = {each.name for each in text_string_to_metric_families(text)}
        assert status == 200
        assert {"banjie_cases_open", "banjie_door_seconds", "banjie_relay_lag_seconds", "banjie_letters"} <= names
        assert asked(address, "/healthz") == (200, "ok\n")
        assert asked(address, "/readyz") == (200, "ok\n")
        assert asked(address, "/")[0] == 404
    assert small_office.door.meters is None


def test_a_port_that_is_taken_is_said_in_both_languages(small_office: Office) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(PortTakenError) as fault, observed(bound(small_office.desk, f"{taken}")):
            pass
    assert str(taken) in fault.value.zh
    assert "BANJIE_METRICS_BIND" in fault.value.en


@pytest.mark.parametrize(
    ("bind", "place"),
    [
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:9464", ("0.0.0.0", 9464)),  # noqa: S104 - whoever writes this wants it
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_a_port_alone_is_this_machines(bind: str, place: tuple[str, int]) -> None:
    assert place_of(bind) == place


def test_facts_that_do_not_get_through_make_it_degraded_never_unready(office: Office) -> None:
    assert readiness(office.desk) is Word.OK
    office.register()
    office.moments.wait(seconds=BEHIND.total_seconds() + 1)
    assert readiness(office.desk) is Word.DEGRADED


def test_another_schema_and_a_lost_key_make_it_bad(small_office: Office) -> None:
    ticks = Ticks()
    ready = Ready(small_office.desk, ticks)
    assert ready.word() is Word.OK
    with small_office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert ready.word() is Word.OK, "an answer is kept a moment, so that nobody can keep the database busy by asking"
    ticks.at += 2
    assert ready.word() is Word.BAD


def test_a_worker_whose_loop_hangs_is_bad(small_office: Office) -> None:
    ticks = Ticks()
    pulse = Pulse(ticks)
    desk = replace(small_office.desk, pulse=pulse)
    assert readiness(desk) is Word.OK, "without a worker there is no pulse to miss"
    pulse.beat()
    ticks.at += STILL + 1
    assert readiness(desk) is Word.BAD
    with observed(bound(desk, "0")) as address:
        assert address
        assert asked(address, "/healthz") == (503, "bad\n")
    pulse.beat()
    assert readiness(desk) is Word.OK


async def test_systemd_hears_that_a_worker_is_ready_and_that_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        pulse = Pulse()
        beating = asyncio.create_task(pulse.run())
        assert await asyncio.to_thread(line.recv, 100) == b"READY=1\nWATCHDOG=1"
        assert pulse.working
        beating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await beating
        assert not pulse.working
