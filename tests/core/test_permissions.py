"""Who may see a case: by role and unit, or because there is something to do with it; never whom it is about."""

import pytest

from models.permissions import GRANTS, Reach, Sight, may_see, reach
from models.vocabulary import PEOPLE, Kind, Role, Status
from tests.core.builders import START, a_case, a_world, an_actor


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "reviewer", "leader", "auditor", "handler", "inspector"])
@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.REVIEWING, Status.CLOSED])
def test_the_desk_and_the_unit_see_its_case(who: str, status: Status) -> None:
    assert may_see(a_world(), a_case(status), an_actor(who), START)


@pytest.mark.parametrize("who", ["other-handler", "administrator"])
@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.REVIEWING, Status.DECLINED])
def test_another_unit_and_the_administrator_do_not(who: str, status: Status) -> None:
    assert not may_see(a_world(), a_case(status), an_actor(who), START)


def test_an_inspector_of_another_unit_sees_what_waits_for_an_acceptance_on_site() -> None:
    case = a_case(Status.CLOSED)
    assert not may_see(a_world(), case, an_actor("other-handler"), START)
    applied = case.model_copy(update={"flags": (*case.flags, "applied")})
    assert may_see(a_world(), applied, an_actor("other-handler"), START)


@pytest.mark.parametrize("who", ["leader", "clerk", "handler", "auditor"])
def test_whom_it_is_about_does_not_see_it(who: str) -> None:
    case = a_case(Status.ASSIGNED).model_copy(update={"named": (an_actor(who).id,)})
    assert not may_see(a_world(), case, an_actor(who), START)


def test_the_organisation_is_seen_by_those_alone_who_may_change_it() -> None:
    case = a_case(Status.ASSIGNED).model_copy(update={"kind": Kind.ORGANISATION, "status": Status.IN_FORCE})
    assert may_see(a_world(), case, an_actor("administrator"), START)
    assert not may_see(a_world(), case, an_actor("auditor"), START)


def test_the_widest_of_several_roles_counts_and_no_role_sees_nothing() -> None:
    both = an_actor("handler", roles=(Role.HANDLER, Role.REVIEWER))
    assert reach(both, Sight.CASES) is Reach.ALL
    assert reach(an_actor("handler"), Sight.CASES) is Reach.OWN_UNIT
    assert reach(an_actor("handler", roles=()), Sight.CASES) is None
    assert reach(an_actor("clerk"), Sight.ACCOUNTS) is None
    assert reach(an_actor("administrator"), Sight.ACCOUNTS) is Reach.ALL


def test_every_sight_has_a_row_and_no_row_names_the_clock_or_the_engine() -> None:
    assert {grant.sight for grant in GRANTS} == set(Sight)
    assert all(set(grant.by) <= set(PEOPLE) for grant in GRANTS)
