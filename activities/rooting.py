"""The activities that make a day's root and bring it to its witnesses."""

from pathlib import Path

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.discreet import discreet
from activities.signatures import RootAnswer, WitnessCall
from adapters.door import Door
from adapters.roots.delivering import deliver, witnesses
from adapters.roots.making import make
from adapters.roots.witness import Witness
from models.vocabulary import Fate

log = structlog.get_logger()


class Rooting:
    """Makes roots."""

    def __init__(self, door: Door, data: Path | None, folder: Path | None = None) -> None:
        """Keep the door, the data folder with the key and the post book, and the witness's folder."""
        self.door, self.data, self.folder = door, data, folder

    @activity.defn
    @discreet
    def make_root(self) -> RootAnswer:
        """Sign a root over everything that is there."""
        root = make(self.door.database, self._data(), self.door.moments.now(), self.folder)
        log.info("root_made", size=root.size)
        return RootAnswer(size=root.size, witnesses=tuple(each.value for each in witnesses(self._data(), self.folder)))

    @activity.defn
    @discreet
    def witness_root(self, call: WitnessCall) -> bool:
        """Bring a root to a witness; where it certainly did not arrive and later may, this fails and comes again."""
        which = Witness.of(call.witness)
        found = deliver(self.door.database, self._data(), call.size, which, self.folder)
        if found.fate is Fate.FAILED:
            log.warning("root_not_delivered", size=call.size, witness=call.witness, why=found.why, tries=found.attempts)
            raise ApplicationError(
                f"witness_root: {found.why}", type="NotDelivered", category=ApplicationErrorCategory.BENIGN
            )
        return found.fate in {Fate.SENT, Fate.UNKNOWN}

    def _data(self) -> Path:
        if self.data is None:
            raise ApplicationError("no data folder", non_retryable=True)
        return self.data
