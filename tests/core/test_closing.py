"""A campaign's closing report: every figure names the cases behind it, and changing one case changes the report."""

from datetime import date

from models.batches import batches
from models.campaign_values import LookBack, Tally
from models.case import Case
from models.closing import UNITS, closing
from models.editions import Published
from models.report import Report
from models.vocabulary import Kind, Status
from tests.core.builders import START, a_case, a_row, a_story, an_order

S = Status
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


def a_petition(name: str, batch: date = FIRST, status: Status = S.CLOSED, **more: object) -> Case:
    return a_case(status).model_copy(update={"id": name, "batch": batch, **more})


def told(cases: list[Case], *editions: Published, campaign: Case | None = None) -> Report:
    campaign = campaign or a_case(S.IN_FORCE, kind=Kind.CAMPAIGN)
    return closing(campaign, batches(cases, campaign, START), editions, START)


def values(report: Report, *names: str) -> list[str]:
    return [report.figure(name).value for name in names]


def test_every_figure_names_its_cases_and_follows_them() -> None:
    cases = [
        a_petition("A", star=True, tally=Tally(penalties=2, fines=12.5)),
        a_petition("A-F1", split_from="A", status=S.SIGNED_OFF),
        a_petition("B", SECOND, S.INTERIM, leading="A", tally=Tally(fines=0.5)),
        a_petition("C", SECOND, S.ASSIGNED),
        a_petition("D", SECOND, S.DECLINED),
    ]
    report = told(cases)
    assert report.figure("拆分后总数").cases == ("A", "A-F1", "B", "C", "D")
    names = ("交办", "重点关注", "并案", "拆分增加", "已核查", "已办结", "阶段性办结", "已销号", "办结率", "立行立改率")
    assert values(report, *names) == ["4 件", "1 件", "1 件", "1 件", "3 件", "2 件", "1 件", "1 件", "40.0%", "66.7%"]
    assert values(report, "属实", "属实 占比", "不属实") == ["3 件", "100.0%", "0 件"]
    assert values(report, f"{SECOND} 交办", f"{FIRST} 已办结", "罚款", "立案处罚") == [
        "3 件",
        "2 件",
        "13 万元",
        "2 家",
    ]
    assert report.figure("罚款").cases == ("A", "B")
    assert {"立案侦查", "问责"}.isdisjoint(each.name for each in report.figures), "what nobody told is not there"
    assert UNITS.keys() == Tally.model_fields.keys()
    changed = told([*cases[:3], a_petition("C", SECOND), cases[4]])
    assert values(changed, "已办结", "办结率") == ["3 件", "60.0%"]
    assert all(each.value.split()[0] == str(len(each.cases)) for each in report.figures if each.value.endswith(" 件"))


def test_the_public_tables_and_the_look_backs_are_told() -> None:
    cases = [a_petition("A"), a_petition("B"), a_petition("C", SECOND), a_petition("D", SECOND)]
    rows = (a_row("C", batch=SECOND), a_row("B", batch=FIRST))
    editions = (
        Published(FIRST, 1, START, "dispatcher", (a_row("A", batch=FIRST),), "d" * 64, 2),
        Published(SECOND, 1, START, "dispatcher", rows[:1], "d" * 64, 3),
        Published(SECOND, 2, START, "dispatcher", rows, "d" * 64, 4),
    )
    story = a_story(
        S.IN_FORCE, kind=Kind.CAMPAIGN, first_day=FIRST, last_day=SECOND, level="provincial", round="第二轮"
    )
    story.do("dispatcher", "set_group", members=("handler",)).do("leader", "order_all_days", order=an_order())
    story.do("dispatcher", "set_group", group="二组", head=None, members=())
    back = LookBack(number=1, day=SECOND, left=("A",), held=("B", "gone"), back=("C",))
    campaign = story.case.model_copy(update={"look_backs": (back,)})
    report = told(cases, *editions, campaign=campaign)
    assert values(report, "可公开", "已公开", "补充公开") == ["4 件", "3 件", "1 件"]
    assert report.figure("补充公开").cases == ("B",)
    assert values(report, *(f"第 1 轮 {word}" for word in ("整改到位", "问题反弹", "待核查"))) == ["1 件"] * 3
    said = "".join(sentence for part in report.parts for sentence in part.sentences)
    assert "省级第二轮，2026-03-01 至 2026-03-02。" in said
    assert "公开 2 个批次，共 3 版" in said
    assert "督办令 1 号" in said
    assert [row[0] for row in report.parts[0].rows] == ["综合协调组", "二组"]


def test_a_campaign_without_petitions_has_a_report_too() -> None:
    report = told([])
    assert values(report, "交办", "办结率") == ["0 件", "—"]
    assert [part.title.partition("、")[2] for part in report.parts] == ["总体情况", "属实情况", "公开情况"]
    story = a_story(S.IN_FORCE, kind=Kind.CAMPAIGN, first_day=FIRST, last_day=SECOND)
    assert "2026-03-01 至 2026-03-02。" in told([], campaign=story.case).parts[0].sentences[0]
