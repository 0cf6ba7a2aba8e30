"""A year's table, an approved order: every due date is derived anew, and says from where to where and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.calendars import AllDays, Calendar, Year
from models.case import Case
from models.clocks import MoveKind
from models.derivation import derivation, due_words
from models.refusals import AlreadyOpen, NothingOpen
from models.standing import spans_of, stream_of, with_stream
from models.standing_refusals import (
    BadName,
    EveryDay,
    NoAuthority,
    OlderTable,
    OrderBackdated,
    OrderDates,
    OrderLong,
    OrderUnseen,
    WrongName,
)
from models.vocabulary import Flag, Kind, Light, Role, Status
from models.world import Actor, World
from tests.core.builders import (
    SPANS,
    START,
    Story,
    a_case,
    a_command,
    a_policy,
    a_story,
    a_table,
    a_world,
    an_actor,
    an_order,
    refused,
    shanghai,
    the_clock,
)

S, R = Status, Role
ENGINE = Role.ENGINE


def spring(year: int = 2027, version: str = "1") -> Year:
    """A Spring Festival from Saturday 6 to Friday 12 February 2027, made up for on 30 January and 20 February."""
    off = {date(year, 2, day): "春节" for day in range(8, 13)}
    return a_table(year, version=version, off=off, work={date(2027, 1, 30): "春节", date(2027, 2, 20): "春节"})


def under(world: World, *tables: Year) -> World:
    calendar = world.calendars["statutory"]
    for table in tables:
        calendar = calendar.with_year(table)
    return replace(world, calendars={**world.calendars, "statutory": calendar})


def recounted(story: Story, *tables: Year) -> Story:
    story.world = under(story.world, *tables)
    story.do(ENGINE, "recount", why="国务院办公厅关于2027年部分节假日安排的通知（第 1 版）")
    return story


# ── a year's table ──


def test_a_due_date_in_an_unpublished_year_is_provisional_until_the_table_arrives() -> None:
    story = a_story(S.ASSIGNED, at=shanghai("2027-02-01 09:00"))
    verify = the_clock(story.case, "verify")
    assert (verify.due, verify.provisional) == (shanghai("2027-02-16 00:00"), True)
    assert story.case.provisional
    assert "待国办通知" in due_words(verify)

    recounted(story, spring())
    verify = the_clock(story.case, "verify")
    # Ten working days from Tuesday 2 February: four of that week, none of the next, Monday 15 to Saturday 20.
    assert (verify.due, verify.provisional) == (shanghai("2027-02-21 00:00"), False)
    move = verify.moves[-1]
    assert (move.kind, move.before, move.after) == (
        MoveKind.RECOUNTED, shanghai("2027-02-16 00:00"), shanghai("2027-02-21 00:00"),
    )  # fmt: skip
    assert "2027年" in move.why
    assert story.events[-1].event.name == "recounted"


def test_counted_again_under_the_same_table_nothing_is_written() -> None:
    story = recounted(a_story(S.ASSIGNED, at=shanghai("2027-02-01 09:00")), spring())
    events = len(story.events)
    assert story.tell(_engine(), a_command("recount", story.case)) is None
    assert len(story.events) == events


def test_a_table_that_changes_nothing_for_a_case_writes_nothing_there() -> None:
    story = a_story(S.ASSIGNED)
    story.world = under(story.world, spring())
    assert story.tell(_engine(), a_command("recount", story.case)) is None


def test_a_table_that_settles_the_days_lifts_the_mark_though_no_date_moves() -> None:
    story = a_story(S.ASSIGNED, at=shanghai("2027-06-01 09:00"))
    before = the_clock(story.case, "verify")
    recounted(story, spring())
    verify = the_clock(story.case, "verify")
    assert (before.provisional, verify.provisional) == (True, False)
    assert before.due == verify.due


def test_a_date_that_moves_on_takes_its_light_back_and_climbs_again() -> None:
    story = a_story(S.ASSIGNED, at=shanghai("2027-02-01 09:00"))
    due = the_clock(story.case, "verify").due
    story.until(due + timedelta(hours=1))
    assert the_clock(story.case, "verify").light is Light.RED
    recounted(story, spring())
    verify = the_clock(story.case, "verify")
    assert (verify.light, verify.rung) == (Light.BLUE, "blue")
    assert [each.rung for each in verify.upcoming] == ["yellow", "red", "deputy_county", "county"]
    assert all(each.at > story.at for each in verify.upcoming)


def test_a_date_that_moves_into_the_past_rings_at_once_each_rung_with_its_own_date() -> None:
    story = recounted(a_story(S.ASSIGNED, at=shanghai("2027-02-01 09:00")), spring())
    story.until(shanghai("2027-02-17 09:00"))
    plain = a_table(2027, version="2", off={date(2027, 1, 1): "元旦"})
    recounted(story, plain)
    verify = the_clock(story.case, "verify")
    assert verify.due == shanghai("2027-02-16 00:00")
    rang = [each.event.said for _, each in story.wait(minutes=1)]
    assert [said["rung"] for said in rang if said["clock"] == "verify"] == ["yellow", "red"]


def test_what_was_left_at_a_pause_is_left_after_it_though_a_table_came_in_between() -> None:
    story = a_story(S.ASSIGNED, at=shanghai("2027-02-01 09:00"))
    story.until(shanghai("2027-02-04 12:00"))
    story.do("clerk", "ask_petitioner")
    recounted(story, spring())
    story.until(shanghai("2027-02-17 12:00"))
    story.do("clerk", "petitioner_answered")
    # Under the table seven and a half working days were left on Thursday 4 February at noon; they are left again: half
    # of Wednesday the 17th, the 18th to the worked Saturday, and Monday to Thursday.
    assert the_clock(story.case, "verify").due == shanghai("2027-02-26 00:00")


def test_a_clock_at_its_top_whose_date_stays_past_goes_on_ringing_as_it_did() -> None:
    story = a_story(S.ASSIGNED, at=shanghai("2027-02-01 09:00"))
    story.until(shanghai("2027-04-01 09:00"))
    before = the_clock(story.case, "verify")
    recounted(story, spring())
    verify = the_clock(story.case, "verify")
    assert verify.due > before.due
    assert (verify.upcoming, verify.light, verify.rung) == (before.upcoming, Light.RED, "county")


def test_an_extension_stands_on_the_date_that_was_counted_again() -> None:
    story = a_story(S.VERIFIED, channel="first_asked", at=shanghai("2027-01-20 09:00"))
    story.do("handler", "request_extension", extension_days=10).do("head", "grant_extension")
    before = the_clock(story.case, "close")
    recounted(story, spring())
    after = the_clock(story.case, "close")
    assert after.counted
    assert before.counted
    assert after.due - before.due == after.counted.at - before.counted.at
    assert [move.kind for move in after.moves] == [MoveKind.EXTENDED, MoveKind.RECOUNTED]
    assert after.moves[0].before == after.counted.at


def test_an_older_table_is_refused_and_a_newer_one_is_the_calendar() -> None:
    story = a_story(S.IN_FORCE, kind=Kind.CALENDAR)
    story.do("administrator", "publish_table", tables=(spring(),))
    refused(story, OlderTable, "administrator", "publish_table", tables=(spring(),))
    story.do("administrator", "publish_table", tables=(spring(version="2"),))
    assert story.case.calendar
    assert story.case.calendar.years[2027].version == "2"
    assert with_stream(a_world(), story.case).calendars["statutory"] == story.case.calendar
    assert [each.kind.value for each in story.events[-1].event.reactions] == ["recount"]


def test_a_stream_bears_the_name_of_what_it_is_about() -> None:
    makes = {"publish_policy": Kind.POLICY, "publish_calendar": Kind.CALENDAR, "open_campaign": Kind.CAMPAIGN}
    for command, kind in makes.items():
        nothing = Case(id="something", kind=kind, policy=a_policy().name)
        refused(Story(a_world(), nothing), WrongName, "administrator", command)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "-x", "a b", "<b>", "x" * 49])
def test_a_stream_is_called_what_can_stand_in_an_address(name: str) -> None:
    nothing = Case(id=f"campaign:{name}", kind=Kind.CAMPAIGN, policy=a_policy().name)
    refused(Story(a_world(), nothing), BadName, "administrator", "open_campaign")
    if name:
        whole = Calendar(name=name, years={})
        nothing = Case(id=f"calendar:{name}", kind=Kind.CALENDAR, policy=a_policy().name)
        refused(Story(a_world(), nothing), BadName, "administrator", "publish_calendar", calendar=whole)


def test_a_calendar_in_which_every_day_works_takes_no_years_table() -> None:
    story = a_story(S.IN_FORCE, kind=Kind.CALENDAR)
    assert story.case.calendar
    always = story.case.model_copy(update={"calendar": story.case.calendar.model_copy(update={"every_day": True})})
    refused(Story(a_world(), always), EveryDay, "administrator", "publish_table", tables=(spring(),))


def test_a_published_policy_is_part_of_the_world_and_nothing_changes_it() -> None:
    case = a_case(S.IN_FORCE, kind=Kind.POLICY)
    assert with_stream(World({}, {}), case).policies == {a_policy().name: a_policy()}
    assert stream_of(Kind.POLICY, a_policy().name) == case.id


def test_a_new_case_runs_under_the_policy_of_the_day() -> None:
    later = a_policy().model_copy(update={"name": "2027-01", "effective": date(2027, 1, 1)})
    world = replace(a_world(), policies={a_policy().name: a_policy(), later.name: later})
    assert world.policy_at(shanghai("2026-12-31 23:59")) == a_policy().name
    assert world.policy_at(shanghai("2027-01-01 00:00")) == later.name
    assert world.policy_at(shanghai("2020-01-01 00:00")) == a_policy().name, "before the first one it is the first"


# ── an approved order ──


def test_under_an_order_every_day_works_and_each_date_tells_from_where_to_where() -> None:
    story = a_story(S.ASSIGNED)
    before = the_clock(story.case, "verify")
    assert before.due == shanghai("2026-03-17 00:00")
    story.do(ENGINE, "move_to_all_days")
    verify = the_clock(story.case, "verify")
    # From Thursday 5 March on every day works: 3, 4, then 5 to 12 March.
    assert verify.due == shanghai("2026-03-13 00:00")
    assert (verify.moves[-1].before, verify.moves[-1].after) == (before.due, verify.due)
    assert Flag.ALL_DAYS in story.case.flags
    refused(story, AlreadyOpen, ENGINE, "move_to_all_days")
    story.do(ENGINE, "move_back", all_days=(SPANS[0].model_copy(update={"last": date(2026, 3, 8)}),))
    # Lifted after Sunday the 8th: 3 to 8 March are six days, then Monday to Thursday.
    assert the_clock(story.case, "verify").due == shanghai("2026-03-13 00:00")
    assert Flag.ALL_DAYS not in story.case.flags
    refused(story, NothingOpen, ENGINE, "move_back")


def test_an_order_lifted_early_gives_the_weekend_back() -> None:
    story = a_story(S.ASSIGNED).do(ENGINE, "move_to_all_days")
    story.do(ENGINE, "move_back", all_days=(SPANS[0].model_copy(update={"last": date(2026, 3, 6)}),))
    # 3 to 6 March are four days, then Monday 9 to Friday 13 and Monday 16.
    assert the_clock(story.case, "verify").due == shanghai("2026-03-17 00:00")
    kinds = [move.kind for move in the_clock(story.case, "verify").moves]
    assert kinds == [MoveKind.RECOUNTED, MoveKind.RECOUNTED]


def test_calendar_days_do_not_move_under_an_order_but_the_case_says_that_it_is_under_one() -> None:
    story = a_story(S.ACCEPTED)
    before = the_clock(story.case, "close")
    story.do(ENGINE, "move_to_all_days")
    assert the_clock(story.case, "close").due == before.due
    assert story.case.all_days == SPANS


def test_what_is_taken_in_while_the_order_is_in_force_counts_so_from_the_beginning() -> None:
    past = (AllDays(first=date(2025, 1, 1), last=date(2025, 2, 1), order="旧令"),)
    world = replace(a_world(), campaigns={"summer": SPANS, "past": past})
    story = a_story(S.ASSIGNED, world=world, campaign="summer")
    assert story.case.all_days == SPANS
    assert Flag.ALL_DAYS in story.case.flags
    assert the_clock(story.case, "verify").due == shanghai("2026-03-13 00:00")
    assert a_story(S.REGISTERED, world=world, campaign="past").case.all_days == ()
    assert a_story(S.REGISTERED, world=world, campaign="unheard-of").case.all_days == ()


def a_campaign() -> Story:
    return a_story(S.IN_FORCE, kind=Kind.CAMPAIGN)


def test_an_order_is_signed_by_a_head_dated_ahead_and_one_at_a_time() -> None:
    story = a_campaign()
    for signatory in ("clerk", "head", "other-head", "nobody"):
        refusal = refused(story, NoAuthority, "dispatcher", "order_all_days", order=an_order(signatory=signatory))
        assert "分管副县长" in refusal.zh
    for first, last in (("2026-03-31", "2026-03-05"), ("2026-02-01", "2026-03-01")):
        days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
        refused(story, OrderDates, "dispatcher", "order_all_days", order=an_order(**days))
    story.do("dispatcher", "order_all_days")
    refused(story, AlreadyOpen, "dispatcher", "order_all_days")
    assert [each.kind.value for each in story.events[-1].event.reactions] == ["move_to_all_days"]
    assert spans_of(story.case) == SPANS


def test_an_order_recorded_by_another_shows_its_scan_and_the_signatory_needs_none() -> None:
    refused(a_campaign(), OrderUnseen, "dispatcher", "order_all_days", order=an_order(scan=None))
    refused(a_campaign(), OrderUnseen, "magistrate", "order_all_days", order=an_order(scan=None))
    a_campaign().do("county-deputy", "order_all_days", order=an_order(scan=None))


def test_an_order_keeps_to_the_policys_longest_span_and_reaches_back_no_further_than_it_allows() -> None:
    for last, refusal in ((date(2026, 7, 3), OrderLong), (date(2999, 12, 31), OrderLong)):
        refused(a_campaign(), refusal, "dispatcher", "order_all_days", order=an_order(last=last))
    a_campaign().do("dispatcher", "order_all_days", order=an_order(last=date(2026, 7, 2)))  # 120 days
    early = date(2026, 2, 22)
    refused(a_campaign(), OrderBackdated, "dispatcher", "order_all_days", order=an_order(first=early))
    a_campaign().do("dispatcher", "order_all_days", order=an_order(first=early + timedelta(days=1)))


def test_under_a_policy_that_names_no_signatory_nobody_orders_every_day_to_work() -> None:
    silent = a_policy().model_copy(update={"all_days": None})
    story = a_story(S.IN_FORCE, kind=Kind.CAMPAIGN, world=a_world(policy=silent))
    assert "无" in refused(story, NoAuthority, "dispatcher", "order_all_days").zh


def test_an_order_ends_by_itself_with_its_last_day_and_the_cases_move_back() -> None:
    story = a_campaign().do("dispatcher", "order_all_days")
    assert story.case.alarm
    assert story.case.alarm.at == shanghai("2026-04-01 00:00")
    ((at, recorded),) = story.wait(days=60)
    assert (at, recorded.event.name) == (shanghai("2026-04-01 00:00"), "lapsed")
    assert [each.kind.value for each in recorded.event.reactions] == ["move_back"]
    assert story.case.flags == ()
    assert story.case.clocks == ()
    before = an_order(first=date(2026, 3, 20), last=date(2026, 6, 30))
    refused(story, OrderDates, "dispatcher", "order_all_days", order=before)
    story.do("dispatcher", "order_all_days", order=an_order(first=date(2026, 5, 10), last=date(2026, 6, 30)))
    assert len(spans_of(story.case)) == 2


def test_an_order_is_lifted_early_but_not_for_days_that_were_worked() -> None:
    story = a_campaign().do("dispatcher", "order_all_days")
    refused(story, OrderDates, "dispatcher", "lift_order", last=date(2026, 3, 31))
    story.until(shanghai("2026-03-20 10:00"))
    refused(story, OrderDates, "dispatcher", "lift_order", last=date(2026, 3, 18))
    story.do("dispatcher", "lift_order", last=date(2026, 3, 19))
    assert story.case.orders[-1].last == date(2026, 3, 19)
    assert story.case.alarm is None
    assert [each.kind.value for each in story.events[-1].event.reactions] == ["move_back"]
    assert with_stream(a_world(), story.case).campaigns["summer"][0].last == date(2026, 3, 19)


# ── and it says so ──


def test_a_derivation_names_every_step_from_the_article_to_the_date() -> None:
    story = a_story(S.VERIFIED, at=shanghai("2026-09-21 09:00"), channel="first_asked")
    story.do("leader", "begin_hearing")
    story.until(shanghai("2026-09-25 12:00"))
    story.do("leader", "end_hearing")
    story.do("handler", "request_extension", extension_days=5).do("head", "grant_extension")
    spans = (AllDays(first=date(2026, 10, 1), last=date(2026, 10, 3), order="令 7 号"),)
    story.do(ENGINE, "move_to_all_days", all_days=spans)
    story.do("leader", "begin_hearing")
    close = the_clock(story.case, "close")
    steps = derivation(a_policy(), story.case, close, story.events[close.by - 1])
    what = [step.what for step in steps]
    assert what[:4] == ["rule", "start", "count", "calendar"]
    assert {"order", "skipped", "first_due", "paused", "extended", "recounted", "due", "pause"} <= set(what)
    told = "\n".join(step.zh for step in steps)
    for words in ("20 个工作日", "中秋节", "国庆节", "令 7 号", "听证", "批准延期 5 日", "重算", "accepted"):
        assert words in told, (words, told)


def test_a_date_that_a_person_set_and_one_that_rolled_over_say_so() -> None:
    task = a_story(S.RECTIFYING, kind=Kind.RECTIFICATION).case
    steps = derivation(a_policy(), task, the_clock(task, "rectify"))
    assert "set" in [step.what for step in steps]
    rolling = a_policy().model_copy(update={"counting": a_policy().counting.model_copy(update={"roll_over": True})})
    story = a_story(S.ACCEPTED, world=a_world(policy=rolling), at=shanghai("2026-08-05 09:00"))
    close = the_clock(story.case, "close")
    steps = derivation(rolling, story.case, close, story.events[close.by - 1])
    assert close.due == shanghai("2026-10-09 00:00"), "the sixtieth day is a Sunday in the holiday; the 8th works"
    assert "rolled" in [step.what for step in steps]
    story.do("leader", "begin_hearing")
    story.at += timedelta(days=2)
    story.do("leader", "end_hearing")
    assert the_clock(story.case, "close").due == shanghai("2026-10-13 00:00"), "a Saturday that works stays"


def test_a_beginning_told_later_says_when_it_was_told() -> None:
    story = Story(a_world(), a_case(S.REGISTERED).model_copy(update={"seq": 0, "clocks": ()}), START)
    story.do("clerk", "register", occurred=START - timedelta(days=2))
    clock = the_clock(story.case, "accept")
    steps = derivation(a_policy(), story.case, clock, story.events[0])
    assert any("补记" in step.zh for step in steps)


@pytest.mark.parametrize("unit", ["hour", "half_day", "working_hour"])
def test_every_unit_has_its_words(unit: str) -> None:
    document = a_policy().model_dump(mode="json", exclude_defaults=True)
    for row in document["clock"]:
        if row["name"] == "accept":
            row["length"] = f"6 {unit}"
    policy = type(a_policy()).model_validate(document)
    story = a_story(S.REGISTERED, world=a_world(policy=policy))
    told = derivation(policy, story.case, the_clock(story.case, "accept"), story.events[0])
    assert any("计 6 " in step.zh for step in told)


def _engine() -> Actor:
    return an_actor(Role.ENGINE)
