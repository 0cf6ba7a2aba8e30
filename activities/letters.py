"""The activity that delivers letters: a copy into the tray, then by the channel that the post book names.

Three ends are told apart: the other side took it (or it lies in the tray to be printed), it certainly did not arrive,
or nobody knows. Only a letter that certainly did not arrive is tried again, by Temporal, for a day. Every try of a
letter bears the same id, so that a receiver can drop the repeat that a killed worker may cause.
"""

import contextvars
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.discreet import discreet
from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters import queries
from adapters.database import DatabaseAwayError
from adapters.desk import world_now
from adapters.door import Door
from adapters.letters.docx import as_docx
from adapters.letters.forms import FormError
from adapters.letters.tray import Tray
from adapters.letters.writing import Sending, sending
from adapters.observing import tracing
from adapters.post.answer import Answer, Message, later, never
from adapters.post.book import IN_THE_TRAY, PostBook, PostBookError, Route, open_book
from adapters.post.others import NOT_SAID
from adapters.post.sending import send
from adapters.sealed import Sealer
from models.case import Case
from models.delivery import LetterRef
from models.envelope import Envelope
from models.facts import Facts
from models.lifecycle import PETITIONER
from models.organisation import Organisation
from models.refusals import NotPending
from models.vocabulary import Fate
from models.world import World

log = structlog.get_logger()

GIVE_UP: Final = timedelta(days=1)
"""How old a letter is, by the desk's clock, when trying ends and people take over: the clock of its delivery is as long
as a working day, and a mail server that is away is usually back within one."""
TRIES: Final = 3
"""So often it is tried at least, however old it is: after an outage everything is old."""
FIRST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
"""How long Temporal waits after the first try, and at most."""
AT_ONCE: Final = 8
"""Letters under way at once. The other threads of a worker are for the clock, whatever a mail server does."""
BUSY, LONGEST_BUSY = timedelta(seconds=2), timedelta(minutes=1)
RECORDING: Final = 20.0
"""Seconds a known outcome waits for a database that is away."""
BEAT: Final = 2.0
"""Seconds between two signs of life, so that a killed worker's letter is soon taken up by another."""


