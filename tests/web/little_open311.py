"""A little Open311 server with a few requests, right in everything, or wrong in one thing."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.open311.kit.asking import Answer
from adapters.open311.writing import MEDIA, written

KEY: Final = "the-key"
SERVICES: Final[list[dict[str, Any]]] = [
    {
        "service_code": code,
        "service_name": code.title(),
        "description": "",
        "metadata": code == "odour",
        "type": "realtime",
        "keywords": "",
        "group": "",
    }
    for code in ("odour", "noise")
]
ATTRIBUTES: Final[list[dict[str, Any]]] = [
    {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": code,
        "values": [{"key": "1", "name": "one"}, {"key": "2", "name": "two"}] if order == 1 else [],
    }
    for order, (code, datatype) in enumerate((("town", "singlevaluelist"), ("who", "string")), 1)
]


def a_request(number: str, service: str, status: str, at: str) -> dict[str, Any]:
    return {
        "service_request_id": number,
        "status": status,
        "service_name": service.title(),
        "service_code": service,
        "requested_datetime": at,
        "updated_datetime": at,
        "lat": "26.5" if number == "1" else "",
        "long": "112.5" if number == "1" else "",
    }


REQUESTS: Final = [
    a_request("1", "odour", "open", "2026-03-03T08:00:00+08:00"),
    a_request("2", "noise", "closed", "2026-03-02T01:00:00Z"),
    a_request("3", "odour", "open", "2026-03-01T01:00:00Z"),
]
UPDATES: Final = [
    {
        "update_id": str(number),
        "service_request_id": "2",
        "status": status,
        "updated_datetime": at,
        "description": "",
    }
    for number, status, at in ((1, "open", "2026-03-03T01:00:00Z"), (2, "closed", "2026-03-04T01:00:00Z"))
]


@dataclass
class Little:
    """The server; ``fault`` is what it does wrong."""

    fault: str = ""
    services: list[dict[str, Any]] = field(default_factory=lambda: deepcopy(SERVICES))
    attributes: list[dict[str, Any]] = field(default_factory=lambda: deepcopy(ATTRIBUTES))
    requests: list[dict[str, Any]] = field(default_factory=lambda: deepcopy(REQUESTS))
    updates: list[dict[str, Any]] = field(default_factory=lambda: deepcopy(UPDATES))

    def __post_init__(self) -> None:
        """Be wrong in what is a matter of data."""
        rows = {
            "services": self.services,
            "attributes": self.attributes,
            "requests": self.requests,
            "updates": self.updates,
        }
        name, _, change = self.fault.partition(": ")
        if name in rows and change:
            column, _, value = change.partition(" = ")
            if value == "gone":
                rows[name][0].pop(column)
            elif value == "no list":
                rows[name][0][column] = []
            else:
                rows[name][0][column] = value

    def __call__(
        self, path: str, query: Mapping[str, str], form: Mapping[str, str] | None = None, *, keyed: bool = True
    ) -> Answer:
        """Answer."""
        name, _, ending = path.rpartition(".")
        if self.fault == f"no {ending}":
            return self.answer("errors", [{"code": 406, "description": "no"}], "xml", 406)
        if form is not None:
            return self.sent(form, ending, keyed=keyed)
        found = self.found(name, query)
        if found is None:
            return self.wrong(404, ending)
        root, value = found
        if ending == "json":
            value = self.in_json(root, value)
        return self.answer(root, value, ending, 200)

    def in_json(self, root: str, value: Any) -> Any:
        if self.fault == f"json differs: {root}":
            if isinstance(value, list):
                return value[1:]
            return {**value, "attributes": value["attributes"][1:]}
        if self.fault == "json has words for truth" and root == "services":
            return [{**each, "metadata": str(each["metadata"]).lower()} for each in value]
        return value

    def found(self, name: str, query: Mapping[str, str]) -> tuple[str, Any] | None:
        folder, _, number = name.partition("/")
        if name == "services":
            return "services", self.services
        if folder == "services" and (number == "odour" or self.fault == "any service"):
            called = "noise" if self.fault == "another definition" else number
            return "service_definition", {"service_code": called, "attributes": self.attributes}
        if name == "requests":
            return "service_requests", self.listed(query)
        if folder == "requests":
            rows = [each for each in self.requests if each["service_request_id"] == number]
            rows = self.requests if self.fault == "one is all" else rows
            return ("service_requests", rows) if rows or self.fault == "any request" else None
        if name == "servicerequestupdates" and self.fault != "no updates":
            rows = self.within(self.updates, "updated_datetime", query, "updates of any day")
            return "service_request_updates", rows[::-1] if self.fault == "updates backwards" else rows
        return None

    def listed(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        rows = self.requests
        for column in ("status", "service_code"):
            if column in query and self.fault != f"any {column}":
                rows = [each for each in rows if each[column] == query[column]]
        if "service_request_id" in query:
            wanted = query["service_request_id"].split(",")
            wanted = wanted[:1] if self.fault == "one id alone" else wanted
            return [each for each in rows if each["service_request_id"] in wanted]
        rows = self.within(rows, "requested_datetime", query, "requests of any day")
        size, page = int(query.get("page_size", 100)), int(query.get("page", 1))
        if self.fault == "always the first page":
            page = 1
        if self.fault == "pages of any size":
            size = 100
        return rows[(page - 1) * size : page * size]

    def within(
        self, rows: list[dict[str, Any]], column: str, query: Mapping[str, str], fault: str
    ) -> list[dict[str, Any]]:
        if "start_date" not in query or self.fault == fault:
            return rows
        since, until = (datetime.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        told = [each for each in rows if re.fullmatch(r"\S+T\S+", each.get(column, ""))]
        return [each for each in told if since <= datetime.fromisoformat(each[column]) <= until]

    def sent(self, form: Mapping[str, str], ending: str, *, keyed: bool) -> Answer:
        if not keyed and self.fault != "anybody sends":
            return self.wrong(403, ending)
        code = form.get("service_code")
        if code is None and self.fault != "any form":
            return self.wrong(400, ending)
        if code not in {None, "odour", "noise"} and self.fault != "any code":
            return self.wrong(400 if self.fault == "unknown is 400" else 404, ending)
        if "lat" not in form and self.fault != "any place":
            return self.wrong(400, ending)
        number = str(len(self.requests) + 1)
        if self.fault != "forgets":
            self.requests.append(a_request(number, str(code), "open", "2026-03-05T01:00:00Z"))
        told = {} if self.fault == "no number" else {"service_request_id": number}
        return self.answer("service_requests", [{**told, "service_notice": ""}], ending, 200)

    def wrong(self, status: int, ending: str) -> Answer:
        code = 500 if self.fault == "another code" else status
        told: dict[str, Any] = {"code": code, "description": "" if self.fault == "without a word" else "not so"}
        return self.answer("errors", [told], ending, status)

    def answer(self, root: str, value: Any, ending: str, status: int) -> Answer:
        body = written(root, value, ending)
        if ending == "xml":
            if self.fault == "undeclared":
                body = body.partition(b"\n")[2]
            if self.fault == "an entity":
                body = body.replace(b"?>\n", b'?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n')
            if self.fault == "another root":
                body = body.replace(b"services>", b"list>")
            if self.fault == "another item":
                body = body.replace(b"<service>", b"<item>").replace(b"</service>", b"</item>")
            if self.fault == "cut off":
                body = body[:-10]
        media = "text/html" if self.fault == "html" else MEDIA[ending]
        return Answer(500 if self.fault == "down" else status, media, body)
