"""Writing the public table back, in the columns of a profile, from the ledger's petitions."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.import_history import Meaning
from adapters.import_rows import CHANNEL, NO_PLACE, NOTHING_SAID, SEE_FIRST
from adapters.queries import Filter, listed
from adapters.spreadsheets import load_profiles, write_table
from adapters.spreadsheets.cells import CHANNEL_OF_LETTER
from adapters.world_book import published
from models.case import Case
from models.counting import SHANGHAI, legal_day
from models.receipt import parse
from models.refusals import Refused
from models.three_lists import put_right_by
from models.vocabulary import Kind, Status
from models.world import World

STATES = {
    Status.CLOSED: "已办结",
    Status.SIGNED_OFF: "已办结",
    Status.RECONSIDERING: "已办结",
    Status.INTERIM: "阶段性办结",
}
"""How the table writes where a case stands; every other status is 未办结."""


LEDGER_STATES = {**STATES, Status.SIGNED_OFF: "已销号"}
"""How an existing ledger writes it: the sign-off is counted apart."""


class UnknownProfile(Refused):
    """没有名为“{profile}”的表格格式。可用：{known}。
    There is no table profile called "{profile}". There are: {known}.
    """  # noqa: D205 - the first line is the Chinese sentence, the second the English one


def export_sheet(
    database: Database,
    path: Path,
    *,
    profile: str = "hunan-central-2024",
    campaign: str | None = None,
    world: World | None = None,
    only: Callable[[Iterable[Case]], Iterable[Case]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the petitions of a campaign, or all, as the public table; return how many rows.

    An existing ledger's table (``ledger``) names units and people as ``world`` knows them. ``only`` leaves out what is
    not for whoever asks.

    Raises:
        UnknownProfile: there is no such profile.
        OSError: the file cannot be written.
    """
    profiles = load_profiles()
    if profile not in profiles:
        raise UnknownProfile(profile=profile, known="、".join(profiles))
    chosen = profiles[profile]
    total = _count(database, campaign)
    found: Iterable[Case] = listed(database, Filter(kind=Kind.PETITION, campaign=campaign))
    meaning = Meaning(database, world or published()) if chosen.history else None
    rows = _rows(only(found) if only else found, meaning, progress, total)
    return write_table(path, chosen, rows, title=chosen.title)


def _count(database: Database, campaign: str | None) -> int:
    query = sa.select(sa.func.count()).where(tables.cases.c.kind == Kind.PETITION.value)
    if campaign is not None:
        query = query.where(tables.cases.c.campaign == campaign)
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _rows(
    cases: Iterable[Case], meaning: Meaning | None, progress: Callable[[int, int], None] | None, total: int
) -> Iterator[dict[str, str]]:
    for number, case in enumerate(cases, 1):
        yield {**row_of_table(number, case), **(history_of(meaning, case) if meaning else {})}
        if progress and (number % 200 == 0 or number == total):
            progress(number, total)


def history_of(meaning: Meaning, case: Case) -> dict[str, str]:
    """Return what an existing ledger's row tells beyond the public table: whose it is, by when, what became of it."""
    closed, signed = (legal_day(at).isoformat() if at else "" for at in (case.closed_at, case.signed_off_at))
    due = put_right_by(case)
    return {
        "campaign": meaning.titles.get(case.campaign or "", case.campaign or ""),
        "unit": meaning.unit(case.unit),
        "leader": meaning.person(case.leader),
        "due": due.isoformat() if due else "",
        "closed": closed,
        "signed_off": signed,
        "state": LEDGER_STATES.get(case.status, "整改中" if case.is_open else case.status.zh),
        "remarks": "；".join(filter(None, (case.remarks, *_ties(case)))),
    }


def row_of_table(number: int, case: Case) -> dict[str, str]:
    """Return a case as a row of the table: every field a profile may have a column for."""
    numbers = "\n".join(filing.number for filing in case.filings if filing.channel == case.channel) or case.id
    texts = dict.fromkeys(finding.text for finding in case.findings if finding.text not in {NOTHING_SAID, SEE_FIRST})
    verdict = case.verdict.zh if case.verdict else ""
    if len(case.findings) > 1:
        verdict = "\n".join(f"{place}.{finding.verdict.zh}" for place, finding in enumerate(case.findings, 1))
    return {
        "no": str(number),
        "receipt": f"{numbers}*" if case.star and not parse(numbers).star else numbers,
        "problem": case.summary,
        "area": "" if case.place == NO_PLACE else case.place,
        "kinds": "、".join(case.types),
        "findings": "\n".join(texts),
        "verdict": verdict,
        "goal": case.goal,
        "measures": case.measures,
        "state": STATES.get(case.status, "未办结"),
        "accountability": case.accountability,
        "channel": _channel(case),
        "received": case.registered_at.astimezone(SHANGHAI).date().isoformat() if case.registered_at else "",
        "remarks": "；".join(_ties(case)),
    }


def _ties(case: Case) -> Iterator[str]:
    """Yield what ties a receipt to others, as a table's remarks tell it."""
    if case.leading:
        yield f"并入 {case.leading} 办理"
    if case.followers:
        yield f"并案办理 {len(case.followers) + 1} 件：{'、'.join(case.followers)}"
    if case.split_from:
        yield f"由 {case.split_from} 拆分"
    if case.parts:
        yield f"拆分为 {len(case.parts)} 件：{'、'.join(case.parts)}"
    if case.repeat_of:
        yield f"与 {case.repeat_of} 重复"


def _channel(case: Case) -> str:
    """Return how it came in, in the table's words: an inspection's numbers begin with the letter that tells."""
    if case.channel == CHANNEL:
        return next((CHANNEL_OF_LETTER.get(parse(filing.number).channel or "", "") for filing in case.filings), "")
    channels = published().policies[case.policy].channels
    return channels[case.channel].zh if case.channel in channels else case.channel
