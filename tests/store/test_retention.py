"""Whose time is over, an erasure for each of a person's petitions, and a certificate that holds or says why not."""

import json
from contextlib import closing

import pytest
import sqlalchemy as sa

from adapters import certificates, retention
from adapters.certificates import Again, certificate, erase_again, judge, told
from adapters.intake import intake
from adapters.keys.tables import data_keys
from adapters.roots import keys as signing
from adapters.roots import origins
from models.canonical import canonical
from models.checkpoint import VerifyingKey
from models.erasure_refusals import NotErased
from models.vocabulary import Role
from tests.store.desks import Office
from tests.store.test_erasing import Complained
from tests.store.test_sealed import CANARIES, FIELDS


def erased(office: Office, form: str = "form-1") -> Complained:
    found = Complained(office, form)
    found.carry_out(found.decide())
    return found


def kept_keys(office: Office, ids: list[str]) -> list[dict[str, object]]:
    """Rows of the keystore as an older backup of it has them."""
    with office.desk.sealer.keys.database.reading() as connection:
        rows = connection.execute(sa.select(data_keys).where(data_keys.c.id.in_(ids))).mappings()
        return [dict(row) for row in rows]


def brought_back(office: Office, rows: list[dict[str, object]]) -> None:
    with office.desk.sealer.keys.database.writing() as connection:
        connection.execute(sa.insert(data_keys), rows)


def test_whose_time_is_over_is_told_once_and_what_waits_apart(office: Office) -> None:
    def due() -> list[tuple[str, str]]:
        found = retention.due(office.database, office.desk.world(), office.moments.now())
        return [(each.case.id, each.row.name) for each in found]

    old = Complained(office)
    office.moments.wait(days=3 * 365)  # one leap day short of three years
    young = Complained(office, "form-2")
    assert due() == []
    office.moments.wait(days=2)
    assert due() == [(old.case, "not_handled")]
    office.act(old.case, Role.CLERK, "propose_erasure", grounds="retention")
    assert due() == []
    assert [each.id for each in retention.proposed(office.database)] == [old.case]
    office.act(old.case, Role.LEADER, "refuse_erasure")
    assert due() == [(old.case, "not_handled")]
    office.act(old.case, Role.CLERK, "propose_erasure", grounds="retention")
    office.act(old.case, Role.LEADER, "erase", grounds="retention")
    assert due() == []
    assert list(retention.proposed(office.database)) == []
    office.moments.wait(days=3 * 365)
    assert due() == [(young.case, "not_handled")]


def test_all_petitions_of_a_person_are_found_without_their_name(office: Office) -> None:
    one = Complained(office)
    two = intake(office.desk, FIELDS, actor="clerk", key="k2", secret=CANARIES).case
    other = {**CANARIES, "contact": "13911112222", "petitioner": "别人", "text": "别的"}
    intake(office.desk, FIELDS, actor="clerk", key="k3", secret=other)
    assert [each.id for each in retention.of_person(office.database, office.desk.sealer, one.case)] == [one.case, two]


def test_a_certificate_holds_and_names_nobody(office: Office) -> None:
    found = erased(office)
    whole = certificate(office.desk, found.case)
    assert certificate(office.desk, found.case) == whole
    judged = judge(office.desk, whole)
    assert judged.holds
    body = judged.body
    assert (body["case"], body["grounds"], body["two_people"], body["seals"]) == (found.case, "request", True, 1)
    assert (body["proposed"]["role"], body["decided"]["role"], len(body["keys"])) == ("clerk", "leader", 2)
    said = whole + json.dumps(told(body), ensure_ascii=False)
    organisation = office.desk.world().organisation
    assert organisation is not None
    # Some people here are called what their role is called, which a certificate does tell.
    names = {each.name for each in organisation.people} | set(CANARIES.values())
    assert [each for each in names - {role.value for role in Role} if each in said] == []


def test_what_is_not_erased_is_not_certified(office: Office) -> None:
    found = Complained(office)
    with pytest.raises(NotErased):
        certificate(office.desk, found.case)
    reaction = found.decide()
    with pytest.raises(NotErased):  # decided, but the keys are still there
        certificate(office.desk, found.case)
    found.carry_out(reaction)
    assert certificate(office.desk, found.case)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"grounds":"request"', '"grounds":"law"', "signature"),
        ('"two_people":true', '"two_people":false', "otherwise"),
        ('"seals":1', '"seals":2', "otherwise"),
    ],
)
def test_one_that_was_altered_is_found_out(office: Office, old: str, new: str, why: str) -> None:
    whole = certificate(office.desk, erased(office).case)
    assert old in whole
    wrong = judge(office.desk, whole.replace(old, new)).wrong
    assert any(why in en for _, en in wrong)


@pytest.mark.parametrize("text", ["", "办结", "a\nb\n\n— x y\n", f"{certificates.TITLE}\n[]\n\n— x eA==\n"])
def test_what_is_no_certificate_is_none(office: Office, text: str) -> None:
    assert judge(office.desk, text).wrong == (("不是删除证明", "it is no certificate of erasure"),)
    assert erase_again(office.desk, [text]) == Again(0, (0,))


def test_after_a_restore_from_before_a_certificate_destroys_the_keys_again(office: Office) -> None:
    found = Complained(office)
    reaction = found.decide()
    recorded = office.case(found.case)
    with office.database.reading() as connection:
        ids = [str(each) for each in connection.exec_driver_sql("SELECT key_id FROM sealed").scalars()]
    before = kept_keys(office, ids)
    found.carry_out(reaction)
    whole = certificate(office.desk, found.case)
    brought_back(office, before)
    assert office.desk.sealer.open(office.database, recorded.sealed[0]) == CANARIES
    assert [en for _, en in judge(office.desk, whole).wrong] == ["1 of its keys are in the keystore again"]
    forged = whole.replace('"seals":1', '"seals":3')
    assert erase_again(office.desk, [forged]) == Again(0, (0,))
    assert erase_again(office.desk, [whole, forged, whole]) == Again(1, (1,))
    assert found.gone()
    assert judge(office.desk, whole).holds


def test_a_signed_one_destroys_only_what_shuts_a_petitioners_things(office: Office) -> None:
    found = Complained(office)
    found.carry_out(found.decide())
    body = {**certificates.body_of(office.desk, found.case), "keys": ["naming", "payload-000001-0"]}
    forged = certificates._signed(office.desk, f"{certificates.TITLE}\n{canonical(body)}\n").whole
    assert erase_again(office.desk, [forged]) == Again(0, ())
    with closing(office.desk):
        assert office.desk.sealer.keys.naming()


def test_one_signed_by_a_key_of_after_the_backup_counts_by_the_key_from_paper_and_is_named_without_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Complained(office)
    reaction = found.decide()
    recorded = office.case(found.case)
    with office.database.reading() as connection:
        ids = [str(each) for each in connection.exec_driver_sql("SELECT key_id FROM sealed").scalars()]
    before = kept_keys(office, ids)
    found.carry_out(reaction)
    whole = certificate(office.desk, found.case)
    with office.database.reading() as connection:
        name = origins.every(connection)[-1].name
        paper = [VerifyingKey(name, each.public) for each in signing.known(connection)]
    brought_back(office, before)
    monkeypatch.setattr(signing, "known", lambda _: [])  # the ledger is one of before its first key
    assert erase_again(office.desk, [whole]) == Again(0, (0,))
    assert office.desk.sealer.open(office.database, recorded.sealed[0]) == CANARIES
    assert erase_again(office.desk, [whole], paper) == Again(1, ())
    assert found.gone()
