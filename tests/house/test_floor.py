"""The oldest browser the console is made for: Chromium 92, as some government desks still run it.

What a page uses is looked up in a list of what came later, with the version it came in (as MDN's browser-compat-data
gives it for Chrome). A style or a script that needs one of them is found here before a clerk finds it.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[2]
FLOOR: Final = 92


class Late(NamedTuple):
    """Something that came after the floor: how it is written, the version it came with, and an example."""

    pattern: str
    version: int
    example: str


CSS: Final = (
    Late(r"@layer\b|@import[^;]*\blayer\b", 99, "@layer base { a { color: red } }"),
    Late(r"@container\b|\bcontainer(-type|-name)?\s*:", 105, "main { container-type: inline-size }"),
    Late(r":has\(", 105, "li:has(a) { color: red }"),
    Late(r":modal\b|:popover-open\b", 105, "div:popover-open { color: red }"),
    Late(r":user-(in)?valid\b", 119, "input:user-invalid { color: red }"),
    Late(r":dir\(", 120, "p:dir(rtl) { color: red }"),
    Late(r"::highlight\(", 105, "::highlight(found) { color: red }"),
    Late(r"::details-content\b", 131, "details::details-content { color: red }"),
    Late(r"@scope\b", 118, "@scope (main) { a { color: red } }"),
    Late(r"@starting-style\b", 117, "@starting-style { a { opacity: 0 } }"),
    Late(r"@media[^{]*\(\s*(width|height)\s*[<>]", 104, "@media (width >= 40em) { a { color: red } }"),
    Late(r"@media[^{]*\(\s*prefers-contrast\b", 96, "@media (prefers-contrast: more) { a { color: red } }"),
    Late(r"@media[^{]*\(\s*scripting\b", 120, "@media (scripting: none) { a { color: red } }"),
    Late(r"@media[^{]*\(\s*update\b", 113, "@media (update: slow) { a { color: red } }"),
    Late(r"\baccent-color\s*:", 93, "input { accent-color: red }"),
    Late(r"\bcolor-mix\(", 111, "a { color: color-mix(in srgb, red, blue) }"),
    Late(r"\b(ok)?(lab|lch)\(|(?<![-\w])color\(", 111, "a { color: oklch(60% 0.1 30) }"),
    Late(r"\bhwb\(", 101, "a { color: hwb(90 10% 10%) }"),
    Late(r"\blight-dark\(", 123, "a { color: light-dark(red, blue) }"),
    Late(r"\b(rgb|hsl)a?\(\s*from\b", 119, "a { color: rgb(from red r g b) }"),
    Late(r"\d(d|s|l)v(h|w|min|max)\b", 108, "main { min-height: 100dvh }"),
    Late(r"\d(cqw|cqh|cqi|cqb)\b", 105, "main { width: 50cqw }"),
    Late(r"\d(rcap|rlh|lh|ric|cap)\b", 109, "main { margin: 1lh }"),
    Late(r"\btext-wrap\b[-\w]*\s*:", 114, "h1 { text-wrap: balance }"),
    Late(r"\bwhite-space-collapse\s*:", 114, "p { white-space-collapse: preserve }"),
    Late(r"\btext-box\b[-\w]*\s*:", 133, "p { text-box: trim-both cap alphabetic }"),
    Late(r"\btext-spacing-trim\s*:", 123, "p { text-spacing-trim: trim-start }"),
    Late(r"\bsubgrid\b", 117, "ul { grid-template-columns: subgrid }"),
    Late(r"\b(animation|view|scroll)-timeline\b", 115, "a { animation-timeline: scroll() }"),
    Late(r"\bview-transition", 111, "a { view-transition-name: one }"),
    Late(r"\b(anchor-name|position-anchor|position-area)\s*:", 125, "a { anchor-name: --one }"),
    Late(r"\[inert\]", 102, "main[inert] { opacity: 0.5 }"),
    Late(r"\bfield-sizing\s*:", 123, "textarea { field-sizing: content }"),
    Late(r"\binterpolate-size\b|\bcalc-size\(", 129, "a { interpolate-size: allow-keywords }"),
    Late(r"\btransition-behavior\s*:|\ballow-discrete\b", 117, "a { transition-behavior: allow-discrete }"),
    Late(r"(?<![-\w])mask(-image|-size|-position|-repeat)?\s*:", 120, "a { mask: url(a.svg) }"),
    Late(r"\bfont-palette\b", 101, "a { font-palette: dark }"),
    Late(r"\bhyphenate-character\s*:", 106, "a { hyphenate-character: '=' }"),
    Late(r"\bobject-view-box\b", 104, "img { object-view-box: inset(0) }"),
    Late(r"(?<![-\w])(translate|rotate|scale)\s*:", 104, "a { rotate: 3deg }"),
    Late(r"\bscrollbar-gutter\s*:", 94, "main { scrollbar-gutter: stable }"),
    Late(r"\bscrollbar-(color|width)\s*:", 121, "main { scrollbar-width: thin }"),
    Late(r"(?<![-\w])print-color-adjust\s*:", 136, "b { print-color-adjust: exact }"),
    Late(r"(?<![-\w])image-set\(", 113, "a { background: image-set('a.png' 1x) }"),
    Late(r"(?<![-\w])(sin|cos|tan|round|mod|rem|abs|sign|pow|sqrt|hypot)\(", 111, "a { width: round(3.2px, 1px) }"),
    Late(r"(?<![-\w])linear\(", 113, "a { transition: color 1s linear(0, 1) }"),
    Late(r":nth-(last-)?child\([^)]*\bof\b", 111, "li:nth-child(2 of .one) { color: red }"),
    Late(r"@(top|bottom)-(left|right|center)\b", 131, "@page { @top-center { content: 'x' } }"),
)
JS: Final = (
    # Array.at and crypto.randomUUID came with 92 itself.
    Late(r"\bObject\.hasOwn\b", 93, "if (Object.hasOwn(it, 'a')) {}"),
    Late(r"\bstructuredClone\(", 98, "const copy = structuredClone(it);"),
    Late(r"\.findLast(Index)?\(", 97, "list.findLast(each => each)"),
    Late(r"\.(toSorted|toReversed|toSpliced|with)\(", 110, "list.toSorted()"),
    Late(r"\b(Object|Map)\.groupBy\b", 117, "Object.groupBy(list, each => each.a)"),
    Late(r"\bArray\.fromAsync\b", 121, "await Array.fromAsync(it)"),
    Late(r"\bPromise\.withResolvers\b", 119, "Promise.withResolvers()"),
    Late(r"\bPromise\.try\b", 128, "Promise.try(go)"),
    Late(r"\bIterator\.from\b", 122, "Iterator.from(it)"),
    Late(r"\bAbortSignal\.(timeout|any)\b", 103, "fetch(url, { signal: AbortSignal.timeout(5) })"),
    Late(r"\.throwIfAborted\(", 100, "signal.throwIfAborted()"),
    Late(r"\)\.(union|intersection|difference|isSubsetOf)\(", 122, "new Set(a).union(b)"),
    Late(r"\bstatic\s*\{", 94, "class A { static { go(); } }"),
    Late(r"\.showPicker\(", 99, "box.showPicker()"),
    Late(r"\.(show|hide|toggle)Popover\(", 114, "box.showPopover()"),
    Late(r"\.checkVisibility\(", 105, "box.checkVisibility()"),
    Late(r"\bstartViewTransition\(", 111, "document.startViewTransition(go)"),
    Late(r"(?<!\.)\bnavigation\.(navigate|addEventListener|back)\b", 102, "navigation.navigate('/')"),
    Late(r"\bscheduler\.(postTask|yield)\b", 94, "scheduler.postTask(go)"),
    Late(r"\.(setHTML|setHTMLUnsafe)\(", 124, "box.setHTMLUnsafe(text)"),
    Late(r"\.moveBefore\(", 133, "box.moveBefore(a, b)"),
    Late(r"/[dgimsuy]*v[dgimsuy]*\.(test|exec)\(", 112, r"/\p{L}/v.test(text)"),
    Late(r"\bIntl\.(DurationFormat|supportedValuesOf)\b", 99, "Intl.supportedValuesOf('unit')"),
    Late(r"\bURL\.(canParse|parse)\(", 120, "URL.canParse(text)"),
    Late(r"\bResponse\.json\(", 105, "Response.json({})"),
    Late(r"\bUint8Array\.from(Base64|Hex)\(|\.to(Base64|Hex)\(", 140, "bytes.toBase64()"),
    Late(r"\.(isWellFormed|toWellFormed)\(", 111, "text.isWellFormed()"),
    Late(r"\bRegExp\.escape\(", 136, "RegExp.escape(text)"),
    Late(r"\{\s*cause\s*[:}]", 93, "throw new Error('a', { cause: it });"),
    Late(r"\bimport\b[^;]*\bwith\s*\{", 123, "import a from './a.json' with { type: 'json' };"),
    Late(r"\binert\s*=", 102, "main.inert = true;"),
)
HTML: Final = (
    Late(r"<[^>]*\spopover(=|(?=[\s>]))", 114, "<div popover id=a>"),
    Late(r"\bpopovertarget=", 114, '<button popovertarget="a">'),
    Late(r"<[^>]*\sinert(=|(?=[\s>]))", 102, "<main inert>"),
    Late(r"<details[^>]*\sname=", 120, '<details name="one">'),
    Late(r"<search\b", 118, "<search>"),
    Late(r"\bcommandfor=", 135, '<button commandfor="a" command="close">'),
    Late(r"<selectedcontent\b", 135, "<selectedcontent></selectedcontent>"),
    Late(r"\bfetchpriority=", 102, '<img fetchpriority="high">'),
    Late(r"\bblocking=", 105, '<script blocking="render">'),
    Late(r"\bshadowrootmode=", 111, '<template shadowrootmode="open">'),
    Late(r"\bhidden=\"?until-found", 102, '<p hidden="until-found">'),
)
NESTING: Final = 112
REMARKS: Final = r"/\*.*?\*/|\{#.*?#\}|<!--.*?-->|(?<![:\w\"'])//[^\n]*"


def too_new(text: str, features: Iterable[Late]) -> list[str]:
    """What a text uses that came after the floor, with its line."""
    plain = re.sub(REMARKS, lambda each: "\n" * each[0].count("\n"), text, flags=re.DOTALL)
    return [
        f"line {plain.count(chr(10), 0, found.start()) + 1}: {found[0].strip()[:60]!r} needs Chromium {late.version}"
        for late in features
        for found in re.finditer(late.pattern, plain)
    ]


def nested(text: str) -> list[str]:
    """The rules that stand within a rule; what an at-rule holds is no nesting."""
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", "", text, flags=re.DOTALL)
    found: list[str] = []
    open_ones: list[bool] = []
    for part in re.findall(r"[^{};]*[{};]", plain):
        if part.endswith("{"):
            if any(open_ones):
                found.append(f"{part.strip()[:60]!r} within a rule came with Chromium {NESTING}")
            open_ones.append(not part.strip().startswith("@"))
        elif part.endswith("}"):
            open_ones.pop()
    return found


def shipped(ending: str) -> list[Path]:
    return sorted((ROOT / "web").rglob(f"*{ending}"))


@pytest.mark.parametrize("path", shipped(".css"), ids=lambda path: path.name)
def test_a_style_needs_no_browser_newer_than_chromium_92(path: Path) -> None:
    text = path.read_text("utf-8")
    assert too_new(text, CSS) + nested(text) == []


@pytest.mark.parametrize("path", shipped(".js") or [None], ids=lambda path: path.name if path else "none")
def test_a_script_needs_no_browser_newer_than_chromium_92(path: Path | None) -> None:
    assert path is None or too_new(path.read_text("utf-8"), JS) == []


@pytest.mark.parametrize("path", shipped(".html"), ids=lambda path: path.name)
def test_a_page_needs_no_browser_newer_than_chromium_92(path: Path) -> None:
    assert too_new(path.read_text("utf-8"), HTML) == []


@pytest.mark.parametrize("late", [*CSS, *JS, *HTML], ids=lambda late: late.example)
def test_what_is_too_new_is_found(late: Late) -> None:
    assert late.version > FLOOR
    assert too_new(f"/* one */\n{late.example}", [late])[0].startswith("line 2: ")


@pytest.mark.parametrize(
    "text",
    [
        ".card { color: red;\n  .head { color: blue }\n}",
        ".card { & > a { color: blue }\n}",
        "@media print { a { b { color: red } } }",
        "a { @media print { color: red } }",
    ],
)
def test_a_rule_within_a_rule_is_found(text: str) -> None:
    assert nested(text)


@pytest.mark.parametrize(
    "text",
    [
        "a { color: red }\nb { color: blue }",
        "a:hover, b > c { color: red; transform: rotate(3deg) }\n.d { margin: 0 }",
        "@media print { a { color: red }\n b { content: '{' } }\n@page { margin: 1cm }",
        "/* @layer is too new */ a { color: red }",
    ],
)
def test_a_style_that_is_old_enough_is_let_through(text: str) -> None:
    assert too_new(text, CSS) + nested(text) == []


@pytest.mark.parametrize("text", ["// no structuredClone( here", "list.at(-1); fetch('https://a/b')"])
def test_a_script_that_is_old_enough_is_let_through(text: str) -> None:
    assert too_new(text, JS) == []
