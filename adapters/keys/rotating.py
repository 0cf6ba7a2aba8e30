"""Rotation: a new wrapping key, every data key wrapped anew by it, and the old one destroyed when it wraps nothing.

Each step is a transaction of its own, and what is unfinished is seen from what is there: killed anywhere, the next
rotation goes on from that place. Others go on working meanwhile; they find the new key when they meet its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from adapters.keys.payloads import newest, renew
from adapters.keys.ring import VARIABLE, SealError
from adapters.keys.store import DataKey, Keystore
from adapters.keys.tables import data_keys, wrapping_keys

AT_ONCE: Final = 200
"""So many data keys are wrapped anew in one transaction: others wait for it no longer than for any other."""
Progress = Callable[[int, int], None]


class NothingNewError(SealError):
    """The environment names no new wrapping key."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            f"封装密钥来自环境变量：请把新密钥写在 {VARIABLE} 的最前面，旧密钥保留其后，再执行一次。",
            f"The wrapping key comes from the environment: put a new one first into {VARIABLE}, keep the old one "
            "behind it, and say this once more.",
        )


@dataclass(frozen=True)
class Rotated:
    """What a rotation did: the current key, how many data keys it wrapped anew, which keys were retired.

    ``resumed`` says that it finished one that was begun before; ``left`` are retired keys that still stand in the
    environment and must be taken out of it by hand.
    """

    name: str
    wrapped: int
    retired: tuple[str, ...]
    resumed: bool
    left: tuple[str, ...]


def prepare(keys: Keystore) -> str:
    """Return the wrapping key that the next rotation will bring in, making it as a file where none waits yet.

    Raises:
        NothingNewError: keys come from the environment, and no new one is there.
    """
    known = {each.name for each in keys.held()}
    if keys.ring.given:
        new = [name for name in keys.ring.given if name not in known]
        if not new:
            raise NothingNewError
        return new[0]
    waiting = [name for name, _ in keys.ring.files() if name not in known]
    return waiting[0] if waiting else keys.ring.make()


def rotate(keys: Keystore, progress: Progress | None = None) -> Rotated:
    """Wrap every data key by a new wrapping key, or finish a rotation that was begun; payloads get a new data key.

    Args:
        keys: the keystore.
        progress: told how many data keys are wrapped anew, of how many.

    Raises:
        SealError: a wrapping key is not on this machine.
        DatabaseAwayError: the keystore does not answer; what was done so far stays done.
    """
    resumed = _unfinished(keys)
    if not resumed:
        _bring_in(keys, prepare(keys))
        if newest(keys) is not None:
            # What goes to Temporal from now on is under a new key; histories stay readable under theirs.
            renew(keys)
    name = next(each.name for each in keys.held() if each.current)
    wrapped = _wrap(keys, name, progress or (lambda _, __: None))
    retired = _retire(keys)
    return Rotated(name, wrapped, retired, resumed, tuple(each for each in retired if each in keys.ring.given))


def _unfinished(keys: Keystore) -> bool:
    """Tell whether an old key still wraps something, or lies there although it is retired."""
    old = [each for each in keys.held() if not each.current]
    return any(not each.retired_at or (each.here and each.name not in keys.ring.given) for each in old)


def _bring_in(keys: Keystore, name: str) -> None:
    keys.ring.key(name)
    columns = wrapping_keys.c

    def bring_in() -> None:
        with keys.database.writing() as connection:
            connection.execute(sa.update(wrapping_keys).where(columns.is_current).values(is_current=False))
            row = {"name": name, "is_current": True, "made_at": datetime.now(UTC), "retired_at": None}
            connection.execute(sa.insert(wrapping_keys), [row])

    keys.database.patiently(bring_in)


def _wrap(keys: Keystore, name: str, progress: Progress) -> int:
    """Wrap by the current key what others still wrap; return how many that were."""
    columns = data_keys.c
    count = sa.select(sa.func.count()).select_from(data_keys).where(columns.wrapping != name)
    with keys.database.reading() as connection:
        total = connection.execute(count).scalar_one()
    done, last = 0, ""
    progress(0, total)
    while True:
        query = sa.select(data_keys).where(columns.wrapping != name, columns.id > last)
        with keys.database.reading() as connection:
            rows = connection.execute(query.order_by(columns.id).limit(AT_ONCE)).all()
        if not rows:
            if not last:
                return done
            # What was wrapped by the old key while this went on lies before; once more from the beginning.
            last = ""
            continue
        new = keys.ring.key(name)
        fresh = [
            (row.id, row.wrapping, DataKey(keys.opened(row.wrapping, row.wrapped, row.id)).wrapped(new, row.id))
            for row in rows
        ]
        done += keys.database.patiently(lambda fresh=fresh: _written(keys, name, fresh))  # type: ignore[misc]
        last = rows[-1].id
        progress(min(done, total), total)


def _written(keys: Keystore, name: str, fresh: list[tuple[str, str, bytes]]) -> int:
    columns, done = data_keys.c, 0
    with keys.database.writing() as connection:
        for key_id, old, wrapped in fresh:
            # One that was destroyed meanwhile stays destroyed.
            same = sa.and_(columns.id == key_id, columns.wrapping == old)
            update = sa.update(data_keys).where(same).values(wrapping=name, wrapped=wrapped)
            done += connection.execute(update).rowcount
    return done


def _retire(keys: Keystore) -> tuple[str, ...]:
    """Retire the keys that wrap nothing any more, and destroy their files."""
    columns = wrapping_keys.c
    wraps = sa.exists().where(data_keys.c.wrapping == columns.name)
    idle = sa.and_(~columns.is_current, columns.retired_at.is_(None), ~wraps)

    def retire() -> None:
        with keys.database.writing() as connection:
            connection.execute(sa.update(wrapping_keys).where(idle).values(retired_at=datetime.now(UTC)))

    keys.database.patiently(retire)
    keys.database.shred("data_keys")
    gone = []
    for each in keys.held():
        if each.retired_at and each.here:
            keys.ring.destroy(each.name)
            gone.append(each.name)
    return tuple(gone)
