"""What a letter may tell: the facts its form is filled in with, one class for officials and one for the petitioner.

Redaction is by construction. What the form of an official's letter is filled in with is made from the case and the
event alone, neither of which knows the petitioner, and only from fields named here; what is under seal is a field of
the other class, and only its constructor takes it (信访工作条例, art. 30).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from models.base import Frozen
from models.case import Case
from models.clocks import Clock
from models.counting import legal_day
from models.delivery import letter_number
from models.derivation import UNITS
from models.event import Recorded
from models.instants import shown, shown_due
from models.lifecycle import PETITIONER
from models.organisation import Organisation
from models.patrol import Ended
from models.policy import ClockRule, Policy
from models.vocabulary import Fate, Opinion

TELLS = (
    "to_authority",
    "opinion",
    "reason",
    "text",
    "note",
    "measure",
    "standard",
    "target",
    "extension_days",
    "repeat_of",
)
"""What a letter may repeat of its event, if the event says it. Nothing else of it reaches a form."""


SEEN = 50
"""Filings that a notice of a storm lists, the latest."""


class Secret(Frozen):
    """What is opened of the seal for the petitioner's own letters: the name, the way to reach them, the query code."""

    name: str
    contact: str
    query_code: str


class Due(Frozen):
    """A time that runs: its names, its length, its end as people read it, and the article it rests on."""

    zh: str
    en: str
    length_zh: str
    length_en: str
    at_zh: str
    at_en: str
    article: str


class Rang(Frozen):
    """Which rung of which clock a letter is about, and its legal instant."""

    clock_zh: str
    clock_en: str
    rung_zh: str
    rung_en: str
    at_zh: str
    at_en: str


class Lost(Frozen):
    """A letter that did not arrive, by its number, with what is known of its fate; for whom is told by post or id."""

    number: str
    template: str
    to: str
    fate_zh: str
    fate_en: str


class Told(Frozen):
    """What the form of a letter to an official is filled in with.

    ``dues`` are the clocks that run by their names, ``articles`` what each of the policy's clocks rests on, ``said``
    what the event says (names of ``TELLS``), ``rang`` the rung it is about, ``lost`` letters that did not arrive.
    """

    case: str
    number: str
    kind_zh: str
    kind_en: str
    place: str
    organisation: str
    addressee: str
    unit: str
    day: date
    dues: dict[str, Due]
    lengths: dict[str, tuple[str, str]]
    articles: dict[str, str]
    said: dict[str, str]
    opinion_en: str = ""
    rang: Rang | None = None
    lost: tuple[Lost, ...] = ()
    sightings: tuple[tuple[str, str, str], ...] = ()
    thresholds: tuple[tuple[str, str], ...] = ()
    title: str = ""
    sky_zh: str = ""
    sky_en: str = ""
    missed: tuple[tuple[str, str], ...] = ()
    """The slots of a patrol that were missed one after the other, the last of them lately."""


class ToldPetitioner(Told):
    """What the form of a letter to the petitioner is filled in with: the same, and what they alone may know."""

    contact: str
    query_code: str


class Place(NamedTuple):
    """Where a letter comes from: the case right after its event, that event, the letter's id."""

    case: Case
    recorded: Recorded
    letter: str


def told(place: Place, policy: Policy, organisation: Organisation | None, to: str) -> Told:
    """Return what a letter to an official (``to``, by id) tells; of the petitioner nothing is known here."""
    person = organisation.person(to) if organisation else None
    return Told.model_validate(_common(place, policy, organisation, person.name if person else to))


def told_petitioner(place: Place, policy: Policy, organisation: Organisation | None, secret: Secret) -> ToldPetitioner:
    """Return what a letter to the petitioner tells; the only way from the seal into a letter."""
    common = _common(place, policy, organisation, secret.name)
    return ToldPetitioner.model_validate({**common, "contact": secret.contact, "query_code": secret.query_code})


