"""The review against ASVS: every item once, every test that is named exists, and what is counted is what is there."""

import ast
import re
from collections import Counter
from functools import cache

from tests.house import tree

PAGE = (tree.ROOT / "docs" / "security.md").read_text("utf-8")
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (met|partly|not met|n/a) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ITEMS = {
    "V1": {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    "V2": {1: 3, 2: 3, 3: 4, 4: 1},
    "V3": {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    "V4": {1: 3, 2: 1, 3: 2, 4: 4},
    "V5": {1: 1, 2: 3, 3: 2, 4: 3},
    "V6": {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    "V7": {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    "V8": {1: 2, 2: 3, 3: 1, 4: 1},
    "V9": {1: 3, 2: 4},
    "V10": {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    "V11": {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    "V12": {1: 3, 2: 2, 3: 4},
    "V13": {1: 1, 2: 5, 3: 2, 4: 5},
    "V14": {1: 2, 2: 4, 3: 3},
    "V15": {1: 3, 2: 3, 3: 7},
    "V16": {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    "V17": {1: 1, 2: 4, 3: 2},
}
"""How many items of levels 1 and 2 each section of ASVS 5.0.0 has; those of level 3 come after them."""


@cache
def functions_of(path: str) -> frozenset[str]:
    found = ast.walk(ast.parse((tree.ROOT / path).read_text("utf-8")))
    return frozenset(each.name for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_item_of_levels_one_and_two_is_answered_once_and_in_order() -> None:
    wanted = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in ITEMS.items()
        for section, count in sections.items()
        for number in range(1, count + 1)
    ]
    assert len(wanted) == 253
    assert [row[0] for row in ROW.findall(PAGE)] == wanted


def test_every_test_that_the_documents_name_exists() -> None:
    named = {
        (path, name)
        for page in ("security.md", "threats.md")
        for path, name in TEST.findall((tree.ROOT / "docs" / page).read_text("utf-8"))
    }
    assert len(named) > 100
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not (tree.ROOT / path).exists() or name not in functions_of(path)
    ]
    assert not missing


def test_what_is_met_names_a_test_and_what_is_not_says_why() -> None:
    for item, state, how, tests in ROW.findall(PAGE):
        assert bool(TEST.search(tests)) == (state in {"met", "partly"}), item
        assert len(how) > 2, item


def test_the_counts_are_those_of_the_rows_and_what_is_not_met_is_listed() -> None:
    counted = Counter(state for _, state, _, _ in ROW.findall(PAGE))
    told = "{met} met, {partly} partly, {not_} not, {na} not applicable."
    assert told.format(met=counted["met"], partly=counted["partly"], not_=counted["not met"], na=counted["n/a"]) in PAGE
    listed = PAGE.partition("### What is not met")[2].partition("### V1:")[0]
    assert all(item in listed for item, state, _, _ in ROW.findall(PAGE) if state == "not met")
