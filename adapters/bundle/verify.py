#!/usr/bin/env python3
"""核对办结证据包 · Verify a bundle of evidence made by Banjie 办结.

    python3 -I verify.py [BUNDLE.zip | FOLDER] [--key KEY | --key FILE] [--witness FILE] [--json]

Python 3.9 or newer and its standard library alone; nothing is written and nothing fetched. docs/bundle.md of the
project tells the format, so that anybody can write another verifier. Exit code: 0 sound, 1 not sound, 2 unreadable.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import stat
import sys
import zipfile
import zlib
from datetime import datetime, timedelta
from typing import Any, Iterator
from urllib.parse import quote

FORMAT, GENESIS = "banjie-bundle/1", "0" * 64
SMALL, LINE, CHUNK = 64 << 20, 32 << 20, 1 << 16
ROOM, RATIO = 256 << 20, 300
ENTRIES, MOST = 5_000_000, 200
NAME = re.compile(r"[A-Za-z0-9._%~-]{1,200}(/[A-Za-z0-9._%~-]{1,200}){0,5}")
HEX = re.compile(r"[0-9a-f]{64}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
BROKEN = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)


class Problem(Exception):
    """Something that is not right, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Unreadable(Problem):
    """What was given is no bundle that can be read."""


def clean(text: object) -> str:
    """Return a text that a terminal can be shown."""
    return "".join(mark if mark.isprintable() else "?" for mark in str(text)[:300])


def folder_of(case: str) -> str:
    """Return the one folder that a case may lie in."""
    name = quote(case, safe="", errors="replace").replace("~", "%7E")
    name = name if name.strip(".") else name.replace(".", "%2E")
    if len(name) > 120:
        name = f"{name[:120]}~{hashlib.sha256(case.encode('utf-8', 'replace')).hexdigest()[:16]}"
    return f"cases/{name}"


# ── reading, bounded ──


