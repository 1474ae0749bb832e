"""What settings must obey together and beyond their type. Refuses to read anything but the values and the files they name."""

import stat
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onecity.site.failures import ConfigurationError

__all__ = ["check_values", "wrong"]

SHORTEST_PASSPHRASE = 12


def wrong(variable: str, value: str, expected: str) -> ConfigurationError:
    """The sentence for a value that cannot be."""
    return ConfigurationError(f"{variable}={value!r} is not {expected}. Correct or unset {variable}.")


def _check_passphrase(given: str, file: str) -> None:
    if given and file:
        raise ConfigurationError("KEY_PASSPHRASE and KEY_PASSPHRASE_FILE are both set. Keep one, best the file.")
    if file:
        path = Path(file)
        try:
            given, mode = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"KEY_PASSPHRASE_FILE: {file} cannot be read ({error}). Correct or unset it."
            ) from error
        if stat.S_IMODE(mode) & 0o077:
            raise ConfigurationError(f"KEY_PASSPHRASE_FILE: others may read {file}. Run: chmod 600 {file}")
    if (given or file) and len(given) < SHORTEST_PASSPHRASE:
        variable = "KEY_PASSPHRASE_FILE" if file else "KEY_PASSPHRASE"
        raise ConfigurationError(
            f"{variable}: the passphrase is shorter than {SHORTEST_PASSPHRASE} characters. Use a longer one."
        )


def _check_network(text: str) -> None:
    try:
        network = ip_network(text)
    except ValueError:
        raise wrong("TRUSTED_PROXIES", text, "an address or network like 10.0.0.5 or 10.1.0.0/16") from None
    if network.prefixlen == 0:
        raise ConfigurationError(
            f"TRUSTED_PROXIES={text!r} would believe everybody. Name the proxies, or unset TRUSTED_PROXIES."
        )


def check_values(values: Mapping[str, Any]) -> None:
    """Raises ConfigurationError naming the wrong setting."""
    url = values["database_url"]
    if url and urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise ConfigurationError("DATABASE_URL must begin with postgresql://. Correct or unset DATABASE_URL.")
    if len({values["port"], values["gateway_port"], values["twin_port"]}) < 3:
        raise ConfigurationError(
            "PORT, GATEWAY_PORT and TWIN_PORT must be three different numbers. Change one of them."
        )
    for proxy in values["trusted_proxies"]:
        _check_network(proxy)
    public = values["public_url"]
    if public and urlsplit(public).scheme not in ("http", "https"):
        raise wrong("PUBLIC_URL", public, "an address beginning with http:// or https://")
    _check_passphrase(values["key_passphrase"], values["key_passphrase_file"])
    if len(values["secret_key"]) < 32:
        raise ConfigurationError("SECRET_KEY is shorter than 32 characters. Use a longer one or unset SECRET_KEY.")
