"""What people, the clock and the engine may ask of a case. The fields are the form: names, limits and helps.

A field that is named like a field of the case becomes that field; the others are said and kept in the
history.
"""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Line, Said, Text, Word, Written
from models.calendars import AllDays
from models.campaign_commands import OpenCampaign as OpenCampaign  # noqa: PLC0414 - its module's commands count
from models.command import Command as Command  # noqa: PLC0414 - whoever looks for a command finds its base here too
from models.delivery import LetterRef
from models.dispatch_commands import CallMeeting as CallMeeting  # noqa: PLC0414 - its module's commands count
from models.erasure import Erase as Erase  # noqa: PLC0414 - its commands count
from models.fault_commands import ReportFault as ReportFault  # noqa: PLC0414 - its module's commands count
from models.history_commands import RecordHistory as RecordHistory  # noqa: PLC0414 - likewise
from models.indicator_commands import RecordReading as RecordReading  # noqa: PLC0414 - its module's commands count
from models.instants import Day, Instant
from models.matter_commands import Join as Join  # noqa: PLC0414 - likewise
from models.patrol_commands import OpenPatrol as OpenPatrol  # noqa: PLC0414 - likewise
from models.plan_commands import OpenPlan as OpenPlan  # noqa: PLC0414 - likewise
from models.site_commands import PlaceAtSite as PlaceAtSite  # noqa: PLC0414 - likewise
from models.spots import Coordinates
from models.staff_commands import DefineOrganisation as DefineOrganisation  # noqa: PLC0414 - its module's commands count
from models.standing_commands import PublishTable as PublishTable  # noqa: PLC0414 - likewise
from models.storm_commands import Observe as Observe  # noqa: PLC0414 - likewise
from models.values import Filing, Finding, TaskOutcome, TaskPlan
from models.vocabulary import Fate, Opinion, Settling


class Register(Command, zh="登记", en="register"):
    """Register a petition. ``summary`` is the redacted summary; the petitioner's own words go under seal."""

    channel: Word
    place: Said = Field(description="发生地点 / where it happens")
    summary: Written = Field(max_length=4000, description="脱敏摘要 / redacted summary")
    types: tuple[Word, ...] = Field(default=(), max_length=12)
    respondent: Line = Field(default="", description="被反映单位 / whom it is about, as named")
    spot: Coordinates = Field(default="", description="坐标（纬度,经度） / coordinates: latitude, longitude")
    filings: tuple[Filing, ...] = Field(default=(), max_length=50)
    campaign: Word | None = None
    batch: Day | None = Field(default=None, description="交办批次日；不填按受理编号 / day it was handed over")
    star: bool = False
    sealed: tuple[Word, ...] = Field(default=(), max_length=1)
    named: tuple[Word, ...] = Field(default=(), max_length=20)
    imported: bool = False
    split_from: Word | None = Field(default=None, description="由哪件拆分 / which receipt it was split from")


class Accept(Command, zh="受理", en="accept"):
    """Accept the petition; the petitioner is told in writing."""

    note: Text = ""


class Decline(Command, zh="不予受理", en="decline"):
    """Decline it, with the reason; the petitioner is told in writing."""

    reason: Written


class Refer(Command, zh="转送", en="refer"):
    """Send it to the authority it belongs to."""

    to_authority: Said
    reason: Written


class Assign(Command, zh="交办", en="assign"):
    """Give it to a unit, with the leader who answers for it. Without a unit it goes where the routing table says."""

    unit: Word | None = None
    handler: Word | None = None
    leader: Word | None = None
    note: Text = ""


class Reassign(Command, zh="改派", en="reassign"):
    """Give it to another unit or handler; the time for closure runs on."""

    unit: Word
    handler: Word | None = None
    leader: Word | None = None
    reason: Written


class Object(Command, zh="异议退回", en="object"):
    """Say, with reasons, that it is not ours; it goes back only if the sender agrees."""

    reason: Written


class AgreeReturn(Command, zh="同意退回", en="agree to the return"):
    """Take it back to be assigned anew."""

    note: Text = ""


class RefuseReturn(Command, zh="不同意退回", en="refuse the return"):
    """Leave it where it is."""

    reason: Written


class RecordFindings(Command, zh="登记核查结论", en="record findings"):
    """Record what the visit found, point by point, with evidence."""

    findings: tuple[Finding, ...] = Field(min_length=1, max_length=50)


