"""What is wrong with what was filled in, in both languages, for whoever asks: a terminal, a page or a program."""

from typing import Final

from pydantic import ValidationError

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
    "model_type": "应为对象",
    "dict_type": "应为对象",
    "unclean_text": "文字中有不可见的控制字符 U+{code}",
}
"""What pydantic finds wrong, in Chinese; what is not here is told in its own words."""


def first_wrong(wrong: ValidationError) -> tuple[str, str, str]:
    """Return the first field that is not right, and why: in Chinese and in English."""
    place, chinese, english = all_wrong(wrong)[0]
    return ".".join(map(str, place)) or wrong.title, chinese, english


def all_wrong(wrong: ValidationError) -> list[tuple[tuple[int | str, ...], str, str]]:
    """Return every place that is not right, and why: in Chinese and in English."""
    found = []
    for each in wrong.errors(include_url=False, include_input=False):
        said = each["msg"].removeprefix("Value error, ")
        chinese, english = said.partition(" / ")[0], said.rpartition(" / ")[2]
        if each["type"] in WHY:
            chinese = WHY[each["type"]].format(**each.get("ctx", {}))
        found.append((each["loc"], chinese, english))
    return found
