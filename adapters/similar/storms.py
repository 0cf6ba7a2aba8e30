"""Which filings are one matter, as they come in: each new petition is compared, and its matter's watch is told.

Read on in the ledger from a mark that is kept in it: whatever was registered while nobody compared is compared later,
and comparing again changes nothing, for a watch knows its filings. What came in long ago is no storm any more and is
not compared. One worker compares at a time (a lease): two that each found a watch for one matter would part it.
"""

import asyncio
import hashlib
import threading
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

import sqlalchemy as sa
import structlog

from adapters import happening, queries, tables
from adapters.database import AWAY, CONFLICT, DatabaseAwayError
from adapters.desk import Desk, world_now
from adapters.door import OWN_IDS
from adapters.marks import read_mark
from adapters.recognising import same_people
from adapters.searching import watch_tag
from adapters.similar.finding import find, of_case
from models.case import Case
from models.envelope import Envelope
from models.refusals import Refused
from models.routing import locate
from models.storm import Sighting
from models.vocabulary import Kind, Status

log = structlog.get_logger()

LOOK: Final = 1.0
"""Seconds between looks at the ledger."""
READ: Final = 500
"""Events read at once."""
MARK: Final = "compared"
"""The mark that says up to when everything was compared."""
LEASE_MARK: Final = "comparing"
LEASE: Final = 30.0
"""Seconds a worker has to itself; renewed with every look."""
CONCERNS: Final = frozenset(
    {
        *("registered", "joined", "corrected", "findings_recorded"),
        *("parted", "said_not_same", "said_maybe_same", "repeat_taken_back", "registered_again", "accepted_again"),
    }
)
"""The events after which a petition is compared."""
PARTED: Final = frozenset({"parted", "repeat_taken_back", "registered_again", "accepted_again"})
"""The events after which only likeness binds it to its matter."""
LONG_AGO: Final = timedelta(days=30)
NEAREST: Final = 20
"""Petitions that are asked for; those that are probably about the same count."""


