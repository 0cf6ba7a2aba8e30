"""What every command is: a form whose name, in snake case and in both languages, comes from its class."""

import re
from typing import ClassVar

from models.base import Frozen


class Command(Frozen):
    """Something asked of a case: named as its class in snake case, ``zh`` and ``en`` stand on the button."""

    name: ClassVar[str] = ""
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""

    def __init_subclass__(cls, zh: str, en: str) -> None:
        """Name the command by its class."""
        super().__init_subclass__()
        cls.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        cls.zh, cls.en = zh, en
