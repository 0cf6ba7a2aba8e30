# ruff: noqa: D205 - the first line is the Chinese sentence, the second the English one
"""Why something was not done.

The docstring of a refusal is the sentence a person reads: Chinese first, then English. Names in braces are
filled in from the refusal's own details.
"""

from typing import ClassVar


class Refused(Exception):  # noqa: N818 - the desk's word; a refusal is an answer, not an error of the engine
    """该操作未被允许。
    This was not allowed.
    """

    code: ClassVar[str]
    _sentences: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        """Name the refusal by its class, ``NotNow`` is ``not_now``, and read its sentences."""
        cls._sentences = tuple(text.strip() for text in (cls.__doc__ or "").splitlines() if text.strip())
        cls.code = "".join(f"_{mark.lower()}" if mark.isupper() else mark for mark in cls.__name__).lstrip("_")

    def __init__(self, **details: object) -> None:
        """Keep what fills the sentence."""
        self.details = {name: str(value) for name, value in details.items()}
        super().__init__(self.zh)

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self._sentences[0].format(**self.details)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self._sentences[1].format(**self.details)


Refused.__init_subclass__()  # the refusal without a reason of its own has a name and sentences too


class Unknown(Refused):
    """没有“{case}”。
    There is no "{case}".
    """


class Exists(Refused):
    """编号 {case} 已经登记。
    The case {case} is registered already.
    """


class UnknownPerson(Refused):
    """没有名为“{person}”的用户。
    There is no user called "{person}".
    """


class UnknownUnit(Refused):
    """没有名为“{unit}”的单位。
    There is no unit called "{unit}".
    """


class UnknownChannel(Refused):
    """没有名为“{channel}”的受理渠道。可用：{known}。
    There is no channel called "{channel}". There are: {known}.
    """


class UnknownCommand(Refused):
    """没有名为“{command}”的操作。
    There is no command called "{command}".
    """


class Malformed(Refused):
    """“{field}”填写有误：{why}。
    The field "{field}" is not right: {why}.
    """


class NotNow(Refused):
    """目前“{status}”，不能“{command}”。
    It is {status_en}; "{command_en}" is not possible now.
    """


class NotYours(Refused):
    """“{command}”须由{roles}办理，您（{person}）没有这一职责。
    "{command_en}" is for: {roles_en}; you ({person}) do not have that role.
    """


class NotForYou(Refused):
    """您（{person}）无权查看{what}。
    You ({person}) may not see: {what_en}.
    """


class OtherUnit(Refused):
    """案件由“{unit}”承办，您（{person}）属于“{own}”。
    The case is handled by "{unit}"; you ({person}) belong to "{own}".
    """


class AlreadyOpen(Refused):
    """已有“{flag}”，此时不能“{command}”。
    There is "{flag_en}" already; "{command_en}" is not possible now.
    """


class NothingOpen(Refused):
    """须先有“{flag}”，才能“{command}”。
    "{command_en}" needs "{flag_en}" first.
    """


class FourEyes(Refused):
    """您（{person}）参与过本案办理，不能再“{command}”，须由他人办理。
    You ({person}) have had a hand in this case; "{command_en}" must be done by somebody else.
    """


class NamedParty(Refused):
    """{person} 是被反映对象，不得参与本案（《信访工作条例》第三十条）。
    {person} is a party complained about and may take no part in the case (art. 30).
    """


class Interest(Refused):
    """{person} 与“{party}”有利害关系，应当回避（《信访工作条例》第二十八条）。
    {person} has an interest in "{party}" and must withdraw (art. 28).
    """


class NoFindings(Refused):
    """尚无核查结论，不能办结。
    There are no findings yet; the case cannot be closed.
    """


class NoEvidence(Refused):
    """核查结论没有附佐证材料，不能办结。
    The findings come without evidence; the case cannot be closed.
    """


