"""Letters say what they must, in both languages, and what is under seal only to the petitioner."""

from importlib import resources
from itertools import chain

import pytest
from jinja2.exceptions import SecurityError

from adapters.letters.forms import LANGUAGES, FormError, Language, filled, forms, title_of
from models.letters import TELLS, Place, Secret, Told, ToldPetitioner, told, told_petitioner
from models.lifecycle import LIFECYCLES, PETITIONER
from models.vocabulary import NO_CASES, Kind, Status
from tests.core.builders import (
    Story,
    a_case,
    a_loss,
    a_policy,
    a_story,
    an_organisation,
)

S = Status
CANARY = Secret(name="金丝雀", contact="13912345678", query_code="CANARYCODE")
TO_PETITIONERS = {
    letter.template for row in chain(*LIFECYCLES.values()) for letter in row.letters if letter.to == PETITIONER
}


def letter(story: Story, name: str, to: str | Secret = "handler", language: Language = "zh") -> str:
    """The text of a letter that goes out with a story's last event."""
    place = Place(story.case, story.events[-1], f"{story.case.id}#{story.case.seq}.1.letter")
    return filled(name, place, a_policy(), an_organisation(), to, language).text()


def stories() -> list[Story]:
    """Cases at every status, tasks too; one that climbed its ladder, one with a letter lost, one in a hearing."""
    found = [a_story(status) for status in Status if status not in NO_CASES]
    found += [a_story(status, kind=Kind.RECTIFICATION) for status in (S.RECTIFYING, S.REVIEWING)]
    climbed = a_story(S.ASSIGNED)
    climbed.wait(days=90)
    lost = a_story(S.ACCEPTED)
    lost.do("engine", "record_outcome", **a_loss(lost.case))
    lost.until(lost.at)
    return [*found, climbed, lost, a_story(S.VERIFIED).do("leader", "begin_hearing"), a_story(channel="inspection")]


def test_a_letter_has_title_number_addressee_reason_seal_line_and_day() -> None:
    story = a_story(S.DECLINED)
    assert letter(story, "decline_notice", CANARY) == (
        "信访事项不予受理告知书\n"
        "示信不受〔2026〕XF2026000001-2号\n"
        "\n"
        "金丝雀：\n"
        "（13912345678）\n"
        "\n"
        "　　您反映的青石镇河口村有关问题（信访事项编号 XF2026000001）收悉。"
        "依据《信访工作条例》第二十二条，经审查，现决定不予受理。\n"
        "　　理由：线索不详\n"
        "　　如有新的事实和理由，可以重新提出。\n"
        "　　查询办理进展请凭编号 XF2026000001 和查询码 CANARYCODE。\n"
        "\n"
        "临江县\n"
        "（盖章处）\n"
        "2026年3月2日\n"
    )


def test_the_same_letter_in_english() -> None:
    text = letter(a_story(S.ACCEPTED), "acceptance_notice", CANARY, "en")
    assert text.startswith("Notice of acceptance\nNo. 示信受〔2026〕XF2026000001-2号\n\nTo: 金丝雀\n(13912345678)\n")
    assert "dealt with by 2026-05-01 24:00" in text
    assert text.endswith("\n(seal)\n2026-03-02\n")


def test_a_letter_tells_the_dates_that_run_and_not_those_that_wait() -> None:
    story = a_story(S.VERIFIED)
    assert "办结期限：2026年5月1日24时（依据《信访工作条例》第三十四条）" in letter(story, "instruction")
    story.do("leader", "begin_hearing")
    text = letter(story, "instruction")
    assert "5月1日" not in text
    assert "听证期限：" in text


def test_a_date_that_rests_on_a_year_not_published_is_marked() -> None:
    story = a_story(S.ACCEPTED)
    clock = next(each for each in story.case.clocks if each.name == "close")
    assert clock.counted
    doubtful = clock.model_copy(update={"counted": clock.counted.model_copy(update={"provisional": True})})
    story.case = story.case.model_copy(update={"clocks": (doubtful,)})
    assert "24时（待国办通知）前办结" in letter(story, "acceptance_notice", CANARY)
    assert "24:00 (provisional)" in letter(story, "acceptance_notice", CANARY, "en")


@pytest.mark.parametrize("name", forms())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_can_be_filled_in_wherever_a_case_stands(name: str, language: Language) -> None:
    to = CANARY if name in TO_PETITIONERS else "handler"
    for story in stories():
        if story.case.kind is Kind.RECTIFICATION and name in TO_PETITIONERS:
            continue
        text = letter(story, name, to, language)
        assert text.startswith(f"{title_of(name, language)}\n")
        assert "{" not in text
        assert a_case(S.REGISTERED).summary not in text, "the material stays in the file"


@pytest.mark.parametrize("name", sorted(set(forms()) - TO_PETITIONERS))
def test_an_officials_letter_knows_nothing_of_what_is_under_seal(name: str) -> None:
    """By construction: nothing that fills it in was ever handed the seal, and its class has no field for it."""
    assert set(ToldPetitioner.model_fields) - set(Told.model_fields) == {"contact", "query_code"}
    for story in stories():
        facts = told(Place(story.case, story.events[-1], "x"), a_policy(), an_organisation(), "handler")
        assert type(facts) is Told
        assert set(facts.said) <= set(TELLS)
        shown = facts.model_dump_json() + letter(story, name)
        assert not any(mark in shown for mark in (*CANARY.model_dump().values(), story.case.summary or "臭味"))


