"""Letters say what they must, and nothing that belongs under seal."""

import pytest

from models.letters import TITLES, rendered
from models.vocabulary import Status
from tests.core.builders import a_case, a_policy, a_story

POLICY = a_policy()


def test_a_letter_names_its_case_its_addressee_its_reason_and_its_date() -> None:
    story = a_story(Status.DECLINED)
    text = rendered("decline_notice", story.case, story.events[-1], "张三", POLICY)
    assert "信访事项不予受理告知书" in text
    assert "XF2026000001/2" in text
    assert "张三：" in text
    assert "线索不详" in text
    assert text.endswith("2026-03-02 10:00\n")


def test_a_letter_tells_the_dates_that_run_and_not_those_that_wait() -> None:
    story = a_story(Status.VERIFIED)
    assert "办结 closure：2026-05-01 24:00" in rendered("instruction", story.case, story.events[-1], "x", POLICY)
    story.do("leader", "begin_hearing")
    text = rendered("instruction", story.case, story.events[-1], "x", POLICY)
    assert "2026-05-01" not in text
    assert "听证 hearing" in text


@pytest.mark.parametrize("template", TITLES)
def test_every_template_can_be_written_for_every_status(template: str) -> None:
    for status in (Status.REGISTERED, Status.CLOSED, Status.WITHDRAWN):
        story = a_story(status)
        zh, en = TITLES[template]
        text = rendered(template, story.case, story.events[-1], "x", POLICY)
        assert text.startswith(f"{zh}  {en}\n")
        assert a_case(status).summary not in text


def test_a_template_nobody_knows_is_an_error() -> None:
    story = a_story(Status.REGISTERED)
    with pytest.raises(KeyError):
        rendered("love_letter", story.case, story.events[-1], "x", POLICY)


def test_an_alarm_says_which_time_is_meant_and_when_it_was_due() -> None:
    story = a_story(Status.ACCEPTED)
    story.wait(days=2)
    rung = story.events[-1]
    text = rendered("alarm_notice", story.case, rung, "x", POLICY)
    assert "预警 alarm：交办 · " in text


def test_an_opinion_is_written_in_words() -> None:
    story = a_story(Status.CLOSED)
    story.do("clerk", "reply", opinion="explain", text="已向您说明")
    assert "处理意见 opinion：解释" in rendered("reply", story.case, story.events[-1], "x", POLICY)
