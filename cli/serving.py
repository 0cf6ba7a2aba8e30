"""``banjie serve``: the console alone, beside an engine that runs elsewhere; and what ``up`` says of its own."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from adapters.desk import Desk, open_desk
from adapters.logs import configure_logs
from adapters.observing.port import observed
from adapters.observing.pulse import tell_systemd
from adapters.observing.tracing import traced
from adapters.settings import Settings
from cli.opening import PATIENCE, DataOption, JsonOption, settings_for
from cli.screen import Screen

PortOption = Annotated[
    int | None,
    typer.Option(
        "--port", min=0, max=65535, metavar="N", help="控制台端口，0 为任意 · the console's port [BANJIE_WEB_PORT]"
    ),
]
HostOption = Annotated[
    str | None, typer.Option("--host", metavar="ADDRESS", help="控制台地址 · where it listens [BANJIE_WEB_HOST]")
]
InsecureOption = Annotated[
    bool, typer.Option("--insecure-bind", help="不用 TLS 也对外监听 · listen beyond this machine without TLS")
]


@contextmanager
def console(desk: Desk, settings: Settings, *, insecure: bool) -> Iterator[tuple[str, str]]:
    """Bring the console up; yield its address, and the setup code while there is no account yet.

    Raises:
        OpenToAll: others could listen in and nobody said that this is wanted.
        PortTaken: it cannot listen there.
        NoCertificate: the TLS file cannot be used.
    """
    # The web server is heavy, and no other command needs it.
    from web.app import make_app
    from web.house import House
    from web.serving import place_of, serving

    place = place_of(settings, insecure=insecure)
    house = House.of(desk, secure=place.secure or settings.web_proxy_tls)
    with serving(make_app(house), place) as address:
        yield address, "" if house.accounts.exist() else house.setup_code


def console_pairs(address: str, code: str) -> list[tuple[str, str]]:
    """Return what is said of a console that came up."""
    setup = f"{address}/setup" if code else ""
    return [("控制台 console", address), ("首次设置 first setup", setup), ("设置码 setup code", code)]


def serve(
    *,
    port: PortOption = None,
    host: HostOption = None,
    insecure_bind: InsecureOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """只启动控制台（引擎另行运行），Ctrl-C 停止 · The console alone; Ctrl-C stops it."""
    screen = Screen(as_json=as_json)
    settings = settings_for(data, web_port=port, web_host=host)
    configure_logs(settings.log_format, settings.log_level)
    desk = open_desk(settings, patience=PATIENCE)
    stop = threading.Event()
    before = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with (
            traced("banjie-web"),
            observed(desk) as figures,
            console(desk, settings, insecure=insecure_bind) as (address, code),
        ):
            metrics = f"{figures}/metrics" if figures else None
            if as_json:
                screen.data({"web": address, "setup_code": code or None, "metrics": metrics})
            else:
                screen.say("✓ 控制台已启动 the console is up", "bold green")
                screen.pairs([*console_pairs(address, code), ("指标 metrics", metrics or "")])
            tell_systemd("READY=1")
            stop.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        desk.close()
