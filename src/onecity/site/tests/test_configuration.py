"""What the settings object accepts, and how it says no."""

import stat
from pathlib import Path

import pytest

from onecity.site.configuration import ConfigurationError, Mode, entries, keep_mode, read


def test_defaults(tmp_path: Path) -> None:
    settings = read({"ONECITY_HOME": str(tmp_path)})
    assert (settings.host, settings.port, settings.gateway_port) == ("127.0.0.1", 8000, 8100)
    assert settings.mode is Mode.DEMO
    assert settings.residents == 100_000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "70000"),
        ("RESIDENTS", "10"),
        ("ONECITY_MODE", "show"),
        ("LOG_LEVEL", "loud"),
        ("ONECITY_DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://x"),
        ("PUBLIC_URL", "city.gov.cn"),
        ("SECRET_KEY", "short"),
        ("GATEWAY_PORT", "8000"),
    ],
)
def test_wrong_value_is_refused_by_name(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        read({"ONECITY_HOME": str(tmp_path), variable: value})


def test_unknown_variable_is_refused_with_a_guess(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"ONECITY_HOMES.*Did you mean ONECITY_HOME\?"):
        read({"ONECITY_HOMES": str(tmp_path)})


def test_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    environment = {"ONECITY_HOME": str(tmp_path)}
    assert read(environment).secret_key == read(environment).secret_key
    assert stat.S_IMODE((tmp_path / "secrets/secret_key").stat().st_mode) == 0o600


def test_mode_is_kept_in_the_home_folder(tmp_path: Path) -> None:
    keep_mode(tmp_path, Mode.REAL)
    assert read({"ONECITY_HOME": str(tmp_path)}).mode is Mode.REAL
    with pytest.raises(ConfigurationError, match="was made in real mode"):
        read({"ONECITY_HOME": str(tmp_path), "ONECITY_MODE": "demo"})


def test_what_is_secret_is_marked() -> None:
    assert {entry.variable for entry in entries() if entry.secret} == {"DATABASE_URL", "KEY_PASSPHRASE", "SECRET_KEY"}
