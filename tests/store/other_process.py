"""Another process at the same ledger: it gets ready, waits for the word, does its work and says what came of it.

Run as a program it takes one JSON job on its first line and one line more for each round; `Other` is the side that
tells it.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from adapters.database import Database, DatabaseAwayError, SchemaError
from adapters.door import Door
from adapters.keys.ring import wrapping_key
from models.envelope import Envelope
from models.refusals import Refused
from tests.core.builders import START
from tests.store.desks import StandingMoments

Answer = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]


class Other:
    """One such process, ready for its rounds when it is made."""

    def __init__(self, job: str, at: datetime = START, **more: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.other_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._say(json.dumps({"job": job, "at": at.isoformat(), **more}))

    @classmethod
    def at(cls, url: str, *rounds: Sequence[Envelope], patience: float = 10.0) -> Self:
        """One that performs envelopes, each for itself."""
        written = [[envelope.model_dump(mode="json", exclude_unset=True) for envelope in each] for each in rounds]
        return cls("perform", url=url, patience=patience, rounds=written)

    def ready(self) -> Self:
        assert self._hear() == "ready"
        return self

    def go(self) -> Self:
        self._say("go")
        return self

    def answers(self) -> list[Answer]:
        """What came of the round."""
        answers: list[Answer] = json.loads(self._hear())
        return answers

    def told(self) -> str:
        """The next line of it; "" once it is no more."""
        return self._hear()

    def kill(self) -> None:
        """End it as a lost power would: SIGKILL."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self.ready()

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def perform(job: Answer) -> None:
    database = Database(job["url"], patience=job["patience"])
    door = Door(database, StandingMoments(datetime.fromisoformat(job["at"])))
    with database.reading():
        print("ready", flush=True)
    for each in job["rounds"]:
        envelopes = [Envelope.model_validate(envelope) for envelope in each]
        if not sys.stdin.readline():
            break
        print(json.dumps([_answer(door, envelope) for envelope in envelopes]), flush=True)
    database.close()


def _answer(door: Door, envelope: Envelope) -> Answer:
    try:
        (receipt,) = door.perform([envelope])
    except Refused as refusal:
        return {"refused": refusal.code, "zh": refusal.zh, "en": refusal.en}
    except DatabaseAwayError as fault:
        return {"away": fault.zh}
    return receipt.model_dump(mode="json", include={"envelope", "case", "seq", "event", "repeated"})


def migrate(job: Answer) -> None:
    database = Database(job["url"], patience=20)
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        database.migrate()
        print(json.dumps([{"migrated": True}]), flush=True)
    except (SchemaError, DatabaseAwayError) as fault:
        print(json.dumps([{"refused": fault.zh}]), flush=True)
    database.close()


def key(job: Answer) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps([{"key": wrapping_key(Path(job["folder"])).hex()}]), flush=True)


def register(job: Answer) -> None:
    """Register petitions one after another, without an end, and say the number of each that is acknowledged."""
    database = Database(job["url"], patience=20)
    door = Door(database, StandingMoments(datetime.fromisoformat(job["at"])))
    with database.reading():
        print("ready", flush=True)
    sys.stdin.readline()
    for number in count():
        data = {**job["data"], "summary": f"{job['data']['summary']}，第{number}次反映"}
        envelope = Envelope(id=f"{job['name']}-{number}", actor="clerk", command="register", data=data)
        print(door.perform([envelope])[0].case, flush=True)


def hold(job: Answer) -> None:
    """Hold a write transaction from "ready" until the word."""
    database = Database(job["url"], patience=20)
    with database.writing() as connection:
        connection.exec_driver_sql(job["sql"])
        print("ready", flush=True)
        sys.stdin.readline()
    print(json.dumps([{"done": True}]), flush=True)
    database.close()


if __name__ == "__main__":
    given: Answer = json.loads(sys.stdin.readline())
    {"perform": perform, "migrate": migrate, "key": key, "hold": hold, "register": register}[given["job"]](given)
