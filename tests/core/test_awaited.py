"""What a case waits for from somebody beside the unit at work, and from whom."""

import pytest

from models.actions import ELSEWHERE, WAITED_FOR, awaited, possible, waits_for
from models.lifecycle import BY_COMMAND
from models.vocabulary import Kind, Role, Status
from tests.core.builders import a_story, an_actor, imported

S, R = Status, Role


@pytest.mark.parametrize(
    ("status", "steps", "then"),
    [
        (S.REGISTERED, (), ()),
        (S.ASSIGNED, (), ()),
        (S.ASSIGNED, (("handler", "object"),), ("agree_return",)),
        (S.ASSIGNED, (("handler", "request_extension"),), ("grant_extension",)),
        (S.ASSIGNED, (("handler", "request_extension"), ("head", "refuse_extension")), ()),
        (S.CLOSED, (), ("reply",)),
        (S.CLOSED, (("clerk", "reply"),), ()),
        (S.CLOSED, (("clerk", "reply"), ("clerk", "ask_reconsideration")), ("decide_reconsideration",)),
        (S.CLOSED, (("handler", "apply_sign_off"),), ("reply", "accept_on_site")),
        (
            S.CLOSED,
            (("clerk", "reply"), ("handler", "apply_sign_off"), (R.INSPECTOR, "accept_on_site")),
            ("countersign",),
        ),
        (S.SIGNED_OFF, (), ()),
    ],
)
def test_a_case_waits_for_whoever_has_been_asked(
    status: Status, steps: tuple[tuple[str, str], ...], then: tuple[str, ...]
) -> None:
    story = a_story(status)
    for who, command in steps:
        story.do(who, command)
    assert awaited(story.case) == then


def test_what_was_closed_before_it_came_here_waits_for_no_reply() -> None:
    assert awaited(imported("closed").case) == ()


def test_a_leader_is_waited_for_only_where_nobody_else_is() -> None:
    waited = {command: waits_for(BY_COMMAND[Kind.PETITION, command][0]) for command in WAITED_FOR}
    assert waited == {
        "reply": {R.CLERK},
        "agree_return": {R.DISPATCHER},
        "grant_extension": {R.LEADER},
        "decide_reconsideration": {R.LEADER},
        "accept_on_site": {R.INSPECTOR, R.REVIEWER},
        "countersign": {R.REVIEWER},
        "publish_notice": {R.CLERK},
        "strike_off": {R.DISPATCHER},
        "adopt_proposal": {R.LEADER},
        "erase": {R.LEADER},
    }


def test_whoever_sees_their_own_units_cases_alone_is_waited_for_only_where_they_may_act_on_others() -> None:
    for rows in ELSEWHERE.values():
        for row in rows:
            if waits_for(row) & {R.HANDLER, R.INSPECTOR}:
                assert not row.own_unit, row.command


def test_what_is_proposed_waits_for_a_leader_until_all_of_it_is_decided() -> None:
    story = a_story(S.ASSIGNED)
    story.wait(days=62)
    assert "adopt_proposal" in awaited(story.case)
    duty, own = an_actor("duty"), an_actor("handler")
    assert possible(story.world, story.case, duty, "adopt_proposal", story.at)
    assert not possible(story.world, story.case, own, "adopt_proposal", story.at)
    assert not possible(story.world, story.case, duty, "register_site", story.at)
    story.do("duty", "adopt_proposal", proposal="talk-1")
    assert "adopt_proposal" in awaited(story.case)
    story.do("duty", "dismiss_proposal", proposal="supervision-1")
    assert "adopt_proposal" not in awaited(story.case)
