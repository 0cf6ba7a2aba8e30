"""Playing the stories through: everybody at the desk acts at the desk's clock, through the same door as always."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from adapters import queries
from adapters.desk import Desk
from adapters.intake import intake
from cli.demo.stories import MATTERS, STORIES, TOWNSHIPS, Arrival, Step, Story
from cli.opening import via
from models.counting import legal_day
from models.envelope import Envelope
from models.event import Recorded
from models.refusals import Refused, Unknown
from models.vocabulary import Kind

BEGIN: Final = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""When the play begins at the desk: a Monday, half past eight in the morning."""
DAYS: Final = 60
"""Days of the desk that are played."""
END: Final = BEGIN + timedelta(days=DAYS)
ARRIVALS: Final = 10
"""Working days on which petitions come in."""
SEED: Final = 20231123
PATIENCE: Final = 15.0
"""Real seconds that stragglers have after the last day."""
LOOK: Final = 0.1
"""Real seconds between two looks whether what is waited for has come."""


@dataclass(frozen=True)
class Petition:
    """One petition of the demo before it comes in."""

    number: int
    story: Story
    arrival: Arrival
    at: datetime
    matter: tuple[str, str, str]


@dataclass(frozen=True)
class Denied:
    """Something the desk said no to."""

    case: str
    story: str
    command: str
    actor: str
    code: str
    zh: str
    en: str
    expected: bool


@dataclass
class Play:
    """What has come of the play so far, beside the ledger."""

    cases: dict[str, str] = field(default_factory=dict)
    denied: list[Denied] = field(default_factory=list)


def county(seed: int = SEED) -> Iterator[Petition]:
    """Yield the thirty petitions: the seed says where each happens, what it is about and when it comes in."""
    rng = random.Random(seed)  # noqa: S311 - a play, not a secret
    for number, story in enumerate(STORIES, 1):
        week, day = divmod(rng.randrange(ARRIVALS), 5)
        at = BEGIN + timedelta(days=7 * week + day, hours=rng.randrange(1, 6), minutes=rng.randrange(60))
        unit = story.unit or rng.choice(TOWNSHIPS)
        yield Petition(number, story, Arrival(unit, legal_day(at)), at, rng.choice(MATTERS))


async def play(desk: Desk, play: Play) -> None:
    """Play all petitions through until the last day is over, then let the engine finish what was due by then.

    Who waits for a rung of the ladder on a machine too busy to ring in time is waited for, a while.
    """
    stage = Stage(desk, play)
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, stage.left(END)) + PATIENCE), asyncio.TaskGroup() as acts:
            # One clerk takes them in, in the order in which they come: the case numbers are always the same.
            for petition in sorted(county(), key=lambda each: each.at):
                await stage.until(petition.at)
                case = await asyncio.to_thread(stage.arrive, petition)
                acts.create_task(stage.live(petition, case))
            await stage.until(END)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await stage.settle()


class Stage:
    """Where the stories are played: the desk, its clock, its door."""

    def __init__(self, desk: Desk, play: Play) -> None:
        """Keep both."""
        self.desk, self.play = desk, play

    async def live(self, petition: Petition, case: str) -> None:
        """Let everybody do their part in turn."""
        for place, step in enumerate(petition.story.steps(petition.arrival), 1):
            name = f"{case}-R{step.task}" if step.task else case
            base = petition.at if step.when is None else await self._awaited(name, step.when)
            await self.until(base + timedelta(days=step.day))
            if step.task and step.when is None:
                await self._there(name)
            if not await asyncio.to_thread(self._do, petition, step, name, place) and not step.refused:
                return

    def left(self, at: datetime) -> float:
        """Return the real seconds until the desk's clock shows an instant."""
        return (self.desk.moments.real(at) - datetime.now(UTC)).total_seconds()

    async def until(self, at: datetime) -> None:
        """Wait until the desk's clock shows an instant."""
        await asyncio.sleep(max(0.0, self.left(at)))

    async def settle(self) -> None:
        """Wait until nothing that was due by the end is under way any more."""
        while not await asyncio.to_thread(self._settled):  # noqa: ASYNC110 - the ledger is looked at, it does not call
            await asyncio.sleep(LOOK)

    def _settled(self) -> bool:
        return not queries.signals(self.desk.database).waiting and not queries.late(self.desk.database, END, limit=1)

    def arrive(self, petition: Petition) -> str:
        """Take a petition in and return its number."""
        kind, summary, respondent = petition.matter
        channel = petition.story.channel
        organisation = self.desk.world().organisation
        unit = organisation.unit(petition.arrival.unit) if organisation else None
        fields: dict[str, JsonValue] = {
            "channel": channel,
            "place": unit.zh if unit else petition.arrival.unit,
            "summary": summary,
            "types": [kind],
            "respondent": respondent,
        }
        if channel == "inspection":
            day = petition.arrival.day.strftime("%Y%m%d")
            fields["filings"] = [{"channel": channel, "number": f"D3HN{day}{petition.number:04d}"}]
            fields["star"] = True
        made = intake(
            self.desk,
            fields,
            actor="clerk",
            key=f"demo/{petition.number}",
            secret={"petitioner": f"演示信访人 {petition.number}", "text": f"我反映：{summary}。"},
            via=via(),
        )
        self.play.cases[made.case] = petition.story.name
        return made.case

    def _do(self, petition: Petition, step: Step, case: str, place: int) -> bool:
        actor = f"{petition.arrival.unit}_{step.by}" if step.by in {"handler", "head"} else step.by
        envelope = Envelope(
            id=f"demo/{petition.number}/{place}",
            case=case,
            actor=actor,
            command=step.command,
            data=step.data,
            via=via(),
        )
        try:
            self.desk.door.perform([envelope])
        except Refused as refusal:
            self.play.denied.append(
                Denied(
                    case, petition.story.name, step.command, actor, refusal.code, refusal.zh, refusal.en, step.refused
                )
            )
            return False
        return True

    async def _there(self, case: str) -> None:
        """Wait until the engine has opened a task."""
        while await asyncio.to_thread(self._missing, case):  # noqa: ASYNC110 - the ledger is looked at, it does not call
            await asyncio.sleep(LOOK)

    def _missing(self, case: str) -> bool:
        try:
            queries.case(self.desk.database, case)
        except Unknown:
            return True
        return False

    async def _awaited(self, case: str, what: str) -> datetime:
        """Wait for something and return the desk's time at which it came."""
        while True:
            came = await asyncio.to_thread(self._came, case, what)
            if came is not None:
                return came
            await asyncio.sleep(LOOK)

    def _came(self, case: str, what: str) -> datetime | None:
        history = queries.history(self.desk.database, case)
        if what == "done":
            ended = [each for each in history if each.event.name == "task_finished"]
            left = queries.case(self.desk.database, case).open_tasks
            return ended[-1].recorded_at if ended and not left else None
        return next((each.recorded_at for each in history if _rung(each) == what), None)


def _rung(recorded: Recorded) -> str:
    said = recorded.event.said
    return f"{said.get('clock')}.{said.get('rung')}" if recorded.kind is not Kind.ORGANISATION else ""
