"""Forms made from the command models, and what comes back read into a command's data.

Nothing here reads a file of the machine, whatever is typed: evidence comes as an upload, is kept with its case
and named by its hash.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, JsonValue
from starlette.datastructures import FormData, UploadFile

from adapters.attachments.taking import Taken
from adapters.forms import DOCUMENTS, Shape, is_model, shape
from adapters.letters.forms import title_of
from adapters.letters.told import OUTCOMES
from adapters.naming import PEOPLE, UNITS
from adapters.public_tables import public_profiles
from adapters.words import STATES, field_words
from models.case import Case
from models.commands import Command
from models.lifecycle import MAKES
from models.organisation import Organisation
from models.policy import Policy
from models.refusals import Malformed
from models.values import Evidence
from models.vocabulary import Term

ROWS: Final = 3
"""So many groups of a list stand open on a form; what is sent may hold more."""
MOST_ROWS: Final = 75
LONG: Final = 1000
"""A text that may be longer than this gets a box of several lines."""
HIDDEN: Final = frozenset({"sealed", "imported"})
"""Fields that nobody fills in by hand."""
YES, NO = "yes", "no"
YES_NO: Final = ((YES, ("是", "yes")), (NO, ("否", "no")))
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
"""A moment as browsers send it, without a zone: the desk's own."""
_COMMAS: Final = re.compile(r"[,，、\n]")
_KEPT: Final = re.compile(r"([0-9a-f]{64}) ?(.{0,200})", re.DOTALL)

Choice = tuple[str, tuple[str, str]]
"""A value with its words in both languages."""


@dataclass(frozen=True)
class Box:
    """One field of a form: its name as sent, its words, what sort of box it is, what may be chosen.

    ``limit`` is how many characters a text may have, or how many files are taken; None where the form sets none.
    """

    path: str
    words: tuple[str, str]
    sort: Literal["line", "text", "number", "date", "moment", "tick", "choice", "file", "list", "group"]
    required: bool = False
    limit: int | None = None
    choices: Sequence[Choice] = ()
    rows: Sequence[Sequence["Box"]] = ()


@dataclass(frozen=True)
class Around:
    """What a form's choices are taken from."""

    organisation: Organisation | None
    policy: Policy
    case: Case | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    stations: Sequence[Choice] = ()
    """The weather stations there are."""


def boxes(command: type[Command], around: Around) -> list[Box]:
    """Return a command's form; lists of objects show as many groups as were filled in, at least ``ROWS``."""
    return list(_boxes(command, "", around, needed=True))


def _boxes(model: type[BaseModel], prefix: str, around: Around, *, needed: bool) -> Iterator[Box]:
    for name, info in model.model_fields.items():
        taken = shape(info)
        if name in HIDDEN or taken.core in DOCUMENTS:
            continue
        path, required = f"{prefix}{name}", needed and info.is_required()
        words = field_words(name, around.case.kind if around.case else MAKES.get(getattr(model, "name", "")))
        if taken.core is Evidence:
            yield Box(path, words, "file", required, limit=None if taken.many else 1)
        elif is_model(taken.core) and taken.many:
            count = max(ROWS, 1 + _last_row(around.values, path))
            rows = [
                list(_boxes(taken.core, f"{path}.{place}.", around, needed=required and place == 0))
                for place in range(min(count, MOST_ROWS))
            ]
            yield Box(path, words, "group", required, rows=rows)
        elif is_model(taken.core):
            yield Box(
                path, words, "group", required, rows=[list(_boxes(taken.core, f"{path}.", around, needed=required))]
            )
        else:
            if taken.core is bool and info.default is True:
                # A tick that stands there cannot be taken away: what is not sent is as good as not asked.
                yield Box(path, words, "choice", required=True, choices=YES_NO)
                continue
            yield _box(name, path, words, taken, around, required=required)


def _last_row(values: Mapping[str, str], path: str) -> int:
    places = [name[len(path) + 1 :].partition(".")[0] for name, value in values.items() if value]
    return max((int(each) for name, each in zip(values, places, strict=False) if _of(name, path, each)), default=0)


def _of(name: str, path: str, place: str) -> bool:
    return name.startswith(f"{path}.") and place.isdigit()


def _box(name: str, path: str, words: tuple[str, str], taken: Shape, around: Around, *, required: bool) -> Box:
    choices = _choices(name, taken, around)
    if taken.many:
        return Box(path, words, "list", required)
    if choices:
        return Box(path, words, "choice", required, choices=choices)
    if taken.core is bool:
        return Box(path, words, "tick")
    if taken.core is int:
        return Box(path, words, "number", required)
    if taken.core in {date, datetime}:
        return Box(path, words, "date" if taken.core is date else "moment", required)
    return Box(path, words, "text" if (taken.limit or 0) > LONG else "line", required, taken.limit)


