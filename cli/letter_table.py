"""Letters as people and programs read them: what became of each, with a mark that is seen without reading."""

from typing import Final

from pydantic import JsonValue
from rich.text import Text

from adapters.letters.forms import title_of
from cli.naming import people_word
from cli.screen import Screen
from cli.views import instant
from cli.words import both, field_words, term_of
from models.delivery import LetterSeen, letter_number
from models.instants import shown
from models.lifecycle import PETITIONER
from models.vocabulary import Fate, Settling
from models.world import World

MARKS: Final = {
    Fate.WAITING: ("…", "dim"),
    Fate.TRAY: ("▢", ""),
    Fate.SENT: ("✓", "green"),
    Fate.UNKNOWN: ("？", "bold yellow"),
    Fate.FAILED: ("✗", "bold red"),
    Fate.AGAIN: ("↻", "yellow"),
    Fate.SETTLED: ("✓", "green"),
}
LOST: Final = frozenset({Fate.UNKNOWN, Fate.FAILED, Fate.AGAIN})

WHY: Final = {
    "party": ("收件人是被反映对象或有利害关系，不得告知", "the receiver is a party, or has an interest"),
    "form": ("文书格式无法填写", "the form cannot be filled in"),
    "post_book": ("通信簿 post.toml 有误", "the post book is not right"),
    "no_address": ("地址不能用", "the address cannot be used"),
    "no_connection": ("连接不上", "no connection"),
    "timeout": ("超时", "it took too long"),
    "tls": ("加密连接未建立", "no encrypted connection"),
    "line_broke": ("发完之前连接中断", "the line broke before the end"),
    "no_answer": ("已全部发出，未得答复", "all was handed over, no answer came"),
    "not_said": ("渠道未说明", "the channel does not say"),
    "smtp_login": ("邮件服务器登录失败", "the mail server refused the login"),
}
"""Why a letter did not arrive; beside these the other side's own code: ``smtp_550``, ``http_500``, ``robot_93000``."""
OUTCOMES: Final = {"done": "已执行", "failed": "未成", "unknown": "不明", "upheld": "维持", "overturned": "撤销"}
"""What a history calls the outcome of what was to be done, and of a reconsideration."""
CODES: Final = {
    "smtp": ("邮件服务器答复", "the mail server said"),
    "http": ("对方答复", "the other side said"),
    "robot": ("群机器人答复", "the group's robot said"),
}


def why_words(why: str) -> tuple[str, str]:
    """Return why a letter did not arrive, or how it was settled, in both languages."""
    if settled := term_of(Settling, why):
        return settled.zh, settled.en
    if why in WHY:
        return WHY[why]
    kind, _, code = why.partition("_")
    zh, en = CODES.get(kind, ("", ""))
    return (f"{zh} {code}", f"{en} {code}") if zh else (why, why)


def letter_words(world: World, name: str, value: JsonValue) -> str:
    """Return what an event says of a letter, as a line of the history."""
    match name, value:
        case "letter", dict():
            number, title = letter_number(str(value["letter"])), title_of(str(value["template"]))
            told = f"{number} {title} → {person_words(world, str(value['to']))}"
        case "fate", str():
            told = fate.zh if (fate := term_of(Fate, value)) else value
        case "outcome", str():
            told = OUTCOMES.get(value, value)
        case "letter", _:
            told = letter_number(str(value))
        case _:
            told = why_words(str(value))[0]
    return f"{field_words(name)[0]}：{told}"


def fate_text(fate: Fate) -> Text:
    """Return a letter's fate with its mark."""
    mark, style = MARKS[fate]
    return Text(f"{mark} {both(fate)}", style=style)


def person_words(world: World, name: str | None) -> str:
    """Return an official's name beside the id they act under; of the petitioner only that it is the petitioner."""
    if name == PETITIONER:
        return "信访人 petitioner"
    return people_word(world.organisation, name) if name else ""


def letter_view(case: str, letter: LetterSeen) -> dict[str, object]:
    """Return a letter as a program reads it."""
    return {
        "case": case,
        "letter": letter.number,
        "id": letter.letter,
        "template": letter.template,
        "title": title_of(letter.template),
        "to": letter.to,
        "state": letter.fate.value,
        "channel": letter.channel or None,
        "why": letter.why or None,
        "written_at": instant(letter.written_at),
        "at": instant(letter.at),
        "sendings": len(letter.sendings),
    }


def letters_table(screen: Screen, world: World, letters: tuple[LetterSeen, ...], *, case: str = "") -> None:
    """Show letters; those that did not arrive are told again below, with what to do."""
    if not letters:
        return
    screen.table(
        ("文书 letter", "种类 form", "收件人 to", "状态 state", "渠道 channel", "时间 at", "说明 why"),
        [
            (
                f"{case} {each.number}".strip(),
                title_of(each.template),
                person_words(world, each.to),
                fate_text(each.fate),
                each.channel,
                shown(each.at),
                " ".join(filter(None, dict.fromkeys(why_words(each.why)))) if each.why else "",
            )
            for each in letters
        ],
        title="文书 letters",
    )
    lost = [each for each in letters if each.fate in LOST]
    if lost and not case:
        numbers = "、".join(each.number for each in lost)
        screen.say(f"✗ 文书 {numbers} 未送达或去向不明，须处理 letters that have to be seen to:", "bold red")
        screen.say(
            "  重发 again: resend_letter --set letter=…   已送到 settled: settle_letter --set letter=… --set how=…"
        )