class TasksOpen(Refused):
    """整改任务尚未完成：{tasks}。可申请阶段性办结。
    Rectification tasks are still open: {tasks}. Closing for now may be asked for.
    """


class ItemsOpen(Refused):
    """还有 {count} 项任务没有完成。
    {count} items are still open.
    """


class NoItem(Refused):
    """只有行动方案下达的任务单独销号；信访件的整改任务随信访件销号。
    Only the items of an action plan are signed off by themselves; a petition's tasks are so with the petition.
    """


class NothingPlanned(Refused):
    """还没有任务。
    There is no task yet.
    """


class NothingLeft(Refused):
    """整改任务均已完成，无需阶段性办结。
    All tasks are done; there is no reason to close only for now.
    """


class NotPlanned(Refused):
    """核查属实（或部分属实），须先确定整改措施。
    The findings are substantiated (at least in part); a rectification must be planned first.
    """


class NothingToRectify(Refused):
    """各反映点均不属实，无需整改。
    Every point is unsubstantiated; there is nothing to rectify.
    """


class TooLate(Refused):
    """“{clock}”已于 {due} 到期，不能再“{command}”。
    The time "{clock_en}" was up at {due}; "{command_en}" is too late.
    """


class TooLong(Refused):
    """延期不得超过 {limit} 日。
    An extension may not be longer than {limit} days.
    """


class OnceOnly(Refused):
    """已延期一次，不能再次延期。
    The time has been extended once already.
    """


class DueInPast(Refused):
    """整改期限 {due} 已经过去。
    The date {due} is in the past.
    """


class UnknownTask(Refused):
    """案件没有编号为 {task} 的整改任务。
    The case has no task {task}.
    """


class LooksPersonal(Refused):
    """“{field}”中似有电话或身份证号码。此处只写脱敏摘要，原文请放入密封内容。
    "{field}" seems to hold a telephone or identity number. Write a redacted text; the rest goes under seal.
    """


class OtherContent(Refused):
    """编号 {envelope} 已用于另一项内容不同的操作。
    The key {envelope} has been used for something else.
    """


class Reserved(Refused):
    """“{person}”是系统角色，不能以其名义操作。
    "{person}" is a role of the engine; nobody may act in its name.
    """


class InFuture(Refused):
    """发生时间 {at} 晚于现在。
    The moment {at} has not come yet.
    """


class Backdated(Refused):
    """“{command}”不能补记过去的时间。
    "{command_en}" cannot be told for an earlier moment.
    """


class OthersUnit(Refused):
    """本案由“{unit}”承办，不归您（{person}）主管或分管，您不能{command}。
    The case is handled by "{unit}", which is neither yours ({person}) nor in your charge; you cannot {command_en}.
    """


class NotAbove(Refused):
    """对承办单位的建议由其上级领导决定，您（{person}）不能{command}。
    What is proposed about a unit is decided above it; you ({person}) cannot {command_en}.
    """


class InstructionFar(Refused):
    """批示办理期限最长 {limit} 日，最晚写到 {last}。
    An instruction is answered within {limit} days, by {last} at the latest.
    """


class InstructionStands(Refused):
    """此前的批示须于 {due} 前反馈，期限只能提前、不能推后；不写期限则沿用原期限。
    An earlier instruction is to be answered by {due}: bring the day forward, or leave it empty to keep it.
    """


class NotHead(Refused):
    """延期须由单位主要负责人批准，您（{person}）不是。
    An extension is granted by the head of the unit; you ({person}) are not.
    """


class NotImported(Refused):
    """只有导入且本级尚未受理、交办的案件可以补录历史。
    History is recorded only for an imported case that the desk has not taken in hand.
    """


class NotRunning(Refused):
    """“{clock}”没有在计时，不能“{command}”。
    The time "{clock_en}" is not running; "{command_en}" is not possible.
    """


class AskedOften(Refused):
    """“{pause}”在本案中已用 {times} 次，不能再暂停办理期限。
    The time has stood still for "{pause_en}" {times} times already; it cannot again.
    """


