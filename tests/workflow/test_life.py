"""A whole life on the real server: what an operator sees of it at every step, what is left of it, and what never is."""

import asyncio
import base64
import contextlib
import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowExecutionStatus

from adapters.codec import EncryptionCodec, codec_of
from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from models.envelope import Envelope
from models.facts import Facts
from models.vocabulary import Role, Stage, Status
from tests.sealing import opened, told
from tests.workflow.desks import Office, a_desk, client_of, running
from tests.workflow.lives import EVENTS, EVIDENCE, the_life, without_outcomes

CASE = "XF2026000001"
TASKS = (f"{CASE}-R1", f"{CASE}-R2")

LETTERS = sorted(
    [
        "acceptance_notice",
        "assignment_order",
        "assignment_order",
        "task_order",
        "task_order",
        "question",
        "extension_notice",
        "instruction",
        "urging",
        "reply",
    ]
)


async def story(office: Office, case: str) -> str:
    """What Temporal's Web UI shows as the workflow's current details."""
    metadata = await office.handle(case).query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    assert isinstance(metadata, WorkflowMetadata)
    return metadata.current_details


async def attributes(office: Office, case: str) -> dict[str, object]:
    """The search attributes of a case's workflow, by name."""
    found = (await office.handle(case).describe()).typed_search_attributes
    return {pair.key.name: pair.value for pair in found}


