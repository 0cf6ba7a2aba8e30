"""Petitions that may be about the same are found through the index, on both databases, and say why."""

import random
from collections import Counter

import pytest

from adapters import checking
from adapters.queries import Filter
from adapters.similar import nearby
from adapters.similar.finding import Found, find, of_case, typed
from models.likeness import Fact
from models.vocabulary import Status
from tests.core.builders import a_finding
from tests.store.desks import Office
from tests.store.other_process import Other
from tests.store.repeats import NOISES, matters, told

SEED = 20260
MATTERS = 30
RECALL, PRECISION = 0.95, 0.9
"""What the generator's repeats must reach: the issue's aims."""


def numbers(found: list[Found]) -> list[str]:
    return [each.case.id for each in found]


def test_repeats_however_they_are_told_come_among_the_first_five_and_marks_are_right(office: Office) -> None:
    rng = random.Random(SEED)
    told_of: dict[str, int] = {}
    noises: dict[str, str] = {}
    for number, matter in zip(range(MATTERS), matters(rng), strict=False):
        for noise in rng.sample(NOISES, 3):
            each = told(matter, rng, noise)
            case = office.register(
                place=each.place, summary=each.summary, respondent=each.respondent, types=list(each.types)
            )
            told_of[case], noises[case] = number, noise
    hits: Counter[str] = Counter()
    right = wrong = 0
    for case, number in told_of.items():
        found = find(office.database, of_case(office.case(case)))
        mates = [each for each in numbers(found) if told_of[each] == number]
        hits[noises[case]] += len(mates)
        right += sum(each.sure and told_of[each.case.id] == number for each in found)
        wrong += sum(each.sure and told_of[each.case.id] != number for each in found)
    recall = sum(hits.values()) / (len(told_of) * 2)
    told_so = f"seed {SEED}: recall {recall:.3f}, marks {right} right, {wrong} wrong, by noise {dict(hits)}"
    assert recall >= RECALL, told_so
    assert right / (right + wrong) >= PRECISION, told_so


def test_a_candidate_says_which_facts_agree(office: Office) -> None:
    first = office.register(
        place="青石镇河口村", summary="王某养猪场夜间臭味扰民", respondent="王某养猪场", types=["恶臭"]
    )
    office.register(place="赤岭乡石桥村", summary="采石场放炮震裂房屋")
    (found,) = find(
        office.database, typed("青石镇河口村", "养猪的王某某家臭气熏天", respondents=["王某某猪场"], types=["恶臭"])
    )
    assert found.case.id == first
    assert {Fact.VILLAGE, Fact.RESPONDENT, Fact.HARM, Fact.TYPE} <= {each.fact for each in found.reasons}


def test_full_width_and_traditional_characters_find_and_are_found(office: Office) -> None:
    first = office.register(place="青石鎮河口村", summary="養豬場夜間臭味擾民", respondent="王某養豬場")
    second = office.register(place="青石镇河口村", summary="养猪场夜间臭味扰民ＡＢＣ１２", respondent="王某养猪场")
    assert numbers(find(office.database, of_case(office.case(second)))) == [first]
    assert numbers(find(office.database, of_case(office.case(first)))) == [second]


def test_the_respondent_as_found_on_site_is_compared_too(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED, place="青石镇河口村", summary="夜里有怪味", respondent="")
    finding = a_finding(respondent_found="鑫诚化工有限公司").model_dump(mode="json", exclude_unset=True)
    office.act(case, "handler", "record_findings", findings=[finding])
    found = find(office.database, typed("", "鑫诚化工厂偷排废气", respondents=["鑫诚化工厂"]))
    assert numbers(found) == [case]
    assert Fact.RESPONDENT in {each.fact for each in found[0].reasons}


