"""What an event tells, line by line, as people read it, in one language or the other."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from adapters.letters.forms import title_of
from adapters.letters.told import letter_words, person_words
from adapters.naming import PEOPLE, POSTS, UNITS, unit_word
from adapters.post.book import MAIL, TRAY
from adapters.words import STATES, clock_words, field_words, rung_words, term_of
from models.campaign_values import Level
from models.case import Case
from models.event import Recorded
from models.fault_commands import Copy
from models.instants import shown, shown_due
from models.patrol import Sky
from models.vocabulary import ErasureGrounds, Kind, Role, Term, Verdict
from models.world import World

TOLD: Final = (
    *("channel", "place", "summary", "types", "respondent", "spot", "filings", "campaign", "star"),
    *("unit", "handler", "leader", "findings", "measures", "tasks", "measure", "target"),
    *(
        "opinion",
        "extension_days",
        "leading",
        "heard",
        "site",
        "trade",
        "recurrence_of",
        "split_from",
        "parts",
        "repeat_of",
        "rating",
        "instruction_by",
        "title",
    ),
    *("station", "sky", "look_back_on"),
    *("batch", "tally", "level", "round", "first_day", "last_day", "number_form", "profile", "deadlines"),
)
"""Fields of a case whose new value belongs to an event's story; the rest follows from them."""
TERMS: Final[dict[str, type[Term]]] = {"grounds": ErasureGrounds, "roles": Role, "sky": Sky, "look_back_on": Sky}
"""Fields that hold a word of the desk."""
QUIET: Final = frozenset({"sha256", "evidence", "channel"})
"""What is left out where an object is told in a line."""
SOME: Final = 20
"""Lines of one list in a history; the JSON holds it whole."""
LONG: Final = 400
"""Characters of one said thing in a table; the JSON holds it whole."""
WAYS: Final = {TRAY: ("待打印文书", "tray"), MAIL: ("电子邮件", "e-mail")}
"""The ways of a letter that every desk calls the same; a robot or a hook is called as the desk named it."""
CODED: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "state": STATES,
    "by_channel": WAYS,
    "sky": {each.value: (each.zh, each.en) for each in Sky},
    "detail": {},
}
"""Values that stand for something, by their field; a detail may be the name of a form."""
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""A moment as an event holds it."""
ZH: Final = 0
EN: Final = 1


def told(world: World, case: Case, recorded: Recorded, lang: int = ZH, before: Case | None = None) -> list[str]:
    """Return what an event tells, a line each; whom a rung reached by name, and the way it came to them.

    Where the case as it was ``before`` is given, a value that took the place of another is told with the other one.
    """
    colon = ("：", ": ")[lang]
    lines = []
    if recorded.occurred_at != recorded.recorded_at:
        lines.append(f"{('发生于', 'occurred')[lang]}{colon}{shown(recorded.occurred_at)}")
    said = recorded.event.said
    clock, rung = str(said.get("clock", "")), str(said.get("rung", ""))
    if clock:
        lines.append(f"{clock_words(world, case, clock)[lang]} · {rung_words(world, case, clock, rung)[lang]}")
    sets = recorded.event.sets.model_dump(mode="json", exclude_unset=True)
    for name, value in [*((name, sets.get(name)) for name in TOLD), *said.items()]:
        match name, value:
            # A pack is laid out on its meeting's page, for each reader what they may see of it; whoever sees a station
            # need not see the cases that go by its weather.
            case ("clock" | "rung" | "pack" | "listener", _) | (_, None | "" | [] | False):
                continue
            case ("due_at", str()):
                lines.append(f"{('应响', 'due')[lang]}{colon}{shown_due(datetime.fromisoformat(value))}")
            case ("letter" | "fate" | "outcome" | "why" | "how", dict() | str()):
                lines.append(letter_words(world, name, value, lang))
            case ("recipients", list()):
                lines += [_reached(world, each, lang) for each in value if isinstance(each, dict)]
            case ("routed", dict()):
                lines.append(_routed(value, lang))
            case ("added" | "changed" | "gone", list()):
                lines += [f"{field_words(name)[lang]}{colon}{_text(each, lang)[:LONG]}" for each in value[:SOME]]
                lines += [_more(name, len(value) - SOME, lang)] if len(value) > SOME else []
            case ("channel", str()):
                lines.append(f"{field_words(name)[lang]}{colon}{_channel(world, case, value, lang)}")
            case _:
                label = _label(recorded.kind, name, lang)
                was = _was(world, before, name, value, lang) if name in sets else ""
                lines.append(f"{label}{colon}{was}{_text(_worded(world, name, value, lang), lang)[:LONG]}")
    return lines


def _was(world: World, before: Case | None, name: str, value: JsonValue, lang: int) -> str:
    """Return the value before with an arrow behind it; nothing where there was none, or a list that only grew."""
    old = before.model_dump(mode="json", include={name}).get(name) if before else None
    if not old or old == value or isinstance(old, list | dict):
        return ""
    return f"{_text(_worded(world, name, old, lang), lang)[:LONG]} → "


def post_names(world: World) -> dict[str, tuple[str, str]]:
    """Return what posts are called, in both languages."""
    return {name: words for policy in world.policies.values() for name, words in policy.posts.items()}


def _routed(value: dict[str, JsonValue], lang: int) -> str:
    policy, row, why = value["policy"], value["row"], value["why"]
    return (f"派件依据：政策 {policy} 第 {row} 行：{why}", f"routed by: policy {policy}, row {row}: {why}")[lang]


def _channel(world: World, case: Case, name: str, lang: int) -> str:
    rule = world.policies[case.policy].channels.get(name) if case.policy in world.policies else None
    return (rule.zh, rule.en)[lang] if rule else name


def _more(name: str, count: int, lang: int) -> str:
    zh, en = field_words(name)
    return (f"{zh}：另有 {count} 项", f"{en}: {count} more")[lang]


def _label(kind: Kind, name: str, lang: int) -> str:
    return ("单位", "unit")[lang] if kind is Kind.ORGANISATION and name == "unit" else field_words(name, kind)[lang]


def _worded(world: World, name: str, value: JsonValue, lang: int) -> JsonValue:
    """Return a person, unit, post or role as it is called; anything else as it is."""
    found: JsonValue = value
    match value:
        case list() if name == "rows":
            found = _rows(value, lang)
        case list():
            found = [_worded(world, name, each, lang) for each in value]
        case dict() if name in LINES:
            found = LINES[name](value, lang)
        case str() if name == "level":
            found = _level(value, lang)
        case dict() if name == "order":
            found = _order(world, value, lang)
        case str() if name in CODED:
            found = _coded(name, value, lang)
        case str() if name in PEOPLE:
            found = person_words(world, value)
        case str() if name in UNITS:
            found = unit_word(world.organisation, value) if value else ""
        case str() if name in POSTS:
            found = post_names(world).get(value, (value, value))[lang]
        case str() if name in TERMS and (term := term_of(TERMS[name], value)):
            found = (term.zh, term.en)[lang]
    return found


def _coded(name: str, value: str, lang: int) -> str:
    """Return the words for a value that stands for something; one that is none of them as it is."""
    if name == "detail":
        return title_of(value, ("zh", "en")[lang])
    return CODED[name].get(value, (value, value))[lang]


def figures_told(value: Mapping[str, JsonValue], lang: int) -> str:
    """Return counts by their names in one line, those that are nought left out."""
    told = [
        f"{field_words(name)[lang]} {count:g}"
        for name, count in value.items()
        if isinstance(count, int | float) and count
    ]
    return ("；", "; ")[lang].join(told)


def _mismatch(value: Mapping[str, JsonValue], lang: int) -> str:
    """Return what a copy has otherwise than the ledger, with both versions."""
    copy = Copy.of(str(value["copy_of"]))
    field, ledger, found = value["field"], value["ledger"], value["found"]
    return (
        f"{copy.zh} {field} 为“{found}”，台账为“{ledger}”",
        f"{copy.en} has {field} “{found}”, the ledger “{ledger}”",
    )[lang]


def _rows(value: list[JsonValue], lang: int) -> str:
    """Return the petitions of a published table, without the hashes."""
    cases = [str(each["case"]) for each in value if isinstance(each, dict)]
    return (f"{len(cases)} 件 ", f"{len(cases)}: ")[lang] + ("、", ", ")[lang].join(cases)


def _level(value: str, lang: int) -> str:
    level = Level.of(value)
    return (level.zh, level.en)[lang]


def _table(value: dict[str, JsonValue], lang: int) -> str:
    """Return a year's table in one line: the year, its version and source, the days off and those worked."""
    parts = [(f"{value['year']} 年第 {value['version']} 版", f"{value['year']}, version {value['version']}")[lang]]
    for name, label in (("off", ("休", "off")), ("work", ("班", "worked"))):
        days = value.get(name)
        if isinstance(days, dict) and days:
            parts.append(
                f"{label[lang]} " + ("、", ", ")[lang].join(f"{day} {why}" for day, why in sorted(days.items()))
            )
    return f"{('；', '; ')[lang].join(parts)}（{value['source']}）"


