"""Every kind × status × command × role: ``decide`` does what the table says, and ``actions`` offers it."""

import re
from datetime import datetime, timedelta
from functools import cache

import pytest

from models.actions import actions
from models.case import Case
from models.commands import COMMANDS, Command
from models.decide import blank, decide
from models.delivery import Unsettled
from models.event import Event
from models.guards import CHECKS, GUARDS
from models.lifecycle import LIFECYCLES, MAKES, Row
from models.refusals import Refused
from models.situation import Guard, Situation
from models.values import Filing
from models.vocabulary import Fate, Flag, Kind, Role, RungKind, Status, Verdict
from models.world import Actor
from tests.core.builders import (
    ALL_WAYS,
    FACTORY,
    NUMBERS,
    PLANS,
    START,
    WAYS,
    a_case,
    a_command,
    a_finding,
    a_story,
    a_world,
    an_actor,
    play,
    step,
)

R, S = Role, Status
WORLD = a_world()
NOW = START + timedelta(days=2)
CHINESE = re.compile("[\u4e00-\u9fff]")

NOTHING_IN_IT = (a_finding(Verdict.UNSUBSTANTIATED),)
SIGN_OFF = list(WAYS[S.SIGNED_OFF][1])
PROPOSED = [step(R.ENGINE, "record_outcome"), step("clerk", "propose_erasure")]
ON_THE_WAY = {
    "objection open": (S.ASSIGNED, [step("handler", "object")]),
    "taken back": (S.ASSIGNED, [step("handler", "object"), step(R.DISPATCHER, "agree_return")]),
    "extension asked for": (S.VERIFIED, [step("handler", "request_extension")]),
    "extended": (S.VERIFIED, [step("handler", "request_extension"), step("head", "grant_extension")]),
    "hearing": (S.REVIEWING, [step(R.DISPATCHER, "begin_hearing")]),
    "hearing in the reconsideration": (S.RECONSIDERING, [step(R.DISPATCHER, "begin_hearing")]),
    "asked": (S.VERIFIED, [step("clerk", "ask_petitioner")]),
    "asked in a hearing": (
        S.REVIEWING,
        [step("leader", "begin_hearing"), step("clerk", "ask_petitioner")],
    ),
    "supervised": (S.RECTIFYING, [step("leader", "list_for_supervision")]),
    "joined": (S.ACCEPTED, [step("clerk", "join")]),
    "unsubstantiated": (S.ASSIGNED, [step("handler", "record_findings", findings=NOTHING_IN_IT)]),
    "no evidence": (
        S.ASSIGNED,
        [
            step("handler", "record_findings", findings=(a_finding(evidence=()),)),
            step("handler", "plan_rectification"),
            step("handler", "submit_for_review"),
        ],
    ),
    "tasks open": (S.VERIFIED, [step("handler", "plan_rectification", task_plans=PLANS)]),
    "tasks open in review": (S.INTERIM, [step("handler", "submit_for_review", interim=True)]),
    "somebody named": (S.VERIFIED, [step("dispatcher", "correct", named=("some-handler", "some-leader"))]),
    "replied": (S.CLOSED, [step("clerk", "reply")]),
    "sign-off applied for": (S.CLOSED, SIGN_OFF[:1]),
    "accepted on site": (S.CLOSED, SIGN_OFF[:2]),
    "countersigned": (S.CLOSED, SIGN_OFF[:3]),
    "notice published": (S.CLOSED, SIGN_OFF[:4]),
    "opened again": (S.SIGNED_OFF, [step("leader", "reopen")]),
    "an erasure proposed": (S.DECLINED, PROPOSED),
    "erased": (S.DECLINED, [*PROPOSED, step("leader", "erase")]),
    "marked as a repeat": (S.REGISTERED, [step("clerk", "mark_repeat")]),
    "accepted, then marked as a repeat": (S.ACCEPTED, [step("clerk", "mark_repeat")]),
    "a repeat that goes on": (S.ACCEPTED, [step("dispatcher", "mark_repeat", reopens=True)]),
    "with a repeat": (S.CLOSED, [step(R.ENGINE, "hear_of_repeat")]),
    "with another one's task": (S.VERIFIED, [step(R.ENGINE, "take_task")]),
    "under an order": (S.ASSIGNED, [step(R.ENGINE, "move_to_all_days")]),
    "instructed": (S.ASSIGNED, [step("leader", "instruct")]),
    "filed on another channel too": (
        S.ACCEPTED,
        [step("clerk", "supplement", filings=(Filing(channel="hotline", number="12345-1"),))],
    ),
}


