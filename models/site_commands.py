"""What is done with a site: an enterprise, a farm, a plant, with its petitions, visits and enforcement (一企一策)."""

from typing import Literal

from pydantic import Field

from models.base import Amount, Line, Said, Text, Word, Written
from models.command import Command
from models.instants import Day
from models.spots import Coordinates
from models.values import TaskPlan


class RegisterSite(Command, zh="登记场所", en="register a site"):
    """Put a site into the ledger; people are named by their posts, an owner is masked (王某)."""

    title: Said = Field(max_length=200, description="名称 / name")
    place: Said = Field(description="所在地 / where it is")
    aliases: tuple[Line, ...] = Field(default=(), max_length=30, description="别名 / other names")
    trade: Line = Field(default="", max_length=60, description="行业 / trade")
    spot: Coordinates = Field(default="", description="坐标（纬度,经度） / coordinates: latitude, longitude")
    summary: Text = Field(default="", max_length=4000, description="基本情况 / what it is")
    unit: Word | None = None
    leader: Word | None = None
    handler: Word | None = Field(default=None, description="现场责任人 / who looks after it")


class CorrectSite(Command, zh="更正场所", en="correct a site"):
    """Correct what is known of a site; what is left empty stays."""

    title: Line = Field(default="", max_length=200)
    place: Line = ""
    aliases: tuple[Line, ...] = Field(default=(), max_length=30)
    trade: Line = Field(default="", max_length=60)
    spot: Coordinates = Field(default="", description="坐标（纬度,经度） / coordinates: latitude, longitude")
    summary: Text = Field(default="", max_length=4000)
    unit: Word | None = None
    leader: Word | None = None
    handler: Word | None = None
    reason: Text = ""


class RecordEnforcement(Command, zh="登记执法", en="record enforcement"):
    """Record what was ordered or punished; ``fine`` in ten thousand yuan (万元)."""

    measure: Literal["责令整改", "立案处罚", "查封扣押", "停产整治", "立案侦查", "行政拘留", "刑事拘留", "约谈", "问责"]
    fine: Amount = Field(default=0, ge=0, le=1_000_000, description="罚款（万元）")
    text: Written


class RecordVisit(Command, zh="登记巡查", en="record a visit"):
    """Record that somebody was there, and what was found."""

    text: Written
    sound: bool = Field(default=True, description="未发现问题 / nothing found")


class ReportAnomaly(Command, zh="报告监测异常", en="report an anomaly"):
    """What is monitored at a site is out of bounds: a problem, and a rectification task of the site's unit for it."""

    monitored: Said = Field(max_length=100, description="监测项目，如 总磷 / what is monitored")
    value: Said = Field(max_length=60, description="监测值，如 0.8 mg/L / value")
    bound: Line = Field(default="", max_length=60, description="限值 / limit")
    on: Day = Field(description="监测日期 / day it was measured")
    what_to_do: Said = Field(default="查明监测异常原因并整改", description="要求 / what is to be done")
    by_when: Day = Field(description="整改时限 / by when")


class CloseSite(Command, zh="关停场所", en="close a site"):
    """The site is out of operation."""

    reason: Written


class ReopenSite(Command, zh="恢复场所", en="put a site back"):
    """It is in operation again."""

    reason: Text = ""


class PlaceAtSite(Command, zh="归入场所", en="place at a site"):
    """Say which site a petition is about."""

    site: Word = Field(description="场所编号 / number of the site")


class TakeOffSite(Command, zh="移出场所", en="take off its site"):
    """It is not about that site; a recurrence that was seen for it counts no more."""

    reason: Text = ""


class HearOfPetition(Command, zh="信访件归入", en="hear of a petition"):
    """A petition was placed at this site."""

    petition: Word


class LetPetitionGo(Command, zh="信访件移出", en="let a petition go"):
    """A petition was taken off this site."""

    petition: Word


class KnowRecurrence(Command, zh="认定反弹", en="know a recurrence"):
    """It is about what an earlier petition at the same site was closed for."""

    recurrence_of: Word


class HearOfRecurrence(Command, zh="反弹", en="hear of a recurrence"):
    """What it was closed for is complained of again at the same site."""

    recurrence: Word


class CheckAlikeSites(Command, zh="举一反三", en="check like sites"):
    """Have like sites checked for the same: a rectification task for each, by a day."""

    task_plans: tuple[TaskPlan, ...] = Field(min_length=1, max_length=200)
    reason: Text = ""
