"""``banjie doctor``: it looks at everything, changes nothing, and says what to do where something is not well."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters import tables
from adapters.database import Database
from adapters.desk import open_desk
from adapters.doctor.machine import of_the_machine
from adapters.doctor.of_ledger import of_the_ledger
from adapters.settings import Settings
from tests.cli.conftest import Terminal

NOWHERE = "127.0.0.1:1"
"""Nothing listens there."""


@pytest.fixture(autouse=True)
def _no_temporal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", NOWHERE)


def states(terminal: Terminal, *more: str) -> dict[str, str]:
    """How each check ended."""
    return {each["check"]: each["state"] for each in terminal("doctor", "--json", *more).data["checks"]}


def settings_of(terminal: Terminal) -> Settings:
    return Settings.load(data=terminal.folder)


def unguarded(connection: sa.Connection, table: str) -> None:
    """Take the triggers away that let nothing be rewritten."""
    names = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    for name in connection.execute(names, {"table": table}).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def test_without_an_installation_it_says_so_and_makes_none(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "nothing")
    answer = terminal("doctor")
    assert answer.code == 1
    assert "banjie up" in answer.out
    assert not terminal.folder.exists()
    terminal.folder.mkdir(mode=0o700)
    assert states(terminal)["ledger"] == "bad"
    assert list(terminal.folder.iterdir()) == []


def test_all_is_well_but_for_the_engine_that_does_not_run(terminal: Terminal) -> None:
    terminal.petition()
    found = states(terminal, "--deep")
    assert {check for check, state in found.items() if state != "well"} == {"temporal"}
    assert {"ledger", "keystore", "clock", "outbox", "alarms", "letters", "roots", "calendars", "chains"} <= set(found)
    answer = terminal("doctor")
    assert answer.code == 1
    assert f"{NOWHERE} 无应答" in answer.out
    assert "时限提醒和文书待恢复后补发" in answer.out
    assert "The desk goes on" in answer.out


def test_an_older_ledger_is_left_as_it_is_and_a_newer_one_asks_for_an_upgrade(terminal: Terminal) -> None:
    terminal.petition()
    database = Database(settings_of(terminal).database_url)

    def version(number: str | None = None) -> str:
        with database.writing() as connection:
            if number:
                connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")
            return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())

    for number, state, said in (("0009", "warn", "banjie backup"), ("9999", "bad", "Upgrade this program")):
        version(number)
        (found,) = of_the_ledger(settings_of(terminal), deep=False, patience=1)
        assert found.state == state
        assert said in found.do[1]
        assert version() == number
    database.close()


def test_a_keystore_that_is_gone_is_named_with_what_to_do(terminal: Terminal) -> None:
    terminal.petition()
    open_desk(settings_of(terminal)).close()
    for file in terminal.folder.glob("keys.db*"):
        file.unlink()
    found = {each.check: each for each in of_the_ledger(settings_of(terminal), deep=False, patience=1)}
    assert found["keystore"].state == "bad"
    assert "banjie keys adopt" in found["keystore"].said[1]
    assert not (terminal.folder / "keys.db").exists(), "none is made in its place"


def test_files_that_others_may_read_and_a_bad_post_book_are_named(terminal: Terminal) -> None:
    terminal.petition()
    (terminal.folder / "banjie.db").chmod(0o644)
    terminal.folder.chmod(0o755)
    (terminal.folder / "post.toml").write_text("default = 3", encoding="utf-8")
    (terminal.folder / "post.toml").chmod(0o600)
    found = {each.check: each for each in of_the_machine(settings_of(terminal))}
    assert found["secrets"].state == "warn"
    assert str(terminal.folder / "banjie.db") in found["secrets"].do[0]
    assert found["post"].state == "bad"
    assert "banjie post check" in found["post"].do[1]


def test_late_alarms_what_waits_and_a_clock_behind_the_ledger_are_told(terminal: Terminal) -> None:
    case = terminal.petition()
    database = Database(settings_of(terminal).database_url)
    long_ago, ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days) for days in (-3, 1))
    with database.writing() as connection:
        connection.execute(sa.update(tables.cases).where(tables.cases.c.id == case).values(next_alarm=long_ago))
        connection.execute(sa.update(tables.outbox).values(queued_at=long_ago))
    found = {each.check: each for each in of_the_ledger(settings_of(terminal), deep=False, patience=1)}
    assert (found["alarms"].state, found["outbox"].state, found["clock"].state) == ("bad", "warn", "well")
    with database.writing() as connection:
        unguarded(connection, "envelopes")
        connection.execute(sa.update(tables.envelopes).values(recorded_at=ahead))
    found = {each.check: each for each in of_the_ledger(settings_of(terminal), deep=False, patience=1)}
    assert found["clock"].state == "bad"
    assert "NTP" in found["clock"].do[1]
    database.close()


@pytest.mark.parametrize(("days", "state"), [(-1, "bad"), (5, "warn"), (90, "well")])
def test_a_certificate_is_told_before_it_ends(tmp_path: Path, days: int, state: str) -> None:
    now = dt.datetime.now(dt.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.test")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=days))
    )
    file = tmp_path / "desk.pem"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    found = {each.check: each for each in of_the_machine(Settings.load(data=tmp_path, web_tls=file))}
    assert found["tls"].state == state


def test_a_chain_that_was_altered_is_found_where_asked_for(terminal: Terminal) -> None:
    case = terminal.petition()
    database = Database(settings_of(terminal).database_url)
    with database.writing() as connection:
        unguarded(connection, "events")
        body = sa.func.replace(tables.events.c.body, "夜间恶臭", "夜间噪声")
        connection.execute(sa.update(tables.events).where(tables.events.c.case_id == case).values(body=body))
    database.close()
    assert states(terminal, "--deep")["chains"] == "bad"