class UnknownFiling(Refused):
    """没有需要单独答复的第 {filing} 个来件。
    There is no filing {filing} that waits for an answer of its own.
    """


class UnknownProposal(Refused):
    """没有待定的建议 {proposal}。
    There is no proposal {proposal} to be decided.
    """


class ReviewedForGood(Refused):
    """本件已经复核，同一事实和理由不再受理（《信访工作条例》第三十六条）。
    The opinion has been reviewed a second time; the same facts and reasons are not accepted again (art. 36).
    """


class NoClock(Refused):
    """没有在计的时限“{clock}”。在计的有：{known}。
    No time "{clock}" is running. There are: {known}.
    """


class NotPending(Refused):
    """没有待执行的事项 {reaction}。
    There is nothing to be done called {reaction}.
    """


class NotWhole(Refused):
    """组织机构不成立：{why}。
    The organisation would not be whole: {why_en}.
    """


class Taken(Refused):
    """编号“{name}”已经用过（{whose}），不能再用。
    The id "{name}" is taken ({whose}) and cannot be used again.
    """


class Gone(Refused):
    """{person} 已经离任。
    {person} has left.
    """


class UnitClosed(Refused):
    """单位“{unit}”已经撤销。
    The unit "{unit}" is closed.
    """


class StillUsed(Refused):
    """单位“{unit}”还不能撤销，仍有：{what}。
    The unit "{unit}" cannot be closed yet; there are still: {what}.
    """


class UnknownPost(Refused):
    """没有名为“{post}”的职务。可用：{known}。
    There is no post called "{post}". There are: {known}.
    """


class HoldsAlready(Refused):
    """{person} 已任此职：{post}。
    {person} holds the post already: {post}.
    """


class HoldsNot(Refused):
    """{person} 没有担任：{post}。
    {person} does not hold the post: {post}.
    """


class NotAway(Refused):
    """{person} 没有休假，也没有已登记的休假。
    {person} is not away, and no leave is to come.
    """


class UnknownGrid(Refused):
    """没有名为“{grid}”的网格。
    There is no grid called "{grid}".
    """


class NoRoute(Refused):
    """没有可用的派件规则：{why}。请指明承办单位。
    The routing table does not tell where it goes: {why_en}. Name the unit.
    """


class Ambiguous(Refused):
    """“{name}”不止一个，请写编号：{ids}。
    There is more than one "{name}"; write the id: {ids}.
    """


class NothingUnsettled(Refused):
    """没有投递异常、需要处理的文书。
    No letter is waiting to be seen to.
    """


class NotUnsettled(Refused):
    """文书 {letter} 没有投递异常。需要处理的有：{waiting}。
    Letter {letter} is not waiting to be seen to. These are: {waiting}.
    """


class OfTheUnit(Refused):
    """“{command}”须由承办单位以外的领导办理，您（{person}）属于承办单位。
    "{command_en}" is done by a leader of another unit than the case's; you ({person}) are of that unit.
    """


class UnderWay(Refused):
    """本案还有文书或事项正在办理，请稍候再“{command}”。
    Letters or other things of this case are still under way; "{command_en}" a little later.
    """


class Erased(Refused):
    """案件 {case} 的信访人信息已依法删除，不能再查看。
    Who complained in the case {case} was erased by law and is not to be seen any more.
    """


class OnItsWay(Refused):
    """文书 {letter} 正在重发，请等待结果。
    Letter {letter} is being sent again; wait for what comes of it.
    """


class UnfitPolicy(Refused):
    """{file} 不能作为办理规则，{where}：{why}（共 {count} 处，banjie policy check 列出全部）。
    {file} is no policy to work by, {where_en}: {why_en} ({count} in all; banjie policy check lists them).
    """


class Changed(Refused):
    """案件 {case} 已有新的进展，请重新查看后再办理。
    Something happened to the case {case} in the meantime; please look at it again first.
    """
