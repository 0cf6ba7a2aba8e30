"""The sealed store: who complained and in which words, encrypted; nothing of it enters an event, a signal or a log.

AES-256-GCM with a data key for each envelope; the key lies in the keystore (``adapters.keys``), what it shut here.
Destroying a data key destroys what it sealed; the chain still verifies.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from adapters.database import Database
from adapters.keys.people import Known, tokens_of
from adapters.keys.ring import Ring, SealError
from adapters.keys.store import DataKey, DestroyedError, Keystore, NewKey
from adapters.settings import Settings
from adapters.tables import sealed

# Read aloud over the telephone: without 0/O, 1/I/L, and without U so that no word comes out.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
SEAL = "seal"
"""What the keystore calls the keys of this store."""

__all__ = ["DataKey", "DestroyedError", "NewKey", "SealError", "Sealed", "Sealer", "keep_keys", "sealer_of"]


@dataclass(frozen=True)
class Sealed:
    """A secret, shut: its name, its key that is kept nowhere yet, and the keystore it belongs into."""

    ref: str
    ciphertext: bytes = field(repr=False)
    key: NewKey
    keystore: Keystore
    tokens: tuple[str, ...] = field(default=(), repr=False)
    """What whoever complained is known by again (``adapters.keys.people``)."""

    def row(self) -> dict[str, object]:
        """Return the row that holds it, but for the moment."""
        return {"ref": self.ref, "key_id": self.key.id, "ciphertext": self.ciphertext}


def keep_keys(secrets: Sequence[Sealed]) -> None:
    """Keep the keys of secrets, in one transaction: before the rows that they shut are committed.

    It does not wait for a keystore that is away: whoever asks holds the ledger meanwhile.
    """
    for keystore in {each.keystore for each in secrets}:
        mine = [each for each in secrets if each.keystore is keystore]
        known = [Known(each.key.id, token, each.ref) for each in mine for token in each.tokens]
        keystore.keep([each.key for each in mine], known, patient=False)


class Sealer:
    """Seals and opens, with the keys of one keystore."""

    def __init__(self, keys: Keystore) -> None:
        """Keep the keystore."""
        self.keys = keys

    def __repr__(self) -> str:
        """Never show a key."""
        return "Sealer(…)"

    def ref(self, envelope: str) -> str:
        """Return the name under which an envelope's secret is kept: the same for the same envelope, telling nothing."""
        return "s" + hmac.new(self.keys.naming(), f"ref:{envelope}".encode(), hashlib.sha256).hexdigest()[:30]

    def query_code(self, case: str) -> str:
        """Return the code with which a petitioner asks after a case: made from the key, so it is stored nowhere."""
        made = hmac.new(self.keys.naming(), f"query:{case}".encode(), hashlib.sha256).digest()
        number = int.from_bytes(made, "big")
        letters = []
        for _ in range(CODE_LENGTH):
            number, place = divmod(number, len(CODE_LETTERS))
            letters.append(CODE_LETTERS[place])
        return "".join(letters)

    def new_key(self, sort: str) -> NewKey:
        """Make a data key and keep it; return it with its id. What it shuts is written after this."""
        made = NewKey.made(sort)
        self.keys.keep([made])
        return made

    def open_key(self, key_id: str) -> DataKey:
        """Return a data key.

        Raises:
            DestroyedError: it was destroyed.
            SealError: its wrapping key is not on this machine, or it was altered.
        """
        return self.keys.find(key_id)

    def destroy(self, *ids: str) -> int:
        """Destroy data keys for good; return how many were there."""
        return self.keys.destroy(ids)

    def seal(self, ref: str, secret: dict[str, str]) -> Sealed:
        """Return a secret shut; nothing is kept yet: the door does, in its own moment."""
        key = NewKey.made(SEAL)
        plain = json.dumps(secret, ensure_ascii=False, sort_keys=True).encode()
        return Sealed(ref, key.key.shut(plain, ref), key, self.keys, tokens_of(self.keys.naming(), secret))

    def open(self, database: Database, ref: str) -> dict[str, str] | None:
        """Return a secret, or None if there is none of that name.

        Raises:
            DestroyedError: its key was destroyed.
            SealError: it was sealed with another key, or altered.
        """
        with database.reading() as connection:
            row = connection.execute(sa.select(sealed).where(sealed.c.ref == ref)).one_or_none()
        if row is None:
            return None
        try:
            opened: dict[str, str] = json.loads(self.open_key(row.key_id).open(row.ciphertext, ref))
        except (InvalidTag, ValueError):
            zh, en = "密封内容无法打开：密钥不符或内容被改动", "The seal does not open: wrong key or altered"
            raise SealError(zh, en) from None
        return opened


def sealer_of(settings: Settings, database: Database, *, patience: float | None = None) -> Sealer:
    """Return the sealer of an installation; its keystore is opened when it is first needed."""
    ring = Ring(settings.data, settings.wrapping_key)
    return Sealer(Keystore(settings.keys_url, ring, database, patience=patience or database.patience))
