"""Patrols and the weather in the console: opened, owed, recorded, missed; the weather told by hand and from a table."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters import queries
from adapters.patrols import patrols, stations
from adapters.queries import Filter
from models.clocks import Alarm
from models.envelope import Envelope
from models.vocabulary import Kind, Status
from tests.store.desks import Office, an_envelope
from tests.store.test_weather import a_sheet
from tests.web.conftest import Console
from web.patrols import SHOWN


def ring(office: Office, case: str, alarm: Alarm) -> None:
    """Ring as the case's process manager does."""
    told = {"clock": alarm.clock, "rung": alarm.rung, "due_at": alarm.at.isoformat()}
    given = {"id": f"ring-{case}-{alarm.clock}-{alarm.rung}-{alarm.at}", "case": case, "actor": "clock"}
    office.door.perform([Envelope.model_validate({**given, "command": "ring", "data": told})], trusted=True)


PATROL: dict[str, Any] = {
    "title": "青石锑业",
    "place": "青石镇河口村",
    "unit": "qingshi",
    "handler": "handler",
    "leader": "stand-in",
}


async def test_a_patrol_is_opened_owed_on_ones_page_recorded_on_the_spot_and_its_misses_are_counted(
    console: Console,
) -> None:
    office = console.office
    dispatcher = await console.logged_in("dispatcher")
    await dispatcher.go("/patrols")
    assert "没有企业巡查" in dispatcher.words
    await dispatcher.go("/weather")
    await dispatcher.send("/weather", title="青石镇", spot="26.40,112.85")
    (station,) = stations(office.database)
    await dispatcher.go("/weather")
    await dispatcher.send(f"/weather/{station.id}", sky="heavy_rain", mm="12.5", by_whom="县气象局")
    assert "县气象局" in (await dispatcher.go("/weather")).words
    await dispatcher.go("/patrols")
    await dispatcher.send("/patrols", **PATROL, station="W2026000077")
    assert "青石锑业" in dispatcher.answer.text, "nothing that was typed is lost"
    assert dispatcher.answer.status_code == 404
    await dispatcher.send("/patrols", **PATROL, station=station.id)
    assert dispatcher.answer.status_code == 303
    (patrol,) = patrols(office.database, Filter(kind=Kind.PATROL))
    assert patrol.sky == "heavy_rain"

    handler = await console.logged_in("handler")
    assert "应巡查的企业" in (await handler.go("/")).words
    assert "青石锑业" in handler.words
    await handler.go(f"/cases/{patrol.id}")
    await handler.send(f"/cases/{patrol.id}/do/record_patrol", text="雨水口正常", sound="yes")
    assert "本时段已巡查，下一时段" in (await handler.go(f"/cases/{patrol.id}")).words
    assert "应巡查的企业" not in (await handler.go("/")).words, "what is done is not owed"
    beside = {"text": "补记上午", "sound": "no", "been_at": "2026-03-02T08:30"}
    await handler.go(f"/cases/{patrol.id}")
    await handler.send(f"/cases/{patrol.id}/do/record_patrol", **beside)
    told = queries.history(office.database, patrol.id)[-1].event
    assert (told.name, told.said["sound"], told.said["been_at"]) == ("patrolled_beside", False, "2026-03-02T00:30:00Z")
    office.moments.wait(hours=30)
    while (alarm := office.case(patrol.id).alarm) and alarm.at <= office.moments.now():
        ring(office, patrol.id, alarm)
    assert office.case(patrol.id).slots_missed == 3
    await handler.go(f"/cases/{patrol.id}")
    assert "▲ 漏巡" in handler.words
    assert "▲ 3" in (await handler.go("/patrols")).words


async def test_the_weather_comes_from_a_table_rehearsed_first(console: Console, tmp_path: Path) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/weather")
    await clerk.send("/weather", title="青石镇")
    now = console.office.moments.now() - timedelta(hours=3)
    content = a_sheet(tmp_path, ("青石镇", f"{now + timedelta(hours=8):%Y-%m-%d %H:%M}", "中雨", "3")).read_bytes()
    for deed, told in (("try", "预演，没有写入"), ("import", "已导入")):
        given = {"csrf": await clerk.mark(), "deed": deed}
        clerk.answer = await clerk.client.post("/weather/import", data=given, files={"file": ("w.xlsx", content)})
        assert f"{told}：共 1 行，登记 1，已有 0" in clerk.words
    (station,) = stations(console.office.database)
    assert (station.observed and station.observed.sky) == "rain"
    assert "久无观测" not in (await clerk.go("/weather")).words
    console.office.moments.wait(days=2)
    assert "久无观测" in (await clerk.go("/weather")).words
    given = {"csrf": await clerk.mark(), "deed": "import"}
    clerk.answer = await clerk.client.post("/weather/import", data=given, files={"file": ("w.xlsx", b"PK")})
    assert clerk.answer.status_code == 422


