"""The oldest browser the console is made for: Chromium 92, as some government desks still run it.

What a page uses is looked up in a list of what came later, with the version it came in (as MDN's browser-compat-data
gives it for Chrome). A style or a script that needs one of them is found here before a clerk finds it.
"""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
FLOOR: Final = 92

CSS: Final = {
    r"@layer\b": 99,
    r"@container\b|\bcontainer(-type|-name)?\s*:": 105,
    r":has\(": 105,
    r"@scope\b": 118,
    r"@starting-style\b": 117,
    r"@property\b.*inherits": 85,
    r"\baccent-color\s*:": 93,
    r"\bcolor-mix\(": 111,
    r"\b(ok)?(lab|lch)\(": 111,
    r"\blight-dark\(": 123,
    r"\brgb\(\s*from\b": 119,
    r"\d(d|s|l)v[hw]\b": 108,
    r"\b\d+(cqw|cqh|cqi|cqb)\b": 105,
    r"\btext-wrap\s*:": 114,
    r"\bsubgrid\b": 117,
    r"\banimation-timeline\b|\bview-timeline\b|\bscroll-timeline\b": 115,
    r"\bview-transition": 111,
    r"\binert\b": 102,
    r"\bfield-sizing\s*:": 123,
    r"\boverflow\s*:\s*clip\b": 90,
    r"@media[^{]*\(\s*(width|height)\s*[<>]": 104,
    r"@import[^;]*\blayer\b": 99,
    r"::backdrop\b": 37,
    r"\bmask(-image|-size|-position)?\s*:": 120,
    r"\bfont-palette\b": 101,
    r"\bhyphenate-character\s*:": 106,
    r"\bobject-view-box\b": 104,
    r"\btranslate\s*:|(?<![-\w])rotate\s*:|(?<![-\w])scale\s*:": 104,
    r"\bscrollbar-(color|width|gutter)\s*:": 121,
    # A rule inside a rule: one selector's brace opens before the last one's has closed.
    r"(?m)^[^@{}]*\{[^{}]*[&>.#\w\]:)]\s*\{": 112,
}
JS: Final = {
    r"\.at\(": 92,
    r"\bObject\.hasOwn\b": 93,
    r"\bstructuredClone\(": 98,
    r"\.findLast(Index)?\(": 97,
    r"\.(toSorted|toReversed|toSpliced|with)\(": 110,
    r"\bObject\.groupBy\b|\bMap\.groupBy\b": 117,
    r"\bArray\.fromAsync\b": 121,
    r"\bPromise\.withResolvers\b": 119,
    r"\bPromise\.try\b": 128,
    r"\bAbortSignal\.(timeout|any)\b": 103,
    r"\bnew Set\([^)]*\)\.(union|intersection|difference)\(": 122,
    r"\bstatic\s*\{": 94,
    r"\bcrypto\.randomUUID\b": 92,
    r"\bshowPicker\(": 99,
    r"\bstartViewTransition\(": 111,
    r"\bnavigation\.(navigate|addEventListener)\b": 102,
    r"\bsetHTML\(": 146,
    r"/[gimsuy]*v[gimsuy]*\.test": 112,
    r"\bIntl\.(Segmenter|DurationFormat)\b": 87,
    r"\bCompressionStream\b": 80,
    r"\bReadableStream\.from\b": 130,
    r"\bhidden\s*=\s*[\"']until-found": 102,
    r"\berror\.cause\b|\{\s*cause\s*:": 93,
    r"\bimport\b[^;]*\bwith\s*\{": 123,
}
HTML: Final = {
    r"<dialog\b": 37,
    r"\bpopover(=|\b(?=[ >]))": 114,
    r"\binert(=|\b(?=[ >]))": 102,
    r"<details[^>]*\sname=": 120,
    r"<search\b": 118,
    r"\bcommandfor=": 135,
    r"<selectedcontent\b": 135,
    r"\bloading=\"lazy\"": 77,
    r"\bfetchpriority=": 102,
    r"\bblocking=": 105,
}


def too_new(text: str, features: dict[str, int]) -> list[str]:
    """What a text uses that came after the floor, with its line."""
    plain = re.sub(r"/\*.*?\*/", lambda each: "\n" * each[0].count("\n"), text, flags=re.DOTALL)
    return [
        f"line {plain.count(chr(10), 0, found.start()) + 1}: {found[0].strip()[:60]!r} came with Chromium {version}"
        for pattern, version in features.items()
        if version > FLOOR
        for found in re.finditer(pattern, plain)
    ]


def shipped(ending: str) -> list[Path]:
    return sorted((ROOT / "web").rglob(f"*{ending}"))


@pytest.mark.parametrize("path", shipped(".css"), ids=lambda path: path.name)
def test_a_style_needs_no_browser_newer_than_chromium_92(path: Path) -> None:
    # At-rules around rules are no nesting: they are taken off before it is looked for.
    text = re.sub(r"@(media|supports|page)[^{]*\{", "", path.read_text("utf-8"))
    assert too_new(text, CSS) == []
    assert too_new(path.read_text("utf-8"), {key: value for key, value in CSS.items() if key.startswith("@")}) == []


@pytest.mark.parametrize("path", shipped(".js") or [None], ids=lambda path: path.name if path else "none")
def test_a_script_needs_no_browser_newer_than_chromium_92(path: Path | None) -> None:
    assert path is None or too_new(path.read_text("utf-8"), JS) == []


@pytest.mark.parametrize("path", shipped(".html"), ids=lambda path: path.name)
def test_a_page_needs_no_browser_newer_than_chromium_92(path: Path) -> None:
    assert too_new(path.read_text("utf-8"), HTML) == []


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("@layer base { a { color: red } }", CSS),
        ("li:has(a) { color: red }", CSS),
        ("a { color: color-mix(in srgb, red, blue) }", CSS),
        ("main { min-height: 100dvh }", CSS),
        ("@media (width >= 40em) { a { color: red } }", CSS),
        (".card { color: red;\n  .head { color: blue }\n}", CSS),
        (".card { & > a { color: blue }\n}", CSS),
        ("input { accent-color: red }", CSS),
        ("const copy = structuredClone(it);", JS),
        ("if (Object.hasOwn(it, 'a')) {}", JS),
        ("list.toSorted()", JS),
        ("fetch(url, { signal: AbortSignal.timeout(5) })", JS),
        ("<div popover id=a>", HTML),
        ('<details name="one">', HTML),
    ],
)
def test_what_is_too_new_is_found(text: str, features: dict[str, int]) -> None:
    assert too_new(text, features)


@pytest.mark.parametrize(
    "text",
    [
        "a { color: red }\nb { color: blue }",
        "a:hover, b > c { color: red; transform: rotate(3deg) }\n.d { margin: 0 }",
        "/* @layer is too new */ a { color: red }",
    ],
)
def test_what_is_old_enough_is_let_through(text: str) -> None:
    assert too_new(text, CSS) == []
