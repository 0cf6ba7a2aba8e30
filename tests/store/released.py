"""Ledgers as released versions left them: small, whole, as text; `python -m tests.store.released` keeps the newest.

Run it once when a version is released: it plays a small desk with the program as it is and writes what SQLite and
PostgreSQL hold into `tests/store/released/REVISION.sqlite.sql` and `.postgresql.sql`. What lies there is never written
again, because no later program could make it: later ones bring it up to date (`tests/store/test_released.py`).
"""

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from adapters.migrations import NEWEST
from models.envelope import Envelope
from models.vocabulary import Role, Status
from tests import schemas
from tests.servers import Postgres, postgres_programs
from tests.store.desks import Office, an_office

FOLDER: Final = Path(__file__).parent / "released"
OPEN: Final = "XF2026000003"
"""A petition of every kept ledger that is assigned, so that whoever brings it up to date can go on with it."""
STATUSES: Final = (Status.CLOSED, Status.RECTIFYING, Status.ASSIGNED, Status.REGISTERED, Status.DECLINED)


def revisions() -> list[str]:
    """The revisions of the ledgers that are kept, the oldest first."""
    return sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.sql")})


def played(office: Office) -> None:
    """A small desk's days: petitions at several stages, a campaign, a plan, a site, a station, a bell that rang."""
    for place, status in enumerate(STATUSES):
        types = ["恶臭", "噪声"][: place % 3]
        office.a_case(
            status, place=f"青石镇第{place + 1}村", types=list(types), campaign="summer" if place == 1 else None
        )
    case = office.case(OPEN)
    assert case.status is Status.ASSIGNED
    if case.alarm:
        office.moments.at = case.alarm.at
        ring = {"clock": case.alarm.clock, "rung": case.alarm.rung, "due_at": case.alarm.at.isoformat()}
        office.act(OPEN, Role.CLOCK, "ring", **ring)
    for person, command, fields in (
        ("dispatcher", "open_campaign", {"title": "夏季攻势"}),
        ("dispatcher", "open_plan", {"title": "工业污染整治"}),
        ("clerk", "register_site", {"title": "王某养猪场", "place": "青石镇", "trade": "养殖"}),
        ("clerk", "register_station", {"title": "青石镇"}),
    ):
        office.door.perform([_asked(office, person, command, **fields)])


def _asked(office: Office, person: str, command: str, **fields: object) -> Envelope:
    case = "campaign:summer" if command == "open_campaign" else None
    told = {"id": f"kept/{command}", "case": case, "actor": person, "command": command, "data": fields}
    return Envelope.model_validate(told)


def restore(revision: str, url: str) -> None:
    """Lay a kept ledger at an address where there is none."""
    address = make_url(url)
    dialect = address.get_backend_name()
    text = (FOLDER / f"{revision}.{dialect}.sql").read_text("utf-8")
    if dialect == "sqlite":
        with sqlite3.connect(str(address.database)) as connection:
            connection.executescript(text)
        connection.close()
        return
    _psql("psql", address.database or "", str(address.query["host"]), "--quiet", "-v", "ON_ERROR_STOP=1", text=text)


def _psql(program: str, database: str, host: str, *arguments: str, text: str | None = None) -> str:
    command = [str(postgres_programs() / program), "-h", host, "-U", "postgres", "-d", database, "-X", *arguments]
    if program == "pg_dump":
        command.remove("-X")
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr}")
    return done.stdout


def main() -> None:
    """Keep the ledger of the newest revision.

    Raises:
        FileExistsError: it is kept already.
    """
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder) / "pg") as server:
        name = schemas.fresh(server)
        for dialect, url in (("sqlite", None), ("postgresql", server.url(name))):
            desk = Path(folder) / dialect
            with an_office(desk, url) as office:
                played(office)
                found = make_url(office.desk.settings.database_url)
            if dialect == "sqlite":
                with sqlite3.connect(str(found.database)) as connection:
                    text = "\n".join(connection.iterdump()) + "\n"
                connection.close()
            else:
                told = ("--inserts", "--no-owner", "--no-privileges", "--no-comments")
                text = _psql("pg_dump", name, str(found.query["host"]), *told)
                # A key for one reading of the file by psql, another in each dump.
                text = "".join(line for line in text.splitlines(True) if not line.startswith(("\\", "--", "\n")))
            with (FOLDER / f"{NEWEST}.{dialect}.sql").open("x", encoding="utf-8") as file:
                file.write(text)
            sys.stdout.write(f"{NEWEST}.{dialect}.sql: {len(text.encode())} bytes\n")


if __name__ == "__main__":
    main()
