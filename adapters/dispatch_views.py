"""A meeting and its pack as JSON: what the API and ``--json`` tell of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from models.case import Case
from models.meeting_values import Pack


def meeting_view(case: Case, sees: Collection[str] | None = None) -> dict[str, object]:
    """Return a meeting with its figures and decisions; with ``sees``, only decisions about those cases."""
    return {
        "meeting": case.id,
        "series": case.series.value if case.series else None,
        "title": case.title,
        "status": case.status.value,
        "meets_on": case.meets_on.isoformat() if case.meets_on else None,
        "covers_from": _instant(case.covers_from),
        "covers_until": _instant(case.covers_until),
        "figures": {each.name.value: each.value for each in case.counts},
        "decisions": [
            {"number": number, **each.model_dump(mode="json")}
            for number, each in enumerate(case.decisions, 1)
            if sees is None or each.case in sees
        ],
    }


def pack_view(pack: Pack, sees: Collection[str] | None = None) -> dict[str, Any]:
    """Return a pack; with ``sees``, only the rows about those cases."""
    told = pack.model_dump(mode="json")
    for name in ("changed", "overdue", "upcoming", "matters", "followed"):
        told[name] = [row for row in told[name] if sees is None or row["case"] in sees]
    return told


def without_pack(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as JSON without the pack that it may hold: of that everybody has what they may see."""
    said = event["event"].get("said", {})
    return {**event, "event": {**event["event"], "said": {**said, "pack": None}}} if "pack" in said else event


def _instant(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
