"""What may be asked of the standing streams: policies, calendars, campaigns and their orders."""

from pydantic import Field

from models.base import Text, Written
from models.calendars import Calendar, Week, Year
from models.command import Command
from models.instants import Day
from models.policy import Policy
from models.values import Order


class PublishPolicy(Command, zh="发布办理规则", en="publish a policy"):
    """Publish a policy; what is published never changes, new rules are a document with a new name and date."""

    document: Policy
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="文件摘要 / hash of the file")


class PublishCalendar(Command, zh="设立工作日历", en="set up a calendar"):
    """Set a calendar up, with the tables that are there."""

    calendar: Calendar


class PublishTable(Command, zh="发布放假安排", en="publish a year's table"):
    """Publish a year's table, its correction, or other shifts; due dates that rest on them are counted again."""

    tables: tuple[Year, ...] = Field(default=(), max_length=60)
    week: Week | None = None
    reason: Text = ""


class OrderAllDays(Command, zh="下达“5+2、白+黑”令", en="order every day to work"):
    """Record an approved order: the campaign's open cases count every day from the first to the last, both included."""

    order: Order


class LiftOrder(Command, zh="提前解除", en="lift the order"):
    """End the order early; ``last`` is the last day on which it held."""

    last: Day
    reason: Written
