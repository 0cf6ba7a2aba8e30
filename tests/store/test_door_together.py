"""Many at the door at once: threads that share a transaction, and other processes at the same ledger."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa

import adapters.door
from adapters import checking, ledger, queries, tables
from adapters.door import Door, Order
from models.decide import decide
from models.envelope import Envelope, Receipt
from models.event import Event
from models.refusals import NotNow, Refused
from models.vocabulary import Role, Status
from tests.store.desks import Office, an_envelope, another_door, dump, registering
from tests.store.other_process import Other

Outcome = Receipt | Exception


def give(door: Door, envelope: Envelope) -> Outcome:
    try:
        return door.perform([envelope])[0]
    except Exception as fault:  # noqa: BLE001 - the outcome is what is looked at
        return fault


def at_once(*calls: Callable[[], Outcome]) -> list[Outcome]:
    """Make all calls in the same instant, each from a thread of its own."""
    start = threading.Barrier(len(calls))

    def call(each: Callable[[], Outcome]) -> Outcome:
        start.wait()
        return each()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def in_one_transaction(office: Office, envelopes: Sequence[Envelope]) -> list[Outcome]:
    """Let all of them wait at the door before it opens, so that they share a transaction."""
    door = office.door
    with ThreadPoolExecutor(len(envelopes)) as pool:
        with door._turn:
            outcomes = [pool.submit(give, door, envelope) for envelope in envelopes]
            while len(door._waiting) < len(envelopes):
                threading.Event().wait(0.001)
        return [outcome.result() for outcome in outcomes]


def sound(office: Office) -> None:
    """Every chain holds, and the read model is the fold of the events."""
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


# ── the same envelope several times at once ──


@pytest.mark.parametrize("command", ["register", "accept"])
def test_the_same_envelope_from_many_threads_at_once_is_one_event_and_one_receipt(office: Office, command: str) -> None:
    case = office.register()
    same = registering("same") if command == "register" else office.asking(case, Role.CLERK, "accept")
    outcomes = at_once(*[lambda: give(office.door, same)] * 8)
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert len(receipts) == 8
    assert len({(receipt.case, receipt.seq, receipt.event) for receipt in receipts}) == 1
    assert [receipt.repeated for receipt in receipts].count(False) == 1
    assert len(queries.history(office.database, receipts[0].case)) == receipts[0].seq


@pytest.mark.parametrize("command", ["register", "accept"])
def test_the_same_envelope_from_many_doors_at_once_is_one_event_and_one_receipt(office: Office, command: str) -> None:
    """Each door stands for a process. What the others did while one waited for the case is no reason to refuse."""
    with ExitStack() as stack:
        doors = [stack.enter_context(another_door(office)).door for _ in range(3)]
        for number in range(8):
            case = office.register()
            same = registering(f"same{number}") if command == "register" else office.asking(case, "clerk", "accept")
            outcomes = at_once(*[lambda door=door, same=same: give(door, same) for door in doors])
            receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
            assert outcomes == receipts
            assert len({(receipt.case, receipt.seq) for receipt in receipts}) == 1
            assert [receipt.repeated for receipt in receipts].count(False) == 1
    sound(office)


def test_the_same_envelopes_from_three_processes_at_once_are_one_event_each(office: Office) -> None:
    accepting = [office.asking(office.register(), "clerk", "accept") for _ in range(5)]
    same = [*accepting, *(registering(f"same{number}") for number in range(5))]
    with ExitStack() as stack:
        others = [stack.enter_context(Other.at(office.desk.settings.database_url, same)) for _ in range(3)]
        for other in others:
            other.go()
        answers = [answer for other in others for answer in other.answers()]
    assert not [answer for answer in answers if "case" not in answer]
    assert Counter(answer["envelope"] for answer in answers) == {envelope.id: 3 for envelope in same}
    assert len({(answer["envelope"], answer["case"], answer["seq"]) for answer in answers}) == 10
    assert sum(not answer["repeated"] for answer in answers) == 10
    assert sorted({answer["case"] for answer in answers}) == [f"XF2026{number:06d}" for number in range(1, 11)]
    sound(office)


# ── two who act in the same second ──


def test_of_two_reviewers_in_the_same_second_exactly_one_wins_and_the_other_is_told_why(office: Office) -> None:
    with another_door(office) as other:
        for doors in [(office.door, office.door), (office.door, other.door)] * 3:
            case = office.a_case(Status.REVIEWING)
            approving = office.asking(case, "reviewer", "approve")
            sending_back = office.asking(case, "reviewer-2", "send_back")
            first, second = doors
            outcomes = at_once(lambda: give(first, approving), lambda: give(second, sending_back))  # noqa: B023
            (won,) = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
            (lost,) = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
            assert isinstance(lost, NotNow)
            assert office.case(case).status.zh in lost.zh
            assert office.case(case).status.en in lost.en
            assert won.seq == office.case(case).seq
            assert office.names(case)[-2:] == ["submitted", won.event]
    sound(office)


def test_of_two_reviewers_in_two_processes_exactly_one_wins(office: Office) -> None:
    cases = [office.a_case(Status.REVIEWING) for _ in range(4)]
    url = office.desk.settings.database_url
    one = [[office.asking(case, "reviewer", "approve")] for case in cases]
    two = [[office.asking(case, "reviewer-2", "send_back")] for case in cases]
    with Other.at(url, *one) as first, Other.at(url, *two) as second:
        for case in cases:
            first.go()
            second.go()
            answers = [*first.answers(), *second.answers()]
            assert sorted(answer.get("refused", "won") for answer in answers) == ["not_now", "won"]
            assert office.case(case).seq == 7
    sound(office)


# ── numbers ──


def test_numbers_have_no_gap_under_eight_threads_and_refusals_between(office: Office) -> None:
    def register(place: int) -> list[str]:
        numbers = []
        for number in range(6):
            give(office.door, registering(f"bad{place}.{number}", channel="pigeon"))
            outcome = give(office.door, registering(f"r{place}.{number}"))
            assert isinstance(outcome, Receipt)
            numbers.append(outcome.case)
        return numbers

    with ThreadPoolExecutor(8) as pool:
        given = [number for numbers in pool.map(register, range(8)) for number in numbers]
    assert sorted(given) == [f"XF2026{number:06d}" for number in range(1, 49)]


def test_numbers_have_no_gap_when_two_processes_register_at_once(office: Office) -> None:
    url = office.desk.settings.database_url
    with ExitStack() as stack:
        others = [
            stack.enter_context(
                Other.at(url, [registering(f"{name}{n}", channel="system" if n % 3 else "pigeon") for n in range(30)])
            )
            for name in ("one", "two")
        ]
        for other in others:
            other.go()
        answers = [answer for other in others for answer in other.answers()]
    assert sorted(answer["case"] for answer in answers if "case" in answer) == [
        f"XF2026{number:06d}" for number in range(1, 41)
    ]
    assert Counter(answer.get("refused") for answer in answers) == {None: 40, "unknown_channel": 20}
    sound(office)


# ── sharing a transaction ──


def test_what_sixty_four_threads_are_promised_is_there_once_and_in_order(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    commit = Door._commit

    def counting(door: Door, batch: list[Order]) -> None:
        commits.append(len(batch))
        commit(door, batch)

    monkeypatch.setattr(Door, "_commit", counting)
    cases = [office.register() for _ in range(4)]
    commits.clear()

    def work(place: int) -> list[Receipt]:
        notes = [an_envelope("note", id=f"n{place}.{n}", case=cases[place % 4], text=f"{place}.{n}") for n in range(3)]
        return [office.door.perform([note])[0] for note in notes]

    with ThreadPoolExecutor(64) as pool:
        receipts = [receipt for found in pool.map(work, range(64)) for receipt in found]
    assert sum(commits) == 192
    assert len(commits) < 192  # some shared one
    for case in cases:
        mine = {receipt.seq: receipt.envelope for receipt in receipts if receipt.case == case}
        history = queries.history(office.database, case)
        assert {recorded.seq: recorded.envelope for recorded in history if recorded.seq > 1} == mine
        for place in range(64):
            said = [recorded.envelope for recorded in history if recorded.envelope.startswith(f"n{place}.")]
            assert said in ([], [f"n{place}.{n}" for n in range(3)])
    sound(office)


def test_a_refusal_does_not_touch_the_others_in_the_same_transaction(office: Office) -> None:
    case = office.register()
    envelopes = [
        an_envelope("note", id=f"x{n}", case=case, text=f"第{n}条")
        if n % 2
        else an_envelope("reply", id=f"x{n}", case=case, opinion="support", text="已整改")
        for n in range(20)
    ]
    outcomes = in_one_transaction(office, envelopes)
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [bool(n % 2) for n in range(20)]
    assert sorted(outcome.seq for outcome in outcomes if isinstance(outcome, Receipt)) == list(range(2, 12))
    sound(office)


def test_a_fault_in_one_decision_is_that_callers_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [office.register() for _ in range(6)]
    sick = cases[2]

    def deciding(world: object, case: object, *rest: object) -> Event | None:
        if getattr(case, "id", "") == sick:
            raise ZeroDivisionError
        return decide(world, case, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(adapters.door, "decide", deciding)
    outcomes = in_one_transaction(office, [office.asking(case, "clerk", "accept") for case in cases])
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "ZeroDivisionError" if case == sick else "Receipt" for case in cases
    ]
    assert [office.case(case).seq for case in cases] == [1 if case == sick else 2 for case in cases]
    sound(office)


def test_a_value_the_database_cannot_hold_is_refused_to_its_caller_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one that a newer rule lets through but an older schema has no room for."""
    row_of = ledger.row_of

    def too_long(case: object, head: str) -> dict[str, object]:
        row = row_of(case, head)  # type: ignore[arg-type]
        return {**row, "unit": "长" * 65} if row["id"] == sick else row

    cases = [office.register() for _ in range(4)]
    sick = cases[1]
    monkeypatch.setattr(ledger, "row_of", too_long)
    outcomes = in_one_transaction(office, [office.asking(case, "clerk", "accept") for case in cases])
    refused = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    # SQLite does not count the characters of a column.
    assert refused == ([] if office.database.is_sqlite else ["malformed"])
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 4 - len(refused)


