"""``banjie letters`` and ``banjie letter``: what became of the letters, and one of them once more on paper."""

from pathlib import Path
from typing import Annotated, Final

import structlog
import typer

from adapters import queries
from adapters.desk import Desk
from adapters.letters.forms import Language, Written
from adapters.letters.told import LOST, letter_view
from adapters.letters.writing import sending
from cli.exits import UsageProblem
from cli.letter_table import letters_table
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.delivery import LetterSeen
from models.lifecycle import PETITIONER
from models.refusals import NamedParty, NotYours, UnknownPerson
from models.vocabulary import Role

log = structlog.get_logger()

SOME: Final = 50
MAY_OPEN: Final = (Role.CLERK, Role.DISPATCHER)
"""Who lays letters to petitioners into envelopes."""

CaseOption = Annotated[str | None, typer.Argument(metavar="[CASE]", help="案件编号，缺省为全部 · case, else all")]
CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="案件编号 · case number")]
LetterArgument = Annotated[str, typer.Argument(metavar="LETTER", help="文书号，如 2 或 5-2，见 banjie letters · which")]
FailedOption = Annotated[bool, typer.Option("--failed", help="只看未送达、去向不明的 · only what did not arrive")]
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, metavar="N", help="最多几份，0 为全部 · at most, 0 for all")
]
DocxOption = Annotated[
    Path | None, typer.Option("--docx", metavar="OUT", help="另存为 DOCX · write as DOCX", show_default=False)
]
LangOption = Annotated[str, typer.Option("--lang", metavar="zh|en", help="语言 · language")]
OpenOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="USER",
        help="以何人名义拆封致信访人的文书 · in whose name the seal is opened for a petitioner's letter",
        show_default=False,
    ),
]


def list_letters(
    case: CaseOption = None,
    *,
    failed: FailedOption = False,
    limit: LimitOption = SOME,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出文书及投递结果 · List letters and what became of them."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        found, more = _letters(desk, case, limit, failed=failed)
        world = desk.world()
    if as_json:
        screen.data({"letters": [letter_view(name, each) for name, each in found], "more": more})
        return
    if not found:
        screen.say("没有这样的文书。 There are no such letters.")
    elif case:
        letters_table(screen, world, tuple(each for _, each in found))
    else:
        for name in dict.fromkeys(name for name, _ in found):
            letters_table(screen, world, tuple(each for other, each in found if other == name), case=name)
    if more:
        screen.say(f"仅显示前 {limit} 份，--limit 0 显示全部 · only the first {limit}, --limit 0 for all", "dim")


def _letters(desk: Desk, case: str | None, limit: int, *, failed: bool) -> tuple[list[tuple[str, LetterSeen]], bool]:
    names = [case] if case else queries.with_letters(desk.database, lost=failed)
    found: list[tuple[str, LetterSeen]] = []
    for name in names:
        found += [(name, each) for each in queries.letters(desk.database, name) if not failed or each.fate in LOST]
        if limit and len(found) > limit:
            return found[:limit], True
    return found, False


def show_letter(
    case: CaseArgument,
    letter: LetterArgument,
    *,
    docx: DocxOption = None,
    lang: LangOption = "zh",
    actor: OpenOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """再现一份文书 · Write one letter once more; the petitioner's name only for who may open the seal."""
    screen = Screen(as_json=as_json)
    language: Language
    match lang:
        case "zh" | "en":
            language = lang
        case _:
            raise UsageProblem("“--lang”只能是 zh 或 en。", '"--lang" is zh or en.', field="--lang")
    with opened(data, screen) as desk:
        seen = next(
            (each for each in queries.letters(desk.database, case) if letter in {each.number, each.letter}), None
        )
        if seen is None:
            known = "、".join(each.number for each in queries.letters(desk.database, case)) or "—"
            raise UsageProblem(
                f"案件 {case} 没有文书 {letter}，有：{known}", f"{case} has no letter {letter}; there are: {known}"
            )
        opens = seen.to == PETITIONER and actor is not None
        if opens:
            _may_open(desk, case, actor or "")
        made = sending(desk.database, desk.world(), desk.sealer, seen.letter, opened=opens, language=language)
    if docx is not None:
        _save(docx, made.written)
    if as_json:
        screen.data({**letter_view(case, seen), "number": made.written.number, "text": made.written.text()})
        return
    screen.say(made.written.text())
    if seen.to == PETITIONER and not opens:
        screen.aside("信访人姓名在密封中，用 --as USER 拆封。 The name is under seal; --as USER opens it.", "dim")


def _may_open(desk: Desk, case: str, name: str) -> None:
    """Let a clerk or dispatcher open the seal who is no party to the case; that it was opened is told in the log."""
    organisation = desk.world().organisation
    person = organisation.person(name) if organisation else None
    if person is None:
        raise UnknownPerson(person=name)
    if person.id in queries.case(desk.database, case).named:
        raise NamedParty(person=name)
    if not set(MAY_OPEN) & set(person.roles):
        raise NotYours(
            command="拆封文书",
            command_en="open the seal of a letter",
            person=name,
            roles="、".join(role.zh for role in MAY_OPEN),
            roles_en=", ".join(role.en for role in MAY_OPEN),
        )
    log.warning("seal_opened", case=case, by=name)


def _save(path: Path, written: Written) -> None:
    # Its library takes a tenth of the time that any command takes to start.
    from adapters.letters.docx import as_docx

    path.write_bytes(as_docx(written))
