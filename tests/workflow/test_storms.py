"""The ninth filing is known at the second: nine filings of one town in two days, told to a leader at the third."""

import asyncio
import contextlib
import itertools
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from adapters import queries
from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from adapters.intake import intake
from adapters.similar.storms import Comparing
from models.case import Case
from models.refusals import NamedParty
from models.vocabulary import Kind, Status
from tests.workflow.desks import Office, a_desk, client_of, running

NINE: Final = (
    ("letter", "白马乡白马村", "王某养猪场夜间排放臭气，熏得村民睡不着"),
    ("system", "白马乡白马村", "白马村养猪的王某某家猪粪乱堆，恶臭难闻"),
    ("hotline", "白马乡白马村", "王某养猪场臭味很大，晚上不敢开窗"),
    ("national", "白馬鄉白馬村", "王某養豬場半夜排放臭氣，老人小孩受不了"),
    ("phone", "白马乡白马村", "王某养猪场夜间排放嗅气，熏得村民睡不着觉"),
    ("letter", "白马乡白马村", "白马村王某的养殖场粪水直排，异味刺鼻"),
    ("system", "白马乡白马村", "投诉王某养猪场：夜间臭味扰民，多次反映无果"),
    ("national", "白马乡白马村", "王×养猪场气味刺鼻，请求尽快查处"),
    ("hotline", "白马乡白马村", "白马村养猪场（王某）夜间又在排臭气"),
)


def watches(office: Office) -> list[Case]:
    return list(queries.listed(office.desk.database, queries.Filter(kind=Kind.WATCH)))


def seen(office: Office, cases: set[str]) -> bool:
    """Whether all of them are seen by some watch."""
    return cases <= {each.case for watch in watches(office) for each in watch.sightings}


def channel_of(office: Office, name: str) -> str:
    policy = next(iter(office.desk.world().policies.values()))
    return name if name in policy.channels else next(iter(policy.channels))


