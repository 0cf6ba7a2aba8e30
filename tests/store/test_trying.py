"""A policy tried on a whole ledger: the same one changes nothing in any case; another one exactly what it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import openpyxl
import pytest
import sqlalchemy as sa

from adapters import queries
from adapters.trial_sheet import trial_sheet
from adapters.trying import BATCH, PastWorlds, Plan, chosen, read_kept, try_policy
from models.policy import Policy
from models.refusals import Unknown
from models.run_again import run_again
from models.trial import Shift, Summary, Trial
from models.vocabulary import Kind, RungKind, Status
from tests.core.builders import a_policy
from tests.core.trials import a_policy_with, with_clock
from tests.store.busy_years import busy_years, reform
from tests.store.desks import Office, an_office, attack, dump

ERASING: Final = {"propose_erasure", "erase", "refuse_erasure"}
CASES = 300


def plan(office: Office, policy: Policy | None = None) -> Plan:
    return Plan(office.desk.settings.database_url, policy, office.moments.at)


def tried(office: Office, policy: Policy | None = None, processes: int = 1) -> list[Trial]:
    return list(try_policy(office.database, chosen(office.database), plan(office, policy), processes=processes))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Three hundred petitions and tasks."""
    with an_office(tmp_path_factory.mktemp("busy")) as office:
        busy_years(office, Random(20261123), CASES)
        yield office


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_under_the_same_policy_every_case_is_the_same_to_the_last_byte(busy: Office) -> None:
    before = dump(busy.database)
    steps: list[tuple[int, int]] = []
    trials = list(
        try_policy(
            busy.database, chosen(busy.database), plan(busy), progress=lambda done, total: steps.append((done, total))
        )
    )
    assert [trial.case for trial in trials if not trial.same] == []
    assert len(trials) >= CASES
    assert {trial.kind for trial in trials} == {Kind.PETITION, Kind.RECTIFICATION}, "the tasks are cases too"
    assert steps[-1] == (len(trials), len(trials))
    assert len(steps) == -(-len(trials) // BATCH), "once for every batch"
    assert [trial for trial in tried(busy, a_policy()) if not trial.same or trial.drifted] == []
    assert dump(busy.database) == before, "nothing was written"

    # Everything that is promised to be among them was.
    happened = {name for (name,) in _all(busy, "SELECT DISTINCT event FROM envelopes")}
    assert happened >= {
        *("hearing_begun", "hearing_ended", "petitioner_asked", "extension_granted", "return_agreed", "return_refused"),
        *("reopened", "struck_off", "look_back_due", "task_opened", "task_done", "escalated", "lapsed"),
        *("history_recorded", "interim_closed", "closed", "reconsideration_asked", "overturned"),
    }
    kept = read_kept(busy.database, chosen(busy.database))
    events = [json.loads(each.body)["event"] for case in kept.values() for each in case]
    moves = {move["kind"] for event in events for clock in event["clocks"] for move in clock.get("moves", [])}
    assert moves >= {"resumed", "extended"}
    assert any(each.envelope.occurred_at for case in kept.values() for each in case)
    assert len(queries.history(busy.database, "organisation")) > 5


def _all(office: Office, statement: str) -> list[tuple[str, ...]]:
    with office.database.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_several_processes_find_the_same_in_the_same_order(busy: Office) -> None:
    policy = with_clock("close", "30 day")
    here = tried(busy, policy, processes=1)
    assert tried(busy, policy, processes=2) == here
    assert sum(not trial.same for trial in here) > CASES / 4


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_shorter_clock_moves_the_dates_it_counts_and_no_others(busy: Office) -> None:
    """The clock of the interim closure: 90 days for everybody, and 60."""
    summary = Summary()
    for trial in tried(busy, with_clock("interim", "60 day")):
        summary.add(trial)
        truth = queries.history(busy.database, trial.case)
        began = sum(clock.name == "interim" and not clock.moves for each in truth for clock in each.event.clocks)
        assert trial.same == (not began), "only a case that was closed for now differs"
        assert {each.clock for each in trial.dues} <= {"interim"}
        for due in trial.dues:
            assert due.before
            assert due.after
            assert (due.before - due.after).days == 30
    assert summary.moved == {Shift.EARLIER: summary.different}
    # An erasure waits until letters have left: one that the tried clock sends is on its way when it was asked for.
    assert {command for command, _ in summary.denied} <= ERASING
    assert summary.drifted == 0
    assert summary.different > 10


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_an_extension_limit_of_ten_refuses_exactly_those_that_asked_for_more(busy: Office) -> None:
    policy = a_policy_with(lambda document: document.update(extension_limit=10))
    trials = {trial.case: trial for trial in tried(busy, policy)}
    asked = {
        (name, each.recorded.seq)
        for name, kept in read_kept(busy.database, list(trials)).items()
        for each in kept
        if each.envelope.command == "request_extension" and int(str(each.envelope.data["extension_days"])) > 10
    }
    refused = {(name, each.seq) for name, trial in trials.items() for each in trial.denied if each.code == "too_long"}
    assert refused == asked
    assert len(asked) > 5
    assert {name for name, trial in trials.items() if not trial.same} == {name for name, _ in asked}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_new_rung_rings_once_on_every_clock_that_came_so_far(busy: Office) -> None:
    def change(document: dict[str, Any]) -> None:
        rung = {
            "name": "day1",
            "zh": "超期一日",
            "en": "a day late",
            "at": "+1 day",
            "kind": "escalated",
            "to": ["duty_leader"],
        }
        document["ladder"]["standard"]["rungs"].insert(3, rung)

    new = 0
    for trial in tried(busy, a_policy_with(change)):
        # An erasure waits until the letter of the new rung has left.
        assert {each.command for each in trial.denied} <= ERASING
        assert not trial.dues
        assert {(each.rung, each.shift) for each in trial.rungs} <= {("day1", Shift.NEW)}
        assert len({(each.clock, each.after) for each in trial.rungs}) == len(trial.rungs)
        assert all(each.kind is RungKind.ESCALATE and each.after and each.after.to for each in trial.rungs)
        new += len(trial.rungs)
    assert new > 50


# ── small ledgers, on both databases ──


def test_it_is_the_same_on_either_database(office: Office, rng: Random) -> None:
    busy_years(office, rng, 12)
    assert [trial.case for trial in tried(office) if not trial.same] == []
    assert [trial.case for trial in tried(office, processes=2) if not trial.same] == []


def test_which_cases_are_tried(small_office: Office) -> None:
    office = small_office
    first = office.a_case(Status.CLOSED)
    office.moments.wait(hours=1)
    second = office.a_case(Status.ASSIGNED)
    office.moments.wait(hours=1)
    third = office.a_case(Status.REGISTERED)
    database = office.database
    assert chosen(database) == [first, second, third], "the organisation is none"
    assert chosen(database, newest=2) == [second, third]
    assert chosen(database, is_open=True) == [second, third]
    assert chosen(database, cases=[third, first]) == [first, third]
    for name in ("XF2026999999", "organisation"):
        with pytest.raises(Unknown):
            chosen(database, cases=[name])
    assert list(try_policy(database, [], plan(office))) == []


def test_the_world_is_the_one_of_the_moment(small_office: Office, rng: Random) -> None:
    office = small_office
    begun = office.moments.at
    office.moments.wait(hours=5)
    reform(office, rng)
    worlds = PastWorlds(office.database)
    stages = [each.recorded_at for each in queries.history(office.database, "organisation")]
    assert stages[0] == begun
    assert worlds(begun).organisation == worlds(stages[1].replace(microsecond=0) - (stages[1] - begun) / 2).organisation
    assert worlds(stages[1]).organisation != worlds(begun).organisation
    assert worlds(stages[1]).organisation == office.desk.world().organisation
    assert worlds(begun.replace(year=2020)).organisation is None


def test_a_case_that_is_not_whole_is_named_and_not_guessed_at(small_office: Office) -> None:
    office = small_office
    cases = [office.a_case(Status.ASSIGNED) for _ in range(4)]
    attack(office, "DELETE FROM envelopes WHERE case_id = ? AND seq = 2", cases[0])
    attack(office, "UPDATE events SET body = 'nothing' WHERE case_id = ? AND seq = 1", cases[1])
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq = 1", cases[2])
    trials = tried(office)
    assert [(trial.case, trial.unread) for trial in trials] == [
        (cases[0], True),
        (cases[1], True),
        (cases[2], True),
        (cases[3], False),
    ]
    summary = Summary()
    for trial in trials:
        summary.add(trial)
    assert (summary.tried, summary.same, summary.unread) == (1, 1, 3)


def test_everything_is_written_into_a_workbook(small_office: Office, tmp_path: Path) -> None:
    office = small_office
    asked = office.a_case(Status.ASSIGNED)
    office.act(asked, "handler", "request_extension", extension_days=20)
    office.act(asked, "head", "grant_extension")
    office.a_case(Status.DECLINED)
    broken = office.a_case(Status.ASSIGNED)
    attack(office, "DELETE FROM envelopes WHERE case_id = ? AND seq = 2", broken)
    waiting = office.register()
    office.moments.wait(days=10)
    policy = a_policy_with(
        lambda document: (
            document.update(extension_limit=10),
            document["clock"][0].update(length="8 day"),
        )
    )
    summary = Summary()
    out = tmp_path / "trial.xlsx"
    with trial_sheet(out, (policy, a_policy())) as sheet:
        for trial in tried(office, policy):
            summary.add(trial)
            sheet.add(trial)
        sheet.finish(policy, office.moments.at, summary)

    book = openpyxl.load_workbook(out)
    rows = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    book.close()
    assert list(rows) == ["汇总 summary", "案件 cases", "期限 dates", "提醒 reminders", "被拒 refused"]
    counts = dict(row[:2] for row in rows["汇总 summary"])
    assert (counts["案件 cases tried"], counts["有变化 different"], counts["无法试行 not whole"]) == ("3", "3", "1")
    assert [row[0] for row in rows["案件 cases"][1:]] == [asked, "XF2026000002", broken, waiting]
    assert rows["案件 cases"][3][-1] == "信封不全，无法试行 not whole"
    assert [row[4] for row in rows["被拒 refused"][1:]] == ["申请延期", "批准延期"]
    assert rows["被拒 refused"][1][-2] == "延期不得超过 10 日。"
    dates = [row for row in rows["期限 dates"][1:] if row[0] == waiting]
    assert dates == [[waiting, "受理告知", "2026-03-02 09:00", "2026-03-17 24:00", "2026-03-10 24:00", "提前 earlier"]]
    rungs = [row for row in rows["提醒 reminders"][1:] if row[0] == waiting]
    assert [row[2] for row in rungs] == ["时限过七成", "到期前一日", "到期未办"]
    assert rungs[2][3:] == ["升级报告", "新增 new", "", "", "2026-03-10 24:00", "county-deputy"]


def test_a_ledger_of_another_kind_of_case_is_not_tried_but_makes_the_world(small_office: Office) -> None:
    case = small_office.a_case(Status.ASSIGNED)
    kept = read_kept(small_office.database, [case])[case]
    run = run_again(kept, PastWorlds(small_office.database), small_office.moments.at)
    assert run.same
    assert {each.kind for each in run.events} == {Kind.PETITION}
