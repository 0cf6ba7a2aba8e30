"""A meeting's pack as people read it: its parts in words, of the cases that the reader may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeVar

from adapters.drawings.battle_map import Lane, Task
from adapters.naming import people_word
from adapters.words import clock_words, left, term_of
from models.case import Case
from models.commands import COMMANDS
from models.counting import legal_day
from models.instants import shown, shown_due
from models.lifecycle import LIFECYCLES
from models.meeting_values import Change, Followed, Matter, Measured, Pack, PackRow
from models.vocabulary import Kind, Light, RungKind, Term
from models.world import World

MAP_ROWS: Final = 60
"""Cases on the pack's map, the most urgent."""
ABOUT: Final = 40
"""Characters of what a case is about."""
SECOND: Final = timedelta(seconds=1)
"""A due date at a day's 24:00 is of that day, not of the next."""


class _About(Protocol):
    @property
    def case(self) -> str: ...


R = TypeVar("R", bound=_About)
Two = tuple[str, str]
"""Words in both languages: Chinese, English."""
CASE, ABOUT_WORDS, UNIT = ("编号", "Number"), ("事项", "About"), ("单位", "Unit")
LEADER, DUE = ("包案领导", "Leader"), ("到期", "Due")
HEADS: Final[Mapping[str, tuple[Two, tuple[Two, ...]]]] = {
    "changed": (
        ("本期变化", "What changed"),
        (CASE, ABOUT_WORDS, UNIT, ("变化", "Changes"), ("现状", "Stands at")),
    ),
    "overdue": (
        ("超期案件及须说明情况的人员", "Overdue, and who must explain it"),
        (
            CASE,
            ABOUT_WORDS,
            UNIT,
            ("超期环节", "Which time"),
            DUE,
            ("已超期", "Overdue"),
            ("说明人", "To explain"),
            LEADER,
        ),
    ),
    "matters": (("待议事项", "Matters to decide"), (CASE, ABOUT_WORDS, UNIT, ("待议", "To decide"))),
    "followed": (
        ("上次议定事项落实情况", "How earlier decisions stand"),
        (CASE, ("会议", "Meeting"), ("议定内容", "Decided"), ("期限", "By"), ("落实情况", "Stands")),
    ),
    "upcoming": (
        ("下期到期", "Due in the next period"),
        (CASE, ABOUT_WORDS, UNIT, ("环节", "Which time"), DUE, ("承办人", "Handler"), LEADER),
    ),
    "stands": (
        ("各环节在办", "Where open cases stand"),
        (("类别", "Kind"), ("环节", "Status"), ("在办", "Open"), ("超期", "Overdue")),
    ),
}
"""The parts of a pack, each with its heading and the heads of its table."""


@dataclass(frozen=True)
class Part:
    """A part of a pack: its name, its heading, the heads of its table, and its rows, of which the first is the case."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Papers:
    """A pack on its way onto paper: the meeting, its pack, the parts in words, and the map's lanes."""

    meeting: Case
    pack: Pack
    parts: Sequence[Part]
    lanes: Sequence[Lane]
    hidden: int
    """Rows left out because the reader may not see their cases."""
    lang: int = 0

    @property
    def told(self) -> str:
        """Say from when to when it counts."""
        return f"{shown(self.pack.since)} 至 {shown(self.pack.until)}；下期至 {shown(self.pack.ahead)}"

    @property
    def summary(self) -> str:
        """Say in one sentence what it counts."""
        return "，".join(f"{each.name.zh} {each.value}{self.parts_of(each.name)}" for each in self.pack.counts) + "。"

    def parts_of(self, name: Measured) -> str:
        """Return of which kinds the open cases are, in brackets: petitions and tasks are counted together."""
        if name is not Measured.OPEN:
            return ""
        sums: dict[Kind, int] = {}
        for each in self.pack.stands:
            sums[each.kind] = sums.get(each.kind, 0) + each.open
        told = [f"{(kind.zh, kind.en)[self.lang]} {count}" for kind, count in sums.items()]
        return ("（{}）", " ({})")[self.lang].format(("、", ", ")[self.lang].join(told)) if told else ""


