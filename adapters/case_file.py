"""A case told whole, as a file of its own: what stands on the printed page, in the DOCX and in the XLSX alike.

It holds what officials wrote and never anything that is under seal. Reading order: where it stands, findings, tasks,
dates with how they came about, letters, everything that happened.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters.letters.forms import title_of
from adapters.letters.told import person_words, why_words
from adapters.naming import unit_word
from adapters.telling import figures_told, told
from adapters.words import clock_words, event_words, left
from models.case import Case
from models.clocks import Clock
from models.delivery import LetterSeen
from models.derivation import Step
from models.event import Recorded
from models.instants import shown, shown_due
from models.vocabulary import Flag
from models.world import RESERVED, World

ZH: Final = 0
CLOCK: Final = "时钟", "clock"
ENGINE: Final = "引擎", "engine"


@dataclass(frozen=True)
class Section:
    """A part of the file: its heading, the heads of its columns (none for pairs of name and value), its rows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CaseFile:
    """The whole file: its title, when it was made, its sections; an empty section is left out."""

    title: str
    made: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Source:
    """What a file is made from: the world, the case with its events, dates and letters, the language, the moment.

    Where there is no moment (``now`` is None) it tells of no day but the ledger's: the same events, the same file.
    """

    world: World
    case: Case
    events: Sequence[Recorded]
    clocks: Sequence[tuple[Clock, Sequence[Step]]]
    letters: Sequence[LetterSeen]
    now: datetime | None
    lang: int = ZH

    def word(self, zh: str, en: str) -> str:
        """Return one of two words."""
        return (zh, en)[self.lang]


def case_file(source: Source) -> CaseFile:
    """Return a case's file."""
    word, case = source.word, source.case
    sections = (
        Section(word("基本情况", "Where it stands"), (), tuple(_basics(source))),
        Section(
            word("核查结论", "Findings"),
            (word("问题", "point"), word("结论", "verdict"), word("情况", "what was found"), word("佐证", "evidence")),
            tuple(_findings(source)),
        ),
        Section(
            word("整改任务", "Tasks"),
            (word("编号", "number"), word("措施", "measure"), word("期限", "until"), word("结果", "outcome")),
            tuple(
                (
                    each.id,
                    each.measure,
                    str(each.target),
                    (each.outcome.zh, each.outcome.en)[source.lang] if each.outcome else word("进行中", "under way"),
                )
                for each in case.tasks
            ),
        ),
        Section(
            word("时限及由来", "Dates and how they came about"),
            (word("时限", "clock"), word("到期", "due"), word("由来", "how")),
            tuple(_dates(source)),
        ),
        Section(
            word("文书", "Letters"),
            (word("文书", "letter"), word("收件人", "to"), word("投递", "delivery"), word("时间", "when")),
            tuple(_letters(source)),
        ),
        Section(
            word("办理经过", "What happened"),
            (word("时间", "when"), word("事项", "event"), word("办理人", "by"), word("内容", "what")),
            tuple(_story(source)),
        ),
    )
    return CaseFile(
        f"{(case.kind.zh, case.kind.en)[source.lang]} {case.id}",
        _made(source),
        tuple(each for each in sections if each.rows),
    )


def who_words(world: World, person: str, lang: int) -> str:
    """Return what whoever did something is called; the clock and the engine have words of their own."""
    if person in RESERVED:
        return (CLOCK if person == "clock" else ENGINE)[lang]
    return person_words(world, person)


def _made(source: Source) -> str:
    seq = source.case.seq
    if source.now is None:
        last = f" ({shown(source.events[-1].recorded_at)})" if source.events else ""
        return source.word(f"截至第 {seq} 个事件{last}", f"up to event {seq}{last}")
    made = shown(source.now)
    return source.word(f"生成于 {made}，截至第 {seq} 个事件", f"made {made}, up to event {seq}")


def _due(source: Source) -> str:
    due, now = source.case.due, source.now
    if due is None:
        return ""
    return shown_due(due) if now is None else f"{shown_due(due)}（{left(due - now)[source.lang]}）"


