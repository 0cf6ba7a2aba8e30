"""What this installation is told from outside: one frozen object, read once, handed around.

Every setting is an environment variable `BANJIE_…` (`BANJIE_DATA`, `BANJIE_LOG_LEVEL` …). Four well-known
names are understood as well: `DATABASE_URL`, `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_PROFILE`.
There is no default secret: keys are files made at the first start, or come from the environment, or each from a file of
its own in the folder `BANJIE_SECRETS` (`banjie_database_url`, `banjie_wrapping_key` …), as containers are handed them.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters import SetupError

LEDGER_FILE: Final = "banjie.db"
"""Name of the SQLite ledger inside the data folder."""
HANDED: Final = "BANJIE_SECRETS"
"""The variable that names a folder with a file for each setting that nobody is to read in an environment."""
KEYS_FILE: Final = "keys.db"
"""Name of the SQLite keystore inside the data folder."""


class SettingsError(SetupError):
    """A setting has a value that cannot be used; names the variable, never repeats the value."""


def data_home(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder this platform keeps a user's data of Banjie in (not created here)."""
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "banjie"
    # The XDG rules say that a relative path is to be ignored.
    base = Path(environ.get("XDG_DATA_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".local" / "share") / "banjie"


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:  # an unknown ~user
        raise ValueError(str(error)) from None


def _with_driver(url: str) -> str:
    """Name the driver where the address leaves it open: the usual postgres:// forms mean psycopg."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("only sqlite and postgresql are supported")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def _with_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:
            return url
    except ValueError:
        pass
    raise ValueError("not an address with a host")


def sqlite_in(data: Path, name: str = LEDGER_FILE) -> str:
    """Return the address of a SQLite file in a folder."""
    return f"sqlite:///{quote(str(data / name))}"


class Settings(BaseSettings):
    """All settings of one process.

    Attributes:
        data: folder of this engine: the ledger, Temporal's store, keys, logs, letters. Absolute.
        database_url: SQLAlchemy address of the ledger; default a SQLite file in `data`. May hold a password,
            so it is left out of `repr`.
        keys_url: SQLAlchemy address of the keystore; default a SQLite file in `data`. Left out of `repr` too.
        wrapping_key: wrapping keys, the newest first; files in `data` if None. Left out of `repr`.
        temporal_address: `host:port` of an existing Temporal service; None means the embedded one.
        temporal_namespace: Temporal namespace of all workflows.
        temporal_profile: name of a profile in Temporal's own configuration file (address, TLS, API key).
        temporal_ui: origin of the Web UI that may ask the console to open what Temporal holds; that of the embedded
            server if None.
        task_queue: Temporal task queue that workers poll.
        worker_version: under which version a worker takes work, as ``2026.12``, once that version is given any (`banjie
            fleet use`); without versions, whatever there is, if None.
        ui: whether the embedded Temporal brings its Web UI up.
        log_format: `console` for people, `json` one object a line for machines.
        log_level: least severe level that is written.
        speed: how many seconds of the desk's clock pass in one second; 1 is real time.
        web_host: the address the console listens at; another than loopback needs TLS or an explicit flag.
        web_port: its port; 0 takes any that is free.
        second_factor: roles that come in only with a second factor, apart by blanks, as ``administrator auditor``.
        public: whether residents may ask after their petition on the console's page ``/public``.
        public_url: that page's address as residents reach it, printed on receipts; where the console listens if None.
        open311: whether residents' apps may speak Open311 to the console, under ``/open311/v2``.
        file_limit: most megabytes of one file that is attached to a case.
        web_proxy_tls: whether browsers reach the console by TLS through a proxy in front of it.
        oidc_issuer: an identity provider (OpenID Connect) beside the passwords, by TLS or on loopback; none if None.
        oidc_client: who the console is there.
        oidc_secret: its secret there. Left out of `repr`.
        oidc_back: the console's address as browsers reach it, where a proxy hides it from the console.
        weather_url: where the weather at stations is asked for, an address that answers as Open-Meteo does; none is
            fetched if None.
        webhook_hosts: hosts that webhooks may tell something, apart by blanks, as ``oa.example.gov.cn 10.0.0.8:8443``;
            none if empty.
        witness_folder: where a copy of each day's root is laid, out of the reach of whoever keeps the ledger: another
            machine's folder, mounted; none if None. Absolute.
        metrics_bind: where this process serves its figures and its health, as ``127.0.0.1:9464``; nowhere if None.
        temporal_metrics_bind: where a worker serves those of Temporal's own client library; nowhere if None.
        web_tls: PEM file with the console's certificate, its chain and its private key; with it the console speaks TLS.
    """

    model_config = SettingsConfigDict(
        env_prefix="BANJIE_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    data: Annotated[Path, AfterValidator(_absolute)] = Field(default_factory=lambda: data_home(os.environ))
    database_url: Annotated[str, AfterValidator(_with_driver)] = Field(
        default_factory=lambda known: sqlite_in(known["data"]),
        repr=False,
        validation_alias=AliasChoices("BANJIE_DATABASE_URL", "DATABASE_URL"),
    )
    keys_url: Annotated[str, AfterValidator(_with_driver)] = Field(
        default_factory=lambda known: sqlite_in(known["data"], KEYS_FILE), repr=False
    )
    wrapping_key: str | None = Field(default=None, min_length=1, repr=False)
    temporal_address: str | None = Field(
        default=None,
        pattern=r"^\S+:\d{1,5}$",
        validation_alias=AliasChoices("BANJIE_TEMPORAL_ADDRESS", "TEMPORAL_ADDRESS"),
    )
    temporal_namespace: str = Field(
        default="default",
        min_length=1,
        validation_alias=AliasChoices("BANJIE_TEMPORAL_NAMESPACE", "TEMPORAL_NAMESPACE"),
    )
    temporal_profile: str | None = Field(
        default=None,
        min_length=1,
        validation_alias=AliasChoices("BANJIE_TEMPORAL_PROFILE", "TEMPORAL_PROFILE"),
    )
    temporal_ui: str | None = Field(default=None, pattern=r"^https?://[^\s/]+$", max_length=200)
    task_queue: str = Field(default="banjie", min_length=1)
    worker_version: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
    ui: bool = True
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    speed: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    web_host: str = Field(default="127.0.0.1", min_length=1)
    web_port: int = Field(default=8420, ge=0, le=65535)
    second_factor: str = Field(default="", pattern=r"^[a-z ]*$")
    public: bool = True
    public_url: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=200)
    open311: bool = False
    file_limit: int = Field(default=20, ge=1, le=60)
    oidc_issuer: str | None = Field(
        default=None, max_length=300, pattern=r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$))\S*$"
    )
    oidc_client: str = Field(default="banjie", min_length=1, max_length=200)
    oidc_secret: str | None = Field(default=None, repr=False, max_length=500)
    oidc_back: str | None = Field(default=None, pattern=r"^https?://[^\s/]+$", max_length=200)
    weather_url: Annotated[str, AfterValidator(_with_host)] | None = Field(
        default=None, pattern=r"^https?://[^\s@]+$", max_length=300
    )
    webhook_hosts: str = Field(default="", pattern=r"^[^\s/@]*(\s+[^\s/@]+)*$", max_length=2000)
    witness_folder: Annotated[Path, AfterValidator(_absolute)] | None = None
    metrics_bind: str | None = Field(default=None, pattern=r"^(\S*:)?\d{1,5}$", max_length=260)
    temporal_metrics_bind: str | None = Field(default=None, pattern=r"^\S+:\d{1,5}$", max_length=260)
    web_tls: Annotated[Path, AfterValidator(_absolute)] | None = None
    web_proxy_tls: bool = False

    @property
    def embedded(self) -> bool:
        """Whether Temporal is the embedded one: nobody named an address or a profile."""
        return self.temporal_address is None and self.temporal_profile is None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that webhooks may tell something."""
        return frozenset(self.webhook_hosts.split())

    @classmethod
    def load(cls, data: Path | None = None, **overrides: object) -> Self:
        """Settings from the environment; what is handed in here and is not None goes before it.

        Args:
            data: the data folder a person named on the command line.
            overrides: any other setting by its name.

        Raises:
            SettingsError: a value cannot be used, or a name is unknown.
        """
        given = {name: value for name, value in {"data": data, **overrides}.items() if value is not None}
        folder = os.environ.get(HANDED) or None
        if folder is not None and not Path(folder).is_dir():
            raise SettingsError(f"{HANDED} 所指的目录不存在。", f"{HANDED} names no folder.")
        try:
            return cls(_secrets_dir=folder, **given)  # type: ignore[arg-type] # validated here, that is what it is for
        except ValidationError as error:
            raise _explained(error) from None


def _explained(error: ValidationError) -> SettingsError:
    # What only follows from another setting's mistake explains nothing.
    problems = [each for each in error.errors() if each["type"] != "default_factory_not_called"]
    names = ", ".join(sorted({".".join(str(part) for part in each["loc"]) for each in problems}))
    reasons = "; ".join(each["msg"] for each in problems)
    return SettingsError(
        f"设置有误：{names}（{reasons}）。请检查同名环境变量（BANJIE_ 开头）或命令行参数。",
        f"A setting cannot be used: {names} ({reasons}). Check the variable BANJIE_… or the option.",
    )
