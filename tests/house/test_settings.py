"""Settings: read once, frozen, explained when wrong, without a secret."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from adapters.settings import LEDGER_FILE, Settings, SettingsError, data_home


def test_the_defaults_are_a_folder_in_the_users_data_home_with_sqlite_and_the_embedded_temporal(
    tmp_path: Path,
) -> None:
    settings = Settings.load()
    assert settings.data == tmp_path / "data-home" / "banjie"
    assert make_url(settings.database_url).database == str(settings.data / LEDGER_FILE)
    assert settings.embedded
    assert (settings.task_queue, settings.speed, settings.ui) == ("banjie", 1.0, True)


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, ".local/share/banjie"),
        ("linux", {"XDG_DATA_HOME": "relative"}, ".local/share/banjie"),
        ("darwin", {}, "Library/Application Support/banjie"),
        ("darwin", {"XDG_DATA_HOME": "/srv/data"}, "Library/Application Support/banjie"),
    ],
)
def test_the_data_home_is_the_platforms(platform: str, environ: dict[str, str], expected: str) -> None:
    assert data_home(environ, platform) == Path.home() / expected


def test_a_data_folder_named_by_hand_carries_the_ledger_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "办结 100% #1?"
    settings = Settings.load(data=folder)
    assert make_url(settings.database_url).database == str(folder / LEDGER_FILE)


def test_a_relative_folder_is_fixed_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.load(data=Path("here"))
    monkeypatch.chdir("/")
    assert settings.data == tmp_path / "here"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_names_of_postgresql_all_mean_the_driver_we_have(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://desk@db.example/ledger")
    assert Settings.load().database_url == "postgresql+psycopg://desk@db.example/ledger"


def test_what_is_handed_in_goes_before_our_name_and_that_before_the_common_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///common.db")
    monkeypatch.setenv("BANJIE_DATABASE_URL", "sqlite:///ours.db")
    assert Settings.load().database_url == "sqlite:///ours.db"
    assert Settings.load(database_url="sqlite:///given.db").database_url == "sqlite:///given.db"
    assert Settings.load(database_url=None).database_url == "sqlite:///ours.db"


def test_temporals_own_names_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "county")
    settings = Settings.load()
    assert (settings.temporal_address, settings.temporal_namespace) == ("temporal.example:7233", "county")
    assert not settings.embedded


def test_settings_are_frozen(settings: Settings) -> None:
    with pytest.raises(ValidationError):
        settings.speed = 2.0  # type: ignore[misc]


def test_a_password_in_the_databases_address_is_not_shown() -> None:
    settings = Settings.load(database_url="postgresql://desk:geheim@db.example/ledger")
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BANJIE_SPEED", "0"),
        ("BANJIE_SPEED", "nan"),
        ("BANJIE_SPEED", "fast"),
        ("BANJIE_LOG_LEVEL", "loud"),
        ("BANJIE_LOG_FORMAT", "xml"),
        ("BANJIE_DATA", "~nobody-by-this-name/data"),
        ("DATABASE_URL", "mysql://desk:geheim@db/ledger"),
        ("DATABASE_URL", "geheim"),
        ("TEMPORAL_ADDRESS", "no port"),
    ],
)
def test_a_wrong_value_is_explained_in_both_languages_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        Settings.load()
    assert refusal.value.zh.startswith("设置有误")
    assert refusal.value.en.startswith("A setting cannot be used")
    assert name.removeprefix("BANJIE_").lower() in refusal.value.en.lower()
    assert "geheim" not in str(refusal.value)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="colour"):
        Settings.load(colour="red")


def test_no_setting_has_a_secret_for_its_default(tmp_path: Path) -> None:
    names = [name for name in Settings.model_fields if any(part in name for part in ("secret", "key", "password"))]
    settings = Settings.load(data=tmp_path)
    # Where keys are is no secret; which they are is told by nobody but the environment.
    assert {name: getattr(settings, name) for name in names} == {
        "keys_url": f"sqlite:///{tmp_path}/keys.db",
        "wrapping_key": None,
        "oidc_secret": None,
    }
    given = {"wrapping_key": "0123", "oidc_secret": "0123", "keys_url": "postgresql://a:0123@b/c"}
    assert "0123" not in repr(Settings.load(data=tmp_path, **given))


def test_what_nobody_is_to_read_in_an_environment_comes_from_a_file_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "banjie_database_url").write_text("postgresql://desk:geheim@db.example/ledger\n", encoding="utf-8")
    (tmp_path / "banjie_wrapping_key").write_text("ab" * 32 + "\n", encoding="utf-8")
    monkeypatch.setenv("BANJIE_SECRETS", str(tmp_path))
    settings = Settings.load()
    assert settings.database_url == "postgresql+psycopg://desk:geheim@db.example/ledger"
    assert settings.wrapping_key == "ab" * 32
    monkeypatch.setenv("DATABASE_URL", "sqlite:///ours.db")
    assert Settings.load().database_url == "sqlite:///ours.db", "the environment goes before"
    monkeypatch.setenv("BANJIE_SECRETS", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="BANJIE_SECRETS"):
        Settings.load()
