"""What the pages of the browser's tests show: each made once in a site's desk, and the address of its page."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from pydantic import JsonValue

from adapters import queries
from adapters.comparison import counting
from adapters.dispatch import convene
from adapters.drafts import Drafts
from adapters.erasing import erase
from adapters.hooks.telling import trial
from adapters.intake import intake
from adapters.letters.tray import Tray
from adapters.roots import forks, making
from adapters.roots.delivering import deliver
from adapters.roots.rotating import rotate
from adapters.roots.witness import Witness
from adapters.similar.storms import Comparing
from models.meeting_values import Series
from models.vocabulary import Flag, Kind, Status
from tests.browser.conftest import Site
from tests.core.builders import a_loss
from tests.store import test_plans as plans
from tests.store.desks import an_envelope


def a_case(status: Status, rest: str = "") -> Callable[[Site], str]:
    """The address of a case in a status; made once, so that all looks at it look at the same."""
    return lambda site: f"/cases/{case_in(site, status)}{rest}"


PLANS: dict[str, str] = {}
INDICATORS: dict[str, str] = {}
PATROLS: dict[str, dict[str, str]] = {}


def an_indicator(site: Site) -> str:
    """The register with an indicator of two years."""
    if site.base not in INDICATORS:
        envelope = an_envelope("register_indicator", id="indicator1", title="环境空气质量优良天数")
        INDICATORS[site.base] = number = site.office.door.perform([envelope])[0].case
        for period, assessed, compliant in (("2025", 351, 330), ("2026", 339, 324)):
            reading = partial(site.office.act, number, "clerk", "record_reading", period=period)
            reading(assessed=assessed, compliant=compliant)
    return "/indicators"


def a_comparison(site: Site) -> str:
    """Two years side by side, with another district's count."""
    told: dict[str, JsonValue] = {"district": "城区", "period": "2026", "count": 244, "source": "市局通报"}
    envelopes = counting(site.office.database, told, actor="clerk", key=f"count{len(PLANS)}", via={})
    site.office.door.perform(envelopes)
    site.office.a_case(S.CLOSED)
    return "/compare?now=2026&was=2025"


def a_round(site: Site) -> str:
    """The counts of years and rounds, with a petition signed off and one that goes on."""
    site.office.a_case(S.SIGNED_OFF, campaign="round-2026")
    site.office.a_case(S.RECTIFYING, campaign="round-2026")
    return "/rounds"


def a_meeting(path: str) -> Callable[[Site], str]:
    """A page about a meeting with its pack, and a decision of it."""

    def made(site: Site) -> str:
        office = site.office
        case = office.a_case(S.ASSIGNED)
        found = convene(office.door, Series.WEEKLY, ahead=True)
        assert found.number
        if found.made:
            office.act(found.number, "leader", "record_decision", about=case, by_when=None)
        return path.format(meeting=found.number)

    return made


def a_plan(path: str) -> Callable[[Site], str]:
    """A page about an action plan with items of two categories, one of them done."""

    def made(site: Site) -> str:
        if site.base not in PLANS:
            office = site.office
            PLANS[site.base] = plan = plans.a_plan(office)
            items: JsonValue = [
                {"measure": "拆除燃煤锅炉", "target": "2099-09-30", "category": "工业污染", "unit": "qingshi"},
                {"measure": "清运废渣", "target": "2099-06-30", "category": "固废", "unit": "liuxi"},
            ]
            office.act(plan, "dispatcher", "add_items", task_plans=items)
            plans.opened(office, plan)
            office.act(f"{plan}-R1", "handler", "submit_for_review")
            office.act(f"{plan}-R1", "reviewer", "approve")
        return path.format(plan=PLANS[site.base])

    return made


