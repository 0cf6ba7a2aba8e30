"""The bureau's year 2023, played through the real engine: ``banjie demo --scenario hengnan-2023``.

Everybody acts at the desk's clock through the same door as always. Whoever is late on a busy machine is only late: each
does what is theirs in turn, and the year is over when all of it is done.
"""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from pydantic import JsonValue

from adapters import editions, queries
from adapters.desk import Desk
from adapters.importing import import_sheet
from adapters.intake import intake
from cli.demo.playing import LOOK, PATIENCE, Denied, Play
from cli.demo.year_data import (
    BEGIN,
    CAMPAIGN,
    CATEGORIES,
    CHANNELS,
    END,
    FIRST,
    INDICATORS,
    LAST,
    PATROLLED,
    SKIES,
    TOLD,
    Handed,
    handed_over,
    items,
    morning,
    write_history,
)
from cli.opening import via
from models.envelope import Envelope
from models.refusals import Refused, Unknown
from models.vocabulary import Kind, Status, Verdict

WET_HOURS: Final = (1, 6, 12)
"""Hours after half past eight at which somebody is there on a rainy day: one in each part of it."""
CASES_AT_ONCE: Final = 8
"""Petitions and tasks that are worked on at one time: as many as a desk has hands."""
PIGS: Final[dict[str, JsonValue]] = {"place": "石桥镇新塘村", "types": ["大气"], "respondent": "新塘养猪场"}
"""What the nine filings of the town are about."""


async def year(desk: Desk, play: Play) -> None:
    """Play the year through, then let the engine finish what was due by then."""
    acting = Acting(desk, play)
    await acting.history()
    async with asyncio.TaskGroup() as acts:
        for part in (acting.summer, acting.patrol, acting.storm, acting.inspection, acting.figures):
            acts.create_task(part())
    await acting.until(END)
    await acting.wait_for(acting.settled, patience=PATIENCE)


