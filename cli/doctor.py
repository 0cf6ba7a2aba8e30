"""``banjie doctor``: everything looked at, and what to do."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer
from rich.text import Text

from adapters.doctor.finding import Finding, State
from adapters.logs import configure_logs
from adapters.settings import Settings
from cli.exits import REFUSED
from cli.opening import PATIENCE, DataOption, JsonOption, settings_for
from cli.screen import Screen

MARKS: Final = {State.WELL: ("✓", "green"), State.WARN: ("⚠", "yellow"), State.BAD: ("✗", "bold red")}
DeepOption = Annotated[
    bool, typer.Option("--deep", help="另核对全部哈希链和案件表，较慢 · also every chain and the table of cases; slow")
]


def doctor(*, deep: DeepOption = False, data: DataOption = None, as_json: JsonOption = False) -> None:
    """全面检查：目录、台账、密钥、Temporal、时限、文书等，并说明如何处理 · Look at everything, say what to do."""
    screen = Screen(as_json=as_json)
    settings = settings_for(data)
    # What is not well is said below, in words.
    configure_logs(settings.log_format, "error")
    found = []
    for each in _looked(settings, deep=deep):
        found.append(each)
        if not as_json:
            _show(screen, each)
    bad = sum(each.state is State.BAD for each in found)
    warned = sum(each.state is State.WARN for each in found)
    if as_json:
        screen.data({"ok": not bad, "checks": [_view(each) for each in found]})
    elif bad or warned:
        screen.say()
        screen.say(f"{bad} 项有问题，{warned} 项需留意。 {bad} not well, {warned} to look at.", "yellow")
    else:
        screen.say()
        screen.say("全部正常。 All is well.", "bold green")
    if bad:
        raise typer.Exit(REFUSED)


def _looked(settings: Settings, *, deep: bool) -> Iterator[Finding]:
    from adapters.doctor.machine import of_the_machine
    from adapters.doctor.of_ledger import of_the_ledger
    from adapters.doctor.of_temporal import of_temporal

    machine = list(of_the_machine(settings))
    yield from machine
    if machine[0].state is State.WELL:
        # Asked first and told last: the library's own threads let go of what they hold a moment after they answered,
        # and a program that ends in that moment aborts (github.com/temporalio/sdk-python, issue 300).
        temporal = list(of_temporal(settings))
        yield from of_the_ledger(settings, deep=deep, patience=PATIENCE)
        yield from temporal


def _show(screen: Screen, found: Finding) -> None:
    mark, style = MARKS[found.state]
    line = Text(f"{mark} ", style=style).append(f"{found.name[0]} {found.name[1]}", style="bold")
    screen.out.print(line.append(f"  {found.said[0]} · {found.said[1]}"), soft_wrap=True)
    for sentence in found.do:
        if sentence:
            screen.say(f"    {sentence}", "yellow" if sentence is found.do[0] else "dim")


def _view(found: Finding) -> dict[str, object]:
    return {
        "check": found.check,
        "state": found.state.value,
        "zh": found.said[0],
        "en": found.said[1],
        "do_zh": found.do[0] or None,
        "do_en": found.do[1] or None,
    }
