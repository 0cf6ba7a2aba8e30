"""Text as it is compared: however it was typed, the same words are the same characters."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


@lru_cache(maxsize=1)
def _simplifier() -> "OpenCC":
    # Loaded only where text is compared: listing cases needs none of it.
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text in half-width, small and simplified characters (Unicode's NFKC; OpenCC's ``t2s``).

    What it stands for stays as long: nothing is left out, blanks and punctuation stand where they stood.
    """
    half = unicodedata.normalize("NFKC", text).casefold()
    return half if half.isascii() else str(_simplifier().convert(half))
