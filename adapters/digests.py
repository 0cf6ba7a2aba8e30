"""A campaign's digest of a day and its closing report from the ledger, as the parts of a document."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.annual import words_of
from adapters.campaigns import Sees, batch_view, every, petitions
from adapters.database import Database
from adapters.editions import editions_of
from adapters.naming import people_word, unit_word
from adapters.queries import history
from models.batches import Of, batches
from models.case import Case
from models.closing import closing
from models.counting import end_of, legal_day
from models.digest import SUMS, Deed, Digest, Due, Happening, digest
from models.editions import in_public
from models.event import Recorded
from models.evolve import fold
from models.report import Part, Report
from models.standing import name_of
from models.vocabulary import Kind, Role
from models.world import World

MOST: Final = 200
"""Lines of a part; how many there are is told."""


def digest_of(database: Database, campaign: Case, day: date, now: datetime, sees: Sees = every) -> Digest:
    """Return a campaign's digest of a day, of the petitions that a reader sees.

    What came in and was done on it is told as it is known now; what was due, as it stood when the day ended.
    """
    known = petitions(database, campaign, sees)
    names = {case.id for case in known}
    end = end_of(day)
    past = end <= now
    then = _as_of(database, known, end) if past else known
    published = in_public(each for each in editions_of(database, campaign) if each.at < end)
    done = [each for each in _done(database, campaign, day) if each.case in names]
    return digest(day, now, batches(known, campaign, now), then, campaign, published, done)


def _as_of(database: Database, cases: Iterable[Case], at: datetime) -> list[Case]:
    found = (fold(each for each in history(database, case.id) if each.recorded_at < at) for case in cases)
    return [case for case in found if case]


def _done(database: Database, campaign: Case, day: date) -> list[Happening]:
    """Return what was done with a campaign's petitions on a day, in order, by when it occurred."""
    envelopes, events, cases = tables.envelopes.c, tables.events.c, tables.cases.c
    named = sa.select(cases.id).where(cases.campaign == name_of(campaign), cases.kind == Kind.PETITION.value)
    query = (
        sa.select(events.body)
        .join(tables.envelopes, sa.and_(envelopes.case_id == events.case_id, envelopes.seq == events.seq))
        .where(envelopes.event.in_([deed.value for deed in Deed]), envelopes.case_id.in_(named))
    )
    with database.reading() as connection:
        found = [Recorded.model_validate_json(body) for body in connection.execute(query).scalars()]
    there = [each for each in found if legal_day(each.occurred_at) == day and not _undated(each)]
    return [Happening(each.case, Deed.of(each.event.name)) for each in sorted(there, key=lambda each: each.occurred_at)]


def _undated(each: Recorded) -> bool:
    """Tell whether it is history from a table that did not say when: it was not done on the day it was brought in."""
    return "state" in each.event.said and each.occurred_at == each.recorded_at


def who_acts(world: World, due: Due) -> str:
    """Return who must act, in words: the unit with its handler, or the role."""
    if due.role is not Role.HANDLER:
        return due.role.zh
    case, people = due.case, world.organisation
    unit = unit_word(people, case.unit) if case.unit else "未交办"
    return f"{unit}（{people_word(people, case.handler)}）" if case.handler else unit


def digest_view(found: Digest) -> dict[str, object]:
    """Return a digest as programs read it."""

    def due(each: Due) -> dict[str, object]:
        told: dict[str, object] = {"case": each.case.id, "step": each.step.value, "day": each.day.isoformat()}
        return told | {"role": each.role.value, "unit": each.case.unit, "handler": each.case.handler}

    return {
        "day": found.day.isoformat(),
        "came": batch_view(found.came),
        "done": [{"case": each.case, "deed": each.deed.value} for each in found.done],
        **{name: [due(each) for each in getattr(found, name)] for name in ("late", "today", "tomorrow")},
        "total": batch_view(found.total),
    }


def closing_of(database: Database, campaign: Case, world: World, now: datetime, sees: Sees = every) -> Report:
    """Return a campaign's closing report, as its petitions stand now."""
    some = batches(petitions(database, campaign, sees), campaign, now)

    def person(name: str) -> str:
        found = world.organisation.person(name) if world.organisation else None
        return found.name if found else name

    return closing(campaign, some, editions_of(database, campaign), now, words_of(world), person)


def as_report(found: Digest, campaign: Case, world: World, now: datetime) -> Report:
    """Return a digest as the parts of a document."""
    report = Report(f"{campaign.title} 日报（{found.day}）", min(now, end_of(found.day)))
    came = found.came
    numbers = {what: came.count(what) for what in Of}
    sentence = (
        f"当日交办 {numbers[Of.RECEIVED]} 件，其中重点关注 {numbers[Of.STAR]} 件；并案 {numbers[Of.MERGED]} 件，"
        f"拆分增加 {numbers[Of.PARTS]} 件。"
    )
    rows: list[tuple[str, ...]] = [
        (each.id, _numbers(each), each.summary[:60], _unit(world, each), each.status.zh) for each in came.cases
    ]
    report.parts.append(Part("当日交办", [sentence], ("编号", "受理编号", "事项", "承办单位", "状态"), rows[:MOST]))
    counts = {deed: sum(each.deed is deed for each in found.done) for deed in Deed}
    told = "，".join(f"{deed.zh} {count} 件" for deed, count in counts.items() if count)
    report.parts.append(
        Part(
            "当日办理",
            [f"{told}。" if told else "当日没有办理。"],
            ("编号", "办理"),
            [(each.case, each.deed.zh) for each in found.done[:MOST]],
        )
    )
    for title, dues in (("已超期", found.late), ("当日到期", found.today), ("次日到期", found.tomorrow)):
        rows = [(due.case.id, due.step.zh, due.day.isoformat(), who_acts(world, due)) for due in dues[:MOST]]
        report.parts.append(Part(title, [f"共 {len(dues)} 项。"], ("编号", "应办", "期限", "责任"), rows))
    total = "，".join(f"{what.zh} {found.total.count(what)} 件" for what in SUMS)
    report.parts.append(Part("累计", [f"截至当日交办的各批次：{total}。"]))
    report.numbered()
    return report


def _numbers(case: Case) -> str:
    return "、".join(each.number for each in case.filings)


def _unit(world: World, case: Case) -> str:
    return unit_word(world.organisation, case.unit) if case.unit else "未交办"