def a_lost_letter(fate: Fate) -> Unsettled:
    return Unsettled(letter="XF2026000001#2.1.letter", template="acceptance_notice", to="petitioner", fate=fate)


@cache
def the_cases() -> dict[str, Case]:
    """Every kind at every status, legal ones as they come about, others forced; and what can be open beside."""
    cases = {}
    for kind in Kind:
        some = a_case(next(iter(ALL_WAYS[kind])), kind=kind)
        for status in Status:
            legal = status in ALL_WAYS[kind]
            case = a_case(status, kind=kind) if legal else some.model_copy(update={"status": status})
            cases[f"{kind} {status}" + ("" if legal else " (forced)")] = case
    for name, (status, steps) in ON_THE_WAY.items():
        cases[f"petition {status}, {name}"] = play(WORLD, a_case(status), steps)
    cases["imported petition"] = a_case(S.REGISTERED, imported=True)
    cases["imported petition, closed"] = play(
        WORLD, a_case(S.REGISTERED, imported=True), [step("clerk", "record_history", state="closed")]
    )
    told = {"state": "rectifying", "unit": "qingshi", "rectify_by": PLANS[0].target}
    cases["imported petition, being put right"] = play(
        WORLD, a_case(S.REGISTERED, imported=True), [step("clerk", "record_history", **told)]
    )
    cases["inspection petition"] = a_case(S.ASSIGNED, channel="inspection")
    cases["task, extension asked for"] = play(
        WORLD, a_case(S.RECTIFYING, kind=Kind.RECTIFICATION), [step("handler", "request_extension")]
    )
    cases["task for two petitions"] = play(
        WORLD, a_case(S.RECTIFYING, kind=Kind.RECTIFICATION), [step("dispatcher", "share_task")]
    )
    lost = a_lost_letter(Fate.UNKNOWN)
    again = a_lost_letter(Fate.AGAIN).model_copy(update={"letter": "XF2026000001#9.2.letter"})
    cases["petition, a letter lost"] = a_case(S.ACCEPTED).model_copy(update={"unsettled": (lost,)})
    cases["petition over, letters lost"] = a_case(S.DECLINED).model_copy(update={"unsettled": (lost, again)})
    cases["task, a letter on its way again"] = a_case(S.REVIEWING, kind=Kind.RECTIFICATION).model_copy(
        update={"unsettled": (again,)}
    )
    for command in MAKES:
        cases[f"nothing yet, {command}"] = blank(WORLD, NUMBERS[MAKES[command]], command, START)
    ordered = a_story(S.IN_FORCE, kind=Kind.CAMPAIGN).do("dispatcher", "order_all_days")
    cases["campaign under an order"] = ordered.case
    grouped = a_story(S.IN_FORCE, kind=Kind.CAMPAIGN).do("dispatcher", "set_group")
    cases["campaign with a group and a look-back"] = grouped.do("leader", "begin_look_back").case
    overdue = a_story(S.REGISTERED)
    overdue.wait(days=17)
    cases["petition overdue, a talk proposed"] = overdue.case
    return cases


@cache
def the_actors() -> tuple[Actor, ...]:
    """One of every role in the case's unit, the engine's own, and some who are barred from this or that."""
    people = [Actor(id=f"some-{role}", roles=(role,), unit="qingshi", posts=("unit_head",)) for role in Role]
    return (
        *people,
        an_actor("handler"),
        an_actor("head"),
        an_actor("other-handler"),
        an_actor("stand-in"),
        Actor(id="kin", roles=tuple(Role), unit="qingshi", posts=("unit_head",), interests=(FACTORY,)),
        Actor(id="handler", roles=tuple(Role), unit="qingshi", posts=("unit_head",)),
        Actor(id="nobody", roles=()),
    )


