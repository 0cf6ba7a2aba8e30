"""What is done with an indicator (指标): how much was assessed and how much of it complied, by period."""

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.base import Line, Said, Text, Word
from models.command import Command
from models.comparison import period_kept, period_said

PERIOD = r"^(19|20)\d\d(-(0[1-9]|1[0-2]))?$"


class RegisterIndicator(Command, zh="登记指标", en="register an indicator"):
    """Put an indicator into the register: days of good air, water points, sewage plants."""

    title: Said = Field(max_length=200, description="名称，如 环境空气质量优良天数 / name")
    counted_in: Line = Field(default="天", max_length=20, description="计量单位，如 天、个 / what is counted")
    summary: Text = Field(default="", max_length=4000, description="口径 / how it is defined")
    unit: Word | None = Field(default=None, description="责任单位 / unit that answers for it")


class RecordReading(Command, zh="登记考核结果", en="record a reading"):
    """Record how much was assessed in a period and how much complied; once more for a period corrects it."""

    period: Said = Field(
        pattern=r"^(19|20)\d\d(-(0[1-9]|1[0-2]))?$", description="年或月，如 2026、2026-06 / year or month"
    )
    assessed: int = Field(ge=0, le=10_000_000, description="考核数 / assessed")
    compliant: int = Field(ge=0, le=10_000_000, description="达标数 / compliant")
    reason: Text = ""

    @model_validator(mode="after")
    def _no_more_than_assessed(self) -> "RecordReading":
        if self.compliant > self.assessed:
            raise PydanticCustomError("reading", "达标数多于考核数 / more complied than were assessed")
        return self


class RecordCount(Command, zh="登记县区件数", en="record a district's count"):
    """Enter how many petitions another district had in a period, and who says so; once more corrects it."""

    district: Said = Field(max_length=60, description="县区，如 城区、邻县 / district")
    period: Said = Field(max_length=24, description="期间，如 2023、2023-Q3、2023-09、2023-09-06..2023-09-26 / period")
    count: int = Field(ge=0, le=10_000_000, description="件数 / petitions")
    source: Said = Field(description="来源，如 市局通报〔2023〕第 9 期 / who says so")
    reason: Text = ""

    @field_validator("period")
    @classmethod
    def _understood(cls, text: str) -> str:
        if period_said(text) is None:
            raise PydanticCustomError(
                "period", "期间应如 2023、2023-Q3、2023-09、2023-09-06..2023-09-26 / no such period"
            )
        return period_kept(text)
