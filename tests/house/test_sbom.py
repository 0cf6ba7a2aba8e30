"""The bill of materials names everything that is pinned, and tells what runs from what only builds."""

import importlib.util
from types import ModuleType

from packaging.utils import canonicalize_name

from tests.house import tree
from tests.house.test_setup import pins


def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", tree.ROOT / "docs" / "sbom.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_everything_that_is_pinned_and_installed_is_on_the_bill() -> None:
    told = sbom().bill()
    named = {each["name"]: each for each in told["components"]}
    pinned = {canonicalize_name(name): version for name, version in pins().items()}
    assert {name: each["version"] for name, each in named.items()} == {name: pinned[name] for name in named}
    assert named["fastapi"]["scope"] == named["starlette"]["scope"] == "required"
    assert named["pytest"]["scope"] == "excluded"
    assert all(each["licenses"] for name, each in named.items() if each["scope"] == "required"), "a licence is told"
    refs = {each["ref"] for each in told["dependencies"]}
    assert {other for each in told["dependencies"] for other in each["dependsOn"]} <= refs == {*named, "banjie"}


def test_the_same_installation_gives_the_same_bill() -> None:
    one, two = sbom().bill(), sbom().bill()
    assert one == two
    assert one["serialNumber"].startswith("urn:uuid:")
    assert (one["bomFormat"], one["specVersion"]) == ("CycloneDX", "1.6")
