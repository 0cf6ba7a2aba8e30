"""The petition the bench lives through: registration and six commands, up to its closure.

The people are those every new installation begins with; texts are as long as a desk writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from adapters.door import Door
from models.envelope import Envelope, Receipt


@dataclass(frozen=True)
class Act:
    """Who gives which command with what."""

    command: str
    actor: str
    data: Mapping[str, JsonValue]


SUMMARY: Final = (
    "举报人反映白马乡某砖厂夜间生产，烟气刺鼻，粉尘落在附近菜地，多次向乡里反映没有结果，请求依法查处并告知结果。"
)
FINDING: Final[JsonValue] = {
    "point": "夜间生产",
    "verdict": "substantiated",
    "text": "经现场核查，该厂夜间生产属实，除尘设施未正常运行，粉尘外逸。",
    "respondent_found": "某砖厂",
    "evidence": [{"sha256": "a" * 64, "name": "照片"}],
}
LIFE: Final = (
    Act("register", "clerk", {"channel": "letter", "place": "白马乡白马村三组", "summary": SUMMARY, "types": ["大气"]}),
    Act("accept", "clerk", {}),
    Act("assign", "dispatcher", {"unit": "enforcement", "handler": "handler"}),
    Act("record_findings", "inspector", {"findings": [FINDING]}),
    Act("plan_rectification", "handler", {"measures": "责令立即停止夜间生产，修复除尘设施，十日内完成。"}),
    Act("submit_for_review", "handler", {"text": "除尘设施已修复，监测达标，夜间不再生产。"}),
    Act("approve", "reviewer", {"note": "同意办结。"}),
)


def envelope(name: str, step: int, case: str | None) -> Envelope:
    """Return the envelope of one step of the petition called ``name`` (its envelopes' ids begin with it)."""
    act = LIFE[step]
    return Envelope(id=f"{name}/{step}", case=case, actor=act.actor, command=act.command, data=dict(act.data))


def lived(door: Door, name: str) -> list[Receipt]:
    """Live one petition through at the door and return its receipts."""
    receipts: list[Receipt] = []
    for step in range(len(LIFE)):
        case = receipts[0].case if receipts else None
        receipts += door.perform([envelope(name, step, case)])
    return receipts
