"""What the reader has to say to a clerk: a file it cannot use, a cell it does not trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from adapters.spreadsheets.cells import printable


class SheetError(Exception):
    """A file that cannot be used at all: a stable ``code`` and a clerk's sentence, ``zh`` and ``en``."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        """Keep the code and both sentences."""
        super().__init__(f"{zh} {en}")
        self.code = code
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason not to trust a row as read.

    ``cell`` is an address such as "F12", ``column`` the header above it, ``code`` a key of `DOUBTS`,
    ``zh`` and ``en`` the sentence a clerk reads, ``value`` what stood there: at most 40 printable
    characters.
    """

    cell: str
    column: str
    code: str
    zh: str
    en: str
    value: str


DOUBTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "nothing_to_register": (
            "本行既无受理编号也无问题内容，但有其他文字。",
            "The row has neither a receipt number nor a problem, but something else is written in it.",
        ),
        "problem_missing": (
            "有受理编号，但没有问题内容。",
            "There is a receipt number but no problem text.",
        ),
        "several_receipts": (
            "一格中有多个受理编号，请确认是否并案。",
            "One cell holds several receipt numbers; say whether the petitions are joined.",
        ),
        "receipt_date": (
            "受理编号中的日期不是有效日期。",
            "The date inside the receipt number is not a date.",
        ),
        "receipt_precision": (
            "受理编号被存为数字，超过15位后的数字可能已丢失。",
            "The receipt number is stored as a number; digits after the fifteenth may be lost.",
        ),
        "receipt_too_long": (
            "受理编号超过64个字符。",
            "The receipt number is longer than 64 characters.",
        ),
        "invisible_characters": (
            "内容夹有看不见的字符，去掉后才是所读取的内容。",
            "Invisible characters stood inside; they were taken out of what was read.",
        ),
        "verdict_not_understood": (
            "看不懂属实结论，应为属实、基本属实、部分属实或不属实。",
            "The verdict is not understood; it should be 属实, 基本属实, 部分属实 or 不属实.",
        ),
        "verdict_conflict": (
            "总的结论与分项结论不一致。",
            "The overall verdict disagrees with the verdicts of its points.",
        ),
        "state_not_understood": (
            "看不懂办理状态，应为未办结、阶段性办结或已办结。",
            "The state is not understood; it should be 未办结, 阶段性办结 or 已办结.",
        ),
        "channel_conflict": (
            "受理方式与受理编号的首字母不一致。",
            "The channel disagrees with the first letter of the receipt number.",
        ),
        "date_not_understood": (
            "看不懂日期，请写成2024-06-07的形式。",
            "The date is not understood; write it as 2024-06-07.",
        ),
        "date_out_of_range": (
            "日期不在2000年至2100年之间。",
            "The date is not between the years 2000 and 2100.",
        ),
        "cell_error": (
            "单元格是错误值，按空白读取。",
            "The cell holds an error value and was read as empty.",
        ),
        "formula_without_value": (
            "单元格是公式但没有保存计算结果，按空白读取；请用表格软件打开并保存一次。",
            "The cell holds a formula without a saved result, read as empty; open and save the file once.",
        ),
        "text_too_long": (
            "单元格超过32767个字符，只读取了前面部分。",
            "The cell is longer than 32,767 characters; only its beginning was read.",
        ),
        "duplicate_column": (
            "表头重复，两列内容不同，只读取了前一列。",
            "The header stands twice and the two columns differ; only the first was read.",
        ),
        "day_missing": (
            "台账行缺少这个日期：收件日期；已办结的要办结日期，已销号的要销号日期，未办结的要整改时限。",
            "The ledger's row lacks this day: when it came in; when it was closed, signed off, or is to be put right.",
        ),
        "received_conflict": (
            "收件日期与受理编号中的日期不一致。",
            "The day it came in disagrees with the date inside the receipt number.",
        ),
        "days_out_of_order": (
            "日期先后不对：收件、办结、销号应依次不早于前一项。",
            "The days are out of order: none of coming in, closing and signing off comes before the one before it.",
        ),
        "state_conflict": (
            "状态与办结日期、销号日期不一致。",
            "The state disagrees with the days of closing and signing off.",
        ),
        "unit_missing": (
            "未办结的台账件没有责任单位。",
            "What is still to be put right has no unit.",
        ),
        "day_ahead": (
            "日期在今天以后，尚未发生。",
            "The day lies ahead: it has not happened yet.",
        ),
        "name_unknown": (
            "没有这个单位或人员，或同名的不止一个；请写编号，或先在组织机构中登记。",
            "There is no such unit or person, or more than one; write the id, or enter it in the organisation first.",
        ),
        "hidden_sheet": (
            "本行在隐藏的工作表中，请确认是否有效。",
            "The row is on a hidden sheet; say whether it counts.",
        ),
    }
)
"""Every reason for doubt with its two sentences; the codes are stable."""


def doubt(code: str, cell: str, column: str, value: str) -> Doubt:
    """Make the doubt ``code`` about one cell."""
    zh, en = DOUBTS[code]
    return Doubt(cell=cell, column=printable(column, 30), code=code, zh=zh, en=en, value=printable(value, 40))


def damaged(what: str) -> SheetError:
    """Say that the file is broken; ``what`` names the part."""
    shown = printable(what, 80)
    return SheetError(
        "damaged",
        f"文件已损坏，无法读取（{shown}）。请用表格软件打开并另存为.xlsx。",
        f"The file is damaged and cannot be read ({shown}). Open it in a spreadsheet program and save it as .xlsx.",
    )
