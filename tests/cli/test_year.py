"""``banjie demo --scenario hengnan-2023``: the bureau's year, and figures that come out of the ledger by counting."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.annual import counted
from adapters.campaigns import campaign_of, standing
from adapters.database import Database
from cli.demo.year_data import CATEGORIES, END, FIRST, LASTING, RECEIVED, ROUNDS, handed_over, items
from models.annual import Annual, annual
from models.batches import Batch, whole
from models.case import Case
from models.vocabulary import Status
from tests.cli.conftest import ROOT

SPEED = 120_000
TOLD = {
    "历年交办": "256 件",
    "历年交办销号": "246 件",
    "历年交办未办结": "10 件",
    "专项行动 dc2023": "40 件",
    "专项行动 dc2023 办结": "30 件",
    "专项行动 dc2023 办结率": "75.0%",
    "夏季攻势 合计 任务": "75 项",
    "夏季攻势 合计 完成": "75 项",
    "集中来件": "1 起",
    "环境空气质量优良天数 考核": "339 天",
    "环境空气质量优良天数 达标": "324 天",
    "环境空气质量优良天数 达标率": "95.6%",
}
"""What such a bureau's report of 2023 tells."""


def test_the_year_is_the_same_for_a_seed_and_lasts_as_long_as_it_says() -> None:
    assert handed_over() == handed_over()
    assert handed_over(1) != handed_over(2)
    some = handed_over()
    assert (len(some), sum(each.lasting for each in some)) == (RECEIVED, LASTING)
    assert (f"{some[0].at:%m-%d}", f"{some[-1].at:%m-%d}") == ("09-06", "09-26")
    assert [each["category"] for each in items()].count("工业污染治理") == CATEGORIES["工业污染治理"]
    assert min(year for _, year, _, _ in ROUNDS) == 2017


def report_of(folder: Path) -> Annual:
    database = Database(f"sqlite:///{folder / 'banjie.db'}")
    try:
        return annual(counted(database), 2023, END)
    finally:
        database.close()


def inspected(folder: Path) -> tuple[Case, list[Batch], set[str], float]:
    """The inspection as it stands: its campaign, its batches, the verdicts there are, and the fines of all."""
    database = Database(f"sqlite:///{folder / 'banjie.db'}")
    try:
        campaign = campaign_of(database, "dc2023")
        days = standing(database, campaign, END)
        total = whole(days, END)
        verdicts = {each.verdict.value for each in total.cases if each.verdict}
        return campaign, days, verdicts, total.tally["fines"]
    finally:
        database.close()


@pytest.mark.slow
def test_the_bureaus_year_comes_out_of_the_ledger_by_counting_and_changing_one_case_changes_it(tmp_path: Path) -> None:
    folder = tmp_path / "year"
    program = [sys.executable, str(ROOT / "starter.py")]
    played = subprocess.run(
        [*program, "demo", "--scenario", "hengnan-2023", "--speed", str(SPEED), "--data", str(folder), "--json"],
        capture_output=True, text=True, encoding="utf-8", timeout=280, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stderr
    said = json.loads(played.stdout)
    figures = {each["name"]: each for each in said["figures"]}
    assert {name: figures[name]["value"] for name in TOLD} == TOLD
    assert (said["refused"], said["chain_holds"]) == ([], True)
    for category, count in CATEGORIES.items():
        assert figures[f"夏季攻势 {category} 完成"]["value"] == f"{count} 项"
    assert len(figures["历年交办未办结"]["cases"]) == LASTING
    assert int(figures["金沙锑业 已巡"]["value"].split()[0]) >= 20
    assert Path(said["report"]).stat().st_size > 10_000

    campaign, (batch, *_), verdicts, fines = inspected(folder)
    assert [each.name for each in campaign.groups] == ["综合协调组"]
    assert (batch.day, len(verdicts), fines) == (FIRST, 2, 6.5)
    assert len(campaign.editions) == 2, "the tables of two batches"

    before = report_of(folder)
    assert [each.value for each in before.figures] == [each["value"] for each in said["figures"]]
    left = before.parts[-1]
    assert {row[3] for row in left.rows} == {Status.INTERIM.zh}
    assert all("2023-12" in row[4] or "2024" in row[4] for row in left.rows), "each goes on by its date"

    listed = subprocess.run(
        [*program, "list", "--json", "--data", str(folder)], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(listed.stdout)["now"][:10] == END.date().isoformat(), "its clock goes on at the real pace"

    struck = next(each for each in figures["历年交办销号"]["cases"] if each in figures["专项行动 dc2023"]["cases"])
    act = [*program, "act", struck, "reopen", "--as", "acting_deputy", "--set", "reason=回头看发现反弹"]
    done = subprocess.run([*act, "--data", str(folder)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    after = report_of(folder)
    assert [after.figure(name).value for name in ("历年交办销号", "历年交办未办结", "专项行动 dc2023 办结率")] == [
        "245 件", "11 件", "72.5%",
    ]  # fmt: skip
