"""``banjie demo``: thirty petitions through the real engine; what it says is what the ledger says."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters import queries
from adapters.access.accounts import Accounts
from adapters.checking import verify
from adapters.database import Database
from cli.demo.playing import END, county
from cli.demo.stories import STORIES, TOWNSHIPS
from models.commands import COMMANDS
from models.vocabulary import Kind, Status
from tests.cli.conftest import ROOT

SPEED = 300_000


def program(*arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(ROOT / "starter.py"), "demo", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def test_there_are_thirty_petitions_and_the_seed_makes_them_the_same() -> None:
    assert len(STORIES) == 30
    assert list(county()) == list(county())
    assert list(county(1)) != list(county(2))
    for petition in county():
        assert petition.at < END
        assert petition.arrival.unit in {*TOWNSHIPS, "enforcement", "fenglin", "liuhe"}
        for step in petition.story.steps(petition.arrival):
            COMMANDS[step.command].model_validate(step.data)


@pytest.mark.slow
def test_the_demo_plays_through_and_counts_from_the_ledger(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with program("--speed", SPEED, "--data", folder, "--json") as process:
        out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    said = json.loads(out)

    assert (said["received"], said["closed"], said["overdue"], said["open"]) == (30, 23, 3, 4)
    assert said["rate"] == round(23 / 30, 4)
    assert said["tasks"] == 5
    assert [each["code"] for each in said["refused"]] == ["four_eyes"]
    assert all(each["expected"] for each in said["refused"])
    assert said["chain_holds"]

    database = Database(f"sqlite:///{folder / 'banjie.db'}")
    try:
        cases = list(queries.listed(database, queries.Filter()))
        petitions = [case for case in cases if case.kind is Kind.PETITION]
        assert len(petitions) == 30
        assert Counter(case.status.value for case in petitions) == said["by_status"]
        assert sum(case.status in {Status.CLOSED, Status.SIGNED_OFF} for case in petitions) == 23
        reached: Counter[tuple[str, str]] = Counter()
        for case in cases:
            for recorded in queries.history(database, case.id):
                told = recorded.event.said
                if recorded.event.name == "escalated" and str(told["due_at"]) <= said["at"]:
                    recipients = told["recipients"]
                    assert isinstance(recipients, list)
                    assert recipients, "an escalation that reaches nobody"
                    for each in recipients:
                        assert isinstance(each, dict)
                        reached[str(each["person"]), str(told["rung"])] += 1
        assert reached == {
            (each["person"], rung): times
            for each in said["escalated_to"]
            for rung, times in each["rungs"].items()
            if times
        }
        assert verify(database).ok
        accounts = Accounts(database, lambda: datetime.now(UTC))
        people = {name: accounts.of(name) for name in said["accounts"]}
        assert {"admin", "clerk"} <= set(people)
        assert all(each and each.must_change for each in people.values())
        assert accounts.check("clerk", said["accounts"]["clerk"]).must_change
    finally:
        database.close()

    by_person = {each["person"]: each for each in said["escalated_to"]}
    # Who is on leave is stood in for, a vacant post falls upwards, and both county heads hear alike.
    assert by_person["liuhe_deputy"]["ways"] == {"代 liuhe_head": by_person["liuhe_deputy"]["total"]}
    assert "unit_head 空缺，上移至 deputy_county_head" in by_person["county_deputy"]["ways"]
    assert by_person["secretary"]["total"] == by_person["magistrate"]["total"] > 0
    assert "liuhe_head" not in by_person

    with program("--data", folder) as again:
        _, err = again.communicate(timeout=30)
    assert again.returncode == 1
    assert "已有账本" in err


def test_ctrl_c_ends_the_demo_and_leaves_no_server(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with program("--data", folder) as process:
        assert process.stderr is not None
        log = folder / "logs" / "banjie.log"
        first = process.stderr.readline()
        assert str(folder) in first
        while not (log.exists() and "worker_ready" in log.read_text("utf-8")):
            assert process.poll() is None
        record = json.loads((folder / "engine.json").read_text("utf-8"))
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "已中断" in err
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.kill(record["server_pid"], 0)
    assert re.search("worker_drained", log.read_text("utf-8"))
