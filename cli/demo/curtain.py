"""What is shown when the demo is over: the figures, and who was escalated to."""

from typing import Final

from adapters.letters.told import person_words
from adapters.settings import Settings
from adapters.views import figures_view, instant
from cli.demo.figures import Count, Reached
from cli.demo.playing import DAYS, Play
from cli.opening import hint
from cli.screen import Screen
from models.commands import COMMANDS
from models.vocabulary import RungKind
from models.world import World

RUNGS: Final = ("red", "deputy_county", "county")


def _ways(reached: Reached) -> str:
    return "；".join(way if times == 1 else f"{way} ×{times}" for way, times in reached.ways.most_common(2))


def show(screen: Screen, counted: Count, acted: Play, settings: Settings, world: World) -> None:
    """Show the figures to a person."""
    figures, policy = counted.figures, world.policies[world.policy_at(counted.at)]
    screen.say(f"{DAYS} 天、30 件信访 · {DAYS} days, 30 petitions", "bold")
    screen.table(
        (
            "收件 received",
            "办结 closed",
            "办结率 rate",
            "超期 overdue",
            "在办 open",
            "按期 in time",
            "逾期 late",
            "整改任务 tasks",
        ),
        [
            tuple(
                map(
                    str,
                    (
                        figures.received,
                        figures.closed,
                        f"{figures.rate or 0:.1%}",
                        figures.overdue,
                        figures.open,
                        counted.in_time,
                        counted.late,
                        counted.tasks,
                    ),
                )
            )
        ],
    )
    screen.say("  ".join(f"{status.zh} {times}" for status, times in counted.by_status.most_common()), "dim")
    screen.table(
        (
            "报告对象 escalated to",
            "职务 post",
            "到期 due",
            "超期3日 +3 d",
            "超期7日 +7 d …",
            "合计 total",
            "代理或上移 how",
        ),
        [
            (
                person_words(world, each.person),
                "、".join(policy.posts[post][0] for post in each.posts),
                *(str(each.rungs[rung] or "") for rung in RUNGS),
                str(each.total),
                _ways(each),
            )
            for each in counted.reached
        ],
        title="升级报告 who was escalated to",
    )
    screen.say(
        f"提醒 reminders {counted.rungs[RungKind.REMIND]}  预警 warnings {counted.rungs[RungKind.WARN]}  "
        f"升级 escalations {counted.rungs[RungKind.ESCALATE]}  回头看 look-backs {counted.rungs[RungKind.LOOK_BACK]}  "
        f"文书 letters {counted.letters}"
    )
    for denied in acted.denied:
        screen.say(f"拒绝 refused: {denied.case} {COMMANDS[denied.command].zh}：{denied.zh}", "yellow")
    chain = "完整 holds" if counted.checked.ok else "有误 broken"
    screen.say(f"账本 ledger: {counted.events} 个事件 events，哈希链{chain}", "green" if counted.checked.ok else "red")
    screen.say(f"数据目录保留在 kept in: {settings.data}")
    late = next((case for case, story in acted.cases.items() if story == "late"), "XF2026000001")
    screen.say(f"  banjie history {late}{hint(settings.data)}", "dim")
    screen.say(f"  该账本的时钟仍以 ×{settings.speed:g} 走 · that ledger's clock goes on at this speed", "dim")


def show_ways_in(screen: Screen, world: World, passwords: dict[str, str], settings: Settings) -> None:
    """Show with which accounts the console is looked at; the passwords are shown this once."""
    if not passwords:
        return
    organisation = world.organisation
    found = {name: organisation.person(name) if organisation else None for name in passwords}
    roles = {name: "、".join(role.zh for role in person.roles) if person else "" for name, person in found.items()}
    screen.table(
        ("账号 account", "职责 roles", "一次性密码 one-time password"),
        [(name, roles[name], password) for name, password in passwords.items()],
        title="登录 log in",
    )
    screen.say(f"  banjie serve{hint(settings.data)}", "dim")
    screen.say("  密码只显示这一次，首次登录须修改 · shown this once, to be changed at the first log-in", "dim")


def view(counted: Count, acted: Play, settings: Settings, world: World) -> dict[str, object]:
    """Return the figures as a program reads them."""
    organisation = world.organisation
    return {
        **figures_view(counted.figures),
        "data": str(settings.data),
        "speed": settings.speed,
        "days": DAYS,
        "at": instant(counted.at),
        "by_status": {status.value: times for status, times in counted.by_status.items()},
        "tasks": counted.tasks,
        "in_time": counted.in_time,
        "late": counted.late,
        "events": counted.events,
        "letters": counted.letters,
        "alarms": {kind.value: counted.rungs[kind] for kind in RungKind},
        "escalated_to": [
            {
                "person": each.person,
                "name": person.name if organisation and (person := organisation.person(each.person)) else each.person,
                "total": each.total,
                "rungs": {rung: each.rungs[rung] for rung in RUNGS},
                "posts": dict(each.posts),
                "ways": dict(each.ways),
            }
            for each in counted.reached
        ],
        "refused": [
            {
                "case": each.case,
                "story": each.story,
                "command": each.command,
                "actor": each.actor,
                "code": each.code,
                "expected": each.expected,
            }
            for each in acted.denied
        ],
        "stories": acted.cases,
        "chain_holds": counted.checked.ok,
    }
