"""The demo's county with a month's work on its desk: what the guides' pictures are taken of."""

import itertools
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from adapters import queries
from adapters.access.accounts import Accounts
from adapters.world_book import ORGANISATION
from models.envelope import Envelope
from models.refusals import Refused
from models.vocabulary import Role
from tests.browser.conftest import Site
from tests.store.desks import Office, an_office
from tests.web.conftest import QUICK
from web.app import make_app
from web.house import House
from web.serving import Place, serving

UNITS: Final = ("enforcement", "yunxi", "shiqiao", "qingshan", "jinsha")
TOLD: Final = (
    ("砖厂夜间生产，烟气刺鼻，粉尘落在菜地", "烟粉尘", "兴隆砖厂", "hotline"),
    ("养殖场粪污直排河道，河水发黑", "水", "王家湾养殖场", "phone"),
    ("工地夜间施工，噪声扰民", "建筑施工噪声", "滨河路项目部", "visit"),
    ("餐饮店油烟直排，居民不敢开窗", "油烟", "老街大排档", "platform"),
    ("废机油倒在农田边，土壤发黑", "土壤", "车友汽修", "letter"),
)
PLACES: Final = {
    "enforcement": "云溪镇工业园",
    "yunxi": "云溪镇王家湾村",
    "shiqiao": "石桥镇老街",
    "qingshan": "青山乡大坪村",
    "jinsha": "金沙镇滨河路",
}
WAYS: Final = (
    *("assigned", "closed", "verified", "registered", "assigned", "rectifying", "closed", "reviewing", "accepted"),
    *("assigned", "registered", "rectifying", "accepted", "assigned"),
)
DIGEST: Final = "0" * 64


@dataclass
class County:
    """The county's office, and what its people do there by commands of their own."""

    office: Office
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def do(self, who: str, command: str, case: str | None = None, **data: JsonValue) -> str:
        """Let somebody act; return the case."""
        envelope = Envelope(id=f"county/{next(self._ids)}", case=case, actor=who, command=command, data=data)
        return self.office.door.perform([envelope])[0].case

    def a_petition(self, number: int, way: str) -> str:
        """A petition of one of the units, brought so far."""
        unit = UNITS[number % len(UNITS)]
        summary, sort, respondent, channel = TOLD[number % len(TOLD)]
        told: dict[str, JsonValue] = {"channel": channel, "place": PLACES[unit], "summary": summary}
        case = self.do("clerk", "register", None, **told, types=[sort], respondent=respondent)
        finding: dict[str, JsonValue] = {
            "point": sort,
            "verdict": "substantiated",
            "text": "现场检查属实，已责令整改。",
        }
        finding["evidence"] = [{"sha256": DIGEST, "name": "现场照片.jpg"}]
        steps: tuple[tuple[str, str, str, dict[str, JsonValue]], ...] = (
            ("accepted", "clerk", "accept", {}),
            ("assigned", "dispatcher", "assign", {"unit": unit, "handler": f"{unit}_handler", "leader": "deputy"}),
            ("verified", f"{unit}_handler", "record_findings", {"findings": [finding]}),
            ("rectifying", f"{unit}_handler", "plan_rectification", {"measures": "立行立改：停产检修，清理现场。"}),
            ("reviewing", f"{unit}_handler", "submit_for_review", {}),
            ("closed", "reviewer", "approve", {}),
        )
        for status, who, command, data in () if way == "registered" else steps:
            self.do(who, command, case, **data)
            if status == way:
                break
        return case

    def ring(self) -> None:
        """Let every alarm ring that is due by now."""
        now = self.office.moments.now()
        for case in list(queries.listed(self.office.database, queries.Filter(is_open=True))):
            while (alarm := self.office.case(case.id).alarm) and alarm.at <= now:
                try:
                    self.office.act(case.id, Role.CLOCK, "ring")
                except Refused:
                    break


@contextmanager
def a_county(folder: Path) -> Iterator[tuple[County, Site]]:
    """Open the county's console, with the month's work there."""
    with an_office(folder) as office:
        county = County(office)
        file = resources.files("policies") / "organisations" / "demo.toml"
        county.do(
            "administrator",
            "define_organisation",
            ORGANISATION,
            organisation=tomllib.loads(file.read_text(encoding="utf-8")),
        )
        house = House.of(office.desk)
        house.accounts = Accounts(office.database, house.accounts.now, QUICK)
        for number, way in enumerate(WAYS):
            county.a_petition(number, way)
            office.moments.wait(days=2, hours=3)
        # A desk's morning.
        office.moments.wait(hours=6, minutes=30)
        county.ring()
        with serving(make_app(house), Place("127.0.0.1", 0)) as base:
            site = Site(house, office, base)
            site.session("admin")
            yield county, site
