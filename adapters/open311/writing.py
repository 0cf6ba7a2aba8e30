"""Open311's answers as they are written: XML, and the JSON that its specification makes of the same (GeoReport v2).

A list is an element that holds its items by their own name: ``<services><service>…``; JSON leaves that name out.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]
Row = Mapping[str, Value]

MEDIA: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
"""What is answered, by the ending of the address."""
ITEMS: Final = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What an item of each list is called in XML."""
_FORBIDDEN: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, however written."""


def written(root: str, told: Value, form: str) -> bytes:
    """Return an answer in bytes: ``root`` names the element around it, ``form`` is ``xml`` or ``json``."""
    if form == "json":
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    made = ET.Element(root)
    _fill(made, told)
    body: bytes = ET.tostring(made, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _fill(element: ET.Element, told: Value) -> None:
    if isinstance(told, Mapping):
        for name, value in told.items():
            _fill(ET.SubElement(element, name), value)
    elif isinstance(told, str):
        element.text = _FORBIDDEN.sub("", told)
    elif isinstance(told, Sequence):
        for each in told:
            _fill(ET.SubElement(element, ITEMS[element.tag]), each)
    elif told is not None:
        element.text = str(told).lower() if isinstance(told, bool) else str(told)