async def test_nine_filings_of_one_town_reach_a_leader_at_the_third_and_once_for_each_threshold(
    tmp_path: Path, database_url: str, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", database_url, temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(desk):
        client = await client_of(desk)
        cases: list[str] = []
        letters: list[str] = []
        envelopes = itertools.count(1)
        # The worker is taken away in the middle: what was registered meanwhile is compared by the next one.
        for part in (NINE[:3], NINE[3:6], NINE[6:]):
            async with running(desk, client) as office:
                office.envelopes = envelopes
                for channel, place, summary in part:
                    cases.append(
                        await office.petition(channel=channel_of(office, channel), place=place, summary=summary)
                    )
                await office.until(partial(seen, office, set(cases)), "every filing is seen")
                await office.settled()
                (watch,) = [each for each in watches(office) if each.status is not Status.MERGED]
                assert watch.status is Status.STORM, "three within a day"
                told = [each.threshold for each in watch.alerts]
                assert told == (["day"] if len(cases) == 3 else ["day", "week"])
                letters = [name for name in office.letters() if name.startswith(watch.id)]
                assert len(letters) == len(told), "one letter for each threshold"
                assert office.letters() == office.letters_owed()
            cases_seen = [each.case for each in watch.sightings]
            assert sorted(cases_seen) == sorted(cases)
        text = (desk.tray / f"{letters[0]}.txt").read_text(encoding="utf-8")
        assert cases[0] in text
        assert "集中来件" in text


async def test_one_petitioner_by_three_channels_is_a_storm_and_nothing_tells_who_it_is(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        channels = list(next(iter(desk.world().policies.values())).channels)[:3]
        for n, channel in enumerate(channels):
            fields = {"channel": channel, "place": "白马乡白马村", "summary": NINE[n][2]}
            secret = {"petitioner": "李四", "contact": "13900000000"}
            await asyncio.to_thread(intake, desk, fields, actor="clerk", key=f"k{n}", secret=secret)
        comparing = Comparing(desk)
        while await asyncio.to_thread(comparing.once):
            pass
        (watch,) = queries.listed(desk.database, queries.Filter(kind=Kind.WATCH))
        assert max(each.platforms for each in watch.sightings) == 3
        assert "platforms" in {each.threshold for each in watch.alerts}
        assert "13900000000" not in watch.model_dump_json()


async def test_two_watches_that_turn_out_to_be_of_one_matter_become_one(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        pairs = [
            ("白马乡白马村", "王某养猪场夜间排放臭气"),
            ("白马乡石桥村", "兴隆砖厂半夜机器轰鸣"),
        ]
        cases = [
            await office.petition(place=place, summary=f"{summary}{more}")
            for place, summary in pairs
            for more in ("", "，请查处")
        ]
        comparing = Comparing(desk)
        while await asyncio.to_thread(comparing.once):
            pass
        assert len(watches(office)) == 2
        # People know better: it is one owner's doing.
        for case in (cases[0], cases[2]):
            await office.perform("accept", "clerk", case)
        await office.perform("join", "clerk", cases[2], leading=cases[0])
        while await asyncio.to_thread(comparing.once):
            pass
        merged, left = sorted(watches(office), key=lambda each: each.status is not Status.MERGED)
        assert (merged.status, merged.merged_into) == (Status.MERGED, left.id)
        assert sorted(each.case for each in left.sightings) == sorted(cases)


async def test_only_one_worker_compares_at_a_time_and_comparing_again_changes_nothing(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        for _, place, summary in NINE[:3]:
            await office.petition(place=place, summary=summary)
        one, other = Comparing(desk), Comparing(desk)
        assert one.once()
        assert other.once() == 0, "the lease is the first one's"
        while one.once():
            pass
        before = [(each.id, each.seq) for each in watches(office)]
        again = Comparing(desk)
        again._name, again._begun = one._name, lambda: desk.moments.now() - timedelta(days=1)  # type: ignore[method-assign]
        assert again.once()
        assert [(each.id, each.seq) for each in watches(office)] == before


async def test_a_worker_that_ends_leaves_its_turn_to_the_next_but_not_in_the_middle_of_a_look(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        one, other = Comparing(desk), Comparing(desk)
        assert one._leased()
        assert not other._leased()
        with one._busy:
            one.let_go()
            assert not other._leased(), "its look goes on in a thread"
        loop, looked = asyncio.get_running_loop(), asyncio.Event()

        def look() -> int:
            loop.call_soon_threadsafe(looked.set)
            return 0

        one.once = look  # type: ignore[method-assign]
        at_work = asyncio.create_task(one.run())
        await looked.wait()
        at_work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await at_work
        assert other._leased()
        one.let_go()
        assert not Comparing(desk)._leased(), "what is another's is not given back"


def compared(desk: Desk, comparing: Comparing | None = None) -> Comparing:
    comparing = comparing or Comparing(desk)
    while comparing.once():
        pass
    return comparing


def filings(office: Office) -> list[set[str]]:
    return [{each.case for each in watch.sightings} for watch in watches(office) if watch.status is not Status.MERGED]


async def test_what_people_say_is_not_the_same_leaves_the_watch_and_comes_back_when_they_take_it_back(
    tmp_path: Path,
) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        one, two, three = [await office.petition(place=place, summary=summary) for _, place, summary in NINE[:3]]
        comparing = compared(desk)
        assert filings(office) == [{one, two, three}]
        await office.perform("not_same", "clerk", three, other=one)
        compared(desk, comparing)
        assert filings(office) == [{one, two}], "though it is like the other one still"
        await office.perform("supplement", "clerk", two, text="补充材料")
        await office.perform("correct", "clerk", two, reason="补正", summary=NINE[1][2] + "。")
        compared(desk, comparing)
        assert filings(office) == [{one, two}], "and no other filing brings it back"
        await office.perform("maybe_same", "clerk", three, other=one)
        compared(desk, comparing)
        assert filings(office) == [{one, two, three}]


async def test_a_parted_petition_stays_with_a_watch_only_where_it_is_like_something_there(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        one, two = [await office.petition(place=place, summary=summary) for _, place, summary in NINE[:2]]
        far = await office.petition(place="青石镇大坪村", summary="兴隆砖厂半夜机器轰鸣")
        for case in (one, two, far):
            await office.perform("accept", "clerk", case)
        for case in (two, far):
            await office.perform("join", "clerk", case, leading=one)
        comparing = compared(desk)
        assert filings(office) == [{one, two, far}], "people know better than words"
        for case in (two, far):
            await office.perform("part", "clerk", case)
        compared(desk, comparing)
        assert filings(office) == [{one, two}]
        (watch,) = watches(office)
        assert [each.threshold for each in watch.alerts] == ["day"], "what was told stays told"


async def test_watches_that_people_keep_apart_do_not_become_one(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        farm = [await office.petition(place=place, summary=summary) for _, place, summary in NINE[:2]]
        works = [
            await office.petition(place="青石镇大坪村", summary=f"兴隆砖厂半夜机器轰鸣{more}")
            for more in ("", "，请查处")
        ]
        comparing = compared(desk)
        for case in (farm[0], works[0]):
            await office.perform("accept", "clerk", case)
        await office.perform("not_same", "clerk", farm[1], other=works[1])
        await office.perform("join", "clerk", works[0], leading=farm[0])
        compared(desk, comparing)
        assert sorted(map(sorted, filings(office))) == sorted([sorted(farm), sorted(works)])


async def test_whoever_a_filing_names_neither_hears_nor_sees_nor_answers_the_watch(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        comparing = Comparing(desk)
        for place, summary in ((place, summary) for _, place, summary in NINE[:2]):
            await office.petition(place=place, summary=summary)
        compared(desk, comparing)
        (watch,) = watches(office)
        everybody = {person.id for person in desk.world().organisation.people}  # type: ignore[union-attr]
        case = await office.petition(place=NINE[2][1], summary=NINE[2][2], named=["deputy", "stand_in"])
        compared(desk, comparing)
        (watch,) = watches(office)
        assert (watch.status, set(watch.named)) == (Status.STORM, {"deputy", "stand_in"})
        history = queries.history(desk.database, watch.id)
        heard = {to for each in history for reaction in each.event.reactions for to in reaction.to}
        assert heard
        assert heard <= everybody - {"deputy", "stand_in"}
        with pytest.raises(NamedParty):
            await office.perform("answer_storm", "stand_in", watch.id, text="已阅")
        # Named later: told to the watch too, though it adds no filing.
        await office.perform("correct", "clerk", case, reason="补正", named=["deputy", "stand_in", "magistrate"])
        compared(desk, comparing)
        assert "magistrate" in watches(office)[0].named


async def test_a_matter_whose_watch_was_merged_gets_another_one_and_a_parted_filing_one_of_its_own(
    tmp_path: Path,
) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        office = Office(desk, None)  # type: ignore[arg-type]
        noise = [  # one works, told twice
            await office.petition(place="青石镇大坪村", summary=f"兴隆石材厂半夜切割石头轰鸣{more}")
            for more in ("", "，请查处")
        ]
        pigs = [await office.petition(place=place, summary=summary) for _, place, summary in NINE[:2]]
        for case in (noise[0], pigs[0]):
            await office.perform("accept", "clerk", case)
        comparing = compared(desk)
        await office.perform("join", "clerk", noise[0], leading=pigs[0])
        compared(desk, comparing)
        assert filings(office) == [{*noise, *pigs}]
        await office.perform("part", "clerk", noise[0])
        for one in noise:
            for other in pigs:
                await office.perform("not_same", "clerk", one, other=other)
        compared(desk, comparing)
        more = await office.petition(place="青石镇大坪村", summary="兴隆石材厂通宵切割石头，轰鸣吵闹")
        compared(desk, comparing)
        assert sorted(map(sorted, filings(office))) == sorted([sorted(pigs), sorted([*noise, more])])


async def test_only_channels_of_this_matter_within_the_window_count_for_one_petitioner(tmp_path: Path) -> None:
    desk = await asyncio.to_thread(a_desk, tmp_path / "desk")
    with contextlib.closing(desk):
        channels = list(next(iter(desk.world().policies.values())).channels)[:4]
        secret = {"petitioner": "李四", "contact": "13900000000"}
        told = [
            (channels[0], "青石镇大坪村", "兴隆砖厂半夜机器轰鸣"),
            (channels[1], "赤岭乡石桥村", "电镀厂废水直排河里"),
            (channels[2], NINE[0][1], NINE[0][2]),
            (channels[3], NINE[1][1], NINE[1][2]),
        ]
        for n, (channel, place, summary) in enumerate(told):
            fields = {"channel": channel, "place": place, "summary": summary}
            await asyncio.to_thread(intake, desk, fields, actor="clerk", key=f"k{n}", secret=secret)
        compared(desk)
        (watch,) = queries.listed(desk.database, queries.Filter(kind=Kind.WATCH))
        assert max(each.platforms for each in watch.sightings) == 2, "noise and water are other matters"
        assert watch.alerts == ()