class Acting:
    """Everybody of the county, at the desk, its clock and its door."""

    def __init__(self, desk: Desk, play: Play) -> None:
        """Keep both."""
        self.desk, self.play = desk, play
        self._hands = asyncio.Semaphore(CASES_AT_ONCE)
        self._acts = 0

    # ── what everybody does ──
    async def do(self, actor: str, command: str, case: str | None = None, **data: JsonValue) -> str:
        """Give a command and return its case; what the desk says no to is kept, and is a fault of the play."""
        self._acts += 1
        envelope = Envelope(
            id=f"year/{case}/{command}/{self._acts}", case=case, actor=actor, command=command, data=data, via=via()
        )
        try:
            (receipt,) = await asyncio.to_thread(self.desk.door.perform, [envelope])
        except Refused as fault:
            self.play.denied.append(
                Denied(case or "", "hengnan-2023", command, actor, fault.code, fault.zh, fault.en, expected=False)
            )
            raise
        return receipt.case

    async def until(self, at: datetime) -> None:
        """Wait until the desk's clock shows an instant."""
        await asyncio.sleep(max(0.0, (self.desk.moments.real(at) - datetime.now(UTC)).total_seconds()))

    async def wait_for(self, what: Callable[[], Any], *, patience: float = 60.0) -> Any:  # noqa: ANN401 - what it says
        """Wait until something is so and return it; after so many real seconds, whatever it is then."""
        ends = asyncio.get_running_loop().time() + patience
        # The ledger is looked at, it does not call.
        while not (found := await asyncio.to_thread(what)) and asyncio.get_running_loop().time() < ends:  # noqa: ASYNC110
            await asyncio.sleep(LOOK)
        return found

    def case(self, number: str) -> Any:  # noqa: ANN401 - a case, None while it is not there
        """Return a case."""
        try:
            return queries.case(self.desk.database, number)
        except Unknown:
            return None

    def settled(self) -> bool:
        """Tell whether nothing that was due by the end is under way."""
        return not queries.signals(self.desk.database).waiting and not queries.late(self.desk.database, END, limit=1)

    # ── the years before ──
    async def history(self) -> None:
        """Bring the ledger of the rounds before in, as any bureau would."""
        path = self.desk.settings.data / "ledger-2017-2022.xlsx"
        await asyncio.to_thread(write_history, path)
        report = await asyncio.to_thread(import_sheet, self.desk, path, actor="clerk", profile="ledger", via=via())
        path.unlink()
        if report.doubts:
            raise RuntimeError(f"the ledger of the years before was not read whole: {report.doubts[0]}")

    # ── the summer's plan ──
    async def summer(self) -> None:
        """Open the plan, have every item done by its unit and approved by somebody else, and conclude it."""
        await self.until(morning(BEGIN.date() + timedelta(days=4)))
        plan = await self.do(
            "acting_deputy",
            "open_plan",
            title="夏季攻势",
            summary=f"{len(CATEGORIES)} 大类整改任务",
            unit="enforcement",
            target="2023-08-31",
        )
        all_items = items()
        told: list[JsonValue] = [dict(each) for each in all_items]
        await self.do("dispatcher", "add_items", plan, task_plans=told)
        async with asyncio.TaskGroup() as acts:
            for number, item in enumerate(all_items, 1):
                acts.create_task(self._item(f"{plan}-R{number}", item, number))
        await self.wait_for(lambda: not self.case(plan).open_tasks)
        await self.do("acting_deputy", "conclude_plan", plan, text="全部完成")

    async def _item(self, number: str, item: dict[str, str], place: int) -> None:
        await self.until(morning(datetime.fromisoformat(item["target"]).date() - timedelta(days=5 + place % 20)))
        await self.wait_for(lambda: self.case(number))
        async with self._hands:
            await self.do(item["handler"], "submit_for_review", number, text="已完成")
            await self.do("reviewer", "approve", number)

    # ── the patrolled enterprise ──
    async def patrol(self) -> None:
        """Patrol an enterprise through dry and wet weeks: once in three dry days, three times a rainy day."""
        opened = BEGIN + timedelta(days=5)
        await self.until(opened)
        station = await self.do("clerk", "register_station", title="金沙镇")
        patrol = await self.do(
            "acting_deputy",
            "open_patrol",
            title="金沙锑业",
            place="金沙镇",
            unit="jinsha",
            handler="jinsha_handler",
            leader="jinsha_head",
            station=station,
        )
        ahead = [*SKIES[1:], (PATROLLED, "")]
        for (day, sky), (last, _) in zip(SKIES, ahead, strict=True):
            begun = opened + timedelta(days=day)
            await self.until(begun)
            await self.do("clerk", "observe_weather", station, sky=sky, seen_at=begun.isoformat(), by_whom="县气象局")
            if sky == "dry":
                visits = [begun + timedelta(days=each) for each in range(0, last - day, 2)]
            else:
                visits = [
                    begun + timedelta(hours=each * 24 + hour) for each in range(last - day) for hour in (1, 6, 12)
                ]
            for visit in visits:
                await self.until(visit)
                await self.do("jinsha_handler", "record_patrol", patrol, text="设施正常", been_at=visit.isoformat())
        await self.until(opened + timedelta(days=PATROLLED))
        await self.do("acting_deputy", "end_patrol", patrol, reason="汛期结束")

    # ── nine filings of one town in two days ──
    async def storm(self) -> None:
        """Take nine filings in, see them together, and handle them as one matter."""
        day = BEGIN.date() + timedelta(days=20)
        filed = []
        for place, (channel, told) in enumerate(zip(CHANNELS, TOLD, strict=True)):
            await self.until(morning(day, 9 + 4 * place))
            filed.append(await self._taken_in(f"storm/{place}", {**PIGS, "channel": channel, "summary": told}))
        lead, *others = filed
        for each in filed:
            await self.do("clerk", "accept", each)
        watch = await self.wait_for(self._watch)
        if watch:
            await self.do("acting_deputy", "adopt_plan", watch)
        for each in others:
            await self.do("clerk", "join", each, leading=lead)
        await self._handled(lead, "shiqiao")
        for each in others:
            await self.wait_for(partial(self._heard, each))
            await self.do("second_reviewer", "close_with_lead", each)
            await self.do("clerk", "reply", each, opinion="support", text="已责令整改，臭味源已清理")

    def _watch(self) -> str | None:
        some = queries.listed(self.desk.database, queries.Filter(kind=Kind.WATCH))
        return next((each.id for each in some if each.status is Status.STORM), None)

    def _heard(self, number: str) -> bool:
        heard = self.case(number).heard
        return bool(heard and heard.status == Status.CLOSED.value and heard.findings)

    # ── the inspection ──
    async def inspection(self) -> None:
        """Take forty petitions in, work every day by order, sign thirty off, and let ten go on by their dates."""
        await self.until(morning(FIRST) - timedelta(days=2))
        campaign = f"campaign:{CAMPAIGN}"
        await self.do(
            "dispatcher",
            "open_campaign",
            campaign,
            title="2023 年省级生态环境保护督察",
            level="provincial",
            first_day=FIRST.isoformat(),
            last_day=LAST.isoformat(),
        )
        order: dict[str, JsonValue] = {
            "number": "督办令 1 号",
            "signatory": "county_deputy",
            "first": FIRST.isoformat(),
            "last": LAST.isoformat(),
        }
        await self.do("county_deputy", "order_all_days", campaign, order=order)
        await self.do(
            "dispatcher",
            "set_group",
            campaign,
            group="综合协调组",
            duty="统筹调度",
            head="acting_deputy",
            members=["dispatcher", "clerk"],
        )
        async with asyncio.TaskGroup() as acts:
            for each in handed_over():
                acts.create_task(self._handed(each))
        for day in (FIRST, LAST):
            found = queries.case(self.desk.database, campaign)
            table = editions.draft(self.desk.database, found, day)
            told = editions.told_of(self.desk.database, found, table)
            await self.do("dispatcher", "publish_results", campaign, **told)

    async def _handed(self, one: Handed) -> None:
        await self.until(one.at)
        case = await self._taken_in(
            f"inspection/{one.number}",
            {
                "channel": "inspection",
                "place": one.place,
                "summary": one.summary,
                "types": [one.kind],
                "respondent": one.respondent,
                "campaign": CAMPAIGN,
                "star": one.star,
                "filings": [{"channel": "inspection", "number": one.number}],
            },
        )
        async with self._hands:
            await self.do("clerk", "accept", case)
            if one.lasting:
                await self._going_on(case, one)
                return
            partly = one.number.endswith("3")
            await self._handled(case, one.unit, verdict="partly_substantiated" if partly else "substantiated")
            if one.number.endswith("01"):
                tally: dict[str, JsonValue] = {"penalties": 1, "fines": 6.5}
                await self.do(f"{one.unit}_handler", "tally_enforcement", case, tally=tally)
            for who, command, data in (
                (f"{one.unit}_handler", "apply_sign_off", {}),
                ("enforcement_inspector", "accept_on_site", {"text": "现场已整改到位"}),
                ("second_reviewer", "countersign", {}),
                ("clerk", "publish_notice", {"where": "县政府网站"}),
                ("acting_deputy", "strike_off", {}),
            ):
                await self.do(who, command, case, **data)

    async def _going_on(self, case: str, one: Handed) -> None:
        """Take to the interim closure what needs works until next year."""
        due = (one.at + timedelta(days=150 + int(one.number[-2:]))).date().isoformat()
        plan: list[JsonValue] = [{"measure": "建设治理设施并验收", "target": due}]
        await self._looked_at(case, one.unit)
        await self.do(f"{one.unit}_handler", "plan_rectification", case, measures="先行停产，限期建设", task_plans=plan)
        await self.wait_for(lambda: self.case(f"{case}-R1"))
        await self.do(f"{one.unit}_handler", "submit_for_review", case, interim=True, text="阶段性办结")
        await self.do("reviewer", "approve_interim", case)

    async def _handled(self, case: str, unit: str, verdict: str = "substantiated") -> None:
        """Take an accepted petition to its closure and answer it."""
        await self._looked_at(case, unit, verdict)
        await self.do(f"{unit}_handler", "plan_rectification", case, measures="立行立改：清理现场，完善设施")
        await self.do(f"{unit}_handler", "submit_for_review", case, text="已整改")
        await self.do("reviewer", "approve", case)
        await self.do("clerk", "reply", case, opinion="support", text=f"情况{Verdict.of(verdict).zh}，已整改")

    async def _looked_at(self, case: str, unit: str, verdict: str = "substantiated") -> None:
        await self.do("dispatcher", "assign", case, unit=unit, handler=f"{unit}_handler", leader="acting_deputy")
        proof: dict[str, JsonValue] = {"sha256": hashlib.sha256(case.encode()).hexdigest(), "name": "现场照片.jpg"}
        found: list[JsonValue] = [
            {
                "point": "举报问题",
                "verdict": verdict,
                "text": f"现场核查{Verdict.of(verdict).zh}",
                "evidence": [proof],
            }
        ]
        await self.do(f"{unit}_handler", "record_findings", case, findings=found)

    async def _taken_in(self, key: str, fields: dict[str, JsonValue]) -> str:
        secret = {"petitioner": f"演示信访人 {key}", "text": f"我反映：{fields['summary']}。"}
        made = await asyncio.to_thread(
            intake, self.desk, fields, actor="clerk", key=f"year/{key}", secret=secret, via=via()
        )
        self.play.cases[made.case] = key
        return made.case

    # ── what was assessed ──
    async def figures(self) -> None:
        """Record how much was assessed in the year and how much complied."""
        await self.until(END - timedelta(days=5))
        for title, counted_in, assessed, compliant in INDICATORS:
            number = await self.do("clerk", "register_indicator", title=title, counted_in=counted_in)
            await self.do("clerk", "record_reading", number, period="2023", assessed=assessed, compliant=compliant)
