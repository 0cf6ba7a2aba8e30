"""The guides for those who work with the console: Markdown in docs/guide, and how it becomes a page.

Its pictures are made by the browser tests (`make guides`) and may be missing; their captions are there all the same.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from models.vocabulary import Role, Term

FOLDER: Final = Path(__file__).parents[1] / "docs" / "guide"
"""Where they lie, beside the code in a clone and in an installed package alike."""
SCREENS: Final = FOLDER / "screens"
"""Where their pictures are, a folder for each language."""
LANGUAGES: Final = ("zh", "en")
NAME: Final = re.compile(r"[a-z]+(?:-[a-z]+)*\.png")


class Guide(Term):
    """A guide, by whom it is for."""

    DESK = "desk", "信访专员、交办人、审核人", "the desk: clerk, dispatcher, reviewer"
    HANDLER = "handler", "承办单位", "the unit that handles a petition"
    INSPECTOR = "inspector", "现场核查", "the inspector on site"
    LEADER = "leader", "领导", "the leader"
    AUDITOR = "auditor", "审计员", "the auditor"


FOR: Final = {
    Role.CLERK: Guide.DESK,
    Role.DISPATCHER: Guide.DESK,
    Role.REVIEWER: Guide.DESK,
    Role.HANDLER: Guide.HANDLER,
    Role.INSPECTOR: Guide.INSPECTOR,
    Role.LEADER: Guide.LEADER,
    Role.AUDITOR: Guide.AUDITOR,
}
"""Whose guide is which; an administrator's is docs/operations.md."""


def guides_of(roles: Sequence[Role]) -> tuple[Guide, ...]:
    """Return the guides of somebody's roles, each once."""
    found = {FOR[role] for role in roles if role in FOR}
    return tuple(each for each in Guide if each in found)


@dataclass(frozen=True)
class Page:
    """A guide in one language: its title, its sections with their marks, and the text below the title as HTML."""

    title: str
    sections: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True)
class Drawing:
    """How a page draws what differs between the console and a file: a picture, a way to another page.

    ``picture`` is given a picture's name and its caption, ``way`` where a link or an address of the console leads, and
    says what is written there instead, None for no link.
    """

    picture: Callable[[str, str], str]
    way: Callable[[str], str | None]


def text_of(guide: Guide, lang: str) -> str:
    """Return a guide as it is written."""
    return _read(FOLDER / lang / f"{guide}.md")


@cache
def _read(path: Path) -> str:
    return path.read_text("utf-8")


def pictures_of(guide: Guide, lang: str) -> tuple[str, ...]:
    """Return the names of the pictures a guide shows, in its order."""
    return tuple(re.findall(r"!\[[^\]]*\]\(\.\./screens/" + lang + r"/([^)]+)\)", text_of(guide, lang)))


def drawn(guide: Guide, lang: str, drawing: Drawing) -> Page:
    """Return a guide as HTML."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text_of(guide, lang))
    title = ""
    sections: list[tuple[str, str]] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[place + 1].content
            if token.tag == "h1":
                title = words
            elif token.tag == "h2":
                mark = f"s{len(sections) + 1}"
                token.attrSet("id", mark)
                sections.append((mark, words))
        elif token.type == "inline":
            _ways(token.children or [], drawing)
    body = str(reader.renderer.render(_tables(_pictures(tokens[3:], drawing)), reader.options, {}))
    return Page(title, tuple(sections), body)


def _ways(children: list[Token], drawing: Drawing) -> None:
    """Let links lead where they lead from this page; an address of the console becomes one."""
    for token in children:
        if token.type == "link_open":
            token.attrSet("href", drawing.way(str(token.attrGet("href"))) or "#")
        elif token.type == "code_inline" and token.content.startswith("/") and (way := drawing.way(token.content)):
            words = html.escape(token.content)
            token.type, token.content = "html_inline", f'<a href="{html.escape(way)}"><code>{words}</code></a>'


def _pictures(tokens: Sequence[Token], drawing: Drawing) -> list[Token]:
    """Return the tokens with each paragraph that is a picture drawn as one."""
    found: list[Token] = []
    for token in tokens:
        children = token.children or []
        if token.type == "inline" and len(children) == 1 and children[0].type == "image":
            # The paragraph around it goes: what is drawn may be more than a paragraph holds.
            found.pop()
            name = Path(str(children[0].attrGet("src"))).name
            found.append(Token("html_block", "", 0, content=drawing.picture(name, children[0].content)))
        elif not (token.type == "paragraph_close" and found and found[-1].type == "html_block"):
            found.append(token)
    return found


def _tables(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with tables as the console draws them: each cell knows its column, for a narrow window."""
    found: list[Token] = []
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            token.attrSet("class", "cards")
            heads = []
            found.append(Token("html_block", "", 0, content='<div class="wide">'))
        elif token.type == "th_open":
            heads.append(tokens[place + 1].content)
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            token.attrSet("data-label", heads[column])
            token.attrSet("class", "say")
            column += 1
        if token.type == "td_close":
            found.append(Token("html_inline", "", 0, content="</span>"))
        found.append(token)
        if token.type == "td_open":
            # One box beside the column's name, whatever is in it.
            found.append(Token("html_inline", "", 0, content="<span>"))
        if token.type == "table_close":
            found.append(Token("html_block", "", 0, content="</div>"))
    return found
