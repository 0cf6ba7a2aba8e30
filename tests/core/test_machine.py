"""A desk played by chance: legal and illegal commands, by anybody, with waits, outages and tasks.

The run is the same every time; ``BANJIE_MACHINE_EXAMPLES=5000 pytest tests/core/test_machine.py`` looks for what it
does not find.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.calendars import AllDays
from models.canonical import GENESIS, link
from models.case import Case
from models.commands import COMMANDS, Command
from models.decide import admit, blank
from models.delivery import NOT_CHASED, letters_of
from models.event import Recorded
from models.evolve import fold
from models.lifecycle import LIFECYCLES, MOVES_DUE, Row
from models.refusals import Refused
from models.situation import Situation
from models.values import Filing
from models.vocabulary import ENDS, Fate, Flag, Kind, Status, Verdict
from models.world import CLOCK, ENGINE, Actor, World, actor_of
from tests.core.builders import (
    FACTORY,
    NUMBER,
    START,
    WAYS,
    Story,
    a_command,
    a_finding,
    a_plan,
    a_policy,
    a_story,
    a_world,
    an_organisation,
)
from tests.core.by_hand import TABLES, derived_by_hand, moves_of

LONGER: Final = os.environ.get("BANJIE_MACHINE_EXAMPLES")
EXAMPLES: Final = int(LONGER or "100")
STEPS: Final = 60

WORLD: Final = a_world()
EVERYBODY: Final = [*(actor_of(person) for person in an_organisation().people), CLOCK, ENGINE]
RARE: Final = frozenset({"withdraw", "decline", "refer", "cancel_task", "reopen", "refuse_sign_off", "mark_repeat"})
"""Given seldom, or no case would come far enough."""
TALK: Final = frozenset(
    {
        "note",
        "acknowledge",
        "urge",
        "report_progress",
        "correct",
        "rate",
        "supplement",
        "join",
        "part",
        "split",
        "not_same",
        "maybe_same",
    }
)
RECOUNTS: Final = frozenset({"recount", "move_to_all_days", "move_back"})
BY_THE_ENGINE: Final = frozenset({"ring", "record_outcome", "finish_task", *RECOUNTS})
AFTERWARDS: Final = {
    Status.CLOSED: {"reply", "sign_off", "reconsider_window", "instruction", "delivery"},
    Status.RECONSIDERING: {"reconsider", "hearing", "instruction", "delivery"},
    Status.SIGNED_OFF: {"look_back", "reconsider_window", "instruction", "delivery"},
}
PROOF: Final = a_finding().evidence


def _findings(rng: Random) -> tuple[object, ...]:
    verdicts = rng.choice([list(Verdict), [Verdict.UNSUBSTANTIATED], [Verdict.SUBSTANTIATED]])
    evidence = rng.choice([PROOF, PROOF, PROOF, ()])
    found = rng.choice(["", FACTORY])
    return tuple(
        a_finding(rng.choice(verdicts), evidence=evidence, respondent_found=found) for _ in range(rng.randint(1, 3))
    )


def _assignment(rng: Random) -> dict[str, object]:
    return {
        "unit": rng.choice(["qingshi", "qingshi", "qingshi", "liuxi", "nowhere"]),
        "handler": rng.choice([None, "handler", "handler", "other-handler", "kin", "nobody"]),
    }


def _plan(rng: Random) -> dict[str, object]:
    plans = [
        a_plan(
            target=(START + timedelta(days=rng.randint(-5, 500))).date(),
            unit=rng.choice([None, None, "liuxi", "nowhere"]),
            handler=rng.choice([None, None, "other-handler", "kin"]),
        )
        for _ in range(rng.choice([0, 0, 1, 2]))
    ]
    return {"task_plans": tuple(plans)}


CHANCE: Final[dict[str, Callable[[Random], dict[str, object]]]] = {
    "assign": _assignment,
    "reassign": _assignment,
    "record_findings": lambda rng: {"findings": _findings(rng)},
    "record_history": lambda rng: (
        {"state": rng.choice(["open", "rectifying", "interim", "closed"]), "findings": _findings(rng)}
        | rng.choice([{}, {"unit": "qingshi", "rectify_by": START.date()}, {"unit": "?", "rectify_by": START.date()}])
    ),
    "plan_rectification": _plan,
    "request_extension": lambda rng: {"extension_days": rng.randint(1, 40)},
    "submit_for_review": lambda rng: {"interim": rng.random() < 0.5},
    "supplement": lambda rng: {
        "filings": tuple(
            Filing(channel=rng.choice(sorted(a_policy().channels)), number=f"N{rng.randint(1, 9)}")
            for _ in range(rng.choice([0, 0, 1, 2]))
        )
    },
    "instruct": lambda rng: {"instruction_by": rng.choice([None, (START + timedelta(days=rng.randint(0, 90))).date()])},
    "decide_reconsideration": lambda rng: {"outcome": rng.choice(["upheld", "overturned"])},
    "record_outcome": lambda rng: {"outcome": rng.choice(["done", "failed"])},
    "finish_task": lambda rng: {"outcome": rng.choice(["done", "cancelled"])},
    "correct": lambda rng: rng.choice([{}, {"named": ("handler",)}, {"named": ("reviewer",)}, {"named": ()}]),
}


class Desk(RuleBasedStateMachine):
    """One petition with its tasks, on one clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.stories: dict[str, Story] = {}
        self.world = WORLD
        self.worlds = [(START - timedelta(days=3650), WORLD)]
        self.heard: dict[tuple[object, ...], list[str]] = {}
        self.notices_lost = False

    @initialize(
        rng=st.randoms(use_true_random=True),
        way=st.one_of(st.none(), st.sampled_from(sorted(set(WAYS) - ENDS))),
    )
    def begin(self, rng: Random, way: Status | None) -> None:
        """A new petition, maybe imported and of long ago, or one that has come some way already."""
        channel = rng.choice(sorted(a_policy().channels))
        if way:
            self.stories[NUMBER] = a_story(way, channel=channel)
            self.now = self.stories[NUMBER].at
            return
        case = blank(WORLD, NUMBER, "register", START)
        self.stories[NUMBER] = Story(WORLD, case, self.now)
        imported = rng.random() < 0.5
        occurred = self.now - timedelta(days=rng.randint(0, 400 if imported else 20))
        command = a_command("register", case, channel=channel, imported=imported)
        assert self.tell(NUMBER, ENGINE, command, rng.choice([occurred, None]))

    # ── what people do ──

    @rule(rng=st.randoms(use_true_random=True), hours=st.integers(0, 60))
    def go_on(self, rng: Random, hours: int) -> None:
        """Somebody who may does what the table has for this status."""
        self.somebody_acts(rng, timedelta(hours=hours, minutes=1))

    @rule(rng=st.randoms(use_true_random=True))
    def go_on_at_once(self, rng: Random) -> None:
        """The same, at more speed: most of what happens should move the case."""
        for _ in range(8):
            self.somebody_acts(rng, timedelta(minutes=rng.randint(1, 300)))

    def somebody_acts(self, rng: Random, time: timedelta) -> None:
        self.pass_time(time)
        number = rng.choice(list(self.stories))
        rows = self.rows(number, TALK | BY_THE_ENGINE | (RARE if rng.random() < 0.95 else frozenset()))
        if rows:
            row = rng.choice(rows)
            able = [actor for actor in EVERYBODY if self.admits(number, actor, row)]
            self.give(rng, number, row.command, rng.choice(able or EVERYBODY))

    @rule(rng=st.randoms(use_true_random=True))
    def talk(self, rng: Random) -> None:
        """Somebody says something: no due date moves, nothing is reset."""
        number = rng.choice(list(self.stories))
        before = self.stories[number].case
        self.give(rng, number, rng.choice(sorted(TALK)), rng.choice(EVERYBODY))
        after = self.stories[number].case
        # A filing on another channel brings a time of its own along; it touches nobody else's.
        assert [clock for clock in after.clocks if before.clock(clock.name)] == list(before.clocks)
        assert {clock.rule for clock in after.clocks if not before.clock(clock.name)} <= {"source"}

    @rule(rng=st.randoms(use_true_random=True))
    def stray(self, rng: Random) -> None:
        """Anybody asks for anything."""
        number, name = rng.choice(list(self.stories)), rng.choice(sorted(COMMANDS))
        self.give(rng, number, name, rng.choice(EVERYBODY))

    @rule(rng=st.randoms(use_true_random=True), days=st.integers(-400, 400))
    def tell_it_for_another_day(self, rng: Random, days: int) -> None:
        if rows := self.rows(NUMBER, RARE):
            command = a_command(rng.choice(rows).command, self.stories[NUMBER].case)
            self.tell(NUMBER, rng.choice(EVERYBODY), command, self.now + timedelta(days=days, seconds=1))

    def rows(self, number: str, without: frozenset[str]) -> list[Row]:
        case = self.stories[number].case
        flags = set(case.flags)
        return [
            row
            for row in LIFECYCLES[case.kind]
            if case.status in row.at
            and row.command not in without
            and (case.unsettled or "letter" not in row.event)
            and set(row.needs) <= flags
            and not set(row.bars) & flags
        ]

    def admits(self, number: str, actor: Actor, row: Row) -> bool:
        try:
            admit(Situation(self.world, self.stories[number].case, actor, row, None, self.now, self.now))
        except Refused:
            return False
        return True

    def give(self, rng: Random, number: str, name: str, actor: Actor) -> bool:
        fields = CHANCE[name](rng) if name in CHANCE else {}
        return self.tell(number, actor, a_command(name, self.stories[number].case, **fields))

    # ── what the engine does ──

    @precondition(lambda self: any(story.case.pending for story in self.stories.values()))
    @rule(rng=st.randoms(use_true_random=True))
    def carry_out(self, rng: Random) -> None:
        number = rng.choice([number for number, story in self.stories.items() if story.case.pending])
        story = self.stories[number]
        name = rng.choice(story.case.pending)
        recorded = next(each for each in story.events if name in each.reaction_ids())
        reaction = recorded.event.reactions[recorded.reaction_ids().index(name)]
        other = reaction.case or ""
        match reaction.kind.value:
            case "open_task":
                self.open_task(story.case, other)
            case "tell_parent" if other in self.stories:  # a second petition it was shared with lives elsewhere
                outcome = "done" if story.case.status is Status.CLOSED else "cancelled"
                fields = {"task": number, "outcome": outcome}
                assert self.tell(other, ENGINE, a_command("finish_task", self.stories[other].case, **fields))
            case "cancel_task" if other in self.stories:
                self.tell(other, ENGINE, a_command("cancel_task", self.stories[other].case))
        told: dict[str, object] = {}
        if reaction.letter:
            outcome = rng.choice(["done", "done", "done", "failed", "unknown"])
            ref = {"letter": reaction.again or name, "template": reaction.letter, "to": reaction.to[0]}
            told = {"outcome": outcome, "letter": ref}
            self.notices_lost |= reaction.letter in NOT_CHASED and outcome != "done"
        assert self.tell(number, ENGINE, a_command("record_outcome", story.case, reaction=name, **told))

    def open_task(self, parent: Case, number: str) -> None:
        task = parent.task(number)
        assert task
        case = blank(self.world, number, "open_task", START)
        self.stories[number] = Story(self.world, case, self.now)
        fields = {"parent": parent.id, "target": task.target, "unit": parent.unit, "named": parent.named}
        assert self.tell(number, ENGINE, a_command("open_task", case, **fields))

    @rule(rng=st.randoms(use_true_random=True))
    def a_years_table_arrives(self, rng: Random) -> None:
        """A year is published, or corrected; every case is counted again, some of them twice."""
        calendar = self.world.calendars["statutory"]
        for table in rng.sample(TABLES, rng.randint(1, 2)):
            calendar = calendar.with_year(table)
        self.in_another_world(replace(self.world, calendars={**self.world.calendars, "statutory": calendar}))
        for number in [*self.stories, *rng.sample(sorted(self.stories), 1)]:
            self.tell(number, ENGINE, a_command("recount", self.stories[number].case))
        for number, story in self.stories.items():
            assert not self.tell(number, ENGINE, a_command("recount", story.case)), (
                "counted again it comes out the same"
            )

    @rule(rng=st.randoms(use_true_random=True), start=st.integers(-20, 20), length=st.integers(0, 40))
    def an_order_begins_or_ends(self, rng: Random, start: int, length: int) -> None:
        first = (self.now + timedelta(days=start)).date()
        spans = (AllDays(first=first, last=first + timedelta(days=length), order="1 号"),)
        number = rng.choice(sorted(self.stories))
        case = self.stories[number].case
        name = "move_back" if Flag.ALL_DAYS in case.flags else "move_to_all_days"
        self.tell(number, ENGINE, a_command(name, case, all_days=spans))

    def in_another_world(self, world: World) -> None:
        # What happened before, if in the same moment, happened in the world before.
        self.now += timedelta(seconds=1)
        self.world = world
        self.worlds.append((self.now, world))
        for story in self.stories.values():
            story.world = world

    def world_at(self, at: datetime) -> World:
        """The world as it was at a moment."""
        return next(world for since, world in reversed(self.worlds) if since <= at)

    # ── what time does ──

    @rule(hours=st.one_of(st.integers(1, 72), st.integers(72, 24 * 120)))
    def wait(self, hours: int) -> None:
        self.pass_time(timedelta(hours=hours))

    @rule(hours=st.one_of(st.integers(1, 72), st.integers(72, 24 * 60)))
    def nobody_rings_for_a_while(self, hours: int) -> None:
        """The engine is away; the desk may go on meanwhile."""
        self.now += timedelta(hours=hours)

    @rule(rng=st.randoms(use_true_random=True), days=st.integers(-9, 9).filter(bool))
    def a_stale_ring(self, rng: Random, days: int) -> None:
        number = rng.choice(list(self.stories))
        case = self.stories[number].case
        due = case.alarm.at if case.alarm else self.now
        assert not self.tell(number, CLOCK, a_command("ring", case, due_at=due + timedelta(days=days)))

    def pass_time(self, time: timedelta) -> None:
        until = self.now + time
        while True:
            alarms = [(story.case.alarm, number) for number, story in self.stories.items() if story.case.alarm]
            alarm, number = min(alarms, default=(None, ""))
            if alarm is None or alarm.at > until:
                break
            self.now = max(self.now, alarm.at)
            command = a_command("ring", self.stories[number].case)
            assert self.tell(number, CLOCK, command), f"{alarm} rang and nothing came of it"
            assert not self.tell(number, CLOCK, command), f"{alarm} rang twice"
        self.now = until

    # ── what always holds ──

    def tell(self, number: str, actor: Actor, command: Command, occurred: datetime | None = None) -> bool:
        """Tell a case something, and compare it before and after."""
        story, before = self.stories[number], self.stories[number].case
        story.at = self.now
        length, head = len(story.events), story.head
        event = None
        with suppress(Refused):
            event = story.tell(actor, command, occurred)
        if event is None:
            assert (story.case, len(story.events), story.head) == (before, length, head)
            return False
        body = story.events[-1].body()
        again = Recorded.model_validate_json(body)
        assert again.body() == body
        assert fold([again], before if before.seq else None) == story.case
        self.compare(before, command, story.case)
        if command.name == "ring":
            self.hear(before, str(event.said["clock"]), str(event.said["rung"]))
        return True

    @staticmethod
    def compare(before: Case, command: Command, after: Case) -> None:
        for clock in after.clocks:
            old = before.clock(clock.name)
            if old is None:
                continue
            if old.by != clock.by:
                rule = after.rule(a_policy(), clock)
                ends_itself = set(rule.starts_on) & set(rule.stops_on)
                assert ends_itself, f"{command.name} started {clock.name} anew"
                continue
            if old.due != clock.due:
                assert command.name in MOVES_DUE, f"{command.name} moved {clock.name}"
            if moves_of(old) == moves_of(clock):
                assert old.light.rank <= clock.light.rank, f"{command.name} lowered the light of {clock.name}"

    def hear(self, before: Case, name: str, rung: str) -> None:
        clock = before.clock(name)
        assert clock
        ladder = a_policy().ladder[before.rule(a_policy(), clock).ladder]
        order = [each.name for each in ladder.rungs]
        heard = self.heard.setdefault((before.id, name, *moves_of(clock)), [])
        again = ladder.again and rung == order[-1]
        assert not heard or order.index(heard[-1]) < order.index(rung) or (again and heard[-1] == rung), (
            heard,
            rung,
        )
        heard.append(rung)

    @invariant()
    def an_open_case_always_has_a_next_alarm(self) -> None:
        for story in self.stories.values():
            if story.case.is_open:
                assert story.case.alarm, f"{story.case.status} with {story.case.flags} has no alarm"

    @invariant()
    def every_due_date_can_be_derived_again(self) -> None:
        """From its start, its pauses, its extensions and the calendar in force alone."""
        for story in self.stories.values():
            for clock in story.case.clocks:
                assert derived_by_hand(self.world, story.case, clock) == clock.due, (story.case.id, clock)

    @invariant()
    def only_clocks_that_somebody_can_stop_run_after_the_closure(self) -> None:
        for story in self.stories.values():
            if story.case.kind is Kind.PETITION and story.case.status in AFTERWARDS:
                assert {clock.name for clock in story.case.clocks} <= AFTERWARDS[story.case.status]
            if story.case.status in ENDS:
                assert {clock.name for clock in story.case.clocks} <= {"delivery"}

    @invariant()
    def a_letter_that_did_not_arrive_is_chased_until_somebody_has_seen_to_it(self) -> None:
        for story in self.stories.values():
            assert bool(story.case.unsettled) == (story.case.clock("delivery") is not None)
            seen = {each.letter: each.fate for each in letters_of(story.events)}
            for each in story.case.unsettled:
                assert seen[each.letter] is each.fate
            chased = set(seen.values()) & {Fate.FAILED, Fate.UNKNOWN, Fate.AGAIN}
            assert not chased or story.case.unsettled or self.notices_lost

    @invariant()
    def every_letter_has_one_receiver(self) -> None:
        for story in self.stories.values():
            for recorded in story.events[-1:]:
                assert all(len(each.to) == 1 for each in recorded.event.reactions if each.letter)

    def teardown(self) -> None:
        for number, story in self.stories.items():
            bodies = [recorded.body() for recorded in story.events]
            again = [Recorded.model_validate_json(body) for body in bodies]
            assert fold(again) == story.case
            assert Case.model_validate_json(story.case.model_dump_json(exclude_defaults=True)) == story.case
            assert [each.seq for each in again] == list(range(1, len(again) + 1))
            assert {each.case for each in again} == {number}
            head = GENESIS
            for body in bodies:
                head = link(head, body)
            assert head == story.head


pytestmark = pytest.mark.timeout(120 + EXAMPLES)
TestDesk = Desk.TestCase
TestDesk.settings = settings(
    derandomize=not LONGER,
    # Shrinking takes minutes: the everyday run fails at once, whoever looks further gets the short story.
    phases=list(Phase) if LONGER else [Phase.generate],
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
