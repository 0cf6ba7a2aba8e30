"""Whether the table, the code and the policy speak of the same things, and what every row has to keep to."""

import pytest

from adapters.letters.forms import forms
from models.commands import COMMANDS
from models.effects import EFFECTS
from models.fills import FILLS
from models.guards import CHECKS, GUARDS
from models.lifecycle import BY_COMMAND, EVENTS, LIFECYCLES, MOVES_DUE, PETITIONER, Row
from models.policy import Pause
from models.react import DOES
from models.staffing import CHANGES
from models.vocabulary import AT_WORK, ENDS, NO_CASES, PEOPLE, Flag, Kind, Role, Status
from tests.core.builders import (
    ALL_WAYS,
    a_case,
    a_policy,
    a_world,
)

R, S = Role, Status


# ── the table ──
ALL_ROWS = [(kind, row) for kind, rows in LIFECYCLES.items() for row in rows]


def test_everything_a_row_names_is_there() -> None:
    for _, row in ALL_ROWS:
        assert row.command in COMMANDS
        assert set(row.guards) <= set(GUARDS)
        assert set(row.fills) <= set(FILLS)
        assert set(row.checks) <= set(CHECKS)
        assert set(row.effects) <= set(EFFECTS)
        assert set(row.does) <= set(DOES)
        for letter in row.letters:
            assert letter.template in forms()
            assert letter.to == PETITIONER or letter.to in a_policy().posts


def test_nothing_is_there_that_no_row_names() -> None:
    assert {row.event for _, row in ALL_ROWS} == EVENTS
    assert set(COMMANDS) == {row.command for _, row in ALL_ROWS}
    assert set(GUARDS) == {name for _, row in ALL_ROWS for name in row.guards}
    assert set(FILLS) == {name for _, row in ALL_ROWS for name in row.fills}
    assert set(CHANGES) == {row.command for row in LIFECYCLES[Kind.ORGANISATION]}
    assert set(CHECKS) == {name for _, row in ALL_ROWS for name in row.checks}
    assert set(EFFECTS) == {name for _, row in ALL_ROWS for name in row.effects}
    assert set(DOES) == {name for _, row in ALL_ROWS for name in row.does}
    from_rungs = {rung.letter for ladder in a_policy().ladder.values() for rung in ladder.rungs if rung.letter}
    from_rows = {letter.template for _, row in ALL_ROWS for letter in row.letters}
    proposed = {each.letter for each in a_policy().consequence}
    assert set(forms()) == from_rows | from_rungs | proposed | {"alarm_notice"}


def test_a_command_has_one_row_for_every_status_and_choice() -> None:
    for (kind, command), rows in BY_COMMAND.items():
        for status in Status:
            choices = [row.when for row in rows if status in row.at]
            assert len(set(choices)) == len(choices), (kind, command, status)
            assert None not in choices or len(choices) == 1, (kind, command, status)


@pytest.mark.parametrize("kind", Kind)
def test_every_status_is_reached_and_every_way_is_legal(kind: Kind) -> None:
    reached = {row.to for row in LIFECYCLES[kind] if row.to}
    assert reached == set(ALL_WAYS[kind])
    for status in reached:
        assert a_case(status, kind=kind).status is status


@pytest.mark.parametrize("kind", Kind)
def test_every_status_but_the_ends_can_be_left_or_stays_open_to_nobody(kind: Kind) -> None:
    last = ENDS | {S.IN_FORCE, S.MERGED, S.HELD} | ({S.CLOSED} if kind is Kind.RECTIFICATION else set())
    for status in set(ALL_WAYS[kind]) - last:
        assert any(status in row.at and row.to not in {None, status} for row in LIFECYCLES[kind]), status


def test_every_flag_that_goes_up_comes_down() -> None:
    for kind, rows in LIFECYCLES.items():
        up = {flag for row in rows for flag in row.raises} - {Flag.SUPERVISED}
        assert up == {flag for row in rows for flag in row.lowers} & up, kind


def test_the_engine_and_the_clock_have_rows_of_their_own_and_no_persons() -> None:
    for _, row in ALL_ROWS:
        assert set(row.by) <= {*PEOPLE, Role.CLOCK, Role.ENGINE}
        if Role.CLOCK in row.by:
            assert row.by == (Role.CLOCK,)


def test_every_command_carries_both_its_names() -> None:
    for name, command in COMMANDS.items():
        assert command.name == name
        assert command.zh
        assert command.en
        assert command.__doc__


# ── the table and the policy ──
def events_of(kind: Kind) -> set[str]:
    return {row.event for row in LIFECYCLES[kind]}


@pytest.mark.parametrize("channel", sorted(a_policy().channels))
@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.RECTIFICATION])
def test_every_clock_starts_and_stops_on_events_of_its_kind_of_case(kind: Kind, channel: str) -> None:
    for rule in a_policy().clocks(kind, channel):
        assert rule.starts_on
        assert rule.stops_on, f"{rule.name} stops nowhere"
        assert {*rule.starts_on, *rule.stops_on, *rule.extended_on} <= events_of(kind), rule.name
        assert rule.calendar in a_world().calendars


