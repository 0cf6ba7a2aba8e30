"""Fixtures of the process managers' tests: a namespace of one's own on the shared server, and a desk there."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from tests.workflow.desks import Office, a_desk, a_namespace, client_of, running


@pytest.fixture
async def namespace(dev_server: EmbeddedTemporal) -> str:
    """A namespace of `dev_server` that no other test uses: case numbers may be the same."""
    name = f"test-{uuid.uuid4()}"
    await a_namespace(dev_server, name)
    return name


@pytest.fixture
async def desk(tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str) -> AsyncIterator[Desk]:
    """A desk at the real pace, on SQLite, that knows `dev_server`."""
    made = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=namespace
    )
    with contextlib.closing(made):
        yield made


@pytest.fixture
async def office(desk: Desk) -> AsyncIterator[Office]:
    """`desk` with a worker."""
    async with running(desk, await client_of(desk)) as office:
        yield office
