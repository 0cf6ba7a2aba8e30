"""On which line of a TOML text a value stands: in our own documents and in odd forms."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.toml_places import line_of, places

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted((ROOT / "policies").rglob("*.toml")), ROOT / "pyproject.toml"]
ODD = '''# first
"a b" = 1 # one
'c' . d = "x # no comment"
[e."f.g"]
h = [ # many
  1, 2,
  [3, "]"],
  { i = """
text ] with "quotes" and \\""" inside
""", j = { k = true } },
]
l = \'\'\'
\'no\' escape \\\'\'\'
[[m]]
n = 2026-11-01
[[m.o]]
p = "ü"
[[m]]
[m.q]
r = 07:32:00
[[m.o]]
p = ""
'''


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from leaves(part, (*path, name))
    if not isinstance(value, dict | list):
        yield path, value


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_value_of_our_documents_stands_where_it_is_said_to(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found, lines = places(text), text.splitlines()
    for path, value in leaves(tomllib.loads(text)):
        line = lines[found[path] - 1]
        if isinstance(value, str) and "\\" not in line:
            assert value in line
        elif isinstance(value, int) and not isinstance(value, bool):
            assert str(value) in line


def test_odd_forms_are_walked_through() -> None:
    assert len(list(leaves(tomllib.loads(ODD)))) == 13
    found = places(ODD)
    assert {path: found[path] for path, _ in leaves(tomllib.loads(ODD))} == {
        ("a b",): 2,
        ("c", "d"): 3,
        ("e", "f.g", "h", 0): 6,
        ("e", "f.g", "h", 1): 6,
        ("e", "f.g", "h", 2, 0): 7,
        ("e", "f.g", "h", 2, 1): 7,
        ("e", "f.g", "h", 3, "i"): 8,
        ("e", "f.g", "h", 3, "j", "k"): 10,
        ("e", "f.g", "l"): 12,
        ("m", 0, "n"): 14 + 1,
        ("m", 0, "o", 0, "p"): 17,
        ("m", 1, "q", "r"): 20,
        ("m", 1, "o", 0, "p"): 22,
    }
    assert line_of(found, ("e", "f.g", "h", 9)) == 5
    assert line_of(found, ("m", 1, "missing")) == 18
    assert line_of(found, ("nothing",)) is None


def test_what_is_no_toml_is_not_walked() -> None:
    with pytest.raises(ValueError, match="character"):
        places("= 1")
