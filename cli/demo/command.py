"""``banjie demo``, as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import UsageProblem
from cli.opening import JsonOption
from cli.screen import Screen

SpeedOption = Annotated[
    float | None,
    typer.Option("--speed", min=1, metavar="N", help="时钟倍速 · how fast the clock runs", show_default=False),
]
ScenarioOption = Annotated[
    str,
    typer.Option("--scenario", metavar="NAME", help="thirty 三十件信访 · hengnan-2023 一局一年 a bureau's whole year"),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="空目录，缺省新建临时目录 · empty folder, else a new one", show_default=False
    ),
]


def demo(
    *,
    scenario: ScenarioOption = "thirty",
    speed: SpeedOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """演示：一个小县、三十件信访一分钟走完，或一局一年 · A small county in a minute, or a bureau's whole year."""
    # Temporal's client is heavy, and only this command and ``up`` need it.
    from cli.demo.scenarios import SCENARIOS
    from cli.demo.staging import run

    found = SCENARIOS.get(scenario)
    if found is None:
        names = "、".join(SCENARIOS)
        raise UsageProblem(
            f"没有演示“{scenario}”，可选：{names}。", f"No such scenario; there are: {names}.", field="--scenario"
        )
    run(Screen(as_json=as_json), found, data, speed or found.speed)
