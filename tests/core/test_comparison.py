"""Periods as they are said; this district counted, the others entered with their source, never mixed."""

from datetime import date

import pytest
from pydantic import ValidationError

from models.comparison import District, districts, period_said
from models.indicator_commands import RecordCount
from models.refusals import NotYours
from models.statistics import Period
from models.values import DistrictCount
from models.vocabulary import Kind, Status
from tests.core.builders import a_story, refused

YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))


def told(district: str, period: str, count: int, source: str = "市局通报") -> DistrictCount:
    return DistrictCount(district=district, period=period, count=count, source=source)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2023-Q3", "2023-07-01", "2023-09-30"),
        ("2023q4", "2023-10-01", "2023-12-31"),
        ("2023-09-06..2023-09-26", "2023-09-06", "2023-09-26"),
        ("2023年", "2023-01-01", "2023-12-31"),
        ("2023年9月", "2023-09-01", "2023-09-30"),
        (" 2023-09-06 ", "2023-09-06", "2023-09-06"),
    ],
)
def test_a_period_is_a_year_a_quarter_a_month_or_days(text: str, first: str, last: str) -> None:
    assert period_said(text) == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_a_count_is_kept_under_one_name_of_its_period_however_that_was_said() -> None:
    counts = [
        RecordCount.model_validate({"district": "城区", "period": text, "count": 1, "source": "通报"})
        for text in ("2023年", " 2023 ", "2023")
    ]
    assert {each.period for each in counts} == {"2023"}


@pytest.mark.parametrize(
    "text", ["", "去年", "2023-13", "2023-Q5", "2023年13月", "2023-02-30", "2023-09-26..2023-09-06", "23"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert period_said(text) is None
    with pytest.raises(ValidationError):
        RecordCount.model_validate({"district": "城区", "period": text, "count": 1, "source": "通报"})


def test_this_county_is_counted_and_the_others_are_entered_with_their_source() -> None:
    own = District("本县", 40, 31, "", counted=True)
    entered = [
        told("城区", "2023", 244),
        told("邻县", "2023", 28),
        told("邻县", "2022", 28, "年报"),
        told("远县", "2021", 9),
    ]
    found = districts(own, entered, YEAR, Period(date(2022, 1, 1), date(2022, 12, 31)))
    assert [(each.name, each.now, each.was, each.counted) for each in found] == [
        ("城区", 244, None, False), ("本县", 40, 31, True), ("邻县", 28, 28, False),
    ]  # fmt: skip
    assert [each.source for each in found] == ["市局通报", "", "市局通报；年报"]


def test_a_period_that_was_not_entered_is_the_sum_of_its_months_or_quarters_if_none_is_missing() -> None:
    own, never = District("本县", 1, 0, "", counted=True), Period(date(2020, 1, 1), date(2020, 12, 31))
    months = [told("城区", f"2023-{month:02}", 10) for month in range(1, 13)]
    quarters = [told("邻县", f"2023-Q{number}", 5) for number in range(1, 5)]
    some = [told("远县", f"2023-{month:02}", 10) for month in (1, 2, 4)]
    beyond = [told("山县", "2022-12", 7), told("山县", "2023-Q1", 3)]
    found = districts(own, [*months, *quarters, *some, *beyond], YEAR, never)
    assert {each.name: each.now for each in found} == {"本县": 1, "城区": 120, "邻县": 20}
    # Half a quarter is not made of quarters.
    half = Period(date(2023, 1, 1), date(2023, 2, 14))
    assert [each.name for each in districts(own, [*quarters, *months], half, never)] == ["本县"]


def test_a_count_entered_again_is_corrected_and_who_may_not_is_refused() -> None:
    story = a_story(Status.IN_FORCE, kind=Kind.INDICATOR)
    for period, count in (("2023-q3", 9), ("2022", 200), ("2023-Q3", 10)):
        story.do("clerk", "record_count", period=period, count=count)
    assert [(each.district, each.period, each.count) for each in story.case.district_counts] == [
        ("城区", "2022", 200), ("城区", "2023-Q3", 10),
    ]  # fmt: skip
    refused(story, NotYours, "handler", "record_count")
