"""A reading against its limit, as people write both; what cannot be told is said so and never guessed."""

import pytest

from models.monitoring import exceeds, is_abnormal


@pytest.mark.parametrize(
    ("value", "limit", "over"),
    [
        ("0.8", "0.5", True),
        ("0.5", "0.5", False),
        ("0.50", "≤0.5", False),
        ("０．５１", "≤ ０．５ mg/L", True),
        ("0.8mg/L", "<0.5mg/L", True),
        ("1,200", "1000", True),
        ("4.2", "≥5", True),
        ("5", "不低于5", False),
        ("5.9", "6~9", True),
        ("9.1", "6～9", True),
        ("7", "6-9（无量纲）", False),
        ("<0.01", "0.5", False),
        ("ND", "0.5", False),
        ("未检出", "≥2", True),
        ("-3", "0", False),
        ("1E-4", "0.0001", False),
        ("设备故障", "0.5", None),
        ("0.8", "", None),
        ("0.8", "按标准", None),
        ("", "0.5", None),
    ],
)
def test_a_value_is_beyond_its_limit_within_it_or_nobody_can_tell(value: str, limit: str, over: bool | None) -> None:
    assert exceeds(value, limit) is over


def test_a_flag_goes_before_the_limit_and_one_that_is_not_understood_tells_nothing() -> None:
    assert is_abnormal("0.1", "0.5", "异常") is True
    assert is_abnormal("0.8", "0.5", "正常") is False
    assert is_abnormal("0.8", "0.5", "") is True
    assert is_abnormal("0.8", "0.5", "?") is None
    assert is_abnormal("设备故障", "", "超标") is True
