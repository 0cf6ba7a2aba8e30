# ruff: noqa: D205 - the first line is the Chinese sentence, the second the English one
"""Why something was not done with an inspection campaign."""

from models.refusals import Refused


class CampaignDays(Refused):
    """进驻末日 {last} 早于首日 {first}。
    The campaign's last day {last} is before its first day {first}.
    """


class BadNumberForm(Refused):
    """编号格式“{form}”不能用：可写字母、数字，以及 {{channel}} {{round}} {{area}} {{date}} {{seq}}，后者各至多一次。
    "{form}" is no form: letters, digits and {{channel}} {{round}} {{area}} {{date}} {{seq}}, each once at most.
    """


class NoGroup(Refused):
    """没有名为“{group}”的协调小组。
    There is no coordination group called "{group}".
    """


class OtherVersion(Refused):
    """{batch} 批次应为第 {wanted} 版：期间已有他人公开，请重新生成。
    The table of {batch} would be version {wanted}: somebody has published it meanwhile; make it anew.
    """


class MadeFromLedger(Refused):
    """公开表由系统按台账编制，不能手工填写；请在批次页或用 banjie campaign publish 公开。
    A public table is made from the ledger, never by hand: publish it on its batch's page or by banjie campaign publish.
    """


class RowTwice(Refused):
    """{petition} 在表中出现两次，或属于更晚的批次。
    {petition} stands in the table twice, or belongs to a later batch.
    """


class RoundOpen(Refused):
    """本轮回头看还有 {count} 件未核查，请先完成。
    In this round {count} petitions are still to be checked; finish them first.
    """


class NothingToCheck(Refused):
    """没有待核查的回头看。
    No petition waits for a look-back.
    """


class NotInRound(Refused):
    """{petition} 不在本轮待核查之列。
    {petition} is not among those still to be checked.
    """