def a_patrol(path: str) -> Callable[[Site], str]:
    """A page about a patrol in the rain, whose first slot had its visit, and its station."""

    def made(site: Site) -> str:
        if site.base not in PATROLS:
            office = site.office
            station = office.door.perform([an_envelope("register_station", id="station1", title="青石镇")])[0].case
            office.act(station, "clerk", "observe_weather", sky="heavy_rain", mm=12.5, by_whom="县气象局")
            told = {
                "title": "青石锑业", "place": "青石镇河口村", "unit": "qingshi", "handler": "handler", "leader": "head",
                "station": station,
            }  # fmt: skip
            opened = an_envelope("open_patrol", "dispatcher", id="patrol1").model_copy(update={"data": told})
            patrol = office.door.perform([opened])[0].case
            office.act(patrol, "handler", "record_patrol", text="雨水口正常")
            office.act(patrol, "handler", "report_problem", text="雨水口浑", what_to_do="封堵", by_when="2099-06-30")
            PATROLS[site.base] = {"patrol": patrol, "station": station}
        return path.format(**PATROLS[site.base])

    return made


def a_site(path: str) -> Callable[[Site], str]:
    """A page about a site with a petition placed there."""

    def made(site: Site) -> str:
        if site.base not in SITES:
            office = site.office
            envelope = an_envelope(
                "register_site", id="site1", title="王某养猪场", place="青石镇河口村", trade="生猪养殖", unit="qingshi"
            )
            SITES[site.base] = office.door.perform([envelope])[0].case
            office.act(office.register(respondent="王某养猪场"), "clerk", "place_at_site", site=SITES[site.base])
        return path.format(site=SITES[site.base])

    return made


def a_storm(path: str) -> Callable[[Site], str]:
    """A page about a storm of three filings."""

    def made(site: Site) -> str:
        words = {"place": "青石镇河口村", "summary": "养猪场夜间恶臭扰民", "respondent": "王某养猪场"}
        while not (storms := list(queries.listed(site.office.database, queries.Filter(kind=Kind.WATCH)))):
            for _ in range(3):
                site.office.register(**words)
            comparing = Comparing(site.house.desk)
            while comparing.once():
                pass
        return path.format(watch=storms[0].id)

    return made


def alike(site: Site) -> str:
    """The page of petitions like one, some of them probably about the same."""
    if site.base not in ALIKE:
        words = {"place": "青石镇大坪村", "summary": "砖厂粉尘落满菜地", "respondent": "兴隆砖厂"}
        ALIKE[site.base], _ = (site.office.register(**words) for _ in range(2))
    return f"/cases/{ALIKE[site.base]}/alike"


def case_in(site: Site, status: Status) -> str:
    known = CASES.setdefault(site.base, {})
    if status not in known:
        known[status] = site.office.a_case(status, types=["恶臭", "噪声"], respondent="青石镇某养殖场")
    return known[status]


def to_erase(site: Site) -> str:
    """A declined case whose letter is out, so that a leader may erase who complained."""
    case = case_in(site, S.DECLINED)
    for _ in site.office.case(case).pending:
        site.office.act(case, "engine", "record_outcome")
    if Flag.ERASURE not in site.office.case(case).flags:
        site.office.act(case, "clerk", "propose_erasure")
    return f"/cases/{case}"


def a_campaign(path: str) -> Callable[[Site], str]:
    """A page about a campaign with an order in force and a case in it."""

    def made(site: Site) -> str:
        if site.base not in CAMPAIGNS:
            office, today = site.office, site.office.moments.now().date()
            stream = "campaign:dc2026"
            begun = an_envelope(
                "open_campaign", "dispatcher", id="c1", case=stream, title="中央督察边督边改", level="central"
            )
            office.door.perform([begun])
            office.act(stream, "dispatcher", "set_group")
            days: dict[str, JsonValue] = {"first": today.isoformat(), "last": (today + timedelta(days=30)).isoformat()}
            order: dict[str, JsonValue] = {"number": "青督办〔2026〕7号", "signatory": "magistrate", **days}
            office.a_case(S.ASSIGNED, campaign="dc2026")
            office.door.perform([an_envelope("order_all_days", "magistrate", id="c2", case=stream, order=order)])
            CAMPAIGNS.add(site.base)
        return path

    return made