def _choices(name: str, taken: Shape, around: Around) -> list[Choice]:  # noqa: PLR0911 - one line for each source
    organisation, case, core = around.organisation, around.case, taken.core
    if get_origin(core) is Literal:
        told = {**OUTCOMES, **STATES}
        return [(str(each), told.get(str(each), (str(each), str(each)))) for each in get_args(core)]
    if isinstance(core, type) and issubclass(core, Term):
        return [(each.value, (each.zh, each.en)) for each in core]
    if organisation and name in PEOPLE and not taken.many:
        signs = set(around.policy.all_days.signed_by) if name == "signatory" and around.policy.all_days else None
        people = [
            each for each in organisation.people if not each.retired and (signs is None or signs & set(each.posts))
        ]
        return [(each.id, (each.name, f"{each.name} {each.id}")) for each in people]
    if organisation and name in UNITS and not taken.many:
        return [(each.id, (each.zh, each.en or each.zh)) for each in organisation.units if not each.closed]
    if name == "station":
        return list(around.stations)
    if name == "channel":
        return [(each, (rule.zh, rule.en)) for each, rule in around.policy.channels.items()]
    if name == "profile":
        return [(each.name, (each.title, each.name)) for each in public_profiles()]
    if case and name == "proposal":
        named = {rule.name: (rule.zh, rule.en) for rule in around.policy.consequence}
        found = [(each.id, named.get(each.name, ("", ""))) for each in case.proposals if each.state.value == "open"]
        return [(each, (f"{zh} {each}", f"{en} {each}")) for each, (zh, en) in found]
    if case and name == "petition" and case.look_backs:
        return [(each, (each, each)) for each in case.look_backs[-1].left]
    if case and name == "letter":
        titles = [(each, title_of(each.template), title_of(each.template, "en")) for each in case.unsettled]
        return [(each.letter, (f"{each.number} {zh}", f"{each.number} {en}")) for each, zh, en in titles]
    return []


def values_of(form: FormData) -> dict[str, str]:
    """Return what was filled in, to be shown again where something was not right; files come apart."""
    found: dict[str, str] = {}
    for name, value in form.multi_items():
        if value and not isinstance(value, UploadFile):
            found[name] = "\n".join(filter(None, (found.get(name, ""), value))) if _KEPT.match(value) else value
    return found


def uploads_of(form: FormData) -> list[tuple[str, UploadFile]]:
    """Return the files of a form, each with the name of its field."""
    return [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]


def kept_files(form: FormData, values: Mapping[str, str], keep: Callable[[UploadFile, str], Taken]) -> dict[str, str]:
    """Return the values with the form's files among them, each by the hash and the name it is kept under.

    Args:
        form: what was sent.
        values: what else was filled in.
        keep: keeps one file, sent in the field of that name.

    Raises:
        NotTaken: a file is not taken.
    """
    found = dict(values)
    for name, upload in uploads_of(form):
        taken = keep(upload, name)
        line = f"{taken.sha256} {' '.join(taken.name.split())[:200]}"
        found[name] = "\n".join(filter(None, (found.get(name, ""), line)))
    return found


def check_kept(data: JsonValue, kept: Callable[[str], bool], field: str = "") -> None:
    """Refuse what a form names as a file where no such file is kept: it was made up, or its case is another.

    Raises:
        Malformed: which field.
    """
    if isinstance(data, dict):
        if "sha256" in data and not kept(str(data["sha256"])):
            raise Malformed(field=field, why="请重新选择文件 / choose the file again")
        for name, value in data.items():
            check_kept(value, kept, name)
    elif isinstance(data, list):
        for value in data:
            check_kept(value, kept, field)


def read(command: type[Command], values: Mapping[str, str]) -> dict[str, JsonValue]:
    """Return a command's data from what was filled in; what was left empty is left out. The model checks the rest."""
    return _read(command, "", values)


def _read(model: type[BaseModel], prefix: str, values: Mapping[str, str]) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {}
    for name, info in model.model_fields.items():
        taken = shape(info)
        if name in HIDDEN or taken.core in DOCUMENTS:
            continue
        found = _value(taken, f"{prefix}{name}", values)
        if found not in (None, "", [], {}):
            data[name] = found
    return data


def _value(taken: Shape, path: str, values: Mapping[str, str]) -> JsonValue:
    value = values.get(path, "").strip()
    if taken.core is Evidence:
        kept = [_KEPT.fullmatch(each) for each in value.splitlines()]
        files: list[JsonValue] = [{"sha256": each[1], "name": each[2].strip()} for each in kept if each]
        # Where one is wanted, the last that was chosen takes the place of an earlier one.
        return files if taken.many else next(reversed(files), None)
    if is_model(taken.core):
        if not taken.many:
            return dict(_read(taken.core, f"{path}.", values))
        rows = (_read(taken.core, f"{path}.{place}.", values) for place in range(MOST_ROWS))
        return [dict(each) for each in rows if each]
    if taken.many:
        return [each.strip() for each in _COMMAS.split(value) if each.strip()]
    return _plain(taken.core, value)


def _plain(core: Any, value: str) -> JsonValue:  # noqa: ANN401 - a type, of whichever sort
    if core is bool:
        return value != NO if value else None
    if core is datetime and _LOCAL.fullmatch(value):
        return f"{value}+08:00"
    if core is int and re.fullmatch(r"[+-]?[0-9]{1,15}", value):
        return int(value)
    return value
