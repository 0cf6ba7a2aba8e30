"""An SVG that stands alone: with title and description for who cannot see it, its looks in attributes, no script.

Looks are attributes and not a style sheet, so that a page's content security policy has nothing to forbid.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

FONT: Final = "'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','SimSun',sans-serif"
INK, DIM, LINE, CALM, LATE, PALE = "#1c2733", "#55606c", "#8a94a0", "#3b6ea5", "#b3261e", "#eef2f6"
"""The colours: text, lesser text, lines, what is in time, what is late, and the ground of a box."""


def alone(title: str, told: str, width: float, height: float, parts: Sequence[str], *, top: float = 0) -> str:
    """Return a whole SVG file.

    Args:
        title: what it is.
        told: in words, what it shows.
        width: in pixels, as ``height``.
        height: likewise.
        parts: its drawing.
        top: the upper end of what is drawn.
    """
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top:g} {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="title desc" font-family="{FONT}" font-size="13">'
        f'<title id="title">{escape(title)}</title><desc id="desc">{escape(told)}</desc>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>'
        f'<rect x="0" y="{top:g}" width="{width:g}" height="{height:g}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def write(
    x: float, y: float, words: str, *, ink: str = INK, size: float = 13, anchor: str = "start", bold: bool = False
) -> str:
    """Return a line of text at a place."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{ink}" font-size="{size:g}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def wide(words: str, size: float = 13) -> float:
    """Return about how many pixels a line of text takes."""
    return sum(size if ord(mark) > 0x2E7F else size * 0.6 for mark in words)


def cut(words: str, room: float, size: float = 13) -> str:
    """Return a line of text cut so that it fits into so many pixels."""
    if wide(words, size) <= room:
        return words
    while words and wide(f"{words}…", size) > room:
        words = words[:-1]
    return f"{words}…"
