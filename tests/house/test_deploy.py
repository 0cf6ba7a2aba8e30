"""What is handed out in ``deploy/``: it parses, names what is there, holds no secret, and the tools at hand accept it.

What a machine lacks a tool for stands in red at the end of the run: it was not looked at there.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped] # a dependency of apprise; its stubs would be one more of ours
from pydantic import AliasChoices

from adapters.observing import port
from adapters.observing.meters import Meters
from adapters.observing.pulse import SYSTEMD
from adapters.settings import HANDED, Settings
from tests.house import tree
from tests.store.desks import Office, an_office
from web.app import console
from worker import LONGEST_DRAIN

DEPLOY: Final = tree.ROOT / "deploy"
COMPOSE: Final = DEPLOY / "compose" / "compose.yaml"
YAMLS: Final = sorted(DEPLOY.rglob("*.yaml")) + sorted(DEPLOY.rglob("*.yml"))
UNITS: Final = sorted((DEPLOY / "systemd").glob("*.service")) + sorted((DEPLOY / "systemd").glob("*.timer"))
TEXTS: Final = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and "secrets" not in path.parts)
OF_COMPOSE: Final = {"BANJIE_IMAGE", "BANJIE_DOMAIN"}
"""What compose itself is told, beside the engine's settings."""
SECRET_NAME: Final = re.compile(r"password|passwd|pwd|secret|token|_key$|database_url|keys_url", re.IGNORECASE)


def names_of_settings() -> set[str]:
    """Every environment variable that is a setting."""
    found = {HANDED}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        found |= (
            {str(each) for each in alias.choices} if isinstance(alias, AliasChoices) else {f"BANJIE_{name.upper()}"}
        )
    return found


def documents(folder: Path = DEPLOY / "kubernetes") -> list[dict[str, Any]]:
    return [
        each for path in sorted(folder.glob("*.yaml")) for each in yaml.safe_load_all(path.read_text("utf-8")) if each
    ]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in documents() if each["kind"] == kind]


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return found


def containers() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for deployment in of_kind("Deployment"):
        pod = deployment["spec"]["template"]["spec"]
        for container in pod["containers"]:
            yield deployment["metadata"]["name"], pod, container


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_file_of_yaml_parses(path: Path) -> None:
    assert [each for each in yaml.safe_load_all(path.read_text("utf-8")) if each]


def test_every_variable_of_ours_that_is_named_is_a_setting() -> None:
    named = {(path.name, name) for path in TEXTS for name in re.findall(r"\bBANJIE_[A-Z_]+\b", path.read_text("utf-8"))}
    assert {each for each in named if each[1] not in names_of_settings() | OF_COMPOSE} == set()
    assert len({name for _, name in named}) > 8, "they were found at all"


def test_every_file_of_a_secret_of_ours_is_the_name_of_a_setting() -> None:
    known = {name.lower() for name in names_of_settings()}
    handed = {name for service in ("worker", "web", "setup") for name in services()[service]["secrets"]}
    made = set(re.findall(r"once (banjie_\w+)", (DEPLOY / "compose" / "make-secrets.sh").read_text("utf-8")))
    assert handed == made == {name for name in handed if name in known}


def test_no_secret_stands_in_a_file() -> None:
    for path in TEXTS:
        text = path.read_text("utf-8")
        literal = [each for each in re.findall(r"://[^\s/:@]+:([^\s/@]+)@", text) if not each.startswith("$")]
        assert not literal, f"{path.name}: a password in an address"
    assert not of_kind("Secret"), "made by hand, so that none is kept here"
    for name, service in services().items():
        given = service.get("environment", {})
        for key, value in given.items() if isinstance(given, dict) else [each.split("=", 1) for each in given]:
            if SECRET_NAME.search(key) and key != HANDED:
                assert str(value).startswith("/run/secrets/"), f"{name}: {key}"
    for name, _, container in containers():
        for given in container.get("env", []):
            assert not SECRET_NAME.search(given["name"]) or "valueFrom" in given, f"{name}: {given['name']}"
    for each in (COMPOSE, *UNITS):
        assert not re.search(r"\$\{\w*(PASSWORD|SECRET|KEY)\w*:-", each.read_text("utf-8")), "no default for a secret"


