"""The bill of materials of what is installed, as CycloneDX 1.6: ``python docs/sbom.py [FILE]``, or ``make sbom``.

What the product needs to run is ``required``, what only its development needs ``excluded``. The same installation gives
the same bytes: there is no moment in it, and its serial number follows from the rest.
"""

import json
import sys
import uuid
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = "banjie"
FILE: Final = Path(__file__).parents[1] / "build" / "sbom.cdx.json"
NAMESPACE: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""For names that are addresses (RFC 4122)."""


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a distribution needs on this machine, with the extras it needs of it."""
    for text in metadata.distribution(name).requires or ():
        wanted = Requirement(text)
        marker = wanted.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield canonicalize_name(wanted.name), frozenset(wanted.extras)


def reached(extras: frozenset[str]) -> dict[str, set[str]]:
    """Return everything the product needs, with what each needs in turn; what is not installed is left out."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    to_do = [(ROOT, extras)]
    while to_do:
        name, of_it = to_do.pop()
        if (name, of_it) in seen:
            continue
        seen.add((name, of_it))
        edges = found.setdefault(name, set())
        for other, more in needed(name, of_it):
            if _is_there(other):
                edges.add(other)
                to_do.append((other, more))
    return found


def _is_there(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def component(name: str, *, required: bool) -> dict[str, Any]:
    """Return a distribution as a component."""
    told = metadata.distribution(name).metadata.json
    version = metadata.version(name)
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": name,
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "scope": "required" if required else "excluded",
    }
    if summary := told.get("summary"):
        made["description"] = summary
    if licences := _licences(told):
        made["licenses"] = licences
    return made


def _licences(told: dict[str, Any]) -> list[dict[str, Any]]:
    if expression := told.get("license_expression"):
        return [{"expression": expression}]
    classes = [each for each in told.get("classifier", ()) if each.startswith("License :: OSI Approved :: ")]
    names = [each.rpartition(" :: ")[2] for each in classes]
    short = (told.get("license") or "").strip().split("\n")[0]
    return [{"license": {"name": name}} for name in (names or ([short] if short else []))]


def bill() -> dict[str, Any]:
    """Return the whole bill."""
    runs, everything = reached(frozenset()), reached(frozenset({"dev"}))
    parts = [component(name, required=name in runs) for name in sorted(everything) if name != ROOT]
    edges = [{"ref": name, "dependsOn": sorted(everything[name])} for name in sorted(everything)]
    told: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ROOT,
                "name": ROOT,
                "version": metadata.version(ROOT),
                "licenses": [{"expression": "Apache-2.0"}],
            }
        },
        "components": parts,
        "dependencies": edges,
    }
    number = uuid.uuid5(NAMESPACE, json.dumps(told, sort_keys=True))
    return {**told, "serialNumber": f"urn:uuid:{number}"}


def main() -> None:
    """Write it, and say how much is in it."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    told = bill()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    runs = sum(each["scope"] == "required" for each in told["components"])
    print(f"{path}: {len(told['components'])} components, {runs} of them at run time")


if __name__ == "__main__":
    main()
