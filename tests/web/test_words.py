"""The console's words: each in both languages, none forgotten, none left over, none written past the catalogue."""

import ast
import re
from pathlib import Path

import pytest

from web.phrases import ENGLISH
from web.problems import TITLES
from web.singular import ONE
from web.speech import EN, ZH, t

WEB = Path(__file__).parents[2] / "web"
HAN = re.compile(r"[\u4e00-\u9fff]")
TEMPLATES = sorted(WEB.glob("templates/*.html"))


def asked() -> set[str]:
    """Every sentence that a page asks for."""
    found = {key for path in TEMPLATES for key in re.findall(r'\bt\("([^"]+)"', path.read_text("utf-8"))}
    for path in WEB.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
                found |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    return found | set(TITLES.values())


def test_every_sentence_is_in_the_catalogue_and_none_is_left_over() -> None:
    assert asked() == set(ENGLISH)


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_a_sentence_says_the_same_places_in_both_languages(key: str) -> None:
    english = ENGLISH[key]
    assert english.strip()
    assert not HAN.search(english.replace("办结", ""))
    assert sorted(re.findall(r"\{\w+\}", key)) == sorted(re.findall(r"\{\w+\}", english))
    places = dict.fromkeys(re.findall(r"\{(\w+)\}", key), "x")
    assert t(key, ZH, **places) != t(key, EN, **places)


@pytest.mark.parametrize("key", ONE)
def test_one_of_something_is_said_in_the_singular(key: str) -> None:
    assert sorted(re.findall(r"\{\w+\}", key)) == sorted(re.findall(r"\{\w+\}", ONE[key]))
    others: dict[str, object] = dict.fromkeys(re.findall(r"\{(\w+)\}", key), "x")
    assert t(key, EN, **{**others, "n": 1}) != t(key, EN, **{**others, "n": 2}).replace("2", "1")
    assert t(key, ZH, **{**others, "n": 1}) == t(key, ZH, **{**others, "n": 2}).replace("2", "1")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_writes_chinese_past_the_catalogue(path: Path) -> None:
    text = re.sub(r'\bt\("[^"]+"', "", path.read_text("utf-8"))
    # The other language's own name; a colon and a comma are the language's too.
    found = re.findall(r"[\u4e00-\u9fff：、；，。]", re.sub("中文|简体|繁體", "", text))
    assert not found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_page_that_sends_brings_the_mark_of_its_session(path: Path) -> None:
    for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text("utf-8"), re.DOTALL):
        assert 'name="csrf"' in form
