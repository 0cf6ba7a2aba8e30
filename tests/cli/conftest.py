"""A terminal on a folder of this test's own: commands run in this process, or as a program of their own."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
from typer.testing import CliRunner

from adapters.desk import Desk, open_desk
from adapters.settings import Settings
from cli.app import program
from cli.opening import Place

ROOT = Path(__file__).parents[2]
BANJIE = program()


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        (line,) = self.out.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


@dataclass(frozen=True)
class Terminal:
    """Somebody at a keyboard, with one data folder."""

    folder: Path
    desks: list[Desk] = field(default_factory=list)

    def __call__(self, *arguments: object, stdin: str | bytes | None = None) -> Answer:
        """Type a command; it runs in this process."""
        typed = [*map(str, arguments), "--data", str(self.folder)]
        result = CliRunner().invoke(BANJIE, typed, input=stdin, catch_exceptions=False)
        return Answer(result.exit_code, result.stdout, result.stderr)

    def ok(self, *arguments: object, stdin: str | bytes | None = None) -> Answer:
        """Type a command that succeeds."""
        answer = self(*arguments, stdin=stdin)
        assert answer.code == 0, answer
        return answer

    def json(self, *arguments: object) -> dict[str, Any]:
        """Type a command that succeeds, for its JSON."""
        return self.ok(*arguments, "--json").data

    def petition(self, *more: object) -> str:
        """Register a petition and return its number."""
        case: str = self.json("intake", "--channel", "letter", "--place", "白马乡", "--summary", "夜间恶臭", *more)[
            "case"
        ]
        return case

    def closed(self, *more: object) -> str:
        """Bring a petition all the way to its closure and return its number."""
        case = self.petition(*more)
        for command, actor, *fields in (
            ("accept", "clerk"),
            ("assign", "dispatcher", "--set", "unit=enforcement", "--set", "handler=handler"),
            ("record_findings", "handler", *finding("不属实")),
            ("submit_for_review", "handler"),
            ("approve", "reviewer"),
        ):
            self.ok("act", case, command, "--as", actor, *fields)
        return case

    def desk(self) -> Desk:
        """Open the installation; it is closed after the test."""
        desk = open_desk(Settings.load(self.folder))
        self.desks.append(desk)
        return desk

    def program(
        self, *arguments: object, env: dict[str, str] | None = None, errors: int | IO[str] = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        """Start the installed program, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "starter.py"), *map(str, arguments), "--data", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            env={**os.environ, **(env or {})},
        )

    def ran(self, *arguments: object, env: dict[str, str] | None = None, timeout: float = 30) -> Answer:
        """Run the installed program to its end."""
        with self.program(*arguments, env=env) as process:
            out, err = process.communicate(timeout=timeout)
        return Answer(process.returncode, out, err)


def finding(verdict: str) -> list[str]:
    """The options that record one finding with evidence."""
    fields = {"point": "恶臭", "verdict": verdict, "text": "现场未闻到异味", "evidence.0": f"@{ROOT / 'LICENSE'}"}
    return [part for name, value in fields.items() for part in ("--set", f"findings.0.{name}={value}")]


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new installation to copy: its schema is brought up once."""
    folder = tmp_path_factory.mktemp("fresh") / "data"
    open_desk(Settings.load(folder)).close()
    return folder


@pytest.fixture
def terminal(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Somebody at a keyboard, with a new installation and a wide screen."""
    monkeypatch.setenv("COLUMNS", "240")
    folder = tmp_path / "data"
    shutil.copytree(fresh, folder)
    terminal = Terminal(folder)
    yield terminal
    for desk in terminal.desks:
        desk.close()
    Place.data = None
    # The handler that the last command left behind writes to a terminal that is gone.
    root = logging.getLogger()
    for handler in [each for each in root.handlers if each.get_name() == "banjie"]:
        root.removeHandler(handler)
