# ruff: noqa: D205 - the first line is the Chinese sentence, the second the English one
"""Why who complained was not erased."""

from models.refusals import Refused


class NotReplied(Refused):
    """本案已办结但尚未书面答复信访人，答复后方可“{command}”。
    The case is closed but the petitioner has no written reply yet; "{command_en}" after it.
    """


class ProposedByYou(Refused):
    """删除由您（{person}）提出，须由另一人决定。
    You ({person}) proposed the erasure; somebody else decides it.
    """


class OtherGrounds(Refused):
    """删除是以“{grounds}”提出的，请核对依据；不同意的可“不同意删除”。
    The erasure was proposed because: {grounds_en}. Check the grounds, or refuse it.
    """


class StillKept(Refused):
    """按《{policy}》第 {row} 行，本案信访人信息保存至 {day}，保存期限尚未届满。
    By row {row} of the policy {policy} who complained is kept until {day}; that day is not over.
    """


class KeptForEver(Refused):
    """《{policy}》没有为“{status}”的案件规定保存期限，不能以期限届满为由删除。
    The policy {policy} names no time for which a case that is {status_en} is kept: it cannot be over.
    """


class NotErased(Refused):
    """案件 {case} 的信访人信息没有删除，或密钥尚未销毁，不能出具删除证明。
    Who complained in {case} is not erased, or a key is still there: there is nothing to certify.
    """