def to_decide(site: Site) -> str:
    """Erasures that wait to be decided."""
    to_erase(site)
    return "/retention"


def certified(site: Site) -> str:
    """The certificate of an erasure that was carried out."""
    path = erased("/certificate")(site)
    for reaction in site.office.case(ERASED[site.base]).pending:
        desk = site.office.desk
        drafts = Drafts(desk.database, desk.sealer, desk.moments.now)
        erase(desk.database, desk.sealer, Tray(desk.tray), drafts, reaction)
    return path


def erased(rest: str = "") -> Callable[[Site], str]:
    """The address of a case whose petitioner was erased."""

    def made(site: Site) -> str:
        if site.base not in ERASED:
            sealed = {"petitioner": "张三", "contact": "13900000000", "text": "夜里臭得睡不着"}
            fields = {"channel": "visit", "place": "青石镇河口村", "summary": "群众反映养殖场夜间臭味扰民"}
            case = intake(site.office.desk, fields, actor="clerk", key="erased", secret=sealed).case
            site.office.act(case, "clerk", "decline")
            site.office.act(case, "engine", "record_outcome")
            site.office.act(case, "clerk", "propose_erasure")
            site.office.act(case, "leader", "erase")
            ERASED[site.base] = case
        return f"/cases/{ERASED[site.base]}{rest}"

    return made


def a_lost_letter(site: Site) -> str:
    """The page of lost letters, one of them there."""
    case = site.office.a_case(S.ACCEPTED)
    site.office.act(case, "engine", "record_outcome", **a_loss(site.office.case(case)))
    return "/letters"


def a_trial(site: Site) -> str:
    """The page of a trial that has ended: a policy under which everything has half the time."""
    if site.house.trial.policy is None:
        (old,) = site.house.desk.world().policies.values()
        clocks = tuple(
            row.model_copy(update={"length": row.length.model_copy(update={"count": row.length.count // 2})})
            for row in old.clock
        )
        proposed = old.model_copy(update={"name": "2027-01", "clock": clocks})
        site.house.trial.begin(site.house.desk, proposed, "administrator")
        deadline = time.monotonic() + 60
        while site.house.trial.running:
            assert time.monotonic() < deadline, "the trial does not end"
            time.sleep(0.05)
    return "/policies/trial"


def a_webhook(rest: str) -> Callable[[Site], str]:
    """The pages of webhooks, one of which has something on its way."""

    def address(site: Site) -> str:
        hooks, now = site.house.hooks, site.house.desk.moments.now()
        if not hooks.every():
            url, person = "https://oa.example.gov.cn/banjie", "administrator"
            name, _ = hooks.make("县政府办公系统", url, "leader", ("registered", "closed"), by=person, begun=now)
            hooks.queue(name, [("XF2026000001~1", "banjie.petition.registered", "{}"), trial("test~1", now)])
        return f"/admin/webhooks{rest.format(name=hooks.every()[0].id)}"

    return address


def a_root(rest: str) -> Callable[[Site], str]:
    """The pages of daily roots, of which there are two, with a key that was changed and a ledger that was restored."""

    def address(site: Site) -> str:
        desk = site.house.desk
        where, why = (desk.database, desk.settings.data, desk.moments.now()), "硬盘损坏，由备份恢复"
        with desk.database.reading() as connection:
            newest = making.latest(connection)
        if newest is None:
            making.make(*where)
            rotate(*where)
            newest = forks.record(*where, reason=why, by="administrator", agreed_by="auditor")
            deliver(desk.database, desk.settings.data, newest.size, Witness.FOLDER, desk.settings.data / "witness")
        return f"/roots{rest.format(size=newest.size)}"

    return address


CASES: dict[str, dict[Status, str]] = {}
ERASED: dict[str, str] = {}
ALIKE: Final[dict[str, str]] = {}
SITES: Final[dict[str, str]] = {}
CAMPAIGNS: set[str] = set()
S = Status
