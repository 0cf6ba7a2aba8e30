"""A case's bundle from the console: those who may take it out, and that it left the house is kept."""

import zipfile
from io import BytesIO
from pathlib import Path

from adapters.access.log import Deed, latest
from models.vocabulary import Status
from tests.store.bundles import checked
from tests.web.conftest import Console
from tests.web.pictures import a_photo
from tests.web.test_api import API


async def test_an_auditor_takes_a_bundle_out_and_it_is_kept(console: Console, tmp_path: Path) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    auditor = await console.logged_in("auditor")
    assert f'href="/cases/{case}/bundle.zip"' in (await auditor.go(f"/cases/{case}")).html
    answer = (await auditor.go(f"/cases/{case}/bundle.zip")).answer
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert f"{case}.zip" in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    (tmp_path / "b.zip").write_bytes(answer.content)
    assert checked(tmp_path / "b.zip")[0] == 0
    (line,) = latest(console.office.database, 9, about=case, deed=Deed.EXPORT)
    assert (line.who, line.granted, line.why) == ("auditor", True, "证据包 bundle")


async def test_the_desks_files_go_along_where_there_are_any(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    sent = {"file": ("a.jpg", a_photo())}
    sha = (await console.machine("handler").post(f"{API}/cases/{case}/attachments", files=sent)).json()["sha256"]
    leader = await console.logged_in("leader")
    assert f'href="/cases/{case}/bundle.zip?files=1"' in (await leader.go(f"/cases/{case}")).html
    for query, there in (("?files=1", True), ("", False)):
        answer = (await leader.go(f"/cases/{case}/bundle.zip{query}")).answer
        with zipfile.ZipFile(BytesIO(answer.content)) as whole:
            assert (f"cases/{case}/files/{sha}.jpg" in whole.namelist()) is there


async def test_others_see_no_button_and_are_turned_away_and_that_is_kept(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    for person in ("clerk", "handler", "reviewer"):
        browser = await console.logged_in(person)
        assert "bundle.zip" not in (await browser.go(f"/cases/{case}")).html
        assert (await browser.go(f"/cases/{case}/bundle.zip")).answer.status_code == 403
        assert (latest(console.office.database, 1)[0].who, latest(console.office.database, 1)[0].granted) == (
            person,
            False,
        )
    auditor = await console.logged_in("auditor")
    assert (await auditor.go("/cases/XF9/bundle.zip")).answer.status_code == 404
