"""The set-up: pins, make targets, what git ignores, what CI runs."""

import re
import stat
import subprocess
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import tree

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.!+_-]+)$")


def pins() -> dict[str, str]:
    lines = (tree.ROOT / "constraints.txt").read_text("utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(each["name"]): each["version"] for each in found if each}


def declared() -> list[Requirement]:
    project = tree.pyproject()["project"]
    extras = [each for group in project["optional-dependencies"].values() for each in group]
    return [Requirement(each) for each in (*project["dependencies"], *extras)]


def test_constraints_hold_names_and_exact_versions_only() -> None:
    for line in (tree.ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert line.startswith("#") or PIN.fullmatch(line), line


def test_constraints_tell_how_to_renew_them() -> None:
    assert "make pins" in (text := (tree.ROOT / "constraints.txt").read_text("utf-8")) or "install pins" in text


def test_everything_that_gets_installed_is_pinned() -> None:
    waiting, seen, unpinned = declared(), set[str](), set[str]()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        wanted = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
        key = f"{name}[{','.join(sorted(requirement.extras))}]"
        if key in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(key)
        if name not in pins():
            unpinned.add(name)
            continue
        for line in metadata.requires(name) or []:
            child = Requirement(line)
            if child.marker is None or any(child.marker.evaluate(environment) for environment in wanted):
                child.marker = None
                waiting.append(child)
    assert not unpinned, f"run make pins: {unpinned}"


def test_what_is_declared_allows_what_is_pinned() -> None:
    pinned = pins()
    assert [str(each) for each in declared() if not each.specifier.contains(pinned[canonicalize_name(each.name)])] == []


def test_the_pins_are_what_these_tests_run_with() -> None:
    running = {name: metadata.version(name) for name in pins() if _installed(name)}
    assert running == {name: version for name, version in pins().items() if name in running}
    assert len(running) > 0.9 * len(pins())


@pytest.mark.parametrize(
    "target", ["help", "install", "run", "test", "check", "guides", "bench", "chaos", "sbom", "audit", "pins"]
)
def test_make_knows(target: str) -> None:
    tried = subprocess.run(
        ["make", "--dry-run", "--question", target],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No rule" not in tried.stderr


@pytest.mark.parametrize("target", ["run", "test", "check", "guides", "bench", "chaos", "sbom", "audit"])
def test_every_target_begins_with_the_set_up(target: str) -> None:
    assert re.search(rf"^{target}: install\b", (tree.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "path",
    [
        ".venv/bin/python",
        "data/banjie.db",
        "data/engine.json",
        "data/keys/wrapping.key",
        "models/__pycache__/x.pyc",
        ".pytest_cache/x",
        ".mypy_cache/x",
        ".ruff_cache/x",
        ".hypothesis/x",
        ".import_linter_cache/x",
        ".coverage",
        "banjie.egg-info/PKG-INFO",
        "build/x",
        "docs/guide/screens/zh/x.png",
        ".env",
    ],
)
def test_git_ignores(path: str) -> None:
    asked = subprocess.run(
        ["git", "check-ignore", "--quiet", "--no-index", path],
        cwd=tree.ROOT,
        capture_output=True,
        check=False,
    )
    if asked.returncode == 128:
        pytest.skip("not a git clone: what git ignores CANNOT BE CHECKED here")
    assert asked.returncode == 0


def test_ci_is_a_program_and_ends_with_the_tests() -> None:
    path = tree.ROOT / ".ci" / "run"
    assert path.stat().st_mode & stat.S_IXUSR
    text = path.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert text.rstrip().splitlines()[-1].startswith("make test")


def test_an_installed_package_brings_every_file_of_the_console() -> None:
    packed = tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    brought = {pattern.removeprefix("**/*") for pattern in packed["web"]}
    there = {path.suffix for folder in ("static", "templates") for path in (tree.ROOT / "web" / folder).iterdir()}
    assert there <= brought


def test_the_licence_is_apache_2() -> None:
    text = (tree.ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert tree.pyproject()["project"]["license"] == "Apache-2.0"


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
