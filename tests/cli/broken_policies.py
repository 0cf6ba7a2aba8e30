"""Twenty policies, each broken in one place, as a slip of the pen breaks them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

TEXT: Final = (Path(__file__).parents[2] / "policies" / "2026-11.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Broken:
    """One broken file: what stands there instead of what, the place that is to be named, and a word of the reason.

    ``at`` is the text of the line that is to be named, ``place`` the names that lead there.
    """

    name: str
    old: str
    new: str
    at: str
    place: str
    why: str
    above: int = 0
    """So many lines above that one, where what is missing has no line of its own."""

    @property
    def text(self) -> str:
        """The whole file."""
        assert TEXT.count(self.old) >= 1, self.name
        return TEXT.replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        """The number of the line that is to be named."""
        lines = self.text.splitlines()
        return next(number for number, line in enumerate(lines, 1) if self.at in line) - self.above


BROKEN: Final = (
    Broken("no_quote", 'length = "60 day"', 'length = "60 day', 'length = "60 day', "column", "TOML"),
    Broken("no_bracket", "[channels.phone]", "[channels.phone", "[channels.phone", "column", "TOML"),
    Broken(
        "twice_in_toml", "extension_limit = 30", "extension_limit = 30\nextension_limit = 31", "= 31", "column", "TOML"
    ),
    Broken("length_in_words", 'length = "60 day"', 'length = "sixty days"', "sixty", "clock.close.length", "60 day"),
    Broken(
        "plural", 'length = "7 day"', 'length = "7 days"', "7 days", "channels.hotline.clocks.close.length", "7 days"
    ),
    Broken("moment", 'at = "70%"', 'at = "seventy"', "seventy", "ladder.standard.rungs.blue.at", "70%"),
    Broken("percent", 'at = "70%"', 'at = "170%"', "170%", "ladder.standard.rungs.blue.at.percent", "100"),
    Broken(
        "unknown_field",
        'name = "review"\n',
        'name = "review"\nlenght = "3 day"\n',
        "lenght",
        "clock.review.lenght",
        "没有这个字段",
    ),
    Broken("missing_field", 'zh = "审核"\n', "", 'name = "review"', "clock.review.zh", "必填", above=1),
    Broken(
        "event",
        'stops_on = ["sent_back", "closed"',
        'stops_on = ["send_back", "closed"',
        '["send_back"',
        "clock.review.stops_on[1]",
        "send_back",
    ),
    Broken("ladder", 'ladder = "look_back"', 'ladder = "lookback"', "lookback", "clock.look_back.ladder", "lookback"),
    Broken(
        "pause",
        'paused_by = ["objection", "asked"]',
        'paused_by = ["objection", "lunch"]',
        "lunch",
        "clock.verify.paused_by[2]",
        "lunch",
    ),
    Broken(
        "post",
        'to = ["deputy_county_head"]',
        'to = ["governor"]',
        "governor",
        "ladder.standard.rungs.deputy_county.to[1]",
        "governor",
    ),
    Broken(
        "channel_clock",
        "[channels.hotline.clocks.verify]",
        "[channels.hotline.clocks.verfy]",
        "verfy",
        "channels.hotline.clocks.verfy",
        "verfy",
    ),
    Broken(
        "off",
        'off = ["object"]',
        'off = ["objection"]',
        'off = ["objection"]',
        "channels.inspection.off[1]",
        "objection",
    ),
    Broken("date", "effective = 2026-11-01", 'effective = "soon"', "soon", "effective", "日期"),
    Broken("limit", "extension_limit = 30", "extension_limit = 999", "999", "extension_limit", "365"),
    Broken("end_of_day", 'end_of_day = "24:00"', 'end_of_day = "25:00"', "25:00", "counting.end_of_day", "格式不符"),
    Broken(
        "calendar",
        'length = "0 day"\ncalendar = "all-days"',
        'length = "0 day"\ncalendar = "lunar"',
        "lunar",
        "channels.inspection.clocks.accept.calendar",
        "lunar",
    ),
    Broken(
        "letter",
        'letter = "supervision_letter"',
        'letter = "love_letter"',
        "love_letter",
        "consequence.supervision.letter",
        "love_letter",
    ),
    Broken("kind", 'kind = "reminded"', 'kind = "shouted"', "shouted", "ladder.standard.rungs.blue.kind", "reminded"),
    Broken("twice", 'name = "interim"', 'name = "review"  # again', "# again", "clock.review.name", "重复"),
)
