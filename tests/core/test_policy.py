"""The policy document: lengths as a desk writes them, and no slip of the pen that goes unnoticed."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from models.counting import Unit, end_of
from models.policy import ClockChange, Length, LengthText, Moment, MomentText, Policy
from models.vocabulary import Kind, Light, RungKind, Status
from tests.core.builders import a_case, a_policy, the_clock


def a_document(**changes: Any) -> dict[str, Any]:
    return a_policy().model_dump(mode="json") | changes


@pytest.mark.parametrize(
    ("text", "count", "unit"), [("60 day", 60, "day"), ("5 working_day", 5, "working_day"), ("36 hour", 36, "hour")]
)
def test_a_length_is_written_as_a_desk_would(text: str, count: int, unit: str) -> None:
    length: Length = TypeAdapter(LengthText).validate_python(text)
    assert (length.count, length.unit) == (count, unit)
    assert TypeAdapter(LengthText).validate_python(length.model_dump()) == length


@pytest.mark.parametrize(
    "text", ["60", "60 days", "-1 day", "6O day", " 60 day", "60  day", "3661 day", "99999 day", "", None, 60]
)
def test_a_length_nobody_understands_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(LengthText).validate_python(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("70%", Moment(percent=70)),
        ("0 day", Moment(days=0)),
        ("-1 day", Moment(days=-1)),
        ("+3 day", Moment(days=3)),
        ("-2 working_day", Moment(days=-2, unit=Unit.WORKING_DAY)),
    ],
)
def test_a_moment_is_a_share_or_an_offset(text: str, moment: Moment) -> None:
    assert TypeAdapter(MomentText).validate_python(text) == moment
    assert TypeAdapter(MomentText).validate_python(moment) == moment


@pytest.mark.parametrize("text", ["101%", "70", "-1%", "1 hour", "one day", "- 1 day"])
def test_a_moment_nobody_understands_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(MomentText).validate_python(text)


def test_a_policy_survives_its_way_through_json() -> None:
    assert Policy.model_validate(a_document()) == a_policy()


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("clock", 0, "ladder"), "stairs"),
        (("clock", 0, "paused_by"), ["lunch"]),
        (("clock", 0, "starts_on"), ["registred"]),
        (("clock", 0, "stops_on"), ["excepted"]),
        (("clock", 5, "extended_on"), ["granted"]),
        (("pause", 1, "name"), "questioned"),
        (("pause", 0, "begins_on"), ["hearing_started"]),
        (("pause", 1, "ends_on"), ["lapsd.asked"]),
        (("upwards",), ["handler", "emperor"]),
        (("ladder", "standard", "rungs", 0, "to"), ["postman"]),
        (("channels", "hotline", "clocks", "acept"), {"length": "1 day"}),
        (("channels", "hotline", "clocks", "accept"), {"ladder": "stairs"}),
        (("channels", "hotline", "clocks", "accept"), {"starts_on": ["registred"]}),
        (("channels", "inspection", "off"), ["objekt"]),
    ],
)
def test_a_policy_that_names_what_does_not_exist_is_refused(where: tuple[Any, ...], value: object) -> None:
    document = a_document()
    inner = document
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    with pytest.raises(ValidationError, match="does not exist"):
        Policy.model_validate(document)


def test_every_name_that_does_not_exist_is_told_with_its_place() -> None:
    document = a_document()
    document["clock"][0]["ladder"] = "stairs"
    document["clock"][3]["stops_on"].append("lapsed.nap")
    document["ladder"]["standard"]["rungs"][1]["to"] = ["postman", "handler"]
    with pytest.raises(ValidationError) as refusal:
        Policy.model_validate(document)
    assert [(each["loc"], each["input"]) for each in refusal.value.errors()] == [
        (("clock", 0, "ladder"), "stairs"),
        (("ladder", "standard", "rungs", 1, "to", 0), "postman"),
        (("clock", 3, "stops_on", 2), "nap"),
    ]


@pytest.mark.parametrize("where", [("clock",), ("pause",), ("ladder", "standard", "rungs")])
def test_a_name_that_occurs_twice_is_refused(where: tuple[str, ...]) -> None:
    document = a_document()
    inner: Any = document
    for key in where:
        inner = inner[key]
    inner.append(inner[0])
    with pytest.raises(ValidationError, match="occurs twice") as refusal:
        Policy.model_validate(document)
    assert [each["loc"] for each in refusal.value.errors()] == [(*where, len(inner) - 1, "name")]


@pytest.mark.parametrize(
    "extra", [{"extension_limits": 30}, {"extension_limit": 0}, {"upwards": []}, {"effective": "soon"}]
)
def test_a_policy_with_a_wrong_field_is_refused(extra: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate(a_document(**extra))


def test_a_channel_changes_what_it_names_and_nothing_else() -> None:
    policy = a_policy()
    common = policy.clock_rule(Kind.PETITION, "system", "close")
    hotline = policy.clock_rule(Kind.PETITION, "hotline", "close")
    assert (common.length.count, hotline.length.count) == (60, 7)
    assert hotline.model_copy(update={"length": common.length}) == common
    assert ClockChange().on(common) == common
    with pytest.raises(KeyError):
        policy.clock_rule(Kind.PETITION, "inspection", "object")
    assert policy.clocks(Kind.PETITION, "unheard of") == policy.clocks(Kind.PETITION, "system")
    assert policy.clocks(Kind.ORGANISATION, "system") == ()


def test_the_statutory_lengths_are_those_of_the_regulation() -> None:
    """信访工作条例 (2022): arts. 22, 34 and 35."""
    names = ("accept", "object", "close", "reconsider_window", "reconsider")
    lengths = {name: a_policy().clock_rule(Kind.PETITION, "system", name).length for name in names}
    assert {name: f"{length.count} {length.unit}" for name, length in lengths.items()} == {
        "accept": "15 day", "object": "5 working_day", "close": "60 day",
        "reconsider_window": "30 day", "reconsider": "30 day",
    }  # fmt: skip
    assert a_policy().extension_limit == 30


@pytest.mark.parametrize(
    ("channel", "accept", "close"),
    [
        ("platform", "2026-03-17", "2026-05-01"),
        ("hotline", "2026-03-03", "2026-03-09"),
        ("first_asked", "2026-03-03", "2026-03-30"),
        ("letter", "2026-03-17", "2026-05-01"),
        ("inspection", "2026-03-02", "2026-03-12"),
    ],
)
def test_every_channel_has_its_own_time(channel: str, accept: str, close: str) -> None:
    """Registered on Monday 2 March 2026 at 09:00, accepted an hour later; the last day counts to its end."""
    case = a_case(Status.REGISTERED, channel=channel)
    assert the_clock(case, "accept").due == end_of(date.fromisoformat(accept))
    case = a_case(Status.ACCEPTED, channel=channel)
    assert the_clock(case, "close").due == end_of(date.fromisoformat(close))


def test_the_standard_ladder_is_the_one_the_desk_agreed_on() -> None:
    rungs = a_policy().ladder["standard"].rungs
    assert [(rung.name, rung.kind, rung.light) for rung in rungs] == [
        ("blue", RungKind.REMIND, Light.BLUE),
        ("yellow", RungKind.WARN, Light.YELLOW),
        ("red", RungKind.ESCALATE, Light.RED),
        ("deputy_county", RungKind.ESCALATE, Light.RED),
        ("county", RungKind.ESCALATE, Light.RED),
    ]
    assert rungs[-1].to == ("party_secretary", "county_magistrate"), (
        "party and government bear the same duty (党政同责)"
    )
