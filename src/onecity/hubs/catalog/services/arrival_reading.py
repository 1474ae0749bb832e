"""Reads of deliveries, lateness, lineage and stock. Return contracts; bounded or paged; the provider's own for the provider."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq
from django.db.models import Q, Sum

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.contracts import (
    ArrivalDetail,
    ArrivalFilter,
    Dimension,
    LatenessView,
    LineageStep,
    Permission,
    RuleResult,
    StockFacts,
)
from onecity.hubs.catalog.errors import ArrivalUnknown
from onecity.hubs.catalog.models import Arrival, Lateness, LineageEvent, Resource, Version
from onecity.hubs.catalog.services.authority import of_provider, require_provider
from onecity.hubs.catalog.services.views import arrival_view
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.paging import Page, PageRequest

__all__ = [
    "arrival", "arrivals_page", "held_rows", "lateness", "lineage_document", "lineage_of", "quality_of", "stock_facts",
]  # fmt: skip

_EVERY, _FIRST = ArrivalFilter(), PageRequest()
_STATES = {
    "accepted": Q(version__gt=0), "refused": Q(version=0, state="done"), "waiting": Q(state="waiting"),
    "held": Q(quarantined__gt=0),
}  # fmt: skip


def arrivals_page(actor: Actor, filter: ArrivalFilter = _EVERY, page: PageRequest = _FIRST) -> Page[ArrivalDetail]:
    """Deliveries of the actor's own resources, newest first. Raises NotPermitted."""
    own = Resource.objects.filter(of_provider(actor, Permission.RECEIVE)).values("id")
    found = Arrival.objects.filter(_STATES.get(filter.state, Q()), resource_id__in=own)
    if filter.resource:
        found = found.filter(resource__key=filter.resource)
    if filter.text:
        found = found.filter(Q(resource__name__icontains=filter.text) | Q(name__icontains=filter.text))
    rows = found.select_related("resource").order_by("-at")[page.offset : page.offset + page.size]
    return Page(tuple(map(_detail, rows)), found.count(), page.number, page.size)


def arrival(actor: Actor, arrival_id: UUID) -> ArrivalDetail:
    """One delivery with its quality, for the provider. Raises ArrivalUnknown, NotPermitted."""
    return _detail(_own(actor, arrival_id))


def _own(actor: Actor, arrival_id: UUID) -> Arrival:
    row = Arrival.objects.select_related("resource").filter(pk=arrival_id).first()
    if row is None:
        raise ArrivalUnknown(data={"arrival": str(arrival_id)})
    require_provider(actor, Permission.RECEIVE, row.resource.provider)
    return row


def _detail(row: Arrival) -> ArrivalDetail:
    scores, rules = quality_of(row.quality)
    return ArrivalDetail(
        view=arrival_view(row, row.resource.key), resource_name=row.resource.name, provider=row.resource.provider,
        provider_name=row.resource.provider_name, way=row.way, name=row.name, format=row.format, state=row.state,
        lost=row.lost, score=row.score, scores=scores, rules=rules, merging=tuple(row.merging), sha256=row.content_sha256,
        has_held_file=bool(row.held_file) and lake.absolute(row.held_file).exists(),
    )  # fmt: skip


def quality_of(stored: dict[str, Any]) -> tuple[tuple[tuple[Dimension, float], ...], tuple[RuleResult, ...]]:
    """Scores by dimension in the standard's order, and the rules."""
    scores = stored.get("scores", {})
    rules = tuple(RuleResult(**{**one, "dimension": Dimension(one["dimension"])}) for one in stored.get("rules", ()))
    return tuple((one, scores[one.value]) for one in Dimension if one.value in scores), rules


def held_rows(actor: Actor, arrival_id: UUID) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """Columns and all rows that were held back, for a download; streamed, numbers masked. Raises ArrivalUnknown, NotPermitted."""
    row = _own(actor, arrival_id)
    path = lake.absolute(row.held_file) if row.held_file else None
    if path is None or not path.exists():
        return (), iter(())
    return tuple(pq.read_schema(path).names), _lines(path)


def _lines(path: Any) -> Iterator[tuple[str, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(10_000):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield tuple("" if value is None else str(value) for value in values)


def lateness(actor: Actor) -> list[LatenessView]:
    """Standing alarms of the actor's own resources, the longest first. Raises NotPermitted."""
    own = {row.key: row for row in Resource.objects.filter(of_provider(actor, Permission.RECEIVE))}
    found = Lateness.objects.filter(ended_at=None, resource__in=list(own)).order_by("due_at")[:200]
    return [
        LatenessView(
            one.resource, own[one.resource].name, own[one.resource].provider_name, one.as_of, one.due_at,
            max(0, (now() - one.due_at).days), one.work_item,
        )
        for one in found
    ]  # fmt: skip


def lineage_of(resource: str, *, limit: int = 50) -> list[LineageStep]:
    """Where the columns of a resource came from and who took them: links of its latest runs, newest first, each pair once."""
    name = f"catalog/{resource}"
    rows = LineageEvent.objects.filter(Q(inputs__contains=[name]) | Q(outputs__contains=[name])).order_by("-id")[:limit]
    steps: dict[tuple[str, str, str, str], LineageStep] = {}
    for row in rows:
        for step in _steps(row):
            if name in (step.source, step.target):
                steps.setdefault((step.source, step.source_column, step.target, step.target_column), step)
    return list(steps.values())


def _steps(row: LineageEvent) -> Iterator[LineageStep]:
    for output in row.event["outputs"]:
        columns = output["facets"].get("columnLineage", {}).get("fields", {})
        for column, origin in columns.items():
            for given in origin["inputFields"]:
                done = (given.get("transformations") or [{}])[0]
                yield LineageStep(
                    f"{given['namespace']}/{given['name']}", given["field"], f"{output['namespace']}/{output['name']}", column,
                    row.job, done.get("description", ""), bool(done.get("masking")), row.at, row.run_id,
                )  # fmt: skip


def lineage_document(resource: str, *, limit: int = 1000) -> str:
    """The OpenLineage run events of a resource, one JSON a line, oldest first."""
    name = f"catalog/{resource}"
    rows = LineageEvent.objects.filter(Q(inputs__contains=[name]) | Q(outputs__contains=[name])).order_by("-id")[:limit]
    return "\n".join(json.dumps(row.event, ensure_ascii=False) for row in reversed(list(rows)))


def stock_facts() -> StockFacts:
    """Datasets, rows and bytes of the current versions that lie here."""
    current = Resource.objects.filter(version__gt=0)
    sums = current.aggregate(rows=Sum("rows"), bytes=Sum("bytes"))
    held = Arrival.objects.aggregate(n=Sum("quarantined"))["n"] or 0
    return StockFacts(current.count(), sums["rows"] or 0, sums["bytes"] or 0, Version.objects.count(), held, now())
