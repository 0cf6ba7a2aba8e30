"""What happens, as it happens: one reader of the ledger for all who listen, each hearing of the cases they may see.

Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): a browser that lost the line comes
again with the last id it had and hears what it missed. An event says case, number, name and status; what was written
has to be asked for. It comes at least once: across processes the order is that of time, so it may come twice.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse

from adapters import SetupError
from adapters.access.tokens import Scope
from adapters.database import AWAY, DatabaseAwayError
from adapters.happening import OVERLAP, Happening, Place, cases_of, latest, since
from models.case import Case
from models.permissions import may_see
from models.refusals import Refused
from web.house import House, house_of
from web.people import NotAdmittedError, TooOftenError, Visitor, caller, require_scope, still

routes = APIRouter(prefix="/api/v1")
Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]

LOOK: Final = 0.5
"""Seconds between looks at the ledger while anybody listens, at most."""
GLANCE: Final = 0.05
"""Seconds between glances at whether anything was recorded since: one step in an index."""
BEAT: Final = 15.0
"""Seconds after which a line without events shows that it lives, and the listener's session is looked at again."""
MOST: Final = 500
"""Events that wait for one listener, or are told to one who comes again; beyond that they look at everything anew."""
RETRY: Final = 3000
"""Milliseconds after which a browser comes again."""
REMEMBERED: Final = 5000
ANEW: Final = "event: anew\ndata: {}\n\n"
TYPE: Final = "text/event-stream"


@dataclass(eq=False)
class Listener:
    """Somebody who listens, and what waits for them; ``news`` is set while anything does."""

    who: Visitor
    waiting: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, text: str) -> None:
        """Put something by for them; where too much waits, all of it gives way to a look at everything."""
        self.waiting = [ANEW] if len(self.waiting) >= MOST else [*self.waiting, text]
        self.news.set()

    def take(self) -> list[str]:
        """Return what waits, and let nothing wait any more."""
        taken, self.waiting = self.waiting, []
        self.news.clear()
        return taken


