"""Pages in traditional characters (繁體): the Chinese page as it is made, converted by OpenCC for reading only.

What would be sent back stays as it was written: values, texts in boxes, addresses. Names and places in the text are
converted by rule and may be wrong (范 is also a surname); the page says so, and papers and exports are never converted.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

_PARTS: Final = re.compile(r"(<(?:script|style|textarea)\b.*?</(?:script|style|textarea)>|<[^>]*>)", re.DOTALL)
"""Splits a page into what is text (even places) and what is not."""
_SHOWN: Final = re.compile(r'( (?:aria-label|title|placeholder|alt|content|data-[a-z]+)=")([^"]*)(?=")')
"""Attributes whose text is read by people; ``value`` is not among them."""
_MARK: Final = "\x1e"
"""Parts one text from the next while all are converted at once; nobody's text may hold it."""


@cache
def _converter() -> "OpenCC":
    # Sixty milliseconds and ten megabytes that nobody else needs.
    from opencc import OpenCC

    return OpenCC("s2t")


def traditional(html: str) -> str:
    """Return a page with its text in traditional characters; what is no text is left alone."""
    parts = _PARTS.split(html.replace(_MARK, ""))
    texts: list[str] = [_MARK.join(parts[::2])]
    for place in range(1, len(parts), 2):
        if not parts[place].startswith(("<script", "<style", "<textarea")):
            texts += [found[2] for found in _SHOWN.finditer(parts[place])]
    told = _converter().convert(_MARK.join(texts)).split(_MARK)
    text, rest = told[: (len(parts) + 1) // 2], iter(told[(len(parts) + 1) // 2 :])
    parts[::2] = text
    for place in range(1, len(parts), 2):
        if not parts[place].startswith(("<script", "<style", "<textarea")):
            parts[place] = _SHOWN.sub(lambda found: found[1] + next(rest), parts[place])
    return "".join(parts)
