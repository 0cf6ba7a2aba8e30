"""The guides say what the screens say: every label they quote, every address; and the console shows them."""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from adapters import guides
from adapters.guides import LANGUAGES, Drawing, Guide, drawn, guides_of, pictures_of, text_of
from adapters.letters.told import OUTCOMES
from adapters.words import FIELDS
from adapters.world_book import published
from models.commands import COMMANDS
from models.vocabulary import Role, Term
from tests.web.conftest import Console
from web.app import ROUTERS
from web.phrases import ENGLISH

ROOT = Path(__file__).parents[2]
BOTH = [(each, lang) for each in Guide for lang in LANGUAGES]
QUOTED = re.compile(r"“\*\*(.+?)\*\*”")
ADDRESS = re.compile(r"`(/[^`]*)`")
HEAVIEST = 20 * 1024
"""Bytes of a guide's page, beside the style sheet and the scripts that every page brings."""
HAN = re.compile(r"[\u4e00-\u9fff]")


def every_term(kind: type[Term]) -> Iterator[Term]:
    for each in kind.__subclasses__():
        yield from each
        yield from every_term(each)


@cache
def on_screen(lang: str) -> frozenset[str]:
    """Whatever the console may write as a label in a language."""
    policy = published().newest
    pairs = [*ENGLISH.items(), *FIELDS.values(), *OUTCOMES.values()]
    pairs += [(each.zh, each.en) for each in COMMANDS.values()]
    pairs += [(each.zh, each.en) for each in every_term(Term)]
    pairs += [(each.zh, each.en) for each in policy.clock]
    pairs += [(each.zh, each.en) for each in policy.consequence]
    pairs += [(each.zh, each.en) for each in policy.channels.values()]
    pairs += [(each.zh, each.en) for ladder in policy.ladder.values() for each in ladder.rungs]
    return frozenset(same(pair[LANGUAGES.index(lang)]) for pair in pairs)


def same(label: str) -> str:
    """A label as it is compared: the style sheet writes the first letter of many English ones large."""
    return label[:1].casefold() + label[1:]


@pytest.mark.parametrize(("guide", "lang"), BOTH)
def test_every_label_that_a_guide_quotes_stands_on_a_screen(guide: Guide, lang: str) -> None:
    quoted = QUOTED.findall(text_of(guide, lang))
    assert len(quoted) > 10
    assert [each for each in quoted if same(each) not in on_screen(lang)] == []


