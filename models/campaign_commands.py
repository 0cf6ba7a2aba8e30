"""What is done with an inspection campaign beyond its orders, and what its petitions tell of enforcement."""

from typing import Final

from pydantic import Field

from models.base import Line, Said, Text, Word, Written
from models.campaign_values import Deadlines, Level, LookedBack, PublishedRow, Tally
from models.command import Command
from models.instants import Day


class OpenCampaign(Command, zh="启动专项行动", en="open a campaign"):
    """Open a campaign; petitions that name it belong to it."""

    title: Said
    level: Level | None = None
    round: Line = Field(default="", max_length=60, description="轮次，如 第三轮第二批 / round")
    first_day: Day | None = Field(default=None, description="进驻首日 / first day")
    last_day: Day | None = Field(default=None, description="进驻末日 / last day")
    number_form: Line = Field(
        default="", max_length=60, description="受理编号格式，如 {channel}3HN{date}{seq} / form of the receipt numbers"
    )
    profile: Line = Field(default="", max_length=60, description="公开表格式 / columns of the public table")
    deadlines: Deadlines = Deadlines()


class CorrectCampaign(Command, zh="更正专项行动", en="correct a campaign"):
    """Correct what is known of a campaign; what is left empty stays."""

    title: Line = ""
    level: Level | None = None
    round: Line = Field(default="", max_length=60)
    first_day: Day | None = None
    last_day: Day | None = None
    number_form: Line = Field(default="", max_length=60)
    profile: Line = Field(default="", max_length=60)
    deadlines: Deadlines | None = None
    reason: Text = ""


class SetGroup(Command, zh="设立协调小组", en="set up a group"):
    """Set a coordination group up, or change the one of that name."""

    group: Said = Field(max_length=60, description="小组名称 / name of the group")
    duty: Line = Field(default="", description="职责 / what it sees to")
    head: Word | None = Field(default=None, description="组长 / who leads it")
    members: tuple[Word, ...] = Field(default=(), max_length=60, description="成员 / who is in it")


class DropGroup(Command, zh="撤销协调小组", en="drop a group"):
    """Drop a coordination group."""

    group: Said = Field(max_length=60)
    reason: Text = ""


class PublishResults(Command, zh="公开办理情况", en="publish the results"):
    """Publish a batch's table: which petitions stand in it, as of which event, and the hash of what it says."""

    day: Day = Field(description="交办批次 / the batch")
    version: int = Field(ge=1)
    rows: tuple[PublishedRow, ...] = Field(min_length=1, max_length=2000)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    text: Text = Field(default="", description="与上一版相比 / what changed since the last version")


COMPOSED: Final = frozenset({PublishResults.name})
"""Commands that only the system fills in, from the ledger: what people write by hand into them is not taken."""


class BeginLookBack(Command, zh="启动回头看", en="begin a round of looking back"):
    """Begin a round of looking back: these petitions are checked on site once more."""

    to_check: tuple[Word, ...] = Field(min_length=1, max_length=500)
    reason: Text = ""


class RecordLookBack(Command, zh="登记回头看结果", en="record what a look-back found"):
    """Record what was found of a petition on site; one that came back is opened again."""

    petition: Word
    outcome: LookedBack
    text: Written


class TallyEnforcement(Command, zh="登记处罚和问责数", en="record the figures of enforcement"):
    """Record what was ordered, punished and held to account for the petition, in all so far: the latest counts."""

    tally: Tally
    text: Text = ""
