"""How alike two petitions are, and why: pure arithmetic over what is written in them.

What is compared is plain text already (one width, one script). A piece of it is a pair of neighbouring characters, or a
whole run of letters and digits; it weighs the more the rarer it is. Beside the words count the names that places,
estates, works and respondents have (``models.names``), the sort of harm (``models.harms``) and, where they are known,
the day, the petitioner and the spot. The weights were fitted to pairs judged by hand (docs/similarity.md) and rounded.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import unique
from functools import cached_property
from typing import Final, NamedTuple

from models.harms import Harm, harms_of
from models.names import any_alike, owners_of, roads_of, same_respondent, sites_of, towns_of, villages_of
from models.spots import Spot
from models.vocabulary import Term

RUNS: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
PAIR: Final = 2
LONG: Final = 3
"""Characters of a run that both have, from which on it is told as a word they share."""
SURE: Final = 0.7
"""The least likeness at which two petitions are marked as probably the same."""
ENOUGH: Final = 0.15
"""The least likeness at which one is shown beside the other."""
FEW_HARMS: Final = 0.3
"""How alike what is complained of counts where one of the two names no sort of harm."""
LIKE_WORDS: Final = 0.2
"""The least cosine of the words where nothing but running text says where and whom it is about."""
SAME_TEXT: Final = 0.6
"""From this share on the words alone are evidence enough."""
SOON: Final = 30
"""Days within which two are near in time."""
NEAR: Final = 0.5
"""Kilometres within which two spots are one, and ``FAR`` from which on they are two."""
FAR: Final = 5.0
RARE_AT_MOST: Final = 6.0
"""The logarithm from which on a pair is not rarer, ``LONG_ENOUGH`` the characters from which on a run is not longer."""
LONG_ENOUGH: Final = 8


@unique
class Fact(Term):
    """What two petitions have in common."""

    PERSON = "person", "同一信访人", "same petitioner"
    SPOT = "spot", "同一位置", "same spot"
    SITE = "site", "同一场所", "same site"
    RESPONDENT = "respondent", "同一被反映对象", "same respondent"
    ROAD = "road", "同一路段或水体", "same road or water"
    VILLAGE = "village", "同一乡村", "same township or village"
    HARM = "harm", "同类问题", "same sort of harm"
    TYPE = "type", "同一类型", "same type"
    WORDS = "words", "相同词句", "same words"
    TIME = "time", "时间相近", "near in time"


class Reason(NamedTuple):
    """One thing two petitions have in common, and what it is."""

    fact: Fact
    words: str


@dataclass(frozen=True)
class Said:
    """What a petition says of its matter, as plain text; nothing of who says it."""

    place: str = ""
    summary: str = ""
    respondents: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    day: date | None = None
    spot: Spot | None = None

    @cached_property
    def text(self) -> str:
        """Everything written, for the words."""
        return "。".join((self.place, self.summary, *self.respondents))

    @cached_property
    def pieces(self) -> frozenset[str]:
        """Its pieces."""
        return pieces_of(self.text)

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """Its runs of characters, without those of letters and digits."""
        return tuple(run for run in RUNS.findall(self.text) if not run.isascii())

    @cached_property
    def sites(self) -> frozenset[str]:
        """The names of estates, works, farms and the like."""
        return sites_of(self.text)

    @cached_property
    def roads(self) -> frozenset[str]:
        """The names of roads and waters."""
        return roads_of(self.text)

    @cached_property
    def towns(self) -> frozenset[str]:
        """The names of townships: in its place, or in its words where it has none."""
        return towns_of(self.place or self.summary)

    @cached_property
    def villages(self) -> frozenset[str]:
        """The names of villages, likewise."""
        return villages_of(self.place) or villages_of(self.summary)

    @cached_property
    def owners(self) -> frozenset[str]:
        """The surnames of those it is about, masked as the desk writes them."""
        return owners_of(self.text)

    @cached_property
    def named(self) -> frozenset[str]:
        """The pieces of the names of sites, roads, villages and respondents."""
        return pieces_of("。".join((*self.sites, *self.roads, *self.villages, *self.respondents)))

    @cached_property
    def harms(self) -> frozenset[Harm]:
        """What is complained of."""
        return harms_of("。".join((self.place, self.summary, *self.types, *self.respondents)))


class Judged(NamedTuple):
    """How alike two petitions are, from 0 to 1; whether they are probably about the same; and why."""

    likeness: float
    sure: bool
    reasons: tuple[Reason, ...]


def pieces_of(text: str) -> frozenset[str]:
    """Return the pieces of a plain text: pairs of characters, and runs of letters and digits whole."""
    found: set[str] = set()
    for run in RUNS.findall(text):
        if run.isascii():
            found.add(run)
        else:
            found.update(run[at : at + PAIR] for at in range(len(run) - 1))
    return frozenset(found)


class Weights:
    """How much a piece weighs: the square of the logarithm of how rare it is.

    Args:
        frequencies: how many petitions have a piece; one that is not named here counts as that of nobody else.
        petitions: how many there are; fewer than a thousand count as a thousand, so that a new desk's words weigh too.
    """

    def __init__(self, frequencies: Mapping[str, int], petitions: int) -> None:
        """Weigh each piece once."""
        every = max(petitions, 1000)
        self._known = {piece: math.log(1 + every / (count + 0.5)) ** 2 for piece, count in frequencies.items()}
        self._unknown = math.log(1 + every / 0.5) ** 2
        self._along: dict[str, list[float]] = {}
        self._whole: dict[frozenset[str], float] = {}

    def __call__(self, piece: str) -> float:
        """Return how much a piece weighs."""
        return self._known.get(piece, self._unknown)

    def of_all(self, pieces: Iterable[str]) -> float:
        """Return how much some pieces weigh together."""
        known, unknown = self._known, self._unknown
        return sum([known.get(piece, unknown) for piece in pieces])

    # One petition is compared with a hundred: what hangs on it alone is reckoned once.

    def of_whole(self, pieces: frozenset[str]) -> float:
        """Return how much all pieces of the one petition weigh together."""
        if (found := self._whole.get(pieces)) is None:
            found = self._whole[pieces] = self.of_all(pieces)
        return found

    def along(self, run: str) -> list[float]:
        """Return how much each pair of neighbouring characters of one of its runs weighs, in order."""
        if (found := self._along.get(run)) is None:
            found = self._along[run] = [self(run[at : at + PAIR]) for at in range(len(run) - 1)]
        return found


def judge(one: Said, other: Said, weigh: Weights, *, person: bool = False) -> Judged:
    """Return how alike two petitions are and why.

    Args:
        one: the petition one asks about; ``weigh`` knows its pieces.
        other: the one it is compared with. Of its pieces only the shared ones are known to ``weigh``; the others count
            as the mean of the first one's.
        weigh: how much a piece weighs.
        person: whether both are known to be one petitioner's.
    """
    cosine, contained = _shares(one, other, weigh)
    site, road = any_alike(one.sites, other.sites), any_alike(one.roads, other.roads)
    village, town = any_alike(one.villages, other.villages), any_alike(one.towns, other.towns)
    respondent = next((a for a in one.respondents if any(same_respondent(a, b) for b in other.respondents)), "")
    # Of one family name in a village few keep pigs: with the village it is nearly a name.
    owner = min(one.owners & other.owners, default="") if village else ""
    # Whom it is about is known by name, or by what the place is called: either will do.
    elsewhere = bool(one.sites and other.sites and not site) and not respondent
    other_road = bool(one.roads and other.roads and not road)
    other_area = bool(one.villages and other.villages and not village) or bool(one.towns and other.towns and not town)
    others = bool(one.owners and other.owners and one.owners.isdisjoint(other.owners)) or (
        bool(one.respondents and other.respondents) and not respondent
    )
    harms = one.harms & other.harms
    alike_harms = len(harms) / min(len(one.harms), len(other.harms)) if one.harms and other.harms else FEW_HARMS
    run, rarity = _longest_run(one, other, weigh)
    types = tuple(each for each in one.types if any(each in there or there in each for there in other.types))
    apart = one.spot.kilometres(other.spot) if one.spot and other.spot else None
    days = abs((one.day - other.day).days) if one.day and other.day else None
    points = (
        -3.9
        + 1.7 * cosine
        + 3.3 * contained
        + 1.3 * rarity
        + 1.2 * bool(site)
        + 1.1 * bool(road)
        + 1.2 * bool(respondent)
        + 1.5 * bool(owner and not respondent)
        + 0.8 * bool(village)
        + 0.2 * bool(town)
        + 1.0 * alike_harms
        + 0.3 * bool(types)
        + 1.0 * person
        + 0.2 * (days is not None and days <= SOON)
        + (0.0 if apart is None else 1.5 if apart <= NEAR else -2.5 if apart >= FAR else 0.0)
        - 0.9 * elsewhere
        - 0.9 * other_road
        - (2.0 if one.place and other.place else 0.5) * other_area
        - 1.0 * others
    )
    likeness = 1 / (1 + math.exp(-points))
    placed = bool(site or road or respondent or village) or (apart is not None and apart <= NEAR)
    against = elsewhere or other_area or others or (apart is not None and apart >= FAR)
    # Told in a form, whom or which village it is about is evidence; found in running text it needs like words beside.
    told_apart = bool(respondent or owner) or bool(village and one.place and other.place)
    sure = (
        likeness >= SURE
        and not against
        and (told_apart or cosine >= LIKE_WORDS)
        and (placed or contained >= SAME_TEXT)
        and (alike_harms > 0 or contained >= SAME_TEXT)
    )
    told = (
        (Fact.PERSON, "—" if person else ""),
        (Fact.SPOT, f"{apart:.1f} km" if apart is not None and apart <= NEAR else ""),
        (Fact.SITE, site),
        (Fact.RESPONDENT, respondent or (f"{owner}某" if owner else "")),
        (Fact.ROAD, road),
        (Fact.VILLAGE, village or town),
        (Fact.HARM, "、".join(sorted(each.zh for each in harms))),
        (Fact.TYPE, "、".join(types)),
        (Fact.WORDS, run),
        (Fact.TIME, str(days) if days is not None and days <= SOON else ""),
    )
    return Judged(likeness, sure, tuple(Reason(fact, words) for fact, words in told if words))


def _shares(one: Said, other: Said, weigh: Weights) -> tuple[float, float]:
    """Return the cosine of two petitions' pieces, and which share of the lesser one the other has."""
    mine = weigh.of_whole(one.pieces)
    if not mine or not other.pieces:
        return 0.0, 0.0
    both = one.pieces & other.pieces
    shared = weigh.of_all(both)
    theirs = shared + len(other.pieces - both) * mine / len(one.pieces)
    return (shared / math.sqrt(mine * theirs), shared / min(mine, theirs)) if theirs else (0.0, 0.0)


def _longest_run(one: Said, other: Said, weigh: Weights) -> tuple[str, float]:
    """Return the most telling run of characters that both have, and how telling it is, from 0 to 1."""
    best, telling = "", 0.0
    there, text = other.pieces, other.text
    for run in one.runs:
        at, last = 0, len(run) - LONG
        while at <= last:
            end = at + LONG
            # Looking a pair up is quicker than looking through the text.
            if run[at : at + PAIR] not in there or run[at:end] not in text:
                at += 1
                continue
            while end < len(run) and run[at : end + 1] in text:
                end += 1
            found = run[at:end]
            rare = math.sqrt(max(weigh.along(run)[at : end - 1]))
            value = min(rare, RARE_AT_MOST) / RARE_AT_MOST * min(len(found), LONG_ENOUGH) / LONG_ENOUGH
            if value > telling:
                best, telling = found, value
            at = end - 1
    return best, telling
