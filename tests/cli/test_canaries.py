"""Canaries planted wherever a petitioner is told of, a case lived through on real servers, and a search everywhere.

Names, telephones, identity numbers, addresses and words go in by the API, the console's form with a file and a draft,
the command line, and an answer later on. They are looked for as text and in whatever disguise a file may hold them, in
every file the engine leaves behind, in what it says, and in every page and answer of everybody who is not to know.
"""

import base64
import io
import itertools
import json
import os
import signal
import stat
import zipfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi.routing import APIRoute

from adapters import queries
from adapters.access.accounts import Accounts
from adapters.access.tokens import Scope, Tokens
from adapters.attachments.store import Attachments
from adapters.desk import Desk
from models.vocabulary import Status
from tests.cli.conftest import Terminal, finding
from tests.cli.test_up import ended, engine, letters, until
from tests.web.conftest import PASSWORD, QUICK, Browser
from web.app import ROUTERS
from web.house import real_now

NAMES: Final = {"api": "欧阳金丝雀", "console": "上官百灵鸟", "draft": "司徒画眉鸟", "cli": "诸葛云雀儿"}
PHONES: Final = {"api": "13900001234", "console": "13900005678", "draft": "13900009012", "cli": "13900003456"}
NUMBERS: Final = {
    "api": "11010119900307447X",
    "console": "110101198512120031",
    "draft": "110101197001012030",
    "cli": "110101196502174528",
}
STREETS: Final = {
    "api": "河口村十七号院",
    "console": "杨树屯四组六号",
    "draft": "柳林巷二十九号",
    "cli": "石桥头九号",
}
TONGUES: Final = {"api": "臭得头发昏", "console": "熏得睡不着", "draft": "灰得看不清", "cli": "吵得心发慌"}
LATER: Final = "那天夜里是我亲眼瞧见"
FILE_NAME: Final = "上官百灵鸟身份证复印件.pdf"
PDF: Final = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Author(13900005678)>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WORDS: Final = [
    LATER,
    *(word for kind in (NAMES, PHONES, NUMBERS, STREETS, TONGUES) for word in kind.values()),
]
WRONG: Final = (
    "handler",
    "baima_handler",
    "inspector",
    "section",
    "reviewer",
    "head",
    "deputy",
    "magistrate",
    "auditor",
    "admin",
)
"""Everybody but the desk: none of them opens a seal."""
API: Final = "/api/v1"
ENDLESS: Final = {f"{API}/events"}
"""What goes on for as long as somebody listens; `tests/web/test_live.py` looks at what it tells."""


def secret(way: str) -> dict[str, str]:
    """What is told under seal by one way in."""
    text = f"我叫{NAMES[way]}，身份证{NUMBERS[way]}，住{STREETS[way]}，{TONGUES[way]}，电话{PHONES[way]}。"
    return {"petitioner": NAMES[way], "contact": PHONES[way], "text": text}


