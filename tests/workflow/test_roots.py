"""The daily root on the real server: its Schedule signs one, and a witness that is away keeps no other from it."""

import asyncio
import contextlib
from pathlib import Path

from adapters.embedded import EmbeddedTemporal
from adapters.roots import making, witness
from adapters.roots.checking import check
from adapters.roots.delivering import delivered
from adapters.roots.witness import Witness
from adapters.schedules import ROOTS
from models.vocabulary import Fate
from tests.store.receivers import write_book
from tests.workflow.desks import a_desk, client_of, running

AWAY = """\
witness = "mail:notary@example.cn"
[channels.mail]
kind = "mail"
host = "127.0.0.1"
port = 1
security = "none"
sender = "desk@example.cn"
"""


async def test_the_schedule_signs_each_root_and_the_witness_that_is_there_has_it(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    folder = tmp_path / "witness"
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
        witness_folder=folder,
    )
    write_book(desk.settings.data, AWAY)
    with contextlib.closing(desk):
        client = await client_of(desk)
        async with running(desk, client) as office:
            await office.until(lambda: list(witness.read(folder)), "the first root is laid with the witness")
            found = (await client.get_schedule_handle(ROOTS).describe()).schedule
            assert (found.state.note, found.spec.time_zone_name) == (
                "every day at 00:10, Asia/Shanghai",
                "Asia/Shanghai",
            )

            def fates() -> dict[Witness, Fate]:
                with desk.database.reading() as connection:
                    return {each.witness: each.fate for each in delivered(connection)}

            wanted = {Witness.FOLDER: Fate.SENT, Witness.POST: Fate.FAILED}
            await office.until(lambda: fates() == wanted, "the letter is being tried, the folder has its copy")
        with desk.database.reading() as connection:
            root = making.latest(connection)
        assert root is not None
        assert [each.note for each in witness.read(folder)] == [root.note]
        assert check(desk.database, folder=folder).ok