def _order(world: World, value: dict[str, JsonValue], lang: int) -> str:
    """Return an order that every day works in one line."""
    signed = person_words(world, str(value["signatory"]))
    scan = value.get("scan")
    shown_by = str(scan.get("name") or scan["sha256"]) if isinstance(scan, dict) else ""
    zh = f"{value['number']}，{signed} 签发，{value['first']} 至 {value['last']}" + (f"，原件 {shown_by}" * bool(scan))
    en = f"{value['number']}, signed by {signed}, {value['first']} to {value['last']}" + (
        f", scan {shown_by}" * bool(scan)
    )
    return (zh, en)[lang]


def _text(value: JsonValue, lang: int) -> str:
    """Return a value of an event as people read it: lists one after the other, objects by what they hold."""
    match value:
        case list():
            return ("；", "; ")[lang].join(_text(each, lang) for each in value)
        case dict():
            verdict = term_of(Verdict, str(value.get("verdict", "")))
            parts = {**value, "verdict": (verdict.zh, verdict.en)[lang]} if verdict else {**value}
            return " ".join(_text(each, lang) for name, each in parts.items() if each and name not in QUIET)
        case bool():
            return (("否", "是"), ("no", "yes"))[lang][value]
        case str() if INSTANT.fullmatch(value):
            return shown(datetime.fromisoformat(value))
        case _:
            return str(value)


def _reached(world: World, recipient: dict[str, JsonValue], lang: int) -> str:
    posts = post_names(world)
    post = str(recipient.get("post", ""))
    why = f"（{recipient['why']}）" if recipient.get("why") else ""
    return f"→ {posts.get(post, (post, post))[lang]} {person_words(world, str(recipient['person']))}{why}"


LINES: Final[Mapping[str, Callable[[dict[str, JsonValue], int], str]]] = {
    "tables": _table,
    "tally": figures_told,
    "deadlines": figures_told,
    "mismatches": _mismatch,
}
"""Objects that are told in one line, each in its own way."""
