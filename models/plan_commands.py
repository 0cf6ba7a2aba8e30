"""What is done with an action plan (行动方案): its items are rectification tasks, each a case of its own."""

from pydantic import Field

from models.base import Line, Said, Text, Word
from models.command import Command
from models.instants import Day
from models.values import ItemPlan


class OpenPlan(Command, zh="启动行动方案", en="open an action plan"):
    """Open an action plan; its items are added to it, by hand or by a table."""

    title: Said = Field(max_length=200, description="名称，如 夏季攻势 / name")
    summary: Text = Field(
        default="", max_length=4000, description="任务来源、目标 / where it comes from, what it is for"
    )
    unit: Word | None = Field(default=None, description="牵头单位 / unit that leads it")
    leader: Word | None = Field(default=None, description="总负责领导 / leader who answers for it")
    target: Day | None = Field(default=None, description="总时限 / by when all is done")


class CorrectPlan(Command, zh="更正行动方案", en="correct a plan"):
    """Correct what is known of a plan; what is left empty stays."""

    title: Line = Field(default="", max_length=200)
    summary: Text = Field(default="", max_length=4000)
    unit: Word | None = None
    leader: Word | None = None
    target: Day | None = None
    reason: Text = ""


class AddItems(Command, zh="下达任务", en="add items"):
    """Add items to the plan: each becomes a rectification task of its unit, due on its day."""

    task_plans: tuple[ItemPlan, ...] = Field(min_length=1, max_length=200)
    reason: Text = ""


class ConcludePlan(Command, zh="方案收官", en="conclude the plan"):
    """Every item is done or cancelled: the plan is over. What was not signed off yet still can be."""

    text: Text = Field(default="", description="总结 / what came of it")


class ResumePlan(Command, zh="恢复推进", en="resume the plan"):
    """It goes on: more is to be done."""

    reason: Said
