"""Temporal's own database, looked through byte by byte: what payloads hold is in it nowhere in plain.

Two desks live the same case on one real server, one as every desk does, one without the codec; what the search finds of
the second it would have found of the first.
"""

import asyncio
import base64
import contextlib
import re
from pathlib import Path
from typing import Final

from temporalio.worker import Replayer

from adapters.codec import codec_of
from adapters.embedded import EmbeddedTemporal
from adapters.keys.rotating import rotate
from adapters.temporal import banjie_plugin, connect
from tests.workflow.desks import Office, a_desk, a_namespace, client_of, running
from tests.workflow.test_update import bare
from workflows.registry import WORKFLOWS

KEYS: Final = tuple(f'"{each}":' for each in ("stage", "ring_at", "due_at", "reactions", "actor", "receipt", "facts"))
"""What the values of payloads are called in JSON."""
STAYS: Final = ("case-XF2026", "CaseStage", "deliver", "perform")
"""What Temporal reads itself, or keeps beside the payloads: ids, names of types, search attributes."""
CASES: Final = {"shut": "XF2026000001", "open": "XF2026000002"}


def said(name: str) -> tuple[str, ...]:
    """What only this desk's payloads hold: an update's envelope, its refusal, facts, the workflow's summary."""
    case = CASES[name]
    return (f"{name}夜间恶臭", f"{name}-envelope", f"{name}-refused", f'"case":"{case}"', f"petition {case}")


def kept(data: Path) -> str:
    """All that lies in the server's database, as text."""
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in sorted(data.glob("temporal.db*")))


async def lived(office: Office, name: str) -> str:
    """A petition with a letter, clocks, updates done and one refused; returns its timer's summary."""
    case = await office.petition(CASES[name])
    handle = office.handle(case)
    await office.settled()
    alarm = office.case(case).alarm
    assert alarm is not None
    accept = office.envelope("accept", "clerk", case).model_copy(update={"id": f"{name}-envelope"})
    await handle.execute_update("perform", bare(accept))
    await handle.execute_update("perform", bare(office.envelope("note", "clerk", case, text=f"{name}夜间恶臭")))
    refused = await handle.execute_update("perform", bare(accept.model_copy(update={"id": f"{name}-refused"})))
    assert refused["refusal"]
    await office.settled()
    known = await office.known(case)
    assert known == office.desk.door.facts(office.case(case))
    return f"{alarm.clock}: {alarm.rung}"


async def read_again(office: Office, case: str) -> None:
    """A worker that has nothing in memory goes on with a case from its history, and replays it."""
    codec = codec_of(office.desk.sealer.keys)
    assign = office.envelope("assign", "dispatcher", case, unit="enforcement", handler="li")
    await asyncio.to_thread(office.desk.door.perform, [assign.model_copy(update={"id": f"{case}-assign"})])
    await office.settled()
    assert await office.known(case) == office.desk.door.facts(office.case(case))
    history = await office.handle(case).fetch_history()
    await Replayer(workflows=list(WORKFLOWS), plugins=[banjie_plugin(codec)]).replay_workflow(history)


async def test_nothing_that_payloads_hold_lies_in_the_servers_database_in_plain(tmp_path: Path) -> None:
    server = EmbeddedTemporal(tmp_path / "temporal", ui=False, restart=False)
    await asyncio.to_thread(server.start)
    found, timer = {}, ""
    try:
        for name, case in CASES.items():
            await a_namespace(server, name)
            desk = await asyncio.to_thread(
                a_desk, tmp_path / name, temporal_address=server.address, temporal_namespace=name
            )
            with contextlib.closing(desk):
                shut = await client_of(desk)
                async with running(desk, shut if name == "shut" else await connect(desk.settings, None)) as office:
                    timer = await lived(office, name)
                # The shut one's worker finds a rotation done meanwhile, the other's what was never encrypted.
                rotate(desk.sealer.keys)
                async with running(desk, await client_of(desk)) as office:
                    await read_again(office, case)
                    history = await office.handle(case).fetch_history()
                    ids = set(re.findall(r"payload-\d{6}", str(base64_free(history.to_json_dict()))))
                assert len(ids) == (2 if name == "shut" else 1)
            found[name] = kept(server.data)
    finally:
        await asyncio.to_thread(server.stop)
    assert [each for each in (*said("shut"), *KEYS, timer) if each in found["shut"]] == []
    assert [each for each in STAYS if each not in found["shut"]] == []
    # Test the test: without the codec the same search finds every one.
    assert [each for each in (*said("open"), *KEYS, timer) if each not in found["open"]] == []


def base64_free(shown: object) -> object:
    """JSON as Temporal shows it, with what metadata hold as text."""
    if isinstance(shown, list):
        return [base64_free(each) for each in shown]
    if not isinstance(shown, dict):
        return shown
    ids = shown.get("encryption-key-id")
    return base64.b64decode(ids) if ids else {name: base64_free(each) for name, each in shown.items()}
