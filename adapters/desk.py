"""One installation opened: its ledger with the door, the seal, the clock and the tray's folder."""

import gc
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from adapters import tables
from adapters.bell import ringing
from adapters.database import CONFLICT, PATIENCE, Database
from adapters.door import Door
from adapters.ledger import grown, standing
from adapters.marks import read_mark
from adapters.moments import FastMoments, Moments, RealMoments
from adapters.observing.pulse import Pulse
from adapters.sealed import Sealer, sealer_of
from adapters.settings import Settings
from adapters.shipping import ship
from models.world import World

MOMENTS = "moments"
YOUNG = 20_000
"""So many values are made before Python looks for rings among them: each command makes hundreds that last, and no ring;
looking after every 700, as it would, took 7 % of a command's time."""


@dataclass(frozen=True)
class Desk:
    """What every command and every worker of an installation works with."""

    settings: Settings
    database: Database
    door: Door
    sealer: Sealer
    moments: Moments
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def tray(self) -> Path:
        """The folder letters are laid into."""
        return self.settings.data / "tray"

    def world(self) -> World:
        """Return the policies, the calendars, the campaigns' orders and the organisation as they are in force now."""
        return world_now(self.door)

    def close(self) -> None:
        """Let the databases go."""
        self.sealer.keys.close()
        self.database.close()


def world_now(door: Door) -> World:
    """Return the world of a door as it is in force now, whoever changed it last."""
    book = door.book
    with door.database.reading() as connection:
        if grown(connection) != book.seen:
            book.renew(standing(connection))
    return book.world


def open_desk(
    settings: Settings, *, epoch: datetime | None = None, patience: float = PATIENCE, serves: bool = True
) -> Desk:
    """Open an installation, bringing its schema up to date and in what is shipped and it does not have yet.

    Args:
        settings: where it is.
        epoch: what the desk's clock shows at its very first start, where it runs faster than the real one; now if None.
        patience: seconds to wait for a database that is away.
        serves: whether the keystore is opened at once; else when something under seal is first asked for, so that a
            ledger restored without its keystore can still be read and verified.

    Raises:
        SetupError: the database, the key or a setting cannot be used, with the sentence that says what to do.
    """
    gc.set_threshold(YOUNG, 20, 20)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url, patience=patience)
    try:
        database.migrate()
        moments = _moments(database, settings, epoch)
        sealer = sealer_of(settings, database)
        if serves:
            sealer.keys.ready()
        desk = Desk(settings, database, Door(database, moments, after=ringing(database)), sealer, moments)
        ship(desk.door)
    except BaseException:
        database.close()
        raise
    return desk


def go_on_from(database: Database, at: datetime) -> None:
    """Let an installation's clock show a moment now and go on at the real pace, from when it is opened next.

    After a demo its people would otherwise look at a desk where days fly by.
    """
    told = json.dumps([datetime.now(UTC).isoformat(), at.isoformat(), 1.0])
    with database.writing() as connection:
        connection.execute(sa.update(tables.marks).where(tables.marks.c.name == MOMENTS).values(value=told))


def _moments(database: Database, settings: Settings, epoch: datetime | None) -> Moments:
    """Return the installation's clock: once it has run fast it goes on from the same two starting points."""
    kept = read_mark(database, MOMENTS)
    if kept is None:
        if settings.speed == 1 and epoch is None:
            return RealMoments()
        now = datetime.now(UTC)
        mine = json.dumps([now.isoformat(), (epoch or now).isoformat(), settings.speed])
        # Where two processes start at once, the clock of the first one holds.
        with suppress(*CONFLICT), database.writing() as connection:
            connection.execute(sa.insert(tables.marks), [{"name": MOMENTS, "value": mine}])
        kept = read_mark(database, MOMENTS) or mine
    began, start, speed = json.loads(kept)
    return FastMoments(datetime.fromisoformat(began), datetime.fromisoformat(start), float(speed))
