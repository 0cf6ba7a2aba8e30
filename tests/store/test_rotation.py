"""Every data key is wrapped anew while others work, and killed at any step nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.access.second import SecondFactors
from adapters.desk import Desk, open_desk
from adapters.drafts import Drafts
from adapters.intake import intake
from adapters.keys.ring import SealError, name_of, wrapping_key
from adapters.keys.rotating import NothingNewError, prepare, rotate
from adapters.keys.tables import data_keys, wrapping_keys
from adapters.sealed import DestroyedError
from adapters.settings import Settings
from tests.store.desks import Office, an_office
from tests.store.sealed_things import Things, another_process, now, reopened
from tests.store.test_sealed import CANARIES, FIELDS


def test_after_a_rotation_all_is_there_codes_hold_and_the_old_key_is_gone(kept: Office) -> None:
    things = Things(kept)
    keys = kept.desk.sealer.keys
    old = keys.held()[0].name
    told: list[tuple[int, int]] = []
    done = rotate(keys, lambda *step: told.append(step))
    assert (done.wrapped, done.retired, done.resumed) == (5, (old,), False)
    assert told[0] == (0, 5)
    assert told[-1] == (5, 5)
    before, after = keys.held()
    assert (before.name, before.wraps, before.here, before.current) == (old, {}, None, False)
    assert before.retired_at is not None
    assert sum(after.wraps.values()) == 5
    assert [path.name for path in (kept.desk.settings.data / "keys").iterdir()] == [f"wrapping-{done.name}.key"]
    things.check(kept.desk)
    with reopened(kept) as desk:
        things.check(desk)


def test_who_is_at_work_meanwhile_finds_the_new_key_and_wraps_by_it(kept: Office) -> None:
    things = Things(kept)
    with another_process(kept) as other:
        things.check(other)
        rotate(kept.desk.sealer.keys)
        things.check(other)
        receipt = intake(other, FIELDS, actor="clerk", key="k2", secret=CANARIES)
        assert kept.desk.sealer.open(kept.database, Office(other).case(receipt.case).sealed[0]) == CANARIES
        assert not kept.desk.sealer.keys.held()[0].wraps


def test_what_is_sealed_by_many_during_rotations_is_never_lost(kept: Office) -> None:
    stop, made, faults = threading.Event(), dict[str, dict[str, str]](), list[BaseException]()

    def sealing(desk: Desk, clerk: int) -> None:
        number = 0
        while not stop.is_set() or number < 3:
            number += 1
            key, secret = f"{clerk}-{number}", {**CANARIES, "text": f"{clerk}/{number}"}
            try:
                case = intake(desk, FIELDS, actor="clerk", key=key, secret=secret).case
            except BaseException as fault:  # noqa: BLE001 - whatever it was, the test tells it
                faults.append(fault)
                return
            made[case] = secret

    with another_process(kept) as one, another_process(kept) as two:
        threads = [threading.Thread(target=sealing, args=(desk, at)) for at, desk in enumerate((one, two))]
        for thread in threads:
            thread.start()
        for _ in range(3):
            rotate(kept.desk.sealer.keys)
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == []
    assert len(made) >= 6
    for case, secret in made.items():
        assert kept.desk.sealer.open(kept.database, kept.case(case).sealed[0]) == secret
    *old, current = kept.desk.sealer.keys.held()
    assert len(old) == 3
    assert all(each.retired_at and not each.wraps for each in old)
    assert current.wraps["seal"] >= len(made)


KILLED = """
import os, signal, sys
from adapters.desk import open_desk
from adapters.keys import rotating
from adapters.settings import Settings
desk = open_desk(Settings.load())
rotating.AT_ONCE = 1
steps = int(sys.argv[1])
def killed(*_):
    global steps
    steps -= 1
    if steps < 0:
        os.kill(os.getpid(), signal.SIGKILL)
for name in ("_bring_in", "_written", "_retire"):
    def stepping(*given, real=getattr(rotating, name)):
        killed()
        found = real(*given)
        killed()
        return found
    setattr(rotating, name, stepping)
real = desk.sealer.keys.ring.destroy
def destroy(name):
    killed()
    return real(name)
