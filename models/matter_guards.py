"""What several petitions on one matter demand of each other."""

from models import matter_refusals as why_not
from models import refusals
from models.personal import looks_personal
from models.situation import Guard, Situation
from models.storm import together
from models.vocabulary import Role, Status

LONGEST_NUMBER = 48
"""Characters of a case's number, which leave room for what is numbered after it."""
LONGEST_PART = len("-F20")


def not_joined(s: Situation) -> None:
    """A joined case is parted before it is joined elsewhere, and leads none."""
    if s.case.leading:
        raise why_not.AlreadyJoined(leading=s.case.leading)


def is_joined(s: Situation) -> None:
    """Only a joined case can be parted."""
    if not s.case.leading:
        raise why_not.NotJoined


def leads_nobody(s: Situation) -> None:
    """A case that others are joined to is not joined itself: what follows follows one case, never a chain."""
    if s.case.followers:
        raise why_not.Leads(followers="、".join(s.case.followers))


def leads_some(s: Situation) -> None:
    """Some petition is joined to it."""
    if not s.case.followers:
        raise why_not.NotJoined


def lead_closed(s: Situation) -> None:
    """Its leading case is closed, and something was found there."""
    heard = s.case.heard
    if heard is None or heard.status not in {Status.CLOSED, Status.SIGNED_OFF} or not heard.findings:
        raise why_not.LeadOpen(leading=s.case.leading or "—")


def another_case(field: str) -> Guard:
    """Return the condition that a field names another case."""

    def guard(s: Situation) -> None:
        if s.given(field) == s.case.id:
            raise why_not.Joined

    guard.__doc__ = f"``{field}`` names another case."
    return guard


def follower_there(s: Situation) -> None:
    """The petition is one that is joined to this one."""
    if s.given("follower") not in s.case.followers:
        raise why_not.NotJoined


def news_newer(s: Situation) -> None:
    """What is heard is of the leading case, and newer than what is known."""
    heard = s.given("heard")
    if s.case.leading != heard.case or (s.case.heard and s.case.heard.seq >= heard.seq):
        raise why_not.NotJoined


def other_unsaid(s: Situation) -> None:
    """It was not said of the other one before."""
    if s.given("other") in s.case.not_same:
        raise why_not.SaidAlready(case=s.given("other"))


def other_said(s: Situation) -> None:
    """It was said of the other one before."""
    if s.given("other") not in s.case.not_same:
        raise why_not.NotSaid(case=s.given("other"))


def said_of_some(s: Situation) -> None:
    """It was said of some petition that it is about another matter."""
    if not s.case.not_same:
        raise why_not.NotSaid(case="—")


def parts_redacted(s: Situation) -> None:
    """No part holds a telephone or identity number."""
    for part in s.given("split_parts"):
        if looks_personal(part.summary) or looks_personal(part.place):
            raise refusals.LooksPersonal(field="split_parts")


def sightings_new(s: Situation) -> None:
    """Some filing is one the watch has not seen, or tells of more channels."""
    about = {*(s.given("named") or ()), *(s.given("respondents") or ())} - {*s.case.named, *s.case.respondents}
    if not about and together(s.case.sightings, s.given("sightings") or ()) == s.case.sightings:
        raise why_not.SaidAlready(case="、".join(each.case for each in s.given("sightings") or ()) or "—")


def may_reopen(s: Situation) -> None:
    """Whoever has the earlier petition opened again may open it again themselves."""
    if s.given("reopens") and not {Role.DISPATCHER, Role.LEADER} & set(s.actor.roles):
        raise refusals.NotYours(
            **{**s.words, "command": "重新办理原件", "command_en": "open the earlier one again"},
            roles="交办人、领导",
            roles_en="dispatcher, leader",
        )


def is_repeat(s: Situation) -> None:
    """It was marked as a repeat."""
    if not s.case.repeat_of:
        raise why_not.NoRepeat