class PlanRectification(Command, zh="制定整改措施", en="plan the rectification"):
    """Say what is put right: at once (立行立改) in ``measures``, or as dated tasks."""

    measures: Written
    task_plans: tuple[TaskPlan, ...] = Field(default=(), max_length=75)


class ReportProgress(Command, zh="报告进展", en="report progress"):
    """Say how it stands; no due date moves."""

    text: Written


class FinishTask(Command, zh="整改任务完结", en="finish a task"):
    """The end of a rectification task reaches its petition."""

    task: Word
    outcome: TaskOutcome
    task_hands: tuple[Word, ...] = Field(default=(), description="谁经办过该任务 / who had a hand in it")


class RequestExtension(Command, zh="申请延期", en="ask for an extension"):
    """Ask for more time, before it is up."""

    extension_days: int = Field(ge=1, le=365)
    reason: Written


class GrantExtension(Command, zh="批准延期", en="grant the extension"):
    """Grant it; the petitioner is told why."""

    note: Text = ""


class RefuseExtension(Command, zh="不批准延期", en="refuse the extension"):
    """Refuse it; the time runs on unchanged."""

    reason: Written


class SubmitForReview(Command, zh="提请审核", en="submit for review"):
    """Hand the case in for review; ``interim`` asks to close it for now with tasks still open."""

    interim: bool = False
    text: Text = ""


class SendBack(Command, zh="退回补办", en="send back"):
    """Send it back, saying what is missing."""

    reason: Written


class Approve(Command, zh="审核通过", en="approve"):
    """Approve it."""

    note: Text = ""


class ApproveInterim(Command, zh="同意阶段性办结", en="close for now"):
    """Close it for now; its open tasks run on."""

    note: Text = ""


class Reply(Command, zh="书面答复", en="reply in writing"):
    """Give the petitioner the written opinion."""

    opinion: Opinion
    text: Written


class ApplySignOff(Command, zh="申请销号", en="apply for sign-off"):
    """Apply for the case to be struck off the list."""

    text: Text = ""


class AcceptOnSite(Command, zh="现场验收", en="accept on site"):
    """Confirm on site that the pollution is gone."""

    text: Written


class Countersign(Command, zh="会签", en="countersign"):
    """Review and sign."""

    note: Text = ""


class PublishNotice(Command, zh="公示", en="publish the notice"):
    """Publish the notice."""

    where: Said


class StrikeOff(Command, zh="销号", en="strike off"):
    """Strike the case off the list."""

    note: Text = ""


class RefuseSignOff(Command, zh="退回销号申请", en="refuse the sign-off"):
    """Send the application for sign-off back."""

    reason: Written


class Reopen(Command, zh="重新办理", en="reopen"):
    """Open it again, with the reason."""

    reason: Written


class AskReconsideration(Command, zh="申请复查", en="ask for reconsideration"):
    """The petitioner asks for the opinion to be reconsidered."""

    reason: Text = ""


class DecideReconsideration(Command, zh="作出复查意见", en="decide the reconsideration"):
    """Uphold the opinion, or overturn it: then the case is handled again."""

    outcome: Literal["upheld", "overturned"]
    text: Written


class BeginHearing(Command, zh="启动听证", en="begin a hearing"):
    """Begin a hearing; its time is not counted."""

    reason: Written


class EndHearing(Command, zh="结束听证", en="end the hearing"):
    """End the hearing; the time runs on."""

    text: Written


class AskPetitioner(Command, zh="请信访人补充", en="ask the petitioner"):
    """Ask the petitioner for something; the time waits until the answer or its own limit."""

    text: Written


class PetitionerAnswered(Command, zh="信访人已补充", en="the petitioner answered"):
    """The answer is there; the petitioner's own words go under seal."""

    summary_of_answer: Text = ""
    sealed: tuple[Word, ...] = Field(default=(), max_length=1)


class Supplement(Command, zh="补充材料", en="add material"):
    """Add what came later. The petitioner's own words go under seal."""

    text: Written
    sealed: tuple[Word, ...] = Field(default=(), max_length=1)
    filings: tuple[Filing, ...] = Field(default=(), max_length=20)


class Correct(Command, zh="更正", en="correct"):
    """Correct what was registered wrongly; what was there before stays in the history."""

    reason: Written
    place: Said | None = None
    summary: Annotated[Written, Field(max_length=4000)] | None = None
    types: tuple[Word, ...] | None = None
    respondent: Line | None = None
    spot: Coordinates | None = None
    batch: Day | None = None
    named: tuple[Word, ...] | None = None


