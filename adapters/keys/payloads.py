"""The data keys of what Temporal holds: one at a time is current, the older ones open what they shut before.

Their ids are numbered, so that the newest is the last one, and end in letters of chance: a keystore that was begun anew
never gives another key the id of a lost one.
"""

import secrets
import threading
from typing import Final

import sqlalchemy as sa

from adapters.keys.ring import KEY_BYTES
from adapters.keys.store import DataKey, DestroyedError, Keystore, NewKey
from adapters.keys.tables import data_keys

SORT: Final = "payload"
DIGITS: Final = 6


def newest(keys: Keystore) -> str | None:
    """Return the id of the current key, None where none was ever made.

    Raises:
        SealError: the keystore cannot be used.
        DatabaseAwayError: it does not answer.
    """
    keys.ready()
    query = sa.select(sa.func.max(data_keys.c.id)).where(data_keys.c.sort == SORT)
    with keys.database.reading() as connection:
        found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def renew(keys: Keystore) -> str:
    """Make the next key and return its id; whoever shuts something uses it from the next look on.

    Raises:
        SealError: the current wrapping key is not on this machine.
        DatabaseAwayError: the keystore does not answer.
    """
    number = int((newest(keys) or f"{SORT}-0").split("-")[1]) + 1
    made = NewKey(f"{SORT}-{number:0{DIGITS}}-{secrets.token_hex(4)}", SORT, DataKey(secrets.token_bytes(KEY_BYTES)))
    keys.keep([made])
    return made.id


class PayloadKeys:
    """The keys of one keystore's payloads, each read once."""

    def __init__(self, keys: Keystore) -> None:
        """Keep the keystore."""
        self.keys = keys
        self._opened: dict[str, DataKey] = {}
        self._making = threading.Lock()

    def __repr__(self) -> str:
        """Never show a key."""
        return "PayloadKeys(…)"

    def current(self) -> tuple[str, DataKey]:
        """Return the current key with its id, making the first one.

        Raises:
            SealError: a wrapping key is not on this machine.
            DatabaseAwayError: the keystore does not answer.
        """
        with self._making:
            name = newest(self.keys) or renew(self.keys)
        return name, self.find(name)

    def known(self, name: str) -> DataKey | None:
        """Return a key that was read before."""
        return self._opened.get(name)

    def find(self, name: str) -> DataKey:
        """Return a key by its id.

        Raises:
            DestroyedError: the keystore has no such key, or it is no payload's.
            SealError: its wrapping key is not on this machine.
            DatabaseAwayError: the keystore does not answer.
        """
        if not name.startswith(f"{SORT}-"):
            # Ids come from outside: they name keys of payloads, never another thing's.
            raise DestroyedError
        if name not in self._opened:
            self._opened[name] = self.keys.find(name)
        return self._opened[name]
