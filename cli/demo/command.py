"""``banjie demo``, as it is typed."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cli.opening import JsonOption
from cli.screen import Screen

SPEED: Final = 100_000.0
"""Desk seconds in one second: sixty days take less than a minute."""

SpeedOption = Annotated[float, typer.Option("--speed", min=1, metavar="N", help="时钟倍速 · how fast the clock runs")]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="空目录，缺省新建临时目录 · empty folder, else a new one", show_default=False
    ),
]


def demo(*, speed: SpeedOption = SPEED, data: DataOption = None, as_json: JsonOption = False) -> None:
    """演示：一个小县、三十件信访，一分钟走完 · A small county and thirty petitions in a minute."""
    # Temporal's client is heavy, and only this command and ``up`` need it.
    from cli.demo.staging import run

    run(Screen(as_json=as_json), data, speed)
