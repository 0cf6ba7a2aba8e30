"""What the log of heads holds: one leaf for each head that a chain had when a root was made.

A leaf is a line of canonical JSON that names the chain, the number of its latest entry and that entry's hash, and with
it everything before. The newest leaf of a chain is its head at the newest root. The log's own affairs are leaves as
well: a key that begins or ends, a restore after which it went on from an earlier size.
"""

import hashlib
from typing import Final, NamedTuple

from models.canonical import canonical
from models.merkle import leaf_hash
from models.vocabulary import Term

EVERY: Final = 4
"""Every so-manieth level of the tree is kept beside the leaves."""


class Sort(Term):
    """What a leaf is about."""

    CASE = "case", "案件", "case"
    ACCESS = "access", "访问日志", "access log"
    KEY = "key", "签名密钥", "signing key"
    FORK = "fork", "分叉", "fork"


class Leaf(NamedTuple):
    """A chain's head: of which sort and chain, the number of its latest entry, that entry's hash (hex).

    Of a key it is the public key (hex), 1 where it begins or 2 where it ends, its SHA-256. Of a fork it is the origin,
    the size and the root of the newest checkpoint that was abandoned.
    """

    kind: str
    chain: str
    seq: int
    hash: str

    @property
    def data(self) -> bytes:
        """The bytes whose hash stands in the tree."""
        return canonical(self._asdict()).encode()

    @property
    def digest(self) -> bytes:
        """The leaf's hash in the tree."""
        return leaf_hash(self.data)


BEGAN: Final = 1
ENDED: Final = 2


def leaf_of_key(public: bytes, deed: int) -> Leaf:
    """Return the leaf that says of a public key that it begins (``BEGAN``) or ends (``ENDED``)."""
    return Leaf(Sort.KEY.value, public.hex(), deed, hashlib.sha256(public).hexdigest())
