"""A batch's public table: drafted, published as an audited command, and made again from the ledger, version by version.

What it says is hashed, not the file: the same rows are the same hash as XLSX and as DOCX, whenever they are written.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import JsonValue

from adapters.campaigns import Sees, campaign_of, every, petitions
from adapters.database import Database
from adapters.documents import content, document, table
from adapters.exporting import UnknownProfile, row_of_table
from adapters.queries import folded_until, history
from adapters.spreadsheets import Profile, load_profiles, write_table
from adapters.spreadsheets.profiles import Column
from adapters.views import instant
from models.campaign_commands import PublishResults
from models.campaign_values import PublishedRow
from models.canonical import text_of
from models.case import Case
from models.editions import Published, differences, latest, to_publish
from models.personal import masked
from models.refusals import Refused
from models.standing import name_of

USUAL: Final = "hunan-central-2024"
"""The columns of a campaign that names no profile."""


class NothingToPublish(Refused):
    """{batch} 批次还没有可公开的信访件：须先有核查结论。
    The batch of {batch} has no petition to be told yet: none was verified.
    """  # noqa: D205 - the first line is the Chinese sentence, the second the English one


class NothingNew(Refused):
    """{batch} 批次与已公开的第 {version} 版内容相同。
    The table of {batch} says the same as its version {version}, which is published.
    """  # noqa: D205 - likewise


class NoEdition(Refused):
    """{batch} 批次没有第 {version} 版。
    The table of {batch} has no version {version}.
    """  # noqa: D205 - likewise


@dataclass(frozen=True)
class Table:
    """A public table: its title, profile, rows of texts by field, the rows as they are published, and its hash."""

    title: str
    profile: Profile
    texts: tuple[dict[str, str], ...]
    rows: tuple[PublishedRow, ...]
    batch: date
    version: int

    @property
    def sha256(self) -> str:
        """The hash of what it says: title, headers and every cell, in order."""
        columns = self.profile.columns
        cells = [[row.get(column.field, "") for column in columns] for row in self.texts]
        said = text_of([self.title, [column.header for column in columns], cells])
        return hashlib.sha256(said.encode()).hexdigest()


def editions_of(database: Database, campaign: Case) -> list[Published]:
    """Return every version that was published, the oldest first."""
    found = []
    for each in history(database, campaign.id):
        said = each.event.said
        if each.event.name == "results_published":
            told = PublishResults.model_validate(
                {name: value for name, value in said.items() if name in PublishResults.model_fields}
            )
            at, by = each.recorded_at, each.actor
            found.append(
                Published(told.day, told.version, at, by, told.rows, told.sha256, each.seq, told.text, each.envelope)
            )
    return found


def draft(database: Database, campaign: Case, day: date, sees: Sees = every) -> Table:
    """Return the next version of a batch's table, as it would be published now, of what a reader sees.

    Raises:
        NothingToPublish: no petition of it was verified.
        UnknownProfile: the campaign names columns that there are not.
    """
    editions = editions_of(database, campaign)
    cases = to_publish(day, petitions(database, campaign, sees), campaign, editions)
    if not cases:
        raise NothingToPublish(batch=day)
    version = 1 + (latest(editions)[day].version if day in latest(editions) else 0)
    return _table(campaign, day, version, cases)


def as_published(database: Database, name: str, day: date, version: int) -> tuple[Table, Published]:
    """Return a published version made again from the ledger: its cases as they stood then; and what was told of it.

    Its hash is that of the publication, unless the way such a table is written has changed since.

    Raises:
        NoEdition: there is none.
    """
    campaign = campaign_of(database, name)
    for told in editions_of(database, campaign):
        if (told.batch, told.version) == (day, version):
            then = folded_until(database, campaign.id, told.seq)
            cases = [(folded_until(database, row.case, row.seq), row.batch) for row in told.rows]
            return _table(then, day, version, cases), told
    raise NoEdition(batch=day, version=version)


def done_before(database: Database, campaign: Case, envelope: str | None) -> Table | None:
    """Return what an envelope published, where it is given once more; None where it is new."""
    for told in editions_of(database, campaign) if envelope else ():
        if told.envelope == envelope:
            return as_published(database, name_of(campaign), told.batch, told.version)[0]
    return None


def _table(campaign: Case, day: date, version: int, cases: Sequence[tuple[Case, date]]) -> Table:
    profile = _profile(campaign, late=any(batch != day for _, batch in cases))
    texts = []
    for number, (case, batch) in enumerate(cases, 1):
        row = row_of_table(number, case)
        if batch != day:
            row["remarks"] = "；".join(filter(None, (f"{batch} 批次，补充公开", row["remarks"])))
        # What officials wrote by hand is covered too: a telephone number is nobody's business.
        texts.append({name: masked(text) for name, text in row.items()})
    rows = tuple(
        PublishedRow(case=case.id, seq=case.seq, batch=batch, digest=_digest(text))
        for (case, batch), text in zip(cases, texts, strict=True)
    )
    title = f"{profile.title.partition('（')[0]}（{campaign.title} {day} 批次 第 {version} 版）"
    return Table(title, profile, tuple(texts), rows, day, version)


def _profile(campaign: Case, *, late: bool) -> Profile:
    known = load_profiles()
    name = campaign.profile or USUAL
    if name not in known:
        raise UnknownProfile(profile=name, known="、".join(known))
    profile = known[name]
    if late and "remarks" not in {column.field for column in profile.columns}:
        return profile.model_copy(update={"columns": (*profile.columns, Column(field="remarks", header="备注"))})
    return profile


def _digest(row: Mapping[str, str]) -> str:
    said = {name: text for name, text in row.items() if name != "no"}
    return hashlib.sha256(text_of(said, ordered=True).encode()).hexdigest()[:16]


def told_of(database: Database, campaign: Case, table: Table) -> dict[str, JsonValue]:
    """Return the fields of the command that publishes a table, with what it says otherwise than the version before.

    Raises:
        NothingNew: it says the same.
    """
    before = latest(editions_of(database, campaign)).get(table.batch)
    found = differences(before, table.rows)
    if before and not found.any:
        raise NothingNew(batch=table.batch, version=before.version)
    parts = (("新增", found.new), ("变更", found.changed), ("撤下", found.gone))
    text = "；".join(f"{word} {len(some)} 件：{'、'.join(some)}" for word, some in parts if some) if before else ""
    return {
        "day": table.batch.isoformat(),
        "version": table.version,
        "rows": [row.model_dump(mode="json") for row in table.rows],
        "sha256": table.sha256,
        **({"text": text[:8000]} if text else {}),
    }


def is_news(database: Database, campaign: Case, day: date | None) -> bool:
    """Tell whether a batch's table can be published, and would say something that its last version does not."""
    if day is None:
        return False
    try:
        told_of(database, campaign, draft(database, campaign, day))
    except Refused:
        return False
    return True


def edition_view(each: Published) -> dict[str, object]:
    """Return a published version as programs read it."""
    return {
        "batch": each.batch.isoformat(),
        "version": each.version,
        "sha256": each.sha256,
        "at": instant(each.at),
        "by": each.by,
        "changes": each.text,
        "rows": [{"case": row.case, "seq": row.seq, "batch": row.batch.isoformat()} for row in each.rows],
    }


def as_xlsx(table: Table) -> bytes:
    """Return a table as a workbook."""
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / f"{uuid.uuid4()}.xlsx"
        write_table(path, table.profile, table.texts, title=table.title)
        return path.read_bytes()


def as_docx(made: Table) -> bytes:
    """Return a table as a document, on pages lying down."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    page = document(made.title)
    section = page.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    page.styles["Normal"].font.size = Pt(9)
    columns = made.profile.columns
    rows = [[row.get(column.field, "") for column in columns] for row in made.texts]
    table(page, [column.header for column in columns], rows)
    page.add_paragraph(f"内容摘要 SHA-256 {made.sha256}")
    return content(page)


def name_of_file(campaign: Case, table: Table) -> str:
    """Return what a table's file is called, without its ending."""
    return f"{name_of(campaign)}-{table.batch}-v{table.version}"
