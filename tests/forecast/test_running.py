"""A simulated run: lawful, repeatable, and it loses no case."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from adapters.forecasting import running
from adapters.forecasting.advice import advise
from adapters.forecasting.many import simulate
from adapters.forecasting.outlook import load, outlook
from adapters.forecasting.running import UNASSIGNED, Seen, _Run, run
from adapters.forecasting.setup import MOST_CASES, STEPS, Crew, Kindred, Setup, Work, check
from models.case import Case
from models.counting import SHANGHAI
from models.event import Recorded
from models.evolve import evolve, fold
from models.refusals import Malformed
from models.vocabulary import Flag, Kind, Role, Status
from models.world import World
from tests.core.builders import NUMBERS, PLANS, R, a_story, a_world
from tests.forecast.setups import DESK_HOURS, ROUND_THE_CLOCK, START, a_crew, a_setup, only_visits, shorter


def kept(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> tuple[Seen, dict[str, list[Recorded]]]:
    """Run, keeping every event as the ledger would."""
    events: dict[str, list[Recorded]] = {}

    def keeping(case: Case | None, recorded: Recorded) -> Case:
        events.setdefault(recorded.case, []).append(recorded)
        return evolve(case, recorded)

    monkeypatch.setattr(running, "evolve", keeping)
    return run(setup, 0), events


# ── repeatable ──


def test_the_same_seed_says_the_same_whoever_simulates_it() -> None:
    setup = a_setup(days=4, runs=3)
    here = simulate(setup, processes=1)
    assert here == simulate(setup, processes=1)
    assert here == simulate(setup, processes=2)
    assert repr(outlook(setup, here)) == repr(outlook(setup, simulate(setup, processes=2)))
    assert here != simulate(replace(setup, seed=2), processes=1)
    assert len({repr(each) for each in here}) == 3


def test_other_people_meet_the_same_petitions() -> None:
    few, many = (a_setup(crews=a_crew(clerk=2, dispatcher=1, inspector=n, reviewer=1)) for n in (3, 30))
    assert list(_Run(few, 0)._arrivals()) == list(_Run(many, 0)._arrivals())


def test_progress_counts_the_runs() -> None:
    told: list[tuple[int, int]] = []
    simulate(a_setup(days=2, runs=3), lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


# ── lawful ──


@pytest.mark.parametrize("number", range(12))
def test_no_simulated_case_is_ever_refused(number: int, rng: random.Random) -> None:
    world = rng.choice([a_world(), a_world(policy=shorter())])
    channels = list(world.newest.channels)
    setup = a_setup(
        world=world,
        days=rng.randrange(5, 40),
        per_day=rng.choice([1.0, 8.0, 30.0]),
        mix=tuple(Kindred(rng.random() + 0.1, c, u) for c in channels for u in ("qingshi", "liuxi", "bureau")),
        crews=a_crew(clerk=rng.randrange(1, 5), dispatcher=1, inspector=rng.randrange(1, 20), reviewer=1),
        work={
            name: Work(rng.choice([0.0, step.hours, 3 * step.hours]), rng.choice(["exponential", "lognormal", "fixed"]))
            for name, step in STEPS.items()
        },
        spans=rng.choice([DESK_HOURS, ROUND_THE_CLOCK]),
        calendar=rng.choice(["statutory", "all-days"]),
        substantiated=rng.random(),
        sent_back=rng.choice([0.0, 0.5, 1.0]),
        order=rng.choice(["finish", "due", "oldest"]),
        seed=number,
    )
    seen = run(setup, number)
    assert not seen.refused
    assert seen.arrived.total() == seen.cases == seen.closed.total() + seen.backlog[-1].total()
    assert seen.standing == 0


def test_every_case_is_the_fold_of_lawful_events_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    # Three days to close what is in hand: inspectors fall behind, so the ladder is climbed as well.
    setup = a_setup(crews=a_crew(clerk=3, dispatcher=2, inspector=6, reviewer=2), sent_back=0.3)
    seen, events = kept(setup, monkeypatch)
    assert len(events) == seen.cases > 300
    assert sum(map(len, events.values())) == seen.events
    names: Counter[str] = Counter()
    for history in events.values():
        case = fold(history)
        assert case is not None
        moments = [recorded.recorded_at for recorded in history]
        assert moments == sorted(moments)
        names.update(recorded.event.name for recorded in history)
    assert {"registered", "accepted", "assigned", "findings_recorded", "rectification_planned", "submitted"} <= set(
        names
    )
    assert {"sent_back", "closed", "replied", "reminded", "warned", "escalated"} <= set(names)
    assert names["closed"] == seen.closed.total()
    assert names["reminded"] + names["warned"] + names["escalated"] == seen.rungs.total()


def test_every_alarm_rings_once_and_at_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = a_setup(crews=a_crew(clerk=3, dispatcher=2, inspector=1, reviewer=2))
    _, events = kept(setup, monkeypatch)
    rung: Counter[tuple[str, object, object, object]] = Counter()
    for history in events.values():
        for recorded in history:
            if recorded.actor == "clock":
                said = recorded.event.said
                assert recorded.recorded_at.isoformat().replace("+00:00", "Z") == said["due_at"]
                rung[recorded.case, said["clock"], said["rung"], said["due_at"]] += 1
    assert len(rung) > 300
    assert set(rung.values()) == {1}


def test_nobody_works_at_night_or_on_a_holiday(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = a_setup(start=START.replace(month=4), days=12)  # 清明节 lies within
    _, events = kept(setup, monkeypatch)
    calendar = setup.world.calendars["statutory"]
    visits = [r.recorded_at for history in events.values() for r in history if r.event.name == "findings_recorded"]
    assert len(visits) > 100
    for at in visits:
        local = at.astimezone(SHANGHAI)
        assert calendar.works(local.date()), local
        assert any(first <= local.hour * 60 + local.minute <= last for first, last in DESK_HOURS), local


# ── what is expected of a forecast ──


def overdue(world: World) -> float:
    setup = a_setup(world=world, crews=a_crew(clerk=3, dispatcher=2, inspector=9, reviewer=2), runs=3)
    return outlook(setup, simulate(setup)).whole.overdue.mean


def test_a_policy_with_shorter_clocks_gives_more_overdue() -> None:
    published, proposed = overdue(a_world()), overdue(a_world(policy=shorter()))
    assert proposed > published + 10


def test_more_people_give_less_backlog_and_shorter_waits() -> None:
    wholes = []
    for inspectors in (6, 10, 20):
        setup = a_setup(crews=a_crew(clerk=4, dispatcher=2, inspector=inspectors, reviewer=3))
        wholes.append(outlook(setup, simulate(setup)).whole)
    assert [each.backlog.mean for each in wholes] == sorted((each.backlog.mean for each in wholes), reverse=True)
    waits = [each.wait_mean or 0.0 for each in wholes]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 2 * waits[2]


def test_over_a_big_backlog_what_is_begun_is_finished_before_more_is_begun() -> None:
    waiting = a_story(Status.ASSIGNED).case
    backlog = tuple(waiting.model_copy(update={"id": f"XF{place}"}) for place in range(200))
    crews = a_crew(clerk=4, dispatcher=2, inspector=2, reviewer=3)
    closed = {
        order: sum(run(a_setup(backlog=backlog, per_day=0.0, days=20, crews=crews, order=order), 0).closed.values())
        for order in ("finish", "due")
    }
    assert closed["finish"] > closed["due"] + 10, closed


def test_a_unit_has_its_own_people() -> None:
    desk = a_crew(clerk=4, dispatcher=2, reviewer=3)
    crews = (*desk, Crew(Role.INSPECTOR, 14, "qingshi"), Crew(Role.INSPECTOR, 1, "liuxi"))
    setup = a_setup(crews=crews)
    seen = outlook(setup, simulate(setup))
    strong, weak = (next(each for each in seen.units if each.unit == unit) for unit in ("qingshi", "liuxi"))
    assert (weak.wait_mean or 0) > 3 * (strong.wait_mean or 1)
    loads = {each.crew.name: each.load for each in seen.crews}
    assert loads["inspector/liuxi"] > 1 > loads["inspector/qingshi"]


def test_a_unit_without_people_stands_still() -> None:
    crews = (*a_crew(clerk=4, dispatcher=2, reviewer=3), Crew(Role.INSPECTOR, 14, "qingshi"))
    seen = run(a_setup(crews=crews), 0)
    assert seen.closed["liuxi"] == 0 < seen.closed["qingshi"]
    assert seen.standing == seen.backlog[-1]["liuxi"] > 0


def test_the_load_is_the_share_of_time_people_are_busy() -> None:
    setup = only_visits(Work(1.5, "lognormal"), 4, per_day=40, days=30, runs=2)
    (crew,) = (each for each in outlook(setup, simulate(setup)).crews if each.crew.role is Role.INSPECTOR)
    assert crew.load == pytest.approx(40 * 1.5 / (4 * 24))
    assert crew.busy == pytest.approx(crew.load, rel=0.1)


def test_a_load_of_one_and_more_grows_and_the_advice_holds_it() -> None:
    setup = only_visits(Work(2.0), 3, per_day=60, days=28, runs=3)
    present = outlook(setup, simulate(setup))
    (crew,) = (each for each in setup.crews if each.role is Role.INSPECTOR)
    assert load(setup, crew) == pytest.approx(60 * 2 / (3 * 24))
    assert present.grows(60)
    # What comes in less what three can do; over 14 days and 3 runs its standard deviation is √(14·96/3)/14 ≈ 1.5.
    assert present.growth == pytest.approx(60 - 3 * 12, abs=4.5)
    told: list[int] = []
    advice = advise(setup, present, lambda done, _: told.append(done))
    assert advice.holds
    assert advice.least["inspector"] == 6  # five have a load of exactly 1, and no steady state
    sizes = {each.name: each.size for each in advice.crews}
    assert 6 <= sizes["inspector"] <= 7
    assert (sizes["clerk"], sizes["reviewer"]) == (1, 1)
    assert told == list(range(1, advice.tried + 1))


def test_people_that_are_enough_are_left_alone() -> None:
    setup = only_visits(Work(2.0), 9, per_day=60, days=14, runs=3)
    present = outlook(setup, simulate(setup))
    advice = advise(setup, present)
    assert (advice.holds, advice.tried, advice.crews) == (True, 0, setup.crews)


def test_where_nobody_works_nothing_is_done_and_the_advice_says_so() -> None:
    setup = a_setup(start=START.replace(day=6, hour=16), days=2)  # a Saturday and a Sunday
    present = outlook(setup, simulate(setup))
    assert present.whole.closed.mean == 0
    assert all(each.load == float("inf") for each in present.crews)
    assert not advise(setup, present).holds


# ── what is open already ──

OPEN = (Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED, Status.VERIFIED, Status.RECTIFYING, Status.REVIEWING)


def begun(*cases: Case, **changes: object) -> Setup:
    return a_setup(per_day=0.0, backlog=cases, days=60, runs=1, **changes)


@pytest.mark.parametrize("status", OPEN)
def test_an_open_case_is_taken_on_where_it_stands(status: Status) -> None:
    story = a_story(status)
    seen = run(begun(story.case), 0)
    assert [day.total() for day in (seen.backlog[0], seen.backlog[-1])] == [1, 0]
    assert seen.closed.total() == 1
    assert not seen.refused
    assert seen.arrived.total() == 0


def test_its_late_alarms_ring_at_the_beginning() -> None:
    story = a_story(Status.ASSIGNED, at=START.replace(year=2025))
    seen = run(begun(story.case, crews=a_crew(clerk=1, dispatcher=1, inspector=1, reviewer=1)), 0)
    assert seen.overdue[0].total() == 1
    assert seen.rungs["red"] >= 2  # verification and closure
    assert seen.late.total() == 1


def test_a_petition_waits_for_its_tasks_and_they_are_simulated() -> None:
    story = a_story(Status.VERIFIED).do(R.HANDLER, "plan_rectification", task_plans=PLANS)
    tasks = []
    for task in story.case.tasks:
        own = a_story(Status.RECTIFYING, kind=Kind.RECTIFICATION)
        tasks.append(own.case.model_copy(update={"id": task.id, "parent": story.case.id}))
    seen = run(begun(story.case, *tasks), 0)
    assert seen.closed.total() == 1
    assert not seen.refused
    left = run(begun(story.case, tasks[0]), 0)  # the other task is nowhere: nobody can finish it
    assert (left.closed.total(), left.backlog[-1].total()) == (0, 1)
    assert not left.refused


def test_a_petition_closed_for_now_closes_after_its_tasks() -> None:
    story = a_story(Status.INTERIM)
    tasks = [
        a_story(status, kind=Kind.RECTIFICATION).case.model_copy(update={"id": task.id, "parent": story.case.id})
        for task, status in zip(story.case.tasks, (Status.RECTIFYING, Status.REVIEWING), strict=True)
    ]
    assert all(task.outcome is None for task in story.case.tasks)
    seen = run(begun(story.case, *tasks), 0)
    assert seen.closed.total() == 1
    assert not seen.refused


def test_a_petition_under_review_with_open_tasks_is_closed_for_now() -> None:
    story = a_story(Status.VERIFIED).do(R.HANDLER, "plan_rectification", task_plans=PLANS)
    story.do(R.HANDLER, "submit_for_review", interim=True)
    seen = run(begun(story.case), 0)
    assert not seen.refused
    assert seen.backlog[-1].total() == 1


@pytest.mark.parametrize(
    ("who", "command", "flag"),
    [
        (R.DISPATCHER, "begin_hearing", Flag.HEARING),
        (R.HANDLER, "object", Flag.OBJECTION),
        (R.HANDLER, "ask_petitioner", Flag.ASKED),
    ],
)
def test_a_case_that_waits_for_somebody_else_stands_still(who: Role, command: str, flag: Flag) -> None:
    story = a_story(Status.ASSIGNED).do(who, command)
    assert flag in story.case.flags
    seen = run(replace(begun(story.case), days=10), 0)
    assert (seen.backlog[-1].total(), seen.standing, seen.closed.total()) == (1, 1, 0)
    assert not seen.refused


def test_a_question_that_lapses_sets_the_case_going_again() -> None:
    story = a_story(Status.ASSIGNED).do(R.HANDLER, "ask_petitioner")
    seen = run(begun(story.case), 0)
    assert seen.closed.total() == 1


def test_what_is_not_assigned_counts_for_no_unit() -> None:
    seen = run(begun(a_story(Status.ACCEPTED).case), 0)
    assert seen.backlog[0] == Counter({UNASSIGNED: 1})


def test_a_refusal_is_counted_and_the_case_stands() -> None:
    # A reviewer who is the only one, by the same made-up name, had a hand in it: never so in truth, but if it were.
    case = a_story(Status.REVIEWING).case.model_copy(update={"hands": ("模拟审核人",)})
    seen = run(begun(case), 0)
    assert seen.refused == Counter({"approve:four_eyes": 1})
    assert seen.standing == 1


def test_a_task_without_its_petition_ends_alone() -> None:
    case = a_story(Status.REVIEWING, kind=Kind.RECTIFICATION).case
    assert case.id == NUMBERS[Kind.RECTIFICATION]
    seen = run(begun(case), 0)
    assert not seen.refused
    assert seen.events >= 1  # its petition is not here to be told


# ── limits ──


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 0}, "--days"),
        ({"days": 367}, "--days"),
        ({"runs": 0}, "--runs"),
        ({"per_day": -1.0}, "--arrivals"),
        ({"per_day": float("nan")}, "--arrivals"),
        ({"per_day": 1e9}, "--arrivals"),
        ({"per_day": MOST_CASES / 39}, "--arrivals"),
        ({"substantiated": 1.1}, "--substantiated"),
        ({"sent_back": -0.1}, "--sent-back"),
        ({"crews": (Crew(Role.CLERK, 0),)}, "--clerks"),
        ({"work": {"visit": Work(-1.0)}}, "--time visit"),
    ],
)
def test_what_cannot_be_simulated_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        check(a_setup(**changes))
    assert refusal.value.details["field"] == field


@pytest.mark.parametrize("law", ["exponential", "lognormal", "fixed"])
def test_times_have_the_mean_that_was_said(law: str, rng: random.Random) -> None:
    work = Work(2.0, law)  # type: ignore[arg-type]
    drawn = [work.drawn(rng) for _ in range(20_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(2.0, rel=0.03)
    assert Work(0.0, law).drawn(rng) == 0.0  # type: ignore[arg-type]
