"""Letters as people and programs read them: what became of each, with a mark that is seen without reading."""

from typing import Final

from rich.text import Text

from adapters.letters.forms import title_of
from adapters.letters.told import LOST, MARKS, person_words, why_words
from adapters.words import both
from cli.screen import Screen
from models.delivery import LetterSeen
from models.instants import shown
from models.vocabulary import Fate
from models.world import World

STYLES: Final = {
    Fate.WAITING: "dim",
    Fate.TRAY: "",
    Fate.SENT: "green",
    Fate.UNKNOWN: "bold yellow",
    Fate.FAILED: "bold red",
    Fate.AGAIN: "yellow",
    Fate.SETTLED: "green",
}


def fate_text(fate: Fate) -> Text:
    """Return a letter's fate with its mark."""
    return Text(f"{MARKS[fate]} {both(fate)}", style=STYLES[fate])


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
