"""Golden histories: today's workflows still do what they did, and what they did is what the ledger tells.

A replay proves the sequence of commands and nothing about the state; so every history is paired with the events that
the ledger had when it was recorded. Warnings are errors here too, those about unfinished handlers among them.
"""

import ast
import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowHistory
from temporalio.worker import Replayer, Worker
from temporalio.workflow import NondeterminismError

import workflows
from activities.signatures import PerformAnswer
from activities.through_the_door import all_activities
from adapters import tables, world_book
from adapters.codec import codec_of
from adapters.desk import Desk
from adapters.letters.tray import Tray
from adapters.temporal import banjie_plugin, converter, worker_options
from models.facts import Facts
from models.lifecycle import BY_COMMAND
from models.policy import ClockRule, Length
from models.refusals import Refused
from models.vocabulary import Kind
from models.world import World
from tests.replay import broken
from tests.replay.golden import FOLDER, WAYS, Golden, Life, PairingError, commanded, pair, payloads
from tests.replay.stories import CASE, STORIES
from tests.sealing import one_key
from tests.workflow.desks import Office, a_desk, client_of, until
from workflows.petition import Petition
from workflows.registry import WORKFLOWS

FORBIDDEN: Final = {"decide", "lifecycle", "policy", "clocks", "react", "guards", "effects", "calendars", "evolve"}
"""Modules of the rules; a workflow that asked one of them could not be replayed under another."""


async def replayed(life: Life, *workflow_types: type) -> None:
    """Replay every run of a life; raises what the replay found."""
    replayer = Replayer(workflows=list(workflow_types or WORKFLOWS), plugins=[banjie_plugin(one_key())])
    for history in life.histories():
        await replayer.replay_workflow(history)


async def beside_replayed(golden: Golden) -> None:
    """Replay what was recorded beside the cases."""
    replayer = Replayer(workflows=list(WORKFLOWS), plugins=[banjie_plugin(one_key())])
    for name, run in golden.beside.items():
        await replayer.replay_workflow(WorkflowHistory.from_json(name, run))


@pytest.fixture(
    params=[(story, way) for way in WAYS for story in sorted(STORIES) if STORIES[story].since <= way],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden.load(*request.param)


async def test_the_history_replays_and_pairs_with_its_events(golden: Golden) -> None:
    for life in golden.lives:
        await replayed(life)
        pair(life)
    await beside_replayed(golden)


def test_every_story_has_its_history_and_every_history_its_story() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"way{way}" for way in WAYS}
    for folder in FOLDER.iterdir():
        told = {name for name, story in STORIES.items() if f"way{story.since}" <= folder.name}
        assert {path.name.removesuffix(".json.gz") for path in folder.iterdir()} == told
    assert len(STORIES) >= 8


def test_every_workflow_there_is_has_a_history() -> None:
    types = set()
    for name in STORIES:
        golden = Golden.load(name)
        for run in [*(run for life in golden.lives for run in life.runs), *golden.beside.values()]:
            started = run["events"][0]["workflowExecutionStartedEventAttributes"]  # type: ignore[index,call-overload]
            types.add(started["workflowType"]["name"])  # type: ignore[index,call-overload]
    # A calendar lives as a campaign does, word for word, and the anchor does nothing at all.
    assert types == {each.__name__ for each in WORKFLOWS} - {"Calendar", "Anchor"}


def test_the_stories_show_everything_a_workflow_can_do() -> None:
    seen: set[str] = set()
    runs = 0
    for name in STORIES:
        for life in Golden.load(name).lives:
            runs = max(runs, len(life.runs))
            found = commanded(life)
            seen |= {"waited" if each.waited else "overdue" for each in found.rings}
            for run in life.runs:
                for event in run["events"]:  # type: ignore[union-attr]
                    assert isinstance(event, dict)
                    seen.add(str(event["eventType"]).removeprefix("EVENT_TYPE_"))
                    scheduled = event.get("activityTaskScheduledEventAttributes")
                    if isinstance(scheduled, dict) and isinstance(kind := scheduled["activityType"], dict):
                        seen.add(str(kind["name"]))
                    marker = event.get("markerRecordedEventAttributes")
                    if isinstance(marker, dict) and "data" in marker["details"]:  # type: ignore[operator]
                        seen.add(payloads(marker["details"]["data"])[0]["activity_type"])  # type: ignore[arg-type,call-overload,index]
    assert seen >= {"ring", "deliver", "link", "perform", "fetch_events", "waited", "overdue"}
    assert seen >= {
        "TIMER_FIRED",
        "TIMER_CANCELED",
        "WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
        "WORKFLOW_EXECUTION_COMPLETED",
        "WORKFLOW_EXECUTION_UPDATE_COMPLETED",
        "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
    }
    assert runs >= 3


