"""Documentation pages that are made from declarations, so that they cannot be out of date.

Owns: settings, commands, events, permissions. Django must be awake: hubs declare when they get ready.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from onecity.site.configuration import entries

__all__ = ["PAGES", "commands_page", "events_page", "permissions_page", "settings_page"]

_MADE = "Made by `make docs` from {source}; do not edit."


def _page(title: str, source: str, *body: str) -> str:
    return "\n".join([f"# {title}", "", _MADE.format(source=source), "", *body]).rstrip() + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def settings_page() -> str:
    """Every setting with its variable, kind, default and help."""
    rows = [
        "Settings are environment variables, read once at the start.",
        "A wrong value or an unknown `ONECITY_*` variable refuses to start and says which.",
        "`onecity settings` prints what is at work.",
        "",
        "| variable | kind | default | meaning |",
        "|---|---|---|---|",
    ]
    for entry in entries():
        secret = " *Secret: never printed.*" if entry.secret else ""
        default = entry.default or "(empty)"
        rows.append(f"| `{entry.variable}` | {_cell(entry.kind)} | {default} | {_cell(entry.help)}{secret} |")
    return _page("Settings", "`site/configuration.py`", *rows)


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, child in getattr(command, "commands", {}).items():
        if child.hidden:
            continue
        if hasattr(child, "commands"):
            yield from _commands(child, f"{path} {name}")
        else:
            yield f"{path} {name}", child


def _parameters(command: Any) -> Iterator[str]:
    for parameter in command.params:
        if parameter.name != "help":
            shown = parameter.opts[-1] if parameter.param_type_name == "option" else parameter.name.upper()
            yield f"- `{shown}`: {_cell(getattr(parameter, 'help', None) or '')}"


def commands_page() -> str:
    """Every command of the CLI with its help and parameters."""
    import typer.main

    from onecity.site.cli import app

    body: list[str] = []
    for path, command in sorted(_commands(typer.main.get_command(app), "onecity"), key=lambda pair: pair[0]):
        body += [f"## `{path}`", "", _cell(command.help or ""), "", *_parameters(command), ""]
    return _page("Commands", "`site/commands/`", *body)


def events_page() -> str:
    """Every event with its fields and listeners."""
    from onecity.kernel.events import subscriptions, topics

    listeners: dict[str, list[str]] = {}
    for entry in subscriptions():
        listeners.setdefault(entry.event.topic, []).append(entry.subscriber)
    body: list[str] = []
    for topic, event in sorted(topics().items()):
        if not event.__module__.startswith("onecity.") or ".tests" in event.__module__:
            continue
        heard = ", ".join(f"`{name}`" for name in sorted(listeners.get(topic, []))) or "nobody yet"
        body += [f"## `{topic}`", "", _cell(inspect.getdoc(event) or ""), ""]
        body += [f"- `{field.name}`: {_cell(_type_name(field.type))}" for field in dataclasses.fields(event)]
        body += [f"- heard by: {heard}", ""]
    return _page("Events", "the hubs' `events.py`", *body)


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not hasattr(hint, "__args__") else str(hint)


def permissions_page() -> str:
    """Every permission and who has it without a role."""
    from onecity.kernel.actor import ActorKind
    from onecity.kernel.policy import built_in, permissions

    kinds = (ActorKind.RESIDENT, ActorKind.ENTERPRISE, ActorKind.ANONYMOUS)
    rows = ["| permission | 中文 | English | without a role |", "|---|---|---|---|"]
    for entry in permissions():
        held = ", ".join(kind.value.lower() for kind in kinds if entry.code in built_in(kind)) or "nobody"
        rows.append(f"| `{entry.code}` | {_cell(entry.zh)} | {_cell(entry.en)} | {held} |")
    return _page("Permissions", "the hubs' `contracts.py`", *rows)


PAGES: dict[str, Callable[[], str]] = {
    "operations/settings.md": settings_page,
    "operations/commands.md": commands_page,
    "reference/events.md": events_page,
    "reference/permissions.md": permissions_page,
}
"""Path below `docs/` → the function that makes the page."""
