"""Schemathesis against the real application over a real desk: ``make fuzz``, and a short run among the tests.

Requests are generated from the OpenAPI document, with the numbers of cases that are there put into it.
"""

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asked

from adapters.access.tokens import Scope
from models.vocabulary import Status
from tests.store.desks import Office, an_office
from tests.web.pictures import a_photo
from web.app import make_app
from web.house import House
from web.window import Window

API: Final = "/api/v1"
COMMANDS: Final = f"{API}/cases/{{number}}/commands"
DOCUMENT: Final = f"{API}/openapi.json"
ROLES: Final = ("clerk", "handler", "head", "auditor", "administrator")
AT_WORK: Final = (Status.ASSIGNED, Status.REGISTERED, Status.ACCEPTED, Status.REVIEWING, Status.CLOSED)
MAY_BE_WRONG: Final = {
    # What a schema cannot say (a day that has passed, two fields that contradict each other, characters that nobody
    # sees, a cursor of another list) is refused with 422, and a case that went on since an If-Match with 412.
    "expected-statuses": ["2xx", 304, 401, 403, 404, 409, 412, 413, 422]
}


@dataclass
class Outcome:
    """What came of a run."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


class _Counting:
    """Counts what is answered, and serves the document with real numbers in it."""

    def __init__(self, app: ASGIApp, document: dict[str, Any], outcome: Outcome) -> None:
        self.app, self.document, self.outcome = app, json.dumps(document).encode(), outcome

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == DOCUMENT:
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": self.document})
            return

        async def counted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.outcome.requests += 1
                self.outcome.statuses[message["status"]] += 1
            await send(message)

        await self.app(scope, receive, counted)


def run(office: Office, person: str, *, examples: int, seed: int, brief: bool = False) -> Outcome:
    """Send generated requests in somebody's name.

    Args:
        office: a desk.
        person: who asks; with every scope.
        examples: how many for each operation, beside those that cover each of its parameters' limits.
        seed: the same seed makes the same requests.
        brief: leave out what goes through the limits of every command's fields; that is most of it.
    """
    house = House.of(office.desk)
    ticks = itertools.count()
    house.window = Window(lambda: float(next(ticks)))  # time goes by with every call, so that nobody is told to wait
    app = make_app(house)
    outcome = Outcome()
    token = house.tokens.make(person, "fuzz", tuple(Scope), "administrator")
    cases = [office.a_case(status) for status in AT_WORK]
    brought = house.tokens.make("clerk", "fuzz", tuple(Scope), "administrator")
    document, sha = asyncio.run(_prepared(app, brought, cases))
    document = _with_numbers(document, cases, sha)
    config = SchemathesisConfig.from_dict(_settings(token, examples, seed, brief=brief))
    schema = schemathesis.openapi.from_asgi(DOCUMENT, _Counting(app, document, outcome), config=config)
    for event in from_schema(schema).execute():
        outcome.findings += _findings(event)
    return outcome


def _settings(token: str, examples: int, seed: int, *, brief: bool) -> dict[str, Any]:
    return {
        "seed": seed,
        "headers": {"Authorization": f"Bearer {token}"},
        "continue-on-failure": True,
        "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
        "phases": {"stateful": {"enabled": False}},
        "checks": {"positive_data_acceptance": MAY_BE_WRONG},
        # Without an end: tests/web/test_live.py.
        "operations": [
            {"include-path": f"{API}/events", "enabled": False},
            {"include-path": COMMANDS, "phases": {"coverage": {"enabled": not brief}}},
        ],
    }


async def _prepared(app: ASGIApp, token: str, cases: list[str]) -> tuple[dict[str, Any], str]:
    """Return the document as it is served, and the hash of a file that the cases have."""
    headers, way = {"Authorization": f"Bearer {token}"}, httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=way, base_url="http://desk.test", headers=headers) as one:
        sha = ""
        for case in cases:
            sent = {"file": ("现场.jpg", a_photo())}
            sha = (await one.post(f"{API}/cases/{case}/attachments", files=sent)).json()["sha256"]
        return (await one.get(DOCUMENT)).json(), sha


def _with_numbers(document: dict[str, Any], cases: list[str], sha: str) -> dict[str, Any]:
    known = {
        "number": [*cases, "XF0000", "organisation"],
        "sha256": [sha, "0" * 64],
        "name": ["2026-11", "nonsense"],
        "day": ["2026-03-02", "9999-12-31", "nonsense"],
        "year": ["2026", "0", "nonsense"],
    }
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
    return document


def _findings(event: object) -> Iterator[str]:
    if isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.value!r}"
    if isinstance(event, events.FatalError):
        yield repr(event.exception)
    if isinstance(event, events.ScenarioFinished):
        for case, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    failure, sample = check.failure_info.failure, check.failure_info.code_sample[:600]
                    told = f"{failure.title}: {failure.message[:600]}"
                    yield f"{event.recorder.label} {case} {check.name}: {told}\n  {sample}"


def _said(who: str, requests: int, findings: int, statuses: Counter[int]) -> str:
    return f"{who}: {requests} requests, {findings} findings, {dict(sorted(statuses.items()))}"


def main() -> int:
    """Fuzz as several people; 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10, help="for each operation and person")
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--as", dest="people", nargs="*", default=ROLES)
    wanted = parser.parse_args()
    total, found, statuses = 0, 0, Counter[int]()
    for person in wanted.people:
        with tempfile.TemporaryDirectory(prefix="banjie-fuzz-") as folder, an_office(Path(folder)) as office:
            outcome = run(office, person, examples=wanted.examples, seed=wanted.seed)
        for each in outcome.findings:
            print(each)
        print(_said(person, outcome.requests, len(outcome.findings), outcome.statuses))
        total, found, statuses = total + outcome.requests, found + len(outcome.findings), statuses + outcome.statuses
    print(_said("all", total, found, statuses))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
