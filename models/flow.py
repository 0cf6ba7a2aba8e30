"""The flow chart of a kind of case (信访件办理流程图), derived from the lifecycle's rows."""

from models.commands import COMMANDS
from models.lifecycle import LIFECYCLES
from models.vocabulary import ENDS, Kind, Status

HUB = 4
"""A move possible from this many statuses is drawn from one knot, not as so many arrows."""


def mermaid(kind: Kind) -> str:
    """Return the chart as Mermaid text: statuses as boxes, commands as arrows."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in LIFECYCLES[kind]:
        if row.to is None:
            continue
        starts = [status for status in row.at if status is not row.to]
        label = COMMANDS[row.command].zh
        if not row.at:
            arrows.setdefault(("new", row.to.value), []).append(label)
        elif len(starts) >= HUB:
            arrows.setdefault(("any", row.to.value), []).append(label)
        else:
            for status in starts:
                arrows.setdefault((status.value, row.to.value), []).append(label)
    lines = ["flowchart LR", "    new(( ))"]
    named = {each for pair in arrows for each in pair}
    if "any" in named:
        lines.append('    any(("办理中<br/>at work"))')
    lines += [f"    {_box(status)}" for status in Status if status.value in named]
    for (start, end), labels in arrows.items():
        lines.append(f"    {start} -->|{'、'.join(dict.fromkeys(labels))}| {end}")
    return "\n".join(lines)


def _box(status: Status) -> str:
    text = f"{status.zh}<br/>{status.en}"
    return f'{status.value}(["{text}"])' if status in ENDS else f'{status.value}["{text}"]'
