"""The conditions and effects that the rows of a campaign name: its record, groups, editions, rounds of looking back."""

from datetime import date

from models import campaign_refusals as refusals
from models.batches import number_form
from models.campaign_values import Edition, Group, LookBack, LookedBack
from models.counting import legal_day
from models.receipt import parse
from models.refusals import UnknownPerson
from models.situation import Guard, Situation

RECORD = ("title", "level", "round", "first_day", "last_day", "number_form", "profile", "deadlines")
"""What a campaign's record holds."""


def campaign_dated(s: Situation) -> None:
    """A campaign's last day is not before its first."""
    first, last = (s.given(name) or getattr(s.case, name) for name in ("first_day", "last_day"))
    if first and last and last < first:
        raise refusals.CampaignDays(first=first, last=last)


def number_form_fits(s: Situation) -> None:
    """The form of the receipt numbers can be read."""
    number_form(s.given("number_form") or "")


def group_people_known(s: Situation) -> None:
    """Everybody in a group is a person of the organisation."""
    for name in (s.given("head"), *s.given("members")):
        if name and not (s.world.organisation and s.world.organisation.person(name)):
            raise UnknownPerson(person=name)


def has_groups(s: Situation) -> None:
    """There is a group."""
    if not s.case.groups:
        raise refusals.NoGroup(group="—")


def group_there(s: Situation) -> None:
    """The group is one of the campaign's."""
    if s.given("group") not in {each.name for each in s.case.groups}:
        raise refusals.NoGroup(group=s.given("group"))


def next_version(s: Situation) -> None:
    """A table is published as the version after the last one of its batch."""
    wanted = 1 + next((each.version for each in s.case.editions if each.batch == s.given("day")), 0)
    if s.given("version") != wanted:
        raise refusals.OtherVersion(batch=s.given("day"), wanted=wanted)


def rows_once(s: Situation) -> None:
    """Every petition stands in a table once; its batch is the table's, or an older one."""
    met: set[str] = set()
    for row in s.given("rows"):
        if row.case in met or row.batch > s.given("day"):
            raise refusals.RowTwice(petition=row.case)
        met.add(row.case)


def rounds_over(s: Situation) -> None:
    """The round before is through."""
    if s.case.look_backs and s.case.look_backs[-1].left:
        raise refusals.RoundOpen(count=len(s.case.look_backs[-1].left))


def round_open(s: Situation) -> None:
    """A round is on, with petitions to be checked."""
    if not (s.case.look_backs and s.case.look_backs[-1].left):
        raise refusals.NothingToCheck


def in_round(s: Situation) -> None:
    """The petition is still to be checked."""
    if s.given("petition") not in s.case.look_backs[-1].left:
        raise refusals.NotInRound(petition=s.given("petition"))


CAMPAIGN_GUARDS: dict[str, Guard] = {each.__name__: each for each in (has_groups, rounds_over, round_open)}
CAMPAIGN_CHECKS: dict[str, Guard] = {
    each.__name__: each
    for each in (
        campaign_dated,
        number_form_fits,
        group_people_known,
        group_there,
        next_version,
        rows_once,
        in_round,
    )
}


def record(s: Situation) -> dict[str, object]:
    """What is left empty stays as it was, also among the deadlines."""
    kept = {name: getattr(s.case, name) for name in RECORD if not s.given(name)}
    if days := s.given("deadlines"):
        told = {name: getattr(days, name) for name in days.model_fields_set}
        kept["deadlines"] = s.case.deadlines.model_copy(update=told)
    return kept


def group_set(s: Situation) -> dict[str, object]:
    """The group among those of the campaign, in place of the one of its name."""
    new = Group(name=s.given("group"), duty=s.given("duty"), head=s.given("head"), members=s.given("members"))
    names = [each.name for each in s.case.groups]
    if new.name not in names:
        return {"groups": (*s.case.groups, new)}
    return {"groups": tuple(new if each.name == new.name else each for each in s.case.groups)}


def group_dropped(s: Situation) -> dict[str, object]:
    """The group is there no longer."""
    return {"groups": tuple(each for each in s.case.groups if each.name != s.given("group"))}


def edition(s: Situation) -> dict[str, object]:
    """The newest edition of a batch's table, by day; which rows it has is told by the event."""
    day: date = s.given("day")
    new = Edition(batch=day, version=s.given("version"), at=s.at, sha256=s.given("sha256"))
    kept = (each for each in s.case.editions if each.batch != day)
    return {"editions": tuple(sorted((*kept, new), key=lambda each: each.batch))}


def look_back_begun(s: Situation) -> dict[str, object]:
    """One more round."""
    left = tuple(dict.fromkeys(s.given("to_check")))
    new = LookBack(number=len(s.case.look_backs) + 1, day=legal_day(s.at), left=left)
    return {"look_backs": (*s.case.look_backs, new)}


def looked_back(s: Situation) -> dict[str, object]:
    """What was found of a petition in the round that is on."""
    *before, now = s.case.look_backs
    name = s.given("petition")
    into = LookedBack.of(s.given("outcome")).value
    left = tuple(each for each in now.left if each != name)
    found = now.model_copy(update={"left": left, into: (*getattr(now, into), name)})
    return {"look_backs": (*before, found)}


def starred(s: Situation) -> dict[str, object]:
    """A number with a star tells that a petition is under special attention, whoever typed it."""
    return {"star": True} if any(parse(each.number).star for each in s.given("filings")) else {}


CAMPAIGN_EFFECTS = {
    each.__name__: each for each in (record, group_set, group_dropped, edition, look_back_begun, looked_back, starred)
}