class Acknowledge(Command, zh="签收", en="acknowledge"):
    """Confirm that it was received and read."""

    note: Text = ""


class Instruct(Command, zh="批示", en="instruct"):
    """A leader's written instruction, which is answered for by a day that it names, or within the policy's time."""

    text: Written
    instruction_by: Day | None = Field(default=None, description="办理批示的期限 / answered by")


class AnswerInstruction(Command, zh="批示办理反馈", en="answer the instruction"):
    """Say what was done about the leader's instruction."""

    text: Written


class AdoptProposal(Command, zh="采纳建议", en="adopt the proposal"):
    """Adopt what is proposed: only now does the letter of supervision, the talk, the recommendation go out."""

    proposal: Word
    text: Text = ""


class DismissProposal(Command, zh="不采纳建议", en="dismiss the proposal"):
    """Leave it, with the reason."""

    proposal: Word
    reason: Written


class AnswerSource(Command, zh="来源渠道办结", en="answer on one channel"):
    """Answer one of several filings where it was made; the others' times run on."""

    filing: int = Field(ge=1, le=999, description="第几个来件 / which filing, counted from 1")
    text: Written


class Urge(Command, zh="催办", en="urge"):
    """Urge the unit on."""

    text: Written


class ListForSupervision(Command, zh="挂牌督办", en="list for supervision"):
    """Put the case on the list of supervised cases."""

    reason: Written


class Rate(Command, zh="满意度评价", en="rate"):
    """The petitioner's rating, 1 (bad) to 5 (good)."""

    rating: int = Field(ge=1, le=5)
    text: Text = ""


class Note(Command, zh="备注", en="note"):
    """Keep a remark; no due date moves."""

    text: Written


class Withdraw(Command, zh="撤回", en="withdraw"):
    """The petitioner withdraws."""

    reason: Written


class OpenTask(Command, zh="建立整改任务", en="open a task"):
    """Open a rectification task of a petition, or an item of an action plan."""

    parent: Word
    channel: Line = Field(default="", description="受理渠道；行动方案的任务没有 / none for an action plan's item")
    measure: Said
    target: Day
    standard: Text = ""
    place: Line = ""
    unit: Word | None = None
    handler: Word | None = None
    leader: Word | None = None
    named: tuple[Word, ...] = ()
    hands: tuple[Word, ...] = ()
    respondent: Line = ""
    site: Word | None = None
    campaign: Word | None = None
    category: Line = ""


class CancelTask(Command, zh="取消任务", en="cancel the task"):
    """Cancel the task, with the reason."""

    reason: Written


class Recount(Command, zh="重算期限", en="count again"):
    """Count every due date again, because a year's table arrived or was corrected."""

    why: Said


class MoveToAllDays(Command, zh="转入“5+2、白+黑”", en="move to every day"):
    """Count under an approved order: within it every day works."""

    all_days: tuple[AllDays, ...]
    why: Said


class MoveBack(Command, zh="恢复常规工作日", en="move back"):
    """The order is over or was lifted: from then on working days count as usual."""

    all_days: tuple[AllDays, ...]
    why: Said


class Ring(Command, zh="时限提醒", en="ring"):
    """A rung's moment has come. Stale or early rings change nothing."""

    clock: Word
    rung: Word
    due_at: Instant


class RecordOutcome(Command, zh="登记执行结果", en="record an outcome"):
    """What came of a reaction. Of a letter also: what became of it, by which channel, and why it did not arrive."""

    reaction: Said
    outcome: Literal["done", "failed", "unknown"]
    detail: Line = ""
    letter: LetterRef | None = None
    fate: Fate | None = None
    by_channel: Word | None = None
    why: Line = ""


class ResendLetter(Command, zh="重发文书", en="send a letter again"):
    """Send a letter again whose delivery failed or is not known."""

    letter: Said
    note: Text = ""


class SettleLetter(Command, zh="文书办妥", en="settle a letter"):
    """Say how a letter whose delivery failed or is not known reached its receiver after all."""

    letter: Said
    how: Settling
    note: Text = ""


COMMANDS: dict[str, type[Command]] = {command.name: command for command in Command.__subclasses__()}
"""Every command by its name."""