def test_a_pause_is_named_after_the_flag_that_is_up_while_it_lasts() -> None:
    for pause in a_policy().pause:
        flag = next(flag for flag in Flag if flag == pause.name)
        assert set(pause.begins_on) == {row.event for _, row in ALL_ROWS if flag in row.raises}
        lowered = {row.event for _, row in ALL_ROWS if flag in row.lowers and row.to not in ENDS}
        lapsing = {f"lapsed.{rule.name}" for rule in a_policy().clock if rule.name == flag and rule.ladder == "lapse"}
        assert set(pause.ends_on) == lowered | lapsing


@pytest.mark.parametrize("pause", a_policy().pause, ids=lambda pause: pause.name)
def test_a_pause_has_a_review_clock_of_its_own(pause: Pause) -> None:
    name = pause.name
    clock = {"objection": "consent"}.get(name, name)
    rule = a_policy().clock_rule(Kind.PETITION, "system", clock)
    assert set(rule.starts_on) == set(pause.begins_on)
    assert name not in rule.paused_by


@pytest.mark.parametrize("channel", sorted(a_policy().channels))
@pytest.mark.parametrize("status", [*AT_WORK, S.REGISTERED, S.INTERIM, S.RECONSIDERING])
def test_no_open_status_is_without_a_clock_in_any_channel(status: Status, channel: str) -> None:
    case = a_case(status, channel=channel)
    assert case.is_open
    assert case.alarm
    assert case.due


def test_only_the_time_to_object_that_of_an_instruction_a_told_day_and_a_slot_are_started_anew_while_they_run() -> None:
    both = {rule.name for rule in a_policy().clock if set(rule.starts_on) & set(rule.stops_on)}
    assert both == {"object", "instruction", "put_right", "slot"}


def test_the_commands_that_may_move_a_due_date_are_those_that_end_a_pause_extend_or_recount() -> None:
    policy = a_policy()
    moving = {name.split(".")[0] for pause in policy.pause for name in pause.ends_on}
    moving |= {name for rule in policy.clock for name in rule.extended_on}
    recounting = {row.command for _, row in ALL_ROWS if row.recounts}
    assert {row.command for _, row in ALL_ROWS if row.event in moving} | recounting == MOVES_DUE


# ── what every row has to keep to ──

UNITS = {Role.HANDLER, Role.INSPECTOR}
SIGN_OFF = {Flag.APPLIED, Flag.INSPECTED, Flag.COUNTERSIGNED, Flag.NOTICED}
HOLDS_UP = {Flag.EXTENSION, Flag.HEARING, Flag.ASKED}
ALL_PAUSES = {Flag.HEARING, Flag.ASKED, Flag.OBJECTION}
PETITION = LIFECYCLES[Kind.PETITION]


def rows_of(*commands: str) -> list[Row]:
    found = [row for _, row in ALL_ROWS if row.command in commands]
    assert {row.command for row in found} == set(commands)
    return found


def test_units_people_act_on_their_own_units_cases_but_for_looking_at_what_others_finished() -> None:
    open_to_all = {row.command for _, row in ALL_ROWS if set(row.by) & UNITS and not row.own_unit}
    # Whoever comes upon a site puts it into the ledger: it is nobody's yet. The weather is everybody's.
    # A campaign's round of look-backs is of all units.
    assert open_to_all == {
        *("accept_on_site", "refuse_sign_off", "register_site", "observe_weather", "record_look_back"),
    }


def test_whoever_handles_a_case_has_a_hand_in_it() -> None:
    for row in rows_of("object", "record_findings", "plan_rectification", "report_progress", "submit_for_review"):
        assert set(row.by) <= UNITS
        assert "hands" in row.effects
    for row in rows_of("request_extension"):
        assert "hands_of_unit" in row.effects


def test_nobody_judges_what_they_had_a_hand_in() -> None:
    judging = rows_of("approve", "approve_interim", "send_back", "decide_reconsideration", "countersign", "strike_off")
    assert all("not_a_hand" in row.guards for row in judging)
    signing = rows_of("accept_on_site", "countersign", "publish_notice", "strike_off")
    assert all("not_a_signer" in row.guards for row in signing)


def test_no_row_closes_a_petition_without_findings_and_evidence_or_over_what_is_open() -> None:
    closing = [row for row in PETITION if row.to in {S.CLOSED, S.INTERIM} and S.REVIEWING in row.at and not row.when]
    assert {row.command for row in closing} == {"approve", "approve_interim"}
    for row in closing:
        assert {"has_findings", "has_evidence"} <= set(row.guards)
        assert set(row.bars) == HOLDS_UP
        assert "in_time" in row.effects
    # What is told of an imported case is told only before the desk takes it in hand.
    assert all(set(row.at) == {S.REGISTERED, S.RECTIFYING, S.INTERIM} for row in rows_of("record_history"))
    assert all(
        "closed_at" in row.effects
        for _, row in ALL_ROWS
        if row.to is S.CLOSED and row.event != "reconsideration_decided"
    )


