"""Lists in pages, and what they are filtered by, on both databases."""

import pytest

from adapters.paging import Order, count, page
from adapters.queries import Filter
from models.refusals import Malformed
from models.vocabulary import Status
from tests.store.desks import Office


def walked(office: Office, wanted: Filter, order: Order, limit: int) -> list[str]:
    """All the pages of a list, one after the other."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        each = page(office.database, wanted, order=order, after=cursor, limit=limit)
        found += [case.id for case in each.cases]
        cursor = each.following
        if cursor is None:
            return found


@pytest.mark.parametrize("order", list(Order))
def test_pages_together_are_the_whole_list_whatever_their_length(office: Office, order: Order) -> None:
    for status in (Status.REGISTERED, Status.DECLINED, Status.CLOSED, Status.ASSIGNED, Status.REGISTERED):
        office.a_case(status)
        office.a_case(status)
    office.moments.wait(days=1)
    office.a_case(Status.DECLINED)
    whole = walked(office, Filter(), order, 100)
    assert len(whole) == len(set(whole)) == count(office.database, Filter()) == 11
    for limit in (1, 2, 3, 10, 11):
        assert walked(office, Filter(), order, limit) == whole
    dues = [office.case(name).due for name in whole]
    if order is Order.DUE:
        # Those without a date come last.
        assert [due is None for due in dues] == sorted(due is None for due in dues)
        assert None in dues
        dated = [due for due in dues if due is not None]
        assert dated == sorted(dated)


def test_words_and_hands_are_looked_for_in_their_own_fields_alone(office: Office) -> None:
    plain, odd = office.register(), office.register(place="柳溪乡", summary="超标100%，见_附件\\")
    mine = office.a_case(Status.ASSIGNED)

    def found(**wanted: str) -> set[str]:
        return {case.id for case in page(office.database, Filter(**wanted)).cases}  # type: ignore[arg-type] # texts alone

    assert found(words="臭味") == {plain, mine}
    assert found(words="柳溪") == {odd}
    assert found(words=odd) == {odd}
    for word in ("100%", "%", "_附", "_", "\\"):
        assert found(words=word) == {odd}
    assert found(words="registered") == set()
    assert found(hand="handler") == {mine}
    assert found(hand="leader") == {mine}
    assert found(hand="clerk") == set()


@pytest.mark.parametrize(
    "bad", ["", "x", "e30", "W10", "WyJuZXdlc3QiLG51bGwsIngiXQ", "WyJkdWUiLG51bGwsIngiXQ", "é", "=" * 9]
)
def test_what_is_no_cursor_of_this_list_is_refused(small_office: Office, bad: str) -> None:
    with pytest.raises(Malformed):
        page(small_office.database, Filter(), after=bad)
