"""What is done with a dispatch meeting (周调度、月会商): called, its pack, its decisions, held."""

from pydantic import Field

from models.base import Text, Word, Written
from models.command import Command
from models.instants import Day, Instant
from models.meeting_values import Pack, Series


class CallMeeting(Command, zh="召集调度会", en="call a meeting"):
    """Call the meeting of a series for a day; on a day off it meets on the next working day."""

    series: Series
    for_day: Day = Field(description="按规则应开的日子 / the day that the rule names")
    meets_on: Day = Field(description="开会日期 / the day it meets on")
    covers_from: Instant = Field(description="上期截止 / where the last period ended")
    covers_until: Instant = Field(description="本期截止 / what happened until then")


class LayPack(Command, zh="生成调度材料", en="lay the pack"):
    """Lay the pack before the meeting, as the ledger stood; the leaders are told that it is there."""

    pack: Pack


class RecordDecision(Command, zh="议定事项", en="record a decision"):
    """Record what was decided about a case: it becomes the leader's instruction there, with its clock."""

    about: Word = Field(description="案件编号 / number of the case")
    text: Written = Field(max_length=2000)
    by_when: Day | None = Field(default=None, description="办理期限 / answered by")


class HoldMeeting(Command, zh="会议已召开", en="the meeting was held"):
    """The meeting was held; what it decided can still be recorded."""

    text: Text = Field(default="", description="会议纪要 / minutes")