def passes(s: Situation, rules: list[Guard]) -> bool:
    try:
        for rule in rules:
            rule(s)
    except Refused:
        return False
    return True


def taken_back(case: Case) -> str:
    if case.status is not S.DECLINED or not case.ended_as_repeat:
        return "going"
    return "accepted" if case.accepted_at else "registered"


def row_for(case: Case, command: Command) -> Row | None:
    """Find the command's row in the table, by hand."""
    rows = [row for row in LIFECYCLES[case.kind] if row.command == command.name]
    rows = [row for row in rows if (case.status in row.at if case.seq else row.at == ())]
    if not rows:
        return None
    told = {
        "record_history": getattr(command, "state", None),
        "decide_reconsideration": getattr(command, "outcome", None),
        "record_outcome": getattr(command, "outcome", None),
        "record_look_back": getattr(command, "outcome", None),
        "settle_letter": "last" if len(case.unsettled) == 1 else "one",
        "reopen": ("assigned" if case.unit else "unassigned") if case.kind is Kind.PETITION else None,
        "send_back": ("planned" if case.planned else "unplanned") if case.kind is Kind.PETITION else None,
        "observe": "crossed" if len(case.sightings) == 2 else "counted",
        "mark_repeat": "ends",
        "take_back_repeat": taken_back(case),
        "finish_task": "ended" if case.kind is Kind.PLAN and case.status is S.CONCLUDED else None,
        "release_task": "shared" if len(case.serving) > 1 else "alone",
        "instruct": "first",  # no day is named, so that nothing is brought forward
        "record_patrol": "due",  # now
        "end_patrol": "clean",
        "hear_weather": "heard" if (case.sky and case.sky.wet) or case.slot is None else "turned",  # it rains
        "look_back": "kept",
        "observe_weather": "newer",  # now
    }
    return next((row for row in rows if row.when == told.get(command.name)), None)


def expected(case: Case, actor: Actor, command: Command, at: datetime) -> bool:
    """Tell from the row alone whether the command should be accepted."""
    row = row_for(case, command)
    if row is None:
        return False
    mine = row.own_unit and not (actor.unit and actor.unit == case.unit)
    roles = [r for r in row.by if r in actor.roles and not (mine and r in {Role.HANDLER, Role.INSPECTOR})]
    if not roles:
        return False
    involved = actor.id in case.named or bool(set(actor.interests) & case.parties)
    if involved and roles[0] not in {Role.CLOCK, Role.ENGINE}:
        return False
    if not all(flag in case.flags for flag in row.needs) or any(flag in case.flags for flag in row.bars):
        return False
    s = Situation(WORLD, case, actor, row, command, at, at)
    return passes(s, [*(GUARDS[name] for name in row.guards), *(CHECKS[name] for name in row.checks)])


def answer(case: Case, actor: Actor, command: Command, at: datetime) -> Event | Refused | None:
    try:
        return decide(WORLD, case, actor, command, at)
    except Refused as refusal:
        return refusal


def reads_well(refusal: Refused) -> bool:
    """Tell whether both sentences are whole, and no Chinese is in the English one but what was filled in."""
    english = refusal.en
    for detail in refusal.details.values():
        english = english.replace(detail, "")
    whole = not {"{", "}"} & set(refusal.zh + refusal.en)
    return bool(whole and CHINESE.search(refusal.zh) and not CHINESE.search(english))