def test_probes_ask_for_what_is_answered_and_at_a_port_that_is_there(office: Office) -> None:
    app: Any = console(office.desk).app
    answered = {
        "http": {getattr(route, "path", "") for route in app.routes},
        "metrics": set(re.findall(r'case "(/\w+)"', source(port))),
    }
    assert {"/healthz", "/readyz"} <= answered["http"] & answered["metrics"]
    for name, _, container in containers():
        ports = {each["name"] for each in container["ports"]}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = container[probe]["httpGet"]
            assert asked["port"] in ports, f"{name}: {probe}"
            assert asked["path"] in answered[asked["port"]], f"{name}: {probe}"
        # A desk whose Temporal is away goes on: what kills a process must not ask for that.
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    for name in ("worker", "web"):
        ((number, path),) = re.findall(r"127\.0\.0\.1:(\d+)(/\w+)", str(services()[name]["healthcheck"]["test"]))
        assert path in answered[{"8420": "http", "9464": "metrics"}[number]]


def source(module: Any) -> str:
    return Path(module.__file__).read_text("utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path / "desk") as found:
        yield found


def test_whoever_stops_a_worker_waits_longer_than_it_drains() -> None:
    assert {name: pod["terminationGracePeriodSeconds"] for name, pod, _ in containers()}["worker"] > LONGEST_DRAIN
    assert int(services()["worker"]["stop_grace_period"].removesuffix("s")) > LONGEST_DRAIN
    for unit in UNITS:
        text = unit.read_text("utf-8")
        if "worker" in unit.name or "up" in text.partition("ExecStart=")[2].partition("\n")[0].split():
            assert int(re.findall(r"TimeoutStopSec=(\d+)", text)[0]) > LONGEST_DRAIN
            assert int(re.findall(r"WatchdogSec=(\d+)", text)[0]) >= 4 * SYSTEMD


def test_every_deployment_has_a_budget_an_autoscaler_and_no_rights() -> None:
    budgets = {each["metadata"]["name"]: each["spec"] for each in of_kind("PodDisruptionBudget")}
    scalers = {each["spec"]["scaleTargetRef"]["name"]: each["spec"] for each in of_kind("HorizontalPodAutoscaler")}
    for deployment in of_kind("Deployment"):
        name, spec = deployment["metadata"]["name"], deployment["spec"]
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
        assert budgets[name]["selector"] == spec["selector"]
        assert budgets[name]["minAvailable"] < scalers[name]["minReplicas"] <= scalers[name]["maxReplicas"]
        assert "replicas" not in spec, "the autoscaler's"
        pod = spec["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        for container in pod["containers"]:
            held = container["securityContext"]
            assert held["readOnlyRootFilesystem"]
            assert not held["allowPrivilegeEscalation"]
            assert held["capabilities"]["drop"] == ["ALL"]
            assert "memory" in container["resources"]["limits"]
    for claim in of_kind("PersistentVolumeClaim"):
        assert claim["spec"]["accessModes"] == ["ReadWriteMany"], "several pods have it"


def test_nothing_is_published_but_the_proxy_and_the_setup_on_this_machine_alone() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert published.pop("proxy") == ["443:443", "80:80"]
    assert all(str(each).startswith("127.0.0.1:") for each in published.pop("setup"))
    assert published == {}
    assert services()["setup"]["profiles"] == ["setup"], "not brought up with the rest"


def test_no_stranger_may_say_where_a_request_comes_from() -> None:
    trusted = [services()["web"]["environment"]["FORWARDED_ALLOW_IPS"]]
    trusted += [
        each["value"] for _, _, one in containers() for each in one.get("env", []) if "FORWARDED" in each["name"]
    ]
    assert len(trusted) == 2
    for each in trusted:
        assert ip_network(each).is_private


def test_every_figure_that_a_chart_or_an_alert_asks_for_is_told(office: Office) -> None:
    told = {each.name for family in Meters(office.desk).registry.collect() for each in family.samples} | {
        # Those with labels that nothing has happened to have no sample yet.
        f"{family.name}{ending}"
        for family in Meters(office.desk).registry.collect()
        for ending in ("", "_bucket", "_count", "_sum", "_total")
    }
    board = json.loads((DEPLOY / "grafana" / "banjie.json").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    asked += [rule["expr"] for group in rules for rule in group["rules"]]
    named = {name for each in asked for name in re.findall(r"\b(?:banjie|process)_\w+", each)}
    assert named <= told
    assert len(named) > 10
    assert {each["expr"] for each in board["templating"]["list"] if "expr" in each} == set()


def test_the_dashboards_panels_are_told_apart_and_named_in_both_languages() -> None:
    panels = json.loads((DEPLOY / "grafana" / "banjie.json").read_text("utf-8"))["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    for each in panels:
        assert re.search(r"[\u4e00-\u9fff]", each["title"]), each["title"]
        assert re.search(r"[a-z]{3}", each["title"]), each["title"]


def test_the_image_takes_along_whatever_is_installed() -> None:
    copied = set(
        re.findall(r"^COPY (?:--\S+ )?(.+?) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    )
    words = {word for line in copied for word in line.split()}
    setup = tree.pyproject()["tool"]["setuptools"]
    packages = {each.rstrip("*").replace(".", "/") for each in setup["packages"]["find"]["include"]}
    there = {each for each in packages if (tree.ROOT / each).is_dir()}
    assert there | {f"{name}.py" for name in setup["py-modules"]} <= words


def test_whoever_installs_is_told_of_every_variable_that_must_be_set() -> None:
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text("utf-8")))
    told = (tree.ROOT / "docs" / "deployment.md").read_text("utf-8")
    assert required
    assert {name for name in required if name not in told} == set()


# ── the tools, where they are ──


def tool(*command: str) -> None:
    """Skip, so that it stands in red at the end of the run, where a tool is not there."""
    if shutil.which(command[0]) is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip(f"{' '.join(command)}: no such tool on this machine, so deploy/ was NOT held against it")


def said(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=environment or None, timeout=120
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran.stdout + ran.stderr


def test_kubectl_puts_the_manifests_together() -> None:
    tool("kubectl", "version", "--client")
    made = [each for each in yaml.safe_load_all(said("kubectl", "kustomize", DEPLOY / "kubernetes")) if each]
    assert len(made) == len([each for each in documents() if each["kind"] != "Kustomization"])
    assert all(each["metadata"].get("namespace", "banjie") == "banjie" for each in made)
    images = {
        c["image"]
        for each in made
        if each["kind"] == "Deployment"
        for c in each["spec"]["template"]["spec"]["containers"]
    }
    assert images == {f"banjie:{tree.pyproject()['project']['version']}"}


def test_compose_reads_its_file_and_asks_for_what_must_be_set(tmp_path: Path) -> None:
    tool("docker", "compose", "version")
    here = shutil.copytree(DEPLOY / "compose", tmp_path / "compose", ignore=shutil.ignore_patterns("secrets"))
    said(here / "make-secrets.sh")
    given = dict.fromkeys(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text("utf-8")), "a")
    path = {"PATH": str(Path(str(shutil.which("docker"))).parent), "HOME": str(tmp_path)}
    said("docker", "compose", "config", "--quiet", cwd=here, **path, **given)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_its_units(unit: Path, tmp_path: Path) -> None:
    tool("systemd-analyze", "--version")
    # It asks for the program as well, which is not installed here; and a template is verified by an instance of it.
    for each in UNITS:
        text = re.sub(r"/usr/local/lib/banjie/bin/\w+", "/bin/true", each.read_text("utf-8"))
        (tmp_path / each.name.replace("@.", "@1.")).write_text(text, encoding="utf-8")
    told = said("systemd-analyze", "verify", "--man=no", tmp_path / unit.name.replace("@.", "@1."))
    assert str(tmp_path) not in told, told


def test_prometheus_accepts_its_rules() -> None:
    tool("promtool", "--version")
    said("promtool", "check", "rules", DEPLOY / "prometheus" / "alerts.yml")


@pytest.mark.parametrize("script", sorted((DEPLOY / "compose").glob("*.sh")), ids=lambda script: script.name)
def test_a_shell_reads_the_scripts(script: Path) -> None:
    said("sh", "-n", script)


def test_secrets_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    script = shutil.copy(DEPLOY / "compose" / "make-secrets.sh", tmp_path)
    said(script)
    made = {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()}
    said(script)
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()} == made
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert len(set(made.values())) == len(made)
    assert len(bytes.fromhex(made["banjie_wrapping_key"])) == 32
