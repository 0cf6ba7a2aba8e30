"""What a look at something found, in both languages, with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from adapters import SetupError

Twofold = tuple[str, str]
"""A sentence in Chinese, and in English."""
NOTHING: Twofold = ("", "")


class State(StrEnum):
    """How something is."""

    WELL = "well"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One of them: the check's name, how it is, what was found, and what to do."""

    check: str
    name: Twofold
    state: State
    said: Twofold
    do: Twofold = NOTHING


@dataclass(frozen=True)
class Check:
    """Something that is looked at, by name."""

    id: str
    name: Twofold

    def well(self, zh: str, en: str) -> Finding:
        """It is as it should be."""
        return Finding(self.id, self.name, State.WELL, (zh, en))

    def warn(self, said: Twofold, do: Twofold) -> Finding:
        """It works, and somebody should look."""
        return Finding(self.id, self.name, State.WARN, said, do)

    def bad(self, said: Twofold, do: Twofold = NOTHING) -> Finding:
        """It does not work."""
        return Finding(self.id, self.name, State.BAD, said, do)

    def fault(self, fault: SetupError, do: Twofold = NOTHING) -> Finding:
        """It does not work, and its own sentence says why, mostly also what to do."""
        return self.bad((fault.zh, fault.en), do)
