"""Documentation pages that are made from declarations, so that they cannot be out of date."""

from onecity.site.configuration import entries

__all__ = ["generated_pages", "settings_page"]


def settings_page() -> str:
    """The page of all settings in Markdown."""
    lines = [
        "# Settings",
        "",
        "Made by `onecity docs build` from `site/configuration.py`; do not edit.",
        "Settings are environment variables, read once at the start.",
        "A wrong value or an unknown `ONECITY_*` variable refuses to start and says which.",
        "`onecity settings` prints what is at work.",
        "",
        "| variable | kind | default | meaning |",
        "|---|---|---|---|",
    ]
    for entry in entries():
        kind = entry.kind.replace("|", "\\|")
        secret = " *Secret: never printed.*" if entry.secret else ""
        lines.append(f"| `{entry.variable}` | {kind} | {entry.default or '(empty)'} | {entry.help}{secret} |")
    return "\n".join(lines) + "\n"


def generated_pages() -> dict[str, str]:
    """Path below `docs/` → text, of every page that is made from code."""
    return {"operations/settings.md": settings_page()}
