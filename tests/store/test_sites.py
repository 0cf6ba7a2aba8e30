"""The site ledger on both databases: found by words, trade and township; suggested; told of its petitions."""

import pytest
from pydantic import JsonValue

from adapters import checking
from adapters.queries import Filter, listed
from adapters.sites import at_site, like, sites, suggested
from models.refusals import Unknown
from models.vocabulary import Kind, Status
from tests.store.desks import Office, an_envelope


def a_site(office: Office, title: str, place: str = "青石镇河口村", trade: str = "生猪养殖", **more: JsonValue) -> str:
    given = an_envelope("register_site", id=f"site/{title}/{place}", title=title, place=place, trade=trade)
    envelope = given.model_copy(update={"data": {**given.data, **more}})
    return office.door.perform([envelope])[0].case


def titles(office: Office, words: str = "", trade: str = "") -> set[str]:
    wanted = Filter(kind=Kind.SITE, words=words or None)
    return {each.title for each in sites(office.database, wanted, trade=trade)}


def test_a_site_has_a_number_of_its_own_series_and_stands_in_no_list_of_cases(office: Office) -> None:
    first, second = a_site(office, "王某养猪场"), a_site(office, "兴隆砖厂")
    assert [first[0], first[5:], second[5:]] == ["S", "000001", "000002"]
    assert office.register().endswith("000001"), "petitions are counted for themselves"
    assert first not in {each.id for each in listed(office.database, Filter())}


def test_sites_are_found_by_words_and_trade(office: Office) -> None:
    a_site(office, "王某养猪场")
    a_site(office, "兴隆砖厂", "赤岭乡石桥村", "建材")
    assert titles(office) == {"王某养猪场", "兴隆砖厂"}
    assert titles(office, "砖厂") == {"兴隆砖厂"}
    assert titles(office, "河口") == {"王某养猪场"}
    assert titles(office, trade="建材") == {"兴隆砖厂"}
    assert titles(office, trade="化工") == set()


def test_the_site_a_petition_may_be_about_is_suggested_however_it_is_named(office: Office) -> None:
    farm = a_site(office, "王某养猪场")
    a_site(office, "王某养猪场", "赤岭乡石桥村")
    a_site(office, "兴隆砖厂")
    case = office.case(office.register(place="青石镇河口村", summary="夜间臭味扰民", respondent="王某某的养殖场"))
    assert [each.id for each in suggested(office.database, case)] == [farm]
    by_words = office.case(office.register(place="青石镇河口村", summary="兴隆砖厂粉尘很大"))
    assert [each.title for each in suggested(office.database, by_words)] == ["兴隆砖厂"]
    nothing = office.case(office.register(place="青石镇河口村", summary="路面坑洼"))
    assert suggested(office.database, nothing) == []


def test_placing_tells_the_site_and_taking_off_tells_it_again(office: Office) -> None:
    farm, case = a_site(office, "王某养猪场"), office.register()
    office.act(case, "clerk", "place_at_site", site=farm)
    assert office.case(farm).petitions == (case,)
    assert [each.id for each in at_site(office.database, farm)] == [case]
    office.act(case, "clerk", "take_off_site")
    assert (office.case(farm).petitions, at_site(office.database, farm)) == ((), [])
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


@pytest.mark.parametrize("number", ["S2099000001", "XF2026000001", "organisation"])
def test_a_petition_is_placed_only_at_a_site_that_is_there(office: Office, number: str) -> None:
    case = office.register()
    with pytest.raises(Unknown):
        office.act(case, "clerk", "place_at_site", site=number)
    assert office.names(case) == ["registered"]


def test_like_sites_are_those_of_the_trade_in_the_township_that_are_in_operation(office: Office) -> None:
    farm = a_site(office, "王某养猪场")
    near, far = a_site(office, "李某养猪场", "青石镇大坪村"), a_site(office, "张某养猪场", "赤岭乡石桥村")
    shut = a_site(office, "赵某养猪场")
    office.act(shut, "clerk", "close_site")
    a_site(office, "兴隆砖厂", trade="建材")
    untold = a_site(office, "某厂", trade="")
    site = office.case(farm)
    assert [each.id for each in like(office.database, site)] == [near]
    assert {each.id for each in like(office.database, site, everywhere=True)} == {near, far}
    assert like(office.database, office.case(untold)) == []
    assert office.case(shut).status is Status.SHUT


def test_a_site_is_suggested_by_where_it_lies_whatever_it_is_called_there(office: Office) -> None:
    farm = a_site(office, "王某养猪场", spot="26.9712,112.3721")
    a_site(office, "兴隆砖厂", "赤岭乡石桥村", spot="26.9000,112.3000")
    near = office.case(office.register(place="青石镇", summary="臭气难闻", spot="26.9730,112.3721"))
    assert [each.id for each in suggested(office.database, near)] == [farm]
    far = office.case(office.register(place="青石镇", summary="臭气难闻", spot="26.9930,112.3721"))
    assert suggested(office.database, far) == []