class Bundle:
    """A bundle's files, from a ZIP or a folder; no more is unpacked than the size of what lies there can explain."""

    def __init__(self, path: str) -> None:
        self.zip: zipfile.ZipFile | None = None
        self.path = path
        self.names: dict[str, Any] = {}
        self.strange: list[str] = []
        self.left = float("inf")
        if os.path.isdir(path):
            self._walk()
            return
        if not os.path.exists(path):
            raise Unreadable(f"没有这个文件：{clean(path)}", f"there is no such file: {clean(path)}")
        try:
            self.left = ROOM + RATIO * os.path.getsize(path)
            self.zip = zipfile.ZipFile(path)
            entries = self.zip.infolist()
        except (*BROKEN, MemoryError, IndexError) as fault:
            raise Unreadable(f"不是可读的 ZIP：{clean(fault)}", f"no ZIP that can be read: {clean(fault)}") from None
        if len(entries) > ENTRIES:
            raise Unreadable("ZIP 内文件过多", "the ZIP holds too many files")
        for entry in entries:
            link = stat.S_ISLNK(entry.external_attr >> 16)
            name = f"{entry.orig_filename} (link)" if link else entry.orig_filename
            self._enter(name, entry, folder=entry.is_dir() and not entry.file_size and not link)

    def _walk(self) -> None:
        for folder, folders, files in os.walk(self.path):
            for name in [*files, *(each for each in folders if os.path.islink(os.path.join(folder, each)))]:
                whole = os.path.join(folder, name)
                inside = os.path.relpath(whole, self.path).replace(os.sep, "/")
                regular = stat.S_ISREG(os.lstat(whole).st_mode)
                if name not in LITTER:
                    self._enter(inside if regular else f"{inside} (link)", whole, folder=False)
                if len(self.names) > ENTRIES:
                    raise Unreadable("文件过多", "too many files")

    def _enter(self, name: str, what: Any, *, folder: bool) -> None:
        plain = name.rstrip("/") if folder else name
        if not NAME.fullmatch(plain) or any(set(part) <= {"."} for part in plain.split("/")) or name in self.names:
            self.strange.append(name)
        elif not folder:
            self.names[name] = what

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes, a part at a time."""
        what = self.names.get(name)
        if what is None:
            raise Problem("文件缺失", "the file is missing")
        try:
            if self.zip is not None and (what.flag_bits & 1 or what.compress_type not in {0, 8}):
                raise Problem("文件加密或压缩方式不明", "the file is encrypted, or packed in an unknown way")
            with open(what, "rb") if self.zip is None else self.zip.open(what) as stream:
                while chunk := stream.read(CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise Unreadable("解开后过大，疑为压缩炸弹", "it unpacks to far too much: a ZIP bomb")
                    yield chunk
        except BROKEN as fault:
            raise Problem(f"无法解开：{clean(fault)}", f"cannot be unpacked: {clean(fault)}") from None

    def lines(self, name: str, digest: Any) -> Iterator[bytes]:
        """Yield a file's lines, and feed a digest with all of it."""
        rest = b""
        for chunk in self.chunks(name):
            digest.update(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > LINE:
                raise Problem("一行过长", "a line is too long")
        if rest:
            yield rest

    def whole(self, name: str) -> bytes:
        """Return a small file."""
        parts, size = [], 0
        for chunk in self.chunks(name):
            parts.append(chunk)
            size += len(chunk)
            if size > SMALL:
                raise Problem("文件过大", "the file is too large")
        return b"".join(parts)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _number(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError
    return int(digits)


def _nothing(_: str) -> None:
    raise ValueError


READER = json.JSONDecoder(object_pairs_hook=_once, parse_int=_number, parse_constant=_nothing)


def read(raw: bytes) -> dict[str, Any]:
    """Return a JSON object; a name that stands there twice would be read by one reader so, by another otherwise."""
    try:
        found = READER.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Problem("内容不是有效的 JSON 对象", "this is no JSON object that can be read")
    return found


def get(found: dict[str, Any], name: str, sort: type) -> Any:
    """Return a field of the sort it has to be."""
    value: Any = found.get(name)
    right = isinstance(value, sort) and not isinstance(value, bool)
    if not right or (isinstance(value, int) and not 0 <= value < 1 << 53):
        raise Problem(f"字段 {name} 缺失或有误", f"the field {name} is missing or wrong")
    return value


# ── Ed25519 (RFC 8032, 5.1.7), signed notes (C2SP), Merkle trees (RFC 9162, 2.1) ──

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_1 = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


def _add(one: Any, two: Any) -> Any:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Any) -> Any:
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _add(found, point)
        point, scalar = _add(point, point), scalar >> 1
    return found


def _point(raw: bytes) -> Any:
    whole = int.from_bytes(raw, "little")
    y, odd = whole & ((1 << 255) - 1), whole >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_1 % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is that of a key over a message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, nonce, scalar = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or scalar >= L:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(scalar, BASE), _add(nonce, _times(hashed, public))
    return not any((left[i] * right[2] - right[i] * left[2]) % P for i in (0, 1))


def decoded(text: str) -> bytes:
    """Return what base64 holds; nothing where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def key_of(text: str) -> tuple[str, bytes]:
    """Return a key's name ("" where it has none) and its bytes, from ``name+hash+base64``, hexadecimal or base64."""
    text = text.strip()
    if HEX.fullmatch(text.lower()):
        return "", bytes.fromhex(text)
    name, plus, coded = text.partition("+")[0], text.count("+") >= 2, text.split("+", 2)[-1]
    raw = decoded(coded if plus and len(text) > 60 else text)
    if len(raw) == 33 and raw[0] == 1:
        mark = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
        return (name, raw[1:]) if text.partition("+")[2][:8] == mark else ("", b"")
    return ("", raw) if len(raw) == 32 else ("", b"")


class Checkpoint:
    """A signed tree head: its origin, how many leaves, the root, and who signed."""

    def __init__(self, raw: bytes) -> None:
        try:
            text = raw.decode("utf-8")
            body, signatures = text.split("\n\n", 1)
            self.body = f"{body}\n".encode()
            self.origin, size, root = body.split("\n")[:3]
            self.size, self.root = _number(size), decoded(root)
            self.lines = [line.split(" ") for line in signatures.split("\n") if line.startswith("— ")]
        except ValueError:
            raise Problem("检查点无法读取", "the checkpoint cannot be read") from None
        if len(self.root) != 32 or not self.lines or len(self.lines) > 64:
            raise Problem("检查点无法读取", "the checkpoint cannot be read")

    def day_before(self) -> str:
        """Return the instant a day before it was made, as events have it; "" where it does not say when that was.

        What was recorded earlier must stand under it: each root takes in all that there is.
        """
        made = next((line[5:24] for line in self.body.decode().split("\n")[3:] if line.startswith("made ")), "")
        try:
            return (datetime.fromisoformat(made) - timedelta(days=1)).isoformat()
        except (ValueError, OverflowError):
            return ""

    def signed_by(self, keys: list[tuple[str, bytes]]) -> bool:
        """Tell whether one of these keys signed it."""
        for _, name, coded in (line for line in self.lines if len(line) == 3):
            raw = decoded(coded)
            for wanted, key in keys:
                mark = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
                if wanted in {"", name} and raw[:4] == mark and signed(key, self.body, raw[4:]):
                    return True
        return False


def note_in(raw: bytes) -> bytes:
    """Return the checkpoint in a text, as of a letter: from its origin (a key has a "+") to the last signature."""
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    first = next((at for at, line in enumerate(lines) if line.startswith(b"banjie.log/") and b"+" not in line), 0)
    last = max((at for at, line in enumerate(lines) if line.startswith("— ".encode())), default=-1)
    return b"\n".join([*lines[first : last + 1], b""])


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def hashes_of(found: dict[str, Any]) -> list[bytes]:
    """Return the hashes of a proof."""
    given = get(found, "hashes", list)
    if len(given) > 64 or not all(isinstance(each, str) and HEX.fullmatch(each) for each in given):
        raise Problem("证明中的哈希有误", "the hashes of the proof are wrong")
    return [bytes.fromhex(each) for each in given]


def included(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root that a leaf and its path make (RFC 9162, 2.1.3.2), None where they make none."""
    if index >= size:
        return None
    place, last, found = index, size - 1, hashlib.sha256(b"\x00" + leaf).digest()
    for each in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = _node(each, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, each)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def grew(first: int, second: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """Tell whether a tree of ``second`` leaves is one of ``first`` leaves with more behind (RFC 9162, 2.1.4.2)."""
    if first == second:
        return old == new and not path
    if not 0 < first < second or not path:
        return False
    path = [old, *path] if first & (first - 1) == 0 else path
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    one = two = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            one, two = _node(each, one), _node(each, two)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            two = _node(two, each)
        place, last = place >> 1, last >> 1
    return last == 0 and one == old and two == new


# ── checking ──


class Check:
    """One pass over a bundle: what was found wrong, what has to be said besides, and how much there was."""

    def __init__(self, bundle: Bundle, key: str | None, witness: str | None) -> None:
        self.bundle, self.key, self.witness = bundle, key, witness
        self.faults: list[dict[str, Any]] = []
        self.count = 0
        self.notes: list[tuple[str, str]] = []
        self.cases = self.events = self.newer = self.rooted = self.unrooted = 0
        self.checkpoint: Checkpoint | None = None
        self.before = ""
        self.seen: set[str] = {"bundle.json"}

    def wrong(self, file: str, zh: str, en: str, case: str = "", seq: int = 0) -> None:
        """Keep a fault, of very many the first ones."""
        self.count += 1
        if self.count > MOST:
            return
        self.faults.append({"file": clean(file), "case": clean(case), "seq": seq, "zh": zh, "en": en})

    def run(self) -> None:
        """Check everything."""
        try:
            found = read(self.bundle.whole("bundle.json"))
        except Problem as fault:
            raise Unreadable(f"bundle.json：{fault.zh}", f"bundle.json: {fault.en}") from None
        if found.get("format") != FORMAT:
            raise Unreadable(f"不是 {FORMAT} 格式的证据包", f"no bundle of the format {FORMAT}")
        for name in self.bundle.strange:
            self.wrong(name, "文件名重复、越界或不是普通文件", "a name twice, outside the bundle, or no plain file")
        self.guarded("bundle.json", lambda: self.files(get(found, "files", dict), ""))
        if isinstance(found.get("root"), dict) or "root/checkpoint.txt" in self.bundle.names:
            self.guarded("root/checkpoint.txt", self.root)
        elif self.key is not None or self.witness is not None:
            raise Unreadable("证据包没有签名的根，无可比对", "the bundle holds no signed root to be compared")
        self.guarded("cases.jsonl", self.every)
        counts = (found.get("cases"), found.get("events"))
        if counts != (self.cases, self.events) and not self.faults:
            self.wrong("bundle.json", "案件数或事件数与清单不符", "it counts other cases or events than there are")
        for name in sorted(self.bundle.names.keys() - self.seen):
            self.wrong(name, "清单中没有此文件", "no list names this file")

    def guarded(self, file: str, work: Any, case: str = "") -> None:
        """Do a part of the check; what it stumbles over is a fault of that file."""
        try:
            work()
        except Unreadable:
            raise
        except Problem as fault:
            self.wrong(file, fault.zh, fault.en, case)

    def files(self, listed: dict[str, Any], folder: str, case: str = "") -> None:
        """Check the hashes of listed files; whatever was hashed on the way already is left to who did it."""
        for name, told in listed.items():
            whole = folder + name
            self.seen.add(whole)
            if name != "events.jsonl":
                self.guarded(whole, lambda: self.hashed(whole, told), case)  # noqa: B023 - called at once

    def hashed(self, name: str, told: Any, digest: Any = None) -> None:
        """Check one file against what a list tells of it."""
        if digest is None:
            digest = hashlib.sha256()
            for chunk in self.bundle.chunks(name):
                digest.update(chunk)
        base = name.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]
        if not isinstance(told, dict) or told.get("sha256") != digest.hexdigest():
            raise Problem("内容与清单中的哈希不符", "the content does not match the hash in the list")
        if "/files/" in name and base != digest.hexdigest():
            raise Problem("附件与其名称中的哈希不符", "the file does not match the hash it is called by")

    def every(self) -> None:
        """Check every case."""
        for line in self.bundle.lines("cases.jsonl", hashlib.sha256()):
            told = read(line)
            case, folder = get(told, "case", str), get(told, "folder", str)
            self.cases += 1
            if sys.stderr.isatty() and self.cases % 200 == 0:
                print(f"\r… {self.cases}", end="", file=sys.stderr)
            manifest = f"{folder}/manifest.json"
            self.guarded(manifest, lambda: self.case(case, f"{folder}/", get(told, "manifest", str)), case)  # noqa: B023

    def case(self, case: str, folder: str, wanted: str) -> None:
        """Check one case: its list, its chain, its files, its place in the tree."""
        name = f"{folder}manifest.json"
        if name in self.seen:
            raise Problem("案件重复列出", "the case is listed twice")
        self.seen.add(name)
        if folder != f"{folder_of(case)}/":
            raise Problem("目录名不是此案件的", "the folder is not called like the case")
        raw = self.bundle.whole(name)
        told = read(raw)
        files, events, head = get(told, "files", dict), get(told, "events", int), get(told, "head", str)
        leaf: dict[str, Any] = {}
        if self.checkpoint and told.get("proof") is not None:
            self.guarded(name, lambda: leaf.update(self.proof(case, get(told, "proof", dict))), case)
        elif self.checkpoint:
            self.unrooted += 1
        digest = hashlib.sha256()
        good = self.count
        self.guarded(f"{folder}events.jsonl", lambda: self.chain(case, folder, (events, head), leaf, digest), case)
        self.files(files, folder, case)
        if self.count == good and "events.jsonl" in files:
            self.guarded(
                f"{folder}events.jsonl", lambda: self.hashed(f"{folder}events.jsonl", files["events.jsonl"], digest)
            )
        if hashlib.sha256(raw).hexdigest() != wanted or told.get("case") != case:
            raise Problem("案件清单与总清单不符", "the case's list is not the one that cases.jsonl names")

    def chain(self, case: str, folder: str, wanted: tuple[int, str], leaf: Any, digest: Any) -> None:
        """Follow a case's chain from its first event; the first one that is not as it was written is named."""
        name, previous, seq, good = f"{folder}events.jsonl", GENESIS, 0, True
        kept = self.links(f"{folder}chain.txt", case)

        def bad(zh: str, en: str, at: int | None = None) -> None:
            nonlocal good
            if good:
                good = False
                self.wrong(name, zh, en, case, seq if at is None else at)

        for line in self.guard_lines(name, digest, bad):
            seq += 1
            hashed = hashlib.sha256(f"{previous}\n".encode() + line).hexdigest()
            if good:
                link = next(kept, None)
                if link is None:
                    bad("多出的事件，链上没有", "an event too many: the chain does not have it")
                elif link != hashed.encode():
                    bad("事件内容与其哈希不符", "the event does not match its hash")
                else:
                    self.event(line, case, seq, bad, covered=seq <= leaf.get("seq", 0))
            if leaf and seq == leaf["seq"] and hashed != leaf["hash"]:
                bad(
                    "至此事件与签名的根不符：其中有事件被改写",
                    "up to this event it is not what the signed root says: something was written anew",
                )
            previous = hashed
        self.events += seq
        if good and next(kept, None) is not None:
            bad("其后的事件缺失", "the events after it are missing")
        if (seq, previous) != wanted:
            bad("末尾事件与清单的链头不符", "the last event is not the one that the list names")
        if leaf and leaf["seq"] > seq:
            bad("末尾事件缺失，签名的根记有更多", "events are missing at the end: the signed root knows more")
        elif leaf:
            self.rooted += 1
            self.newer += seq - leaf["seq"]

    def guard_lines(self, name: str, digest: Any, bad: Any) -> Iterator[bytes]:
        """Yield lines as long as they can be read."""
        at = 0
        try:
            for line in self.bundle.lines(name, digest):
                at += 1
                yield line
        except Unreadable:
            raise
        except Problem as fault:
            bad(fault.zh, fault.en, at + 1)

    def links(self, name: str, case: str) -> Iterator[bytes]:
        """Yield a chain's hashes as long as they can be read."""
        try:
            yield from self.bundle.lines(name, hashlib.sha256())
        except Unreadable:
            raise
        except Problem as fault:
            self.wrong(name, fault.zh, fault.en, case)

    def event(self, line: bytes, case: str, seq: int, bad: Any, *, covered: bool) -> None:
        """Check that an event is one, of this place, and that what the root is newer than stands under it."""
        try:
            found = read(line)
        except Problem as fault:
            bad(fault.zh, fault.en)
            return
        if (found.get("case"), found.get("seq")) != (case, seq):
            bad("事件不属于此处", "the event does not belong here")
        elif not covered and self.before and not INSTANT.fullmatch(str(found.get("recorded_at"))):
            bad("事件没有可读的记录时间", "the event does not say when it was recorded")
        elif not covered and str(found.get("recorded_at"))[:19] < self.before:
            bad("事件早于签名的根，却不在其内", "the signed root is newer than the event, but does not cover it")

    def root(self) -> None:
        """Check the signature of the tree's head, and what a witness holds."""
        found = Checkpoint(self.bundle.whole("root/checkpoint.txt"))
        if self.key is not None:
            keys = [key_of(line) for line in given(self.key) if line.strip()]
        else:
            keys = [key_of(line) for line in self.bundle.whole("root/keys.txt").decode("utf-8", "replace").split("\n")]
        keys = [each for each in keys if each[1]][:64]
        if not keys:
            raise Unreadable("公钥无法读取", "no public key that can be read")
        if not found.signed_by(keys):
            raise Problem("检查点的签名不是所给公钥的", "the checkpoint is not signed by the key")
        self.checkpoint = found
        self.before = found.day_before()
        if self.key is None:
            self.notes.append(
                (
                    "‼ 公钥取自证据包本身：伪造者可一并换掉。请用 --key 给出从纸面或见证文件得到的公钥再核对一次。",
                    "The public key came out of the bundle itself: a forger could have changed it along with the rest. "
                    "Check again with --key and a key from paper or from a witness.",
                )
            )
        if self.witness is not None:
            self.witnessed(found, keys)

    def witnessed(self, found: Checkpoint, keys: list[tuple[str, bytes]]) -> None:
        """Compare the bundle's tree with a checkpoint that was held elsewhere."""
        try:
            with open(str(self.witness), "rb") as file:
                held = Checkpoint(note_in(file.read(CHUNK)))
        except (OSError, Problem) as fault:
            raise Unreadable(
                f"见证文件无法读取：{clean(fault)}", f"the witness cannot be read: {clean(fault)}"
            ) from None
        if held.origin != found.origin or not held.signed_by(keys):
            raise Unreadable("见证文件属于别的账本或别的公钥", "the witness is of another ledger, or of another key")
        if held.size > found.size:
            raise Unreadable("见证比证据包更新，请取较新的证据包", "the witness is newer: take a newer bundle")
        path: list[bytes] = []
        if held.size < found.size:
            if "root/consistency.json" not in self.bundle.names:
                raise Unreadable("证据包无一致性证明", "the bundle holds no consistency proof")
            proofs = get(read(self.bundle.whole("root/consistency.json")), "proofs", dict)
            if not isinstance(proofs.get(str(held.size)), dict):
                raise Unreadable(
                    "证据包无此见证的一致性证明", "the bundle holds no consistency proof from this witness"
                )
            path = hashes_of(proofs[str(held.size)])
        if not grew(held.size, found.size, held.root, found.root, path):
            raise Problem(
                "与见证的根不一致：账本在见证之后被改写过", "it does not go on from the witness: history was rewritten"
            )
        self.notes.append(("✓ 与见证的根一致。", "It goes on from the witness's root."))

    def proof(self, case: str, told: dict[str, Any]) -> dict[str, Any]:
        """Return a case's leaf, which the signed root holds."""
        text = get(told, "leaf", str)
        leaf = read(text.encode("utf-8", "replace"))
        path, size, head = hashes_of(told), get(told, "size", int), self.checkpoint
        made = included(text.encode("utf-8", "replace"), get(told, "index", int), size, path)
        if head is None or size != head.size or made != head.root:
            raise Problem("包含证明与签名的根不符", "the inclusion proof does not lead to the signed root")
        if leaf.get("kind") != "case" or get(leaf, "chain", str) != case:
            raise Problem("证明属于别的案件", "the proof is another case's")
        if not HEX.fullmatch(get(leaf, "hash", str)) or get(leaf, "seq", int) < 1:
            raise Problem("证明所指的事件有误", "the proof names no event")
        return leaf

    def summed(self) -> None:
        """Say what the check proves and what it cannot."""
        if self.checkpoint is None:
            if any(fault["file"] == "root/checkpoint.txt" for fault in self.faults):
                return  # what was wrong with the root is said already
            self.notes.append(
                (
                    "！ 没有签名的根：此核对只证明证据包内部一致，不能发现整套重新伪造。",
                    "No signed root: this shows that the bundle fits together, not that nobody made all of it anew.",
                )
            )
            return
        self.notes.append(
            (
                f"✓ 检查点 {clean(self.checkpoint.origin)}（{self.checkpoint.size} 叶）：{self.rooted} 案在根内。",
                f"Checkpoint {clean(self.checkpoint.origin)} of {self.checkpoint.size} leaves: {self.rooted} cases "
                "stand in the signed root.",
            )
        )
        self.notes.append(
            (
                "！ 签名所证的是事件；timeline 和 document 由事件写出，只由清单的哈希约束，有出入时以事件为准。",
                "What is signed are the events. Timelines and documents are told from them and are held by the lists' "
                "hashes alone: where they differ, the events count.",
            )
        )
        if self.newer or self.unrooted:
            zh = f"！ {self.newer} 个事件、{self.unrooted} 个案件不在此根之内（较新），尚无签名证明。"
            en = f"{self.newer} events, {self.unrooted} cases are not in this root (newer): nothing signed covers them."
            self.notes.append((zh, en))


def given(text: str) -> list[str]:
    """Return the text itself where it is a key, else the lines of the file of that name.

    A bundle that lies unpacked around us may hold a file that is called like the key.
    """
    if key_of(text)[1] or not os.path.isfile(text):
        return [text]
    try:
        with open(text, encoding="utf-8", errors="replace") as file:
            return file.read(CHUNK).split("\n")
    except OSError as fault:
        raise Unreadable(f"公钥无法读取：{clean(fault)}", f"the key cannot be read: {clean(fault)}") from None


def told(check: Check, *, as_json: bool) -> int:
    """Write what came of the check; return the exit code."""
    sound = not check.count
    if as_json:
        notes = [{"zh": zh, "en": en} for zh, en in check.notes]
        whole = {"sound": sound, "cases": check.cases, "events": check.events, "faults": check.faults, "notes": notes}
        print(json.dumps(whole, ensure_ascii=True))
        return 0 if sound else 1
    for each in check.faults:
        where = f"{each['file']} · {each['case']} #{each['seq']}" if each["seq"] else each["file"]
        print(f"✗ {where}：{each['zh']}\n  {where}: {each['en']}")
    if check.count > len(check.faults):
        print(f"✗ … {check.count}")
    for zh, en in check.notes:
        print(f"{zh}\n  {en}")
    if sound:
        print(f"✓ 完好：{check.cases} 个案件、{check.events} 个事件，哈希链完整，文件与清单一致。")
        print(f"  SOUND: {check.cases} cases, {check.events} events; every chain holds, every file is as listed.")
    else:
        print(f"✗ 不完好：{check.count} 处。\n  NOT SOUND: {check.count} faults.")
    return 0 if sound else 1


def main(arguments: list[str] | None = None) -> int:
    """Check a bundle; return the exit code."""
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="核对办结证据包 · Verify a bundle of evidence")
    parser.add_argument(
        "bundle", nargs="?", default=here, help="ZIP 或解开的目录，缺省为本文件所在目录 · ZIP or folder"
    )
    parser.add_argument("--key", help="公钥或其文件，取自纸面或见证 · the public key or its file, from elsewhere")
    parser.add_argument("--witness", help="别处保存的检查点文件 · a checkpoint that was held elsewhere")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")
    wanted = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        check = Check(Bundle(wanted.bundle), wanted.key, wanted.witness)
        check.run()
        check.summed()
        return told(check, as_json=wanted.json)
    except Unreadable as fault:
        zh, en = fault.zh, fault.en
    except KeyboardInterrupt:
        return 130
    except Exception as fault:  # whatever a hostile file makes of us, it is no traceback
        zh = en = f"{type(fault).__name__}: {clean(fault)}"
    if wanted.json:
        print(json.dumps({"sound": False, "unreadable": {"zh": zh, "en": en}}))
    else:
        print(f"✗ 无法核对：{zh}\n  CANNOT BE CHECKED: {en}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