def disguises(word: str) -> Iterator[bytes]:
    """A word as it may lie in a file: in several encodings, escaped, in base64 at each offset."""
    plain = word.encode()
    yield plain
    yield word.encode("utf-16-le")
    if not word.isascii():
        yield word.encode("gb18030")
        yield json.dumps(word)[1:-1].encode()
        yield httpx.QueryParams({"": word}).__str__()[1:].encode()
    for offset in range(3):
        shifted = base64.b64encode(b"\0" * offset + plain)
        # What is beside the word changes the letters at either end.
        yield shifted[4 if offset else 0 : len(shifted) // 4 * 4 - 4]


FORMS: Final = [(word, form) for word in WORDS for form in disguises(word)]


def told_in(content: bytes) -> list[str]:
    """Which of the words something holds; packed files are looked into."""
    found = {word for word, form in FORMS if form in content}
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            found |= {word for name in packed.namelist() for word in told_in(packed.read(name))}
    return sorted(found)


def test_the_search_finds_what_it_is_to_find() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", f"<w:t>{NAMES['api']}</w:t>")
    name = NAMES["api"]
    for content in (
        f"x{name}y".encode(),
        name.encode("utf-16-le"),
        json.dumps({"a": name}).encode(),
        base64.b64encode(f"abcd{name}efgh".encode()),
        base64.b64encode(f"abcde{name}efgh".encode()),
        base64.b64encode(f"abcdef{name}efgh".encode()),
        f"/cases?q={httpx.QueryParams({'q': name})}".encode(),
        packed.getvalue(),
    ):
        assert told_in(content) == [name], content
    assert told_in("养殖场夜间臭味扰民".encode()) == []


class Desks:
    """People at their browsers and machines, on a console that really listens."""

    def __init__(self, desk: Desk, address: str) -> None:
        self.desk, self.address = desk, address
        self.accounts = Accounts(desk.database, real_now, QUICK)
        self.clients: list[httpx.AsyncClient] = []

    async def browser(self, person: str) -> Browser:
        self.accounts.change(person, self.accounts.make(person), PASSWORD)
        browser = Browser(self._client())
        await browser.go("/login")
        await browser.send("/login", name=person, password=PASSWORD)
        assert browser.answer.status_code == 303, browser.words
        return browser

    def machine(self, person: str) -> httpx.AsyncClient:
        token = Tokens(self.desk.database, real_now).make(person, "测试", tuple(Scope), "admin")
        return self._client(authorization=f"Bearer {token}")

    def _client(self, **headers: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.address, headers=headers, timeout=60)
        self.clients.append(client)
        return client

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()


async def test_no_canary_is_found_anywhere(terminal: Terminal, tmp_path: Path) -> None:
    async with AsyncExitStack() as closing:
        process, said = closing.enter_context(engine(terminal, env={"BANJIE_LOG_LEVEL": "debug"}))
        desks = Desks(terminal.desk(), str(said["web"]).rstrip("/"))
        closing.push_async_callback(desks.close)
        cases = await planted(desks, terminal, tmp_path)
        lived(desks, terminal, tmp_path, cases["api"])
        until(lambda: not any(_case(desks, each).pending for each in cases.values()), "every letter delivered")
        old = {each["name"] for each in terminal.json("keys", "show")["keys"]}
        assert terminal.json("keys", "rotate")["retired"] == sorted(old)
        # Who may know is told, or nothing below would prove anything.
        clerk = desks.machine("clerk")
        for way, case in cases.items():
            answer = await clerk.post(f"{API}/cases/{case}/identity", json={"reason": "contact"})
            assert answer.json()["sealed"][0] == secret(way)
        await nobody_else_reads_them(desks, list(cases.values()))
        exports = exported(terminal, tmp_path, cases["api"])
        alive = left_behind(terminal)
        await erased_while_it_runs(desks, terminal, cases["cli"])
        os.killpg(process.pid, signal.SIGINT)
        spoken = ended(process).encode()
    assert process.returncode == 0
    for name, content in {**exports, "what the engine said": spoken, **alive, **left_behind(terminal)}.items():
        assert told_in(content) == [], name
    letters_only_to_the_petitioner(terminal, cases)


def _case(desks: Desks, number: str) -> Any:
    return queries.case(desks.desk.database, number)


async def planted(desks: Desks, terminal: Terminal, folder: Path) -> dict[str, str]:
    """Take a petition in by every way there is, and leave a draft behind; return the cases."""
    fields = {"channel": "visit", "place": "白马乡", "summary": "群众反映养殖场夜间臭味扰民", "respondent": "养殖场"}
    machine = desks.machine("clerk")
    answer = await machine.post(f"{API}/cases", json={"data": fields, "sealed": secret("api")})
    assert answer.status_code == 201, answer.text
    cases = {"api": answer.json()["case"]}

    clerk = await desks.browser("clerk")
    await clerk.go("/intake")
    sealed = {f"secret.{name}": value for name, value in secret("console").items()}
    kept = await clerk.send("/intake/draft", **fields, **sealed) if 'action="/intake/draft"' in clerk.html else None
    assert kept is None or kept.answer.status_code in {204, 303}
    await clerk.go("/intake")
    await clerk.send("/intake", {"uploads": (FILE_NAME, PDF)}, **fields, **sealed)
    assert clerk.answer.status_code == 303, clerk.words
    cases["console"] = clerk.answer.headers["location"].split("/")[2]
    await clerk.go("/intake")
    marks = clerk.form("/intake")
    key, csrf = (marks.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "csrf"))
    draft = {f"secret.{name}": value for name, value in secret("draft").items()}
    answer = await clerk.client.post("/intake/draft", data={"csrf": csrf, "key": key, **fields, **draft})
    assert answer.status_code == 303
    await clerk.go("/intake")
    assert NAMES["draft"] in clerk.html

    who = {name: value for name, value in secret("cli").items() if name != "text"}
    (folder / "who.json").write_text(json.dumps(who), "utf-8")
    (folder / "text.txt").write_text(secret("cli")["text"], "utf-8")
    cases["cli"] = terminal.petition("--who", folder / "who.json", "--text", folder / "text.txt")
    return cases


def lived(desks: Desks, terminal: Terminal, folder: Path, case: str) -> None:
    """Bring a case from its acceptance to the reply, with a question to the petitioner on the way."""
    for command, actor, *fields in (
        ("accept", "clerk"),
        ("assign", "dispatcher", "--set", "unit=enforcement", "--set", "handler=handler"),
        ("record_findings", "handler", *finding("属实")),
        ("plan_rectification", "handler", "--set", "measures=立行立改"),
        ("ask_petitioner", "clerk", "--set", "text=请说明发生时间"),
    ):
        terminal.ok("act", case, command, "--as", actor, *fields)
    (folder / "answer.txt").write_text(LATER, "utf-8")
    answered = ("--set", "summary_of_answer=说明了时间", "--seal", folder / "answer.txt")
    terminal.ok("act", case, "petitioner_answered", "--as", "clerk", *answered)
    for command, actor, *fields in (
        ("submit_for_review", "handler"),
        ("approve", "reviewer"),
        ("reply", "clerk", "--set", "opinion=support", "--set", "text=已整改"),
    ):
        terminal.ok("act", case, command, "--as", actor, *fields)
    assert _case(desks, case).status is Status.CLOSED


