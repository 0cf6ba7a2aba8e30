"""What the API answers about petitions that are one matter: like ones, storms, and sites."""

from datetime import date

from models.likeness import Fact
from web.answers import At, ListedOut, Out, Share


class ReasonOut(Out):
    """One thing two petitions have in common; ``words`` is what it is, the days apart for ``time``."""

    fact: Fact
    words: str


class AlikeCaseOut(ListedOut):
    """A petition that may be about the same: how alike, whether it probably is, and why."""

    likeness: Share
    sure: bool
    reasons: list[ReasonOut]


class AlikeOut(Out):
    """Petitions that may be about the same, the most alike first."""

    alike: list[AlikeCaseOut]


class SeenOut(Out):
    """A filing that a watch has seen."""

    case: str
    at: At
    channel: str


class CrossedOut(Out):
    """A threshold of the policy that was crossed, and when."""

    threshold: str
    at: At


class StormOut(ListedOut):
    """A watch over one matter."""

    filings: list[SeenOut]
    alerts: list[CrossedOut]
    plan: str


class StormsOut(Out):
    """The watches, storms first."""

    storms: list[StormOut]


class EnforcedOut(Out):
    """What was ordered or punished at a site; the fine in ten thousand yuan (万元)."""

    day: date
    measure: str
    fine: float


class VisitOut(Out):
    """A visit to a site, and whether all was sound; the latest fifty."""

    day: date
    sound: bool


class SiteOut(ListedOut):
    """A site, with the numbers of the petitions there."""

    title: str
    aliases: list[str]
    trade: str
    spot: str
    petitions: list[str]
    visits: int
    visited: list[VisitOut]
    enforced: list[EnforcedOut]


class SitesOut(Out):
    """The sites, the newest first."""

    sites: list[SiteOut]
