"""A letter that did not arrive, or of which nobody knows, is chased until somebody has seen to it."""

from datetime import timedelta
from typing import Any

import pytest

from models import refusals
from models.delivery import Unsettled, letter_number, letters_of
from models.event import Recorded
from models.letters import message_id
from models.vocabulary import Fate, Kind, Light, Role, Status
from tests.core.builders import Story, a_loss, a_story, a_world, an_organisation, people_of, refused, the_clock

S = Status


def lost(status: Status = S.ACCEPTED, outcome: str = "failed", **more: str) -> Story:
    """A case one of whose letters did not arrive."""
    story = a_story(status)
    return story.do("engine", "record_outcome", **a_loss(story.case, outcome, **more))


def done(story: Story, **more: Any) -> Story:
    """What waits to be carried out first is done."""
    return story.do("engine", "record_outcome", reaction=story.case.pending[0], outcome="done", **more)


def fates(story: Story) -> list[Fate]:
    return [each.fate for each in letters_of(story.events)]


@pytest.mark.parametrize("fate", [Fate.FAILED, Fate.UNKNOWN])
def test_a_letter_that_is_lost_stays_on_the_case_and_starts_a_clock(fate: Fate) -> None:
    story = lost(outcome=fate)
    assert story.events[-1].event.name == f"letter_{fate}"
    (left,) = story.case.unsettled
    assert left == Unsettled(
        letter="XF2026000001#2.1.letter",
        template="acceptance_notice",
        to="petitioner",
        fate=fate,
        why="smtp_550",
    )
    assert left.number == "2"
    assert not story.case.pending
    assert the_clock(story.case, "delivery").light is Light.GREEN
    assert fates(story) == [fate]


@pytest.mark.parametrize("status", [S.CLOSED, S.SIGNED_OFF, S.DECLINED, S.REFERRED, S.WITHDRAWN])
def test_it_is_chased_also_where_the_case_is_over(status: Status) -> None:
    story = lost(status)
    clock = the_clock(story.case, "delivery")
    rang = [(each.event.said["rung"], people_of(each.event)) for _, each in story.until(clock.due + timedelta(days=9))]
    chased = [each for each in rang if each[0] in {"told", "administrator", "duty_leader"}]
    assert chased == [
        ("told", ["dispatcher"]), ("administrator", ["administrator"]),
        ("duty_leader", ["duty"]), ("duty_leader", ["duty"]),
    ]  # fmt: skip
    story.do("clerk", "settle_letter", letter="XF2026000001#2.1.letter" if status is S.DECLINED else left(story))
    assert story.events[-1].event.name == "letters_settled"
    assert story.case.clock("delivery") is None


def test_without_anybody_who_assigns_somebody_still_hears_of_it() -> None:
    story = lost()
    people = [
        person.model_copy(update={"roles": tuple(role for role in person.roles if role is not Role.DISPATCHER)})
        for person in an_organisation().people
        if person.id != "dispatcher"
    ]
    story.world = a_world(an_organisation().model_copy(update={"people": tuple(people)}))
    story.until(story.at)
    assert story.events[-1].event.said["rung"] == "told"
    assert people_of(story.events[-1].event) == ["county-deputy"]


def left(story: Story) -> str:
    return story.case.unsettled[0].letter


def test_who_is_told_of_it_gets_a_letter_that_is_not_chased_in_turn() -> None:
    story = lost()
    story.until(story.at)
    told = story.events[-1]
    assert (told.event.name, [each.letter for each in told.event.reactions]) == ("reminded", ["delivery_notice"])
    for outcome in ("failed", "unknown"):
        again = story.copy()
        again.do("engine", "record_outcome", **a_loss(again.case, outcome, template="delivery_notice"))
        assert again.events[-1].event.name == "not_carried_out"
        assert [each.number for each in again.case.unsettled] == ["2"]
        assert fates(again) == [Fate.FAILED, Fate.of(outcome)]


def test_an_end_stops_every_other_clock_and_leaves_this_one() -> None:
    story = lost(S.ASSIGNED).do("clerk", "withdraw")
    assert [clock.name for clock in story.case.clocks] == ["delivery"]
    assert story.case.alarm


def test_a_second_loss_does_not_begin_the_time_anew_and_the_clock_stops_with_the_last() -> None:
    story = lost(S.ASSIGNED)
    due = the_clock(story.case, "delivery").due
    story.wait(hours=20)
    story.do("engine", "record_outcome", **a_loss(story.case, "unknown", template="assignment_order", to="handler"))
    assert the_clock(story.case, "delivery").due == due
    first, second = story.case.unsettled
    story.do("clerk", "settle_letter", letter=first.number, how="confirmed")
    assert story.events[-1].event.name == "letter_settled"
    assert the_clock(story.case, "delivery").due == due
    story.do("administrator", "settle_letter", letter=second.letter, how="not_needed", note="已当面告知")
    assert story.events[-1].event.name == "letters_settled"
    assert (story.case.unsettled, story.case.clock("delivery")) == ((), None)
    assert fates(story)[:2] == [Fate.SETTLED, Fate.SETTLED]
    assert [each.why for each in letters_of(story.events)][:2] == ["confirmed", "not_needed"]


