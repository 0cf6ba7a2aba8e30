"""What is done with a discrepancy (核对差异) between the ledger and a copy of it: told by the engine, cleared up."""

from pydantic import Field

from models.base import Frozen, Line, Said, Word, Written
from models.command import Command
from models.vocabulary import Term


class Copy(Term):
    """What is held against the ledger."""

    WORKFLOW = "workflow", "流程副本", "the workflow's copy"
    READ_MODEL = "read_model", "读模型", "the read model"


class Mismatch(Frozen):
    """A field that a copy has otherwise than the fold of the ledger, with both versions as text, cut short."""

    copy_of: Copy
    field: Word
    ledger: Line
    found: Line


class ReportFault(Command, zh="登记核对差异", en="report a discrepancy"):
    """A copy of a case is not what the ledger says; both versions are kept."""

    title: Said = Field(max_length=200)
    about: Word = Field(description="案件编号 / number of the case")
    mismatches: tuple[Mismatch, ...] = Field(min_length=1, max_length=40)


class ClearFault(Command, zh="查明差异", en="clear a discrepancy up"):
    """Say what it was, and what was done about it."""

    reason: Written = Field(max_length=2000, description="原因和处置 / what it was and what was done")