def test_history_is_only_told_of_imported_petitions_and_for_its_own_day() -> None:
    assert all(
        row.backdated and "is_imported" in row.guards and "verdict" in row.effects for row in rows_of("record_history")
    )
    assert {row.command for _, row in ALL_ROWS if row.backdated} == {"register", "record_history", "record_sign_off"}


def test_only_heads_decide_on_time() -> None:
    assert all(
        "is_head" in row.guards and row.by == (Role.LEADER,) for row in rows_of("grant_extension", "refuse_extension")
    )
    assert all("extension_short" in row.checks for row in rows_of("request_extension"))


def test_whoever_assigns_names_people_who_exist_are_free_and_are_told() -> None:
    for _, row in ALL_ROWS:
        if "assignment" in row.effects:
            assert set(row.checks) == {"unit_known", "handler_free", "leader_free"}
            assert [letter.template for letter in row.letters] == ["assignment_order"]


def test_a_flag_is_raised_once_and_lowered_only_by_what_needs_it_or_ends_what_it_was_about() -> None:
    for _, row in ALL_ROWS:
        assert set(row.raises) <= set(row.bars), row
        if row.to is None and row.lowers:
            assert set(row.needs) & set(row.lowers), row


def test_what_ends_a_petition_at_work_leaves_no_pause_no_wish_for_time_and_no_task() -> None:
    for row in PETITION:
        if row.to in ENDS and set(row.at) & {*AT_WORK}:
            assert set(row.lowers) == {*ALL_PAUSES, Flag.EXTENSION}
            assert row.does == ("cancel_tasks", "tell_followers")


def test_whatever_leaves_the_closure_begins_the_sign_off_anew() -> None:
    for row in PETITION:
        if S.CLOSED in row.at and row.to:
            assert set(row.lowers) >= SIGN_OFF, row
    for row in (each for each in rows_of("reopen", "decide_reconsideration") if each in PETITION):
        assert Flag.REPLIED in row.lowers, "what comes of it is answered in writing again"


def test_every_step_of_the_sign_off_needs_the_one_before() -> None:
    steps = rows_of("apply_sign_off", "accept_on_site", "countersign", "publish_notice", "strike_off")
    raised: tuple[Flag, ...] = ()
    for row in steps:
        assert row.needs == raised
        raised = row.raises


def test_the_petitioner_is_told_of_every_decision_the_law_wants_told() -> None:
    told = {row.command for row in PETITION for letter in row.letters if letter.to == PETITIONER}
    assert told == {
        "accept", "decline", "mark_repeat", "take_back_repeat", "refer", "grant_extension", "ask_petitioner", "reply",
        "ask_reconsideration", "decide_reconsideration",
    }  # fmt: skip


def test_everything_people_type_that_is_shown_to_all_is_looked_through_for_personal_numbers() -> None:
    assert all("summary_redacted" in row.checks for row in rows_of("register", "correct"))
    assert all("text_redacted" in row.checks for row in rows_of("supplement"))


def at(command: str) -> set[Status]:
    return {status for row in PETITION if row.command == command for status in row.at}


def test_what_is_opened_can_be_settled_wherever_the_case_may_be_by_then() -> None:
    assert at("begin_hearing") == at("end_hearing") == {*AT_WORK, S.RECONSIDERING}
    assert at("ask_petitioner") == at("petitioner_answered") == set(AT_WORK)
    assert at("request_extension") == at("grant_extension") == at("refuse_extension") == set(AT_WORK)
    assert at("object") == at("agree_return") == at("refuse_return") == {S.ASSIGNED}
    assert at("join") <= at("part")


def test_what_settles_something_needs_it_open() -> None:
    settling = {
        "end_hearing": Flag.HEARING,
        "petitioner_answered": Flag.ASKED,
        "agree_return": Flag.OBJECTION,
        "refuse_return": Flag.OBJECTION,
        "grant_extension": Flag.EXTENSION,
        "refuse_extension": Flag.EXTENSION,
    }
    for command, flag in settling.items():
        assert all(flag in row.needs and flag in row.lowers for row in rows_of(command))


def test_an_objection_and_a_wish_for_time_wait_until_no_pause_is_open() -> None:
    assert all(set(row.bars) >= ALL_PAUSES for row in PETITION if row.command in {"object", "request_extension"})


def test_a_leaders_word_and_the_desks_urging_reach_the_handler_in_writing() -> None:
    for command, template in {"instruct": "instruction", "urge": "urging"}.items():
        assert all(
            [(each.template, each.to) for each in row.letters] == [(template, "handler")] for row in rows_of(command)
        )
    (listed,) = rows_of("list_for_supervision")
    assert [each.to for each in listed.letters] == ["unit_head"]


def test_the_desks_own_findings_on_an_imported_petition_come_with_evidence() -> None:
    assert all("evidence_if_imported" in row.checks for row in rows_of("record_findings"))


def test_an_outcome_good_or_bad_is_told_only_of_what_was_to_be_done() -> None:
    assert all(row.checks == ("reaction_pending",) for row in rows_of("record_outcome"))


def test_nothing_on_its_way_comes_too_late_to_be_taken_note_of() -> None:
    for command in ("ring", "record_outcome", "finish_task", "note"):
        assert at(command) == set(Status) - NO_CASES
