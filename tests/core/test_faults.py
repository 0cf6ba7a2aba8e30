"""A discrepancy is found, found again and cleared up; only the engine finds one, only an administrator clears it up."""

from models.permissions import may_see
from models.refusals import NotYours
from models.vocabulary import UNLISTED, Kind, Role, Status
from tests.core.builders import START, a_story, a_world, an_actor, refused


def test_a_discrepancy_that_comes_back_after_it_was_cleared_up_is_open_again() -> None:
    story = a_story(Status.FAULTY, kind=Kind.FAULT)
    assert story.case.id == f"F-{story.case.title}"
    story.do("engine", "report_fault")
    assert story.events[-1].event.name == "fault_persists"
    story.do(Role.ADMINISTRATOR, "clear_fault")
    assert story.case.status is Status.CLEARED
    story.do("engine", "report_fault")
    assert (story.events[-1].event.name, story.case.status) == ("fault_found_again", Status.FAULTY)


def test_only_the_engine_finds_one_and_only_an_administrator_clears_it_up() -> None:
    story = a_story(Status.FAULTY, kind=Kind.FAULT)
    for role in (Role.CLERK, Role.LEADER, Role.AUDITOR, Role.HANDLER):
        refused(story, NotYours, role, "clear_fault")
        refused(story, NotYours, role, "report_fault")
    refused(story, NotYours, Role.ADMINISTRATOR, "report_fault")


def test_it_is_seen_by_administrators_and_auditors_and_stands_in_no_list_of_cases() -> None:
    case = a_story(Status.FAULTY, kind=Kind.FAULT).case
    world = a_world()
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert may_see(world, case, an_actor(role), START)
    for role in (Role.HANDLER, Role.INSPECTOR):
        assert not may_see(world, case, an_actor(role), START)
    assert Kind.FAULT in UNLISTED
    assert not case.is_open, "no list of open cases counts it"