OTHER_PARTS = {
    "day": "2026-03-02",
    "year": 2026,
    "mark": 1,
    "kind": "petition",
    "drawing": "map",
    "lang": "zh",
    "picture": "desk-work.png",
    "code": "odour",
    "token": "t.xml",
    "size": 1,
}
"""What else stands in addresses."""


def addresses(desks: Desks, case: str) -> Iterator[str]:
    """Every page and every answer about one case, by the application's own routes, so that none is forgotten."""
    files = [each.sha256 for each in _files(desks, case)] or ["0" * 64]
    for route in (each for router in ROUTERS for each in router.routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path not in ENDLESS:
            for sha, ending in itertools.product(files, ("docx", "xlsx")):
                parts = {"number": case, "sha256": sha, "ending": ending, "name": "zh", **OTHER_PARTS}
                yield route.path.format(**parts)


async def nobody_else_reads_them(desks: Desks, cases: list[str]) -> None:
    """Look at every page and every answer as everybody who is not of the desk, and as the desk without a reason."""
    paths = [path for case in cases for path in addresses(desks, case)]
    assert len(paths) > 60
    for person in (*WRONG, "dispatcher"):
        browser, machine = await desks.browser(person), desks.machine(person)
        for path in dict.fromkeys(paths):
            if person == "dispatcher" and ("/files/" in path or "/attachments/" in path):
                continue  # a dispatcher may open them, and is written down
            answer = await (machine if path.startswith(API) else browser.client).get(path)
            assert answer.status_code < 500, (person, path)
            assert told_in(answer.content + str(answer.headers.raw).encode()) == [], (person, path)
        if person in WRONG:
            for case in cases:
                answer = await machine.post(f"{API}/cases/{case}/identity", json={"reason": "contact"})
                assert answer.status_code in {403, 404}, (person, case)
                assert told_in(answer.content) == []
    resident = desks._client()
    answer = await resident.get("/public")
    assert told_in(answer.content) == []


async def erased_while_it_runs(desks: Desks, terminal: Terminal, case: str) -> None:
    """Decline a petition, let its letter go out, and erase who complained: the engine records that it is done."""
    terminal.ok("act", case, "decline", "--as", "clerk", "--set", "reason=线索不详")
    until(lambda: not _case(desks, case).pending, "the letter delivered")
    assert told_in(next((terminal.folder / "tray").glob(f"{case}*.txt")).read_bytes()) == [PHONES["cli"], NAMES["cli"]]
    terminal.ok("retention", "propose", case, "--as", "clerk", "--reason", "request")
    terminal.ok("retention", "confirm", case, "--as", "deputy", "--reason", "request")
    until(lambda: not _case(desks, case).pending, "the erasure carried out")
    assert not list((terminal.folder / "tray").glob(f"{case}*"))
    answer = await desks.machine("clerk").post(f"{API}/cases/{case}/identity", json={"reason": "contact"})
    assert (answer.json()["erased"], told_in(answer.content)) == (True, [])
    terminal.ok("verify", "--all")


def _files(desks: Desks, case: str) -> list[Any]:
    return list(Attachments(desks.desk.database, desks.desk.sealer).every(case))


def exported(terminal: Terminal, folder: Path, case: str) -> dict[str, bytes]:
    """What the command line gives out for others."""
    out = folder / "public.xlsx"
    terminal.ok("export", out)
    terminal.ok("bundle", "--all", "--files", folder / "bundle.zip")
    told = {name: terminal.ok(*name.split()).out.encode() for name in (f"show {case}", f"history {case}", "list")}
    bundle = (folder / "bundle.zip").read_bytes()
    return {"the exported table": out.read_bytes(), "the bundle of evidence": bundle, **told}


def left_behind(terminal: Terminal) -> dict[str, bytes]:
    """Every file of the data folder but the letters: the databases with their WALs, keys, logs."""
    found = {
        str(path.relative_to(terminal.folder)): path.read_bytes()
        for path in terminal.folder.rglob("*")
        if path.is_file() and path.parent.name != "tray"
    }
    assert {"banjie.db", "keys.db", "temporal.db", "logs/banjie.log"} <= set(found), sorted(found)
    # The files are the right ones: what may be there is.
    for name in ("banjie.db", "temporal.db"):
        whole = b"".join(content for each, content in found.items() if each.startswith(name))
        assert b"XF2026" in whole, name
    return found


def letters_only_to_the_petitioner(terminal: Terminal, cases: dict[str, str]) -> None:
    """A letter may hold the name of whom it goes to, never their words; others' letters hold nothing."""
    addressed = 0
    assert letters(terminal)
    for path in (terminal.folder / "tray").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        found = told_in(path.read_bytes())
        way = next(way for way, case in cases.items() if path.name.startswith(case))
        assert set(found) <= {NAMES[way], PHONES[way]}, path.name
        addressed += bool(found)
    assert addressed >= 1
