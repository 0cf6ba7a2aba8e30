"""The tray: a folder that keeps a copy of every letter, and the outgoing post of the desk's printer."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tray:
    """The folder letters are laid into; only its owner may look."""

    folder: Path

    def lay(self, name: str, text: str, docx: bytes | None = None) -> bool:
        """Lay a letter into the tray, as text and maybe as DOCX beside it; return whether it was new.

        The file bears its sending's id: a second delivery finds it there and changes nothing. The text comes last:
        where it lies, the letter is whole.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        plain = name.replace("#", "_").replace("/", "_")
        if docx is not None:
            self._lay(self.folder / f"{plain}.docx", docx)
        return self._lay(self.folder / f"{plain}.txt", text.encode())

    def take_away(self, name: str) -> bool:
        """Take a letter out of the tray for good; return whether it lay there."""
        plain = name.replace("#", "_").replace("/", "_")
        there = [path for path in (self.folder / f"{plain}.txt", self.folder / f"{plain}.docx") if path.exists()]
        for path in there:
            path.unlink(missing_ok=True)
        return bool(there)

    def _lay(self, place: Path, content: bytes) -> bool:
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A link never replaces what is there: of two that deliver at once, one letter lies in the tray.
            os.link(temporary, place)
        except FileExistsError:
            return False
        finally:
            Path(temporary).unlink()
        return True