@pytest.mark.parametrize(("guide", "lang"), BOTH)
def test_whatever_a_guide_writes_in_bold_is_a_label_within_quotation_marks(guide: Guide, lang: str) -> None:
    text = text_of(guide, lang)
    assert text.count("**") == 2 * len(QUOTED.findall(text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_label_that_stands_on_no_screen_is_found(lang: str) -> None:
    assert same("受理吧") not in on_screen(lang)
    assert same("My works") not in on_screen(lang)


@pytest.mark.parametrize(("guide", "lang"), BOTH)
def test_every_address_in_a_guide_is_a_page_of_the_console(guide: Guide, lang: str) -> None:
    pages = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    assert set(ADDRESS.findall(text_of(guide, lang))) <= pages


@pytest.mark.parametrize("guide", Guide)
def test_a_guide_says_the_same_in_both_languages(guide: Guide) -> None:
    shape = [
        [re.sub(r"[^#|!`\d]", "", line) for line in text_of(guide, lang).splitlines() if line[:1] in "#|!"]
        for lang in LANGUAGES
    ]
    heads = [[line for line in each if line[:1] == "#"] for each in shape]
    assert heads[0] == heads[1]
    assert len(shape[0]) == len(shape[1]), "as many headings, rows and pictures"
    zh, en = (pictures_of(guide, lang) for lang in LANGUAGES)
    assert zh == en
    assert not HAN.search(text_of(guide, "en"))


@pytest.mark.parametrize(("guide", "lang"), BOTH)
def test_a_guide_tells_what_everybody_needs_to_know(guide: Guide, lang: str) -> None:
    titles = [words for _, words in drawn(guide, lang, Drawing(lambda *_: "", lambda _: None)).sections]
    always = {
        "zh": ("时限对您意味着什么", "出错了怎么改", "键盘和手机", "找谁帮忙"),
        "en": (
            "What the time limits mean for you",
            "When something was wrong",
            "Keyboard and telephone",
            "Whom to ask",
        ),
    }
    assert set(always[lang]) <= set(titles)


@pytest.mark.parametrize(("guide", "lang"), BOTH)
def test_a_picture_belongs_to_its_guide_and_bears_a_caption(guide: Guide, lang: str) -> None:
    found = re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", text_of(guide, lang))
    assert found
    for caption, path in found:
        assert caption.strip()
        assert re.fullmatch(rf"\.\./screens/{lang}/{guide}-[a-z-]+\.png", path)
        assert guides.NAME.fullmatch(Path(path).name)


def test_everybody_who_acts_has_a_guide() -> None:
    assert guides_of([Role.HANDLER, Role.INSPECTOR]) == (Guide.HANDLER, Guide.INSPECTOR)
    assert guides_of([Role.CLERK, Role.DISPATCHER]) == (Guide.DESK,)
    assert guides_of([Role.ADMINISTRATOR]) == ()
    assert set(guides.FOR.values()) == set(Guide)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_guides_are_found_from_the_front_page(name: str) -> None:
    assert "(docs/guide/README.md)" in (ROOT / name).read_text("utf-8")
    index = (guides.FOLDER / "README.md").read_text("utf-8")
    assert all(f"({lang}/{guide}.md)" in index for guide, lang in BOTH)


def test_an_installed_package_brings_the_guides() -> None:
    from tests.house import tree

    packages = tree.pyproject()["tool"]["setuptools"]
    assert "docs.guide*" in packages["packages"]["find"]["include"]
    assert "**/*.md" in packages["package-data"]["docs.guide"]


@pytest.mark.parametrize(("guide", "lang"), BOTH)
def test_as_a_file_a_guide_needs_nothing_else_and_says_which_pictures_are_missing(
    guide: Guide, lang: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = importlib.util.spec_from_file_location("guides", ROOT / "docs" / "guides.py")
    assert found
    assert found.loader
    writing = importlib.util.module_from_spec(found)
    found.loader.exec_module(writing)
    monkeypatch.setattr(writing, "SCREENS", tmp_path)
    (tmp_path / lang).mkdir()
    first, *others = pictures_of(guide, lang)
    (tmp_path / lang / first).write_bytes(b"\x89PNG\r\n\x1a\n")
    missing: list[str] = []
    written = writing.whole(guide, lang, missing)
    assert missing == [f"{lang}/{name}" for name in others]
    assert re.findall(r'src="([^"]{1,15})', written) == ["data:image/png;"]
    assert set(re.findall(r'href="([^"]*)"', written)) <= {f"{each}.html" for each in Guide}


@pytest.mark.parametrize(
    ("person", "guide"),
    [
        *(("clerk", "desk"), ("dispatcher", "desk"), ("reviewer", "desk"), ("handler", "handler")),
        *(("leader", "leader"), ("auditor", "auditor")),
    ],
)
async def test_every_page_leads_to_the_guide_of_whoever_reads_it(console: Console, person: str, guide: str) -> None:
    browser = await console.logged_in(person)
    for path in ("/", "/help", "/dashboard"):
        assert f'href="/guide/{guide}"' in (await browser.go(path)).html
    assert (await browser.go(f"/guide/{guide}")).answer.status_code == 200


async def test_who_has_several_guides_or_none_is_led_to_all(console: Console) -> None:
    browser = await console.logged_in("administrator")
    assert 'href="/guide"' in (await browser.go("/accounts")).html
    await browser.go("/guide")
    assert all(f'href="/guide/{each}"' in browser.html for each in Guide)
    assert (await browser.go("/guide/none")).answer.status_code == 404


@pytest.mark.parametrize(("guide", "lang"), BOTH)
async def test_a_guide_is_shown_in_the_readers_language(console: Console, guide: Guide, lang: str) -> None:
    browser = await console.logged_in("clerk")
    await browser.go(f"/lang/{lang}?next=/")
    await browser.go(f"/guide/{guide}")
    assert browser.answer.status_code == 200
    assert len(browser.answer.content) <= HEAVIEST
    assert "**" not in browser.html
    assert "<strong>" in browser.html
    article = browser.html.partition("<article")[2].partition("</article>")[0]
    assert bool(HAN.search(article)) == (lang == "zh")
    for address in ADDRESS.findall(text_of(guide, lang)):
        assert f'<a href="{address}">' in article
    assert ".md" not in article


async def test_pictures_are_shown_where_they_were_made_and_their_captions_always(
    console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import web.guide

    monkeypatch.setattr(web.guide, "SCREENS", tmp_path)
    browser = await console.logged_in("clerk")
    await browser.go("/guide/desk")
    captions = re.findall(r"!\[([^\]]*)\]", text_of(Guide.DESK, "zh"))
    assert "<img" not in browser.html
    assert all(f"图：{each}" in browser.words for each in captions)
    (tmp_path / "zh").mkdir()
    name = pictures_of(Guide.DESK, "zh")[0]
    (tmp_path / "zh" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    await browser.go("/guide/desk")
    assert f'<img src="/guide/zh/{name}"' in browser.html
    assert all(f"图：{each}" in browser.words for each in captions)
    await browser.go(f"/guide/zh/{name}")
    assert (browser.answer.status_code, browser.answer.headers["content-type"]) == (200, "image/png")
    for path in (f"/guide/en/{name}", "/guide/fr/x.png", "/guide/zh/desk.md", "/guide/zh/..%2f..%2fREADME.md"):
        assert (await browser.go(path)).answer.status_code == 404
    assert (await console.browser().go(f"/guide/zh/{name}")).answer.status_code == 303
