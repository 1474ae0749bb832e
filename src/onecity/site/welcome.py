"""What a person reads when the instance is up: addresses, accounts, what to try first."""

import json
from typing import Any

from onecity.site.configuration import Configuration, Mode

__all__ = ["welcome"]


def _demonstration(settings: Configuration) -> dict[str, Any]:
    """What the city's builder left for the visitor: accounts and things to try."""
    try:
        found: dict[str, Any] = json.loads((settings.home / "demonstration.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def setup_code(settings: Configuration) -> str:
    """The one-time code of the wizard of an empty real city; "" when there is none."""
    if settings.mode is not Mode.REAL:
        return ""
    try:
        return (settings.home / "secrets" / "setup_token").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def welcome(settings: Configuration) -> str:
    """The greeting as plain lines."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    kind = "demonstration (all data are synthetic)" if settings.mode is Mode.DEMO else "real city"
    lines = [
        "",
        f"  OneCity 全市一个 · {kind}",
        "",
        f"  residents  {settings.base_url}/",
        f"  desk       {settings.base_url}/desk/",
        f"  city       {settings.base_url}/brain/",
        f"  gateway    http://{host}:{settings.gateway_port}/",
        f"  logs       {settings.home / 'logs'}",
    ]
    if code := setup_code(settings):
        lines += [
            "",
            "  This city is empty. Set it up in the browser (divisions, organisations, people, dictionaries):",
            f"  {settings.base_url}/init?code={code}",
            "  The address works once, until the city stands; then it is gone. Give it to nobody.",
        ]
    if settings.mode is Mode.DEMO:
        told = _demonstration(settings)
        if told.get("accounts"):
            lines += ["", f"  Accounts, all with the password {told['accounts'][0]['password']}"]
        for account in told.get("accounts", ()):
            lines.append(f"  {account['login']:<11} {account['role']} — {account['does']}")
        if told.get("try"):
            lines += ["", "  Try this:", *(f"   {number}. {step}" for number, step in enumerate(told["try"], 1))]
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])
