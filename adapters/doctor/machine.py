"""The machine: the folder and its disk, files others may read, the post book, the certificate, traces."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cryptography import x509

from adapters.doctor.finding import Check, Finding
from adapters.observing.tracing import wanted
from adapters.post.book import FILE, PostBookError, open_book
from adapters.settings import Settings

FOLDER: Final = Check("folder", ("数据目录", "data folder"))
DISK: Final = Check("disk", ("磁盘空间", "disk"))
SECRETS: Final = Check("secrets", ("文件权限", "file modes"))
POST: Final = Check("post", ("通信簿", "post book"))
TLS: Final = Check("tls", ("控制台证书", "certificate"))
TRACES: Final = Check("traces", ("链路追踪", "traces"))
TIGHT, FULL = 2 * 2**30, 200 * 2**20
"""Bytes left on the disk below which somebody should look, and below which nothing more should be relied on."""
SOON: Final = timedelta(days=21)
SECRET: Final = ("*.db", "*.db-wal", "keys/*", FILE)
"""What nobody but the owner should read."""


def of_the_machine(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Look at what lies around the ledger."""
    data = settings.data
    if not data.is_dir():
        zh, en = f"{data} 不存在，尚未安装。", f"There is no {data}: nothing is installed here yet."
        yield FOLDER.bad(
            (zh, en), ("执行 banjie up，或用 --data 指明目录。", "Run banjie up, or name the folder by --data.")
        )
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield FOLDER.bad(
            (f"{data} 不可读写。", f"{data} cannot be read and written."),
            ("以运行办结的用户执行，或更正目录所有者。", "Run this as the engine's user, or give the folder to it."),
        )
        return
    yield FOLDER.well(str(data), str(data))
    yield _disk(data)
    yield _secrets(data)
    yield _post(data)
    if settings.web_tls is not None:
        yield _certificate(settings.web_tls, now or datetime.now(UTC))
    if wanted() is not None:
        yield _traces()


def _disk(data: Path) -> Finding:
    left = shutil.disk_usage(data).free
    said = (f"剩余 {left / 2**30:.1f} GiB", f"{left / 2**30:.1f} GiB left")
    do = ("清理磁盘或扩容；logs/ 与旧备份可移走。", "Make room: logs/ and old backups may go elsewhere.")
    if left < FULL:
        return DISK.bad(said, do)
    return DISK.warn(said, do) if left < TIGHT else DISK.well(*said)


def _secrets(data: Path) -> Finding:
    files = sorted({path for each in SECRET for path in data.glob(each) if path.is_file()})
    open_to_all = [path for path in files if _is_open(path)]
    # Nobody else comes to a file in a folder that is its owner's alone.
    if os.name == "posix" and _is_open(data) and open_to_all:
        names = " ".join(str(path) for path in open_to_all[:5])
        return SECRETS.warn(
            (f"他人可读：{len(open_to_all)} 个文件", f"others may read {len(open_to_all)} files"),
            (f"执行 chmod 600 {names}", f"Run: chmod 600 {names}"),
        )
    return SECRETS.well("账本、密钥仅所有者可读", "ledger and keys are their owner's alone")


def _is_open(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) & 0o077 != 0


def _post(data: Path) -> Finding:
    try:
        book = open_book(data)
    except PostBookError as fault:
        return POST.fault(fault, ("执行 banjie post check 查看。", "banjie post check tells more."))
    if not (data / FILE).exists():
        return POST.well("没有 post.toml，文书都放入托盘待打印", "no post.toml: every letter waits in the tray")
    return POST.well(f"{len(book.channels)} 个渠道", f"{len(book.channels)} channels")


def _certificate(file: Path, now: datetime) -> Finding:
    do = (
        "更换 BANJIE_WEB_TLS 所指的证书文件，再重启控制台。",
        "Put a new certificate into BANJIE_WEB_TLS's file, restart.",
    )
    try:
        until = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return TLS.bad((f"{file} 不能读作证书。", f"{file} cannot be read as a certificate."), do)
    said = (f"有效至 {until:%Y-%m-%d}", f"valid until {until:%Y-%m-%d}")
    if until <= now:
        return TLS.bad(said, do)
    return TLS.warn(said, do) if until - now < SOON else TLS.well(*said)


def _traces() -> Finding:
    try:
        there = find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        there = False
    if there:
        return TRACES.well("已开启", "on")
    return TRACES.bad(
        (
            "已设置 OTEL_EXPORTER_OTLP_ENDPOINT，但未安装 OpenTelemetry。",
            "An endpoint is set, OpenTelemetry is not installed.",
        ),
        ("执行 pip install 'banjie[otlp]'。", "Run: pip install 'banjie[otlp]'"),
    )
