"""Run events of OpenLineage (spec 2-0-2), as data. Pure; owns names of jobs and datasets in our events.

A dataset is named `catalog` / `<resource>` with its version in a facet; a front or a file is `front` / `<name>`; whoever
takes data is `consumer` / `<name>`. Column lineage says for each column where it came from and what was done to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from onecity.hubs.catalog.contracts import FieldSpec

__all__ = ["PRODUCER", "Column", "Dataset", "columns_of_arrival", "run_event"]

PRODUCER = "https://onecity.example/catalog"
_SPEC = "https://openlineage.io/spec"
_RUN_EVENT = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = {
    "schema": f"{_SPEC}/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
    "version": f"{_SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet",
    "columnLineage": f"{_SPEC}/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet",
    "errorMessage": f"{_SPEC}/facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet",
    "outputStatistics": f"{_SPEC}/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an output: the (dataset, column) pairs it comes from, and whether it hides them."""

    name: str
    sources: tuple[tuple[str, str], ...]
    subtype: str = "IDENTITY"
    masking: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One input or output."""

    namespace: str
    name: str
    columns: tuple[str, ...] = ()
    version: str = ""
    rows: int = -1
    bytes: int = -1


def run_event(
    *, run_id: UUID, job: str, at: datetime, inputs: Sequence[Dataset], outputs: Sequence[Dataset],
    columns: Sequence[Column] = (), fault: str = "", kind: str = "COMPLETE",
) -> dict[str, Any]:  # fmt: skip
    """One run event; `columns` describe every output."""
    run: dict[str, Any] = {"runId": str(run_id), "facets": {}}
    if fault:
        run["facets"]["errorMessage"] = _facet("errorMessage", message=fault, programmingLanguage="python")
    spaces = {one.name: one.namespace for one in inputs}
    return {
        "eventType": kind, "eventTime": at.isoformat(), "producer": PRODUCER, "schemaURL": _RUN_EVENT, "run": run,
        "job": {"namespace": "onecity", "name": job, "facets": {}}, "inputs": [_dataset(one) for one in inputs],
        "outputs": [_output(one, columns, spaces) for one in outputs],
    }  # fmt: skip


def _facet(name: str, **content: Any) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": _FACETS[name], **content}


def _dataset(one: Dataset) -> dict[str, Any]:
    facets: dict[str, Any] = {}
    if one.columns:
        facets["schema"] = _facet("schema", fields=[{"name": name} for name in one.columns])
    if one.version:
        facets["version"] = _facet("version", datasetVersion=one.version)
    return {"namespace": one.namespace, "name": one.name, "facets": facets}


def _output(one: Dataset, columns: Sequence[Column], spaces: Mapping[str, str]) -> dict[str, Any]:
    made = _dataset(one)
    if columns:
        made["facets"]["columnLineage"] = _facet("columnLineage", fields={c.name: _column(c, spaces) for c in columns})
    if one.rows >= 0:
        statistics = {"rowCount": one.rows} | ({"size": one.bytes} if one.bytes >= 0 else {})
        made["outputFacets"] = {"outputStatistics": _facet("outputStatistics", **statistics)}
    return made


def _column(column: Column, spaces: Mapping[str, str]) -> dict[str, Any]:
    done = {"type": "DIRECT", "subtype": column.subtype, "description": column.description, "masking": column.masking}
    return {
        "inputFields": [
            {"namespace": spaces.get(dataset, "catalog"), "name": dataset, "field": name, "transformations": [done]}
            for dataset, name in column.sources
        ]
    }


_IDENTIFIER_COLUMNS = (("ref", "带密钥的摘要"), ("mask", "前六后四，中间以星号代替"), ("sealed", "SM4 加密"))


def columns_of_arrival(source: str, fields: Sequence[FieldSpec], stored: Sequence[str]) -> tuple[Column, ...]:
    """Where the stored columns of a version come from: a number becomes a reference and a mask, the rest stays."""
    made: list[Column] = []
    for field in fields:
        if not field.type.is_identifier:
            made.append(Column(field.name, ((source, field.name),)))
            continue
        for ending, words in _IDENTIFIER_COLUMNS:
            name = f"{field.name}_{ending}"
            if name in stored:
                made.append(Column(name, ((source, field.name),), "TRANSFORMATION", True, words))
    return tuple(column for column in made if column.name in stored)
