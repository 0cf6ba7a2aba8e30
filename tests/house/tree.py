"""The files of this repository as the checks of the house see them."""

import functools
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file that is in git or would be after `git add .`; outside a clone, all but hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [
            path
            for path in ROOT.rglob("*")
            if not any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts)
        ]
    return tuple(sorted(path for path in found if path.is_file()))


def texts() -> list[tuple[str, str]]:
    """Name and text of every file that is text."""
    found = []
    for path in files():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def python() -> list[tuple[str, str]]:
    """Name and text of every Python file."""
    return [(name, text) for name, text in texts() if name.endswith(".py")]


@functools.cache
def pyproject() -> Mapping[str, Any]:
    """pyproject.toml, parsed."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def code_folders() -> list[str]:
    """The top-level folders that hold code of the product (not tests, bench, docs)."""
    return sorted({name.split("/")[0] for name, _ in python() if "/" in name} - {"bench", "docs", "tests"})
