"""The forms of the letters: one TOML file each, with title and body in both languages, filled in by Jinja2.

The environment is sandboxed and strict: a form can call nothing, and one that names what its letter may not tell is an
error instead of an empty place.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adapters import SetupError
from models.counting import legal_day
from models.delivery import letter_number
from models.letters import Place, Secret, Told, day_zh, told, told_petitioner
from models.organisation import Organisation
from models.policy import Policy

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
INDENT: Final = "\u3000\u3000"
"""Two full-width blanks begin a paragraph."""


class FormError(SetupError):
    """A form cannot be filled in; the reason names fields and never what stands in them."""

    def __init__(self, name: str, why: str) -> None:
        """Say which form and why."""
        super().__init__(f"文书格式“{name}”无法填写：{why}", f'The form "{name}" cannot be filled in: {why}')


@dataclass(frozen=True)
class Words:
    """A form in one language."""

    title: str
    body: Template


@dataclass(frozen=True)
class Form:
    """A form: the character in its number that says what it is, and whether it is a document that is sealed and kept.

    What is no ``paper`` is a notice of the clock to an official: it is read, not filed, and needs no DOCX.
    """

    name: str
    mark: str
    paper: bool
    words: Mapping[Language, Words]


@dataclass(frozen=True)
class Written:
    """A letter as it goes out: its parts in order, ready to be set as text or as a document."""

    title: str
    number: str
    addressee: str
    contact: str
    paragraphs: tuple[str, ...]
    organisation: str
    day: str
    language: Language
    paper: bool

    def text(self) -> str:
        """Return the letter as plain text."""
        zh = self.language == "zh"
        to = f"{self.addressee}：" if zh else f"To: {self.addressee}"
        contact = [f"（{self.contact}）" if zh else f"({self.contact})"] if self.contact else []
        body = [f"{INDENT if zh else ''}{each}" for each in self.paragraphs]
        seal = "（盖章处）" if zh else "(seal)"
        lines = [self.title, self.number, "", to, *contact, "", *body, "", self.organisation, seal, self.day]
        return "\n".join(lines) + "\n"


@cache
def forms() -> Mapping[str, Form]:
    """Return every form by its name."""
    # Letters are text: escaping would write &amp; into them.
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    found = {}
    for file in (resources.files("adapters.letters") / "forms").iterdir():
        if file.name.endswith(".toml"):
            held = tomllib.loads(file.read_text(encoding="utf-8"))
            name = file.name.removesuffix(".toml")
            words = {
                each: Words(held[each]["title"], environment.from_string(held[each]["body"])) for each in LANGUAGES
            }
            found[name] = Form(name, held["mark"], held["paper"], MappingProxyType(words))
    return MappingProxyType(dict(sorted(found.items())))


def title_of(name: str, language: Language = "zh") -> str:
    """Return a form's title; a name without a form (of an older version) is shown as it is."""
    form = forms().get(name)
    return form.words[language].title if form else name


def filled(
    name: str,
    place: Place,
    policy: Policy,
    organisation: Organisation | None,
    to: str | Secret,
    language: Language = "zh",
) -> Written:
    """Return a letter.

    Args:
        name: the form's.
        place: where the letter comes from.
        policy: the one the case runs under.
        organisation: who there is.
        to: the official's id; for the petitioner what was opened of the seal.
        language: of the letter.

    Raises:
        FormError: there is no such form, or it names what this letter may not tell, or does not know.
    """
    form = forms().get(name)
    if form is None:
        raise FormError(name, "没有这个文书格式 / there is no such form")
    if isinstance(to, Secret):
        facts: Told = told_petitioner(place, policy, organisation, to)
    else:
        facts = told(place, policy, organisation, to)
    fields = {each: getattr(facts, each) for each in type(facts).model_fields}
    words = form.words[language]
    # Of several letters only their titles are named in another one.
    titles = {each.name: each.words[language].title for each in forms().values()}
    try:
        body = words.body.render(**fields, titles=titles)
    except TemplateError as fault:
        raise FormError(name, str(fault)) from None
    return Written(
        title=words.title,
        number=document_number(form, place, policy, language),
        addressee=facts.addressee,
        contact=to.contact if isinstance(to, Secret) else "",
        paragraphs=tuple(line.strip() for line in body.splitlines() if line.strip()),
        organisation=facts.organisation,
        day=day_zh(facts.day) if language == "zh" else facts.day.isoformat(),
        language=language,
        paper=form.paper,
    )


def document_number(form: Form, place: Place, policy: Policy, language: Language = "zh") -> str:
    """Return the number of a document (文号), e.g. 示信受〔2026〕XF2026000001-2号: derived, so that nobody counts.

    The case, the event and the letter's place within the event make it unique; sent again it is the same document.
    """
    year = legal_day(place.recorded.recorded_at).year
    number = f"{policy.letter_code}{form.mark}〔{year}〕{place.case.id}-{letter_number(place.letter)}号"
    return number if language == "zh" else f"No. {number}"
