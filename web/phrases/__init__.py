"""The console's words, a file for each group of pages: the Chinese sentence is the key, the English one beside it."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Final


def _all_of_them() -> dict[str, str]:
    found: dict[str, str] = {}
    for module in iter_modules(__path__):
        words: dict[str, str] = import_module(f"{__name__}.{module.name}").ENGLISH
        if twice := found.keys() & words.keys():
            raise ValueError(f"written twice: {sorted(twice)}")
        found |= words
    return found


ENGLISH: Final = _all_of_them()
