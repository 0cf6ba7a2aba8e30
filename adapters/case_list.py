"""A list of cases as XLSX, a row each, written as it is read; every cell is text: none is taken for a formula."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Final

from adapters.letters.told import person_words
from adapters.naming import unit_word
from adapters.spreadsheets.cells import clean_text
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from adapters.words import left
from models.case import Case
from models.instants import shown, shown_due
from models.world import World

HEADS: Final = (
    (
        *("编号", "类别", "状态", "诉求事项", "地点", "问题类型", "被反映单位", "责任单位", "承办人"),
        *("登记时间", "办理时限", "余时", "办结时间"),
    ),
    (
        *("number", "kind", "status", "matter", "place", "types", "respondent", "unit", "handler"),
        *("registered", "due", "left", "closed"),
    ),
)
WIDTHS: Final = (16, 10, 10, 50, 24, 14, 20, 18, 12, 17, 17, 12, 17)


def as_xlsx(to: IO[bytes], world: World, cases: Iterable[Case], now: datetime, lang: int) -> int:
    """Write cases as a table; return how many."""
    from xlsxwriter import Workbook

    count = 0
    # One row at a time goes to the disk: twenty thousand need no more memory than one.
    with Workbook(to, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(("案件", "cases")[lang])
        head = workbook.add_format({"bold": True, "bg_color": "#EDF1F6"})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        for column, text in enumerate(HEADS[lang]):
            sheet.write_string(0, column, text, head)
        sheet.freeze_panes(1, 0)
        for count, case in enumerate(cases, 1):
            for column, text in enumerate(_row(world, case, now, lang)):
                sheet.write_string(count, column, clean_text(text)[:MAX_CELL_CHARACTERS])
        sheet.autofilter(0, 0, count, len(WIDTHS) - 1)
    return count


def _row(world: World, case: Case, now: datetime, lang: int) -> tuple[str, ...]:
    return (
        case.id,
        (case.kind.zh, case.kind.en)[lang],
        (case.status.zh, case.status.en)[lang],
        case.summary or case.measure,
        case.place,
        "、".join(case.types),
        case.respondent,
        unit_word(world.organisation, case.unit) if case.unit else "",
        person_words(world, case.handler) if case.handler else "",
        shown(case.registered_at) if case.registered_at else "",
        shown_due(case.owed) if case.owed else "",
        left(case.due - now)[lang] if case.due and case.is_open else "",
        shown(case.closed_at) if case.closed_at else "",
    )
