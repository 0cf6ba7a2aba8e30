"""A case told to people who have nothing but the bundle: a page and a text, each in both languages, Chinese first.

Both are written from the same file of the case (``adapters.case_file``) that the console prints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources

from adapters.case_file import CaseFile, Source, case_file
from adapters.drawings.flowchart import Visit, chart, visits
from models.case import Case
from models.delivery import letters_of
from models.derivation import derivation
from models.event import Recorded
from models.instants import shown
from models.vocabulary import Status
from models.world import World

LANGUAGES = ("zh-CN", "en")
WAY = ("办理流程", "The way it took")
OTHER = ("English ↓", "中文 ↑")


@dataclass(frozen=True)
class Told:
    """A case in one language: its file, the statuses it came to, its flow chart as SVG (empty where it has none)."""

    file: CaseFile
    way: tuple[tuple[str, str], ...]
    chart: str


def told(world: World, case: Case, events: Sequence[Recorded]) -> tuple[Told, Told]:
    """Return a case in both languages, as of its last event.

    Args:
        world: the organisation and policies that its words come from.
        case: the fold of the events.
        events: all of them, in order; one at least.
    """
    policy = world.policies.get(case.policy)
    by_number = {each.seq: each for each in events}
    clocks = sorted(case.clocks, key=lambda clock: clock.due) if policy else []
    dates = [(clock, derivation(policy, case, clock, by_number.get(clock.by))) for clock in clocks if policy]
    letters, way = letters_of(events), visits(events)
    zh, en = (
        _told(Source(world, case, events, dates, letters, None, lang), way, lang) for lang in range(len(LANGUAGES))
    )
    return zh, en


def _told(source: Source, way: Sequence[Visit], lang: int) -> Told:
    case, last = source.case, source.events[-1].recorded_at
    words = {status: (status.zh, status.en)[lang] for status in Status}
    return Told(
        case_file(source),
        tuple((words[visit.status], shown(visit.at)) for visit in way),
        # As of its last event: the same ledger gives the same chart on whatever day it is drawn.
        str(chart(case.kind, way, words, case.id, last)),
    )


def page(both: tuple[Told, Told]) -> str:
    """Return a case as one HTML file that asks for nothing else."""
    parts = [
        f'<main lang="{tag}" id="{tag}"><h1>{escape(one.file.title)}</h1>'
        f'<p class="dim">{escape(one.file.made)} <a class="links" href="#{LANGUAGES[1 - lang]}">{OTHER[lang]}</a></p>'
        f"{_way(one, lang)}{''.join(_sections(one.file))}</main>"
        for lang, (tag, one) in enumerate(zip(LANGUAGES, both, strict=True))
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[0]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(both[0].file.title)}</title><style>\n{_css()}</style></head><body>\n"
        f"{''.join(parts)}</body></html>\n"
    )


def _way(one: Told, lang: int) -> str:
    if not one.chart:
        return ""
    rows = "".join(f"<li>{escape(status)} <small>{at}</small></li>" for status, at in one.way)
    return f'<section><h2>{WAY[lang]}</h2><div class="box">{one.chart}</div><ol>{rows}</ol></section>'


def _sections(file: CaseFile) -> Iterator[str]:
    for section in file.sections:
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in section.heads)
        rows = "".join(f"<tr>{_cells(row, first_heads=not section.heads)}</tr>\n" for row in section.rows)
        head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
        yield f"<section><h2>{escape(section.title)}</h2><table>{head}<tbody>\n{rows}</tbody></table></section>\n"


def _cells(row: Sequence[str], *, first_heads: bool) -> str:
    name = f'<th scope="row">{escape(row[0])}</th>' if first_heads else f"<td>{escape(row[0])}</td>"
    return name + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])


@cache
def _css() -> str:
    return resources.files("adapters.bundle").joinpath("paper.css").read_text("utf-8")


def plain(both: tuple[Told, Told]) -> str:
    """Return a case as a text, the same as the page says."""
    return "\n\n".join("\n".join(_lines(one, lang)) for lang, one in enumerate(both)) + "\n"


def _lines(one: Told, lang: int) -> Iterator[str]:
    opening, closing = ("【】", "[]")[lang]
    yield from (one.file.title, one.file.made)
    if one.chart:
        yield from ("", f"{opening}{WAY[lang]}{closing}")
        yield " → ".join(f"{status} ({at})" for status, at in one.way)
    for section in one.file.sections:
        yield from ("", f"{opening}{section.title}{closing}")
        for row in section.rows:
            if section.heads:
                yield "  ".join(cell.replace("\n", "; ") for cell in row[:-1] if cell)
                yield from (f"    {line}" for line in row[-1].split("\n") if line)
            else:
                yield ("：", ": ")[lang].join(row).replace("\n", "; ")
