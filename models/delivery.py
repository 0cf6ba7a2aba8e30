"""What the case knows of its letters: which one did not arrive, and what became of each, from the events."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from models.base import Frozen, Line, Said, Word
from models.vocabulary import Fate

if TYPE_CHECKING:
    from models.event import Recorded

NOT_CHASED = frozenset({"delivery_notice", "dispatch_notice"})
"""Forms that tell of another letter's failure: were they chased in turn, a broken post would never come to rest. Nor
is the notice that a meeting's pack is there: it stands on the page."""
_ID = re.compile(r".+#(?P<seq>[0-9]{1,9})\.(?P<place>[0-9]{1,4})\.letter", re.DOTALL)


def letter_number(letter: str) -> str:
    """Return a letter's number within its case: its event's, and its place where the event had several.

    ``XF2026000001#2.1.letter`` is number ``2``, ``XF2026000001#2.3.letter`` is ``2-3``; what is no letter's id is
    returned as it is.
    """
    found = _ID.fullmatch(letter)
    if found is None:
        return letter
    return found["seq"] if found["place"] == "1" else f"{found['seq']}-{found['place']}"


class LetterRef(Frozen):
    """Which letter: its id (that of its first sending), its form, and whom it is for."""

    letter: Said
    template: Word
    to: Word

    @property
    def number(self) -> str:
        """Its number within the case."""
        return letter_number(self.letter)


class Unsettled(LetterRef):
    """A letter that did not arrive (``failed``), of which nobody knows, or that is on its way ``again``; and why."""

    fate: Fate
    why: Line = ""


class LetterSeen(LetterRef):
    """A letter with what became of it last: by which channel, why, when (UTC), under which ids it was sent."""

    written_at: datetime
    fate: Fate = Fate.WAITING
    channel: str = ""
    why: str = ""
    at: datetime
    sendings: tuple[str, ...]


def letters_of(events: "Iterable[Recorded]") -> tuple[LetterSeen, ...]:
    """Return the letters of a case, the first one first, with what became of each, from its events in order."""
    found: dict[str, LetterSeen] = {}
    whose: dict[str, str] = {}
    for recorded in events:
        for name, reaction in zip(recorded.reaction_ids(), recorded.event.reactions, strict=True):
            if reaction.letter is None:
                continue
            letter = whose[name] = reaction.again or name
            if reaction.again:
                told = found[letter]
                found[letter] = _now(told, recorded, Fate.AGAIN, sendings=(*told.sendings, name))
            else:
                found[letter] = LetterSeen(
                    letter=letter,
                    template=reaction.letter,
                    to="、".join(reaction.to),
                    written_at=recorded.recorded_at,
                    at=recorded.recorded_at,
                    sendings=(name,),
                )
        said = recorded.event.said
        if (letter := whose.get(str(said.get("reaction")), "")) and found[letter].fate is not Fate.SETTLED:
            fate = Fate.of(str(said.get("fate") or ("tray" if said["outcome"] == "done" else said["outcome"])))
            found[letter] = _now(found[letter], recorded, fate)
        elif "how" in said:
            wanted = str(said["letter"])
            for each in found.values():
                if wanted in {each.letter, each.number}:
                    found[each.letter] = _now(each, recorded, Fate.SETTLED)
    return tuple(found.values())


def _now(letter: LetterSeen, recorded: "Recorded", fate: Fate, **more: object) -> LetterSeen:
    said = recorded.event.said
    told = {"channel": str(said.get("by_channel", "")), "why": str(said.get("why") or said.get("how") or "")}
    return letter.model_copy(update={"fate": fate, "at": recorded.recorded_at, **told, **more})