def _common(place: Place, policy: Policy, organisation: Organisation | None, addressee: str) -> dict[str, object]:
    case, recorded, _ = place
    rules = {rule.name: rule for rule in policy.clocks(case.kind, case.channel)}
    rules |= {clock.name: case.rule(policy, clock) for clock in case.clocks}
    sets = recorded.event.sets.model_dump(mode="json", exclude_unset=True)
    said = {name: value for name, value in {**sets, **recorded.event.said}.items() if name in TELLS and value}
    opinion = next((each for each in Opinion if each == said.get("opinion")), None)
    unit = organisation.unit(case.unit) if organisation and case.unit else None
    return {
        "case": case.id,
        "number": f"{case.id}-{letter_number(place.letter)}",
        "kind_zh": case.kind.zh,
        "kind_en": case.kind.en,
        "place": case.place,
        "organisation": organisation.name if organisation else "信访工作机构",
        "addressee": addressee,
        "unit": unit.zh if unit else case.unit or "",
        "day": legal_day(recorded.recorded_at),
        "dues": {clock.name: _due(rules[clock.name], clock) for clock in case.clocks if not clock.paused_by},
        "lengths": {name: _length(rule) for name, rule in rules.items()},
        "articles": {name: _article(rule) for name, rule in rules.items()},
        "said": {name: opinion.zh if opinion and name == "opinion" else str(value) for name, value in said.items()},
        "opinion_en": opinion.en if opinion else "",
        "rang": _rang(recorded, policy, rules),
        "sightings": tuple(
            (shown(each.at), each.case, policy.channels[each.channel].zh if each.channel in policy.channels else "")
            for each in case.sightings[-SEEN:]
        ),
        "thresholds": tuple(
            (each.zh, each.en)
            for each in policy.storms.threshold
            if each.name in {alert.threshold for alert in case.alerts}
        ),
        "title": case.title,
        "sky_zh": case.sky.zh if case.sky else "",
        "sky_en": case.sky.en if case.sky else "",
        "missed": missed_lately(case),
        "lost": tuple(
            Lost(
                number=each.number,
                template=each.template,
                to="信访人 the petitioner" if each.to == PETITIONER else each.to,
                fate_zh=each.fate.zh,
                fate_en=each.fate.en,
            )
            for each in case.unsettled
            if each.fate is not Fate.AGAIN
        ),
    }


def missed_lately(case: Case) -> tuple[tuple[str, str], ...]:
    """Return from when to when nobody came, of the latest slots of a patrol, as many as follow one another."""
    gone: list[tuple[str, str]] = []
    for slot in reversed(case.slots):
        if slot.ended is Ended.MISSED:
            gone.append((shown(slot.begin), shown_due(slot.end)))
        elif gone:
            break
    return tuple(reversed(gone))


def _due(rule: ClockRule, clock: Clock) -> Due:
    zh, en = _length(rule)
    at_zh, at_en = _instant(clock.due)
    if clock.provisional:
        at_zh, at_en = f"{at_zh}（待国办通知）", f"{at_en} (provisional)"
    return Due(
        zh=rule.zh, en=rule.en, length_zh=zh, length_en=en, at_zh=at_zh, at_en=at_en, article=_article(rule)
    )  # fmt: skip


def _length(rule: ClockRule) -> tuple[str, str]:
    zh, en = UNITS[rule.length.unit]
    return f"{rule.length.count} {zh}", f"{rule.length.count} {en}"


def _article(rule: ClockRule) -> str:
    """Return what a clock rests on, without the marks and remarks that are for whoever reads the policy."""
    named = rule.article.partition(" [")[0].partition("：")[0].partition("（")[0]
    law, _, article = named.partition(" 第")
    return f"《{law}》第{article}" if article else named or "有关规定"


def _instant(at: datetime) -> tuple[str, str]:
    day, _, time = shown_due(at).partition(" ")
    year, month, number = day.split("-")
    hour, _, minute = time.partition(":")
    clock = f"{int(hour)}时" if minute == "00" else f"{int(hour)}时{minute}分"
    return f"{year}年{int(month)}月{int(number)}日{clock}", f"{day} {time}"


def _rang(recorded: Recorded, policy: Policy, rules: Mapping[str, ClockRule]) -> Rang | None:
    said = recorded.event.said
    rule = rules.get(str(said.get("clock")))
    if rule is None:
        return None
    rung = policy.ladder[rule.ladder].rung(str(said["rung"]))
    at_zh, at_en = _instant(datetime.fromisoformat(str(said["due_at"])))
    return Rang(
        clock_zh=rule.zh, clock_en=rule.en, rung_zh=rung.zh, rung_en=rung.en, at_zh=at_zh, at_en=at_en
    )  # fmt: skip


def message_id(letter: str, token: str) -> str:
    """Return the one id under which a letter is sent, however often: no person's name is in it.

    Args:
        letter: the id of the reaction that sends it, e.g. ``XF2026000001#2.1.letter``.
        token: a few characters that are this installation's own, so that two desks' letters differ.
    """
    case, _, rest = letter.removesuffix(".letter").partition("#")
    return f"<{case}-{rest.replace('.', '-')}.{token}@banjie.local>"


def day_zh(day: date) -> str:
    """Write a day as an official letter does: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"
