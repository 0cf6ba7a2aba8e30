# ruff: noqa: D205 - the first line is the Chinese sentence, the second the English one
"""Why something is not done with several petitions on one matter."""

from models.refusals import Refused


class Joined(Refused):
    """案件不能并入自身。
    A case cannot be joined to itself.
    """


class Leads(Refused):
    """案件是 {followers} 的主案，须先解除这些并案。
    The case leads {followers}; part these first.
    """


class LeadOpen(Refused):
    """主案 {leading} 尚未办结，或没有核查结论。
    The leading case {leading} is not closed yet, or nothing was found there.
    """


class SaidAlready(Refused):
    """已认定 {case} 不是同一件事。
    {case} was said to be about another matter already.
    """


class NotSaid(Refused):
    """没有认定过 {case} 不是同一件事。
    {case} was not said to be about another matter.
    """


class NotJoined(Refused):
    """案件没有并案。
    The case is not joined to any other.
    """


class AlreadyJoined(Refused):
    """案件已并入 {leading}，须先拆分。
    The case is joined to {leading}; part it first.
    """


class AtSite(Refused):
    """信访件已归入场所 {site}，须先移出。
    The petition is placed at the site {site}; take it off first.
    """


class AtNoSite(Refused):
    """信访件没有归入场所。
    The petition is placed at no site.
    """


class NoRepeat(Refused):
    """信访件没有被认定为重复信访。
    The petition was not marked as a repeat.
    """


class ServedAlready(Refused):
    """任务已用于信访件 {petition}。
    The task is for {petition} already.
    """


class NotServed(Refused):
    """不涉及信访件 {petition}。
    It is not for {petition}.
    """


class ServedAlone(Refused):
    """任务只用于信访件 {petition}；不再需要的，请取消任务。
    The task is for {petition} alone; cancel it where it is needed no more.
    """


class RepeatAlready(Refused):
    """{case} 已认定为 {repeat_of} 的重复信访，须先撤销。
    {case} was marked as a repeat of {repeat_of}; take that back first.
    """


class RepeatEarlier(Refused):
    """{repeat} 登记在先，不能认定为后来信访件的重复。
    {repeat} came in earlier; it is no repeat of what came later.
    """


class NoPatrols(Refused):
    """办理规则 {policy} 没有巡查时段的时钟（slot，kind = "patrol"），漏巡将无人知晓；请先发布含有它的规则。
    The policy {policy} has no clock "slot" for patrols: nobody would hear of a missed one. Publish one that has it.
    """
