"""A small chart for a terminal: backlog and overdue over days, without colour as readable as with it."""

from collections.abc import Sequence
from typing import Final

from adapters.forecasting.outlook import Band

ROWS: Final = 12
WIDEST: Final = 90
BACKLOG, OVERDUE, SPREAD, BOTH = "●", "▲", "░", "◆"


def chart(backlog: Sequence[Band], overdue: Sequence[Band], width: int) -> list[str]:
    """Return the chart's lines: the medians over days, the backlog with its band from p10 to p90.

    Args:
        backlog: one band a day, from day 0.
        overdue: likewise.
        width: columns there are.
    """
    most = max(1.0, *(band.p90 for band in backlog), *(band.p90 for band in overdue))
    top = ceiling(most)
    room = max(10, min(width - 10, WIDEST))
    days = len(backlog) - 1
    columns = min(room, len(backlog) * max(1, room // len(backlog)))
    at = [round(column * days / (columns - 1)) if columns > 1 else 0 for column in range(columns)]

    def row_of(value: float) -> int:
        return min(ROWS, int(value / top * ROWS + 0.5))

    lines = []
    for row in range(ROWS, -1, -1):
        marks = []
        for day in at:
            waits, late = row_of(backlog[day].p50) == row, row_of(overdue[day].p50) == row
            spread = row_of(backlog[day].p10) <= row <= row_of(backlog[day].p90)
            marks.append(
                BOTH if waits and late else BACKLOG if waits else OVERDUE if late else SPREAD if spread else " "
            )
        label = f"{top * row / ROWS:,.0f}" if row % (ROWS // 4) == 0 else ""
        lines.append(f"{label:>7} ┤{''.join(marks).rstrip()}")
    lines.append(f"{'':>7} └{'─' * columns}")
    last = f"第 {days} 天 day"
    lines.append(f"{'':>8} 0{'':{max(1, columns - 12)}}{last}")
    lines.append(
        f"{'':>8} {BACKLOG} 积案 backlog (p50)  {SPREAD} p10–p90  {OVERDUE} 超期 overdue (p50)  {BOTH} 两者重合 both"
    )
    return lines


def ceiling(most: float) -> float:
    """Return a round number not below the largest value, divisible by four for the scale."""
    step = 4.0
    while 10 * step < most:
        step *= 10
    return next(step * factor for factor in (1, 2, 3, 4, 5, 6, 8, 10) if step * factor >= most)