class Comparing:
    """Compares the petitions of one installation, in a worker."""

    def __init__(self, desk: Desk) -> None:
        """Keep the desk."""
        self.desk = desk
        self._name = hashlib.sha256(str(time.monotonic_ns()).encode()).hexdigest()[:16]
        self._seen: set[tuple[str, int]] = set()
        self._busy = threading.Lock()

    async def run(self) -> None:
        """Compare until cancelled, and leave the turn to the next worker."""
        try:
            while True:
                with suppress(DatabaseAwayError, *AWAY):  # what happens meanwhile is read when it is back
                    while await asyncio.to_thread(self.once):
                        pass
                await asyncio.sleep(LOOK)
        finally:
            await asyncio.to_thread(self.let_go)

    def once(self) -> int:
        """Compare what is new; return how many petitions that were."""
        with self._busy:
            return self._once()

    def let_go(self) -> None:
        """Give the lease back, so that the next worker need not wait for its end; not while a look is under way."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            columns = tables.marks.c
            mine = sa.and_(columns.name == LEASE_MARK, columns.value.startswith(f"{self._name} "))
            with suppress(*AWAY), self.desk.database.writing(lasting=False) as connection:
                connection.execute(sa.delete(tables.marks).where(mine))
        finally:
            self._busy.release()

    def _once(self) -> int:
        if not self._leased():
            return 0
        begin = self._begun()
        found = happening.since(self.desk.database, begin, READ)
        new = [each for each in found if (each.place.case, each.place.seq) not in self._seen]
        names = dict.fromkeys(each.place.case for each in new if each.event in CONCERNS)
        parted = {each.place.case for each in new if each.event in PARTED}
        for name in names:
            try:
                self.compare(name, parted=name in parted)
            except (DatabaseAwayError, *AWAY):
                raise
            except Exception:
                # One petition that cannot be compared must not keep the others waiting, nor end the worker.
                log.exception("not_compared", case=name)
        if found:
            reached = found[-1].place.at
            full = len(found) >= READ and reached > begin
            # Several processes may commit a little out of order: look back, and forget what was seen.
            at = reached if full else max(begin, reached - happening.OVERLAP)
            self._seen = {(each.place.case, each.place.seq) for each in found if each.place.at >= at}
            self._keep(at)
            return len(new) if new else int(full)
        return 0

    def compare(self, name: str, *, parted: bool = False) -> str | None:
        """Put a petition to its matter's watch; return the watch's number, None where nothing else is like it.

        It leaves a watch where people said that it is about another matter than a filing there; and, once it was
        ``parted``, where nothing there is like it.
        """
        case = queries.case(self.desk.database, name)
        if case.kind is not Kind.PETITION or case.registered_at is None:
            return None
        if self.desk.moments.now() - case.registered_at > LONG_AGO:
            return None
        others = self._others(case)
        self._leave(case, others, parted=parted)
        members = self._of_one_matter(case, others)
        watches = self._joined_by(case, members)
        if len(members) == 1 and not watches:
            return None
        target = min((each.id for each in watches), default="") or self._new_number(members)
        there = next((each for each in watches if each.id == target), None)
        self._tell(target, there, case, members, [each for each in watches if each.id != target])
        return target

    def _others(self, case: Case) -> list[Case]:
        """Return the petitions that are probably about the same, or that people said are."""
        found = find(self.desk.database, of_case(case), limit=NEAREST)
        mates = [each.case for each in found if each.sure]
        for name in sorted(_bound(case)):
            with suppress(Refused):
                mates.append(queries.case(self.desk.database, name))
        return [each for each in mates if each.registered_at and each.id not in case.not_same]

    def _leave(self, case: Case, others: Iterable[Case], *, parted: bool) -> None:
        """Take out of its watches what is not of one matter: of two that are not the same, the one that came later."""
        alike, bound = {each.id for each in others}, _bound(case)
        for watch in self._watches([case.id]):
            came = {each.case: (each.at, each.case) for each in watch.sightings}
            there = came.keys() - {case.id}
            if bound & there:
                continue
            leaving = {max(case.id, each, key=came.__getitem__) for each in there & set(case.not_same)}
            if parted and not alike & there:
                leaving.add(case.id)
            told = [
                _envelope(watch.id, "let_filing_go", {"petition": each}, str(watch.seq)) for each in sorted(leaving)
            ]
            if told:
                self.desk.door.perform(told, trusted=True)

    def _of_one_matter(self, case: Case, others: Iterable[Case]) -> dict[str, Case]:
        """Return a petition and those like it, without such as people said are another matter than one of these."""
        members = {case.id: case}
        for each in sorted(others, key=lambda other: (other.id not in _bound(case), other.registered_at, other.id)):
            if members.keys().isdisjoint(each.not_same):
                members[each.id] = each
        return members

    def _joined_by(self, case: Case, members: dict[str, Case]) -> list[Case]:
        """Return the watches that become one by these petitions; leave out those that people keep apart.

        The case's own watch counts first. Of a watch that it was said not to belong to no filing is taken either.
        """
        denied, bound = set(case.not_same), _bound(case)
        found: list[Case] = []
        there: set[str] = set()
        for watch in sorted(self._watches(members), key=lambda each: (not _seen(case, each), each.id)):
            filings = {each.case for each in watch.sightings}
            if (denied & filings and not bound & filings) or self._kept_apart(there, filings):
                for name in filings - {case.id}:
                    members.pop(name, None)
                continue
            for name, member in list(members.items()):
                if name not in filings | {case.id} and filings & set(member.not_same):
                    del members[name]
            found.append(watch)
            there |= filings
        return found

    def _kept_apart(self, some: set[str], others: set[str]) -> bool:
        """Return whether people said of any of some petitions that it is about another matter than one of others."""
        if not some:
            return False
        query = sa.select(tables.cases.c.state).where(tables.cases.c.id.in_(some))
        with self.desk.database.reading() as connection:
            cases = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
        return any(others & set(each.not_same) for each in cases)

    def _watches(self, names: Iterable[str]) -> list[Case]:
        index, columns = tables.case_pieces.c, tables.cases.c
        tags = [watch_tag(name) for name in names]
        some = sa.select(index.case_id).where(index.piece.in_(tags)).distinct()
        query = sa.select(columns.state).where(columns.id.in_(some), columns.kind == Kind.WATCH.value)
        with self.desk.database.reading() as connection:
            found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
        return [each for each in found if each.status is not Status.MERGED]

    def _new_number(self, members: dict[str, Case]) -> str:
        """Return the number of a watch of its own: the first filing's, where none was called that before."""
        came = sorted(
            members.values(), key=lambda each: (each.registered_at or datetime.max.replace(tzinfo=UTC), each.id)
        )
        names = [f"W-{each.id}" for each in came]
        with self.desk.database.reading() as connection:
            for turn in count(1):
                tried = names if turn == 1 else [f"{each}-{turn}" for each in names]
                query = sa.select(tables.cases.c.id).where(tables.cases.c.id.in_(tried))
                taken = set(connection.execute(query).scalars())
                if free := [each for each in tried if each not in taken]:
                    return free[0]
        raise AssertionError

    def _tell(self, target: str, there: Case | None, case: Case, members: dict[str, Case], merged: list[Case]) -> None:
        matter = members.keys() | {each.case for watch in (there, *merged) if watch for each in watch.sightings}
        new = [self._sighting(each, matter) for each in members.values()]
        moved = [each for watch in merged for each in watch.sightings]
        envelopes = []
        told = {each.case: each for each in (there.sightings if there else ())}
        fresh = [each for each in (*new, *moved) if each.case not in told or told[each.case].platforms < each.platforms]
        whom = _whom(there, [*members.values(), *merged])
        if fresh or (whom and there):
            about = {**({} if there else self._about(case)), **whom}
            # What is told needs a filing; one that is known already adds nothing.
            fresh = fresh or list(there.sightings[:1] if there else ())
            # In this turn of the watch: a filing that left may come back.
            turn = str(there.seq) if there else ""
            envelopes.append(_envelope(target, "observe", {"sightings": _plain(fresh), **about}, turn))
        envelopes += [_envelope(each.id, "end_watch", {"merged_into": target}) for each in merged]
        if envelopes:
            self.desk.door.perform(envelopes, trusted=True)

    def _sighting(self, case: Case, matter: AbstractSet[str]) -> Sighting:
        """Return a filing, with by how many channels whoever brought it has brought this matter within the window."""
        assert case.registered_at is not None  # noqa: S101 - only such are compared
        channels = {case.channel}
        if case.sealed:
            begins = case.registered_at - self._window(case)
            for name in matter & same_people(self.desk.database, self.desk.sealer, case):
                other = queries.case(self.desk.database, name)
                if other.registered_at and begins < other.registered_at <= case.registered_at:
                    channels.add(other.channel)
        return Sighting(case=case.id, at=case.registered_at, channel=case.channel, platforms=len(channels))

    def _window(self, case: Case) -> timedelta:
        """Return how long the policy counts one petitioner's channels together."""
        storms = world_now(self.desk.door).policies[case.policy].storms
        hours = [each.hours for each in storms.threshold if each.of == "platforms"]
        return timedelta(hours=max(hours, default=0))

    def _about(self, case: Case) -> dict[str, object]:
        organisation = world_now(self.desk.door).organisation
        located = locate(organisation, case.place) if organisation else None
        unit = case.unit or (located.unit if located else None)
        words = {
            "place": case.place,
            "summary": f"{case.place}：{case.summary}"[:400],
            "types": list(case.types),
            "channel": case.channel,
            "unit": unit,
            "leader": case.leader,
        }
        return {name: value for name, value in words.items() if value}

    # ── where it is, and whose turn ──

    def _leased(self) -> bool:
        """Take or keep the lease; whoever has it renews it with each look."""
        columns, now = tables.marks.c, time.time()
        mine = f"{self._name} {now + LEASE:.0f}"

        def work() -> bool:
            with self.desk.database.writing(lasting=False) as connection:
                query = sa.select(columns.value).where(columns.name == LEASE_MARK)
                row = connection.execute(query).scalar_one_or_none()
                if row is None:
                    connection.execute(sa.insert(tables.marks), [{"name": LEASE_MARK, "value": mine}])
                    return True
                holder, _, until = str(row).partition(" ")
                if holder != self._name and float(until or 0) > now:
                    return False
                same = sa.and_(columns.name == LEASE_MARK, columns.value == row)
                return connection.execute(sa.update(tables.marks).where(same).values(value=mine)).rowcount == 1

        try:
            return self.desk.database.patiently(work)
        except CONFLICT:
            return False  # of two that saw no lease at the same moment the other one has it

    def _begun(self) -> datetime:
        found = read_mark(self.desk.database, MARK)
        return datetime.fromisoformat(found) if found else datetime(1970, 1, 1, tzinfo=UTC)

    def _keep(self, at: datetime) -> None:
        columns, value = tables.marks.c, at.isoformat()

        def work() -> None:
            with self.desk.database.writing(lasting=False) as connection:
                changed = connection.execute(sa.update(tables.marks).where(columns.name == MARK).values(value=value))
                if not changed.rowcount:
                    connection.execute(sa.insert(tables.marks), [{"name": MARK, "value": value}])

        if at != self._begun():
            self.desk.database.patiently(work)


