"""``banjie policy list`` and ``show``: the policies there are, and one of them as tables."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from adapters.desk import Desk
from adapters.words import both
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.policies.documents import policy_named
from cli.screen import COLOURS, Screen
from models.policy import ClockRule, Policy
from models.policy_words import event_words, length_words, moment_words, pause_words, post_words
from models.vocabulary import Kind
from models.world import World

NameArgument = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="规则名称或文件，缺省为现行 · name or file, else the current one")
]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", metavar="C", help="只看某一渠道 · as one channel has it", show_default=False)
]


def list_policies(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出办理规则 · List the policies."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        world, current = desk.world(), _current_of(desk)
    found = sorted(world.policies.values(), key=lambda each: (each.effective, each.name))
    if as_json:
        screen.data({"current": current, "policies": [_row_view(each) for each in found]})
        return
    screen.table(
        ("名称 name", "施行 effective", "现行 current", "标题 title", "时限 clocks", "渠道 channels"),
        [
            (
                each.name,
                each.effective.isoformat(),
                "✓" if each.name == current else "",
                f"{each.zh}\n{each.en}",
                str(len(each.clock)),
                str(len(each.channels)),
            )
            for each in found
        ],
        title="办理规则 policies",
    )


def _row_view(policy: Policy) -> dict[str, object]:
    return {
        "name": policy.name,
        "zh": policy.zh,
        "en": policy.en,
        "effective": policy.effective.isoformat(),
        "clocks": len(policy.clock),
        "channels": list(policy.channels),
    }


def show_policy(
    name: NameArgument = None, *, channel: ChannelOption = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """显示办理规则：时限、阶梯、渠道 · Show a policy: its clocks, ladders and channels."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        world, current = desk.world(), _current_of(desk)
    policy = policy_named(name or current, world)
    way = _channel(policy, channel)
    if as_json:
        screen.data(_view(policy, way))
        return
    screen.say(f"{policy.zh} {policy.name}", "bold")
    screen.say(policy.en)
    screen.pairs(
        [
            ("施行 effective", f"{policy.effective.isoformat()}{_current(policy, world, current)}"),
            ("延期上限 longest extension", f"{policy.extension_limit} 日 days"),
            ("计算 counting", _counting(policy)),
            ("空缺上移 upwards", " → ".join(post_words(post, policy)[0] for post in policy.upwards)),
        ]
    )
    for kind in Kind:
        if rows := policy.clocks(kind, way or ""):
            title = f"{kind.zh}时限 clocks: {kind.en}"
            _clocks(screen, policy, rows, f"{title}（{policy.channels[way].zh}）" if way else title)
    if way is None:
        _channels(screen, policy)
    _ladders(screen, policy)


def _current_of(desk: Desk) -> str:
    """Return the policy that a case taken in now would run under."""
    return desk.world().policy_at(desk.moments.now())


def _current(policy: Policy, world: World, current: str) -> str:
    return "（现行 current）" if world.policies.get(current) == policy else ""


def _counting(policy: Policy) -> str:
    rule = policy.counting
    first = "首日不计 first day excluded" if rule.first_day_excluded else "首日计入 first day included"
    rolls = "遇休顺延 rolls over" if rule.roll_over else "遇休不顺延 no roll-over"
    return f"{first}，{rolls}，每日 {rule.end_of_day} 截止"


def _channel(policy: Policy, text: str | None) -> str | None:
    if text is None:
        return None
    for name, way in policy.channels.items():
        if text in {name, way.zh, way.en}:
            return name
    known = "、".join(f"{name} {way.zh}" for name, way in policy.channels.items())
    raise UsageProblem(
        f"没有渠道“{text}”，可用：{known}", f'There is no channel "{text}"; there are: {known}', field="--channel"
    )


def _clocks(screen: Screen, policy: Policy, rows: Sequence[ClockRule], title: str) -> None:
    screen.table(
        ("时限 clock", "时长 length", "起 starts", "止 stops", "暂停 paused by", "阶梯 ladder", "依据 rule"),
        [
            (
                f"{row.zh} {row.name}",
                _length(row),
                "、".join(event_words(name)[0] for name in row.starts_on),
                "、".join(dict.fromkeys(event_words(name)[0] for name in row.stops_on)),
                "、".join(pause_words(name, policy)[0] for name in row.paused_by),
                row.ladder,
                row.article,
            )
            for row in rows
        ],
        title=title,
    )


def _length(row: ClockRule) -> str:
    text = length_words(row.length)[0]
    if row.due:
        text = f"按 {row.due}，缺省 {text}"
    return text if row.calendar == "statutory" else f"{text}（{row.calendar}）"


def _channels(screen: Screen, policy: Policy) -> None:
    rows = []
    for name, way in policy.channels.items():
        own = [f"{row.zh} {_length(row)}" for row in policy.clocks(Kind.PETITION, name) if row.name in way.clocks]
        off = [f"无{row.zh}" for row in policy.clock if row.name in way.off and row.kind is Kind.PETITION]
        rows.append((name, way.zh, "；".join((*own, *off)) or "同通用规则"))
    screen.table(("渠道 channel", "名称 name", "与通用规则不同处 what is different"), rows, title="渠道 channels")


def _ladders(screen: Screen, policy: Policy) -> None:
    rows: list[tuple[str | Text, ...]] = []
    for name, ladder in policy.ladder.items():
        for at, rung in enumerate(ladder.rungs, 1):
            last = at == len(ladder.rungs) and ladder.again
            light = Text(both(rung.light), style=COLOURS[rung.light]) if rung.light else ""
            when = moment_words(rung.at)[0]
            rows.append(
                (
                    f"{name} {at}",
                    f"{rung.zh} {rung.name}",
                    f"{when}，此后每 {ladder.again} 日" if last else when,
                    both(rung.kind),
                    light,
                    "、".join(post_words(post, policy)[0] for post in rung.to),
                    rung.letter or "",
                )
            )
    columns = ("阶梯 ladder", "级 rung", "时刻 when", "性质 kind", "预警 light", "报告 reaches", "文书 letter")
    screen.table(columns, rows, title="提醒阶梯 ladders")


def _view(policy: Policy, channel: str | None) -> dict[str, object]:
    ways = [channel] if channel else list(policy.channels)
    clocks = {way: [row.model_dump(mode="json") for kind in Kind for row in policy.clocks(kind, way)] for way in ways}
    return {"policy": policy.model_dump(mode="json", exclude_none=True), "clocks": clocks}
