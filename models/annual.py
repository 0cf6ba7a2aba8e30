"""A year's working report, counted from the cases: every figure with how it is counted and the cases behind it.

Pure, and no figure is written here: changing one case changes the report. docs/report.md says what each figure means.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.areas import area_or_unit
from models.case import Case
from models.counting import legal_day
from models.instants import shown_due
from models.report import Part, Report
from models.values import Reading
from models.vocabulary import ENDS, Kind, Status

DONE = frozenset({Status.CLOSED, Status.SIGNED_OFF})
MOST_ROWS = 12
"""Rows of a table of channels, types and townships; what comes after them is told together."""


@dataclass
class Annual(Report):
    """The report of a year."""

    year: int = 0


@dataclass(frozen=True)
class Words:
    """How the report calls channels, units, townships and campaigns."""

    channel: Callable[[str], str] = str
    unit: Callable[[str], str] = str
    township: Callable[[str], str] = str
    campaign: Callable[[str], str] = str


def annual(cases: Iterable[Case], year: int, until: datetime, words: Words | None = None) -> Annual:
    """Return a year's report.

    Args:
        cases: petitions, tasks, plans, sites and watches, of all years.
        year: the year, in Shanghai's days.
        until: the report's moment: what happened after it is not there.
        words: how it calls things; their ids where none are given.
    """
    some = list(cases)
    kinds: dict[Kind, list[Case]] = {kind: [each for each in some if each.kind is kind] for kind in Kind}
    report, words = Annual(f"{year} 年信访工作报告", until, year=year), words or Words()
    petitions = kinds[Kind.PETITION]
    here = [each for each in petitions if _in(each.registered_at, year)]
    report.parts.append(_whole(report, petitions, here))
    report.parts.append(made_of(report, here, words))
    report.parts.append(_campaigns(report, petitions, here, words))
    report.parts.append(_plans(report, kinds[Kind.PLAN], kinds[Kind.RECTIFICATION]))
    report.parts.append(_repeated(report, here, kinds[Kind.WATCH]))
    report.parts.append(_sites(report, kinds[Kind.SITE]))
    report.parts.append(_patrols(report, kinds[Kind.PATROL]))
    report.parts.append(_indicators(report, kinds[Kind.INDICATOR]))
    report.parts.append(left(report, petitions, words))
    report.numbered()
    return report


def _in(at: datetime | date | None, year: int) -> bool:
    day = legal_day(at) if isinstance(at, datetime) else at
    return day is not None and day.year == year


def _whole(report: Annual, petitions: Sequence[Case], here: Sequence[Case]) -> Part:
    year = report.year
    received = report.count("受理登记", here, f"{year} 年登记的信访件")
    done = [each for each in here if each.status in DONE]
    closed = report.count("办结", done, f"〔{received.number}〕中状态为已办结、已销号的")
    rate = report.rate("办结率", closed, received)
    timely = report.count(
        "按期办结", [each for each in done if each.on_time is True], f"〔{closed.number}〕中在时限内的"
    )
    timely_rate = report.rate("按期办结率", timely, closed)
    ended = [each for each in here if each.status in ENDS]
    other = report.count("不予受理、转送、撤回", ended, f"〔{received.number}〕中状态如此的")
    every = report.count("历年登记", petitions, "所有年份登记的信访件")
    signed = report.count(
        "历年销号", [each for each in petitions if each.status is Status.SIGNED_OFF], f"〔{every.number}〕中已销号的"
    )
    open_now = report.count("历年未办结", [each for each in petitions if each.is_open], f"〔{every.number}〕中仍在办的")
    struck = [each for each in petitions if _in(each.signed_off_at, year)]
    this_year = report.count("本年销号", struck, f"{year} 年销号的信访件，不论何年登记")
    first = (
        f"{year} 年共受理登记信访件 {received}，已办结 {closed}，办结率 {rate}；其中按期办结 {timely}，"
        f"按期办结率 {timely_rate}；不予受理、转送和撤回 {other}。"
    )
    return Part("总体情况", [first, f"本年销号 {this_year}。历年共登记 {every}，已销号 {signed}，仍在办 {open_now}。"])


def made_of(report: Report, here: Sequence[Case], words: Words, which: str = "本年登记") -> Part:
    """Return what petitions are made of: by channel, type and township; ``which`` says which petitions they are."""
    part = Part("来件构成", heads=("分类", "名称", "件数", "已办结", "办结率"))
    sides: tuple[tuple[str, Callable[[Case], Iterable[str]]], ...] = (
        ("受理渠道", lambda each: (words.channel(each.channel),)),
        ("问题类型", lambda each: each.types or ("未分类",)),
        ("乡镇", lambda each: (words.township(area_or_unit(each.place, each.unit)) or "未确定",)),
    )
    for side, names_of in sides:
        groups: dict[str, list[Case]] = {}
        for each in here:
            for name in names_of(each):
                groups.setdefault(name, []).append(each)
        ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        for name, found in ranked[:MOST_ROWS]:
            part.rows.append(_row(report, side, name, found, f"{side}为{name}的", which))
        rest = {each.id: each for _, found in ranked[MOST_ROWS:] for each in found}
        if rest:
            part.rows.append(_row(report, side, "其他", list(rest.values()), f"{side}在前 {MOST_ROWS} 项以外的", which))
    return part


def _row(
    report: Report, side: str, name: str, found: Sequence[Case], how: str, which: str = "本年登记"
) -> tuple[str, ...]:
    received = report.count(f"{side} {name}", found, f"{which}、{how}信访件")
    closed = report.count(
        f"{side} {name} 办结", [each for each in found if each.status in DONE], f"〔{received.number}〕中已办结的"
    )
    return (side, name, str(received), str(closed), str(report.rate(f"{side} {name} 办结率", closed, received)))


def _campaigns(report: Annual, petitions: Sequence[Case], here: Sequence[Case], words: Words) -> Part:
    part = Part("专项行动和督察交办", heads=("分类", "名称", "件数", "已办结", "办结率"))
    handed = [each for each in petitions if each.campaign]
    if handed:
        every = report.count("历年交办", handed, "所有年份属于某一批次或专项行动的信访件")
        signed = [each for each in handed if each.status is Status.SIGNED_OFF]
        struck = report.count("历年交办销号", signed, f"〔{every.number}〕中已销号的")
        going = report.count(
            "历年交办未办结", [each for each in handed if each.is_open], f"〔{every.number}〕中仍在办的"
        )
        part.sentences.append(f"历年各批次共交办 {every}，已销号 {struck}，按整改时限继续整改 {going}。")
    names = sorted({each.campaign for each in here if each.campaign})
    for name in names:
        # The figures bear the campaign's name, which never changes; people read its title.
        own = [each for each in here if each.campaign == name]
        side, _, *counted = _row(report, "专项行动", name, own, f"属于 {name} 的")
        part.rows.append((side, words.campaign(name), *counted))
    return part


def _plans(report: Annual, plans: Sequence[Case], tasks: Sequence[Case]) -> Part:
    part = Part("行动方案", heads=("方案", "类别", "任务", "已完成", "已销号", "完成率"))
    items: dict[str, list[Case]] = {}
    for each in tasks:
        if each.parent and each.status is not Status.WITHDRAWN:
            items.setdefault(each.parent, []).append(each)
    for plan in sorted(plans, key=lambda each: each.id):
        own = items.get(plan.id, [])
        if not (
            own and (_in(plan.registered_at, report.year) or any(_in(each.closed_at, report.year) for each in own))
        ):
            continue
        for name in (*dict.fromkeys(each.category for each in own), ""):
            some = [each for each in own if not name or each.category == name]
            called = f"{plan.title} {name or '合计'}"
            whole = report.count(f"{called} 任务", some, f"{plan.id} 的任务，不含已取消的", "项", plan.id)
            done = report.count(
                f"{called} 完成",
                [each for each in some if each.status in DONE],
                f"〔{whole.number}〕中已办结、已销号的",
                "项",
                plan.id,
            )
            signed = report.count(
                f"{called} 销号", [each for each in some if each.status is Status.SIGNED_OFF],
                f"〔{whole.number}〕中已销号的", "项", plan.id,
            )  # fmt: skip
            rate = report.rate(f"{called} 完成率", done, whole)
            part.row_about(plan, plan.title, name or "合计", str(whole), str(done), str(signed), str(rate))
    return part


def _repeated(report: Annual, here: Sequence[Case], watches: Sequence[Case]) -> Part:
    part = Part("重复信访和集中来件")
    storms = [each for each in watches if any(_in(alert.at, report.year) for alert in each.alerts)]
    if not here and not storms:
        return part
    joined = report.count("并案", [each for each in here if each.leading], "本年登记、并入主案的信访件")
    repeats = report.count("重复信访", [each for each in here if each.repeat_of], "本年登记、认定为重复的信访件")
    back = report.count("反弹", [each for each in here if each.recurrence_of], "本年登记、同一场所反弹的信访件")
    raised = report.count("集中来件", storms, "本年触发预警的来件监测", "起")
    part.sentences.append(
        f"并案办理 {joined}，认定重复信访 {repeats}；办结后同一场所反弹 {back}；触发集中来件预警 {raised}。"
    )
    return part


def _sites(report: Annual, sites: Sequence[Case]) -> Part:
    part = Part("场所监管和执法", heads=("措施", "次数", "罚款（万元）"))
    measures: dict[str, list[tuple[Case, float]]] = {}
    for site in sites:
        for each in site.enforced:
            if _in(each.day, report.year):
                measures.setdefault(each.measure, []).append((site, each.fine))
    for name, found in sorted(measures.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        cases = tuple(dict.fromkeys(site.id for site, _ in found))
        times = report.add(f"执法 {name}", f"{len(found)} 次", f"{report.year} 年在场所登记的{name}", cases)
        fines = report.add(
            f"罚款 {name}", f"{sum(fine for _, fine in found):g}", f"〔{times.number}〕的罚款之和", cases
        )
        part.rows.append((name, str(times), str(fines)))
    if sites:
        known = report.count("在册场所", sites, "登记在册的场所", "家")
        part.sentences.append(f"在册场所 {known}。")
    return part


def _patrols(report: Annual, patrols: Sequence[Case]) -> Part:
    """Return what patrols came to since they were opened: slots are counted with the enterprise, not by the year."""
    part = Part("企业巡查", heads=("企业", "已巡时段", "漏巡时段", "最近巡查"))
    for each in sorted(patrols, key=lambda case: case.id):
        if not (each.registered_at and legal_day(each.registered_at).year <= report.year):
            continue
        how = f"{each.id} 自建立以来"
        done = report.add(f"{each.title} 已巡", f"{each.slots_done} 次", how, (each.id,), each.id)
        missed = report.add(f"{each.title} 漏巡", f"{each.slots_missed} 次", how, (each.id,), each.id)
        last = legal_day(each.patrolled_at).isoformat() if each.patrolled_at else "—"
        part.row_about(each, each.title, str(done), str(missed), last)
    return part


def _indicators(report: Annual, indicators: Sequence[Case]) -> Part:
    part = Part("考核指标", heads=("指标", "考核数", "达标数", "达标率"))
    for each in sorted(indicators, key=lambda case: case.id):
        found = of_year(each.readings, report.year)
        if found is None:
            continue
        how = "各月之和" if found.period != str(report.year) else f"{report.year} 年"
        assessed = report.add(f"{each.title} 考核", f"{found.assessed} {each.counted_in}", how, (each.id,))
        compliant = report.add(f"{each.title} 达标", f"{found.compliant} {each.counted_in}", how, (each.id,))
        share = f"{found.compliant / found.assessed:.1%}" if found.assessed else "—"
        how = f"〔{compliant.number}〕÷〔{assessed.number}〕"
        rate = report.add(f"{each.title} 达标率", share, how, (each.id,))
        part.rows.append((each.title, str(assessed), str(compliant), str(rate)))
    return part


def of_year(readings: Iterable[Reading], year: int) -> Reading | None:
    """Return what an indicator was in a year: the year's own reading, or the sum of its months; None without any."""
    some = [each for each in readings if each.period[:4] == str(year)]
    whole = next((each for each in some if each.period == str(year)), None)
    if whole or not some:
        return whole
    assessed, compliant = sum(each.assessed for each in some), sum(each.compliant for each in some)
    return Reading(period=f"{some[0].period}—{some[-1].period}", assessed=assessed, compliant=compliant)


def left(report: Report, petitions: Sequence[Case], words: Words) -> Part:
    """Return what is not closed, the most urgent first."""
    part = Part("未办结事项", heads=("编号", "事项", "责任单位", "状态", "最近时限"))
    still = sorted((each for each in petitions if each.is_open), key=lambda each: (each.due is None, each.due, each.id))
    if not still:
        return part
    late = report.count(
        "超期", [each for each in still if each.due and each.due <= report.until], "报告时已过时限仍在办的"
    )
    part.sentences.append(f"仍在办的信访件中，超期 {late}。")
    for each in still:
        unit, due = words.unit(each.unit) if each.unit else "未交办", shown_due(each.due) if each.due else ""
        part.row_about(each, each.id, each.summary[:60], unit, each.status.zh, due)
    return part
