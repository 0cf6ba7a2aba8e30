"""Telling webhooks what happens: read on in the ledger, queue what each may hear, hand over what is due.

It runs in a worker beside the relay, for a worker is what reaches outside. Many may: a message is queued once for each
address, and claimed for a while by whoever sends it. It arrives at least once; the order is not promised.
"""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from adapters.database import AWAY, DatabaseAwayError
from adapters.desk import Desk, world_now
from adapters.happening import OVERLAP, Happening, cases_of, since
from adapters.hooks.signing import headers
from adapters.hooks.store import TEST, Delivery, Fate, Hook, Hooks, NotAllowed, State, checked
from adapters.keys.ring import SealError
from adapters.post.web import handed_over
from models.case import Case
from models.permissions import may_see
from models.refusals import Unknown
from models.vocabulary import Fate as LetterFate
from models.world import World, actor_of

log = structlog.get_logger()

LOOK: Final = 1.0
"""Seconds between looks at the ledger."""
READ: Final = 2000
"""Events read at once."""
MOST: Final = 64
"""Messages claimed together."""
AT_ONCE: Final = 8
"""Messages under way at once."""
PATIENCE: Final = 15.0
"""Seconds an address has to answer (Standard Webhooks: 15 to 30)."""
LEASE: Final = 10 * PATIENCE
"""Seconds a claimed message is left to whoever claimed it: longer than all that were claimed with it may take."""
WAITS: Final = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds until the next try, as Standard Webhooks proposes: some three days in all."""
TOO_LONG: Final = timedelta(days=5)
"""An address that took nothing for so long is turned off."""
REMEMBERED: Final = 20_000
PRUNE: Final = 3600.0
TYPE: Final = "application/cloudevents+json; charset=utf-8"


class Telling:
    """Tells the webhooks of one installation."""

    def __init__(self, desk: Desk, *, waits: tuple[float, ...] = WAITS) -> None:
        """Keep the desk; ``waits`` are the seconds between tries."""
        self.desk, self.waits = desk, waits
        self.hooks = Hooks(desk.database, desk.sealer, lambda: datetime.now(UTC))
        self._seen: OrderedDict[tuple[str, str, int], None] = OrderedDict()
        self._pruned = 0.0

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            with suppress(DatabaseAwayError, *AWAY):  # what happens meanwhile is read when it is back
                while await self.once():
                    pass
            await asyncio.sleep(LOOK)

    async def once(self) -> int:
        """Queue what is new and hand over what is due; return how much was due."""
        await asyncio.to_thread(self._queue)
        due = await asyncio.to_thread(self.hooks.claim, MOST, LEASE)
        gate = asyncio.Semaphore(AT_ONCE)

        async def hand_over(each: Delivery) -> None:
            async with gate:
                await asyncio.to_thread(self._hand_over, each)

        await asyncio.gather(*map(hand_over, due))
        return len(due)

    def _queue(self) -> None:
        if time.monotonic() - self._pruned > PRUNE:
            self.hooks.prune()
            self._pruned = time.monotonic()
        listening = [each for each in self.hooks.every() if each.state is State.ON]
        if not listening:
            return
        world, now = world_now(self.desk.door), self.desk.moments.now()
        for hook in listening:
            self._read_on(hook, world, now)

    def _read_on(self, hook: Hook, world: World, now: datetime) -> None:
        """Queue what an address has not heard of, looking back a little: across processes a moment may come late."""
        person = world.organisation.person(hook.person) if world.organisation else None
        actor = actor_of(person) if person and not person.retired else None
        after = max(hook.begun, hook.read_to - OVERLAP)
        while True:
            found = since(self.desk.database, after, READ)
            fresh = [each for each in found if each.place.at > hook.begun and self._is_new(hook, each)]
            cases = cases_of(self.desk.database, [each.place.case for each in fresh]) if fresh and actor else {}
            told = [
                message(each, cases[each.place.case])
                for each in fresh
                if actor
                and (not hook.events or each.event in hook.events)
                and each.place.case in cases
                and may_see(world, cases[each.place.case], actor, now)
            ]
            last = found[-1].place.at if found else None
            if fresh:
                self.hooks.queue(hook.id, told, read_to=last)
                self._remember(hook, fresh)
            if len(found) < READ or last is None or last == after:
                return
            after = last

    def _is_new(self, hook: Hook, each: Happening) -> bool:
        return (hook.id, each.place.case, each.place.seq) not in self._seen

    def _remember(self, hook: Hook, found: Iterable[Happening]) -> None:
        for each in found:
            self._seen[hook.id, each.place.case, each.place.seq] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _hand_over(self, each: Delivery) -> None:
        fate, answer = self._tried(each)
        gone = answer == "http_410"
        left = self.waits[each.attempts : each.attempts + 1]
        if fate is Fate.WAITING and (gone or not left):
            fate = Fate.FAILED
        hook = self.hooks.settle(each, fate, answer, wait=left[0] if left else 0.0)
        if hook is None or fate is Fate.SENT:
            return
        log.warning("webhook_not_taken", hook=each.hook, message=each.id, why=answer, tries=each.attempts + 1)
        if gone:
            self.hooks.turn(each.hook, State.GONE)
        elif hook.failing_since and self.hooks.now() - hook.failing_since > TOO_LONG:
            self.hooks.turn(each.hook, State.FAILING)

    def _tried(self, each: Delivery) -> tuple[Fate, str]:
        """Hand one message over; whatever keeps it back is a reason to try again."""
        try:
            hook, keys = self.hooks.find(each.hook), self.hooks.keys(each.hook)
            # The list of hosts may have grown shorter since.
            url = checked(hook.url, self.desk.settings.hosts)
        except Unknown:
            return Fate.FAILED, "no_hook"
        except NotAllowed:
            return Fate.WAITING, "not_allowed"
        except SealError:
            return Fate.WAITING, "seal"
        body = each.body.encode()
        given = {"Content-Type": TYPE, **headers(keys, each.id, int(time.time()), body)}
        answer, _ = handed_over(url, body, given, PATIENCE)
        return (Fate.SENT, "") if answer.fate is LetterFate.SENT else (Fate.WAITING, answer.why)


def message(each: Happening, case: Case) -> tuple[str, str, str]:
    """Return an event as a message: its id, its type and its body, a CloudEvent (1.0, structured JSON).

    It says case, number, name and status, never what was written: that has to be asked for, by whoever may.
    """
    name = f"{each.place.case}~{each.place.seq}"
    data = {
        "case": case.id,
        "kind": case.kind.value,
        "seq": each.place.seq,
        "event": each.event,
        "status": case.status.value,
    }
    return _message(name, f"banjie.{case.kind.value}.{each.event}", each.place.at, case.id, data)


def trial(name: str, at: datetime) -> tuple[str, str, str]:
    """Return a message that only tries whether an address hears."""
    return _message(name, f"banjie.{TEST}", at, None, {})


def _message(name: str, kind: str, at: datetime, subject: str | None, data: dict[str, object]) -> tuple[str, str, str]:
    told = {
        "specversion": "1.0",
        "id": name,
        "source": "/banjie",
        "type": kind,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        **({"subject": subject} if subject else {}),
        "datacontenttype": "application/json",
        "data": data,
    }
    return name, kind, json.dumps(told, ensure_ascii=False, separators=(",", ":"))
