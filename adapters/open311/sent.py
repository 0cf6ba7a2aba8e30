"""What is sent to Open311, taken apart: what belongs under seal, and the little that a case may hold.

A resident's words are nobody's redacted summary. So a petition that comes in this way says what kind of problem it is
and in which township, no more: words, name, contact, address, coordinates and links go under the seal, and a clerk who
opens it writes the summary (``correct``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.base import is_unclean
from models.open311 import Open311, Service
from models.organisation import Organisation
from models.routing import locate

LONGEST: Final = 10_000
"""Characters of a description."""
LONGEST_FIELD: Final = 1000
MOST_FIELDS: Final = 60
LONGEST_NAME: Final = 80
LONGEST_WAY: Final = 100
"""Characters of a telephone number, or of a mail address."""
TOWNSHIP: Final = "township"
RESPONDENT: Final = "respondent"
NOT_KNOWN: Final = "（未辨明乡镇）"
_ATTRIBUTE: Final = re.compile(r"attribute\[([A-Za-z0-9_-]{1,40})\](\[\])?")
_MAIL: Final = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_PHONE: Final = re.compile(r"[0-9+()（）\-–\s./extEXT转#]{3,}")
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_LINK: Final = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
NAMED: Final = ("email", "device_id", "account_id", "first_name", "last_name", "phone")
"""Fields that tell who sends: what one sends twice is the same, what two who are unknown send alike is not."""
UNDER_SEAL: Final = (
    ("description", "诉求原文"),
    ("address_string", "地址"),
    ("address_id", "地址编号"),
    ("lat", "纬度"),
    ("long", "经度"),
    ("media_url", "图片链接（未打开）"),
    ("device_id", "设备"),
    ("account_id", "账户"),
)


class WrongError(Exception):
    """What was sent cannot be taken: ``code`` is an HTTP status as GeoReport v2 has it, with the sentence twice."""

    def __init__(self, code: int, zh: str, en: str) -> None:
        """Keep them."""
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def wrong(zh: str, en: str) -> WrongError:
    """Return a general error of what was sent."""
    return WrongError(400, zh, en)


@dataclass(frozen=True)
class Sent:
    """A request as it was taken: the fields of ``register``, what is sealed, and whether it tells who sends it."""

    service: Service
    place: str
    summary: str
    secret: dict[str, str]
    named: bool


def taken(given: Mapping[str, str], rules: Open311, organisation: Organisation | None) -> Sent:
    """Take a request apart.

    Args:
        given: the fields of the form by name, ``attribute[…]`` among them.
        rules: what the desk offers.
        organisation: whose townships an address is looked up in.

    Raises:
        WrongError: something is missing or is not what it should be.
    """
    plain = {name: value.strip() for name, value in given.items() if value.strip()}
    _fit(plain)
    jurisdiction_is_ours(plain.get("jurisdiction_id", ""), rules)
    code = plain.get("service_code", "")
    if not code:
        raise wrong("未提供 service_code", "service_code was not provided")
    service = rules.service(code)
    if service is None:
        raise WrongError(404, "没有这个 service_code", "service_code was not found")
    _located(plain)
    _reached(plain)
    attributes = {found[1]: value for name, value in plain.items() if (found := _ATTRIBUTE.fullmatch(name))}
    if not plain.get("description") and not attributes.get(RESPONDENT):
        raise wrong("未提供 description", "description was not provided")
    place = _place(organisation, attributes.get(TOWNSHIP, ""), plain)
    summary = f"通过 Open311 反映{service.zh}问题，地点：{place}。原文密封，待登记人员阅后补正摘要。"
    lines = [f"{said}：{plain[name]}" for name, said in UNDER_SEAL if name in plain]
    lines += [f"{name}：{value}" for name, value in attributes.items()]
    named = " ".join(plain[name] for name in ("last_name", "first_name") if name in plain)
    contact = "；".join(plain[name] for name in ("phone", "email") if name in plain)
    secret = {"text": "\n".join(lines), "petitioner": named, "contact": contact}
    return Sent(service, place, summary, {name: value for name, value in secret.items() if value},
                any(name in plain for name in NAMED))  # fmt: skip


def jurisdiction_is_ours(named: str, rules: Open311) -> None:
    """Make sure that what is asked for is this desk.

    Raises:
        WrongError: another jurisdiction is named.
    """
    if named and rules.jurisdiction and named != rules.jurisdiction:
        raise WrongError(404, "没有这个 jurisdiction_id", "jurisdiction_id was not found")


def _fit(plain: Mapping[str, str]) -> None:
    if len(plain) > MOST_FIELDS:
        raise wrong(f"字段超过 {MOST_FIELDS} 个", f"more than {MOST_FIELDS} fields")
    for name, value in plain.items():
        most = LONGEST if name == "description" else LONGEST_FIELD
        if len(value) > most:
            raise wrong(f"{name[:60]} 超过 {most} 个字符", f"{name[:60]} has more than {most} characters")
        kept = value.replace("\r", "") if name == "description" or name.startswith("attribute[") else value
        if any(is_unclean(mark) for mark in kept) or (not value.isascii() and "\ufffd" in value):
            raise wrong(f"{name[:60]} 含有不可见字符", f"{name[:60]} holds characters that nobody can see")


def _located(plain: Mapping[str, str]) -> None:
    degrees = [plain.get("lat"), plain.get("long")]
    for each, most in zip(degrees, (90, 180), strict=True):
        if each is not None and not (_DEGREES.fullmatch(each) and abs(float(each)) <= most):
            raise wrong("lat/long 须为 WGS-84 度数", "lat and long are degrees of WGS-84")
    if degrees.count(None) == 1:
        raise wrong("lat 与 long 须同时提供", "lat and long come together")
    if None in degrees and not (plain.get("address_string") or plain.get("address_id")):
        raise wrong(
            "须提供地点：lat 与 long，或 address_string，或 address_id",
            "a location is needed: lat and long, or address_string, or address_id",
        )


def _reached(plain: Mapping[str, str]) -> None:
    ways = (("email", LONGEST_WAY, _MAIL), ("phone", LONGEST_WAY - 2, _PHONE), ("media_url", LONGEST_FIELD, _LINK))
    for name, most, form in ways:
        value = plain.get(name)
        if value is not None and (len(value) > most or not form.fullmatch(value)):
            raise wrong(f"{name} 不合格式", f"{name} is not written as one is")
    for name in ("first_name", "last_name"):
        if len(plain.get(name, "")) > LONGEST_NAME:
            raise wrong(f"{name} 超过 {LONGEST_NAME} 个字符", f"{name} has more than {LONGEST_NAME} characters")


def _place(organisation: Organisation | None, township: str, plain: Mapping[str, str]) -> str:
    """Return the township, by what was chosen, else by the address; never more of where somebody lives."""
    units = [each for each in (organisation.units if organisation else ()) if each.township and not each.closed]
    if township:
        chosen = next((each.zh for each in units if township == each.id), None)
        if chosen is None:
            raise wrong("没有这个 attribute[township]", "attribute[township] is none of its values")
        return chosen
    for told in (plain.get("address_id", ""), plain.get("address_string", "")):
        if named := next((each.zh for each in units if each.id == told), None):
            return named
        found = locate(organisation, told) if organisation and told else None
        if found and (named := next((each.zh for each in units if each.id == found.unit), None)):
            return named
    return NOT_KNOWN
