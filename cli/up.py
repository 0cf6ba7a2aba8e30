"""``banjie up``: what ``make run`` runs."""

from typing import Annotated

import typer

from cli.opening import DataOption, JsonOption
from cli.screen import Screen
from cli.serving import HostOption, InsecureOption, PortOption

NoUi = Annotated[bool, typer.Option("--no-ui", help="不启动 Temporal 网页 · without Temporal's Web UI")]
Speed = Annotated[
    float | None,
    typer.Option("--speed", metavar="N", help="新账本的时钟倍速，演示用 · a new ledger's clock runs N times as fast"),
]
NoWeb = Annotated[bool, typer.Option("--no-web", help="不启动控制台 · without the console")]


def up(
    *,
    no_ui: NoUi = False,
    no_web: NoWeb = False,
    port: PortOption = None,
    host: HostOption = None,
    insecure_bind: InsecureOption = False,
    speed: Speed = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """启动整套系统，Ctrl-C 停止 · Bring the whole engine up; Ctrl-C stops it."""
    # Temporal's client is heavy, and no other command needs it.
    from cli.running import run

    wanted = {"ui": False if no_ui else None, "speed": speed, "web_port": port, "web_host": host}
    run(Screen(as_json=as_json), data, wanted, web=not no_web, insecure=insecure_bind)