async def test_from_register_to_struck_off_operators_see_every_stage(
    tmp_path: Path, database_url: str, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        database_url,
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            async for lived in the_life(office, CASE):
                step, case = lived.step, CASE + lived.step.on
                assert lived.receipt.facts.stage is step.stage, step
                await office.settled(case)
                if step.stage is Stage.OVER:
                    continue
                known = await office.known(case)
                assert known is not None
                assert (known.case, known.stage) == (case, step.stage)
                assert known.seq >= lived.receipt.seq
                assert known == office.desk.door.facts(office.case(case))
                told = await story(office, case)
                assert f"{step.stage.zh} · {step.stage.en}" in told
                assert "next alarm: `" in told  # an open case always has one
                found = await attributes(office, case)
                assert (found["CaseStage"], found["CaseStatus"]) == (step.stage, known.status)
                assert found["CaseKind"] == known.kind
                assert isinstance(found["NextAlarm"], datetime)
                assert found.get("CaseUnit", known.unit) == known.unit
            assert without_outcomes(office.history(CASE)) == EVENTS
            await check_what_is_left(office)


async def check_what_is_left(office: Office) -> None:
    """Struck off: tasks over, letters each once, one workflow each without a failure, the look-back ahead."""
    assert office.case(CASE).status is Status.SIGNED_OFF
    for task in TASKS:
        description = await office.handle(task).describe()
        assert description.status is WorkflowExecutionStatus.COMPLETED
        assert await office.client.get_workflow_handle(f"case-{task}", result_type=Facts).result() == (
            office.desk.door.facts(office.case(task))
        )
    description = await office.handle(CASE).describe()
    assert description.status is WorkflowExecutionStatus.RUNNING
    assert await description.static_summary() == f"petition {CASE}"
    assert office.letters() == office.letters_owed()
    written = [each.letter for case in (CASE, *TASKS) for told in office.history(case) for each in told.event.reactions]
    assert sorted(filter(None, written)) == LETTERS
    for case in (CASE, *TASKS):
        outcomes = [
            str(each.event.said["reaction"])
            for each in office.history(case)
            if each.event.role is Role.ENGINE and "reaction" in each.event.said
        ]
        owed = [reaction for each in office.history(case) for reaction in each.reaction_ids()]
        assert Counter(outcomes) == Counter(owed), case
    found = [each.id async for each in office.client.list_workflows(f"CaseStage = '{Stage.LOOK_BACK}'")]
    assert found == [f"case-{CASE}"]


async def test_no_free_text_and_no_person_reaches_temporal(tmp_path: Path) -> None:
    """Canary words in every field that anybody writes, and under seal; then a look at all that Temporal kept."""
    canaries: set[str] = set()

    def words(name: str) -> str:
        canaries.add(f"金丝雀{name}")
        return f"金丝雀{name}"

    data = tmp_path / "temporal"
    server = EmbeddedTemporal(data, ui=False, restart=False)
    await asyncio.to_thread(server.start)
    try:
        desk = await asyncio.to_thread(a_desk, tmp_path / "desk", temporal_address=server.address)
        with contextlib.closing(desk):
            client = await client_of(desk)
            async with running(desk, client) as office:
                await sealed(office)
                async for _ in the_life(office, CASE, words=words, skip=1):
                    pass
                await office.settled()
            shown = await everything(client, codec_of(desk.sealer.keys))
    finally:
        await asyncio.to_thread(server.stop)
    kept = "".join(path.read_bytes().decode("utf-8", "replace") for path in sorted(data.glob("temporal.db*")))
    assert len(canaries) >= 8
    people = {"王五", "13912345678", "李强", "赵静", "吴清", '"li"', "qian", "zhao", "reviewer", "dispatcher"}
    for source in (shown, kept):
        # Test the test: what may be there is found in both.
        assert CASE in source
        assert "deliver" in source
        assert not [each for each in (*canaries, *people, "金丝雀") if each in source]
    assert "金丝雀" in (tmp_path / "desk" / "banjie.db").read_bytes().decode("utf-8", "replace")


async def test_a_fault_of_the_database_tells_temporal_nothing_of_what_was_written(office: Office, desk: Desk) -> None:
    """The error of a database repeats the statement with all it was to write; none of that may leave with it."""
    await office.petition(CASE)
    await office.perform("accept", "clerk", CASE)
    await office.perform("assign", "dispatcher", CASE, unit="enforcement", handler="li")
    finding = {"point": "金丝雀", "verdict": "substantiated", "text": "金丝雀", "evidence": EVIDENCE}
    await office.perform("record_findings", "zhao", CASE, findings=[finding])
    await office.settled()
    with desk.database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON events WHEN NEW.case_id LIKE '%-R1' "
            "BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    plan = {"measure": "金丝雀", "target": (desk.moments.now() + timedelta(days=20)).date().isoformat()}
    await office.perform("plan_rectification", "li", CASE, measures="金丝雀", task_plans=[plan])

    async def failing() -> list[str]:
        raw = (await office.handle(CASE).describe()).raw_description
        again = [MessageToDict(each) for each in raw.pending_activities if each.attempt > 1]
        return [json.dumps(await opened(each, codec_of(desk.sealer.keys)), ensure_ascii=False) for each in again]

    await office.until(failing, "the task cannot be opened")
    (shown,) = await failing()
    assert "link: " in decoded(shown)  # which activity, and the type of the error
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER broken")
    await office.settled()
    assert office.case(TASKS[0]).measure == "金丝雀"
    history = json.dumps(
        await told(await office.handle(CASE).fetch_history(), codec_of(desk.sealer.keys)), ensure_ascii=False
    )
    assert "lastFailure" in history
    assert "金丝雀" not in decoded(shown + history)


async def sealed(office: Office) -> None:
    """Register with the petitioner and the petitioner's words under seal."""
    sealer = office.desk.sealer
    ref = sealer.ref("register")
    envelope = Envelope(
        id="register",
        case=CASE,
        actor="clerk",
        command="register",
        data={"channel": "letter", "place": "金丝雀place", "summary": "金丝雀summary", "sealed": [ref]},
    )
    row = sealer.seal(ref, {"petitioner": "王五", "contact": "13912345678", "text": "金丝雀原文"})
    await asyncio.to_thread(lambda: office.desk.door.perform([envelope], secrets=[row]))


async def everything(client: Client, codec: EncryptionCodec) -> str:
    """All that Temporal shows of every workflow: histories with their memos and failures, search attributes."""
    shown = []
    async for each in client.list_workflows():
        handle = client.get_workflow_handle(each.id, run_id=each.run_id)
        shown.append(json.dumps(await told(await handle.fetch_history(), codec), ensure_ascii=False))
        described = MessageToDict((await handle.describe()).raw_description)
        shown.append(json.dumps(await opened(described, codec), ensure_ascii=False))
    assert len(shown) >= 2 * 4  # the petition, two tasks, the anchor, and the looks for a pack that is due
    return decoded("".join(shown))


def decoded(shown: str) -> str:
    """Add what payloads hold, which JSON shows in base64, as text."""
    held = [base64.b64decode(each).decode("utf-8", "replace") for each in re.findall(r'"data": ?"([\w+/=]+)"', shown)]
    assert held
    return shown + "\n".join(held)
