"""Fetching the weather at every station with coordinates, where the settings name a provider.

What comes goes through the door like what a person sees: only where the weather changed, or nobody has said anything
for half a day, so that the ledger holds the weather and not the asking. Many workers may ask: what is told bears a name
made of station and moment, so that it is told once.
"""

import asyncio
import threading
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from adapters.database import AWAY, DatabaseAwayError
from adapters.desk import Desk, world_now
from adapters.door import OWN_IDS
from adapters.patrols import stations
from adapters.weather.provider import PATIENCE, NoAnswerError, OpenMeteo, Provider, WeatherAwayError
from models.case import Case
from models.envelope import Envelope
from models.patrol import Observation, Patrols, newer
from models.refusals import Refused
from models.spots import Spot, spot_of

log = structlog.get_logger()

EVERY: Final = 600.0
"""Seconds between two askings."""
FRESH: Final = timedelta(hours=12)
"""So long the same weather need not be told again."""


class Watching:
    """Asks for the weather of one installation, in a worker."""

    def __init__(self, desk: Desk, provider: Provider | None = None) -> None:
        """Keep the desk; the provider is the one the settings name, if they name one."""
        self.desk = desk
        url = desk.settings.weather_url
        self.provider = provider or (OpenMeteo(url) if url else None)
        self.stopping = threading.Event()
        self.awaited: Future[Observation] | None = None

    async def run(self) -> None:
        """Ask until cancelled; without a provider there is nothing to do but wait for the end."""
        try:
            while True:
                if self.provider is not None:
                    await self._round()
                await asyncio.sleep(EVERY)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask for no station more; whoever waits for an answer waits no longer."""
        self.stopping.set()
        if self.awaited is not None:
            self.awaited.cancel()

    async def _round(self) -> None:
        try:
            with suppress(DatabaseAwayError, *AWAY):
                await asyncio.to_thread(self.once)
        except Exception as fault:  # noqa: BLE001 - the weather is never a reason for a worker to end
            log.error("weather_failed", why=type(fault).__name__)  # noqa: TRY400 - a trace may quote what was asked

    def once(self) -> int:
        """Ask for every station once, or until nobody answers; return how many observations were recorded."""
        recorded = 0
        for station in stations(self.desk.database):
            if self.stopping.is_set():
                break
            try:
                recorded += self._asked(station)
            except CancelledError:
                break
            except NoAnswerError as fault:
                log.warning("weather_not_read", station=station.id, why=str(fault))
                break
        return recorded

    def _asked(self, station: Case) -> bool:
        spot = spot_of(station.spot)
        if spot is None or self.provider is None:
            return False
        world = world_now(self.desk.door)
        rule = world.policies[world.policy_at(self.desk.moments.now())].patrols
        try:
            seen = self._answer(self.provider, spot, rule)
        except NoAnswerError:
            raise
        except WeatherAwayError as fault:
            log.warning("weather_not_read", station=station.id, why=str(fault))
            return False
        if not _says_more(station.observed, seen):
            return False
        try:
            self.desk.door.perform([_envelope(station, seen)], trusted=True)
        except Refused as refusal:
            # A provider whose clock runs ahead: the same is told again when its moment has come.
            log.warning("weather_not_taken", station=station.id, why=refusal.code)
            return False
        return True

    def _answer(self, provider: Provider, spot: Spot, rule: Patrols) -> Observation:
        """Wait for a provider's answer, but not longer than is right, and not when the worker ends.

        The asking is in a thread of its own that nothing waits for, since not all of it can be broken off: a name that
        is looked up, headers that drip.
        """
        self.awaited = awaited = Future[Observation]()
        if self.stopping.is_set():
            raise CancelledError
        threading.Thread(target=_ask, args=(awaited, provider, spot, rule), name="weather", daemon=True).start()
        try:
            return awaited.result(PATIENCE)
        except TimeoutError:
            raise NoAnswerError("too_slow") from None


def _ask(awaited: Future[Observation], provider: Provider, spot: Spot, rule: Patrols) -> None:
    with suppress(InvalidStateError):  # nobody waits any more
        try:
            seen = provider.now(spot, rule)
        except Exception as fault:  # noqa: BLE001 - raised where it is waited for
            awaited.set_exception(fault)
        else:
            awaited.set_result(seen)


def _says_more(known: Observation | None, seen: Observation) -> bool:
    if known is None:
        return True
    return newer(known, seen) and (seen.sky is not known.sky or seen.at - known.at >= FRESH)


def _envelope(station: Case, seen: Observation) -> Envelope:
    return Envelope.model_validate(
        {
            "id": f"{OWN_IDS}weather/{station.id}/{seen.at.isoformat()}",
            "case": station.id,
            "actor": "engine",
            "command": "observe_weather",
            "data": {"sky": seen.sky.value, "seen_at": seen.at.isoformat(), "mm": seen.mm, "by_whom": seen.source},
        }
    )
