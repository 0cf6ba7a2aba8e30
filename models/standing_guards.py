"""The conditions that the rows of the standing streams name: policies, calendars, campaigns and their orders."""

from collections.abc import Callable
from datetime import timedelta

from models import refusals, standing_refusals
from models.counting import end_of, legal_day
from models.situation import Guard, Situation
from models.standing import check_name
from models.vocabulary import Kind


def named_as(kind: Kind, name: Callable[[Situation], str]) -> Guard:
    """Return the condition that a stream bears the name of what it holds."""

    def check(s: Situation) -> None:
        check_name(name(s))
        wanted = f"{kind.value}:{name(s)}"
        if s.case.id != wanted:
            raise standing_refusals.WrongName(wanted=wanted, case=s.case.id)

    check.__doc__ = f"The stream of a {kind.en} bears its name."
    return check


def named_as_campaign(s: Situation) -> None:
    """A campaign's stream is called ``campaign:NAME``."""
    if not s.case.id.startswith("campaign:"):
        raise standing_refusals.WrongName(wanted="campaign:…", case=s.case.id)
    check_name(s.case.id.removeprefix("campaign:"))


def tables_newer(s: Situation) -> None:
    """A table is new, or corrects the one in force by a higher version; and there is something to publish."""
    if not (s.given("tables") or s.given("week")):
        raise refusals.Malformed(field="tables", why="没有可发布的内容 / there is nothing to publish")
    if s.given("tables") and s.case.calendar and s.case.calendar.every_day:
        raise standing_refusals.EveryDay(name=s.case.calendar.name)
    years = s.case.calendar.years if s.case.calendar else {}
    for table in s.given("tables"):
        known = years.get(table.year)
        if known and int(known.version) >= int(table.version):
            raise standing_refusals.OlderTable(year=table.year, version=known.version)


def order_dated(s: Situation) -> None:
    """An order ends after it begins, is not over yet, and begins after the one before."""
    order = s.given("order")
    before = s.case.orders[-1].last if s.case.orders else None
    if order.last < order.first or end_of(order.last, s.policy.counting) <= s.at or (before and order.first <= before):
        raise standing_refusals.OrderDates(first=order.first, last=order.last)


def order_short(s: Situation) -> None:
    """An order keeps to the policy's longest time and does not reach further back than it allows."""
    order, rule = s.given("order"), s.policy.all_days
    if rule is None:
        return
    if (order.last - order.first).days >= rule.longest:
        raise standing_refusals.OrderLong(longest=rule.longest)
    if (legal_day(s.at) - order.first).days > rule.back:
        raise standing_refusals.OrderBackdated(first=order.first, back=rule.back)


def order_signed(s: Situation) -> None:
    """The signatory holds one of the posts that the policy lets order every day to work."""
    name, posts = s.given("order").signatory, s.policy.all_days.signed_by if s.policy.all_days else ()
    person = s.world.organisation.person(name) if s.world.organisation else None
    if person is None or not set(posts) & set(person.posts):
        words = [s.policy.posts[post] for post in posts]
        raise standing_refusals.NoAuthority(
            signatory=name,
            posts="、".join(zh for zh, _ in words) or "无",
            posts_en=", ".join(en for _, en in words) or "nobody",
        )


def order_seen(s: Situation) -> None:
    """Whoever records an order that somebody else signed shows it: a scan, by the hash that an auditor checks."""
    order = s.given("order")
    if s.actor.id != order.signatory and order.scan is None:
        raise standing_refusals.OrderUnseen(signatory=order.signatory)


def lifted_within(s: Situation) -> None:
    """An order is lifted within its time, at the earliest as of yesterday: what was worked stays counted."""
    order, last = s.case.orders[-1], s.given("last")
    if not order.first <= last < order.last or last < legal_day(s.at) - timedelta(days=1):
        raise standing_refusals.OrderDates(first=order.first, last=last)
