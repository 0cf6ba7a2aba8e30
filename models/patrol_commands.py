"""What is done with a patrol (巡查) of an enterprise, and with a weather station whose weather it goes by."""

from pydantic import Field

from models.base import Amount, Line, Said, Text, Word, Written
from models.command import Command
from models.instants import Day, Instant
from models.patrol import Sky
from models.spots import Coordinates


class OpenPatrol(Command, zh="建立巡查", en="open a patrol"):
    """Have an enterprise patrolled: by whom, under which leader, by which station's weather."""

    title: Said = Field(max_length=200, description="被巡查企业 / enterprise")
    site: Word | None = Field(default=None, description="场所编号 / number of the site")
    place: Said = Field(description="所在地 / where it is")
    station: Word | None = Field(default=None, description="气象站点；无则按晴天 / weather station; dry without")
    unit: Word
    handler: Word = Field(description="现场责任人 / who goes there")
    leader: Word = Field(description="督导责任领导 / leader who answers for it")
    summary: Text = Field(default="", max_length=4000, description="巡查要点 / what is looked at")


class CorrectPatrol(Command, zh="更正巡查", en="correct a patrol"):
    """Correct what is known of a patrol; what is left empty stays."""

    title: Line = Field(default="", max_length=200)
    site: Word | None = Field(default=None, description="场所编号 / number of the site")
    place: Line = ""
    station: Word | None = Field(default=None, description="气象站点编号 / weather station")
    unit: Word | None = None
    handler: Word | None = None
    leader: Word | None = None
    summary: Text = Field(default="", max_length=4000)
    reason: Text = ""


class RecordPatrol(Command, zh="登记巡查情况", en="record a patrol"):
    """Record that somebody was there, and what was found. When it was counts, not when it is told."""

    been_at: Instant | None = Field(default=None, description="到场时刻，缺省为现在 / when it was; now if empty")
    text: Written
    sound: bool = Field(default=True, description="未发现问题 / nothing found")


class ReportProblem(Command, zh="报告问题", en="report a problem"):
    """Something is wrong there: a rectification task of the patrol's unit for it."""

    text: Written = Field(description="发现的问题 / what is wrong")
    what_to_do: Said = Field(max_length=150, description="整改要求 / what is to be done")
    by_when: Day = Field(description="整改时限 / by when")


class OrderLookBack(Command, zh="安排天气回头看", en="order a look-back"):
    """Have it looked at again when such weather comes first."""

    station: Word = Field(description="气象站点 / weather station")
    look_back_on: Sky = Field(description="遇何种天气 / on which weather")
    text: Text = Field(default="", description="查看要点 / what is looked at")


class LookBack(Command, zh="登记回头看", en="record a look-back"):
    """Somebody looked whether it is still put right; what came back is opened again."""

    text: Written
    kept: bool = Field(default=True, description="整改成果保持 / still put right")


class HearWeather(Command, zh="天气变化", en="hear of the weather"):
    """The weather at its station, as of which of the station's events."""

    station: Word

    sky: Sky
    sky_at: Instant
    sky_seq: int = Field(ge=0)


class EndPatrol(Command, zh="停止巡查", en="end a patrol"):
    """The enterprise is patrolled no more."""

    reason: Written


class ResumePatrol(Command, zh="恢复巡查", en="resume a patrol"):
    """It is patrolled again, from now on."""

    reason: Text = ""


class HearOfListener(Command, zh="天气告知对象", en="hear of a listener"):
    """A case goes by this station's weather."""

    listener: Word


class RegisterStation(Command, zh="登记气象站点", en="register a weather station"):
    """Put a weather station into the register: where the weather that patrols go by is observed."""

    title: Said = Field(max_length=200, description="名称，如 青石镇 / name")
    place: Line = Field(default="", description="所在地 / where it is")
    spot: Coordinates = Field(default="", description="坐标（纬度,经度），自动取天气用 / coordinates, for the provider")
    summary: Text = Field(default="", max_length=4000)


class ObserveWeather(Command, zh="登记天气", en="record the weather"):
    """Record what the weather was at a moment; what was seen before what is known changes nothing but the record."""

    seen_at: Instant | None = Field(default=None, description="观测时刻，缺省为现在 / when it was seen; now if empty")
    sky: Sky
    mm: Amount | None = Field(default=None, ge=0, le=500, description="小时雨量（毫米） / rain in the hour, mm")
    by_whom: Line = Field(default="", max_length=60, description="来源 / who or what says so")
