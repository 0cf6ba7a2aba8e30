"""Asking a provider for the weather at a place. The interface is one method, so that another provider is one class.

The one here speaks the forecast API of Open-Meteo (https://open-meteo.com/en/docs: ``current=`` with ``precipitation``
in mm of the preceding ``interval`` seconds and ``temperature_2m`` in °C), which can also be run on one's own machine.
Nothing is sent but the coordinates of the station, and only to the address that the settings name.
"""

import time
from datetime import UTC, datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from urllib3.exceptions import HTTPError

from models.patrol import Observation, Patrols
from models.spots import Spot

PATIENCE: Final = 10.0
"""Seconds until an answer must be there, whole."""
LARGEST: Final = 100_000
"""Bytes of an answer that are read."""


class WeatherAwayError(Exception):
    """The provider did not answer, or not with the weather; says which, never more than its code."""


class NoAnswerError(WeatherAwayError):
    """Nobody answered, or not in time or not whole; whoever asks for the next place would only wait again."""


class Provider(Protocol):
    """Whoever knows the weather."""

    def now(self, spot: Spot, rule: Patrols) -> Observation:
        """Return the weather at a place as it is.

        Raises:
            WeatherAwayError: it cannot be had.
        """


class _Current(BaseModel):
    model_config = ConfigDict(extra="ignore")

    time: int = Field(gt=0)
    interval: int = Field(default=3600, ge=60, le=86_400)
    precipitation: float = Field(ge=0, le=500)
    temperature_2m: float | None = Field(default=None, ge=-90, le=70)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    current: _Current


class OpenMeteo:
    """A provider that answers as Open-Meteo does.

    Args:
        url: its address, as ``https://api.open-meteo.com/v1/forecast``.
    """

    def __init__(self, url: str) -> None:
        """Keep the address; nothing is asked yet."""
        self.url = url
        self.name = urlsplit(url).hostname or ""

    def now(self, spot: Spot, rule: Patrols) -> Observation:
        """Return the weather at a place as it is; see ``Provider``."""
        asked = {
            "latitude": f"{spot.latitude:.4f}",
            "longitude": f"{spot.longitude:.4f}",
            "current": "precipitation,temperature_2m",
            "timeformat": "unixtime",
            "timezone": "GMT",
        }
        try:
            body = self._body(asked)
        except (requests.RequestException, HTTPError, OSError, ValueError) as fault:
            # What `requests` does not translate of `urllib3` comes as it is, some of it as a ValueError.
            raise NoAnswerError(type(fault).__name__) from None
        try:
            seen = _Answer.model_validate_json(body).current
            at = datetime.fromtimestamp(seen.time, UTC)
        except (ValidationError, OverflowError, ValueError, OSError):
            raise WeatherAwayError("not_the_weather") from None
        mm = round(seen.precipitation * 3600 / seen.interval, 2)
        sky = rule.sky(mm, seen.temperature_2m)
        return Observation(at=at, sky=sky, source=self.name[:60], mm=min(mm, 500.0))

    def _body(self, asked: dict[str, str]) -> bytes:
        end, body = time.monotonic() + PATIENCE, bytearray()
        with requests.Session() as session:
            # Else the desk's own passwords (~/.netrc) would go to the provider.
            session.trust_env = False
            with session.get(self.url, params=asked, timeout=PATIENCE, stream=True, allow_redirects=False) as answer:
                if answer.status_code != requests.codes.ok:
                    raise WeatherAwayError(f"http_{answer.status_code}")
                # Byte by byte, for a larger read waits until all of it is there, however slowly it comes.
                for each in answer.iter_content(1):
                    body += each
                    if len(body) > LARGEST:
                        break
                    if time.monotonic() > end:
                        raise NoAnswerError("too_slow")
        return bytes(body)