@pytest.mark.parametrize("name", sorted(TO_PETITIONERS))
def test_a_letter_to_the_petitioner_cannot_be_filled_in_for_an_official(name: str) -> None:
    story = a_story(S.ACCEPTED)
    if "query_code" in letter_source(name):
        with pytest.raises(FormError, match="query_code"):
            letter(story, name, "handler")
    facts = told_petitioner(Place(story.case, story.events[-1], "x"), a_policy(), None, CANARY)
    assert (facts.addressee, facts.contact) == ("金丝雀", "13912345678")


def letter_source(name: str) -> str:
    """The words of a form before they are filled in."""
    return (resources.files("adapters.letters") / "forms" / f"{name}.toml").read_text("utf-8")


def test_what_somebody_wrote_is_never_read_as_a_form() -> None:
    story = a_story(S.ACCEPTED).do("leader", "instruct", text="{{ organisation }} {% raw %} &amp;\n第二段")
    text = letter(story, "instruction")
    assert "　　{{ organisation }} {% raw %} &amp;\n　　第二段\n" in text


def test_a_form_can_call_nothing() -> None:
    body = forms()["reply"].words["zh"].body.environment.from_string("{{ said.__class__.__mro__ }}")
    with pytest.raises(SecurityError):
        body.render(said={})


def test_a_form_nobody_knows_is_an_error_and_has_no_title() -> None:
    with pytest.raises(FormError, match="love_letter"):
        letter(a_story(S.REGISTERED), "love_letter")
    assert title_of("love_letter") == "love_letter"


def test_an_alarm_says_which_time_is_meant_and_when_it_was_due() -> None:
    story = a_story(S.ACCEPTED)
    story.wait(days=2)
    assert "“交办”：" in letter(story, "alarm_notice")
    assert "assignment: " in letter(story, "alarm_notice", "handler", "en")


def test_a_notice_of_a_lost_letter_names_the_letter_and_by_what_it_was_lost() -> None:
    story = a_story(S.ASSIGNED)
    story.do("engine", "record_outcome", **a_loss(story.case))
    story.do("engine", "record_outcome", **a_loss(story.case, "unknown", template="assignment_order", to="handler"))
    story.until(story.at)
    text = letter(story, "delivery_notice", "dispatcher")
    assert "文书 2（信访事项受理告知书），收件人 信访人 the petitioner：未送达。" in text
    assert "文书 3（信访事项交办单），收件人 handler：去向不明。" in text
    story.do("clerk", "resend_letter", letter="2")
    assert "文书 2" not in letter(story, "delivery_notice", "dispatcher")


def test_an_opinion_is_written_in_words() -> None:
    story = a_story(S.CLOSED).do("clerk", "reply", opinion="explain", text="已向您说明")
    assert "处理意见：解释" in letter(story, "reply", CANARY)
    assert "Opinion: explained" in letter(story, "reply", CANARY, "en")


def test_a_reconsideration_that_upholds_and_one_that_overturns_read_differently() -> None:
    upheld = a_story(S.RECONSIDERING).do("leader", "decide_reconsideration")
    assert "维持原处理意见。" in letter(upheld, "reconsideration_opinion", CANARY)
    other = a_story(S.RECONSIDERING).do("leader", "decide_reconsideration", outcome="overturned", text="重新核查")
    assert "该事项重新办理，期限至" in letter(other, "reconsideration_opinion", CANARY)


def test_the_number_of_a_document_is_its_own() -> None:
    """From form, year, case, event and place: no two letters of a desk share one, and nobody counts."""
    numbers = set()
    story = a_story(S.ASSIGNED)
    story.wait(days=70)
    for recorded in story.events:
        for name, reaction in zip(recorded.reaction_ids(), recorded.event.reactions, strict=True):
            place = Place(story.case, recorded, name)
            made = filled(reaction.letter or "", place, a_policy(), None, CANARY if recorded.seq == 2 else "x")
            assert made.number not in numbers
            assert made.organisation == "信访工作机构"
            numbers.add(made.number)
    assert len(numbers) > 12
    assert any(number.endswith("-2号") for number in numbers)


def test_a_time_of_the_clock_is_written_as_an_official_letter_writes_it() -> None:
    story = a_story(S.REGISTERED)
    place = Place(story.case, story.events[-1], "x")
    clock = story.case.clocks[0]
    noon = clock.model_copy(update={"due": clock.due.replace(hour=4, minute=0)})
    half = clock.model_copy(update={"due": clock.due.replace(hour=4, minute=30)})
    for changed, wanted in ((noon, "17日12时"), (half, "17日12时30分")):
        case = story.case.model_copy(update={"clocks": (changed,)})
        facts = told(place._replace(case=case), a_policy(), None, "x")
        assert facts.dues["accept"].at_zh.endswith(wanted)


def test_a_unit_that_is_there_no_more_is_named_as_it_was() -> None:
    story = a_story(S.ASSIGNED)
    story.case = story.case.model_copy(update={"unit": "gone"})
    assert "交由gone办理" in letter(story, "assignment_order")
    story.case = story.case.model_copy(update={"unit": None})
    assert "交由你单位办理" in letter(story, "assignment_order")