def test_only_what_may_be_seen_and_is_not_left_out_is_suggested_and_never_the_case_itself(office: Office) -> None:
    cases = [office.register(summary="养殖场夜间臭味扰民") for _ in range(4)]
    asked = of_case(office.case(cases[0]))
    assert set(numbers(find(office.database, asked))) == set(cases[1:])
    assert find(office.database, asked, within=Filter(unit="nobody")) == []
    rest = find(office.database, asked, left_out=lambda case: case.id == cases[1])
    assert set(numbers(rest)) == set(cases[2:])
    known = {each.case.id: each for each in find(office.database, asked, people=lambda: [cases[3]])}
    assert [name for name, each in known.items() if Fact.PERSON in {r.fact for r in each.reasons}] == [cases[3]]
    assert len(find(office.database, asked, limit=2)) == 2


@pytest.mark.parametrize("words", ["", "  ", "！", "\0", "臭", "'\"%_ \\"])
def test_nothing_to_go_by_finds_nothing(office: Office, words: str) -> None:
    office.register()
    assert find(office.database, typed(words, words)) == []


def test_a_very_long_text_is_looked_up_by_some_of_its_pieces(office: Office) -> None:
    first = office.register(summary="养殖场夜间臭味扰民" * 3)
    rng = random.Random(SEED)
    noise = "".join(chr(rng.randint(0x4E00, 0x9FA0)) for _ in range(600))
    found = find(office.database, typed("青石镇河口村", f"养殖场夜间臭味扰民{noise}"))
    assert numbers(found) in ([first], [])


def test_of_a_common_piece_only_the_newest_are_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "NEWEST", 3)
    monkeypatch.setattr(nearby, "COUNTED", 4)
    cases = [office.register(summary="养殖场夜间臭味扰民") for _ in range(8)]
    found = find(office.database, typed("青石镇河口村", "养殖场夜间臭味扰民"), limit=9)
    assert set(numbers(found)) == set(cases[-3:])


def test_the_index_is_made_anew_by_rebuild(office: Office) -> None:
    first = office.register(summary="養殖場夜間臭味")
    with office.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM case_pieces")
    assert find(office.database, typed("青石镇河口村", "养殖场夜间臭味")) == []
    checking.rebuild(office.database)
    assert numbers(find(office.database, typed("青石镇河口村", "养殖场夜间臭味"))) == [first]
    assert checking.rebuild(office.database, check=True).differences == []


def test_what_is_near_is_found_by_its_coordinates_though_no_word_is_shared(office: Office) -> None:
    near = office.register(place="老桥东头", summary="猪圈臭得人睡不着", spot="26.9712，112.3721")
    office.register(place="新街口", summary="鸡舍难闻", spot="27.2,112.9")
    (found,) = find(office.database, typed("河口", "夜里恶臭", spot="26.9731,112.3719"))
    assert found.case.id == near
    assert Fact.SPOT in {each.fact for each in found.reasons}
    office.act(near, "clerk", "correct", reason="坐标有误", spot="27.3,112.9")
    assert numbers(find(office.database, typed("河口", "夜里恶臭", spot="26.9731,112.3719"))) == []
    assert checking.rebuild(office.database, check=True).differences == []


def test_the_index_survives_kill_9_and_finds_every_petition_that_was_acknowledged(office: Office) -> None:
    """Four rounds, each ended in the middle by SIGKILL after another number of petitions."""
    data = {"channel": "phone", "place": "青石镇河口村", "summary": "王某养猪场夜间排放臭气"}
    known: list[str] = []
    for turn, many in enumerate((1, 3, 7, 12)):
        url = office.desk.settings.database_url
        with Other("register", url=url, name=f"kill-{turn}", data=data) as other:
            other.go()
            known += [other.told() for _ in range(many)]
            other.kill()
        # What was under way when it ended may be there or not; what was acknowledged is.
        assert checking.rebuild(office.database, check=True).differences == []
        found = numbers(find(office.database, typed(data["place"], data["summary"]), limit=60))
        assert set(known) <= set(found), f"round {turn}"
    assert checking.verify(office.database).faults == []
    checking.rebuild(office.database)
    assert set(known) <= set(numbers(find(office.database, typed(data["place"], data["summary"]), limit=60)))