def test_a_crash_at_the_commit_leaves_nothing_and_the_door_open(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.register()
    before = dump(office.database)
    crashes = iter([RuntimeError("power"), RuntimeError("power"), RuntimeError("power")])

    dialect = office.database.engine.dialect
    commit = dialect.do_commit

    def crash(connection: Any) -> None:
        if fault := next(crashes, None):
            raise fault
        commit(connection)

    envelopes = [office.asking(case, "clerk", "accept"), registering("new")]
    monkeypatch.setattr(dialect, "do_commit", crash)
    # Once together, and then each for itself.
    assert [type(outcome) for outcome in in_one_transaction(office, envelopes)] == [RuntimeError, RuntimeError]
    assert dump(office.database) == before
    assert [type(outcome) for outcome in in_one_transaction(office, envelopes)] == [Receipt, Receipt]
    assert office.register() == "XF2026000003"
    sound(office)


def test_two_who_take_the_same_cases_in_another_order_do_not_block_each_other(office: Office) -> None:
    one, two = office.register(), office.register()
    with another_door(office) as other:
        for number in range(6):
            there = [an_envelope("note", id=f"t{number}.{case}", case=case, text="去") for case in (one, two)]
            back = [an_envelope("note", id=f"b{number}.{case}", case=case, text="回") for case in (two, one)]
            with ThreadPoolExecutor(2) as pool:
                first, second = pool.submit(office.door.perform, there), pool.submit(other.door.perform, back)
            assert len(first.result()) == len(second.result()) == 2
    assert office.case(one).seq == office.case(two).seq == 13
    sound(office)


def test_time_goes_forward_in_a_case_whoever_had_to_wait(office: Office) -> None:
    """The moment of a command is that at which it is carried out, not that at which it came to stand in line."""
    case = office.register()
    with another_door(office) as other:
        waiting = office.asking(case, "clerk", "note")
        with other.database.writing() as connection, ThreadPoolExecutor(1) as pool:
            row = sa.select(tables.cases.c.id).where(tables.cases.c.id == case)
            connection.execute(row if office.database.is_sqlite else row.with_for_update())
            outcome = pool.submit(give, office.door, waiting)
            threading.Event().wait(0.2)
            office.moments.wait(minutes=5)
            connection.rollback()
            receipt = outcome.result()
    assert isinstance(receipt, Receipt)
    assert receipt.at == office.moments.now()
