"""Finding rows and dated figures."""

from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Q

from onecity.hubs.opendata.contracts import ReviewLevel, Topic
from onecity.hubs.opendata.errors import DatasetUnknown, SheetClosed
from onecity.hubs.opendata.models import Dataset, Sheet
from onecity.hubs.opendata.rules.release import ReleaseLimits
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.policy import require, scopes

__all__ = [
    "dataset_row", "figure", "levels", "licences", "limit_row", "of_provider", "release_limits", "require_provider", "sheet_row",
    "topics",
]  # fmt: skip


@cache
def _file(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((files("onecity.hubs.opendata") / "data" / name).read_text("utf-8"))
    return content


def limit_row(group: str, key: str) -> dict[str, Any]:
    """The row of `key` in force today. Raises KeyError."""
    held = [row for row in _file("limits.yaml")[group] if row["key"] == key and row["valid_from"] <= today()]
    if not held:
        raise KeyError(key)
    return dict(max(held, key=lambda row: row["valid_from"]))


def figure(group: str, key: str) -> Any:
    """The value of a row in force."""
    return limit_row(group, key)["value"]


def release_limits() -> ReleaseLimits:
    """The figures of the release check in force."""
    return ReleaseLimits(
        k=int(figure("release", "k")), small_cell=int(figure("release", "small_cell")),
        unique_share=float(figure("release", "unique_share")), name_share=float(figure("release", "name_share")),
    )  # fmt: skip


def levels() -> tuple[ReviewLevel, ...]:
    """The levels a secrecy review passes, in order."""
    rows = [row for row in _file("limits.yaml")["review"] if row["valid_from"] <= today()]
    return tuple(
        ReviewLevel(n, row["key"], row["label"], row["permission"], row["of_provider"], row["days"], row["source"])
        for n, row in enumerate(rows, start=1)
    )


def licences() -> tuple[dict[str, Any], ...]:
    """The licences a dataset may carry: key, title, title_en, url, eu."""
    return tuple(_file("limits.yaml")["licences"])


def topics() -> tuple[Topic, ...]:
    """The fourteen topics in order, without counts."""
    content = _file("topics.yaml")
    return tuple(
        Topic(row["key"], row["zh"], row["en"], row["icon"], n, content["source"])
        for n, row in enumerate(content["topics"], 1)
    )


def dataset_row(key: str, *, lock: bool = False) -> Dataset:
    """Raises DatasetUnknown."""
    rows = Dataset.objects.select_for_update() if lock else Dataset.objects
    row = rows.filter(key=key).first()
    if row is None:
        raise DatasetUnknown(data={"dataset": key[:60]})
    return row


def sheet_row(sheet_id: UUID, *, lock: bool = False) -> Sheet:
    """Raises SheetClosed for one that does not exist."""
    rows = Sheet.objects.select_for_update(of=("self",)) if lock else Sheet.objects
    row = rows.select_related("dataset").filter(pk=sheet_id).first()
    if row is None:
        raise SheetClosed(text="没有这张保密审查表")
    return row


def require_provider(actor: Actor, permission: str, provider: str) -> None:
    """Raise NotPermitted unless the actor holds `permission` for this department."""
    if not any(scope.organisation in ("", provider) for scope in scopes(actor, permission)):
        require(actor, permission, organisation=provider or "-", area="-")


def of_provider(actor: Actor, permission: str, field: str = "provider") -> Q:
    """Rows of the departments this actor holds `permission` for."""
    held = {scope.organisation for scope in scopes(actor, permission)}
    return Q() if "" in held else Q(**{f"{field}__in": held})
