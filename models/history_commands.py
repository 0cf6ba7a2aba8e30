"""What is told of an imported petition: how far it had come before this desk knew of it."""

from typing import Literal

from pydantic import Field

from models.base import Text, Word
from models.command import Command
from models.instants import Day
from models.values import Finding


class RecordHistory(Command, zh="补录历史", en="record history"):
    """Bring an imported petition to the state that its row tells."""

    state: Literal["open", "rectifying", "interim", "closed"]
    findings: tuple[Finding, ...] = Field(default=(), max_length=50)
    measures: Text = ""
    accountability: Text = ""
    goal: Text = ""
    unit: Word | None = None
    leader: Word | None = None
    rectify_by: Day | None = Field(default=None, description="整改时限 / day by which it is put right")
    remarks: Text = ""


class RecordSignOff(Command, zh="补录销号", en="record the sign-off"):
    """Say that an imported petition, closed as its row tells, was signed off; the day is when it occurred."""