async def test_whoever_opens_none_and_tells_nothing_is_refused(console: Console, tmp_path: Path) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/weather")
    await clerk.send("/weather", title="青石镇")
    (station,) = stations(console.office.database)
    for person in ("auditor", "reviewer"):
        browser = await console.logged_in(person)
        given = {"csrf": await browser.mark(), **PATROL}
        assert (await browser.client.post("/patrols", data=given)).status_code == 403
        assert (await browser.client.post("/weather", data=given)).status_code == 403
        given["sky"] = "rain"
        assert (await browser.client.post(f"/weather/{station.id}", data=given)).status_code == 403
        files = {"file": ("w.xlsx", a_sheet(tmp_path).read_bytes())}
        assert (await browser.client.post("/weather/import", data=given, files=files)).status_code == 403
    (after,) = stations(console.office.database)
    assert after.seq == station.seq


async def test_what_happened_to_a_patrol_and_its_station_is_told_with_its_point(console: Console) -> None:
    office = console.office
    dispatcher = await console.logged_in("dispatcher")
    await dispatcher.go("/weather")
    await dispatcher.send("/weather", title="青石镇站")
    (station,) = stations(office.database)
    await dispatcher.go("/weather")
    await dispatcher.send(f"/weather/{station.id}", sky="heavy_rain")
    await dispatcher.go("/patrols")
    assert "青石镇站" in dispatcher.form("/patrols"), "the station is chosen by its name"
    assert "现场责任人" in dispatcher.form("/patrols")
    await dispatcher.send("/patrols", **PATROL, station=station.id)
    (patrol,) = patrols(office.database, Filter(kind=Kind.PATROL))
    assert "天气：大雨及以上" in (await dispatcher.go(f"/weather/{station.id}")).words or (
        "天气：大雨及以上" in (await dispatcher.go(f"/cases/{station.id}")).words
    )
    told = (await dispatcher.go(f"/cases/{patrol.id}")).words
    assert "气象站点：W2026000001" in told
    assert "督导责任领导：" in told
    signed_off = office.a_case(Status.SIGNED_OFF)
    await dispatcher.go(f"/cases/{signed_off}")
    await dispatcher.send(
        f"/cases/{signed_off}/do/order_look_back", station=station.id, look_back_on="heat", text="看有无臭味"
    )
    assert "遇此天气回头看：高温" in (await dispatcher.go(f"/cases/{signed_off}")).words


async def test_a_station_tells_how_many_go_by_its_weather_and_never_which(console: Console) -> None:
    office = console.office
    station = office.door.perform([an_envelope("register_station", "clerk", id="s1", title="青石镇")])[0].case
    about = office.a_case(Status.SIGNED_OFF, named=["other-handler", "administrator"])
    office.act(about, "dispatcher", "order_look_back", station=station, look_back_on="heavy_rain")
    office.act(station, "clerk", "observe_weather", sky="heavy_rain")
    assert office.case(station).listeners == (about,)
    events = queries.history(office.database, station)
    assert any(each.case == about for told in events for each in told.event.reactions)
    for person in ("other-handler", "administrator", "dispatcher"):
        reader = await console.logged_in(person)
        for path in ("", "/print", "/history"):
            assert about not in (await reader.client.get(f"/cases/{station}{path}")).text, (person, path)
    for person in ("other-handler", "dispatcher"):
        api = console.machine(person)
        found = await api.get(f"/api/v1/cases/{station}")
        told = await api.get(f"/api/v1/cases/{station}/history")
        assert about not in found.text + told.text, person
        assert found.json()["listeners"] == 1
        assert [each["event"]["name"] for each in told.json()["events"]].count("listener_joined") == 1


async def test_of_many_patrols_the_page_lists_what_is_owed_first_says_how_many_there_are_and_finds_the_newest(
    console: Console,
) -> None:
    office, many = console.office, SHOWN + 5
    each = [{**PATROL, "title": f"企业{number:03}号", "site": None} for number in range(many)]
    opened = [an_envelope("open_patrol", "dispatcher", id=f"p{place}", **fields) for place, fields in enumerate(each)]
    receipts = office.door.perform(opened)
    office.moments.wait(days=1)
    office.act(receipts[0].case, "handler", "record_patrol", text="正常", sound=True)
    assert office.case(receipts[0].case).slots_done == 1
    dispatcher = await console.logged_in("dispatcher")
    page = await dispatcher.go("/patrols")
    rows = [number for number in range(many) if f"企业{number:03}号" in page.html]
    assert len(rows) == SHOWN
    assert 0 not in rows, "what was done this slot comes after what is owed"
    assert f"共 {many} 处，仅列最先到期的 {SHOWN} 处" in page.words
    assert len(gzip.compress(page.html.encode())) < 10 * 1024
    assert f"企业{many - 1:03}号" in (await dispatcher.go(f"/patrols?q=企业{many - 1:03}号")).html
    assert "仅列最先到期" not in dispatcher.words
    told = (await console.machine("dispatcher").get("/api/v1/patrols")).json()["patrols"]
    assert {each["case"] for each in told} == {each.case for each in receipts}
