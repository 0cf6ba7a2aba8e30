"""A campaign's closing report, counted from its petitions: every figure with how it is counted and the cases behind it.

Pure, and no figure is written here. docs/campaigns.md says what each figure means.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from models.annual import Words, left, made_of
from models.batches import VERDICTS, Batch, Of, behind, whole
from models.campaign_values import Tally
from models.case import Case
from models.editions import Published, in_public, latest, publishable
from models.report import Figure, Part, Report

UNITS = {
    "rectify_orders": "家",
    "penalties": "家",
    "fines": "万元",
    "criminal_cases": "件",
    "detained": "人",
    "arrested": "人",
    "talks": "人",
    "accountable": "人",
}
"""What each figure of enforcement counts."""


def closing(
    campaign: Case,
    some: Sequence[Batch],
    editions: Sequence[Published],
    until: datetime,
    words: Words | None = None,
    person: Callable[[str], str] = str,
) -> Report:
    """Return a campaign's closing report.

    Args:
        campaign: the campaign.
        some: its batches, the oldest first.
        editions: every published version of their tables.
        until: the moment it is told at.
        words: how it calls channels, units and townships; their ids where none are given.
        person: how it calls people.
    """
    report, words = Report(f"{campaign.title}信访件办理情况报告", until), words or Words()
    total = whole(some, until)
    report.parts = [
        _how(campaign, person),
        _whole(report, total),
        _verdicts(report, total),
        made_of(report, total.cases, words, "本次交办"),
        _days(report, some),
        _enforcement(report, total),
        _public(report, total, editions),
        _looked_back(report, campaign, total),
        left(report, total.cases, words),
    ]
    report.numbered()
    return report


def _count(report: Report, total: Batch, what: Of, how: str) -> Figure:
    return report.count(what.zh, total.of(what), how)


def _how(campaign: Case, person: Callable[[str], str]) -> Part:
    part = Part("组织推进", heads=("协调小组", "职责", "组长", "成员"))
    if campaign.first_day and campaign.last_day:
        level = campaign.level.zh if campaign.level else ""
        part.sentences.append(f"{level}{campaign.round}，{campaign.first_day} 至 {campaign.last_day}。")
    for order in campaign.orders:
        part.sentences.append(f"{order.number}：{order.first} 至 {order.last} 按每天计时。")
    part.rows = [
        (each.name, each.duty, person(each.head) if each.head else "", "、".join(map(person, each.members)))
        for each in campaign.groups
    ]
    return part


def _whole(report: Report, total: Batch) -> Part:
    received = _count(report, total, Of.RECEIVED, "交办的信访件，拆分的按一件计")
    star = _count(report, total, Of.STAR, f"〔{received.number}〕中重点关注的")
    merged = _count(report, total, Of.MERGED, "并入主案办理的")
    parts = _count(report, total, Of.PARTS, "由一件拆分出的")
    every = report.count("拆分后总数", total.cases, f"〔{received.number}〕与〔{parts.number}〕之和")
    verified = _count(report, total, Of.VERIFIED, f"〔{every.number}〕中有核查结论的")
    closed = _count(report, total, Of.CLOSED, f"〔{every.number}〕中已办结、已销号的")
    interim = _count(report, total, Of.INTERIM, f"〔{every.number}〕中阶段性办结的")
    signed = _count(report, total, Of.SIGNED_OFF, f"〔{closed.number}〕中已销号的")
    rate = report.rate("办结率", closed, every)
    timely = report.count("按期办结", [each for each in total.of(Of.CLOSED) if each.on_time is True], "在时限内办结的")
    measures = _count(report, total, Of.MEASURES, f"〔{every.number}〕中有整改措施的")
    at_once = _count(report, total, Of.AT_ONCE, f"〔{measures.number}〕中已办结、没有限期任务的")
    share = report.rate("立行立改率", at_once, measures)
    gone = _count(report, total, Of.ELSEWHERE, f"〔{every.number}〕中状态如此的")
    return Part(
        "总体情况",
        [
            f"共交办信访件 {received}，其中重点关注 {star}；并案 {merged}，拆分增加 {parts}，拆分后共 {every}。",
            f"已核查 {verified}；已办结 {closed}，办结率 {rate}，其中按期办结 {timely}、已销号 {signed}。",
            f"阶段性办结 {interim}；不予受理、转送和撤回 {gone}。",
            f"立行立改 {at_once}，占有整改措施的 {share}。",
        ],
    )


def _verdicts(report: Report, total: Batch) -> Part:
    verified = report.figure(Of.VERIFIED.zh)
    part = Part("属实情况", heads=("结论", "件数", "占比"))
    for what in VERDICTS:
        found = _count(report, total, what, f"〔{verified.number}〕中结论为{what.zh}的")
        part.rows.append((what.zh, str(found), str(report.rate(f"{what.zh} 占比", found, verified))))
    return part


def _days(report: Report, some: Sequence[Batch]) -> Part:
    shown = (Of.RECEIVED, Of.STAR, Of.VERIFIED, Of.INTERIM, Of.CLOSED, Of.SIGNED_OFF)
    part = Part("逐批情况", heads=("批次", *(what.zh for what in shown)))
    for each in some:
        counts = [report.count(f"{each.day} {what.zh}", each.of(what), f"{each.day} 批次") for what in shown]
        part.rows.append((str(each.day), *map(str, counts)))
    return part


def _enforcement(report: Report, total: Batch) -> Part:
    part = Part("处罚和问责", heads=("项目", "合计", "涉及信访件"))
    for name, value in total.tally.items():
        told = Tally.model_fields[name].description or name
        cases = behind(total.cases, name)
        if cases:
            found = report.add(
                told.partition("（")[0],
                f"{value:g} {UNITS[name]}",
                "各件登记数之和",
                tuple(each.id for each in cases),
            )
            part.rows.append((found.name, str(found), f"{len(cases)} 件"))
    return part


def _public(report: Report, total: Batch, editions: Sequence[Published]) -> Part:
    newest, shown = latest(editions), in_public(editions)
    ready = report.count("可公开", [each for each in total.cases if publishable(each)], "有核查结论且由本地答复的")
    told = report.count("已公开", [each for each in total.cases if each.id in shown], "在各批次最新一版公开表中的")
    late = {row.case for batch, each in newest.items() for row in each.rows if row.batch != batch}
    beside = report.count("补充公开", [each for each in total.cases if each.id in late], "列在较晚批次表中的")
    return Part(
        "公开情况",
        [f"公开 {len(newest)} 个批次，共 {len(editions)} 版；可公开 {ready}，已公开 {told}，其中补充公开 {beside}。"],
    )


def _looked_back(report: Report, campaign: Case, total: Batch) -> Part:
    part = Part("回头看", heads=("轮次", "整改到位", "问题反弹", "待核查"))
    cases = {each.id: each for each in total.cases}
    for turn in campaign.look_backs:
        counts = [
            report.count(
                f"第 {turn.number} 轮 {word}", [cases[one] for one in some if one in cases], f"{turn.day} 启动"
            )
            for word, some in (("整改到位", turn.held), ("问题反弹", turn.back), ("待核查", turn.left))
        ]
        part.rows.append((str(turn.number), *map(str, counts)))
    return part
