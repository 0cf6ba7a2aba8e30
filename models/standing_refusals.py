# ruff: noqa: D205 - the first line is the Chinese sentence, the second the English one
"""Why something was not done with a standing stream: a table, a campaign's order, a name."""

from models.refusals import Refused


class OlderTable(Refused):
    """{year} 年的安排已有第 {version} 版，须发布更高的版本。
    Version {version} of the table for {year} is in force; a correction bears a higher one.
    """


class OrderDates(Refused):
    """起止日期有误：{first} 至 {last}。
    The order's days are not right: {first} to {last}.
    """


class NoAuthority(Refused):
    """“{signatory}”无权签发此令：按办理规则，须由{posts}签发。
    "{signatory}" may not sign such an order; by the policy it is signed by: {posts_en}.
    """


class OrderLong(Refused):
    """一次命令最长 {longest} 日，请缩短起止日期。
    One order holds for {longest} days at most; choose a shorter span.
    """


class OrderBackdated(Refused):
    """首日 {first} 过早：命令最多追溯 {back} 日，已按工作日计过的时间不再改动。
    The first day {first} is too long ago: an order reaches back {back} days at most.
    """


class OrderUnseen(Refused):
    """登记“{signatory}”签发的命令须附原件扫描件（文件摘要）；由签发人本人登记则不必。
    Recording an order signed by "{signatory}" needs a scan of it (its hash), unless the signatory records it.
    """


class WrongName(Refused):
    """编号应为“{wanted}”，而不是“{case}”。
    It is to be called "{wanted}", not "{case}".
    """


class BadName(Refused):
    """名称“{name}”不能用：须为 1 到 48 个汉字、字母、数字或“.”“-”“_”，以汉字、字母或数字开头。
    "{name}" cannot be a name: 1 to 48 letters, digits, dots, hyphens or underscores, beginning with a letter or digit.
    """


class EveryDay(Refused):
    """日历“{name}”天天都计，不收放假安排。
    In the calendar "{name}" every day works; it takes no year's table.
    """
