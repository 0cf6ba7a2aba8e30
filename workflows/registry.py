"""Which process manager looks after which kind of case, and the name under which it runs."""

from models.vocabulary import Kind
from workflows.anchor import Anchor
from workflows.dispatch import Convening, Dispatch
from workflows.patrol import Patrol, Station
from workflows.petition import Petition
from workflows.plan import Plan, Site
from workflows.reconciling import Reconciling
from workflows.rectification import Rectification
from workflows.rooting import Rooting
from workflows.standing import Calendar, Campaign
from workflows.watch import Watch

BY_KIND = {
    Kind.PETITION: Petition,
    Kind.RECTIFICATION: Rectification,
    Kind.CALENDAR: Calendar,
    Kind.CAMPAIGN: Campaign,
    Kind.WATCH: Watch,
    Kind.PLAN: Plan,
    Kind.SITE: Site,
    Kind.PATROL: Patrol,
    Kind.STATION: Station,
    Kind.DISPATCH: Dispatch,
}
WORKFLOWS = (*BY_KIND.values(), Anchor, Convening, Rooting, Reconciling)
"""Everything a worker hosts."""
