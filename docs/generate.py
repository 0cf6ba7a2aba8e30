"""Write the documents that are derived from the code, or check that they are up to date.

``python docs/generate.py`` writes them, ``--check`` only compares and exits 1 where one is out of date.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from adapters.world_book import published  # noqa: E402 - the root has to be on the path first
from models.commands import COMMANDS  # noqa: E402
from models.flow import mermaid  # noqa: E402
from models.lifecycle import LIFECYCLES, Row  # noqa: E402
from models.policy import ClockRule, Length, Moment, Policy  # noqa: E402
from models.refusals import Refused  # noqa: E402
from models.vocabulary import Fate, Flag, Kind, Light, Role, Stage, Status, Verdict  # noqa: E402

MARK = re.compile(r"(<!-- lifecycle: made by docs/generate.py -->\n).*?(<!-- /lifecycle -->)", re.DOTALL)
UNITS = {
    "hour": "小时 h",
    "day": "日 d",
    "working_day": "工作日 wd",
    "working_hour": "工作小时 wh",
    "half_day": "半日 half d",
}


def main() -> int:
    """Write or check."""
    check = "--check" in sys.argv
    stale = [path for path, text in documents() if _differs(path, text)]
    if not check:
        for path, text in documents():
            path.write_text(text, encoding="utf-8")
    for path in stale:
        sys.stdout.write(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}\n")
    return 1 if check and stale else 0


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def documents() -> Iterator[tuple[Path, str]]:
    """Yield every derived document with its text."""
    yield ROOT / "docs" / "lifecycle.md", lifecycle()
    picture = f"```mermaid\n{mermaid(Kind.PETITION)}\n```\n"
    for name in ("README.md", "README.zh-CN.md"):
        path = ROOT / name
        yield path, MARK.sub(lambda found: f"{found[1]}{picture}{found[2]}", path.read_text(encoding="utf-8"))


def lifecycle() -> str:
    """Return docs/lifecycle.md."""
    world = published()
    policy = world.newest
    parts = [
        "# The lifecycle · 办理流程",
        "Made by `docs/generate.py` from `models/lifecycle.py` and the current policy; do not edit.",
    ]
    for kind in (Kind.PETITION, Kind.RECTIFICATION):
        parts += [f"## {kind.zh} · {kind.en}", f"```mermaid\n{mermaid(kind)}\n```", _rows(kind), _clocks(policy, kind)]
    parts += [f"## {Kind.ORGANISATION.zh} · {Kind.ORGANISATION.en}", _rows(Kind.ORGANISATION), _routes(policy)]
    parts += [_channels(policy), _ladders(policy), _words(), _refusals()]
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def _rows(kind: Kind) -> str:
    return _table(
        ("操作 command", "状态 at", "职责 by", "事件 event", "到 to", "条件 conditions"),
        [_row(row) for row in LIFECYCLES[kind]],
    )


def _row(row: Row) -> tuple[str, ...]:
    command = COMMANDS[row.command]
    choice = f" ({row.when})" if row.when else ""
    conditions = [
        *(f"须有 {flag.zh}" for flag in row.needs),
        *(f"不得有 {flag.zh}" for flag in row.bars),
        *row.guards,
        *row.checks,
    ]
    every = len(row.at) > 7
    return (
        f"{command.zh} `{row.command}`{choice}",
        "各状态 any" if every else "、".join(status.zh for status in row.at) or "（新）new",
        "、".join(role.zh for role in row.by),
        f"`{row.event}`",
        row.to.zh if row.to else "—",
        "，".join(conditions) or "—",
    )


def _length(length: Length) -> str:
    return f"{length.count} {UNITS[length.unit]}"


def _clocks(policy: Policy, kind: Kind) -> str:
    rows = [_clock(rule) for rule in policy.clock if rule.kind is kind]
    return "### 时限 · clocks\n\n" + _table(
        ("时限 clock", "长度 length", "自 starts on", "止于 stops on", "暂停 paused by", "阶梯 ladder", "依据 source"),
        rows,
    )


def _clock(rule: ClockRule) -> tuple[str, ...]:
    return (
        f"{rule.zh} `{rule.name}`",
        f"`{rule.due}`" if rule.due else _length(rule.length),
        " ".join(f"`{name}`" for name in rule.starts_on),
        " ".join(f"`{name}`" for name in rule.stops_on),
        " ".join(rule.paused_by) or "—",
        rule.ladder,
        rule.article or "—",
    )


def _channels(policy: Policy) -> str:
    names = ("accept", "object", "assign", "verify", "close")
    rows = []
    for name, channel in policy.channels.items():
        rules = {rule.name: rule for rule in policy.clocks(Kind.PETITION, name)}
        rows.append(
            (f"{channel.zh} `{name}`", *(_length(rules[each].length) if each in rules else "—" for each in names))
        )
    return "## 渠道 · channels\n\n" + _table(("渠道 channel", *names), rows)


def _routes(policy: Policy) -> str:
    rows = [
        (
            str(number),
            row.note or "—",
            "、".join(row.place) or "—",
            "、".join(row.types) or "—",
            "、".join(row.channels) or "—",
            {True: "★", False: "无 no", None: "—"}[row.star],
            f"`{row.unit}`",
            row.leader or "—",
            row.handler or "—",
        )
        for number, row in enumerate(policy.route, 1)
    ]
    head = (
        "行 row",
        "说明 note",
        "地点 place",
        "类型 types",
        "渠道 channels",
        "重点 star",
        "单位 unit",
        "领导 leader",
        "承办 handler",
    )
    return "## 派件规则 · routing\n\n" + _table(head, rows)


def _moment(moment: Moment) -> str:
    return f"{moment.percent}%" if moment.percent is not None else f"{moment.days:+d} {UNITS[moment.unit]}"


def _ladders(policy: Policy) -> str:
    parts = ["## 预警阶梯 · ladders"]
    for name, ladder in policy.ladder.items():
        again = f"，其后每 {ladder.again} 日一次 then every {ladder.again} days" if ladder.again else ""
        rows = [
            (
                f"{rung.zh} `{rung.name}`",
                _moment(rung.at),
                f"{rung.kind.zh} `{rung.kind.value}`",
                "、".join(policy.posts[post][0] for post in rung.to) or "—",
                rung.light.zh if rung.light else "—",
            )
            for rung in ladder.rungs
        ]
        parts += [f"`{name}`{again}", _table(("级 rung", "时点 at", "事件 event", "告知 to", "灯 light"), rows)]
    return "\n\n".join(parts)


def _words() -> str:
    parts = ["## 词汇 · words"]
    for title, terms in (
        ("状态 status", Status),
        ("阶段 stage", Stage),
        ("职责 role", Role),
        ("标记 flag", Flag),
        ("结论 verdict", Verdict),
        ("灯 light", Light),
        ("投递 delivery", Fate),
    ):
        parts.append(_table((title, "中文", "English"), [(f"`{term.value}`", term.zh, term.en) for term in terms]))
    return "\n\n".join(parts)


def _refusals() -> str:
    rows = []
    for refusal in sorted(Refused.__subclasses__(), key=lambda each: each.code):
        lines = [line.strip() for line in (refusal.__doc__ or "").strip().splitlines() if line.strip()]
        rows.append((f"`{refusal.code}`", lines[0], lines[1]))
    return "## 不予办理的理由 · refusals\n\n" + _table(("代码 code", "中文", "English"), rows)


if __name__ == "__main__":
    sys.exit(main())
