"""What makes one matter of several petitions, and several petitions of one receipt.

A command that concerns two cases is an event of each, in one transaction (``models.companions``): the one that people
give, and the engine's on the other case.
"""

from pydantic import Field

from models.base import Frozen, Line, Said, Text, Word, Written
from models.command import Command
from models.instants import Day, Instant
from models.values import Heard


class Join(Command, zh="并案", en="join"):
    """Join the case to a leading one on the same matter; it keeps its own clocks, letters and reply."""

    leading: Word = Field(description="主案编号 / number of the leading case")
    reason: Text = ""


class Part(Command, zh="解除并案", en="part"):
    """Part it from its leading case again; what it was told of that one no longer counts."""

    reason: Text = ""


class TakeLead(Command, zh="接受并案", en="take the lead"):
    """Another petition was joined to this one."""

    follower: Word


class LetGo(Command, zh="并案解除", en="let go"):
    """A petition that was joined to this one was parted from it."""

    follower: Word


class HearOfLead(Command, zh="主案进展", en="hear of the leading case"):
    """The leading case has come farther: what was found there, and how it stands."""

    heard: Heard


class CloseWithLead(Command, zh="随主案办结", en="close with the leading case"):
    """Close it on what was found and done in its leading case, which is closed; it is answered on its own."""

    note: Text = ""


class SplitPart(Frozen):
    """One of the petitions that a receipt is split into: what of it, where, about whom."""

    summary: Written = Field(max_length=4000, description="脱敏摘要 / redacted summary")
    place: Line = Field(default="", description="地点，缺省同原件 / where; the same if none")
    types: tuple[Word, ...] = Field(default=(), max_length=12)
    respondent: Line = ""


class Split(Command, zh="拆分", en="split"):
    """Split a receipt that tells of several matters: each is a petition of its own, with clocks from the same day."""

    split_parts: tuple[SplitPart, ...] = Field(min_length=1, max_length=20)
    reason: Text = ""


class MarkRepeat(Command, zh="重复信访", en="mark as repeat"):
    """Mark it as a repeat of an earlier petition: it ends, and the petitioner is told how that one stands.

    With ``reopens`` the earlier one is opened again instead, and this one goes on beside it.
    """

    repeat_of: Word = Field(description="原件编号 / number of the earlier petition")
    reopens: bool = Field(default=False, description="重新办理原件 / open the earlier one again")
    reason: Said


class HearOfRepeat(Command, zh="重复来件", en="hear of a repeat"):
    """A later petition was marked as a repeat of this one."""

    repeat: Word
    came: Instant | None = None


class TakeBackRepeat(Command, zh="撤销重复认定", en="take back the repeat"):
    """It is no repeat after all: it goes on where it ended, with the clocks it had."""

    reason: Said


class ForgetRepeat(Command, zh="撤销重复来件", en="forget a repeat"):
    """A later petition is no repeat of this one after all."""

    repeat: Word


class ShareTask(Command, zh="兼办信访件", en="serve another petition too"):
    """Let the task put right what another petition complains of, too: that one has it among its own from now on."""

    petition: Word = Field(description="信访件编号 / number of the other petition")
    reason: Text = ""


class Heed(Command, zh="回避", en="heed whom it is about"):
    """What goes with it is about these people too: none of them takes part in it."""

    named: tuple[Word, ...] = ()
    respondents: tuple[Line, ...] = ()


class UnshareTask(Command, zh="不再兼办", en="serve it no more"):
    """The task is not for one of its petitions any more; it goes on for the others."""

    petition: Word = Field(description="信访件编号 / number of the petition")
    reason: Text = ""


class ReleaseTask(Command, zh="信访件不再需要", en="release the task"):
    """A petition needs its task no more (it was withdrawn, say): the task ends, unless it serves others too."""

    petition: Word
    reason: Text = ""


class TakeTask(Command, zh="接受共用任务", en="take a shared task"):
    """A task that another petition began puts right what this one complains of, too."""

    task: Word
    measure: Line
    target: Day


class NotSame(Command, zh="不是同一件事", en="not the same"):
    """Say that another petition is about another matter: it is never suggested again, on either of the two."""

    other: Word = Field(description="另一件编号 / number of the other petition")
    reason: Text = ""


class HearNotSame(Command, zh="认定不是同一件事", en="hear that it is not the same"):
    """Another petition was said to be about another matter."""

    other: Word


class MaybeSame(Command, zh="撤销“不是同一件事”", en="maybe the same after all"):
    """Take back that another petition is about another matter."""

    other: Word
    reason: Text = ""


class HearMaybeSame(Command, zh="撤销认定", en="hear that it may be the same"):
    """It was taken back that another petition is about another matter."""

    other: Word