def test_nothing_that_anybody_wrote_is_in_a_history() -> None:
    """What goes into the repository is what went to Temporal: facts. An update carries what its sender wrote."""
    for name in set(STORIES) - {"by_updates"}:
        for life in Golden.load(name).lives:
            told = str(commanded(life)) + "".join(str(each) for each in life.runs)
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in told)


# ── test the test ──


@pytest.mark.parametrize(
    ("kind", "story"),
    [
        (broken.AnotherActivity, "prompt_closure"),
        (broken.AnotherTimer, "prompt_closure"),
        (broken.NoLetters, "prompt_closure"),
        (broken.NoLetters, "tasks"),
        (broken.NoRings, "silence"),
        (broken.NoTimer, "silence"),
        (broken.NoTimer, "declined"),
    ],
)
async def test_a_workflow_that_does_one_thing_more_or_less_is_caught(kind: type, story: str) -> None:
    life = Golden.load(story).lives[0]
    with pytest.raises(NondeterminismError):
        await replayed(life, kind)
    await replayed(life, Petition)


def without(life: Life, place: int) -> Life:
    return life.model_copy(update={"events": life.events[:place] + life.events[place + 1 :]})


def changed(life: Life, place: int, **update: object) -> Life:
    events = list(life.events)
    events[place] = events[place].model_copy(update=update)
    return life.model_copy(update={"events": events})


@pytest.mark.parametrize("story", ["silence", "tasks", "look_back_to_the_end", "many_runs"])
def test_a_ledger_that_tells_another_story_than_the_history_is_caught(story: str) -> None:
    life = Golden.load(story).lives[0]
    pair(life)
    for place, event in enumerate(life.events):
        with pytest.raises(PairingError):
            pair(without(life, place))
        if event.role == "clock":
            with pytest.raises(PairingError, match="rings differ"):
                pair(changed(life, place, rung="purple"))
            doubled = event.model_copy(update={"seq": len(life.events) + 1})
            with pytest.raises(PairingError, match="each once"):
                pair(life.model_copy(update={"events": [*life.events, doubled]}))
        if event.reaction:
            with pytest.raises(PairingError, match="reactions differ"):
                pair(changed(life, place, reaction=f"{CASE}#99.1.letter"))


def test_a_ring_before_its_time_is_caught() -> None:
    life = Golden.load("silence").lives[0]
    (run,) = life.runs
    events = run["events"]
    assert isinstance(events, list)
    hurried = [each for each in events if "timerFiredEventAttributes" not in each]  # type: ignore[operator]
    for each in hurried:
        assert isinstance(each, dict)
        if "activityTaskScheduledEventAttributes" in each or "markerRecordedEventAttributes" in each:
            each["eventTime"] = "2026-01-01T00:00:00Z"
    with pytest.raises(PairingError, match="before its time"):
        pair(life.model_copy(update={"runs": [{**run, "events": hurried}]}))


# ── rules may change under a running case ──


def longer(world: World) -> World:
    """The same world with other rules: every clock three days longer, another ladder, another first rung."""
    (policy,) = world.policies.values()

    def slow(rule: ClockRule) -> ClockRule:
        return rule.model_copy(update={"length": Length(count=rule.length.count + 3, unit=rule.length.unit)})

    standard = policy.ladder["standard"]
    ladder = {**policy.ladder, "standard": standard.model_copy(update={"again": 1, "rungs": standard.rungs[1:]})}
    channels = {"letter": policy.channels["letter"]}
    clocks = tuple(map(slow, policy.clock))
    other = policy.model_copy(update={"clock": clocks, "ladder": ladder, "channels": channels})
    other.__dict__.pop("_clocks", None)  # worked out from the rows before
    return replace(world, policies={**world.policies, policy.name: other})