@dataclass(frozen=True)
class Laying:
    """Lays packs out in words for one reader.

    ``cases`` are those that the reader may see, by number: rows of others are left out. ``meetings`` are those whose
    decisions are reported on. ``lang`` is 0 for Chinese, 1 for English.
    """

    world: World
    cases: Mapping[str, Case]
    meetings: Mapping[str, Case]
    lang: int = 0

    def papers(self, meeting: Case, pack: Pack) -> Papers:
        """Return a meeting's pack in words."""
        rows = {
            "changed": [self._changed(each) for each in self._seen(pack.changed)],
            "overdue": [self._overdue(each) for each in self._seen(pack.overdue)],
            "matters": [self._matter(each) for each in self._seen(pack.matters)],
            "followed": [self._followed(each) for each in self._seen(pack.followed)],
            "upcoming": [self._upcoming(each) for each in self._seen(pack.upcoming)],
        }
        hidden = len(pack.cases) - sum(map(len, rows.values()))
        rows["stands"] = [
            (self._term(each.kind), self._term(each.status), str(each.open), str(each.overdue)) for each in pack.stands
        ]
        parts = [
            Part(name, title[self.lang], tuple(head[self.lang] for head in heads), rows[name])
            for name, (title, heads) in HEADS.items()
        ]
        return Papers(meeting, pack, parts, self._lanes(pack), hidden, self.lang)

    def _seen(self, rows: Iterable[R]) -> list[R]:
        return [row for row in rows if row.case in self.cases]

    def _changed(self, each: Change) -> tuple[str, ...]:
        moves = ("、", ", ")[self.lang].join(event_named(each.kind, name)[self.lang] for name in each.events)
        return (*self._first(each.case, each.unit), moves, self._term(each.status))

    def _overdue(self, row: PackRow) -> tuple[str, ...]:
        few, days = ("不足 1 天", "< 1 day")[self.lang], (f"{row.days} 天", f"{row.days} d")[self.lang]
        told = (self._clock(row), shown_due(row.due), days if row.days else few)
        return (*self._first(row.case, row.unit), *told, self._person(row.explains), self._person(row.leader))

    def _upcoming(self, row: PackRow) -> tuple[str, ...]:
        told = (self._clock(row), shown_due(row.due))
        return (*self._first(row.case, row.unit), *told, self._person(row.explains), self._person(row.leader))

    def _matter(self, each: Matter) -> tuple[str, ...]:
        case = self.cases[each.case]
        what = self._term(each.what)
        for row in self.world.policies[case.policy].consequence:
            if each.name and row.name == each.name.rpartition("-")[0]:
                what = f"{what}{('：', ': ')[self.lang]}{(row.zh, row.en)[self.lang]}"
        return (*self._first(each.case, each.unit), what)

    def _followed(self, each: Followed) -> tuple[str, ...]:
        there = self.meetings.get(each.meeting)
        decided = there.decisions[each.number - 1] if there else None
        text, by_when = (decided.text, str(decided.by_when or "—")) if decided else ("—", "—")
        return each.case, each.meeting, text, by_when, f"{self._term(each.state)} {shown(each.at) if each.at else ''}"

    def _first(self, number: str, unit: str | None) -> tuple[str, str, str]:
        return number, self._about(number), self._unit(unit)

    def _about(self, number: str) -> str:
        case = self.cases[number]
        words = case.summary or case.measure or case.title
        return words if len(words) <= ABOUT else f"{words[: ABOUT - 1]}…"

    def _unit(self, name: str | None) -> str:
        organisation = self.world.organisation
        found = organisation.unit(name) if organisation and name else None
        return (found.en if self.lang and found.en else found.zh) if found else name or "—"

    def _person(self, name: str | None) -> str:
        return people_word(self.world.organisation, name) if name else "—"

    def _clock(self, row: PackRow) -> str:
        return clock_words(self.world, self.cases[row.case], row.clock)[self.lang]

    def _term(self, term: Term) -> str:
        return (term.zh, term.en)[self.lang]

    def _lanes(self, pack: Pack) -> list[Lane]:
        lanes: dict[str, list[Task]] = {}
        for row in self._seen((*pack.overdue, *pack.upcoming))[:MAP_ROWS]:
            late = row.due <= pack.until
            name = self._unit(row.unit) if row.unit else ("未确定", "not known")[self.lang]
            lanes.setdefault(name, []).append(
                Task(
                    case=row.case,
                    about=self._about(row.case),
                    first=row.since,
                    due=legal_day(row.due - SECOND),
                    left=left(row.due - pack.until)[self.lang],
                    light=Light.RED if late else self.cases[row.case].light,
                    late=late,
                )
            )
        return [Lane(name, tasks) for name, tasks in lanes.items()]


def event_named(kind: Kind, name: str) -> Two:
    """Return what an event is called where only its name is known: as the command that makes it."""
    if rung := term_of(RungKind, name):
        return rung.zh, rung.en
    rows = [row for row in LIFECYCLES[kind] if row.event == name]
    # What a table tells is called as what is done here, where there is such a thing.
    row = next(iter(sorted(rows, key=lambda row: not {"is_imported", "is_told"}.isdisjoint(row.guards))), None)
    return (COMMANDS[row.command].zh, COMMANDS[row.command].en) if row else (name, name)
