"""How alike two petitions are, and why: names however they are written, harms by other words, what is against it."""

from datetime import date

import pytest

from models.harms import WORDS, Harm, harms_of
from models.likeness import ENOUGH, SURE, Fact, Judged, Said, Weights, judge, pieces_of
from models.names import (
    alike,
    any_alike,
    core,
    owners_of,
    roads_of,
    same_respondent,
    sites_of,
    towns_of,
    villages_of,
)
from models.spots import Spot

DAY = date(2026, 3, 10)
FARM = Said("青石镇河口村", "王某养猪场夜间排放臭气，熏得村民睡不着", ("王某养猪场",), ("恶臭",), DAY)


def compared(one: Said, other: Said, *, person: bool = False) -> Judged:
    """Compare two petitions among a thousand, of which nobody else has their words."""
    return judge(one, other, Weights({}, 1000), person=person)


def facts(judged: Judged) -> dict[Fact, str]:
    return {each.fact: each.words for each in judged.reasons}


# ── names ──
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("王某养猪场", "王某的养殖场", True),
        ("王某某养猪场", "王×猪场", True),
        ("王某养猪场", "李某养猪场", False),
        ("王某养猪场", "王某废品站", False),
        ("王某", "王某废品站", True),
        ("王某养猪场", "宏达养猪场", False),
        ("宏达建材有限公司", "宏达建材厂", True),
        ("青石镇宏达砖厂", "宏达砖厂", True),
        ("宏达砖厂", "兴隆砖厂", False),
        ("宏达砖厂", "", False),
        ("公司", "公司", True),
        ("王某养猪场", "王府小区", False),
    ],
)
def test_a_respondent_is_known_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert same_respondent(one, other) is same
    assert same_respondent(other, one) is same


def test_of_a_name_the_legal_form_and_a_masked_persons_trade_are_left_away() -> None:
    assert [core(each) for each in ("宏达建材有限责任公司", "王某某的养殖场", "李xx", "某厂", "公司")] == [
        "宏达建材",
        "王",
        "李",
        "某厂",
        "公司",
    ]


def test_names_are_found_in_running_text_from_how_they_end() -> None:
    text = "我们是青石镇河口村的村民，位于兴隆大道的宏达化工厂半夜排污，流入清水河，距阳光花园小区只有百米"
    assert {"宏达化工", "宏达"} & sites_of(text)
    assert "阳光" in sites_of(text)
    assert "兴隆" in roads_of(text)
    assert (towns_of("青石镇河口村"), villages_of("青石镇河口村")) == (frozenset({"青石"}), frozenset({"河口"}))
    assert owners_of("王某养猪场与李某某家，青石镇某养殖场") == {"王", "李"}
    assert sites_of("小区") == frozenset(), "an ending alone is no name"


def test_two_names_are_alike_where_one_holds_the_other_or_most_pairs_are_the_same() -> None:
    assert alike("魅力", "魅力之")
    assert alike("国王陵考古", "汉王陵考古")
    assert not alike("魅力", "森宇")
    assert not alike("村", "镇")
    assert any_alike(frozenset({"宏达", "宏达化工"}), frozenset({"宏达化工"})) == "宏达化工"
    assert any_alike(frozenset({"宏达"}), frozenset()) == ""


# ── harms ──
def test_the_same_harm_is_known_by_other_words() -> None:
    assert harms_of("臭气熏天") & harms_of("刺鼻的异味")
    assert not harms_of("臭气熏天") & harms_of("半夜施工轰鸣")
    assert harms_of("谢谢") == frozenset()
    assert set(WORDS) == set(Harm)


# ── likeness ──
def test_the_same_matter_in_other_words_is_marked_and_says_why() -> None:
    other = Said("青石镇河口村", "该村养猪的王某某家猪舍粪水发臭，异味很重", ("王某某猪场",), ("恶臭",), DAY)
    found = compared(FARM, other, person=True)
    assert found.sure
    assert found.likeness > SURE
    told = facts(found)
    assert {Fact.PERSON, Fact.RESPONDENT, Fact.VILLAGE, Fact.HARM, Fact.TYPE, Fact.TIME} <= set(told)
    assert told[Fact.TIME] == "0"
    assert told[Fact.PERSON] == "—"