@pytest.fixture
def other_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk under other rules, in force in this very process: workflows share its `models`."""
    rules = longer(world_book.published())
    monkeypatch.setattr(world_book, "published", lambda: rules)
    for row in ("accept", "assign", "record_findings", "approve"):
        monkeypatch.setitem(BY_COMMAND, (Kind.PETITION, row), ())
    desk = a_desk(tmp_path / "desk")
    with closing(desk):
        yield desk


async def test_under_changed_rules_every_history_replays_clean(
    other_rules: Desk, tmp_path: Path, golden: Golden
) -> None:
    # The rules have really changed: the same petition gets another alarm, and what was allowed is refused.
    office = Office(other_rules, client=None)  # type: ignore[arg-type]
    case = await office.petition()
    alarm = office.case(case).alarm
    assert alarm is not None
    assert alarm.rung == "yellow"
    with pytest.raises(Refused):
        await office.perform("accept", "clerk", case)
    for life in golden.lives:
        await replayed(life)
        pair(life)


def test_no_workflow_asks_a_rule() -> None:
    for path in Path(workflows.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("models."):
                assert node.module.removeprefix("models.") not in FORBIDDEN, f"{path.name} imports {node.module}"


# ── whoever waits for an answer gets it ──


Waiting = tuple[WorkflowHandle[object, object], "asyncio.Task[PerformAnswer]", Callable[[], None]]


@asynccontextmanager
async def an_update_under_way(desk: Desk, kind: type) -> AsyncIterator[Waiting]:
    """A workflow that is told to rest while the activity of an update waits for the database.

    Yields:
        The workflow, the update, and what lets the database go.
    """
    client = await client_of(desk)
    office = Office(desk, client)
    case = await office.petition()
    with desk.database.writing() as connection:
        connection.execute(sa.delete(tables.outbox))
    facts = desk.door.facts(office.case(case))
    with ThreadPoolExecutor(4) as executor, ExitStack() as held:
        async with Worker(
            client,
            task_queue=desk.settings.task_queue,
            workflows=[kind],
            activities=all_activities(desk.door, desk.sealer, Tray(desk.tray)),
            activity_executor=executor,
            **worker_options(),
        ):
            handle = await client.start_workflow(
                "Petition",
                {"case": case, "facts": facts},
                id=f"case-{case}",
                task_queue=desk.settings.task_queue,
                task_timeout=timedelta(seconds=2),  # a task that failed is tried again after this long
            )
            envelope = office.envelope("withdraw", "clerk", case, reason="已解决")
            held.enter_context(desk.database.writing())
            update = asyncio.create_task(handle.execute_update("perform", envelope, result_type=PerformAnswer))

            async def begun() -> bool:
                return len((await handle.describe()).raw_description.pending_activities) == 1

            await office.until(begun, "the update's activity is under way")
            await handle.signal("told", facts.model_copy(update={"seq": 99, "alarm": None}))
            yield handle, update, held.close


async def failures(desk: Desk, handle: WorkflowHandle[object, object]) -> list[str]:
    """Why the workflow's tasks failed, if any did."""
    through = converter(codec_of(desk.sealer.keys))
    history = await handle.fetch_history()
    return [
        str(await through.decode_failure(each.workflow_task_failed_event_attributes.failure))
        for each in history.events
        if each.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]


async def test_a_petition_whose_life_is_over_still_answers_who_waits(desk: Desk) -> None:
    async with an_update_under_way(desk, Petition) as (handle, update, let_go):

        async def told() -> bool:
            known = await handle.query("known", result_type=Facts)
            return known is not None and known.seq == 99

        await until(told, "the petition knows that it may rest")
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        let_go()
        answer = await update
        assert answer.receipt is not None
        assert answer.receipt.event == "withdrawn"
        await handle.result()
        assert await failures(desk, handle) == []


async def test_a_workflow_that_leaves_somebody_waiting_is_an_error(desk: Desk) -> None:
    async with an_update_under_way(desk, broken.Hasty) as (handle, update, let_go):

        async def failed() -> bool:
            return bool(await failures(desk, handle))

        await until(failed, "its leaving fails")
        assert "update handlers are still running" in (await failures(desk, handle))[0]
        let_go()
        assert (await update).receipt is not None