desk.sealer.keys.ring.destroy = destroy
rotating.rotate(desk.sealer.keys)
"""


def test_a_rotation_killed_at_any_step_is_finished_by_the_next(kept: Office) -> None:
    things = Things(kept)
    known = kept.desk.settings
    environ = {
        **os.environ,
        "BANJIE_DATA": str(known.data),
        "DATABASE_URL": known.database_url,
        "BANJIE_KEYS_URL": known.keys_url,
    }
    names = {kept.desk.sealer.keys.held()[0].name}
    killed = 0
    for steps in range(0, 16, 2 if kept.database.is_sqlite else 5):
        ended = subprocess.run([sys.executable, "-c", KILLED, str(steps)], env=environ, check=False, cwd=Path.cwd())
        killed += ended.returncode == -signal.SIGKILL
        assert ended.returncode in {0, -signal.SIGKILL}
        things.check(kept.desk)
        rotate(kept.desk.sealer.keys)
        held = kept.desk.sealer.keys.held()
        (current,) = [each for each in held if each.current]
        assert current.name not in names
        assert sum(current.wraps.values()) == 5
        assert all(each.retired_at and not each.here for each in held if not each.current)
        assert len(list((known.data / "keys").iterdir())) == 1
        names |= {each.name for each in held}
        things.check(kept.desk)
    assert killed > 2


def test_keys_of_the_environment_are_rotated_by_naming_a_new_one_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = os.urandom(32).hex(), os.urandom(32).hex()
    monkeypatch.setenv("BANJIE_WRAPPING_KEY", old)
    with an_office(tmp_path / "desk") as office:
        things = Things(office)
        with pytest.raises(NothingNewError):
            rotate(office.desk.sealer.keys)
        monkeypatch.setenv("BANJIE_WRAPPING_KEY", f"{new},{old}")
        with reopened(office) as desk:
            done = rotate(desk.sealer.keys)
            assert done.name == name_of(bytes.fromhex(new))
            assert done.left == (name_of(bytes.fromhex(old)),)
        monkeypatch.setenv("BANJIE_WRAPPING_KEY", new)
        with reopened(office) as desk:
            things.check(desk)


def test_a_key_made_beforehand_is_the_one_that_the_rotation_takes(small_office: Office) -> None:
    Things(small_office)
    keys = small_office.desk.sealer.keys
    name = prepare(keys)
    assert prepare(keys) == name
    assert rotate(keys).name == name


def test_a_machine_that_lacks_the_new_key_says_which(small_office: Office, tmp_path: Path) -> None:
    things = Things(small_office)
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True, mode=0o700)
    (other / "keys" / "wrapping.key").write_bytes(wrapping_key(small_office.desk.settings.data))
    (other / "keys" / "wrapping.key").chmod(0o600)
    known = small_office.desk.settings
    there = Settings.load(data=other, database_url=known.database_url, keys_url=known.keys_url)
    desk = open_desk(there)
    things.check(desk)
    name = rotate(small_office.desk.sealer.keys).name
    with pytest.raises(SealError, match=name):
        desk.sealer.open(desk.database, Office(desk).case(things.case).sealed[0])
    file = f"wrapping-{name}.key"
    (other / "keys" / file).write_bytes((known.data / "keys" / file).read_bytes())
    (other / "keys" / file).chmod(0o600)
    things.check(desk)
    desk.close()


def test_a_destroyed_key_leaves_no_trace_and_is_not_brought_back_by_a_rotation(small_office: Office) -> None:
    Things(small_office)
    keys = small_office.desk.sealer.keys
    with keys.database.reading() as connection:
        row = connection.execute(sa.select(data_keys).where(data_keys.c.sort == "seal")).one()
    data = small_office.desk.settings.data
    assert any(row.wrapped in path.read_bytes() for path in data.glob("keys.db*"))
    assert keys.destroy([row.id]) == 1
    assert not any(row.wrapped in path.read_bytes() for path in data.glob("keys.db*"))
    rotate(keys)
    with pytest.raises(DestroyedError):
        keys.find(row.id)
    with keys.database.reading() as connection:
        assert len(connection.execute(sa.select(wrapping_keys)).all()) == 2


def test_a_draft_typed_on_and_a_factor_begun_anew_leave_no_keys_behind(kept: Office) -> None:
    drafts = Drafts(kept.database, kept.desk.sealer, now)
    factors = SecondFactors(kept.database, kept.desk.sealer, now)
    for number in range(4):
        drafts.keep("clerk", "form", {"place": str(number)})
        factors.begin("li")
    assert kept.desk.sealer.keys.held()[0].wraps == {"draft": 1, "factor": 1, "naming": 1}
    drafts.drop("clerk")
    factors.end("li")
    assert kept.desk.sealer.keys.held()[0].wraps == {"naming": 1}