@pytest.mark.parametrize("name", the_cases())
def test_decide_accepts_exactly_what_the_table_allows(name: str) -> None:
    case = the_cases()[name]
    kept = case.model_dump_json()
    commands = [a_command(command, case) for command in COMMANDS if command != "ring"]
    for actor in the_actors():
        for command in commands:
            got, wanted = answer(case, actor, command, NOW), expected(case, actor, command, NOW)
            if wanted and got is None:
                row = row_for(case, command)
                assert row is not None
                assert row.idle, "only what comes out the same is no event"
                continue
            assert isinstance(got, Event if wanted else Refused), (name, actor.id, command.name, got)
            if isinstance(got, Refused):
                assert reads_well(got), (got.zh, got.en)
            elif isinstance(got, Event):
                row = row_for(case, command)
                assert row is not None
                assert (got.name, got.role in row.by) == (row.event, True)
    assert case.model_dump_json() == kept


@pytest.mark.parametrize("name", the_cases())
def test_only_the_clock_rings_and_only_what_is_due(name: str) -> None:
    case = the_cases()[name]
    command = a_command("ring", case)
    at = case.alarm.at if case.alarm else NOW
    clockwork = case.seq and any(row.command == "ring" and case.status in row.at for row in LIFECYCLES[case.kind])
    for actor in the_actors():
        got = answer(case, actor, command, at)
        if Role.CLOCK not in actor.roles or not clockwork:
            assert isinstance(got, Refused), (name, actor.id)
        elif case.alarm is None:
            assert got is None
        else:
            assert isinstance(got, Event)
            assert answer(case, actor, command, at - timedelta(seconds=1)) is None


def the_way(row: Row, case: Case) -> str | None:
    """Which of several outcomes the case itself settles."""
    ways = {
        "reopen": ("unassigned", "assigned")[bool(case.unit)],
        "send_back": ("unplanned", "planned")[case.planned],
        "settle_letter": ("one", "last")[len(case.unsettled) == 1],
        "instruct": "first",
        "take_back_repeat": taken_back(case),
        "finish_task": "ended",
        "record_patrol": "due",
        "end_patrol": "clean",
        "hear_weather": "turned" if case.slot else "heard" if case.kind is Kind.PATROL else "struck",
        "look_back": "kept",
        "observe_weather": "newer",
    }
    return ways.get(row.command)


NOTHING_TO_DO = {"finish_task": "tasks", "record_outcome": "pending"}
"""Commands of the engine about something that may not be there: no form could be filled in right."""


@pytest.mark.parametrize("name", the_cases())
def test_actions_offers_exactly_what_decide_then_accepts(name: str) -> None:
    case = the_cases()[name]
    commands = [a_command(command, case) for command in COMMANDS if command != "ring"]
    for actor in the_actors():
        rows = actions(WORLD, case, actor, NOW)
        told = {command.name: answer(case, actor, command, NOW) for command in commands}
        # What comes out the same, a recount say, is no event.
        offered = {row.command for row in rows if row.command != "ring" and told[row.command] is not None}
        assert len({row.command for row in rows}) == len(rows), "one row for each command"
        for row in rows:
            first = {RungKind.REMIND, RungKind.LAPSE}
            assert row.when in {
                None,
                "closed",
                "upheld",
                "done",
                "ends",
                "alone",
                "counted",
                "crossed",
                "held",
                *first,
                the_way(row, case),
            }, row
        offered -= {command for command, field in NOTHING_TO_DO.items() if not getattr(case, field)}
        accepted = {name for name, got in told.items() if isinstance(got, Event)}
        assert offered == accepted, (name, actor.id)


def test_every_flag_is_up_in_some_case_of_this_grid() -> None:
    assert {flag for case in the_cases().values() for flag in case.flags} == set(Flag)


@pytest.mark.parametrize("refusal", Refused.__subclasses__())
def test_every_refusal_has_a_sentence_in_both_languages(refusal: type[Refused]) -> None:
    lines = (refusal.__doc__ or "").strip().splitlines()
    assert len(lines) == 2
    assert CHINESE.search(lines[0])
    assert not CHINESE.search(lines[1])
    chinese, english = (set(re.findall("{([a-z_]+)}", line)) for line in lines)
    assert chinese == {name.removesuffix("_en") for name in english}
    assert re.fullmatch("[a-z]+(_[a-z]+)*", refusal.code)