def no_repeat_yet(s: Situation) -> None:
    """It is no repeat of another one: a chain would leave nobody to answer."""
    if s.case.repeat_of:
        raise why_not.RepeatAlready(case=s.case.id, repeat_of=s.case.repeat_of)


def repeat_later(s: Situation) -> None:
    """What repeats it came in later than it."""
    came, mine = s.given("came"), s.case.registered_at
    if came is not None and mine is not None and came < mine:
        raise why_not.RepeatEarlier(repeat=s.given("repeat"))


def not_a_hand_there(s: Situation) -> None:
    """Nobody who had a hand in the leading case closes others with it."""
    if s.case.heard and s.actor.id in s.case.heard.hands:
        raise refusals.FourEyes(**s.words)


def parts_fit(s: Situation) -> None:
    """Its parts' numbers, which begin with its own, are not too long."""
    if len(s.case.id) + LONGEST_PART > LONGEST_NUMBER:
        raise refusals.Malformed(field="case", why=f"≤ {LONGEST_NUMBER - LONGEST_PART}")


def has_repeats(s: Situation) -> None:
    """Some petition was marked as a repeat of it."""
    if not s.case.repeats:
        raise why_not.NoRepeat


def not_served(s: Situation) -> None:
    """The task is not for that petition yet."""
    if s.given("petition") in s.case.serving:
        raise why_not.ServedAlready(petition=s.given("petition"))


def served_with_others(s: Situation) -> None:
    """The task is for that petition, and for another one besides."""
    if s.given("petition") not in s.case.serving:
        raise why_not.NotServed(petition=s.given("petition"))
    if len(s.case.serving) == 1 or (s.case.category and s.given("petition") == s.case.parent):
        raise why_not.ServedAlone(petition=s.given("petition"))


def serves_others(s: Situation) -> None:
    """The task is for several petitions."""
    if len(s.case.serving) < 2:
        raise why_not.ServedAlone(petition=s.case.parent or "—")


def heeds_more(s: Situation) -> None:
    """It is about somebody who is not known yet."""
    if {*s.given("named"), *s.given("respondents")} <= {*s.case.named, *s.case.respondents}:
        raise why_not.ServedAlready(petition=s.case.id)


def task_not_open(s: Situation) -> None:
    """The task is not among its open ones."""
    if any(each.id == s.given("task") for each in s.case.open_tasks):
        raise why_not.ServedAlready(petition=s.case.id)


def filing_seen(s: Situation) -> None:
    """The watch has seen that filing."""
    if all(each.case != s.given("petition") for each in s.case.sightings):
        raise why_not.NotServed(petition=s.given("petition"))


def at_no_site(s: Situation) -> None:
    """It is taken off its site before it is placed at another one."""
    if s.case.site:
        raise why_not.AtSite(site=s.case.site)


def at_a_site(s: Situation) -> None:
    """It is placed at some site."""
    if not s.case.site:
        raise why_not.AtNoSite


def has_petitions(s: Situation) -> None:
    """Some petition is placed there."""
    if not s.case.petitions:
        raise why_not.AtNoSite


MATTER_GUARDS: dict[str, Guard] = {
    each.__name__: each
    for each in (
        not_joined,
        is_joined,
        leads_nobody,
        leads_some,
        lead_closed,
        is_repeat,
        has_repeats,
        no_repeat_yet,
        not_a_hand_there,
        parts_fit,
        serves_others,
        said_of_some,
        at_no_site,
        at_a_site,
        has_petitions,
    )
}
MATTER_CHECKS: dict[str, Guard] = {
    "another_leading": another_case("leading"),
    "another_repeat_of": another_case("repeat_of"),
    "another_other": another_case("other"),
    **{
        each.__name__: each
        for each in (
            follower_there,
            news_newer,
            other_unsaid,
            other_said,
            parts_redacted,
            sightings_new,
            may_reopen,
            repeat_later,
            not_served,
            served_with_others,
            heeds_more,
            task_not_open,
            filing_seen,
        )
    },
}
