"""Letters as people and programs read them: what became of each, and why one did not arrive."""

from typing import Final

from pydantic import JsonValue

from adapters.letters.forms import title_of
from adapters.naming import people_word
from adapters.views import instant
from adapters.words import field_words, term_of
from models.delivery import LetterSeen, letter_number
from models.lifecycle import PETITIONER
from models.vocabulary import Fate, Settling
from models.world import World

MARKS: Final = {
    Fate.WAITING: "…",
    Fate.TRAY: "▢",
    Fate.SENT: "✓",
    Fate.UNKNOWN: "？",
    Fate.FAILED: "✗",
    Fate.AGAIN: "↻",
    Fate.SETTLED: "✓",
}
"""A mark for each fate that is seen without reading."""
LOST: Final = frozenset({Fate.UNKNOWN, Fate.FAILED, Fate.AGAIN})
"""What somebody has to see to."""

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
OUTCOMES: Final = {
    "done": ("已执行", "done"),
    "failed": ("未成", "failed"),
    "unknown": ("不明", "unknown"),
    "upheld": ("维持", "upheld"),
    "overturned": ("撤销", "overturned"),
    "held": ("整改到位", "it held"),
    "back": ("问题反弹", "it came back"),
}
"""What a history calls the outcome of what was to be done, of a reconsideration, of a look-back."""
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


def letter_words(world: World, name: str, value: JsonValue, lang: int = 0) -> str:
    """Return what an event says of a letter, as a line of the history: in Chinese, or (``lang`` 1) in English."""
    match name, value:
        case "letter", dict():
            number, title = letter_number(str(value["letter"])), title_of(str(value["template"]), ("zh", "en")[lang])
            told = f"{number} {title} → {person_words(world, str(value['to']))}"
        case "fate", str():
            told = (fate.zh, fate.en)[lang] if (fate := term_of(Fate, value)) else value
        case "outcome", str():
            told = OUTCOMES.get(value, (value, value))[lang]
        case "letter", _:
            told = letter_number(str(value))
        case _:
            told = why_words(str(value))[lang]
    return f"{field_words(name)[lang]}{('：', ': ')[lang]}{told}"


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