def test_sent_again_it_is_a_new_sending_of_the_same_letter_and_stays_until_it_arrives() -> None:
    story = lost()
    due = the_clock(story.case, "delivery").due
    story.do("dispatcher", "resend_letter", letter="2")
    (reaction,) = story.events[-1].event.reactions
    assert (reaction.letter, reaction.to) == ("acceptance_notice", ("petitioner",))
    assert reaction.again == "XF2026000001#2.1.letter"
    assert story.case.pending == ("XF2026000001#4.1.letter",)
    assert story.case.unsettled[0].fate is Fate.AGAIN
    assert the_clock(story.case, "delivery").due == due, "sending again is not yet arriving"
    refused(story, refusals.NothingUnsettled, "clerk", "resend_letter", letter="2")
    ref = {"letter": reaction.again, "template": "acceptance_notice", "to": "petitioner"}
    bad, good = story.copy(), story.copy()
    bad.do("engine", "record_outcome", reaction=story.case.pending[0], outcome="failed", letter=ref)
    assert bad.events[-1].event.name == "letter_failed"
    assert [each.fate for each in bad.case.unsettled] == [Fate.FAILED]
    assert the_clock(bad.case, "delivery").due == due
    bad.do("clerk", "resend_letter", letter="2")
    assert letters_of(bad.events)[0].sendings == (
        "XF2026000001#2.1.letter", "XF2026000001#4.1.letter", "XF2026000001#6.1.letter",
    )  # fmt: skip
    done(good, letter=ref, fate="sent", by_channel="mail")
    assert good.events[-1].event.name == "letters_settled"
    assert (good.case.unsettled, good.case.clock("delivery")) == ((), None)
    (seen,) = letters_of(good.events)
    assert (seen.fate, seen.channel) == (Fate.SENT, "mail")


def test_of_several_lost_one_that_arrives_leaves_the_others() -> None:
    story = lost(S.ASSIGNED)
    story.do("engine", "record_outcome", **a_loss(story.case, template="assignment_order", to="handler"))
    story.do("clerk", "resend_letter", letter="3")
    refused(story, refusals.OnItsWay, "clerk", "resend_letter", letter="3")
    refused(story, refusals.NotUnsettled, "clerk", "resend_letter", letter="9")
    ref = {"letter": "XF2026000001#3.1.letter", "template": "assignment_order", "to": "handler"}
    done(story, letter=ref)
    assert story.events[-1].event.name == "carried_out"
    assert [each.number for each in story.case.unsettled] == ["2"]
    assert story.case.clock("delivery")


@pytest.mark.parametrize("outcome", ["done", "failed", "unknown"])
def test_settled_by_hand_it_stays_settled_whatever_comes_of_sending_it_again(outcome: str) -> None:
    story = lost().do("clerk", "resend_letter", letter="2").do("clerk", "settle_letter", letter="2")
    ref = {"letter": "XF2026000001#2.1.letter", "template": "acceptance_notice", "to": "petitioner"}
    story.do("engine", "record_outcome", reaction=story.case.pending[0], outcome=outcome, letter=ref)
    assert story.events[-1].event.name == ("carried_out" if outcome == "done" else "not_carried_out")
    assert (story.case.unsettled, story.case.clock("delivery")) == ((), None)
    assert fates(story) == [Fate.SETTLED]


def test_there_is_nothing_to_settle_where_nothing_was_lost() -> None:
    story = a_story(S.ACCEPTED)
    for command in ("settle_letter", "resend_letter"):
        refused(story, refusals.NothingUnsettled, "clerk", command)
    refused(lost(), refusals.NotUnsettled, "clerk", "settle_letter", letter="7")
    refused(lost(), refusals.NotYours, "handler", "settle_letter", letter="2")


def test_what_the_engine_does_between_cases_is_no_letter() -> None:
    story = a_story(S.CLOSED, kind=Kind.RECTIFICATION)
    tell = story.case.pending[-1]
    story.do("engine", "record_outcome", reaction=tell, outcome="failed", detail="not_now")
    assert story.events[-1].event.name == "not_carried_out"
    assert story.case.unsettled == ()
    assert [each.template for each in letters_of(story.events)] == ["task_order"]


def test_letters_are_told_with_what_became_of_each() -> None:
    story = a_story(S.ASSIGNED)
    assert fates(story) == [Fate.WAITING, Fate.WAITING]
    done(done(story), fate="sent", by_channel="mail")
    assert fates(story) == [Fate.TRAY, Fate.SENT]
    assert [(each.number, each.to, each.channel) for each in letters_of(story.events)] == [
        ("2", "petitioner", ""), ("3", "handler", "mail"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("letter", "number"),
    [
        ("XF2026000001#2.1.letter", "2"),
        ("XF2026000001#12.3.letter", "12-3"),
        ("2", "2"),
        ("XF#1.1.link", "XF#1.1.link"),
    ],
)
def test_a_letter_is_called_by_its_event_and_its_place_there(letter: str, number: str) -> None:
    assert letter_number(letter) == number


def test_a_message_id_is_the_same_for_the_same_sending_and_names_nobody() -> None:
    made = message_id("XF2026000001#12.3.letter", "0a1b2c")
    assert made == "<XF2026000001-12-3.0a1b2c@banjie.local>"
    assert made != message_id("XF2026000001#12.3.letter", "ffffff")


def test_a_read_event_of_before_tells_of_the_tray() -> None:
    story = done(a_story(S.ACCEPTED))
    bodies = [Recorded.model_validate_json(each.body()) for each in story.events]
    assert [each.fate for each in letters_of(bodies)] == [Fate.TRAY]
