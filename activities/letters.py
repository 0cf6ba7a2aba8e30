"""The activity that delivers letters: into a tray on disk, each exactly once.

The tray is the outgoing post of the desk's printer; channels that reach people directly come beside it. A letter's
file is linked into place under its reaction's id: a second delivery finds it there and changes nothing.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from temporalio import activity

from activities.discreet import discreet
from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters import queries
from adapters.door import Door
from adapters.sealed import Sealer, SealError
from models.case import Case
from models.event import Reaction, Recorded
from models.facts import Facts
from models.letters import rendered
from models.lifecycle import PETITIONER
from models.refusals import NotPending

log = structlog.get_logger()


@dataclass(frozen=True)
class Tray:
    """The folder letters are laid into; only its owner may look."""

    folder: Path

    def lay(self, name: str, text: str) -> bool:
        """Lay a letter into the tray; return whether it was new."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self.folder / f"{name.replace('#', '_').replace('/', '_')}.txt"
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # A link never replaces what is there: of two that deliver at once, one letter lies in the tray.
            os.link(temporary, place)
        except FileExistsError:
            return False
        finally:
            Path(temporary).unlink()
        return True

    def activities(self, door: Door, sealer: Sealer) -> "Letters":
        """Return the activity that delivers into this tray."""
        return Letters(door, sealer, self)


class Letters:
    """Delivers letters."""

    def __init__(self, door: Door, sealer: Sealer, tray: Tray) -> None:
        """Keep the door, the seal (for the petitioner's address) and the tray."""
        self.door, self.sealer, self.tray = door, sealer, tray

    @activity.defn
    @discreet
    def deliver(self, call: ReactionCall) -> Facts:
        """Write the letter, lay it into the tray once, and record that it went out."""
        recorded, reaction = queries.reaction(self.door.database, call.reaction)
        case = queries.folded_until(self.door.database, call.case, recorded.seq)
        new = self.tray.lay(call.reaction, self._text(case, recorded, reaction))
        log.info("letter", case=call.case, reaction=call.reaction, letter=reaction.letter, new=new)
        done = outcome(call, "done", reaction.letter or "")
        try:
            (receipt,) = self.door.perform([done], trusted=True, answering=call.case)
        except NotPending:
            return queries.facts(self.door, call.case)
        return receipt.facts

    def _text(self, case: Case, recorded: Recorded, reaction: Reaction) -> str:
        people = [self._address(case) if name == PETITIONER else self._name(name) for name in reaction.to]
        policy = self.door.book.world.policies[case.policy]
        return rendered(reaction.letter or "", case, recorded, "、".join(people), policy)

    def _name(self, name: str) -> str:
        organisation = self.door.book.world.organisation
        person = organisation.person(name) if organisation else None
        return person.name if person else name

    def _address(self, case: Case) -> str:
        for ref in case.sealed:
            try:
                secret = self.sealer.open(self.door.database, ref) or {}
            except SealError:
                # A key that was destroyed on purpose must not hold the letter up for ever.
                log.warning("seal_does_not_open", case=case.id)
                continue
            if name := secret.get("petitioner"):
                return " ".join(filter(None, (name, secret.get("contact", ""))))
        return "信访人"