def _basics(source: Source) -> Iterator[tuple[str, str]]:
    word, case, world = source.word, source.case, source.world
    policy = world.policies.get(case.policy)  # what is no case of a desk runs under none
    channel = policy.channels.get(case.channel) if policy else None
    tally = figures_told(case.tally.model_dump(), source.lang) if case.tally else ""
    pairs = (
        (word("状态", "status"), (case.status.zh, case.status.en)[source.lang]),
        (word("最近时限", "next due"), _due(source)),
        (word("诉求事项", "what it is about"), case.summary or case.measure),
        (word("地点", "place"), case.place),
        (word("渠道", "channel"), (channel.zh, channel.en)[source.lang] if channel else case.channel),
        (word("问题类型", "types"), "、".join(case.types)),
        (word("被反映单位", "respondent"), case.respondent),
        (word("坐标", "coordinates"), case.spot),
        (word("来件编号", "numbers"), "、".join(each.number for each in case.filings)),
        (word("责任单位", "unit"), unit_word(world.organisation, case.unit) if case.unit else ""),
        (word("承办人", "handler"), person_words(world, case.handler) if case.handler else ""),
        (word("包案领导", "leader"), person_words(world, case.leader) if case.leader else ""),
        (word("结论", "verdict"), (case.verdict.zh, case.verdict.en)[source.lang] if case.verdict else ""),
        (word("整改措施", "measures"), case.measures),
        (word("处罚和问责", "enforcement"), tally),
        (word("处理意见", "opinion"), (case.opinion.zh, case.opinion.en)[source.lang] if case.opinion else ""),
        (word("登记时间", "registered"), shown(case.registered_at) if case.registered_at else ""),
        (word("受理时间", "accepted"), shown(case.accepted_at) if case.accepted_at else ""),
        (word("办结时间", "closed"), shown(case.closed_at) if case.closed_at else ""),
        (word("销号", "signed off"), shown(case.signed_off_at) if case.signed_off_at else ""),
        (word("信访人信息", "who complained"), word("已删除", "erased") if Flag.ERASED in case.flags else ""),
        (word("主案", "leading case"), case.leading or ""),
        (word("所属信访件", "petition"), "、".join(case.serving)),
    )
    return ((name, value) for name, value in pairs if value)


def _findings(source: Source) -> Iterator[tuple[str, ...]]:
    for each in source.case.findings:
        evidence = "、".join(proof.name or proof.sha256[:12] for proof in each.evidence)
        yield each.point, (each.verdict.zh, each.verdict.en)[source.lang], each.text, evidence


def _dates(source: Source) -> Iterator[tuple[str, ...]]:
    for clock, steps in source.clocks:
        how = "\n".join(f"{place}. {(step.zh, step.en)[source.lang]}" for place, step in enumerate(steps, 1))
        mark = source.word("（待国办通知）", " (provisional)") if clock.provisional else ""
        yield clock_words(source.world, source.case, clock.name)[source.lang], f"{shown_due(clock.due)}{mark}", how


def _letters(source: Source) -> Iterator[tuple[str, ...]]:
    for each in source.letters:
        petitioner = each.to == "petitioner"
        to = source.word("信访人", "the petitioner") if petitioner else person_words(source.world, each.to)
        why = f"（{why_words(each.why)[source.lang]}）" if each.why else ""
        fate = (each.fate.zh, each.fate.en)[source.lang]
        yield f"{each.number} {title_of(each.template)}", to, f"{fate}{why}", shown(each.at)


def _story(source: Source) -> Iterator[tuple[str, ...]]:
    for each in source.events:
        yield (
            shown(each.recorded_at),
            event_words(each.kind, each.event)[source.lang],
            who_words(source.world, each.actor, source.lang),
            "\n".join(told(source.world, source.case, each, source.lang)),
        )


def as_docx(file: CaseFile) -> bytes:
    """Return the file as DOCX: a heading and a table for each section."""
    # Loaded only here: it takes as long to load as the rest of a page to be made.
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = Document()
    sheet = page.sections[0]
    sheet.page_width, sheet.page_height = Cm(21.0), Cm(29.7)
    sheet.left_margin = sheet.right_margin = Cm(2)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    page.add_heading(file.title, 0)
    page.add_paragraph(file.made)
    for section in file.sections:
        page.add_heading(section.title, 1)
        rows = [section.heads, *section.rows] if section.heads else list(section.rows)
        table = page.add_table(len(rows), len(rows[0]), "Table Grid")
        for line, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, cells, strict=True):
                cell.text = text
        for cell in table.rows[0].cells if section.heads else [line.cells[0] for line in table.rows]:
            for run in cell.paragraphs[0].runs:
                run.bold = True
    held = io.BytesIO()
    page.save(held)
    return held.getvalue()


def as_xlsx(file: CaseFile) -> bytes:
    """Return the file as XLSX: a sheet for each section; every cell is text, so that none is taken for a formula."""
    from xlsxwriter import Workbook

    from adapters.spreadsheets.cells import clean_text
    from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS

    held = io.BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        head = workbook.add_format({"bold": True, "bg_color": "#EDF1F6", "valign": "top"})
        for section in file.sections:
            sheet = workbook.add_worksheet(section.title[:31])
            rows = [section.heads, *section.rows] if section.heads else list(section.rows)
            for place, cells in enumerate(rows):
                for column, text in enumerate(cells):
                    strong = place == 0 if section.heads else column == 0
                    sheet.write_string(
                        place, column, clean_text(text)[:MAX_CELL_CHARACTERS], head if strong else wrapped
                    )
            sheet.set_column(0, 0, 20)
            sheet.set_column(1, max(1, len(rows[0]) - 1), 36)
            if section.heads:
                sheet.freeze_panes(1, 0)
    return held.getvalue()
