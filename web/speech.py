"""How the console says a sentence in its reader's language; the sentences are in `web.phrases`."""

from typing import Final

from web.phrases import ENGLISH

ZH: Final = 0
EN: Final = 1


def t(key: str, lang: int, **values: object) -> str:
    """Return one of the console's sentences in a language.

    Raises:
        KeyError: nobody has written it in English yet.
    """
    english = ENGLISH[key]
    return (english if lang == EN else key).format(**values)
