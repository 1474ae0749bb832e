"""What imports cannot show: no table points into another room or is named after one, no late look-ups."""

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["late_lookups", "problems"]


def problems() -> Iterator[str]:
    """One sentence per foreign key that leaves its room (kernel and Django's own excepted) and per misnamed table."""
    from django.apps import apps

    for model in apps.get_models():
        if not model.__module__.startswith("onecity."):
            continue
        label = model._meta.app_label
        if not model._meta.db_table.startswith(f"{label}_"):
            yield f"{model.__module__}.{model.__name__}: table {model._meta.db_table} must begin with {label}_."
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or target is None or isinstance(target, str):
                continue
            away = target._meta.app_label
            if target.__module__.startswith("onecity.") and away not in (label, "kernel"):
                yield f"{model.__module__}.{model.__name__}.{field.name} points into {away}. Keep the id only."


def late_lookups(source: Path) -> Iterator[str]:
    """`get_model("…")` outside migrations goes around the front doors."""
    for path in sorted(source.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_model":
                yield f"{path.relative_to(source)}:{node.lineno}: get_model goes around the front door. Call its api."