def _plain(sightings: Iterable[Sighting]) -> list[dict[str, object]]:
    return [each.model_dump(mode="json") for each in sightings]


def _bound(case: Case) -> set[str]:
    """Return the petitions that people made one matter with a case."""
    return {*case.followers, *case.repeats, *(each for each in (case.leading, case.repeat_of) if each)}


def _whom(watch: Case | None, others: Iterable[Case]) -> dict[str, object]:
    """Return whom filings and merged watches name and are about, where a watch does not know it yet."""
    some = list(others)
    named = {person for each in some for person in each.named} - {*(watch.named if watch else ())}
    parties = {party for each in some for party in each.parties} - {*(watch.respondents if watch else ())}
    return {name: sorted(found) for name, found in (("named", named), ("respondents", parties)) if found}


def _seen(case: Case, watch: Case) -> bool:
    return any(each.case == case.id for each in watch.sightings)


def _envelope(watch: str, command: str, data: dict[str, object], turn: str = "") -> Envelope:
    """Return the engine's envelope: told again with the same content, in the same turn, it is the same."""
    content = hashlib.sha256(repr((watch, command, sorted(data.items(), key=str), turn)).encode()).hexdigest()[:32]
    return Envelope.model_validate(
        {"id": f"{OWN_IDS}watch/{content}", "case": watch, "actor": "engine", "command": command, "data": data}
    )
