"""What a command may end with: the exit codes, and the mistake of whoever typed it."""

from typing import Final

from models.commands import Command

DONE: Final = 0
REFUSED: Final = 1
"""The desk said no, and why; nothing was changed. Also: what was checked does not hold."""
USAGE: Final = 2
"""The command was not understood, or a field is not right."""
AWAY: Final = 3
"""The database, or the engine's own set-up, cannot be reached."""
BUG: Final = 4
"""Our mistake; the log file holds the details."""
INTERRUPTED: Final = 130
"""Ctrl-C, as every shell reports it."""


class UsageProblem(Exception):  # noqa: N818 - the person's mistake, not an error of the program
    """Something typed that cannot be used, with the sentence in both languages.

    ``field`` names what is wrong; with ``command`` its form is shown below the sentence.
    """

    def __init__(self, zh: str, en: str, *, field: str | None = None, command: type[Command] | None = None) -> None:
        """Keep the sentence, and what it is about."""
        super().__init__(en)
        self.zh, self.en, self.field, self.command = zh, en, field, command
