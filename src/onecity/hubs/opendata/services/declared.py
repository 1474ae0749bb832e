"""What a department declared about a dataset, as the release check and the published columns need it."""

from typing import Any

import pyarrow as pa

from onecity.hubs.catalog.contracts import ResourceView
from onecity.hubs.opendata.contracts import OpenColumn
from onecity.hubs.opendata.models import Dataset
from onecity.hubs.opendata.rules.release import ReleasePlan
from onecity.hubs.opendata.services.snapshot_files import kind_of

__all__ = ["column_json", "columns_of_file", "plan_of"]


def plan_of(row: Dataset, view: ResourceView) -> ReleasePlan:
    """What the check groups, counts and accepts."""
    declared: dict[str, Any] = row.release
    return ReleasePlan(
        labels={field.name: field.label for field in view.fields}, quasi=tuple(declared.get("quasi", ())),
        counts=tuple(declared.get("counts", ())), personal=tuple(field.name for field in view.fields if field.personal or field.sensitive),
        accepted={(column, rule): basis for column, rule, basis in declared.get("accepted", ())},
    )  # fmt: skip


def columns_of_file(row: Dataset, schema: pa.Schema, view: ResourceView) -> list[OpenColumn]:
    """Columns that leave: no identifier, nothing internal."""
    indexed = set(row.release.get("indexed", ()))
    out = []
    for field in schema:
        spec = view.field(field.name)
        if field.name.startswith("_") or (spec is None and field.name.endswith(("_ref", "_mask", "_sealed"))):
            continue
        out.append(
            OpenColumn(field.name, spec.label if spec else field.name, kind_of(field.type), field.name in indexed)
        )
    return out


def column_json(one: OpenColumn) -> dict[str, Any]:
    """A column as kept."""
    return {"name": one.name, "label": one.label, "type": one.type, "indexed": one.indexed, "note": one.note}
