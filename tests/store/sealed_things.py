"""One of everything that is under seal, and the same installation opened by another process."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pyotp
from PIL import Image

from adapters.access.second import SecondFactors
from adapters.attachments.store import Attachments
from adapters.attachments.taking import take_in
from adapters.desk import Desk, open_desk
from adapters.drafts import Drafts
from adapters.intake import intake
from adapters.settings import Settings
from tests.store.desks import Office, another_door
from tests.store.test_sealed import CANARIES, FIELDS

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def now() -> datetime:
    return NOW


class Things:
    """One of each thing that is under seal, and how to see that it is all there."""

    def __init__(self, office: Office) -> None:
        self.case = intake(office.desk, FIELDS, actor="clerk", key="k1", secret=CANARIES).case
        self.code = office.desk.sealer.query_code(self.case)
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
        picture.seek(0)
        with take_in(picture, "现场.jpg", limit=2**20) as taken:
            self.file = taken.sha256
            Attachments(office.database, office.desk.sealer).keep(self.case, taken, by="clerk", at=NOW)
        self.content = self._content(office.desk)
        self.secret = SecondFactors(office.database, office.desk.sealer, now).begin("li")
        Drafts(office.database, office.desk.sealer, now).keep("clerk", "form", {"secret.text": CANARIES["text"]})

    def _content(self, desk: Desk) -> bytes:
        return b"".join(Attachments(desk.database, desk.sealer).parts(self.case, self.file))

    def check(self, desk: Desk) -> None:
        ref = Office(desk).case(self.case).sealed[0]
        assert desk.sealer.open(desk.database, ref) == CANARIES
        assert desk.sealer.ref("k1") == ref
        assert desk.sealer.query_code(self.case) == self.code
        assert self._content(desk) == self.content != b""
        assert Attachments(desk.database, desk.sealer).small(self.case, self.file)
        code = pyotp.TOTP(self.secret).at(NOW)
        factors = SecondFactors(desk.database, desk.sealer, now)
        if not factors.of("li").confirmed:  # type: ignore[union-attr]
            assert len(factors.confirm("li", code)) == 10
        draft = Drafts(desk.database, desk.sealer, now).of("clerk")
        assert draft is not None
        assert draft.values == {"secret.text": CANARIES["text"]}


@contextmanager
def reopened(office: Office, **settings: str) -> Iterator[Desk]:
    """The same installation, as another process opens it."""
    known = office.desk.settings
    given = {"database_url": known.database_url, "keys_url": known.keys_url, **settings}
    desk = open_desk(Settings.load(data=known.data, **given))
    try:
        yield desk
    finally:
        desk.close()


@contextmanager
def another_process(office: Office) -> Iterator[Desk]:
    with reopened(office) as desk, another_door(Office(desk)) as found:
        yield found.desk
