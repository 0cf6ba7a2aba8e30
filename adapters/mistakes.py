"""What is wrong with what was filled in, in both languages, for whoever asks: a terminal, a page or a program."""

from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

WHY: Final = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段",
    "string_too_short": "不能为空",
    "string_too_long": "超过 {max_length} 个字符",
    "string_type": "应为文字",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "tuple_type": "应为列表",
    "bool_parsing": "应为是或否",
    "bool_type": "应为是或否",
    "date_from_datetime_parsing": "应为日期，如 2026-12-31",
    "date_parsing": "应为日期，如 2026-12-31",
    "date_type": "应为日期，如 2026-12-31",
    "timezone_aware": "时刻须带时区",
    "string_pattern_mismatch": "格式不符 {pattern}",
    "datetime_parsing": "应为时刻，如 2026-12-31T09:00:00+08:00",
    "datetime_from_date_parsing": "应为时刻，如 2026-12-31T09:00:00+08:00",
    "datetime_type": "应为时刻，如 2026-12-31T09:00:00+08:00",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "time_parsing": "应为时间，如 09:00",
    "time_type": "应为时间，如 09:00",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数",
    "greater_than": "须大于 {gt}",
    "less_than": "须小于 {lt}",
    "int_parsing_size": "数字过大",
    "list_type": "应为列表",
    "json_invalid": "不是有效的 JSON",
    "json_type": "应为 JSON 文字",
    "invalid_key": "字段名应为文字",
    "none_required": "应为空",
    "string_unicode": "文字编码有误",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "dict_type": "应为对象",
    "unclean_text": "文字中有不可见的控制字符 U+{code}",
}
"""What pydantic finds wrong, in Chinese; of what is not here the English is told as such."""


def first_wrong(wrong: ValidationError) -> tuple[str, str, str]:
    """Return the first field that is not right, and why: in Chinese and in English."""
    place, chinese, english = all_wrong(wrong)[0]
    return ".".join(map(str, place)) or wrong.title, chinese, english


def all_wrong(wrong: ValidationError) -> list[tuple[tuple[int | str, ...], str, str]]:
    """Return every place that is not right, and why: in Chinese and in English."""
    return [(each["loc"], *words(each)) for each in wrong.errors(include_url=False, include_input=False)]


def words(error: ErrorDetails) -> tuple[str, str]:
    """Say what pydantic finds wrong, in Chinese and in English; a message of our own holds both."""
    said = error["msg"].removeprefix("Value error, ")
    chinese, ours, english = said.partition(" / ")
    if error["type"] in WHY:
        told = {name: str(value).replace(" or ", " 或 ") for name, value in error.get("ctx", {}).items()}
        return WHY[error["type"]].format(**told), english or said
    return (chinese, english) if ours else (f"不合要求（{said}）", said)
