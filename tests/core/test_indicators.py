"""Indicators: what was assessed and complied in each period, corrected by saying it again; a year from its months."""

import pytest
from pydantic import ValidationError

from models.annual import annual, of_year
from models.indicator_commands import RecordReading
from models.refusals import NotYours
from models.values import Reading
from models.vocabulary import Kind, Status
from tests.core.builders import START, a_story, refused


def test_readings_stand_in_order_and_one_told_again_is_corrected() -> None:
    story = a_story(Status.IN_FORCE, kind=Kind.INDICATOR)
    for period, assessed, compliant in (("2026-02", 28, 20), ("2026-01", 31, 30), ("2026-02", 28, 27)):
        story.do("clerk", "record_reading", period=period, assessed=assessed, compliant=compliant)
    assert [tuple(each.model_dump().values()) for each in story.case.readings] == [
        ("2026-01", 31, 30), ("2026-02", 28, 27),
    ]  # fmt: skip
    assert story.case.counted_in == "天", "days, where nothing else was said"
    refused(story, NotYours, "auditor", "record_reading")


@pytest.mark.parametrize(
    "wrong",
    [{"compliant": 340}, {"assessed": -1}, {"period": "26"}, {"period": "2026-13"}, {"period": "去年"}],
    ids=["more than assessed", "less than none", "a short year", "a thirteenth month", "no period"],
)
def test_what_cannot_be_is_no_reading(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RecordReading.model_validate({"period": "2026", "assessed": 339, "compliant": 324, **wrong})


def test_a_year_is_its_own_reading_or_the_sum_of_its_months() -> None:
    months = [Reading(period=f"2026-{month:02}", assessed=30, compliant=28) for month in (1, 2, 3)]
    whole = Reading(period="2026", assessed=339, compliant=324)
    assert of_year([*months, whole], 2026) == whole
    summed = of_year(months, 2026)
    assert summed is not None
    assert (summed.assessed, summed.compliant) == (90, 84)
    assert of_year(months, 2025) is None


def test_the_report_tells_an_indicators_year_with_the_same_arithmetic() -> None:
    story = a_story(Status.IN_FORCE, kind=Kind.INDICATOR)
    story.do("clerk", "record_reading", period="2026", assessed=339, compliant=324)
    report = annual([story.case], 2026, START)
    assert report.figure(f"{story.case.title} 达标率").value == "95.6%"
    assert report.figure(f"{story.case.title} 考核").cases == (story.case.id,)
    (part,) = [each for each in report.parts if each.title.endswith("考核指标")]
    assert len(part.rows) == 1
    assert not [part for part in annual([story.case], 2025, START).parts if part.title.endswith("考核指标")]