class Stream:
    """Reads the ledger for all who listen; does nothing while nobody does."""

    def __init__(self, house: House) -> None:
        """Keep the house."""
        self.house = house
        self.listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._seen: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._beginning = asyncio.Lock()
        self._from = house.desk.moments.now()
        self._newest: datetime | None = None

    def close(self) -> None:
        """End every line; may be called from any thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._closing.set()
        for listener in self.listeners:
            listener.news.set()

    async def lines(self, request: Request, who: Visitor, last: str) -> AsyncIterator[str]:
        """Yield what one listener hears, as it stands on the line."""
        mine = Listener(who)
        self.listeners.add(mine)
        try:
            async with self._beginning:
                if self._task is None or self._task.done():
                    await self._begin()
                    self._task = asyncio.create_task(self._read())
            yield f"retry: {RETRY}\n\n"
            for text in await self._missed(who, last):
                yield text
            beat = self._loop.time() + BEAT
            while True:
                # The line itself says that it ends: nothing that waits for two things has to be cancelled.
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(beat):
                        await mine.news.wait()
                if self._closing.is_set():
                    return
                if mine.news.is_set():
                    # All at once: each piece is a way through the server and its own write to the line.
                    yield "".join(mine.take())
                if self._loop.time() < beat:
                    continue
                # Also where there always is news: whoever was shut out does not listen on.
                now = await asyncio.to_thread(_still_in, request, mine.who)
                if now is None:
                    return
                mine.who = now  # roles, units and the world as they are by now
                beat = self._loop.time() + BEAT
                yield ": alive\n\n"
        finally:
            self.listeners.discard(mine)

    async def _missed(self, who: Visitor, last: str) -> list[str]:
        """Return what a listener missed since the last id they had."""
        place = Place.read(last) if last else None
        if place is None:
            return [ANEW] if last else []
        found = await asyncio.to_thread(since, self.house.desk.database, place.at, MOST + 1)
        if len(found) > MOST:
            return [ANEW]
        told = [each for each in found if each.place > place]
        cases = await asyncio.to_thread(cases_of, self.house.desk.database, [each.place.case for each in told])
        now = self.house.desk.moments.now()
        return [
            _text(each, cases[each.place.case])
            for each in told
            if each.place.case in cases and may_see(who.world, cases[each.place.case], who.actor, now)
        ]

    async def _read(self) -> None:
        while self.listeners and not self._closing.is_set():
            with suppress(DatabaseAwayError, *AWAY):  # away: the listeners wait, and hear what they missed
                await self._look()
            await self._rest()

    async def _rest(self) -> None:
        """Wait until something was recorded, or for as long as may pass between two looks."""
        end = self._loop.time() + LOOK
        while self.listeners and not self._closing.is_set() and self._loop.time() < end:
            await asyncio.sleep(min(GLANCE, LOOK))
            newest = await asyncio.to_thread(latest, self.house.desk.database)
            if newest != self._newest:
                self._newest = newest
                return

    async def _begin(self) -> None:
        """Note what there is already: whatever came before anybody listened is not news."""
        self._from = self.house.desk.moments.now()
        with suppress(DatabaseAwayError, *AWAY):
            for each in await asyncio.to_thread(since, self.house.desk.database, self._from - OVERLAP, REMEMBERED):
                self._remember(each.place)

    async def _look(self) -> None:
        database, now = self.house.desk.database, self.house.desk.moments.now()
        found = await asyncio.to_thread(since, database, self._from - OVERLAP, REMEMBERED)
        fresh = [each for each in found if (each.place.case, each.place.seq) not in self._seen]
        if not fresh:
            return
        cases = await asyncio.to_thread(cases_of, database, [each.place.case for each in fresh])
        for each in fresh:
            self._remember(each.place)
            self._from = max(self._from, each.place.at)
            case = cases.get(each.place.case)
            if case is None:
                continue
            text = _text(each, case)
            # What somebody may see takes longer than telling it, and many lines are one person's.
            told: dict[tuple[int, str], bool] = {}
            for listener in self.listeners:
                who = listener.who
                key = id(who.world), who.actor.model_dump_json()
                if key not in told:
                    told[key] = may_see(who.world, case, who.actor, now)
                if told[key]:
                    listener.tell(text)

    def _remember(self, place: Place) -> None:
        self._seen[place.case, place.seq] = None
        while len(self._seen) > REMEMBERED * 2:
            self._seen.popitem(last=False)


def _text(each: Happening, case: Case) -> str:
    told = {
        "case": case.id,
        "kind": case.kind.value,
        "seq": each.place.seq,
        "event": each.event,
        "at": str(each.place).partition("~")[0],
        "status": case.status.value,
    }
    return f"id: {each.place}\ndata: {json.dumps(told, separators=(',', ':'))}\n\n"


def _still_in(request: Request, who: Visitor) -> Visitor | None:
    """Return who listens, as they are by now; None where their session or token is no longer in force."""
    try:
        now = still(request)
        require_scope(house_of(request), now, Scope.READ)
    except (NotAdmittedError, Refused):
        return None
    except (SetupError, TooOftenError):
        return who  # the database is away, or other calls are too many: that is no reason to turn anybody out
    return now


@routes.get(
    "/events", response_class=StreamingResponse, responses={200: {"content": {TYPE: {"schema": {"type": "string"}}}}}
)
async def events(
    request: Request,
    house: At,
    who: Who,
    last: Annotated[str, Header(alias="Last-Event-ID", max_length=200)] = "",
) -> StreamingResponse:
    """Tell what happens to the cases the asker sees, as Server-Sent Events; ``Last-Event-ID`` goes on from there."""
    require_scope(house, who, Scope.READ)
    stream = getattr(request.app.state, "stream", None)
    if stream is None:
        stream = request.app.state.stream = Stream(house)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream.lines(request, who, last), 200, headers, TYPE)