def test_the_same_harm_in_another_village_is_another_matter() -> None:
    other = Said("赤岭乡大坪村", "李某养猪场夜间排放臭气，熏得村民睡不着", ("李某养猪场",), ("恶臭",), DAY)
    found = compared(FARM, other)
    assert not found.sure, "however alike the words are"
    assert Fact.VILLAGE not in facts(found)


def test_another_owner_in_the_same_village_is_another_matter() -> None:
    other = Said("青石镇河口村", "李某养猪场夜间排放臭气，熏得村民睡不着", (), ("恶臭",), DAY)
    assert not compared(FARM, other).sure
    named = Said("青石镇河口村", "养猪场夜间排放臭气，熏得村民睡不着", ("宏达养猪场",), ("恶臭",), DAY)
    assert not compared(FARM, named).sure


def test_another_harm_at_the_same_place_is_shown_and_not_marked() -> None:
    other = Said("青石镇河口村", "河口村垃圾无人清运，堆满路边", (), ("固废",), date(2025, 1, 1))
    found = compared(FARM, other)
    assert not found.sure
    assert Fact.TIME not in facts(found), "so long ago is not near"


def test_the_same_complaint_about_another_estate_is_not_marked() -> None:
    words = "小区底层有几家餐馆，油烟严重影响居民生活，窗户长期不能打开，营业到凌晨三点"
    one, other = Said(summary=f"劳动路魅力之城{words}"), Said(summary=f"南湖路森宇家园{words}")
    assert not compared(one, other).sure


def test_nearly_the_same_text_is_marked_though_it_names_no_place() -> None:
    words = "反映农村饮用水源一级保护范围内长期堆放生活垃圾无人过问"
    assert compared(Said(summary=words), Said(summary=f"{words}，请尽快处理")).sure


def test_spots_near_one_another_speak_for_it_and_far_ones_against() -> None:
    here, near, far = Spot(26.97, 112.68), Spot(26.971, 112.681), Spot(27.2, 112.9)
    assert here.kilometres(near) < 0.5
    assert 30 < here.kilometres(far) < 40
    one = Said("河边", "夜里有刺鼻气味", spot=here)
    there = compared(one, Said("河边", "夜里气味刺鼻", spot=near))
    assert Fact.SPOT in facts(there)
    assert there.likeness > compared(one, Said("河边", "夜里气味刺鼻", spot=Spot(26.99, 112.68))).likeness
    assert not compared(one, Said("河边", "夜里有刺鼻气味", spot=far)).sure


def test_the_petitioner_alone_makes_no_matter_the_same() -> None:
    other = Said("赤岭乡大坪村", "学校旁工地半夜施工", (), ("噪声",), DAY)
    found = compared(FARM, other, person=True)
    assert not found.sure
    assert facts(found) == {Fact.PERSON: "—", Fact.TIME: "0"}


@pytest.mark.parametrize("other", [Said(), Said(summary="！"), Said(summary="abc 123")])
def test_nothing_in_common_is_nothing(other: Said) -> None:
    for one, two in ((FARM, other), (other, FARM), (other, other)):
        found = compared(one, two)
        assert not found.sure or one is two
        assert one is two or found.likeness < ENOUGH


def test_rare_words_weigh_more_and_unknown_ones_most() -> None:
    weigh = Weights({"村民": 900, "陵考": 3}, 1000)
    assert weigh("村民") < weigh("陵考") < weigh("未见")
    assert weigh.of_all(("村民", "未见")) == pytest.approx(weigh("村民") + weigh("未见"))
    # A new desk's words weigh too.
    assert Weights({"臭味": 3}, 4)("臭味") > 1


def test_pieces_are_pairs_of_characters_and_whole_numbers() -> None:
    assert pieces_of("河口村12号abc") == {"河口", "口村", "12", "abc"}
