"""Fetching the weather at every station with coordinates, where the settings name a provider.

What comes goes through the door like what a person sees: only where the weather changed, or nobody has said anything
for half a day, so that the ledger holds the weather and not the asking. Many workers may ask: what is told bears a name
made of station and moment, so that it is told once.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from adapters.database import AWAY, DatabaseAwayError
from adapters.desk import Desk, world_now
from adapters.door import OWN_IDS
from adapters.patrols import stations
from adapters.weather.provider import OpenMeteo, Provider, WeatherAwayError
from models.case import Case
from models.envelope import Envelope
from models.patrol import Observation, newer
from models.refusals import Refused
from models.spots import spot_of

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

    async def run(self) -> None:
        """Ask until cancelled; without a provider there is nothing to do but wait for the end."""
        while True:
            if self.provider is not None:
                with suppress(DatabaseAwayError, *AWAY):
                    await asyncio.to_thread(self.once)
            await asyncio.sleep(EVERY)

    def once(self) -> int:
        """Ask for every station once; return how many observations were recorded."""
        return sum(self._asked(station) for station in stations(self.desk.database))

    def _asked(self, station: Case) -> bool:
        spot = spot_of(station.spot)
        if spot is None or self.provider is None:
            return False
        world = world_now(self.desk.door)
        rule = world.policies[world.policy_at(self.desk.moments.now())].patrols
        try:
            seen = self.provider.now(spot, rule)
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
