"""What holds for every file of the house: no secrets, no places, no cycles, no giants."""

import ast
import re
import subprocess
import sys

import pytest

from tests.house import tree


def _any_of(*names: tuple[str, str]) -> str:
    # Put together from pieces, so that this file does not contain what it forbids.
    return "(?:" + "|".join(re.escape(first + second) for first, second in names) + ")"


PLACES = {
    "a folder of one machine": r"(?<![\w.~-])/" + _any_of(("wo", "rk"), ("o", "pt"), ("ro", "ot")) + r"/\w",
    "somebody's home": r"(?<![\w.~-])/" + _any_of(("ho", "me"), ("Us", "ers")) + r"/\w",
    "an address of a package index": _any_of(("py", "pi.org/simple"), ("files.python", "hosted"), ("/sim", "ple/")),
    "an option for a package index": "--"
    + _any_of(("extra-", "index"), ("index-", "url"), ("find-", "links"), ("trusted-", "host")),
    "a setting of a package index": _any_of(("PIP_", "INDEX"), ("PIP_", "EXTRA"), ("PIP_", "FIND"), ("UV_", "INDEX")),
    "a private key": "-----BEGIN (?:[A-Z]+ )?" + "PRIVATE KEY",
}
SECRET = re.compile(
    r"(?i)\b\w*(?:password|passwd|secret|api_?key|auth_?token)\w*\s*"
    r"(?::\s*[\w |\[\]]+)?=\s*[\"'][^\"'\s]{4,}[\"']"
)
LONGEST = 450
# Data written by a program or law texts copied as they are may be longer; the verifier goes out alone, in one file.
MAY_BE_LONG = re.compile(
    r"^(?:LICENSE|policies/|docs/|locale/|CHANGELOG|README|constraints|adapters/bundle/verify\.py)"
    r"|\.(?:json|toml|po|csv|svg|sql)$"
)


@pytest.mark.parametrize("what", PLACES)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(PLACES[what])
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in tree.texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, f"{what} does not belong into the repository:\n" + "\n".join(found)


def test_the_patterns_find_what_they_forbid() -> None:
    samples = {
        "a folder of one machine": "cd /" + "work/" + "main",
        "somebody's home": 'open("/' + "home/" + 'li/x")',
        "an address of a package index": "https://" + "py" + "pi.org/" + "simple/x",
        "an option for a package index": "pip install --" + "index-" + "url x",
        "a setting of a package index": "PIP_" + "INDEX_URL=x",
        "a private key": "-----BEGIN " + "PRIVATE KEY-----",
    }
    assert samples.keys() == PLACES.keys()
    for what, sample in samples.items():
        assert re.search(PLACES[what], sample), what


def test_no_secret_is_written_into_the_product() -> None:
    found = [
        f"{name}:{number}"
        for name, text in tree.texts()
        if not name.startswith(("tests/", "bench/", "docs/"))
        for number, line in enumerate(text.splitlines(), 1)
        if SECRET.search(line)
    ]
    assert not found, "a secret comes from a file made at the first start, never from the source: " + ", ".join(found)
    assert SECRET.search("SECRET_KEY: str = " + '"changeme"')


def test_no_file_grows_into_a_giant() -> None:
    giants = {
        name: lines
        for name, text in tree.texts()
        if not MAY_BE_LONG.search(name) and (lines := text.count("\n")) > LONGEST
    }
    assert not giants, f"one idea a file; split these (at most {LONGEST} lines): {giants}"


def test_every_package_is_under_the_import_contracts() -> None:
    roots = set(tree.pyproject()["tool"]["importlinter"]["root_packages"])
    ours = {folder for folder in tree.code_folders() if (tree.ROOT / folder / "__init__.py").exists()}
    data = {"locale", "policies"}
    assert ours - data <= roots, f"not under contract: {ours - data - roots}"


def test_every_package_is_installed() -> None:
    patterns = tree.pyproject()["tool"]["setuptools"]["packages"]["find"]["include"]
    assert set(tree.code_folders()) <= {pattern.rstrip("*") for pattern in patterns}


def test_every_folder_of_product_code_is_a_package() -> None:
    ours = set(tree.code_folders())
    folders = {(tree.ROOT / name).parent for name, _ in tree.python() if name.split("/")[0] in ours}
    bare = sorted(
        str(folder.relative_to(tree.ROOT))
        for folder in folders
        if not (folder / "__init__.py").exists() and "migrations" not in folder.parts
    )
    assert not bare, f"an __init__.py is missing in {bare}"


def test_the_catalogues_never_take_the_place_of_the_standard_library() -> None:
    assert not (tree.ROOT / "locale" / "__init__.py").exists()
    found = subprocess.run(
        [sys.executable, "-c", "import locale, sys; sys.exit('setlocale' not in vars(locale))"],
        cwd=tree.ROOT,
        check=False,
    )
    assert found.returncode == 0


def test_models_import_the_standard_library_pydantic_and_a_writer_of_json_alone() -> None:
    allowed = sys.stdlib_module_names | {
        "models",
        "pydantic",
        "pydantic_core",
        "annotated_types",
        "typing_extensions",
        "orjson",  # text in, text out, and nothing of the world: docs/adr/0004
    }
    strangers = {
        f"{name}: {module}"
        for name, text in tree.python()
        if name.startswith("models/")
        for module in _imported(text)
        if module.split(".")[0] not in allowed
    }
    assert not strangers


@pytest.mark.parametrize("folder", ["models", "workflows"])
@pytest.mark.parametrize(
    "call",
    ["datetime.now", "datetime.utcnow", "date.today", "time.time", "monotonic", "uuid4", "random", "open"],
)
def test_the_time_the_disk_and_luck_are_never_asked_for(folder: str, call: str) -> None:
    # In workflows Temporal's sandbox would notice, but only in modules that are not passed through it.
    found = [
        f"{name}:{node.lineno}"
        for name, text in tree.python()
        if name.startswith(f"{folder}/")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and f".{ast.unparse(node.func)}".endswith(f".{call}")
        and not ast.unparse(node.func).startswith("workflow.")
    ]
    assert not found, f"models get the moment handed in, workflows ask workflow.{call}(): {found}"


def test_importing_a_package_runs_no_other_layer() -> None:
    for package in ("activities", "workflows", "models"):
        init = tree.ROOT / package / "__init__.py"
        if init.exists():
            above = [module for module in _imported(init.read_text("utf-8")) if not module.startswith(package)]
            ours = [module for module in above if module.split(".")[0] in tree.code_folders()]
            assert not ours, f"{package}/__init__.py pulls {ours} into every workflow's sandbox"


def _imported(text: str) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules
