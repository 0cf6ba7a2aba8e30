"""What Open311 finds, on both databases: what came that way by keys of a person, in pages, by service and day."""

from datetime import timedelta

import pytest

from adapters.open311.told import DOOR, KEY, Wanted, found, last_moves, moved
from models.open311 import Open311
from models.vocabulary import Role, Status
from tests.store.desks import Office, registering

RULES = Open311()


def sent(office: Office, number: int, *types: str, person: str = "clerk") -> str:
    """A petition that came by Open311."""
    office.moments.wait(seconds=1)
    name = f"{DOOR}/{person}/{number:0{KEY}d}"
    return office.door.perform([registering(name, types=list(types)).model_copy(update={"actor": person})])[0].case


def numbers(office: Office, wanted: Wanted, limit: int = 100, offset: int = 0) -> list[str]:
    return [each.id for each in found(office.database, wanted, RULES, limit=limit, offset=offset)]


def test_only_what_came_this_way_is_found_the_newest_first_and_in_pages(office: Office) -> None:
    office.register()
    cases = [sent(office, number, "异味") for number in range(3)]
    assert numbers(office, Wanted(None)) == cases[::-1]
    assert numbers(office, Wanted("clerk")) == cases[::-1]
    assert numbers(office, Wanted("cler_")) == numbers(office, Wanted("dispatcher")) == []
    assert [numbers(office, Wanted(None), 2, offset) for offset in (0, 2, 4)] == [cases[:0:-1], cases[:1], []]
    assert numbers(office, Wanted("clerk", cases=(cases[1], "XF2020000001"))) == [cases[1]]


@pytest.mark.parametrize(
    ("codes", "which"), [(("odour",), [3, 0]), (("noise",), [1]), (("other",), [2]), (("odour", "noise"), [3, 1, 0])]
)
def test_a_service_finds_what_the_answer_calls_by_it(office: Office, codes: tuple[str, ...], which: list[int]) -> None:
    cases = [
        sent(office, number, *types) for number, types in enumerate((["异味"], ["噪声"], ["欠薪"], ["噪声", "异味"]))
    ]
    assert numbers(office, Wanted(None, services=codes)) == [cases[each] for each in which]
    told = found(office.database, Wanted(None), RULES, limit=9)
    assert [each.id for each in told if RULES.service_of(each.types).code in codes] == [cases[each] for each in which]


def test_open_closed_and_days_narrow_it(office: Office) -> None:
    cases = [sent(office, number) for number in range(3)]
    office.act(cases[1], Role.CLERK, "decline")
    assert numbers(office, Wanted(None, open=False)) == [cases[1]]
    assert numbers(office, Wanted(None, open=True)) == [cases[2], cases[0]]
    at = office.case(cases[1]).registered_at
    assert at is not None
    assert numbers(office, Wanted(None, since=at, until=at)) == [cases[1]]
    assert numbers(office, Wanted(None, since=at + timedelta(days=1))) == []


def test_changes_of_status_are_told_as_they_were_the_oldest_first(office: Office) -> None:
    office.a_case(Status.ASSIGNED)
    case = sent(office, 1)
    for who, command in ((Role.CLERK, "accept"), (Role.DISPATCHER, "assign")):
        office.moments.wait(seconds=1)
        office.act(case, who, command)
    office.moments.wait(seconds=1)
    office.act(case, Role.CLERK, "note")
    told = moved(office.database, Wanted("clerk"), limit=9)
    assert [(each.case, each.seq, each.status) for each in told] == [
        (case, 2, Status.ACCEPTED),
        (case, 3, Status.ASSIGNED),
    ]
    assert moved(office.database, Wanted("clerk"), limit=1, offset=1) == told[1:]
    assert moved(office.database, Wanted("dispatcher"), limit=9) == []
    assert last_moves(office.database, [case]) == {case: told[1].at}
