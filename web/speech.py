"""How the console says a sentence in its reader's language; the sentences are in `web.phrases`."""

from typing import Final

from web.phrases import ENGLISH
from web.singular import ONE

ZH: Final = 0
EN: Final = 1


def t(key: str, lang: int, **values: object) -> str:
    """Return one of the console's sentences in a language.

    Raises:
        KeyError: nobody has written it in English yet.
    """
    english = ONE[key] if values.get("n") == 1 and key in ONE else ENGLISH[key]
    return (english if lang == EN else key).format(**values)
