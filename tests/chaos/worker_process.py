"""A worker as its own process, with the points where it may be told to kill itself."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from adapters.codec import codec_of
from adapters.desk import Desk, open_desk
from adapters.logs import configure_logs
from adapters.settings import Settings
from adapters.temporal import TemporalUnavailableError, connect
from tests.chaos.points import wrap
from tests.chaos.skewed import skew
from worker import PATIENCE, work


async def main() -> None:
    data, address, url = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    settings = Settings.load(data=data, temporal_address=address, database_url=url)
    configure_logs("json", "warning")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    desk = open_desk(settings, patience=PATIENCE)
    await work(desk, await _connected(desk), stop)


async def _connected(desk: Desk) -> Client:
    while True:
        try:
            return await connect(desk.settings, codec_of(desk.sealer.keys), patience=timedelta(seconds=2))
        except TemporalUnavailableError:
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    if "BANJIE_CHAOS_FOLDER" in os.environ:
        skew()
    wrap(os.environ.get("BANJIE_KILL_AT", ""))
    asyncio.run(main())
