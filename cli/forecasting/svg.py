"""The same chart as a picture: an SVG of our own with labels at the lines and the figures in a table beside it."""

from collections.abc import Sequence
from html import escape
from typing import Final

from adapters.forecasting.outlook import Band
from cli.forecasting.chart import ceiling

WIDTH, HEIGHT = 1060, 520
LEFT, TOP, RIGHT, BOTTOM = 70, 64, 560, 460
TABLE: Final = 690
MOST_ROWS: Final = 17
INK, BLUE, PALE, RED, ROSE, GRID = "#1f2933", "#1d4f91", "#c9daf0", "#a4262c", "#f3cfd1", "#d5dbe1"


def svg(backlog: Sequence[Band], overdue: Sequence[Band], title: str, subtitle: str, footer: str) -> str:
    """Return the picture as SVG text.

    Args:
        backlog: one band a day, from day 0.
        overdue: likewise.
        title: the sentence above it.
        subtitle: the same in English.
        footer: what was assumed, in a line.
    """
    top = ceiling(max(1.0, *(band.p90 for band in (*backlog, *overdue))))
    days = len(backlog) - 1

    def x(day: int) -> float:
        return LEFT + (RIGHT - LEFT) * day / days

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / top

    def area(bands: Sequence[Band]) -> str:
        there = [f"{x(day):.1f},{y(band.p90):.1f}" for day, band in enumerate(bands)]
        back = [f"{x(day):.1f},{y(band.p10):.1f}" for day, band in reversed(list(enumerate(bands)))]
        return " ".join((*there, *back))

    def line(bands: Sequence[Band]) -> str:
        return " ".join(f"{x(day):.1f},{y(band.p50):.1f}" for day, band in enumerate(bands))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"',
        'role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(subtitle)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 26, title, size=17, bold=True),
        _text(LEFT, 46, subtitle, colour="#52606d"),
        _text(LEFT, HEIGHT - 8, footer, colour="#52606d"),
    ]
    for number in range(5):
        value = top * number / 4
        parts.append(f'<path d="M{LEFT} {y(value):.1f}H{RIGHT}" stroke="{GRID}"/>')
        parts.append(_text(LEFT - 8, y(value) + 4, f"{value:,.0f}", anchor="end"))
    parts += [_text(x(day), BOTTOM + 18, str(day), anchor="middle") for day in _some(days, 7)]
    parts.append(_text((LEFT + RIGHT) / 2, BOTTOM + 36, "天 day", anchor="middle"))
    parts += [
        f'<polygon points="{area(backlog)}" fill="{PALE}" fill-opacity="0.8"/>',
        f'<polygon points="{area(overdue)}" fill="{ROSE}" fill-opacity="0.8"/>',
        f'<polyline points="{line(backlog)}" fill="none" stroke="{BLUE}" stroke-width="2.5"/>',
        f'<polyline points="{line(overdue)}" fill="none" stroke="{RED}" stroke-width="2.5" stroke-dasharray="7 4"/>',
    ]
    high, low = y(backlog[-1].p50), y(overdue[-1].p50)
    if abs(high - low) < 18:  # the labels would lie on one another
        high, low = (min(high, low) - 9, max(high, low) + 9)
    parts.append(_text(RIGHT + 8, high + 4, "积案 backlog", colour=BLUE, bold=True))
    parts.append(_text(RIGHT + 8, low + 4, "超期 overdue", colour=RED, bold=True))
    parts += _table(backlog, overdue)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _table(backlog: Sequence[Band], overdue: Sequence[Band]) -> list[str]:
    """Return the figures: every day, or some of them where there are too many."""
    columns = (TABLE + 40, TABLE + 200, TABLE + 350)
    heads = ("天 day", "积案 backlog p10–p50–p90", "超期 overdue")
    parts = [_text(at, TOP + 8, head, anchor="end", bold=True) for at, head in zip(columns, heads, strict=True)]
    parts.append(f'<path d="M{TABLE} {TOP + 16}H{columns[-1]}" stroke="{INK}"/>')
    for row, day in enumerate(_some(len(backlog) - 1, MOST_ROWS), 1):
        cells = (str(day), _figures(backlog[day]), _figures(overdue[day]))
        parts += [_text(at, TOP + 14 + row * 22, cell, anchor="end") for at, cell in zip(columns, cells, strict=True)]
    return parts


def _some(days: int, most: int) -> list[int]:
    """Return at most so many days, evenly apart, the first and the last among them."""
    count = min(most, days + 1)
    return [round(number * days / (count - 1)) for number in range(count)] if count > 1 else [0]


def _figures(band: Band) -> str:
    return f"{band.p10:,.0f}–{band.p50:,.0f}–{band.p90:,.0f}"


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    anchor: str = "start",
    colour: str = INK,
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(text)}</text>"
    )