class Letters:
    """Delivers letters."""

    def __init__(self, door: Door, sealer: Sealer, tray: Tray, data: Path | None = None) -> None:
        """Keep the door, the seal (for the petitioner's address), the tray, and the folder of the post book.

        Without a folder every letter stays in the tray.
        """
        self.door, self.sealer, self.tray, self.data = door, sealer, tray, data
        self.turns = threading.BoundedSemaphore(AT_ONCE)

    # The outcome of a letter must not be lost to an exception thrown into the thread that hears it.
    @activity.defn(no_thread_cancel_exception=True)
    @discreet
    def deliver(self, call: ReactionCall) -> Facts:
        """Write the letter, keep a copy, send it where the post book says so, and record what became of it."""
        case = queries.case(self.door.database, call.case)
        if call.reaction not in case.pending:
            return self.door.facts(case)
        problem, book = self._book()
        with self._turn(book):
            return self._delivered(call, case, book, problem=problem)

    def _delivered(self, call: ReactionCall, case: Case, book: PostBook, *, problem: bool) -> Facts:
        # Another process may have changed who there is, and this one not have seen to anything since.
        world = world_now(self.door)
        order = queries.ordered(self.door.database, call.reaction)
        ref = order.ref
        if barred(case, world.organisation, ref.to):
            # Named, or found to have an interest, after the letter was written (信访工作条例, arts. 28 and 30).
            return self._record(call, ref, never("party"))
        with tracing.span("letter", case=call.case, reaction=call.reaction, template=ref.template) as span:
            route, answer = self._handed_over(call, order, world, book, problem=problem)
            span.say(fate=str(answer.fate), channel=route.name)
        if answer.again and not self._too_old(call):
            self._try_again(call, answer)
        return self._record(call, ref, answer, route)

    def _handed_over(
        self, call: ReactionCall, order: queries.Ordered, world: World, book: PostBook, *, problem: bool
    ) -> tuple[Route, Answer]:
        database, name = self.door.database, call.reaction
        try:
            letter = sending(database, world, self.sealer, name, opened=True, language=book.language, order=order)
        except FormError:
            return IN_THE_TRAY, later("form")
        docx = as_docx(letter.written) if letter.written.paper else None
        new = self.tray.lay(call.reaction, letter.written.text(), docx)
        log.info("letter", case=call.case, reaction=call.reaction, letter=letter.ref.template, new=new)
        if problem:
            return IN_THE_TRAY, later("post_book")
        route = IN_THE_TRAY if letter.to_several else way(book, world.organisation, letter)
        if route.channel is None:
            return route, Answer(Fate.TRAY)
        if activity.info().is_local:
            # Somebody else's server is waited for where the waiting holds nothing up.
            raise ApplicationError("deliver: by a channel", type="Channel", category=ApplicationErrorCategory.BENIGN)
        with signs_of_life():
            return route, send(route, message_of(letter, docx), book.patience)

    def _book(self) -> tuple[bool, PostBook]:
        """Return whether the post book is broken, and the book; a broken one sends nothing until it is mended."""
        if self.data is None:
            return False, PostBook()
        try:
            return False, open_book(self.data)
        except PostBookError:
            return True, PostBook()

    @contextmanager
    def _turn(self, book: PostBook) -> Iterator[None]:
        """Wait for nobody: where enough letters are under way to channels, this one comes again a little later."""
        if not book.channels:
            yield
            return
        if not self.turns.acquire(blocking=False):
            delay = min(BUSY * activity.info().attempt, LONGEST_BUSY)
            raise _later("Busy", "others are under way", delay)
        try:
            yield
        finally:
            self.turns.release()

    def _too_old(self, call: ReactionCall) -> bool:
        recorded, _ = queries.reaction(self.door.database, call.reaction)
        return activity.info().attempt >= TRIES and self.door.moments.now() - recorded.recorded_at >= GIVE_UP

    def _try_again(self, call: ReactionCall, answer: Answer) -> None:
        tries = activity.info().attempt
        log.warning("letter_not_delivered", case=call.case, reaction=call.reaction, why=answer.why, tries=tries)
        if meters := self.door.meters:
            meters.letters["again"].inc()
        delay = min(FIRST * 2 ** min(tries - 1, 16), LONGEST)
        raise _later("NotDelivered", answer.why, delay)

    def _record(self, call: ReactionCall, ref: LetterRef, answer: Answer, route: Route = IN_THE_TRAY) -> Facts:
        fate = Fate.UNKNOWN if answer.why == NOT_SAID else answer.fate
        done = fate in {Fate.SENT, Fate.TRAY}
        if meters := self.door.meters:
            meters.letters[str(fate)].inc()
        envelope = outcome(
            call,
            "done" if done else str(fate),
            ref.template,
            # A letter that arrived at once needs no further telling: its event says which one it is.
            letter=ref.model_dump(mode="json") if not done or ref.letter != call.reaction else None,
            fate=str(fate),
            by_channel=route.name,
            why=answer.why,
        )
        if not done:
            log.warning("letter_lost", case=call.case, reaction=call.reaction, fate=str(fate), why=answer.why)
        with signs_of_life():
            return self._kept(call, envelope)

    def _kept(self, call: ReactionCall, envelope: Envelope) -> Facts:
        """Record the outcome, however long the database takes: what was heard once would be sent anew otherwise."""
        deadline = time.monotonic() + RECORDING
        while True:
            try:
                (receipt,) = self.door.perform([envelope], trusted=True, answering=call.case)
            except NotPending:
                return queries.facts(self.door, call.case)
            except DatabaseAwayError:
                if time.monotonic() > deadline:
                    raise
            else:
                return receipt.facts


def _later(kind: str, why: str, delay: timedelta) -> ApplicationError:
    """Return what tells Temporal to try again; it is what happens to letters, and no fault of ours to trace."""
    return ApplicationError(
        f"deliver: {why}", type=kind, next_retry_delay=delay, category=ApplicationErrorCategory.BENIGN
    )


def barred(case: Case, organisation: Organisation | None, to: str) -> bool:
    """Tell whether somebody may not hear of a case: they are complained about, or have an interest in it."""
    person = organisation.person(to) if organisation else None
    return to in case.named or bool(person and case.parties & set(person.interests))


def way(book: PostBook, organisation: Organisation | None, letter: Sending) -> Route:
    """Return the way of a letter."""
    if letter.ref.to == PETITIONER:
        return book.route_to_petitioner(letter.contact)
    return book.route(organisation, letter.ref.to)


def message_of(letter: Sending, docx: bytes | None) -> Message:
    """Return a letter as channels take it."""
    return Message(
        id=letter.message_id,
        case=letter.case,
        number=letter.written.number,
        title=letter.written.title,
        text=letter.written.text(),
        to=letter.ref.to,
        at=letter.at,
        docx=docx,
    )


@contextmanager
def signs_of_life() -> Iterator[None]:
    """Tell Temporal every few seconds that this worker lives, while the activity waits for somebody else's server."""
    done = threading.Event()
    context = contextvars.copy_context()

    def beat() -> None:
        while not done.wait(BEAT):
            context.run(activity.heartbeat)

    thread = threading.Thread(target=beat, name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
