"""Which filings are one matter, as they come in: each new petition is compared, and its matter's watch is told.

Read on in the ledger from a mark that is kept in it: whatever was registered while nobody compared is compared later,
and comparing again changes nothing, for a watch knows its filings. What came in long ago is no storm any more and is
not compared. One worker compares at a time (a lease): two that each found a watch for one matter would part it.
"""

import asyncio
import hashlib
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from adapters import happening, queries, tables
from adapters.database import AWAY, DatabaseAwayError
from adapters.desk import Desk, world_now
from adapters.door import OWN_IDS
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
CONCERNS: Final = frozenset({"registered", "joined", "corrected", "findings_recorded"})
"""The events after which a petition is compared."""
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

    async def run(self) -> None:
        """Compare until cancelled."""
        while True:
            with suppress(DatabaseAwayError, *AWAY):  # what happens meanwhile is read when it is back
                while await asyncio.to_thread(self.once):
                    pass
            await asyncio.sleep(LOOK)

    def once(self) -> int:
        """Compare what is new; return how many petitions that were."""
        if not self._leased():
            return 0
        begin = self._begun()
        found = happening.since(self.desk.database, begin, READ)
        new = [each for each in found if (each.place.case, each.place.seq) not in self._seen]
        names = dict.fromkeys(each.place.case for each in new if each.event in CONCERNS)
        for name in names:
            try:
                self.compare(name)
            except (DatabaseAwayError, *AWAY):
                raise
            except Exception:
                # One petition that cannot be compared must not keep the others waiting, nor end the worker.
                log.exception("not_compared", case=name)
        if found:
            reached = found[-1].place.at
            full = len(found) == READ and reached > begin
            # Several processes may commit a little out of order: look back, and forget what was seen.
            at = reached if full else max(begin, reached - happening.OVERLAP)
            self._seen = {(each.place.case, each.place.seq) for each in found if each.place.at >= at}
            self._keep(at)
            return len(new) if new else int(full)
        return 0

    def compare(self, name: str) -> str | None:
        """Put a petition to its matter's watch; return the watch's number, None where nothing else is like it."""
        case = queries.case(self.desk.database, name)
        if case.kind is not Kind.PETITION or case.registered_at is None:
            return None
        if self.desk.moments.now() - case.registered_at > LONG_AGO:
            return None
        others = self._others(case)
        if not others:
            return None
        members = {each.id: each for each in (case, *others)}
        watches = [each for each in self._watches(members) if each.status is not Status.MERGED]
        known = {each.case for watch in watches for each in watch.sightings}
        first = min([*members, *known], key=lambda number: self._came(number, members, watches))
        target = min((each.id for each in watches), default=f"W-{first}")
        there = next((each for each in watches if each.id == target), None)
        self._tell(target, there, case, members, [each for each in watches if each.id != target])
        return target

    def _others(self, case: Case) -> list[Case]:
        """Return the petitions that are probably about the same, or that people said are."""
        found = find(self.desk.database, of_case(case), limit=NEAREST)
        mates = [each.case for each in found if each.sure]
        joined = [*case.followers, *([case.leading] if case.leading else []), *case.repeats]
        joined += [case.repeat_of] if case.repeat_of else []
        for name in joined:
            with suppress(Refused):
                mates.append(queries.case(self.desk.database, name))
        return [each for each in mates if each.registered_at and each.id not in case.not_same]

    def _watches(self, names: Iterable[str]) -> list[Case]:
        index, columns = tables.case_pieces.c, tables.cases.c
        tags = [watch_tag(name) for name in names]
        some = sa.select(index.case_id).where(index.piece.in_(tags)).distinct()
        query = sa.select(columns.state).where(columns.id.in_(some), columns.kind == Kind.WATCH.value)
        with self.desk.database.reading() as connection:
            return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]

    def _came(self, number: str, members: dict[str, Case], watches: list[Case]) -> tuple[datetime, str]:
        if number in members:
            return members[number].registered_at or datetime.max.replace(tzinfo=UTC), number
        return next(each.at for watch in watches for each in watch.sightings if each.case == number), number

    def _tell(self, target: str, there: Case | None, case: Case, members: dict[str, Case], merged: list[Case]) -> None:
        new = [self._sighting(each) for each in members.values()]
        moved = [each for watch in merged for each in watch.sightings]
        envelopes = []
        told = {each.case: each for each in (there.sightings if there else ())}
        fresh = [each for each in (*new, *moved) if each.case not in told or told[each.case].platforms < each.platforms]
        if fresh:
            about = {} if there else self._about(case)
            envelopes.append(_envelope(target, "observe", {"sightings": _plain(fresh), **about}))
        envelopes += [_envelope(each.id, "end_watch", {"merged_into": target}) for each in merged]
        if envelopes:
            self.desk.door.perform(envelopes, trusted=True)

    def _sighting(self, case: Case) -> Sighting:
        assert case.registered_at is not None  # noqa: S101 - only such are compared
        channels = {case.channel}
        if case.sealed:
            for name in same_people(self.desk.database, self.desk.sealer, case):
                with suppress(Refused):
                    other = queries.case(self.desk.database, name)
                    if other.registered_at and other.registered_at <= case.registered_at:
                        channels.add(other.channel)
        return Sighting(case=case.id, at=case.registered_at, channel=case.channel, platforms=len(channels))

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

        return self.desk.database.patiently(work)

    def _begun(self) -> datetime:
        query = sa.select(tables.marks.c.value).where(tables.marks.c.name == MARK)
        with self.desk.database.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
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


def _envelope(watch: str, command: str, data: dict[str, object]) -> Envelope:
    """Return the engine's envelope: told again with the same content it is the same."""
    content = hashlib.sha256(repr((watch, command, sorted(data.items(), key=str))).encode()).hexdigest()[:32]
    return Envelope.model_validate(
        {"id": f"{OWN_IDS}watch/{content}", "case": watch, "actor": "engine", "command": command, "data": data}
    )
