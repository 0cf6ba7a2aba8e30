"""Bundles for tests: made, altered, made anew by a forger, and checked by the verifier as it goes out."""

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.attachments.store import Attachments
from adapters.bundle import verify
from adapters.bundle.making import Made, Source, bundle, pretty
from models.canonical import GENESIS, link
from models.vocabulary import Role, Status
from tests.store.desks import Office

Files = dict[str, bytes]


def a_noted_case(office: Office) -> str:
    """A petition under review, with a note on it."""
    found = office.a_case(Status.REVIEWING)
    office.act(found, Role.CLERK, "note", text="台账齐全")
    return found


def made(office: Office, out: Path, *cases: str, files: bool = False) -> Made:
    """A bundle of some cases, of the whole ledger where none is named."""
    parts = Attachments(office.database, office.desk.sealer).parts if files else None
    return bundle(Source(office.database, office.desk.world(), parts), out, list(cases) or None)


def unpacked(path: Path) -> Files:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(files: Mapping[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def checked(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """What the verifier says of it: the exit code, and its JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = verify.main([str(path), "--json", *options])
    return code, json.loads(out.getvalue())


def first(path: Path, *options: str) -> tuple[str, str, int]:
    """The first thing that the verifier finds: the file, the case, the event."""
    code, found = checked(path, *options)
    assert code == 1, found
    fault = found["faults"][0]
    return fault["file"], fault["case"], fault["seq"]


def events_of(files: Files, case: str) -> list[bytes]:
    return files[f"cases/{case}/events.jsonl"].splitlines()


def with_events(files: Files, case: str, events: list[bytes]) -> Files:
    """The bundle with other events, and nothing else changed."""
    return {**files, f"cases/{case}/events.jsonl": b"".join(each + b"\n" for each in events)}


def forged(files: Files, case: str, events: list[bytes], *, proof: bool = True) -> Files:
    """The bundle with other events and everything that follows from them made anew, but for what is signed."""
    folder, links, head = f"cases/{case}", [], GENESIS
    for each in events:
        head = link(head, each.decode())
        links.append(head.encode())
    new = with_events(files, case, events)
    new[f"{folder}/chain.txt"] = b"".join(each + b"\n" for each in links)
    manifest = json.loads(new[f"{folder}/manifest.json"])
    manifest.update(events=len(events), head=head)
    if not proof:
        manifest["proof"] = None
    for name in ("events.jsonl", "chain.txt"):
        manifest["files"][name] = _told(new[f"{folder}/{name}"])
    new[f"{folder}/manifest.json"] = pretty(manifest)
    lines = [json.loads(each) for each in new["cases.jsonl"].splitlines()]
    for each in lines:
        if each["case"] == case:
            each["manifest"] = hashlib.sha256(new[f"{folder}/manifest.json"]).hexdigest()
    new["cases.jsonl"] = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
    told = json.loads(new["bundle.json"])
    told["events"] += len(events) - len(events_of(files, case))
    told["files"]["cases.jsonl"] = _told(new["cases.jsonl"])
    new["bundle.json"] = pretty(told)
    return new


def _told(content: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
