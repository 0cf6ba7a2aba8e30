"""The rules as rows, and asking a server by all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from adapters.open311.kit import rules_requests as requests
from adapters.open311.kit import rules_sending as sending
from adapters.open311.kit import rules_services as services
from adapters.open311.kit.asking import Server
from adapters.open311.kit.reading import Broken
from models.vocabulary import Term

MOST: Final = 5
"""Findings that are told of one rule."""


class Fate(Term):
    """What became of a rule."""

    KEPT = "kept", "通过", "pass"
    BROKEN = "broken", "不通过", "fail"
    SKIPPED = "skipped", "未检", "not asked"


@dataclass(frozen=True)
class Rule:
    """What a server has to do; ``extension`` where GeoReport v2 itself leaves it open."""

    name: str
    zh: str
    en: str
    check: Callable[[Server], Iterator[str]]
    extension: bool = False


@dataclass(frozen=True)
class Found:
    """What became of a rule, and why: what is wrong, or why it was not asked (both languages)."""

    rule: Rule
    fate: Fate
    why: tuple[str, ...] = ()


RULES: Final = (
    Rule(
        "services", "services.xml 以 200 作答，text/xml、UTF-8", "services.xml: 200, text/xml, UTF-8", services.answers
    ),
    Rule("xml-utf8", "XML 声明 UTF-8 编码且确为 UTF-8", "XML declares UTF-8 and is", services.declared),
    Rule("services-list", "services/service，至少一项", "services/service, one at least", services.listed),
    Rule("service-fields", "每项服务字段齐全", "every service has its fields", services.filled),
    Rule("service-words", "metadata 为 true/false，type 为三种之一", "metadata, type: known words", services.worded),
    Rule("service-once", "service_code 不重复", "no service_code twice", services.once),
    Rule("services-json", "JSON 与 XML 内容一致", "JSON says what XML says", services.json_same),
    Rule("services-json-types", "JSON 中 metadata 是布尔值", "metadata is a boolean in JSON", services.json_types),
    Rule("definition", "带 metadata 的服务有定义", "a service with metadata has a definition", services.definition),
    Rule("attributes", "属性字段齐全、用词正确", "attributes: fields and words", services.attributes),
    Rule("values", "可选属性有 key 与 name", "lists have values: key and name", services.values),
    Rule("definition-json", "定义的 JSON 与 XML 一致", "the definition's JSON and XML agree", services.definition_same),
    Rule("service-404", "没有的服务答 404", "an unknown service is 404", services.unknown),
    Rule("errors", "错误写明代码与说明", "errors: code and description", services.explained),
    # What is sent is there to be read by the rules below.
    Rule("send-key", "无密钥不受理（403）", "no api_key: 403", sending.without_key),
    Rule("send-service", "未提供 service_code：400", "no service_code: 400", sending.without_service),
    Rule("send-unknown", "没有的 service_code：404", "unknown service_code: 404", sending.of_no_service),
    Rule("send-place", "未提供地点：400", "no location: 400", sending.without_place),
    Rule("send", "提交即得编号或令牌并可查到", "a sent request has an id or a token", sending.taken),
    Rule(
        "requests-list", "service_requests/request，至多 1000 件", "service_requests/request, ≤ 1000", requests.listed
    ),
    Rule("request-fields", "每件有编号、状态、服务、时间", "id, status, service, moment", requests.filled),
    Rule("request-times", "时间带时区，先提交后更新", "moments with zone, in order", requests.timed),
    Rule("request-place", "经纬度为 WGS-84 且成对", "lat and long: WGS-84, both or none", requests.placed),
    Rule("filter-status", "按 status 筛选", "status filters", requests.by_status),
    Rule("filter-service", "按 service_code 筛选", "service_code filters", requests.by_service),
    Rule("filter-dates", "按 start_date、end_date 筛选", "start_date, end_date filter", requests.by_day),
    Rule("filter-ids", "按多个 service_request_id 查询", "several service_request_id", requests.by_number),
    Rule("request", "按编号查询一件", "one request by its id", requests.one),
    Rule("request-404", "没有的编号答 404", "an unknown request is 404", requests.unknown),
    Rule("requests-json", "JSON 与 XML 内容一致", "JSON says what XML says", requests.json_same),
    Rule("pages", "page、page_size 分页不重不漏", "page, page_size", requests.paged, extension=True),
    Rule("updates", "更新字段齐全、编号不重复", "updates: fields, ids of their own", requests.updates, extension=True),
    Rule("updates-order", "更新由旧到新", "updates: the oldest first", requests.updates_ordered, extension=True),
    Rule("updates-dates", "更新按时间筛选", "updates within dates", requests.updates_between, extension=True),
    Rule(
        "updates-json", "更新的 JSON 与 XML 一致", "updates: JSON and XML agree", requests.updates_same, extension=True
    ),
)


def asked(server: Server) -> Iterator[Found]:
    """Ask a server by every rule.

    Raises:
        UnreachableError: nobody answers.
    """
    for rule in RULES:
        try:
            why = tuple(islice(rule.check(server), MOST))
        except Broken as fault:
            why = (str(fault),)
        except services.Skipped as left:
            yield Found(rule, Fate.SKIPPED, (left.zh, left.en))
            continue
        yield Found(rule, Fate.BROKEN if why else Fate.KEPT, why)
