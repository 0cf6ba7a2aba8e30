"""What may be done with a dispatch meeting, and what follows from it for the meeting itself."""

from collections.abc import Callable

from models import refusals
from models.meeting_values import Decision
from models.meetings import number_of
from models.situation import Guard, Situation
from models.standing_refusals import WrongName

Sets = dict[str, object]
_PACK = {"flag": "调度材料", "flag_en": "the pack"}


def no_pack_yet(s: Situation) -> None:
    """No pack lies before the meeting yet."""
    if s.case.counts:
        raise refusals.AlreadyOpen(**s.words, **_PACK)


def pack_there(s: Situation) -> None:
    """The pack lies before the meeting."""
    if not s.case.counts:
        raise refusals.NothingOpen(**s.words, **_PACK)


def meeting_regular(s: Situation) -> None:
    """A meeting bears the number of its series and named day, and its period has ended by now."""
    wanted = number_of(s.given("series"), s.given("for_day"))
    if s.case.id != wanted:
        raise WrongName(wanted=wanted, case=s.case.id)
    if not s.given("covers_from") < s.given("covers_until") <= s.at:
        raise refusals.Malformed(field="covers_until", why="应晚于上期截止、不晚于现在 / after the last one, by now")


def meeting_title(s: Situation) -> Sets:
    """What a meeting is called."""
    return {"title": f"{s.given('series').zh} {s.given('meets_on')}"}


def pack_counts(s: Situation) -> Sets:
    """The figures of its pack; the pack itself stands in the event alone."""
    return {"counts": s.given("pack").counts}


def decision(s: Situation) -> Sets:
    """Another decision."""
    new = Decision(case=s.given("about"), text=s.given("text"), by=s.actor.id, at=s.at, by_when=s.given("by_when"))
    return {"decisions": (*s.case.decisions, new)}


MEETING_GUARDS: dict[str, Guard] = {each.__name__: each for each in (no_pack_yet, pack_there)}
MEETING_CHECKS: dict[str, Guard] = {"meeting_regular": meeting_regular}
MEETING_EFFECTS: dict[str, Callable[[Situation], Sets]] = {
    each.__name__: each for each in (meeting_title, pack_counts, decision)
}
